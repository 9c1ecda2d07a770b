"""The compiled and the interpreted machine in one process, each under a ``parser`` module of its own.

A test that takes the fixture ``engine`` (in ``conftest.py``) runs twice, once with each. Errors, limits,
edits and dialects are shared, so that what the twins return can be compared; ``Document`` is not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import pytest

import partialjson.parser

_BUILT_ON_THE_MACHINE = ("partialjson._machine", "partialjson._engine", "partialjson.parser")


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
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTIALJSON_PURE", "1")
        for name in [name for name in sys.modules if name.startswith(_BUILT_ON_THE_MACHINE)]:
            patch.delitem(sys.modules, name)
        for name in ("_machine", "_engine", "parser"):
            patch.setattr(partialjson, name, getattr(partialjson, name))  # so that it is put back, too
        import partialjson._engine as machine
        import partialjson.parser as parser
    return Twin("interpreted", machine, parser)
