"""With the extra `fast`, the verdict is the same as without."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from partialjson.schema import fast
from tests.test_schema_generator import schemas, values

jsonschema_rs = pytest.importorskip("jsonschema_rs", reason="the extra `fast` is not installed")

ODD = st.sampled_from(
    [2**53, 2**53 + 1, float("nan"), float("inf"), "\ud800", -0.0, 1e308, 10**400, (1,), 1.0]
)


@given(
    schemas(first=None)
    | st.sampled_from(sorted(fast.ALIKE & {"enum", "const", "type", "minimum", "oneOf"})).flatmap(
        lambda name: schemas(1, name)
    ),
    values() | ODD | st.lists(ODD),
)
@example({"minimum": 1e30}, 10**30)
@example({"type": "null"}, float("nan"))
@example({"const": 2**53 + 1}, 2**53)
def test_what_it_accepts_jsonschema_accepts(schema: Any, value: Any) -> None:
    accept = fast.acceptor(schema)
    if accept is not None and accept(value):
        assert Draft202012Validator(schema, registry=Registry()).is_valid(value)


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": r"\d"},
        {"properties": {"a": {"multipleOf": 0.1}}},
        {"$ref": "#"},
        {"enum": [2**53 + 1]},
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        {"$id": "https://example.com/"},
        {"anyOf": [{"$dynamicRef": "#"}]},
    ],
)
def test_where_they_might_differ_it_is_not_asked(schema: Any) -> None:
    assert fast.acceptor(schema) is None


def test_it_is_asked_about_an_ordinary_schema() -> None:
    schema = {
        "$defs": {"line": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}}},
        "type": "object",
        "properties": {
            "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
            "unit": {"enum": ["c", "f"]},
        },
        "required": ["lines"],
        "additionalProperties": False,
    }
    accept = fast.acceptor(schema)
    assert accept is not None
    assert accept({"lines": [{"n": 1}], "unit": "c"})
    assert not accept({"lines": [{"n": -1}]})
