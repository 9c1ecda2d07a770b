"""``python -m benchmarks``: see the package's docstring."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import earliness, hostile, memory, stability, work
from benchmarks.budgets import budgets
from benchmarks.call_cases import TABLES as CALL_TABLES
from benchmarks.cases import TABLES
from benchmarks.early_cases import TABLES as EARLY_TABLES
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.table import columns, data, setting, tables, verdicts
from benchmarks.timing import Effort, Key, Result, measure


def main(argv: Sequence[str] | None = None, quick: tuple[Sizes, Effort] = QUICK) -> int:
    """Measure and print. The exit status is 0, whatever the budgets say: this is no test."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Our times beside the peers'.")
    parser.add_argument("--quick", action="store_true", help="small documents and little patience: seconds")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the numbers too")
    parser.add_argument(
        "--stability", action="store_true", help="run the stability meter on the peers instead"
    )
    parser.add_argument(
        "--earliness", action="store_true", help="how early the early violations are, by keyword, instead"
    )
    parser.add_argument("--work", action="store_true", help="count the characters that are read instead")
    options = parser.parse_args(argv)

    if options.stability:
        print(*columns(list(stability.rows())), sep="\n")
        return 0
    if options.earliness:
        for rows in (earliness.small_rows(), earliness.tool_rows(2 if options.quick else 20)):
            print(*columns(list(rows)), "", sep="\n")
        return 0
    if options.work:
        size = 2_000 if options.quick else 100_000
        print(*columns(list(work.rows(hostile.texts(size), cuts=(1, 4, 4096)))), sep="\n")
        return 0
    sizes, effort = quick if options.quick else FULL
    print(*(f"{name}: {value}" for name, value in setting().items()), sep=", ", end="\n\n")
    every = []
    results: dict[Key, Result] = {}
    for table in (*TABLES, *CALL_TABLES, *EARLY_TABLES):
        cells = list(table(sizes))
        for name in dict.fromkeys(cell.key.table for cell in cells):
            results |= measure([cell for cell in cells if cell.key.table == name], effort)
        print(*tables(cells, results), sep="\n", flush=True)
        every += cells
    wanted = list(budgets(sizes))
    print(*verdicts(wanted, results), "", *columns(list(memory.rows())), sep="\n")
    if options.json is not None:
        options.json.write_text(json.dumps(data(every, wanted, results), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
