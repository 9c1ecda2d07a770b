"""`frozen` is equality as JSON Schema means it; `nodes` is every node."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from partialjson.schema.values import frozen, nodes
from tests.test_schema_generator import values


@given(values(), values())
def test_values_are_equal_just_when_const_says_so(one: Any, other: Any) -> None:
    assert (frozen(one) == frozen(other)) is Draft202012Validator({"const": one}).is_valid(other)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ([1], [True], False),
        ({"a": 0}, {"a": False}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1.0}, True),
        ([], {}, False),
        ([], "", False),
        (None, False, False),
        (10**20, 1e20, True),
        (2**53 + 1, float(2**53), False),
        (Decimal("0.5"), 0.5, True),
    ],
)
def test_numbers_and_booleans_do_not_mix(one: Any, other: Any, equal: bool) -> None:
    assert (frozen(one) == frozen(other)) is equal


def test_what_is_no_json_value_is_refused() -> None:
    with pytest.raises(TypeError, match="set is no JSON value"):
        frozen([{1}])


@given(values())
def test_every_node_is_found_before_what_it_holds(value: Any) -> None:
    found = nodes(value)
    assert found[0] is value
    assert len(found) == 1 + json.dumps(value, separators=(";", ":")).count(";") + sum(
        1 for node in found if isinstance(node, dict | list) and node
    )


def test_depth_is_no_matter() -> None:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    assert len(nodes(value)) == 100_001
