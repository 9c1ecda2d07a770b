"""Reading a string as the type the schema wants, where nothing is lost by it; on request only.

Models write ``"28"`` for ``28``, ``"True"`` for ``true`` and a whole object as a JSON text in a string.
The validator's own errors say where another type is wanted, ``READINGS`` says how a string is read as
it, and the validator decides again. What the schema accepts as it is stays as it is, and a reading that
loses something is not made: ``"028"``, ``" 28"``, an object with a repeated member name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from partialjson.dialects import STRICT
from partialjson.errors import PartialJSONError, Path
from partialjson.limits import Limits
from partialjson.parser import Parser
from partialjson.schema.verdict import Coercion, Validator, Verdict, Violation

ROUNDS = 8
"""What was read from a string may itself hold strings to be read: so many times."""

_NOTHING: Final = object()
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def coercing(validator: Validator) -> Validator:
    """The same validator, with a second look at what it refuses only for the type of strings.

    The verdict tells each coercion as ``Coercion(path, before, after)``. Where the value is refused all
    the same, the verdict is the one on the value as it was, and nothing was coerced.
    """

    def validate(value: object) -> Verdict:
        first = verdict = validator(value)
        made: dict[Path, Coercion] = {}
        for _ in range(ROUNDS):
            cure = None if verdict.valid else _cure(value, verdict.errors)
            if not cure:
                break
            value = coerced(value, cure)
            made |= {coercion.path: coercion for coercion in cure}
            verdict = validator(value)
        if verdict.valid and made:
            return Verdict(True, verdict.value, (), tuple(made.values()))
        return first

    return validate


def coerced(value: object, coercions: Iterable[Coercion]) -> object:
    """The value with these coercions made; what is beside them is shared."""
    for coercion in coercions:
        value = _replaced(value, coercion.path, coercion.after)
    return value


def _cure(value: object, violations: Iterable[Violation]) -> list[Coercion] | None:
    """The coercions after which none of the violations stands; ``None`` where there are none."""
    cure: list[Coercion] = []
    for violation in violations:
        if violation.keyword in PYDANTIC_TYPES:
            more = _reading(value, violation.path, [PYDANTIC_TYPES[violation.keyword]])
        else:
            more = _jsonschema_cure(value, violation.cause)
        if more is None:
            return None
        cure += more
    return cure


def _jsonschema_cure(value: object, error: Any) -> list[Coercion] | None:
    keyword = getattr(error, "validator", None)
    if keyword == "type":
        wanted = error.validator_value
        return _reading(value, tuple(error.absolute_path), [wanted] if isinstance(wanted, str) else wanted)
    if keyword not in ("anyOf", "oneOf"):
        return None
    cures = []
    for _, branch in groupby(error.context, key=_branch):
        parts = [_jsonschema_cure(value, each) for each in branch]
        if None not in parts:
            cures.append([coercion for part in parts if part for coercion in part])
    # Where two branches would be satisfied by different readings, each is a guess.
    return cures[0] if cures and all(cure == cures[0] for cure in cures) else None


def _branch(error: Any) -> object:
    # Of a branch that is `false`, jsonschema does not say which one it is.
    return error.schema_path[0] if error.schema_path else None


def _reading(value: object, path: Path, types: list[str]) -> list[Coercion] | None:
    before = _at(value, path)
    if isinstance(before, str):
        for name in types:
            after = READINGS[name](before) if name in READINGS else _NOTHING
            if after is not _NOTHING:
                return [Coercion(path, before, after)]
    return None


def _integer(text: str) -> object:
    return int(text) if _is_short(text) and _INTEGER.fullmatch(text) else _NOTHING


def _number(text: str) -> object:
    if not _is_short(text) or not _NUMBER.fullmatch(text):
        return _NOTHING
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text)
    return number if Decimal(repr(number)) == Decimal(text) else _NOTHING


def _is_short(text: str) -> bool:
    return len(text) <= (Limits().number or 0)


def _boolean(text: str) -> object:
    return {"true": True, "True": True, "false": False, "False": False}.get(text, _NOTHING)


def _container(kind: type[Any]) -> Callable[[str], object]:
    def read(text: str) -> object:
        parser = Parser(STRICT)
        try:
            parser.feed(text)
        except PartialJSONError:
            return _NOTHING
        document = parser.close()
        whole = document.status == "complete" and not document.notices
        return document.value if whole and isinstance(document.value, kind) else _NOTHING

    return read


READINGS: dict[str, Callable[[str], object]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "object": _container(dict),
    "array": _container(list),
}
"""How a string is read as each type."""

PYDANTIC_TYPES = {
    "int_type": "integer",
    "float_type": "number",
    "bool_type": "boolean",
    "model_type": "object",
    "model_attributes_type": "object",
    "dataclass_type": "object",
    "dict_type": "object",
    "list_type": "array",
    "tuple_type": "array",
    "set_type": "array",
    "frozen_set_type": "array",
}
"""pydantic's error types that ask for another type, in JSON Schema's words."""


def _at(value: Any, path: Path) -> object:
    for step in path:
        known = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
        if step not in known:  # pydantic's paths name the branches of a union too
            return _NOTHING
        value = value[step]
    return value


def _replaced(value: Any, path: Path, after: object) -> Any:
    """A copy of the value with another one at ``path``; what is beside the path is shared."""
    if not path:
        return after
    step, *rest = path
    copy = value.copy()
    copy[step] = _replaced(value[step], tuple(rest), after)
    return copy
