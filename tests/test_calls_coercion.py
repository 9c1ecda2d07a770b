"""`Policy.coerces`: a string that says what the schema wants is read as it, and every time is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from partialjson import (
    Anomaly,
    CallFailed,
    CallFinished,
    EarlyViolation,
    OutputFailed,
    OutputFinished,
    Policy,
    ToolCallAccumulator,
)

COERCING = Policy(coerces=True)
BOOK = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "pages": {"type": "integer", "minimum": 1},
        "read": {"type": "boolean"},
        "authors": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["title", "pages"],
}


class Book(BaseModel):
    model_config = ConfigDict(strict=True)

    title: str
    pages: int
    authors: list[str] = []


def called(tool: Any, text: str, policy: Policy = COERCING) -> list[Any]:
    accumulator = ToolCallAccumulator(tools={"book": tool}, policy=policy)
    events: list[Any] = accumulator.add("A", name="book")
    for character in text:
        events += accumulator.add("A", character)
    return events + accumulator.end("A")


def answered(output: Any, text: str, policy: Policy = COERCING) -> list[Any]:
    accumulator = ToolCallAccumulator("openai-chat", output=output, policy=policy)
    events: list[Any] = []
    for character in text:
        events += accumulator.feed({"choices": [{"index": 0, "delta": {"content": character}}]})
    return events + accumulator.feed({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})


def of(kind: type[Any], events: list[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


TEXT = '{"title": "28", "pages": "28", "read": "True", "authors": "[\\"Ana\\"]"}'
VALUE = {"title": "28", "pages": 28, "read": True, "authors": ["Ana"]}


@pytest.mark.parametrize("tool", [BOOK, Book])
def test_what_is_lossless_is_read_and_told(tool: Any) -> None:
    events = called(tool, TEXT)
    (finished,) = of(CallFinished, events)
    told = [(each.code, each.action, each.detail, each.severity) for each in of(Anomaly, events)]
    places = ["'/pages'", "'/authors'"] if tool is Book else ["'/pages'", "'/read'", "'/authors'"]
    assert told == [("coerced", "replaced", place, "info") for place in places]
    assert {**finished.arguments, "read": True} == VALUE
    assert (finished.executable, finished.reasons) == (True, ())
    assert finished.raw == TEXT
    assert not of(EarlyViolation, events)


def test_what_the_caller_gets_is_the_callers() -> None:
    (finished,) = of(CallFinished, called(BOOK, TEXT))
    finished.arguments["authors"].append("Ben")
    assert of(CallFinished, called(BOOK, TEXT))[0].arguments == VALUE


@pytest.mark.parametrize("output", [BOOK, Book])
def test_it_holds_for_an_answer(output: Any) -> None:
    events = answered(output, TEXT)
    (finished,) = of(OutputFinished, events)
    assert {**finished.value, "read": True} == VALUE
    assert {each.code for each in of(Anomaly, events)} == {"coerced"}
    assert not of(EarlyViolation, events)


@pytest.mark.parametrize("policy", [Policy.balanced(), Policy.strict(), Policy.lenient()])
def test_nothing_is_coerced_unasked(policy: Policy) -> None:
    events = called(BOOK, TEXT, policy)
    assert of(EarlyViolation, events)[0].violation.pointer == "/pages"
    (failed,) = of(CallFailed, events)
    assert failed.reason == "invalid"
    assert [error.pointer for error in failed.errors] == ["/pages", "/read", "/authors"]
    assert of(OutputFailed, answered(BOOK, TEXT, policy))


@pytest.mark.parametrize("pages", ['"028"', '" 28"', '"28.0"', '"many"', '"0"', "[28]"])
def test_what_would_lose_something_is_invalid_as_it_was(pages: str) -> None:
    events = called(BOOK, f'{{"title": "x", "pages": {pages}, "read": "True"}}')
    (failed,) = of(CallFailed, events)
    assert failed.reason == "invalid"
    assert not [each for each in of(Anomaly, events) if each.code == "coerced"]
    assert failed.partial == {"title": "x", "pages": json.loads(pages), "read": "True"}


def test_a_policy_for_one_tool() -> None:
    events = called(BOOK, TEXT, Policy.balanced().with_tool("book", coerces=True))
    assert of(CallFinished, events)
    assert of(CallFailed, called(BOOK, TEXT, Policy(coerces=True).with_tool("book", coerces=False)))


def test_what_no_coercion_can_cure_is_still_reported_early() -> None:
    events = called(BOOK, '{"pages": 0, "title": "x"}')
    (early,) = of(EarlyViolation, events)
    assert (early.violation.pointer, early.violation.keyword) == ("/pages", "minimum")
