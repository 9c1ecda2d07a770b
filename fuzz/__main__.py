"""``python -m fuzz TARGET``: see the package's docstring. Exit status 0 held, 1 failed, 2 usage."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fuzz import guided, loop, targets


def main(argv: Sequence[str] | None = None) -> int:
    """Run one target and say what came of it."""
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description="Hostile bytes against one invariant."
    )
    parser.add_argument("target", choices=targets.NAMES)
    parser.add_argument("--runs", type=int, default=200_000, help="inputs to check (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the mutations (default: %(default)s)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only seeds whose file names hold this")
    parser.add_argument("--atheris", action="store_true", help="let coverage guide the mutations")
    parser.add_argument("--hex", metavar="BYTES", type=bytes.fromhex, help="check this input only")
    parser.add_argument("--file", metavar="PATH", type=Path, help="check this file only")
    options = parser.parse_args(argv)

    target = targets.load(options.target)
    start = time.perf_counter()
    if options.atheris:
        failure = loop.verify(target, guided.find(options.target, options.runs, options.seed))
    elif options.file is not None:
        failure = loop.verify(target, options.file.read_bytes())
    elif options.hex is not None:
        failure = loop.verify(target, options.hex)
    else:
        failure = loop.fuzz(target, options.runs, options.seed, options.only)
    seconds = time.perf_counter() - start
    if failure is None:
        given = options.hex is not None or options.file is not None
        inputs = "this input" if given else f"{options.runs} inputs, seed {options.seed}, {seconds:.1f} s"
        print(f"{options.target}: held for {inputs}")
        return 0
    print(f"{options.target}: failed{failure.found}, seed {options.seed}")
    print(f"  {failure.data!r}")
    print(f"  {type(failure.error).__name__}: {failure.error}")
    print(f"  again: python -m fuzz {options.target} --hex {failure.data.hex() or repr('')}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
