"""All that a parser tells of an input, in a form that can be compared; and what is seen on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from partialjson.dialects import JSON5, LENIENT, STRICT, Dialect
from partialjson.edits import Done, Edit, Grow, Put, Repair, Reset, merged
from partialjson.errors import LimitExceeded, PartialJSONError, Path, SyntaxFault
from partialjson.limits import Limits
from partialjson.missing import MISSING
from tests.twins import Twin

NARROWED = (LENIENT.only("none"), LENIENT.only("none", "form"), LENIENT.only("guess"))
DIALECTS = (STRICT, JSON5, LENIENT, *NARROWED)


class Reading(NamedTuple):
    """``repr`` tells 1 from 1.0 and 0.0 from -0.0, and lets NaN be equal to itself."""

    value: str
    status: str
    repairs: tuple[Repair, ...]
    notices: tuple[Repair, ...]
    trailing: str
    beyond: tuple[int, int]
    edits: str
    values: str
    error: tuple[object, ...] | None


def read(
    engine: Twin,
    fragments: Iterable[str | bytes],
    dialect: Dialect = LENIENT,
    limits: Limits = Limits(),  # noqa: B008  frozen
    **settings: Any,
) -> Reading:
    """Feed the fragments, look at everything after each, and close."""
    parser = engine.parser.Parser(dialect, limits=limits, **settings)
    edits: list[Edit] = parser.edits()
    values: list[object] = []
    error = None
    try:
        for fragment in fragments:
            parser.feed(fragment)
            edits += parser.edits()
            values += parser.values()
            parser.snapshot()
    except (SyntaxFault, LimitExceeded) as fault:
        error = said(fault)
    document = parser.close()
    edits += parser.edits()
    values += parser.values()
    return Reading(
        repr(document.value),
        document.status,
        document.repairs,
        document.notices,
        document.trailing,
        (document.repairs_beyond, document.notices_beyond),
        repr(merged(edits)),
        repr(values),
        error,
    )


def said(fault: PartialJSONError) -> tuple[object, ...]:
    """The type of an error and all it was made of."""
    return (type(fault).__name__, *fault.args)


def replayed(edits: Iterable[Edit]) -> Any:
    """The tree that the edits build, as their description has it: the root is a member of ``top``."""
    top: dict[str, Any] = {"": MISSING}
    for edit in edits:
        parent: Any = top
        *steps, last = ("", *edit.path)
        for step in steps:
            parent = parent[step]
        if isinstance(edit, Put):
            fresh = edit.value.copy() if isinstance(edit.value, (dict, list)) else edit.value
            if isinstance(parent, list):
                assert last == len(parent), "arrays only append"
                parent.append(fresh)
            else:
                assert parent.get(last, MISSING) is MISSING, "members appear once"
                parent[last] = fresh
        elif isinstance(edit, Grow):
            assert edit.text, "a string grows by something"
            parent[last] += edit.text
        elif isinstance(edit, Reset):
            parent[last] = MISSING
    return top[""]


def continues(old: Any, new: Any) -> bool:
    """Whether what was shown is only continued: nothing vanishes, flips, shrinks or is rewritten."""
    if old is new or old is MISSING:
        return True
    if isinstance(old, dict):
        return (
            isinstance(new, dict)
            and list(new)[: len(old)] == list(old)
            and all(continues(value, new[name]) for name, value in old.items())
        )
    if isinstance(old, list):
        return isinstance(new, list) and len(new) >= len(old) and all(map(continues, old, new))
    if isinstance(old, str):
        return isinstance(new, str) and new.startswith(old)
    return type(old) is type(new) and repr(old) == repr(new)


def touched_when_final(edits: Iterable[Edit]) -> list[Edit]:
    """The edits that touch what was final before: there must be none."""
    final: set[Path] = set()
    found = []
    for edit in edits:
        if isinstance(edit, Reset):
            final = {path for path in final if path[: len(edit.path)] != edit.path}
        elif any(edit.path[:length] in final for length in range(len(edit.path) + 1)):
            found.append(edit)
        elif isinstance(edit, Done) or (
            isinstance(edit, Put) and not isinstance(edit.value, (dict, list, str))
        ):
            final.add(edit.path)
    return found


def nodes(root: Any) -> Iterable[tuple[Path, Any]]:
    """Every value of a tree with its path, a container before what is in it."""
    waiting: list[tuple[Path, Any]] = [] if root is MISSING else [((), root)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, dict):
            waiting.extend(((*path, name), item) for name, item in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, index), item) for index, item in enumerate(value))
