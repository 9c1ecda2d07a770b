"""``python -m benchmarks``: see the package's docstring."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import hostile, stability, work
from benchmarks.budgets import budgets
from benchmarks.cases import TABLES, Sizes
from benchmarks.table import columns, data, setting, tables, verdicts
from benchmarks.timing import Effort, Key, Result, measure

KB = 1024
MB = 1024 * KB

FULL = (
    Sizes(
        call=(48, KB, 10 * KB, 300 * KB),
        string=(16 * KB, 128 * KB, 512 * KB, MB),
        shape=(8 * KB, 32 * KB, 64 * KB),
        whole=(KB, 10 * KB, 300 * KB),
    ),
    Effort(rounds=7, batch=0.02, slow=1.0, patience=5.0),
)
QUICK = (
    Sizes(
        call=(48, KB, 10 * KB),
        string=(KB, 16 * KB, 32 * KB),
        shape=(KB, 4 * KB, 8 * KB),
        whole=(KB, 10 * KB),
    ),
    Effort(rounds=3, batch=0.005, slow=0.05, patience=0.1),
)


def main(argv: Sequence[str] | None = None, quick: tuple[Sizes, Effort] = QUICK) -> int:
    """Measure and print. The exit status is 0, whatever the budgets say: this is no test."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Our times beside the peers'.")
    parser.add_argument("--quick", action="store_true", help="small documents and little patience: seconds")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the numbers too")
    parser.add_argument(
        "--stability", action="store_true", help="run the stability meter on the peers instead"
    )
    parser.add_argument("--work", action="store_true", help="count the characters that are read instead")
    options = parser.parse_args(argv)

    if options.stability:
        print(*columns(list(stability.rows())), sep="\n")
        return 0
    if options.work:
        size = 2_000 if options.quick else 100_000
        print(*columns(list(work.rows(hostile.texts(size), cuts=(1, 4, 4096)))), sep="\n")
        return 0
    sizes, effort = quick if options.quick else FULL
    print(*(f"{name}: {value}" for name, value in setting().items()), sep=", ", end="\n\n")
    every = []
    results: dict[Key, Result] = {}
    for table in TABLES:
        cells = list(table(sizes))
        for name in dict.fromkeys(cell.key.table for cell in cells):
            results |= measure([cell for cell in cells if cell.key.table == name], effort)
        print(*tables(cells, results), sep="\n", flush=True)
        every += cells
    wanted = list(budgets(sizes))
    print(*verdicts(wanted, results), sep="\n")
    if options.json is not None:
        options.json.write_text(json.dumps(data(every, wanted, results), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
