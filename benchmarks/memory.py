"""What an open stream with one small call holds in memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import payloads
from benchmarks.documents import fragments, tool_call
from partialjson.calls import ToolCallAccumulator
from partialjson.parser import Parser

ALLOWED = 8 * 1024
"""Bytes an accumulator may hold."""

_STREAMS = 200


def rows() -> Iterator[list[str]]:
    """A header, then a row for each: bytes, and whether that is allowed."""
    yield ["an open stream with one small call", "bytes", "bar", ""]
    pieces = fragments(tool_call(48))
    inputs: dict[str, tuple[Callable[[], Any], list[Any]]] = {
        "the parser alone": (Parser, pieces),
        "partialjson, openai as dicts": (ToolCallAccumulator, payloads.openai(pieces)[:-1]),
        "partialjson, openai as SSE bytes": (ToolCallAccumulator, payloads.openai_sse(pieces)[:-2]),
        "partialjson, anthropic as SSE bytes": (ToolCallAccumulator, payloads.anthropic_sse(pieces)[:-3]),
    }
    for name, (make, stream) in inputs.items():
        held = bytes_held(make, stream)
        yield [name, str(held), str(ALLOWED), "pass" if held <= ALLOWED else "MISS"]


def bytes_held(make: Callable[[], Any], stream: list[Any]) -> int:
    """Bytes per object that ``make`` gives, after it was fed the stream: the mean of many open at once."""
    _fed(make, stream)  # caches that all of them share
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        streams = [_fed(make, stream) for _ in range(_STREAMS)]
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - before) // len(streams)
    finally:
        tracemalloc.stop()


def _fed(make: Callable[[], Any], stream: list[Any]) -> Any:
    fed = make()
    for fragment in stream:
        fed.feed(fragment)
    return fed
