"""The results as tables for people, and as data for programs."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.budgets import Budget
from benchmarks.timing import Cell, Key, Result
from partialjson._engine import COMPILED


def setting() -> dict[str, str]:
    """What ran where."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": platform.machine(),
        "partialjson": "compiled" if COMPILED else "interpreted",
    }


def tables(cells: Sequence[Cell], results: Mapping[Key, Result]) -> Iterator[str]:
    """One table after the other, line by line; its first subject is what the others are held against."""
    for table in _unique(cell.key.table for cell in cells):
        inside = [cell for cell in cells if cell.key.table == table]
        heads = _unique(cell.key.column for cell in inside)
        subjects = _unique(cell.key.subject for cell in inside)
        units = {cell.key.column: cell.units for cell in inside}
        per = "run" if max(units.values()) == 1 else "fragment"
        rows = [
            [
                f"{subjects[0]}, us per {per}",
                *(_microseconds(results[Key(table, c, subjects[0])], units[c]) for c in heads),
            ]
        ]
        for subject in subjects[1:]:
            rows.append(
                [
                    subject,
                    *(
                        _ratio(results[Key(table, c, subject)], results[Key(table, c, subjects[0])])
                        for c in heads
                    ),
                ]
            )
        yield from columns([[table, *heads], *rows])
        yield ""


def verdicts(budgets: Iterable[Budget], results: Mapping[Key, Result]) -> Iterator[str]:
    """One line per budget."""
    rows = [["budgets", "is", "bar", ""]]
    for budget in budgets:
        value = budget.value(results)
        shown = "-" if value is None else f"{value:.2f}"
        rows.append([budget.title, shown, f"{budget.bar:g}", _verdict(budget, value)])
    yield from columns(rows)


def data(cells: Sequence[Cell], budgets: Iterable[Budget], results: Mapping[Key, Result]) -> dict[str, Any]:
    """Everything, as JSON has it: seconds per run, or in a word why there are none."""
    return {
        "setting": setting(),
        "cells": [{**cell.key._asdict(), "units": cell.units, "result": results[cell.key]} for cell in cells],
        "budgets": [
            {
                "title": budget.title,
                "value": budget.value(results),
                "bar": budget.bar,
                "verdict": _verdict(budget, budget.value(results)),
            }
            for budget in budgets
        ],
    }


def _verdict(budget: Budget, value: float | None) -> str:
    if value is None:
        return "not measured"
    return "pass" if value <= budget.bar else "MISS"


def _microseconds(result: Result, units: int) -> str:
    return result if isinstance(result, str) else f"{result / units * 1e6:.3f}"


def _ratio(result: Result, reference: Result) -> str:
    if isinstance(result, str):
        return result
    return "-" if isinstance(reference, str) else f"{result / reference:.2f} x"


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows in columns, the first left, the others right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        yield "  ".join(cells).rstrip()


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
