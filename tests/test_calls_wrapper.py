"""Calls wrapped into one (T37): what the tools and the next request have to do with it.

The rows are among the cases of Chat Completions.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from partialjson.calls import CallFailed, CallFinished, CallStarted, Policy, Report, ToolCallAccumulator
from partialjson.calls.wrapper import Part, unwrapped
from partialjson.limits import Limits

UNWRAPPING = Policy(unwraps_parallel=True)
F = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}


def held(*uses: Any) -> str:
    return json.dumps({"tool_uses": list(uses)})


def use(name: str, **parameters: Any) -> dict[str, Any]:
    return {"recipient_name": f"functions.{name}", "parameters": parameters}


def play(arguments: str, **options: Any) -> tuple[list[Any], Report]:
    accumulator = ToolCallAccumulator(policy=UNWRAPPING, **options)
    events = [*accumulator.add("A", arguments, name="parallel"), *accumulator.end("A")]
    return events, accumulator.close()


def test_what_was_held_is_validated_by_its_own_tools() -> None:
    events, report = play(held(use("f", x=1), use("f", x="one"), use("g", x=1)), tools={"f": F})
    assert [(event.id, event.arguments) for event in report.finished] == [
        ("A", {"tool_uses": [use("f", x=1), use("f", x="one"), use("g", x=1)]}),
        ("A#0", {"x": 1}),
    ]
    assert [(event.id, event.reason) for event in report.failed] == [("A#1", "invalid"), ("A#2", "rejected")]
    for call in report.calls[1:]:
        own = [type(event) for event in events if event.key == call.key]
        assert own[0] is CallStarted
        assert own[-1] in (CallFinished, CallFailed)


def test_a_tool_of_that_name_is_a_tool() -> None:
    _, report = play(held(use("f", x=1)), tools={"parallel": {"type": "object"}, "f": F})
    assert [(event.id, event.executable) for event in report.finished] == [("A", True)]


def test_where_nothing_can_be_unwrapped_the_tool_is_unknown() -> None:
    _, report = play(held(use("f", x=1), 7), tools={"f": F})
    assert [(event.id, event.reason) for event in report.failed] == [("A", "rejected")]
    assert "unknown-tool" in report.anomaly_counts


def test_the_next_request_has_the_calls_themselves() -> None:
    _, report = play(held(use("f", x=1), use("f", x=2)))
    message: Any = report.to_history("openai-chat")
    assert [(call["id"], call["function"]["arguments"]) for call in message["tool_calls"]] == [
        ("A#0", '{"x": 1}'),
        ("A#1", '{"x": 2}'),
    ]


def test_a_limit_on_calls_counts_them() -> None:
    _, report = play(held(*[use("f", x=number) for number in range(5)]), limits=Limits(calls=3))
    assert [call.id for call in report.calls] == ["A", "A#0", "A#1"]
    assert report.anomaly_counts["limit"] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        None,
        [],
        {},
        {"tool_uses": {}},
        {"tool_uses": [None]},
        {"tool_uses": [{}]},
        {"tool_uses": [use("f"), {"recipient_name": "f", "parameters": []}]},
        {"tool_uses": [{"recipient_name": "parallel", "parameters": {"tool_uses": []}}]},
    ],
)
def test_other_forms_hold_no_calls(arguments: Any) -> None:
    assert unwrapped(arguments) == []


def test_parameters_may_be_missing() -> None:
    assert unwrapped({"tool_uses": [{"recipient_name": "functions.f"}]}) == [Part("f", {})]
