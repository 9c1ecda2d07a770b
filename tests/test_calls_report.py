"""The report: an exception on request, plain data for a log, a message for the next request."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import Difference, Report, ToolCallAccumulator
from partialjson.errors import InvalidArguments
from tests.test_providers import PAYLOADS
from tests.wires import chat_payloads

CALLS: Final = [
    [{"i": 0, "id": "functions.f:0", "n": "f", "a": '{"x": 1}'}],
    [{"i": 1, "id": "functions.f:0", "n": "g", "a": '{"y": Dave'}],
    [{"i": 2, "n": "sql", "t": "SELECT 1"}],
    [{"i": 3, "id": "D", "n": "h", "a": '{"z": NaN}'}],
    [{"i": 4, "id": "E", "n": "h", "a": ""}],
]


def report_on(*stream: Any, **options: Any) -> Report:
    accumulator = ToolCallAccumulator(**options)
    for payload in chat_payloads(stream):
        if payload != "[DONE]":
            accumulator.feed(payload)
    return accumulator.close()


def test_errors_on_request() -> None:
    report_on(CALLS[0], "FIN tool_calls").raise_for_errors()
    with pytest.raises(InvalidArguments, match="call 'g' cut") as caught:
        report_on(*CALLS, "FIN tool_calls").raise_for_errors()
    assert [failure.key for failure in caught.value.failures] == ["functions.f:0#2"]  # type: ignore[attr-defined]
    with pytest.raises(InvalidArguments, match="provider error"):
        report_on({"payload": {"error": {"message": "no"}}}).raise_for_errors()
    with pytest.raises(InvalidArguments, match="output malformed"):
        report_on("FIN stop", output=True).raise_for_errors()


def test_as_plain_data() -> None:
    report = report_on(*CALLS, {"payload": {"choices": [], "usage": {"n": 1}}}, "FIN tool_calls")
    data = json.loads(json.dumps(report.to_json()))
    first, second, *_ = data["calls"]
    assert (first["key"], first["outcome"], first["value"], first["executable"]) == (
        "functions.f:0",
        "finished",
        {"x": 1},
        True,
    )
    assert (second["key"], second["outcome"], second["raw"]) == ("functions.f:0#2", "cut", '{"y": Dave')
    assert (data["provider"], data["finish_reason"], data["usage"]) == ("openai-chat", "tool_calls", {"n": 1})
    assert data["anomalies"][0]["code"] == "duplicate-id"


@given(st.lists(PAYLOADS, max_size=6))
def test_any_report_is_plain_data(payloads: list[Any]) -> None:
    accumulator = ToolCallAccumulator()
    for payload in payloads:
        accumulator.feed(payload)
    json.dumps(accumulator.close().to_json())


def test_history_for_openai_is_what_the_api_takes() -> None:
    report = report_on({"payload": {"choices": [{"delta": {"content": "Hm"}}]}}, *CALLS, "FIN tool_calls")
    message: Any = report.to_history()
    assert (message["role"], message["content"]) == ("assistant", "Hm")
    calls = message["tool_calls"]
    assert [call["id"] for call in calls] == ["functions.f:0", "functions.f:0_2", "pj_0_0_2", "D", "E"]
    assert [call["type"] for call in calls] == ["function", "function", "custom", "function", "function"]
    assert calls[2]["custom"] == {"name": "sql", "input": "SELECT 1"}
    assert [json.loads(calls[index]["function"]["arguments"]) for index in (0, 1, 3, 4)] == [
        {"x": 1},
        {"INVALID_JSON": '{"y": Dave'},
        {"INVALID_JSON": '{"z": NaN}'},
        {},
    ]


def test_history_for_anthropic_has_ids_that_it_takes() -> None:
    report = report_on(*CALLS, "FIN tool_calls")
    message: Any = report.to_history("anthropic")
    assert [block["type"] for block in message["content"]] == ["tool_use"] * 5
    ids = [block["id"] for block in message["content"]]
    assert ids == ["functions_f_0", "functions_f_0_2", "pj_0_0_2", "D", "E"]
    assert list(report.history_ids("anthropic").values()) == ids
    assert [block["input"] for block in message["content"][:3]] == [
        {"x": 1},
        {"INVALID_JSON": '{"y": Dave'},
        {"input": "SELECT 1"},
    ]
    with pytest.raises(ValueError, match="no provider is called"):
        report.to_history("nobody")


def test_a_long_id_is_cut_and_stays_unique() -> None:
    calls = [[{"i": index, "id": "x" * 80 + str(index), "n": "f", "a": "{}"}] for index in range(3)]
    ids = list(report_on(*calls, "FIN tool_calls").history_ids().values())
    assert len(set(ids)) == 3
    assert {len(id) for id in ids} == {40}


def test_streamed_beside_whole() -> None:
    whole = {
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {
                    "content": None,
                    "tool_calls": [{"id": "A", "function": {"name": "f", "arguments": '{"x": 1}'}}],
                },
                "finish_reason": "tool_calls",
            }
        ],
    }
    same = report_on([{"i": 0, "id": "A", "n": "f", "a": '{"x":1}'}], "FIN tool_calls")
    assert same.compare(whole) == ()
    other = report_on([{"i": 0, "id": "B", "n": "f", "a": '{"x":2}'}], "FIN stop")
    assert other.compare(whole) == (
        Difference("finish_reason", "stop", "tool_calls"),
        Difference("calls[0].id", "B", "A"),
        Difference("calls[0].arguments", {"x": 2}, {"x": 1}),
    )
