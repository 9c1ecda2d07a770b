"""What each keyword asks, in a few words that a model (and a log) can be given.

A line never quotes more than 32 characters of the value, escaped; what the schema's author wrote is
quoted more freely, yet bounded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

_VALUE_LIMIT = 32
_SCHEMA_LIMIT = 200

WORDS = {
    "type": "must be of type {expected}, not {value}",
    "enum": "must be one of {expected}, not {value}",
    "const": "must be {expected}, not {value}",
    "minimum": "must be at least {expected}, not {value}",
    "maximum": "must be at most {expected}, not {value}",
    "exclusiveMinimum": "must be greater than {expected}, not {value}",
    "exclusiveMaximum": "must be less than {expected}, not {value}",
    "multipleOf": "must be a multiple of {expected}, not {value}",
    "minLength": "must have at least {expected} characters",
    "maxLength": "must have at most {expected} characters",
    "pattern": "must match the regular expression {expected}",
    "format": "must be in the format {expected}",
    "minItems": "must have at least {expected} items",
    "maxItems": "must have at most {expected} items",
    "uniqueItems": "must not have two equal items",
    "contains": "must contain an item that matches the schema given in 'contains'",
    "minContains": "must contain at least {expected} items that match the schema given in 'contains'",
    "maxContains": "must contain at most {expected} items that match the schema given in 'contains'",
    "minProperties": "must have at least {expected} members",
    "maxProperties": "must have at most {expected} members",
    "anyOf": "must match one of the alternatives given in 'anyOf'",
    "oneOf": "must match exactly one of the alternatives given in 'oneOf'",
    "not": "must not match the schema given in 'not'",
    "false": "must not be there",
}
"""A template for each keyword whose meaning its value tells; ``expected`` is the keyword's value."""


_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
"""Of numbers it depends: they are ``integer`` and ``number``."""


class Unread(str):
    """A string of which nothing has been read yet."""

    __slots__ = ()


def short(value: object) -> str:
    """The value as ASCII JSON in at most 32 characters; a container, or a string to come, by its kind."""
    if isinstance(value, Unread):
        return "a string"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, str):
        # Escaping makes a text longer, never shorter: more than this is never shown.
        value = value[:_VALUE_LIMIT]
    text = json.dumps(value, default=repr)
    return text if len(text) <= _VALUE_LIMIT else text[: _VALUE_LIMIT - 3] + "..."


def names(members: Sequence[str]) -> str:
    """Member names of the value as a list in at most 32 characters."""
    text = ", ".join(json.dumps(name[:_VALUE_LIMIT]) for name in members[:_VALUE_LIMIT])
    return text if len(text) <= _VALUE_LIMIT else text[: _VALUE_LIMIT - 3] + "..."


def advice(keyword: str, expected: object, value: object) -> str:
    """The keyword's row filled in; for a keyword without a row, its name."""
    types = _types(expected) if keyword in ("anyOf", "oneOf") else []
    if types and _TYPES.get(str if isinstance(value, str) else type(value)) not in (None, *types):
        keyword, expected = "type", types
    template = WORDS.get(keyword)
    if template is None:
        return f"breaks the rule {keyword!r}"
    return template.format(expected=_expected(expected), value=short(value))


def _types(schemas: object) -> list[str]:
    """The types that alternatives ask for, where each of them asks for some."""
    types: list[str] = []
    for schema in schemas if isinstance(schemas, list) else []:
        wanted = schema.get("type") if isinstance(schema, dict) else None
        if wanted is None:
            return []
        types += [wanted] if isinstance(wanted, str) else wanted
    return types


def _expected(expected: object) -> str:
    if isinstance(expected, list):
        text = ", ".join(json.dumps(item) for item in expected)
    else:
        text = json.dumps(expected, default=repr)
    return text if len(text) <= _SCHEMA_LIMIT else text[: _SCHEMA_LIMIT - 3] + "..."
