"""What tests of streaming code need, ours and our users'.

* Hypothesis strategies: ``json_values()``, ``json_texts()``, ``cuts(text)``, ``broken_texts()``.
  They need Hypothesis; nothing else here does, and it is imported when one of them is asked for.
* ``assert_any_cut(fn, text)``: the same result however the text is cut.
* ``measure_stability(parse_prefix)``: the stability meter, for any parser.
* ``rebuild(edits)``: the tree that edits build, as a slow function to compare with.
* ``shrink(items, fails)``: the smallest part of a failing input that still fails.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from partialjson.testing.breakage import BREAKAGES, Breakage, break_at
from partialjson.testing.cutting import assert_any_cut, split
from partialjson.testing.replay import rebuild
from partialjson.testing.shrinking import shrink
from partialjson.testing.stability import Stability, by_prefix, documents, measure_stability

if TYPE_CHECKING:
    from partialjson.testing.strategies import broken_texts, cuts, json_texts, json_values

__all__ = [
    "BREAKAGES",
    "Breakage",
    "Stability",
    "assert_any_cut",
    "break_at",
    "broken_texts",
    "by_prefix",
    "cuts",
    "documents",
    "json_texts",
    "json_values",
    "measure_stability",
    "rebuild",
    "shrink",
    "split",
]

_STRATEGIES = frozenset({"broken_texts", "cuts", "json_texts", "json_values"})


def __getattr__(name: str) -> object:
    if name not in _STRATEGIES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        strategies = import_module("partialjson.testing.strategies")
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise ModuleNotFoundError(
            f"partialjson.testing.{name} needs Hypothesis: pip install hypothesis", name="hypothesis"
        ) from error
    return getattr(strategies, name)
