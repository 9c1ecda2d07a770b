"""Equality as JSON Schema means it: ``1`` is ``1.0``, ``true`` is not ``1``, member order is nothing."""

from __future__ import annotations

from collections.abc import Hashable


def frozen(value: object) -> Hashable:
    """A hashable stand-in: two JSON values are equal (2020-12 core, section 4.2.2) just when these are.

    It makes ``uniqueItems``, ``enum`` and ``const`` a set's question instead of a comparison of all
    with all. Numbers stand for themselves, because Python compares int, float and Decimal exactly.
    """
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, dict):
        return (dict, frozenset((name, frozen(member)) for name, member in value.items()))
    if isinstance(value, list):
        return (list, tuple(frozen(item) for item in value))
    if value is None or isinstance(value, Hashable):
        return value
    raise TypeError(f"{type(value).__name__} is no JSON value")
