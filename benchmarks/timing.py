"""Timing many things in one run: interleaved rounds, the best of each.

Seconds are those of the processor, so that what other processes take is not counted.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import NamedTuple


class Key(NamedTuple):
    """Which cell of which table."""

    table: str
    column: str
    subject: str


@dataclass(frozen=True)
class Cell:
    """One thing to time. ``make`` gives what is run; it may import, and raise ``ModuleNotFoundError``."""

    key: Key
    make: Callable[[], Callable[[], object]]
    size: int
    """Characters of the document: what the cost of the next column is predicted from."""
    units: int = 1
    """Fragments: what the time is divided by where it is printed."""
    always: bool = False
    """Run it, whatever is predicted: ours, which have to be linear, and what they are held against."""


Result = float | str
"""Seconds, or in a word why there are none."""


@dataclass(frozen=True)
class Effort:
    """How long to try."""

    rounds: int
    """Rounds at least; a cell that takes longer than ``slow`` has one."""
    batch: float
    """Seconds one cell takes in one round, at least: shorter runs are repeated."""
    slow: float
    """Seconds from which on one run is enough."""
    patience: float
    """Seconds: a cell that is predicted to take longer is not run."""


def measure(cells: Sequence[Cell], effort: Effort) -> dict[Key, Result]:
    """Time the cells against each other. Those of one subject come in the order of their sizes.

    A first run of each says how often to repeat it; then every round runs every cell, so that
    whatever else the machine does hits all alike. The garbage collector is off, as in ``timeit``.
    """
    results: dict[Key, Result] = {}
    runs: dict[Key, tuple[Callable[[], object], int]] = {}
    known: dict[str, tuple[int, Result]] = {}
    enabled = gc.isenabled()
    gc.disable()
    try:
        for cell in cells:
            subject = cell.key.subject
            result: Result | None = None if cell.always else _predicted(cell, known.get(subject), effort)
            if result is None:
                result, run = _first(cell, warm=subject in known)
                if run is not None and isinstance(result, float) and result < effort.slow:
                    runs[cell.key] = run, max(1, round(effort.batch / max(result, 1e-9)))
            known[subject] = cell.size, result
            results[cell.key] = result
        for _ in range(effort.rounds):
            for key, (run, times) in runs.items():
                gc.collect()
                results[key] = min(float(results[key]), _time(run, times))
    finally:
        if enabled:
            gc.enable()
    return results


# Between linear and quadratic: what a run costs at the least hides how it grows.
_GROWTH = 1.5


def _predicted(cell: Cell, known: tuple[int, Result] | None, effort: Effort) -> str | None:
    """Why the cell is not worth a try, or None."""
    if known is None:
        return None
    size, result = known
    if isinstance(result, str):
        return result
    predicted = result * (cell.size / size) ** _GROWTH
    return f">{effort.patience:g} s" if predicted > effort.patience else None


def _first(cell: Cell, warm: bool) -> tuple[Result, Callable[[], object] | None]:
    try:
        run = cell.make()
    except ModuleNotFoundError:
        return "not installed", None
    try:
        if not warm:
            # Imports and caches: each subject's very first run tells nothing.
            run()
        return _time(run, 1), run
    except Exception as error:
        # A peer that gives up on a document (on its depth, most often) is a result.
        return type(error).__name__, None


def _time(run: Callable[[], object], times: int) -> float:
    start = process_time()
    for _ in range(times):
        run()
    return (process_time() - start) / times
