"""Streams as two providers send them: one tool call, its arguments in fragments. Written for this purpose.

Shapes: https://platform.openai.com/docs/api-reference/chat-streaming and
https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

Payload = dict[str, Any]

_TOOL = "edit_file"


def openai(pieces: Sequence[str]) -> list[Payload]:
    """The chunks of a Chat Completions stream."""

    def chunk(delta: Payload, reason: str | None = None) -> Payload:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "m"}
        return {**head, "choices": [choice]}

    def call(**function: str) -> Payload:
        return {"tool_calls": [{"index": 0, "function": function}]}

    opened = call(name=_TOOL, arguments="")
    opened["tool_calls"][0] |= {"id": "call_1", "type": "function"}
    first = chunk({"role": "assistant", "content": None, **opened})
    return [first, *(chunk(call(arguments=piece)) for piece in pieces), chunk({}, "tool_calls")]


def anthropic(pieces: Sequence[str]) -> list[Payload]:
    """The events of a Messages stream."""
    message: Payload = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": []}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 1}}
    block = {"type": "tool_use", "id": "toolu_1", "name": _TOOL, "input": {}}

    def delta(piece: str) -> Payload:
        part = {"type": "input_json_delta", "partial_json": piece}
        return {"type": "content_block_delta", "index": 0, "delta": part}

    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *map(delta, pieces),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": {"output_tokens": 50},
        },
        {"type": "message_stop"},
    ]


def openai_sse(pieces: Sequence[str]) -> list[bytes]:
    """The body of a Chat Completions stream, one network chunk per event."""
    return [*(f"data: {json.dumps(chunk)}\n\n".encode() for chunk in openai(pieces)), b"data: [DONE]\n\n"]


def anthropic_sse(pieces: Sequence[str]) -> list[bytes]:
    """The body of a Messages stream, one network chunk per event."""
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in anthropic(pieces)]


DICTS: dict[str, Callable[[Sequence[str]], list[Payload]]] = {"openai": openai, "anthropic": anthropic}
SSE: dict[str, Callable[[Sequence[str]], list[bytes]]] = {"openai": openai_sse, "anthropic": anthropic_sse}
