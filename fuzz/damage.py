"""Damage to payloads, field by field, written down so that it can be repeated and shrunk."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

Damage: TypeAlias = list[Any]
"""What is done, to which payload, and where in it: ``["type", 2, ["choices", 0], -1]``."""

JUNK: tuple[Any, ...] = ([], {}, True, 1.5, -1, 10**9, 2**70, "x", "", "\ud800", [None], [7], {"x": 1}, ["x"])
FOR_ALL = frozenset(
    {
        *("finish_reason", "finishReason", "done_reason", "stop_reason", "stopReason", "status"),
        "request_id",
    }
)
"""Members that speak of all calls, or of the whole response."""
CONTENT = frozenset({"arguments", "args", "input", "partialArgs", "action", "operation"})
"""Members that hold what the model says."""


def some_damage(rng: random.Random, payloads: Sequence[Any], places: Sequence[int]) -> list[Damage]:
    """A little damage to the payloads at these places: mostly of one kind, in one place."""
    found = []
    while places:
        at = rng.choice(places)
        kind = rng.choice(("drop", "null", "type", "type", "type", "lose", "double", "swap"))
        if kind == "swap":
            found.append([kind, at, rng.choice(places)])
        elif kind in ("lose", "double"):
            found.append([kind, at])
        elif paths := list(_paths(payloads[at])):
            found.append([kind, at, rng.choice(paths), *([rng.choice(JUNK)] if kind == "type" else [])])
        if rng.random() < 0.6:
            break
    return found


def damaged(payloads: Sequence[Any], damage: Sequence[Damage]) -> list[Any]:
    """The payloads with this damage, none of which is shared. Raises ``LookupError`` or ``TypeError``
    for damage that is to another stream."""
    found: list[list[Any]] = [[copy.deepcopy(payload)] for payload in payloads]
    for kind, at, *more in damage:
        if kind == "swap":
            found[at], found[more[0]] = found[more[0]], found[at]
        elif kind == "lose":
            found[at] = []
        elif kind == "double":
            found[at] = [*found[at], *copy.deepcopy(found[at])]
        else:
            for payload in found[at]:
                _change(payload, kind, more[0], more[1:])
    return [payload for group in found for payload in group]


def of_another_type(payloads: Sequence[Any], kind: str, at: int, path: Any = (), value: Any = None) -> bool:
    """Whether the damage puts a number in the place of text, an object or an array; or one of these in that
    of a number. An object may well stand in the place of text, where that is JSON; and inside of arguments
    anything is right."""
    if kind != "type" or CONTENT.intersection(path[:-1]):
        return False
    was = payloads[at]
    for step in path:
        if not _has(was, step):
            return False
        was = was[step]
    if isinstance(value, bool | int | float):
        return isinstance(was, str | dict | list)
    return type(was) is int and not isinstance(value, str) and path[-1] not in CONTENT


def _change(payload: Any, kind: str, path: Sequence[Any], value: Sequence[Any]) -> None:
    """Damage one field, if earlier damage has left it there."""
    for step in path[:-1]:
        if not _has(payload, step):
            return
        payload = payload[step]
    if not _has(payload, path[-1]):
        return
    if kind == "drop":
        del payload[path[-1]]
    else:
        payload[path[-1]] = copy.deepcopy(value[0]) if value else None


def _has(holder: Any, step: Any) -> bool:
    if isinstance(holder, dict):
        return step in holder
    return isinstance(holder, list) and isinstance(step, int) and step < len(holder)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[list[Any]]:
    """Every field of a payload, but those that speak of all calls."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, member in members:
        if step not in FOR_ALL:
            yield [*path, step]
            yield from _paths(member, (*path, step))
