"""The budgets: each a ratio of two measured cells, and the bar it has to stay below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import log

from benchmarks import accumulators
from benchmarks.call_cases import ADD, BARE, MANY, ONE, dicts, many, one, sse
from benchmarks.cases import CALL, EDITS, ENGINES, SHAPE_TABLES, STRING, WHOLE
from benchmarks.documents import label
from benchmarks.early_cases import CALLS, WATCHED
from benchmarks.sizes import Sizes
from benchmarks.timing import Key, Result
from partialjson._engine import COMPILED

LIVE = "partialjson, live value"
SNAPSHOT = "partialjson, snapshot"
FEED = "partialjson, feed alone"


@dataclass(frozen=True)
class Budget:
    """``measured`` is at most ``bar`` times ``reference``; or grows with at most the exponent ``bar``.

    ``growth`` is how many times larger the document of ``measured`` is, where it is about growth.
    """

    title: str
    measured: Key
    reference: Key
    bar: float
    growth: float | None = None

    def value(self, results: Mapping[Key, Result]) -> float | None:
        """The ratio or the exponent, or None where one of the two was not measured."""
        measured = results.get(self.measured)
        reference = results.get(self.reference)
        if not isinstance(measured, float) or not isinstance(reference, float):
            return None
        ratio = measured / reference
        return ratio if self.growth is None else log(ratio) / log(self.growth)


# Size of the document -> bar, times the floor.
_LIVE_BARS = {48: 2.5, 1024: 4, 10 * 1024: 4, 300 * 1024: 4}
_CALL = 10 * 1024
"""Characters of the call whose early validation has a bar."""
_SNAPSHOT_BARS = {48: 3.5, 1024: 8, 10 * 1024: 10}


def budgets(sizes: Sizes) -> Iterator[Budget]:
    """Those that these sizes allow to judge; the bars of the compiled machine only where it runs."""
    calls = [(size, label(size)) for size in sizes.call]
    for size, column in calls:
        if COMPILED and size in _LIVE_BARS:
            yield _against("the floor", Key(CALL, column, LIVE), "floor", _LIVE_BARS[size])
    for size, column in calls:
        if COMPILED and size in _SNAPSHOT_BARS:
            yield _against("the floor", Key(CALL, column, SNAPSHOT), "floor", _SNAPSHOT_BARS[size])
    for size, column in calls:
        if COMPILED or size >= 1024:
            yield _against("jiter", Key(CALL, column, SNAPSHOT), "jiter", 1)
    if COMPILED:
        yield _against("the floor", Key(STRING, label(sizes.string[-1]), SNAPSHOT), "floor", 10)
        for size, column in calls:
            yield _against("compiled", Key(ENGINES, column, "interpreted"), "partialjson", 12)
            if size >= 1024:
                yield _against("jiter", Key(ENGINES, column, "interpreted"), "jiter", 1)
    for column in map(label, sizes.whole):
        yield _against("json.loads", Key(WHOLE, column, "loads"), "json.loads", 2)
        yield _against("json.loads", Key(WHOLE, column, "one feed"), "json.loads", 10)
    for _, column in calls:
        yield _against("without", Key(EDITS, column, "recorded"), "without", 1.5)
    yield _growth(STRING, sizes.string, SNAPSHOT)
    for table in SHAPE_TABLES:
        yield _growth(table, sizes.shape, FEED)
    yield from _of_calls(sizes)
    for table in CALLS:
        if COMPILED and _CALL in sizes.call:
            yield _against(BARE, Key(table, label(_CALL), WATCHED), BARE, 3)


def _of_calls(sizes: Sizes) -> Iterator[Budget]:
    for column in map(label, sizes.call):
        yield _against(BARE, Key(ADD, column, "add"), BARE, 6)
    for table, lengths in ((ONE, sizes.fragments), (MANY, sizes.interleaved)):
        for length in lengths:
            yield _against(BARE, Key(table, str(length), "add"), BARE, 6)
        yield _growth(table, lengths, "add", str)
    for wire, subjects in accumulators.DICTS.items():
        for table, lengths in ((one(wire), sizes.fragments), (many(wire), sizes.interleaved)):
            yield _growth(table, lengths, "partialjson", str)
            for other in list(subjects)[1:]:
                bar = 0.5 if other in ("openai", "anthropic") else 1
                yield _against(other, Key(table, str(lengths[-1]), "partialjson"), other, bar)
    for title, streams in ((dicts, accumulators.DICTS), (sse, accumulators.SSE)):
        for wire, subjects in streams.items():
            for size in sizes.call:
                ours, *peers = (Key(title(wire), label(size), name) for name in subjects)
                for peer in peers:
                    half = size >= 1024 and peer.subject in ("openai", "anthropic")
                    yield _against(peer.subject, ours, peer.subject, 0.5 if half else 1)


def _against(other: str, measured: Key, reference: str, bar: float) -> Budget:
    title = f"{measured.table}, {measured.column}: {measured.subject} / {other}"
    return Budget(title, measured, measured._replace(subject=reference), bar)


def _growth(table: str, sizes: tuple[int, ...], subject: str, name: Callable[[int], str] = label) -> Budget:
    small, large = sizes[-2:]
    title = f"{table}: {subject}, exponent from {name(small)} to {name(large)}"
    measured, reference = Key(table, name(large), subject), Key(table, name(small), subject)
    return Budget(title, measured, reference, 1.15, growth=large / small)
