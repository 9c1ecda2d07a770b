"""References stay in the document, and what goes round in circles is known before the first value."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from hypothesis import given

from partialjson.schema import SchemaFault
from partialjson.schema.references import References, referred
from tests.test_schema_generator import schemas

TREE = {"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"allOf": [{"type": "integer"}, {"$ref": "#"}]},
        {"anyOf": [{"type": "integer"}, {"$ref": "#"}]},
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}},
        {"properties": {"a": {"if": {"$ref": "#/properties/a"}}}},
        {"dependentSchemas": {"a": {"$ref": "#"}}},
        {"$dynamicAnchor": "node", "oneOf": [{"$dynamicRef": "#node"}]},
        {"$id": "https://example.com/a", "then": {"$ref": "a"}},
    ],
)
def test_a_circle_is_refused(schema: Any) -> None:
    with pytest.raises(SchemaFault) as fault:
        References(schema).check_cycles(References(schema).reachable())
    assert fault.value.reason == "depth"


@pytest.mark.parametrize(
    "schema",
    [
        True,
        TREE,
        {"items": {"$ref": "#"}},
        {"allOf": [TREE, TREE], "$defs": {"x": TREE}},
        {
            "$defs": {"a": {"$ref": "#/$defs/b"}, "b": True},
            "anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}],
        },
        {"const": {"$ref": "#"}},
        {"properties": {"$ref": {"$ref": "#"}}},
    ],
)
def test_a_tree_is_no_circle(schema: Any) -> None:
    References(schema).check_cycles(References(schema).reachable())


def test_a_tree_unfolds_without_end_and_a_document_does_not() -> None:
    assert len(list(islice(References(TREE).unfolded(), 1_000))) == 1_000
    assert [contents for contents, _ in References(TREE).reachable()] == [TREE, {"$ref": "#"}, {"$ref": "#"}]


@given(schemas())
def test_every_reference_of_a_document_that_is_no_circle_is_found(schema: Any) -> None:
    for contents, resolver in References(schema).reachable():
        assert len(referred(contents, resolver)) == len({"$ref", "$dynamicRef"} & set(contents))


@pytest.mark.parametrize(
    "reference", ["#/nowhere", "#nobody", "https://example.com/", "#/%zz", "#/enum/x", "#/enum/0", "http://["]
)
def test_a_reference_that_leads_nowhere_is_named(reference: str) -> None:
    with pytest.raises(SchemaFault, match="leads nowhere") as fault:
        References({"$ref": reference, "enum": [1]}).reachable()
    assert fault.value.reason == "reference"
    assert repr(reference) in str(fault.value)
