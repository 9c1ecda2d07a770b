"""Which machine runs: the compiled one, or the same files interpreted.

Everything above takes the machine from here, so that the choice is made once, before the first
use. The Python files run

* where ``PARTIALJSON_PURE=1`` asks for them,
* where nothing was compiled (there was no C compiler), and
* where one of them is not what was compiled: an editable install whose sources were edited since.
  This one says so in a ``RuntimeWarning``.

The build writes the hashes of what it compiled beside the extensions (``importlib.util.source_hash``,
as in hash-based ``.pyc`` files, PEP 552). Times would not do: installers and version control set
them as they like.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from importlib.util import source_hash
from types import FunctionType

_MACHINE = os.path.join(os.path.dirname(__file__), "_machine")
_STAMP = os.path.join(_MACHINE, "compiled" + os.path.splitext(EXTENSION_SUFFIXES[0])[0] + ".hash")


def _edited() -> str | None:
    """The first file that is not what was compiled, or None. ``FileNotFoundError``: nothing was compiled."""
    with open(_STAMP, encoding="ascii") as stamp:
        recorded = [line.split() for line in stamp]
    for digest, name in recorded:
        with open(os.path.join(_MACHINE, name), "rb") as source:
            if source_hash(source.read()).hex() != digest:
                return name
    return None


def _why_interpreted() -> str | None:
    if os.environ.get("PARTIALJSON_PURE", "0") not in ("", "0"):
        return "PARTIALJSON_PURE is set"
    try:
        name = _edited()
    except FileNotFoundError:
        return "nothing was compiled"
    if name is None:
        return None
    reason = f"{name} was edited after it was compiled"
    warnings.warn(f"partialjson runs interpreted: {reason}; install it again", RuntimeWarning, stacklevel=2)
    return reason


class _PythonFiles:
    """Finds the machine's Python files, where an import would find the extensions beside them first."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        if path is None or not name.startswith("partialjson._machine"):
            return None
        return FileFinder(path[0], (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(name)


_reason = _why_interpreted()
if _reason:
    sys.meta_path.insert(0, _PythonFiles)
try:
    from partialjson._machine import liberties, states
    from partialjson._machine.face import Face
    from partialjson._machine.grammar import Machine
    from partialjson._machine.liberties import Forgiving
finally:
    if _reason:
        sys.meta_path.remove(_PythonFiles)

COMPILED = not isinstance(Machine.feed, FunctionType)
"""Whether the machine is compiled."""

WHY_INTERPRETED = None if COMPILED else _reason or "the extensions are missing"
"""Why the machine is interpreted, or None where it is compiled."""

__all__ = ["COMPILED", "WHY_INTERPRETED", "Face", "Forgiving", "Machine", "liberties", "states"]
