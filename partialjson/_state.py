"""The state of a machine as data: to copy it, to write it down and to read it back."""

from __future__ import annotations

from collections.abc import Iterable

from partialjson._engine import Machine

_TREE = frozenset(("root", "obj", "arr", "held_value"))
"""Attributes that hold parts of the tree: shared with a fork, which copies what it changes."""


def _attributes(machine: Machine) -> Iterable[str]:
    compiled: Iterable[str] | None = getattr(type(machine), "__mypyc_attrs__", None)
    return vars(machine) if compiled is None else compiled


def fork(machine: Machine) -> Machine:
    """An independent machine in the same state, in time proportional to the depth."""
    machine.snapshot()
    twin = machine.blank()
    for name in _attributes(machine):
        value = getattr(machine, name)
        if isinstance(value, list) and name not in _TREE:
            value = value.copy()
        setattr(twin, name, value)
    return twin
