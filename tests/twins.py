"""The compiled and the interpreted machine in one process, each under a ``parser`` module of its own.

A test that takes the fixture ``engine`` (in ``conftest.py``) runs twice, once with each. Errors, limits,
edits and dialects are shared, so that what the twins return can be compared; ``Document`` is not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType

import pytest

import partialjson.parser

_BUILT_ON_THE_MACHINE = tuple(
    f"partialjson.{name}" for name in ("_machine", "_engine", "_checkpoint", "_completion", "parser")
)


@dataclass(frozen=True)
class Twin:
    """``machine`` has ``Machine`` and ``Forgiving``, ``parser`` has ``Parser``, ``loads``, ``Document``."""

    name: str
    machine: ModuleType
    parser: ModuleType


def why_not_compiled() -> str | None:
    """Why there is only the interpreted machine, or None where there are two."""
    reason: str | None = partialjson._engine.WHY_INTERPRETED
    return reason


def compiled() -> Twin:
    assert not why_not_compiled()
    return Twin("compiled", partialjson._engine, partialjson.parser)


@cache
def interpreted() -> Twin:
    """What is built on the machine, imported again as ``PARTIALJSON_PURE=1`` would have done at first."""
    if why_not_compiled():
        return Twin("interpreted", partialjson._engine, partialjson.parser)
    with pytest.MonkeyPatch.context() as patch:  # which puts all of it back
        patch.setenv("PARTIALJSON_PURE", "1")
        for name in [name for name in sys.modules if name.startswith(_BUILT_ON_THE_MACHINE)]:
            if name in _BUILT_ON_THE_MACHINE:
                patch.setattr(name, sys.modules[name])
            patch.delitem(sys.modules, name)
        import partialjson._engine as machine
        import partialjson.parser as parser

        twins = {
            name: module for name, module in sys.modules.items() if name.startswith(_BUILT_ON_THE_MACHINE)
        }
    for name, module in twins.items():
        _rename(module, name.replace(".", "_"))
    return Twin("interpreted", machine, parser)


def _rename(module: ModuleType, alias: str) -> None:
    """Let ``pickle`` find again what ``module`` defines: its own name leads to the other twin."""
    sys.modules[alias] = module
    for value in vars(module).values():
        if isinstance(value, (type, FunctionType)) and value.__module__ == module.__name__:
            value.__module__ = alias
