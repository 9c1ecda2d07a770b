"""Gemini's OpenAPI subset read as JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest

from partialjson.schema import validator_for
from partialjson.schema.gemini import to_json_schema


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "STRING"}, {"type": "string"}),
        ({"type": "TYPE_UNSPECIFIED"}, {}),
        ({"type": "integer"}, {"type": "integer"}),
        ({"type": "STRING", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "STRING", "nullable": False}, {"type": "string"}),
        (
            {"type": "STRING", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"anyOf": [{"type": "STRING"}], "nullable": True},
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
        ),
        ({"ref": "#/defs/a", "nullable": True}, {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}),
        ({"defs": {"a": {"type": "OBJECT"}}}, {"$defs": {"a": {"type": "object"}}}),
        ({"type": "ARRAY", "items": {"type": "NUMBER"}}, {"type": "array", "items": {"type": "number"}}),
        ({"minItems": "2", "max_length": "30"}, {"minItems": 2, "maxLength": 30}),
        ({"any_of": [{"type": "NULL"}]}, {"anyOf": [{"type": "null"}]}),
        # A member may be called like a keyword, and an example may look like a schema.
        (
            {"type": "OBJECT", "properties": {"type": {"type": "STRING"}, "nullable": {"type": "BOOLEAN"}}},
            {"type": "object", "properties": {"type": {"type": "string"}, "nullable": {"type": "boolean"}}},
        ),
        ({"example": {"type": "STRING"}}, {"example": {"type": "STRING"}}),
        ({"propertyOrdering": ["a"], "format": "int32"}, {"propertyOrdering": ["a"], "format": "int32"}),
    ],
)
def test_it_says_the_same(schema: Any, expected: Any) -> None:
    given = repr(schema)
    assert to_json_schema(schema) == expected
    assert repr(schema) == given


@pytest.mark.parametrize("value", [None, "a"])
def test_null_is_let_in_by_nullable_and_nothing_else_is(value: Any) -> None:
    assert validator_for(to_json_schema({"type": "STRING", "enum": ["a"], "nullable": True}))(value).valid
    assert not validator_for(to_json_schema({"type": "STRING", "enum": ["a"], "nullable": True}))("b").valid


@pytest.mark.parametrize("schema", [{"type": 3}, {"items": 3}, {"anyOf": {}}, {"properties": []}, {"ref": 1}])
def test_what_is_wrong_stays_wrong_and_breaks_nothing(schema: Any) -> None:
    assert isinstance(to_json_schema(schema), dict)
