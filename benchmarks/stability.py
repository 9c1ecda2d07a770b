"""The stability meter, run on the peers: what a reader sees while the meter's documents stream in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from benchmarks.peers import PEERS
from partialjson.parser import Parser
from partialjson.testing import Stability, by_prefix, measure_stability

_SHOWN = [field.name for field in fields(Stability)][2:]


def rows() -> Iterator[list[str]]:
    """A header, then a row for each parser."""
    yield ["parser", *(name.replace("_", " ") for name in _SHOWN)]
    yield _row("partialjson", by_prefix(_ours))
    for peer in PEERS:
        try:
            parse_prefix = peer.parse_prefix()
        except ModuleNotFoundError:
            yield [peer.name, *("not installed" for _ in _SHOWN)]
        else:
            yield _row(peer.name, parse_prefix)


def _row(name: str, parse_prefix: Callable[[str], object]) -> list[str]:
    stability = measure_stability(parse_prefix)
    return [name, *(str(getattr(stability, field)) for field in _SHOWN)]


def _ours() -> Callable[[str], object]:
    parser = Parser()

    def feed(fragment: str) -> object:
        parser.feed(fragment)
        return parser.snapshot()

    return feed
