"""jsonschema-rs (the extra ``fast``) as a first opinion: what it accepts needs no second one.

What it refuses, and every schema on which the two might differ, goes to jsonschema, so that verdict
and errors are the same with and without the extra.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from partialjson.schema.references import DRAFT_2020_12, References
from partialjson.schema.values import nodes

_APPLICATORS = "additionalProperties allOf anyOf contains else if items not oneOf prefixItems properties then"
_ASSERTIONS = (
    "const dependentRequired enum exclusiveMaximum exclusiveMinimum maxContains maxItems maxLength maximum "
    "maxProperties minContains minItems minLength minimum minProperties required type"
)
_ANNOTATIONS = (
    "$comment $defs $ref $schema default deprecated description examples format readOnly title writeOnly"
)
ALIKE = frozenset(f"{_APPLICATORS} {_ASSERTIONS} {_ANNOTATIONS}".split())
"""The keywords on which both agree. Not here: patterns (another syntax), ``multipleOf`` and
``uniqueItems`` (another arithmetic), and all that is rare."""
EXACT = 2**53
"""Larger numbers may be rounded there; jsonschema compares exactly."""
EXPANDED = 1_000
"""Schema objects that one value may have to pass. There is no meter there, and no bound on cycles."""

_PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})


def acceptor(schema: Any) -> Callable[[object], bool] | None:
    """A function that is true only of values that jsonschema accepts too; ``None`` where there is none."""
    try:
        import jsonschema_rs
    except ImportError:
        return None
    if not _alike(schema):
        return None
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=False)

    def accept(value: object) -> bool:
        for node in nodes(value):
            if type(node) not in _PLAIN or (isinstance(node, float) and not isfinite(node)):
                return False
        try:
            return bool(validator.is_valid(value))
        except ValueError:  # a lone surrogate, which has no UTF-8
            return False

    return accept


def _alike(schema: Any) -> bool:
    """Whether both read the schema alike, and it is no larger unfolded than can be bounded."""
    for count, (contents, _) in enumerate(References(schema).unfolded()):
        if count > EXPANDED or not ALIKE.issuperset(contents):
            return False
        if contents.get("$schema", DRAFT_2020_12) != DRAFT_2020_12:
            return False
        values = [contents.get(keyword) for keyword in _ASSERTIONS.split()]
        if any(abs(node) > EXACT for node in nodes(values) if isinstance(node, int | float)):
            return False
    return True
