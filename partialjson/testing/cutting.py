"""Cutting a text into fragments, and the assertion that no cut makes a difference."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from partialjson.testing.shrinking import shrink

Text = TypeVar("Text", str, bytes)


def split(text: Text, positions: Iterable[int]) -> list[Text]:
    """The fragments of ``text`` between ``positions`` (sorted; a repeated one makes an empty fragment)."""
    fragments: list[Text] = []
    start = 0
    for position in positions:
        fragments.append(text[start:position])
        start = position
    fragments.append(text[start:])
    return fragments


def assert_any_cut(
    fn: Callable[[Iterable[Text]], object],
    text: Text,
    *,
    random_cuts: int = 20,
    seed: int = 0,
) -> None:
    """Assert that ``fn`` gives the same result however ``text`` is cut.

    ``fn`` takes an iterable of fragments (str or bytes, as ``text`` is) and returns something
    that can be compared. It is called with the whole text, then with every cut in two, with one
    character (or byte) at a time, and with ``random_cuts`` random cuts that hold empty fragments
    too, the same ones for the same ``seed``. What ``fn`` raises for the whole text is raised;
    what it raises for a cut only is a difference.

    Raises ``AssertionError`` with the cut into the fewest fragments that makes the difference.
    The cuts in two alone cost len(text) calls: meant for texts of up to some thousand characters.
    """
    whole = fn([text])

    def differs(positions: Sequence[int]) -> bool:
        try:
            return fn(split(text, positions)) != whole
        except Exception:
            # Whatever fn raises here it did not raise for the whole text: that is the finding, and
            # _report calls fn once more to chain it.
            return True

    for positions in _cuts(len(text), random_cuts, random.Random(seed)):
        if differs(positions):
            _report(fn, split(text, shrink(positions, differs)), whole)


def _cuts(length: int, random_cuts: int, rng: random.Random) -> Iterator[list[int]]:
    for position in range(length + 1):
        yield [position]
    yield list(range(1, length))
    for _ in range(random_cuts):
        yield sorted(rng.randint(0, length) for _ in range(rng.randint(2, 2 + length // 2)))


def _report(fn: Callable[[Iterable[Text]], object], fragments: list[Text], whole: object) -> None:
    cut = f"cut into {len(fragments)} fragments: {fragments!r}"
    try:
        result = fn(fragments)
    except Exception as error:
        raise AssertionError(f"{cut}\n  raised: {error!r}\n  whole:  {whole!r}") from error
    raise AssertionError(f"{cut}\n  gave:   {result!r}\n  whole:  {whole!r}")
