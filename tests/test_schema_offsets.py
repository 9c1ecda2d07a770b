"""`located`: where in the raw text the values stand that a verdict complains of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from partialjson.dialects import STRICT
from partialjson.schema import Violation, located, validator_for
from partialjson.schema.offsets import PIECE
from tests.test_schema_generator import values


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path]
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        found += paths(inner, (*path, step))
    return found


@given(values(12), st.sampled_from([None, 1, "\t"]), st.integers(0, 2) | st.just(PIECE - 3))
def test_the_value_at_a_path_can_be_read_from_its_offset(value: Any, indent: Any, before: int) -> None:
    text = " " * before + json.dumps(value, indent=indent)
    for violation in located([Violation(path, "type", "") for path in paths(value)], text, STRICT):
        assert violation.offset is not None
        read, _ = json.JSONDecoder().raw_decode(text, violation.offset)
        expected = value
        for step in violation.path:
            expected = expected[step]
        assert read == expected
        assert type(read) is type(expected)


class Line(BaseModel):
    n: int


class Order(BaseModel):
    lines: list[Line]
    other: int | list[int] = 0


def test_the_errors_of_a_verdict() -> None:
    text = '{"lines": [{"n": 1}, {"n": "x"}, {}], "other": "y"}'
    verdict = validator_for(Order)(json.loads(text))
    found = located(verdict.errors, text)
    assert [(each.path, text[each.offset or 0 :][:4]) for each in found] == [
        (("lines", 1, "n"), '"x"}'),
        (("lines", 2, "n"), "{}],"),  # what is missing, is missing there
        (("other", "int"), '"y"}'),  # a branch of the union
        (("other", "list[int]"), '"y"}'),
    ]
    assert [each.cause for each in found] == [each.cause for each in verdict.errors]


def test_of_a_repeated_name_the_last_value_counts() -> None:
    (violation,) = located([Violation(("a",), "type", "")], '{"a": 1, "a": 2}')
    assert violation.offset == 14


@pytest.mark.parametrize("text", ["", "   ", "no value at all"])
def test_without_a_value_there_is_no_place(text: str) -> None:
    assert [each.offset for each in located([Violation(("a",), "type", "")], text)] == [None]


def test_a_text_that_stops_being_json_is_read_up_to_there() -> None:
    found = located(
        [Violation(("a",), "type", ""), Violation(("b",), "type", "")], '{"a": [1] ? "b": 2}', STRICT
    )
    assert [each.offset for each in found] == [None, None]
    text = '{"a": [1], ' + " " * PIECE + '? "b": 2}'
    found = located([Violation(("a",), "type", ""), Violation(("b",), "type", "")], text, STRICT)
    assert [each.offset for each in found] == [6, 0]


def test_a_long_text_is_read_in_linear_time() -> None:
    value = {"text": "x" * 500_000, "n": [0] * 50_000, "last": "here"}
    text = json.dumps(value)
    (violation,) = located([Violation(("last",), "type", "")], text)
    assert text[violation.offset or 0 :] == '"here"}'
