"""JSON values as plain Python data: their equality, and all of their nodes."""

from __future__ import annotations

from collections.abc import Hashable


def frozen(value: object) -> Hashable:
    """A hashable stand-in: two JSON values are equal (2020-12 core, section 4.2.2) just when these are.

    ``1`` is ``1.0``, ``true`` is not ``1``, and the order of members is nothing. It makes
    ``uniqueItems``, ``enum`` and ``const`` a set's question instead of a comparison of all with all.
    Numbers stand for themselves, because Python compares int, float and Decimal exactly.
    """
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, dict):
        return (dict, frozenset((name, frozen(member)) for name, member in value.items()))
    if isinstance(value, list):
        return (list, tuple(map(frozen, value)))
    if isinstance(value, Hashable):
        return value
    raise TypeError(f"{type(value).__name__} is no JSON value")


def nodes(value: object) -> list[object]:
    """The value and everything in it, each container before what it holds, without recursion."""
    found = [value]
    for node in found:  # grows while it is read
        if isinstance(node, dict):
            found.extend(node.values())
        elif isinstance(node, list):
            found.extend(node)
    return found
