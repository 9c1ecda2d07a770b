"""Groq, which speaks OpenAI's Chat Completions.

https://console.groq.com/docs/api-reference#chat

There is nothing to read otherwise: a call comes whole in one chunk, thinking is ``reasoning``, token
counts come as ``x_groq`` and an error as an ``event: error`` of the usual form::

    {"choices": [{"index": 0, "delta": {"tool_calls": [
        {"index": 0, "id": "call_A", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}}]}
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}], "x_groq": {"usage": {}}}

``provider="auto"`` takes it for ``openai-chat``; the name is for those who know whom they ask.
"""

from __future__ import annotations

from dataclasses import replace

from partialjson.providers.openai_chat import OPENAI_CHAT, function_history

GROQ = replace(OPENAI_CHAT, name="groq", matches=lambda chunk: False, history=function_history)
