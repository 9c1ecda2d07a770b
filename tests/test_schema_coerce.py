"""Coercions: only where the schema wants another type, only without loss, and each one told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from partialjson.schema import Coercion, SchemaFault, coercing, validator_for
from tests.test_schema_generator import schemas, values


class Line(BaseModel):
    a: int


class Order(BaseModel):
    lines: list[Line] = []
    line: Line | None = None
    names: dict[str, str] = {}


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    a: int = 0
    b: bool = False
    c: float = 0.0


def integer(name: str) -> Any:
    return {"type": "object", "properties": {name: {"type": "integer"}}}


@pytest.mark.parametrize(
    ("tool", "before", "after", "paths"),
    [
        (integer("a"), {"a": "28"}, {"a": 28}, [("a",)]),
        (integer("a"), {"a": "-7"}, {"a": -7}, [("a",)]),
        ({"type": "number"}, "1.50", 1.5, [()]),
        ({"type": "number"}, "1e3", 1000.0, [()]),
        ({"type": "number"}, "3", 3, [()]),
        ({"type": "boolean"}, "True", True, [()]),
        ({"items": {"type": "boolean"}}, ["true", False, "False"], [True, False, False], [(0,), (2,)]),
        ({"type": ["object", "null"]}, '{"a": [1]}', {"a": [1]}, [()]),
        ({"type": "array"}, "[1]", [1], [()]),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "28", 28, [()]),
        ({"oneOf": [{"type": "boolean"}, {"type": "integer"}]}, "28", 28, [()]),
        ({"anyOf": [integer("a"), {"type": "null"}]}, {"a": "28"}, {"a": 28}, [("a",)]),
        # What was read from a string holds another string to be read.
        ({"properties": {"o": integer("a")}}, {"o": {"a": "1"}}, {"o": {"a": 1}}, [("o", "a")]),
        (integer("a"), '{"a": "1"}', {"a": 1}, [(), ("a",)]),
        (Order, {"lines": '[{"a": 1}]'}, Order(lines=[Line(a=1)]), [("lines",)]),
        (
            Order,
            {"line": {"a": "1"}, "lines": ['{"a": "2"}']},
            Order(lines=[Line(a=2)], line=Line(a=1)),
            [("lines", 0)],
        ),
        (Order, '{"names": "{}"}', Order(), [(), ("names",)]),
        (Strict, {"a": "1", "b": "true", "c": "0.5"}, Strict(a=1, b=True, c=0.5), [("a",), ("b",), ("c",)]),
    ],
)
def test_what_is_read_and_told(tool: Any, before: Any, after: Any, paths: list[Any]) -> None:
    given = json.dumps(before)
    verdict = coercing(validator_for(tool))(before)
    assert verdict.valid, verdict.errors
    assert verdict.value == after
    assert type(verdict.value) is type(after)
    assert [coercion.path for coercion in verdict.coercions] == paths
    assert json.dumps(before) == given


def test_a_coercion_tells_what_was_and_what_became() -> None:
    assert coercing(validator_for(integer("a")))({"a": "28"}).coercions == (Coercion(("a",), "28", 28),)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, text)
        for text in [
            "028",
            " 28",
            "28 ",
            "+28",
            "28.0",
            "2e1",
            "-0",
            "0x1c",
            "1_000",
            "",
            "x",
            "9" * 5_000,
            "\u0662",
        ]
    ]
    + [
        ({"type": "number"}, text)
        for text in ["0.1000000000000000055511151231", "1e400", "NaN", "Infinity", ".5"]
    ]
    + [({"type": "boolean"}, text) for text in ["TRUE", "yes", "1", "", " true"]]
    + [
        ({"type": "object"}, text)
        for text in [
            '{"a": 1, "a": 2}',
            '{"a": 1',
            "{'a': 1}",
            '{"a": "\\ud800"}',
            "[1]",
            '{"a": NaN}',
            "{} x",
            "[" * 500,
        ]
    ]
    + [
        ({"type": "null"}, "null"),
        ({"type": "string"}, 28),
        ({"type": "integer"}, 2.5),
        ({"type": "integer", "minimum": 30}, "28"),
        ({"enum": [28]}, "28"),
        ({"properties": {"a": {"type": "integer"}}, "required": ["b"]}, {"a": "28"}),
        ({"anyOf": [{"type": "integer"}, {"type": "array"}], "maxLength": 1}, "28"),
        # Two readings would do: each of them is a guess.
        ({"anyOf": [integer("a"), integer("b")], "required": ["b"]}, {"a": "1", "b": "2"}),
    ],
)
def test_what_loses_something_or_does_not_help_is_not_made(schema: Any, value: Any) -> None:
    plain = validator_for(schema)(value)
    verdict = coercing(validator_for(schema))(value)
    assert not verdict.valid
    assert verdict.value is value
    assert verdict.coercions == ()
    assert [error.message for error in verdict.errors] == [error.message for error in plain.errors]


@given(schemas(), values(), st.booleans())
def test_what_is_valid_stays_as_it_is_and_what_is_coerced_is_valid(
    schema: Any, value: Any, as_text: bool
) -> None:
    value = json.dumps(value) if as_text else value
    try:
        validate = validator_for(schema)
        plain, verdict = validate(value), coercing(validate)(value)
    except SchemaFault:
        return
    if plain.valid:
        assert verdict.value is value
        assert verdict.coercions == ()
    if verdict.valid:
        assert validate(verdict.value).valid
    else:
        assert verdict.value is value
    assert bool(verdict.coercions) is (verdict.valid and not plain.valid)
