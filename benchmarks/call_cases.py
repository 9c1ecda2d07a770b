"""What is timed of tool calls: each function gives the cells of one kind of table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks import accumulators, payloads
from benchmarks.accumulators import Run
from benchmarks.documents import fragments, label, tool_call
from benchmarks.sizes import Sizes
from benchmarks.timing import Cell, Key

ADD = "one call through add, by size"
ONE = "one call through add, by the number of one-character fragments"
MANY = "64 interleaved calls through add, by the fragments of each"
BARE = "the bare parser"
_SHORT = 500
"""One-character fragments of a short call."""


def dicts(wire: str) -> str:
    """The title of a table."""
    return f"{wire}: a stream of dicts, by the size of the arguments"


def one(wire: str) -> str:
    """The title of a table."""
    return f"{wire}: one call of dicts, by the number of one-character fragments"


def many(wire: str) -> str:
    """The title of a table."""
    return f"{wire}: 64 interleaved calls of dicts, by the fragments of each"


def sse(wire: str) -> str:
    """The title of a table."""
    return f"{wire}: a stream of SSE bytes, by the size of the arguments"


def add(sizes: Sizes) -> Iterator[Cell]:
    """Fragments of a transport of one's own."""
    for size in sizes.call:
        yield from _added(ADD, label(size), [fragments(tool_call(size))])
    for count in sizes.fragments:
        yield from _added(ONE, str(count), [list(tool_call(count)[:count])])
    for count in sizes.interleaved:
        # Fragments of equal length, so that all calls have as many.
        pieces = fragments(tool_call(4 * count + 200), low=4, high=4)[:count]
        yield from _added(MANY, str(count), [pieces] * 64)


def wires(sizes: Sizes) -> Iterator[Cell]:
    """What providers send, envelopes included."""
    for wire, cut in payloads.DICTS.items():
        yield from _streams(dicts(wire), cut, accumulators.DICTS[wire], sizes)
    for wire, cut_bytes in payloads.SSE.items():
        yield from _streams(sse(wire), cut_bytes, accumulators.SSE[wire], sizes)


def long_calls(sizes: Sizes) -> Iterator[Cell]:
    """Many fragments, beside the peers; a short stream comes first, to predict whose time is not worth it."""
    for wire, cut in payloads.DICTS.items():
        for count in (_SHORT, *sizes.fragments):
            pieces = list(tool_call(count))
            yield from _beside(one(wire), str(count), cut, accumulators.DICTS[wire], pieces)
        for count in (_SHORT // 10, *sizes.interleaved):
            pieces = fragments(tool_call(4 * count), low=4, high=4)
            turns = partial(cut, calls=64)
            yield from _beside(many(wire), str(count), turns, accumulators.DICTS[wire], pieces, calls=64)


def _added(table: str, column: str, calls: list[list[str]]) -> Iterator[Cell]:
    size = sum(len(fragment) for call in calls for fragment in call)
    turns = accumulators.turns(calls)
    for name, run in ((BARE, accumulators.parsed), ("add", accumulators.added)):
        yield Cell(Key(table, column, name), partial(partial, run, turns), size, len(turns), always=True)


def _streams(
    table: str,
    cut: Callable[[Sequence[str]], Sequence[Any]],
    subjects: Mapping[str, Callable[[], Run]],
    sizes: Sizes,
) -> Iterator[Cell]:
    for size in sizes.call:
        yield from _beside(table, label(size), cut, subjects, fragments(tool_call(size)))


def _beside(
    table: str,
    column: str,
    cut: Callable[..., Sequence[Any]],
    subjects: Mapping[str, Callable[[], Run]],
    pieces: list[str],
    calls: int = 1,
) -> Iterator[Cell]:
    size, count = sum(map(len, pieces)) * calls, len(pieces) * calls
    for name, load in subjects.items():
        make = partial(_over, load, cut, pieces)
        yield Cell(Key(table, column, name), make, size, count, always=name == "partialjson")


def _over(
    load: Callable[[], Run], cut: Callable[[Sequence[str]], Sequence[Any]], pieces: Sequence[str]
) -> Callable[[], object]:
    return partial(load(), cut(pieces))


TABLES: tuple[Callable[[Sizes], Iterator[Cell]], ...] = (add, wires, long_calls)
