"""`validator_for`: what each kind of tool is read as, and that a tool is never run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter
from typing_extensions import TypedDict

from partialjson.schema import validator_for


class Weather(BaseModel):
    city: str
    days: int = 1


@dataclass
class Point:
    x: int
    y: int = 0


class Pair(TypedDict):
    left: int
    right: int


def get_weather(city: str, days: int = 1) -> None:
    pytest.fail("a tool was called")


def search(query: str) -> None:
    pytest.fail("a tool was called")


def keyword_only(*, value: object) -> None:
    pytest.fail("a tool was called")


def whole(value: dict[str, Any]) -> object:
    return sorted(value)


class Tools:
    def fetch(self, url: str) -> None:
        pytest.fail("a tool was called")

    def check(self, value: Mapping[str, Any]) -> int:
        return len(value)


@pytest.mark.parametrize(
    ("tool", "value", "result"),
    [
        ({"type": "integer"}, 3, 3),
        (True, {"a": 1}, {"a": 1}),
        (Weather, {"city": "Oslo"}, Weather(city="Oslo")),
        (Point, {"x": "1"}, Point(1)),
        (Pair, {"left": 1, "right": 2}, {"left": 1, "right": 2}),
        (TypeAdapter(list[int]), ["1"], [1]),
        (list[int], ["1"], [1]),
        (Annotated[int, Field(gt=2)], 3, 3),
        (int | None, None, None),
        (get_weather, {"city": "Oslo"}, {"city": "Oslo", "days": 1}),
        (search, {"query": "x"}, {"query": "x"}),
        (keyword_only, {"value": 1}, {"value": 1}),
        (Tools().fetch, {"url": "x"}, {"url": "x"}),
        (whole, {"b": 1, "a": 2}, ["a", "b"]),
        (lambda value: value["a"], {"a": 1}, 1),
        (Tools().check, {"a": 1}, 1),
        (len, [1, 2], 2),
    ],
)
def test_what_a_tool_may_be(tool: Any, value: Any, result: Any) -> None:
    verdict = validator_for(tool)(value)
    assert verdict.valid, verdict.errors
    assert verdict.value == result
    assert type(verdict.value) is type(result)


@pytest.mark.parametrize(
    ("tool", "value", "path", "keyword"),
    [
        ({"items": {"type": "integer"}}, ["x"], (0,), "type"),
        (False, 1, (), "false"),
        (Weather, {"city": "Oslo", "days": "x"}, ("days",), "int_parsing"),
        (Weather, {}, ("city",), "missing"),
        (Point, {"x": None}, ("x",), "int_type"),
        (Pair, {"left": 1}, ("right",), "missing"),
        (list[int], [1, "x"], (1,), "int_parsing"),
        (get_weather, {"city": 1}, ("city",), "string_type"),
        (get_weather, {"city": "x", "town": 1}, ("town",), "extra_forbidden"),
        (get_weather, ["Oslo"], (), "model_type"),
        (lambda value: value["a"], {}, (), "KeyError"),
        (lambda value: 1 // value, 0, (), "ZeroDivisionError"),
    ],
)
def test_what_it_refuses(tool: Any, value: Any, path: Any, keyword: str) -> None:
    verdict = validator_for(tool)(value)
    assert not verdict.valid
    assert verdict.value is value
    assert [(error.path, error.keyword) for error in verdict.errors] == [(path, keyword)]
    assert verdict.message()


def test_what_a_callable_raised_is_the_cause() -> None:
    error = ValueError("no such city")

    def check(value: object) -> object:
        raise error

    (violation,) = validator_for(check)({}).errors
    assert violation.cause is error
    assert violation.message == "no such city"


@pytest.mark.parametrize("tool", [None, "object", 3, 1.5, b"", [int], (int,), object(), NotImplemented])
def test_what_can_judge_nothing_is_a_type_error(tool: Any) -> None:
    with pytest.raises(TypeError):
        validator_for(tool)


def test_importing_it_imports_neither_jsonschema_nor_pydantic() -> None:
    code = "import sys, partialjson.schema; print({'jsonschema', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
