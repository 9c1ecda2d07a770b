"""Delta debugging: the smallest part of a failing input that still fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def shrink(items: Sequence[Item], fails: Callable[[list[Item]], bool]) -> list[Item]:
    """A shortest part of ``items``, in order, for which ``fails`` is still true.

    The result is 1-minimal: leaving out any single item makes the failure go away. ``fails``
    must be true of the whole and is called O(n log n) times where the culprits are few.
    Source: A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing input" (2002).
    """
    kept = list(items)
    size = len(kept)
    while size:
        start = 0
        removed = False
        while start < len(kept):
            rest = kept[:start] + kept[start + size :]
            if fails(rest):
                kept = rest
                removed = True
            else:
                start += size
        if size > 1:
            size = (size + 1) // 2
        elif not removed:
            break
    return kept
