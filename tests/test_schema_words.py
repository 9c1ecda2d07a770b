"""What a model is told: short, exact, and safe to print."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.schema.words import WORDS, Unread, advice, names, short
from tests.test_schema_generator import values


@given(values() | st.text() | st.integers() | st.floats())
def test_a_value_is_quoted_in_32_printable_characters(value: Any) -> None:
    text = short(value)
    assert len(text) <= 32
    assert text.isascii()
    assert text.isprintable()


@given(st.lists(st.text()))
def test_so_are_names(members: list[str]) -> None:
    text = names(members)
    assert len(text) <= 32
    assert text.isascii()
    assert text.isprintable() or not text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a" * 40, '"' + "a" * 28 + "..."),
        ("a" * 30, '"' + "a" * 30 + '"'),
        ("", '""'),
        (Unread(), "a string"),
        ({"a": 1}, "an object"),
        ([1], "an array"),
        (None, "null"),
        (True, "true"),
        ("\x1b[31m", '"\\u001b[31m"'),
    ],
)
def test_how_a_value_is_quoted(value: Any, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize("keyword", WORDS)
def test_every_row_can_be_filled_in(keyword: str) -> None:
    assert "{" not in advice(keyword, ["{expected}"], "value").replace("{expected}", "")


@pytest.mark.parametrize(
    ("keyword", "expected", "value", "text"),
    [
        ("type", ["integer", "null"], "three", 'must be of type "integer", "null", not "three"'),
        ("enum", ["c", "f"], "k", 'must be one of "c", "f", not "k"'),
        (
            "anyOf",
            [{"type": "integer"}, {"type": ["null", "array"]}],
            "x",
            'must be of type "integer", "null", "array", not "x"',
        ),
        (
            "anyOf",
            [{"type": "string"}, {"type": "null"}],
            "x",
            "must match one of the alternatives given in 'anyOf'",
        ),
        (
            "anyOf",
            [{"type": "integer"}, {"minimum": 3}],
            "x",
            "must match one of the alternatives given in 'anyOf'",
        ),
        (
            "oneOf",
            [{"type": "integer"}, True],
            "x",
            "must match exactly one of the alternatives given in 'oneOf'",
        ),
        ("maximum", 5, 6, "must be at most 5, not 6"),
        ("x-own", 1, 2, "breaks the rule 'x-own'"),
    ],
)
def test_the_words(keyword: str, expected: Any, value: Any, text: str) -> None:
    assert advice(keyword, expected, value) == text


def test_a_long_list_in_the_schema_is_cut() -> None:
    assert len(advice("enum", [f"value {n}" for n in range(1000)], "x")) < 260
