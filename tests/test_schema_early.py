"""Promise 15: an early violation is certain, and comes as early as the keyword allows.

The rows of `data/schema/keywords.json` say for each keyword after how many characters (`at`) a text is
known to be wrong, or that it never is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partialjson.dialects import LENIENT, STRICT
from partialjson.edits import Done, Edit, Grow, Put, Reset
from partialjson.limits import Limits
from partialjson.parser import Parser
from partialjson.schema import EarlyValidator, SchemaFault, Violation, coercing, validator_for
from partialjson.schema.early import DONE, GROW, PUT, REPORTED, RESET
from tests.test_schema_generator import schemas, values

ROWS = json.loads((Path(__file__).parent / "data" / "schema" / "keywords.json").read_text("utf-8"))


def edits(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Edit]:
    """What the parser says of a value, the strings one character at a time: the specification."""
    if isinstance(value, str):
        yield Put(path, "")
        yield from (Grow(path, character) for character in value)
        yield Done(path)
    elif isinstance(value, dict | list):
        yield Put(path, type(value)())
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from edits(inner, (*path, step))
        yield Done(path)
    else:
        yield Put(path, value)


def told(early: EarlyValidator, pieces: Iterable[str], dialect: Any = STRICT) -> list[Violation]:
    """The same from the parser's own log."""
    parser = Parser(dialect)
    tell = early.watch(parser)
    found: list[Violation] = []
    for piece in pieces:
        parser.feed(piece)
        found += tell()
    parser.close()
    return [*found, *tell()]


def watched(early: EarlyValidator, pieces: Iterable[str], dialect: Any = STRICT) -> list[Violation]:
    """All violations of a text that comes in pieces."""
    parser = Parser(dialect)
    parser.edits()
    found, read = [], 0
    for piece in pieces:
        parser.feed(piece)
        read += len(piece)
        found += early.feed(parser.edits(), read)
    parser.close()
    return found + early.feed(parser.edits(), read)


@given(schemas() | schemas(modern=False), values(10))
def test_15_what_is_reported_is_invalid_and_what_is_invalid_is_reported(schema: Any, value: Any) -> None:
    try:
        early, validate = EarlyValidator(schema), validator_for(schema)
    except SchemaFault:
        return
    found = early.feed(list(edits(value)))
    valid = validate(value).valid
    assert bool(found) is not valid


@given(schemas() | schemas(modern=False), values(10), st.integers(1, 9), st.sampled_from([STRICT, LENIENT]))
def test_the_parsers_log_tells_what_its_edits_tell(schema: Any, value: Any, most: int, dialect: Any) -> None:
    text = json.dumps(value)
    pieces = [text[start : start + most] for start in range(0, len(text), most)]
    try:
        one, other = EarlyValidator(schema), EarlyValidator(schema)
    except SchemaFault:
        return
    assert told(one, pieces, dialect) == watched(other, pieces, dialect)


def test_the_kinds_of_entries_are_the_machines_own() -> None:
    tree = import_module("partialjson._machine.tree")
    assert (PUT, GROW, DONE, RESET) == (tree.PUT, tree.GROW, tree.DONE, tree.RESET)


def test_what_a_parser_has_read_before_is_watched_too() -> None:
    parser = Parser()
    parser.feed('{"a": "x')
    tell = EarlyValidator({"properties": {"a": {"enum": ["xyz"]}, "b": False}}).watch(parser)
    assert list(tell()) == []
    parser.feed("z")
    assert [(each.keyword, each.offset) for each in tell()] == [("enum", 9)]
    parser.feed('", "b": 1')
    parser.feed("}")
    assert [(each.keyword, each.offset) for each in tell()] == [("false", 19)]


def test_where_nothing_is_asked_nothing_is_recorded() -> None:
    parser = Parser()
    tell = EarlyValidator({"title": "anything"}).watch(parser)
    parser.feed("[1, 2")
    assert not tell()
    assert not parser._machine.recording


def test_after_its_last_word_the_log_is_emptied_all_the_same() -> None:
    parser = Parser()
    tell = EarlyValidator({"properties": {"a": {"type": "integer"}}}).watch(parser)
    for piece in ('{"a": 1, ', '"a": 2, ', '"b": [1, ', '2], "a": ""}'):
        parser.feed(piece)
        assert not tell()
        assert not parser._machine.log


@given(schemas(), values(10), st.booleans())
@example({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "28", True)
@example({"type": "object"}, '{"a": 1}', True)
def test_15_it_holds_for_a_verdict_with_coercions(schema: Any, value: Any, as_text: bool) -> None:
    value = json.dumps(value) if as_text else value
    try:
        early, validate = EarlyValidator(schema, coerced=True), coercing(validator_for(schema))
        verdict = validate(value)
    except SchemaFault:
        return
    found = early.feed(list(edits(value)))
    assert not (verdict.valid and found), found


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['keyword']}: {row['text'][:40]}" for row in ROWS])
def test_each_keyword_is_reported_when_it_should_be(row: dict[str, Any]) -> None:
    schema, text = row["schema"], row["text"]
    found = watched(EarlyValidator(schema), text)
    assert bool(found) is (row["at"] is not None)
    if "my-draft" not in json.dumps(schema):
        assert validator_for(schema)(json.loads(text)).valid is (not found)
    if found:
        first = found[0]
        assert (first.offset, first.keyword, first.pointer) == (row["at"], row["reported"], row["pointer"])
        assert first.advice.isascii()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['keyword']}: {row['text'][:40]}" for row in ROWS])
def test_the_cut_changes_nothing_but_the_offset(row: dict[str, Any]) -> None:
    def told(found: list[Violation]) -> list[Any]:
        return [(each.path, each.keyword, each.schema_path, each.message) for each in found]

    schema, text = row["schema"], row["text"]
    expected = sorted(map(repr, told(watched(EarlyValidator(schema), text))))
    random = Random(text)
    for most in (2, 5, len(text)):
        pieces, start = [], 0
        while start < len(text):
            pieces.append(text[start : start + random.randint(1, most)])
            start += len(pieces[-1])
        assert sorted(map(repr, told(watched(EarlyValidator(schema), pieces)))) == expected


def test_a_violation_tells_where_in_the_value_and_in_the_schema() -> None:
    schema = {"$defs": {"line": {"properties": {"n": {"maximum": 5}}}}, "items": {"$ref": "#/$defs/line"}}
    (violation,) = watched(EarlyValidator(schema), '[{"n": 1}, {"n": 6}]')
    assert violation.message == violation.advice
    assert violation.path == (1, "n")
    assert violation.schema_path == ("$defs", "line", "properties", "n", "maximum")
    assert violation.message == "must be at most 5, not 6"
    assert violation.offset == 19
    assert violation.cause is None


def test_all_that_is_wrong_is_reported_once() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer", "enum": [1]}}, "required": ["b"]}
    found = watched(EarlyValidator(schema), '{"a":"xyz"}')
    assert [each.keyword for each in found] == ["type", "enum", "required"]


@pytest.mark.parametrize(
    ("schema", "text", "message"),
    [
        ({"type": "integer"}, '"three"', 'must be of type "integer", not a string'),
        ({"enum": ["c", "f"]}, '"k"', 'must be one of "c", "f", not "k"'),
        ({"required": ["a"]}, "{}", "'a' is a required property"),
        ({"additionalProperties": False}, '{"b":1}', 'must not have the member "b"'),
        ({"prefixItems": [True], "items": False}, "[1,2]", "must not have the item 1"),
        (
            {"propertyNames": {"maxLength": 1}},
            '{"ab":1}',
            'has the member name "ab", which must have at most 1 characters',
        ),
        (
            {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "[]",
            'must be of type "integer", "null", not an array',
        ),
        (
            {"anyOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"a": {"const": 2}}}]},
            '{"a":3}',
            "matches no alternative: '/a' must be 2, not 3",
        ),
    ],
)
def test_the_words(schema: Any, text: str, message: str) -> None:
    assert [each.message for each in watched(EarlyValidator(schema), text)] == [message]


def test_a_message_quotes_little_of_the_value() -> None:
    name = "\x1b[2J" + "secret" * 100
    (violation,) = watched(EarlyValidator({"additionalProperties": False}), json.dumps({name: 1}))
    assert "\x1b" not in violation.message
    assert len(violation.message) < 70


def test_after_a_repeated_name_it_is_silent() -> None:
    schema = {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
    assert watched(EarlyValidator(schema), '{"a":1,"a":2,"b":"x"}') == []
    early = EarlyValidator(schema)
    assert early.feed([Put((), {}), Put(("a",), 1), Reset(("a",)), Put(("a",), "")]) == []


def test_a_wrong_value_that_a_repetition_puts_right_was_reported() -> None:
    """The price of being early: promise 15 speaks of texts without repeated names."""
    schema = {"properties": {"a": {"type": "integer"}}}
    text = '{"a":"x","a":1}'
    assert [each.keyword for each in watched(EarlyValidator(schema), text)] == ["type"]
    assert validator_for(schema)(json.loads(text)).valid


def test_reports_are_counted() -> None:
    early = EarlyValidator({"items": {"type": "string"}})
    assert len(early.feed(list(edits(list(range(1_000)))))) == REPORTED
    assert early.feed([Put((0,), 1)]) == []


def test_alternatives_that_explode_are_given_up() -> None:
    definitions: dict[str, Any] = {
        str(n): {"oneOf": [{"$ref": f"#/$defs/{n + 1}"}, {"minProperties": 1, "$ref": f"#/$defs/{n + 1}"}]}
        for n in range(20)
    }
    definitions["20"] = {"required": ["y"]}
    early = EarlyValidator(
        {"properties": {"x": {"$ref": "#/$defs/0"}}, "required": ["z"], "$defs": definitions}
    )
    assert early.feed(list(edits({"x": {"a": 1}}))) == []


@pytest.mark.parametrize(
    ("schema", "opening"),
    [
        ({"items": {"uniqueItems": True}}, "["),
        (
            {
                "$defs": {
                    "a": {
                        "dependentSchemas": {"a": {"properties": {"a": {"$ref": "#/$defs/a"}}}},
                        "type": "object",
                    }
                },
                "$ref": "#/$defs/a",
            },
            '{"a":',
        ),
    ],
    ids=["equal items", "branches in branches"],
)
def test_what_is_too_deep_for_its_schema_is_left_to_the_end(schema: Any, opening: str) -> None:
    depth = 5_000
    parser = Parser(LENIENT, limits=Limits.none())
    tell = EarlyValidator(schema).watch(parser)
    parser.feed(opening * depth + "[1, 1]")
    assert not tell()
    parser.feed(("]" if opening == "[" else "}") * depth)
    assert not tell()
    assert not tell()
    with pytest.raises(SchemaFault):
        validator_for(schema)(parser.close().value)


@pytest.mark.parametrize("value", [{"a": 1}, "x", 1, None])
@pytest.mark.parametrize("tool", [True, {}, lambda value: value, {"title": "anything"}])
def test_a_tool_that_asks_nothing_reports_nothing(tool: Any, value: Any) -> None:
    assert EarlyValidator(tool).feed(list(edits(value))) == []


def test_a_function_with_parameters_is_watched_and_never_called() -> None:
    def get_weather(city: str, days: int = 1) -> None:
        pytest.fail("a tool was called")

    found = watched(EarlyValidator(get_weather), '{"town": "Oslo", "days": []}')
    assert [(each.keyword, each.pointer) for each in found] == [
        ("additionalProperties", ""),
        ("type", "/days"),
        ("required", ""),
    ]


@pytest.mark.parametrize("tool", [{"type": "str"}, {"$ref": "#"}, {"$ref": "http://127.0.0.1:9/"}])
def test_a_schema_that_cannot_be_used_is_a_fault_at_once(tool: Any) -> None:
    with pytest.raises(SchemaFault):
        EarlyValidator(tool)


def test_it_reads_what_a_forgiving_parser_makes_of_a_text() -> None:
    schema = {"properties": {"a": {"type": "integer"}, "b": {"enum": ["x"]}}, "additionalProperties": False}
    text = "Sure!\n```json\n{a: 'oops', b: 'x', c: 1}\n```"
    found = watched(EarlyValidator(schema), text, LENIENT)
    assert [(each.keyword, each.pointer) for each in found] == [("type", "/a"), ("additionalProperties", "")]


@pytest.mark.parametrize("numbers", ["decimal", complex, lambda text: [text]])
def test_numbers_of_other_types_are_not_judged(numbers: Any) -> None:
    schema = {
        "items": {
            "multipleOf": 0.5,
            "maximum": 1,
            "not": {"minimum": 5},
            "oneOf": [{"minimum": 1}, {"maximum": 9}],
        },
        "uniqueItems": True,
    }
    parser = Parser(STRICT, numbers=numbers)
    parser.edits()
    parser.feed("[1.5, 7.25]")
    EarlyValidator(schema).feed(parser.edits())


@pytest.mark.parametrize(
    "schema",
    [
        {"contains": {"minimum": 5}, "minContains": 0, "maxContains": 1},
        {"not": {"items": {"minimum": 5}}},
        {"oneOf": [{"items": {"minimum": 5}}, {"items": {"maximum": 3}}]},
        {"if": {"items": {"minimum": 5}}, "then": False},
        {"items": {"not": {"minimum": 5}}},
    ],
)
def test_what_was_not_judged_is_not_held_to_be_valid(schema: Any) -> None:
    parser = Parser(STRICT, numbers="decimal")
    tell = EarlyValidator(schema).watch(parser)
    parser.feed("[1.5, 2.5]")
    assert not tell()
    assert validator_for(schema)(parser.value).valid


@pytest.mark.parametrize("numbers", [str, lambda text: [text], lambda text: {text: None}])
def test_a_number_read_as_something_else_holds_nothing(numbers: Any) -> None:
    schema = {"properties": {"a": {"maxItems": 3}, "b": {"type": "integer"}}, "required": ["c"]}
    parser = Parser(STRICT, numbers=numbers)
    tell = EarlyValidator(schema).watch(parser)
    parser.feed('{"a": [1.5, 2.5], "b": ["x"]}')
    assert [(each.keyword, each.pointer) for each in tell()] == [("type", "/b"), ("required", "")]


def test_the_edits_it_was_given_are_left_as_they_were() -> None:
    given_edits = list(edits({"a": [1, {"b": 2}]}))
    before = repr(given_edits)
    EarlyValidator({"unevaluatedProperties": False, "properties": {"a": {"uniqueItems": True}}}).feed(
        given_edits
    )
    assert repr(given_edits) == before


def test_compiled_schemas_are_cached_and_validators_independent() -> None:
    schema = {"properties": {"a": {"enum": ["x"]}}}
    one, other = EarlyValidator(schema), EarlyValidator(json.loads(json.dumps(schema)))
    one.feed([Put((), {}), Put(("a",), ""), Grow(("a",), "x")])
    other.feed([Put((), {}), Put(("a",), "")])
    assert [each.keyword for each in other.feed([Grow(("a",), "y")])] == ["enum"]
    assert one.feed([Done(("a",)), Done(())]) == []
