"""Mistral, which speaks OpenAI's Chat Completions.

https://docs.mistral.ai/api/endpoint/chat

Where it differs, ``openai_chat`` reads it all the same, and ``provider="auto"`` takes it for that: a call
comes whole in one chunk, often that of the finish reason, and without an ``index``; ``arguments`` may be
an object; ``content`` may be a list of parts, thinking among them; the finish reason may be
``"model_length"``; its client's models fill in the id ``"null"`` where there is none. What is left for a
table of its own is that client (``mistralai``), whose events hold the chunk as ``data``; and the form of
ids, nine letters and digits, without which it refuses a request::

    {"data": {"choices": [{"index": 0, "delta": {"tool_calls": [
        {"id": "Abc123Def", "function": {"name": "f", "arguments": "{\\"x\\": 1}"}}]},
     "finish_reason": "tool_calls"}]}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from partialjson.fragment import Fragment
from partialjson.providers import openai_chat
from partialjson.providers.openai_chat import OPENAI_CHAT, function_history
from partialjson.providers.table import Payload


def payload(chunk: Payload) -> list[Fragment]:
    """What one chunk says, or one event of the client."""
    inner = chunk.get("data")
    return openai_chat.payload(inner if isinstance(inner, Mapping) else chunk)


def _matches(event: Payload) -> bool:
    chunk = event.get("data")
    return isinstance(chunk, Mapping) and "choices" in chunk


MISTRAL = replace(
    OPENAI_CHAT,
    name="mistral",
    matches=_matches,
    reader=lambda: payload,
    history=function_history,
    foreign_id=re.compile(r"[^a-zA-Z0-9]"),
    id_filler="0",
    shortest_id=9,
    longest_id=9,
)
