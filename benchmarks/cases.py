"""What is timed of the parser: each function gives the cells of one table, the floor or its like first.

A run begins with a new parser and ends when the last fragment was read and its value shown;
closing, which makes the report of a document, is part of ``loads`` and "one feed" only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from benchmarks.documents import SHAPES, fragments, label, long_string, tool_call
from benchmarks.engines import interpreted
from benchmarks.peers import JITER, PEERS, at_the_end, floor
from benchmarks.sizes import Sizes
from benchmarks.timing import Cell, Key
from partialjson.parser import Parser, loads

Stream = Callable[[Sequence[str]], object]
Run = TypeVar("Run")


def feed_alone(fragments: Sequence[str], parser_type: type[Parser] = Parser) -> object:
    """Nothing is read until the end."""
    parser = parser_type()
    feed = parser.feed
    for fragment in fragments:
        feed(fragment)
    return parser.value


def live_value(fragments: Sequence[str], parser_type: type[Parser] = Parser) -> object:
    """The live tree is read after each fragment."""
    parser = parser_type()
    feed = parser.feed
    value: object = None
    for fragment in fragments:
        feed(fragment)
        value = parser.value
    return value


def snapshot(fragments: Sequence[str], parser_type: type[Parser] = Parser) -> object:
    """A snapshot is taken after each fragment, the one before is dropped first."""
    parser = parser_type()
    feed = parser.feed
    take = parser.snapshot
    value: object = None
    for fragment in fragments:
        value = None
        feed(fragment)
        value = take()
    return value


def recorded(fragments: Sequence[str]) -> Parser:
    """The edits are recorded."""
    parser = Parser()
    parser.edits()
    feed = parser.feed
    for fragment in fragments:
        feed(fragment)
    return parser


def edits_at_the_end(fragments: Sequence[str]) -> object:
    """The edits are recorded, and read at the end."""
    return recorded(fragments).edits()


def edits_each(fragments: Sequence[str]) -> object:
    """The edits are read after each fragment."""
    parser = Parser()
    feed = parser.feed
    edits = parser.edits
    edits()
    for fragment in fragments:
        feed(fragment)
        edits()
    return parser.value


def one_feed(text: str) -> object:
    """The whole text in one fragment, closed."""
    parser = Parser()
    parser.feed(text)
    return parser.close().value


OURS: dict[str, Stream] = {"partialjson, live value": live_value, "partialjson, snapshot": snapshot}

_EDITING: dict[str, Stream] = {
    "without": live_value,
    "recorded": recorded,
    "recorded, read at the end": edits_at_the_end,
    "read after each fragment": edits_each,
}

CALL = "a tool call, the value read after each fragment"
STRING = "one growing string, the value read after each fragment"
ENGINES = "compiled and interpreted, live value"
WHOLE = "a whole valid text"
EDITS = "recording edits"


def _shape(name: str) -> str:
    return f"{name}, the value read after each fragment"


SHAPE_TABLES: tuple[str, ...] = tuple(_shape(name) for name in SHAPES)


def call(sizes: Sizes) -> Iterator[Cell]:
    """The case that people have."""
    return _streams(CALL, tool_call, sizes.call, OURS)


def string(sizes: Sizes) -> Iterator[Cell]:
    """A file being written."""
    return _streams(STRING, long_string, sizes.string, OURS)


def shapes(sizes: Sizes) -> Iterator[Cell]:
    """Documents of one kind throughout."""
    ours = {"partialjson, feed alone": feed_alone, **OURS}
    for name, document in SHAPES.items():
        yield from _streams(_shape(name), document, sizes.shape, ours)


def engines(sizes: Sizes) -> Iterator[Cell]:
    """What compiling brings, and whether it can be done without."""

    def twin() -> Stream:
        return partial(live_value, parser_type=interpreted())

    for size in sizes.call:
        pieces = fragments(tool_call(size))
        yield _stream(ENGINES, size, "floor", floor, pieces)
        yield _stream(ENGINES, size, "partialjson", _ready(live_value), pieces)
        yield _stream(ENGINES, size, "interpreted", twin, pieces)
        yield _stream(ENGINES, size, JITER.name, JITER.stream, pieces, always=False)


def whole(sizes: Sizes) -> Iterator[Cell]:
    """Nothing is streamed: what the parser costs where it is not needed."""
    functions: dict[str, Callable[[str], object]] = {
        "json.loads": json.loads,
        "loads": loads,
        "one feed": one_feed,
    }
    for size in sizes.whole:
        text = tool_call(size)
        for name, function in functions.items():
            yield Cell(Key(WHOLE, label(size), name), _ready(partial(function, text)), size, always=True)


def edits(sizes: Sizes) -> Iterator[Cell]:
    """What the log of changes costs."""
    for size in sizes.call:
        pieces = fragments(tool_call(size))
        for name, stream in _EDITING.items():
            yield _stream(EDITS, size, name, _ready(stream), pieces)


def _streams(
    table: str, document: Callable[[int], str], sizes: Sequence[int], ours: dict[str, Stream]
) -> Iterator[Cell]:
    own: dict[str, Callable[[], Stream]] = {"floor": floor}
    own |= {name: _ready(stream) for name, stream in ours.items()}
    for size in sizes:
        pieces = fragments(document(size))
        for name, load in own.items():
            yield _stream(table, size, name, load, pieces)
        for peer in PEERS:
            yield _stream(table, size, peer.name, peer.stream, pieces, always=False)
        yield _stream(table, size, "json.loads at the end", _ready(at_the_end), pieces)


def _ready(run: Run) -> Callable[[], Run]:
    return lambda: run


def _stream(
    table: str,
    size: int,
    subject: str,
    load: Callable[[], Stream],
    pieces: Sequence[str],
    always: bool = True,
) -> Cell:
    key = Key(table, label(size), subject)
    return Cell(key, lambda: partial(load(), pieces), size, len(pieces), always)


TABLES: tuple[Callable[[Sizes], Iterator[Cell]], ...] = (call, string, shapes, engines, whole, edits)
