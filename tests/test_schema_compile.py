"""From a schema to plans: what is shared, what is dropped, and what is given up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from partialjson.schema import bounded, compile
from partialjson.schema.compile import PLANS, Document
from partialjson.schema.plan import ANYTHING, KINDS, REMEMBERED

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"


def document(schema: Any, *, formats: bool = False) -> Document:
    return compile.document(bounded.source(schema), formats)


def asks(schema: Any) -> set[str]:
    """The kinds of value of which the schema asks anything."""
    plan = document(schema).root
    return {KINDS[kind][0] for kind in KINDS if plan is not None and plan[kind] is not None}


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [
        (True, set()),
        ({}, set()),
        ({"title": "x", "default": 1, "$comment": "y"}, set()),
        ({"minLength": 1}, {"string"}),
        ({"minimum": 1}, {"integer", "number"}),
        ({"required": ["a"]}, {"object"}),
        ({"anyOf": [{"type": "string"}, True]}, set()),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            {"object", "array", "integer", "number", "boolean"},
        ),
        ({"type": ["object", "array", "string", "number", "boolean", "null"]}, set()),
        ({"not": False}, set()),
        ({"if": False, "then": False}, set()),
        ({"if": {"minLength": 1}, "then": {"minimum": 1}}, {"integer", "number"}),
        ({"uniqueItems": False, "dependentSchemas": {"a": True}}, set()),
        ({"$defs": {"a": {"type": "string"}}}, set()),
    ],
)
def test_where_nothing_is_asked_there_are_no_rules(schema: Any, kinds: set[str]) -> None:
    assert asks(schema) == kinds


def test_alternatives_that_the_kind_of_value_leaves_alone_are_no_alternatives() -> None:
    plan = document({"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]}).root
    assert plan is not None
    rules = plan[dict]
    assert rules is not None
    assert rules.choices == []
    assert [wanted for _, wanted, _ in rules.required] == [["a"]]


def test_the_same_schemas_are_one_plan() -> None:
    line = {"$ref": "#/$defs/line"}
    schema = {
        "$defs": {"line": {"type": "object"}},
        "properties": {"a": line, "b": {"items": line}, "c": {"allOf": [line]}},
    }
    made = document(schema)
    assert made.root is not None
    rules = made.root[dict]
    assert rules is not None
    one, other = rules.children["a"], rules.children["a"]
    assert one is other


def test_documents_are_cached_by_content() -> None:
    schema = {"type": "object", "required": ["a"]}
    assert document(schema) is document(json.loads(json.dumps(schema)))
    assert document(schema) is not document(schema, formats=True)


@pytest.mark.parametrize(
    ("schema", "exact"),
    [
        ({"type": "object"}, True),
        ({"unevaluatedProperties": False}, True),
        ({"$dynamicAnchor": "a", "items": {"$dynamicRef": "#a"}}, True),
        (
            {
                "$id": "https://example.com/a",
                "$dynamicAnchor": "a",
                "items": {"$dynamicRef": "#a"},
                "$defs": {"b": {"$id": "b", "$dynamicAnchor": "a"}},
            },
            False,
        ),
        ({"$schema": "https://json-schema.org/draft/2019-09/schema", "items": {"$recursiveRef": "#"}}, False),
    ],
)
def test_what_is_decided_exactly(schema: Any, exact: bool) -> None:
    assert document(schema).exact is exact


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": DRAFT_4, "type": "object"},
        {"$schema": DRAFT_2020, "$defs": {"a": {"$schema": DRAFT_7, "$id": "b"}}, "type": "object"},
        {"$ref": DRAFT_2020},
    ],
)
def test_what_is_not_decided_in_advance(schema: Any) -> None:
    assert document(schema).root is None
    assert not document(schema).exact


def test_what_is_remembered_is_bounded() -> None:
    plan = document(
        {"patternProperties": {"^a": {"type": "string"}}, "additionalProperties": {"type": "null"}}
    ).root
    assert plan is not None
    rules = plan[dict]
    assert rules is not None
    for number in range(2 * REMEMBERED):
        assert rules.children[f"a{number}"] is not ANYTHING
    assert len(rules.children) == REMEMBERED


def test_plans_are_bounded_and_what_is_beyond_makes_the_document_inexact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert PLANS > 1_000
    monkeypatch.setattr(compile, "PLANS", 3)
    made = Document({"properties": {name: {"minLength": 1} for name in "abcdef"}})
    assert made.root is not None
    rules = made.root[dict]
    assert rules is not None
    plans = [rules.children[name] for name in "abcdef"]
    assert plans[-1] is ANYTHING
    assert plans[0] is not ANYTHING
    assert not made.exact
