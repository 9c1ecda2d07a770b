"""Promise 16 for JSON Schema: jsonschema's own verdict and errors; and never for long, and never a socket."""

from __future__ import annotations

import json
import socket
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from partialjson.schema import SchemaFault, validator_for
from partialjson.schema.meter import STEPS
from partialjson.schema.references import References
from tests.test_schema_generator import errors_of, schemas, values

BOUND = 5.0
"""Seconds; what is measured here takes at most one, and would take minutes or for ever."""


@given(schemas() | schemas(modern=False), values())
@example({"$ref": "#"}, 1)
@example({"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#"}, 1)
def test_16_verdict_and_errors_are_jsonschemas_own(schema: Any, value: Any) -> None:
    errors = errors_of(schema, value)
    try:
        verdict = validator_for(schema)(value)
    except SchemaFault:  # it goes round in circles, if not with this value
        with pytest.raises(SchemaFault, match="leads back"):
            References(schema).check_cycles(References(schema).reachable())
        return
    assert errors is not None
    assert verdict.valid is (not errors)
    assert verdict.value is value
    assert [told(violation.cause) for violation in verdict.errors] == [told(error) for error in errors]
    for violation, error in zip(verdict.errors, errors, strict=True):
        assert violation.path == tuple(error.absolute_path)
        assert violation.schema_path == tuple(error.absolute_schema_path)
        assert violation.message == error.message
        assert violation.keyword == (error.validator or "false")


def told(error: Any) -> tuple[Any, ...]:
    """All that a jsonschema error tells."""
    names = ("validator", "validator_value", "instance", "schema", "cause")
    paths = (list(error.absolute_path), list(error.absolute_schema_path))
    return (
        error.message,
        *paths,
        *(getattr(error, name) for name in names),
        [told(one) for one in error.context],
    )


def test_the_schemas_own_draft_is_respected() -> None:
    schema = {"$schema": Draft7Validator.META_SCHEMA["$schema"], "items": [{"type": "string"}]}
    assert not validator_for(schema)([1]).valid
    assert validator_for(schema)(["a", 1]).valid
    with pytest.raises(SchemaFault) as fault:
        validator_for({"items": [{"type": "string"}]})
    assert fault.value.reason == "invalid"


def test_a_draft_named_deep_inside_stays_on_the_meter() -> None:
    schema = {
        "$schema": Draft202012Validator.META_SCHEMA["$schema"],
        "properties": {"a": {"$ref": "#"}},
        **bomb(),
    }
    with pytest.raises(SchemaFault) as fault:
        validator_for(schema)({"a": 1})
    assert fault.value.reason == "steps"


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://127.0.0.1:9/schema"},
        {"properties": {"a": {"$ref": "https://example.com/a.json#/b"}}},
        {"$ref": "#/nowhere"},
        {"$ref": "#/enum/7", "enum": [1]},
        {"$ref": "#/enum/x", "enum": [1]},
        {"$ref": "#/enum/0", "enum": [1]},
        {"$dynamicRef": "#nobody"},
        {"$id": "https://example.com/", "$ref": "other.json"},
    ],
)
def test_nothing_is_ever_fetched(schema: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        pytest.fail("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    with pytest.raises(SchemaFault) as fault:
        validator_for(schema)
    assert fault.value.reason == "reference"


@pytest.mark.parametrize(
    "hidden",
    [{"$ref": "http://127.0.0.1:9/"}, {"type": 3}, {"properties": {"a": {"$ref": "#/x-own/z"}}}, 3, ["a"]],
)
def test_what_only_a_reference_makes_a_schema_is_checked_too(hidden: Any) -> None:
    with pytest.raises(SchemaFault):
        validator_for({"$ref": "#/x-own/y", "x-own": {"y": hidden, "z": {"required": 3}}})


def bomb(fan: int = 3, height: int = 12) -> dict[str, Any]:
    definitions = {str(n): {"allOf": [{"$ref": f"#/$defs/{n + 1}"}] * fan} for n in range(height)}
    return {"$ref": "#/$defs/0", "$defs": {**definitions, str(height): {"type": "string"}}}


def nest(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    return value


SLOW = {
    "references that multiply": (bomb(), 1, "steps"),
    "references that multiply, with an error that quotes a long array each time": (
        bomb(),
        ["x"] * 10**6,
        "steps",
    ),
    "a reference to itself": ({"$ref": "#"}, 1, "depth"),
    "two references to each other": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        1,
        "depth",
    ),
    "a value too deep for Python": ({"properties": {"a": {"$ref": "#"}}}, nest(2_000), "depth"),
    "a pattern with back-references": ({"pattern": r"(.+)+\1$"}, "ab" * 5000, "pattern"),
    "a pattern with look-around": ({"pattern": r"^(?=(a+)+$)"}, "a" * 40 + "b", "pattern"),
    "names that unevaluatedProperties matches itself": (
        {"patternProperties": {"^(a+)+$": True}, "unevaluatedProperties": False},
        {"a" * 40 + "b": 1},
        "pattern",
    ),
}


def test_a_schema_that_was_changed_is_another_schema() -> None:
    schema: dict[str, Any] = {"properties": {"a": {"const": 1}}}
    assert validator_for(schema)({"a": 1}).valid
    schema["properties"]["a"]["const"] = True
    assert not validator_for(schema)({"a": 1}).valid
    schema["properties"]["a"]["const"] = 1.0
    assert validator_for(schema)({"a": 1}).valid


class Text(str):
    """Strings of other types are JSON too."""


@pytest.mark.parametrize(
    ("schema", "valid"),
    [({"const": Text("a")}, True), ({"enum": ("a", "b")}, True), ({Text("const"): "b"}, False)],
)
def test_a_schema_is_what_its_json_says(schema: Any, valid: bool) -> None:
    assert validator_for(schema)("a").valid is valid


@pytest.mark.parametrize("schema", [{"const": b"a"}, {"const": {1, 2}}, {"const": object()}, {"enum": [1j]}])
def test_what_is_no_json_is_no_schema(schema: Any) -> None:
    with pytest.raises(SchemaFault, match="JSON data"):
        validator_for(schema)


def test_a_schema_that_holds_itself_is_a_fault() -> None:
    schema: dict[str, Any] = {}
    schema["not"] = schema
    with pytest.raises(SchemaFault):
        validator_for(schema)


@pytest.mark.parametrize(("schema", "value", "reason"), SLOW.values(), ids=SLOW)
def test_what_would_take_for_ever_is_a_fault_in_bounded_time(schema: Any, value: Any, reason: str) -> None:
    start = time.process_time()
    with pytest.raises(SchemaFault) as fault:
        validator_for(schema)(value)
    assert fault.value.reason == reason
    assert time.process_time() - start < BOUND


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ({"uniqueItems": True}, [{"a": n} for n in range(20_000)], True),
        ({"uniqueItems": True}, [*({"a": n} for n in range(20_000)), {"a": 0.0}], False),
        ({"pattern": "^(a+)+$"}, "a" * 100_000 + "b", False),
        ({"pattern": "a+$"}, "a" * 100_000 + "b", False),
        ({"patternProperties": {"^(a+)+$": {"type": "null"}}}, {"a" * 40 + "b": 1, "a" * 40: None}, True),
        ({"patternProperties": {"^(a+)+$": {"type": "null"}}}, {"a" * 40: 1}, False),
        ({"patternProperties": {"^(a+)+$": True}, "additionalProperties": False}, {"a" * 40: 1}, True),
        ({"patternProperties": {"^(a+)+$": True}, "additionalProperties": False}, {"a" * 40 + "b": 1}, False),
        (
            {"patternProperties": {"^(a+)+$": True}, "additionalProperties": {"type": "null"}},
            {"a" * 40 + "b": 1},
            False,
        ),
        ({"items": {"type": "integer"}}, list(range(20_000)), True),
        ({"items": {"type": "string"}}, list(range(20_000)), False),
    ],
)
def test_what_need_not_take_long_gets_its_verdict(schema: Any, value: Any, valid: bool) -> None:
    start = time.process_time()
    assert validator_for(schema)(value).valid is valid
    assert time.process_time() - start < BOUND


@pytest.mark.parametrize("depth", [100, 127])
def test_a_value_as_deep_as_the_parser_allows_gets_its_verdict(depth: int) -> None:
    tree = {
        "anyOf": [{"properties": {"a": {"$ref": "#/$defs/tree"}}, "required": ["a"]}, {"type": "integer"}]
    }
    validate = validator_for({"$ref": "#/$defs/tree", "$defs": {"tree": tree}})
    assert validate(nest(depth)).valid


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "str"},
        {"type": 1},
        {"pattern": "("},
        {"pattern": "a{99999999999}"},
        {"required": "a"},
        {"properties": {"a": 1}},
        {"default": object()},
        {"default": {1, 2}},
    ],
)
def test_what_is_no_schema_is_a_fault_at_once(schema: Any) -> None:
    with pytest.raises(SchemaFault):
        validator_for(schema)


@pytest.mark.parametrize("key", ["properties", "default"])
def test_a_schema_too_deep_for_python_is_a_fault(key: str) -> None:
    schema: Any = {}
    for _ in range(100_000):
        schema = {key: {"a": schema}}
    with pytest.raises(SchemaFault) as fault:
        validator_for(schema)
    assert fault.value.reason == "depth"


def test_validators_are_cached_by_content_and_keep_their_own_copy() -> None:
    schema = {"type": "object", "required": ["a"]}
    validate = validator_for(schema)
    assert validator_for(json.loads(json.dumps(schema))) is validate
    schema["required"].append("b")  # type: ignore[attr-defined]
    assert validator_for(schema) is not validate
    assert validate({"a": 1}).valid


def test_equal_schemas_in_another_order_keep_their_own_order_of_errors() -> None:
    one = {"minimum": 3, "multipleOf": 2}
    other = {"multipleOf": 2, "minimum": 3}
    assert [error.keyword for error in validator_for(one)(1).errors] == ["minimum", "multipleOf"]
    assert [error.keyword for error in validator_for(other)(1).errors] == ["multipleOf", "minimum"]


def test_format_is_an_annotation_unless_asked_for() -> None:
    schema = {"format": "date"}
    assert validator_for(schema)("soon").valid
    assert [error.keyword for error in validator_for(schema, formats=True)("soon").errors] == ["format"]


def test_the_budget_grows_with_the_value() -> None:
    """A value that costs many steps only because it is large is no attack."""
    wide = {"items": {"anyOf": [{"const": n} for n in range(20)]}}
    assert validator_for(wide)([n % 20 for n in range(STEPS // 10)]).valid


@given(schemas(), values(), st.integers(0, 3))
def test_messages_to_the_model_are_short_and_safe(schema: Any, value: Any, junk: int) -> None:
    try:
        verdict = validator_for(schema)(value if junk else ["\x1b[31m" + "secret" * 100, value])
    except SchemaFault:
        return
    assert bool(verdict.message()) is not verdict.valid
    assert verdict.message().isascii() or not verdict.message()
    assert "\x1b" not in verdict.message()
    assert "secret" * 6 not in verdict.message()


@pytest.mark.parametrize("divisor", [0.5, 2, 3.0, 1e-308, 10**30])
@pytest.mark.parametrize(
    "number",
    [float("inf"), float("nan"), 10**400, -(10**400), 1e308, 7, 2.5, Decimal("1.5"), Decimal("1e400"), True],
)
def test_no_number_breaks_multiple_of(number: Any, divisor: Any) -> None:
    """A wire can carry all of them (`1e400` is read as infinity); jsonschema raises for some."""
    verdict = validator_for({"multipleOf": divisor})(number)
    try:
        expected = Draft202012Validator({"multipleOf": divisor}).is_valid(number)
    except (ArithmeticError, ValueError, TypeError):
        expected = number - number == 0 and Fraction(number) % Fraction(divisor) == 0
    assert verdict.valid is expected


def test_a_decimal_with_a_monstrous_exponent_is_a_fault() -> None:
    with pytest.raises(SchemaFault) as fault:
        validator_for({"multipleOf": 3})(Decimal("1e999999999"))
    assert fault.value.reason == "steps"
