"""Streams for the tests of the command line, made of what they say."""

from __future__ import annotations

import json

from partialjson.calls import ToolCallAccumulator
from partialjson.cli.board import Board


def sse(*deltas: object, finish: str | None = "tool_calls") -> bytes:
    """OpenAI Chat Completions: these deltas, and a proper end unless ``finish`` is None."""
    choices = [{"index": 0, "delta": delta} for delta in deltas]
    if finish is not None:
        choices.append({"index": 0, "delta": {}, "finish_reason": finish})
    events = [json.dumps({"choices": [choice]}) for choice in choices]
    if finish is not None:
        events.append("[DONE]")
    return "".join(f"data: {event}\n\n" for event in events).encode()


def call(arguments: str, *, index: int = 0, name: str = "send", id: str | None = None) -> dict[str, object]:
    """A delta that is a whole call."""
    function = {"name": name, "arguments": arguments}
    return {"tool_calls": [{"index": index, "id": id or f"call_{index}", "function": function}]}


def board_of(stream: bytes, *, tools: object = None, close: bool = True) -> Board:
    """A board that has seen the stream."""
    board = Board(ToolCallAccumulator(tools=tools))  # type: ignore[arg-type]
    board.feed(stream)
    if close:
        board.close()
    return board


HOSTILE = (
    "\x1b]52;c;cm0gLXJmIH4=\x07 \x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\ \x9b2J "
    "\u202etxt.exe\u2066 \x7f"
)
"""Writes to the clipboard, hides a link, clears the screen, turns text round, deletes."""
