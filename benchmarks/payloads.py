"""Streams as two providers send them: tool calls, their arguments in fragments. Written for this purpose.

Shapes: https://platform.openai.com/docs/api-reference/chat-streaming and
https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

Payload = dict[str, Any]

_TOOL = "edit_file"


def openai(pieces: Sequence[str], calls: int = 1) -> list[Payload]:
    """The chunks of a Chat Completions stream; so many calls take turns, all with these arguments."""

    def chunk(delta: Payload, reason: str | None = None) -> Payload:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "m"}
        return {**head, "choices": [choice]}

    def call(index: int, **function: str) -> Payload:
        return {"tool_calls": [{"index": index, "function": function}]}

    opened = []
    for index in range(calls):
        opened.append(call(index, name=_TOOL, arguments=""))
        opened[-1]["tool_calls"][0] |= {"id": f"call_{index}", "type": "function"}
    opened[0] = {"role": "assistant", "content": None, **opened[0]}
    deltas = [call(index, arguments=piece) for piece in pieces for index in range(calls)]
    return [*map(chunk, [*opened, *deltas]), chunk({}, "tool_calls")]


def anthropic(pieces: Sequence[str], calls: int = 1) -> list[Payload]:
    """The events of a Messages stream; the same."""
    message: Payload = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": []}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 1}}

    def start(index: int) -> Payload:
        block = {"type": "tool_use", "id": f"toolu_{index}", "name": _TOOL, "input": {}}
        return {"type": "content_block_start", "index": index, "content_block": block}

    def delta(index: int, piece: str) -> Payload:
        part = {"type": "input_json_delta", "partial_json": piece}
        return {"type": "content_block_delta", "index": index, "delta": part}

    return [
        {"type": "message_start", "message": message},
        *map(start, range(calls)),
        *(delta(index, piece) for piece in pieces for index in range(calls)),
        *({"type": "content_block_stop", "index": index} for index in range(calls)),
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


DICTS: dict[str, Callable[..., list[Payload]]] = {"openai": openai, "anthropic": anthropic}
SSE: dict[str, Callable[[Sequence[str]], list[bytes]]] = {"openai": openai_sse, "anthropic": anthropic_sse}
