"""The command line: ``partialjson demo``, ``watch``, ``repair``, ``check``, ``info``.

It needs the extra ``cli`` (click and rich); nothing else in the library does.
"""

from __future__ import annotations

import sys

__all__ = ["main"]

_NEEDED = ("click", "rich")


def main() -> None:
    """Run the command line. Leaves with status 2 where click or rich is missing."""
    try:
        from partialjson.cli.commands import partialjson
    except ModuleNotFoundError as missing:
        if missing.name not in _NEEDED:
            raise
        hint = "pip install 'partialjson-stream[cli]'"
        print(f"partialjson: the command line needs {missing.name}: {hint}", file=sys.stderr)
        sys.exit(2)
    partialjson()
