"""Responses and Realtime beyond single payloads: the model's turn, restated texts, responses at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import Report, TextAdvanced, ToolCallAccumulator, TurnFinished
from partialjson.testing import json_values
from tests.openai_items import realtime_payloads, responses_payloads
from tests.test_recorded_streams import EXCEPTIONS, INDEX, UNREADABLE, payloads
from tests.wires import sse, table

OBJECTS: Final = st.dictionaries(st.text(max_size=3), json_values(), max_size=3)
NAMES: Final = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
ENDS: Final = {"response.completed", "response.incomplete"}
CALLS: Final = st.lists(st.tuples(NAMES, OBJECTS | st.text(max_size=5)), max_size=4)


def played(events: Iterable[Any], **options: Any) -> Report:
    accumulator = ToolCallAccumulator(**options)
    for event in events:
        accumulator.feed(event)
    return accumulator.close()


def outcomes(report: Report) -> list[tuple[object, ...]]:
    return [(event.id, event.name, event.kind, event.arguments) for event in report.finished]


# The model's turn


def item(number: int, name: str, said: object) -> dict[str, Any]:
    kind = ("custom_tool_call", "input") if isinstance(said, str) else ("function_call", "arguments")
    text = said if isinstance(said, str) else json.dumps(said)
    return {"type": kind[0], "id": f"fc_{number}", "call_id": f"call_{number}", "name": name, kind[1]: text}


@given(calls=CALLS, text=st.text(max_size=5))
def test_the_models_turn_is_the_output_of_the_response(calls: list[tuple[str, Any]], text: str) -> None:
    output: list[Any] = [{"type": "message", "content": [{"type": "output_text", "text": text}]}]
    output += [item(number, name, said) for number, (name, said) in enumerate(calls)]
    response = {"object": "response", "status": "completed", "output": output}
    report = played([response])
    assert len(report.finished) == len(calls)
    said = report.to_history()["input"]
    assert isinstance(said, list)
    again = played([{**response, "output": said}])
    assert outcomes(again) == outcomes(report)
    assert [entry["content"] for entry in said if "content" in entry] == [report.text] * bool(report.text)
    assert not any("id" in entry for entry in said), "an id of its own calls for the reasoning before it"


def test_what_goes_back_with_a_call() -> None:
    report = played(
        responses_payloads(
            [
                "START resp_1",
                ["added", {"id": "A", "n": "f"}],
                {
                    "type": "response.output_item.done",
                    "output_index": 0,
                    "item": {
                        **item(0, "f", {"x": 1}),
                        "call_id": "A",
                        "namespace": "n",
                        "caller": {"type": "program", "caller_id": "P"},
                    },
                },
                {
                    "type": "response.output_item.done",
                    "output_index": 1,
                    "item": {
                        "type": "shell_call",
                        "id": "sh_1",
                        "call_id": "B",
                        "status": "completed",
                        "action": {"commands": ["ls"]},
                    },
                },
                ["delta", {"i": 2, "id": "C", "n": "g"}],
                ["over", {"i": 2, "id": "C", "n": "g", "a": '{"y": '}],
                "END resp_1 completed",
            ]
        )
    )
    assert report.to_history() == {
        "input": [
            {
                "type": "function_call",
                "call_id": "A",
                "name": "f",
                "arguments": '{"x": 1}',
                "namespace": "n",
                "caller": {"type": "program", "caller_id": "P"},
            },
            {"type": "shell_call", "call_id": "B", "action": {"commands": ["ls"]}},
            {
                "type": "function_call",
                "call_id": "C",
                "name": "g",
                "arguments": '{"INVALID_JSON": "{\\"y\\": "}',
            },
        ]
    }


def test_the_models_turn_of_a_connection() -> None:
    report = played(realtime_payloads(table("calls/realtime.json")[0]["stream"]))
    assert report.to_history() == {
        "input": [
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Let me see.One."}],
            },
            {"type": "function_call", "call_id": "A", "name": "f", "arguments": '{"x": 1}'},
        ]
    }


WHOLE: Final = [
    file
    for file, row in INDEX.items()
    if row["wire"] == "openai-responses" and file not in EXCEPTIONS and not UNREADABLE & set(row["notes"])
]


@pytest.mark.parametrize("file", WHOLE)
def test_recorded_streams_equal_the_response_at_their_end(file: str) -> None:
    events = payloads(file)
    report = played(events)
    ends = [event for event in events if isinstance(event, dict) and event["type"] in ENDS]
    assert [report.compare(event["response"]) for event in ends] == [()] * (report.finish_reason != "failed")


# Restated texts


def text_events(part: int, deltas: list[str], kept: int) -> Iterator[dict[str, Any]]:
    place = {"output_index": 1, "content_index": part, "item_id": "msg_1"}
    for delta in deltas[:kept]:
        yield {"type": "response.output_text.delta", "delta": delta, **place}
    yield {"type": "response.output_text.done", "text": "".join(deltas), **place}


PARTS: Final = st.lists(st.lists(st.text(max_size=3), max_size=4), max_size=4)


@given(parts=PARTS, data=st.data())
def test_a_restated_text_adds_only_what_got_lost(parts: list[list[str]], data: st.DataObject) -> None:
    events = [
        event
        for number, deltas in enumerate(parts)
        for event in text_events(number, deltas, data.draw(st.integers(0, len(deltas))))
    ]
    report = played(events, provider="openai-responses")
    assert report.text == "".join("".join(deltas) for deltas in parts)
    assert "snapshot-mismatch" not in report.anomaly_counts


@given(parts=PARTS, order=st.lists(st.integers(0, 3)))
def test_texts_at_once_are_shown_as_they_come(parts: list[list[str]], order: list[int]) -> None:
    waiting = [list(text_events(number, deltas, len(deltas))) for number, deltas in enumerate(parts)]
    events = [waiting[turn].pop(0) for turn in order if turn < len(waiting) and waiting[turn]]
    events += [event for left in waiting for event in left]
    report = played(events, provider="openai-responses")
    assert report.text == "".join(event["delta"] for event in events if "delta" in event)
    assert "snapshot-mismatch" not in report.anomaly_counts


def test_half_a_character_before_the_restatement() -> None:
    place = {"output_index": 0, "content_index": 0}
    events = [
        {"type": "response.output_text.delta", "delta": "a\ud83d", **place},
        {"type": "response.output_text.done", "text": "a\U0001f600", **place},
    ]
    report = played(events, provider="openai-responses")
    assert (report.text, dict(report.anomaly_counts)) == ("a\U0001f600", {"truncated-stream": 1})
    report = played([events[0], {**events[1], "text": "b"}], provider="openai-responses")
    assert (report.text, report.anomaly_counts["snapshot-mismatch"]) == ("a\ufffd", 1)


def test_no_text_is_shown_twice_however_many_parts_there_are() -> None:
    accumulator = ToolCallAccumulator("openai-responses")
    parts = [list(text_events(number, ["a"], 1)) for number in range(3_000)]
    events = [delta for delta, _ in parts] + [done for _, done in parts]
    shown = [said for event in events for said in accumulator.feed(event) if isinstance(said, TextAdvanced)]
    assert len(shown) == 3_000


# Responses at once


@given(
    calls=st.lists(OBJECTS, min_size=1, max_size=4),
    order=st.lists(st.integers(0, 3)),
    failing=st.integers(0, 4),
)
def test_responses_at_once_do_not_notice_each_other(
    calls: list[dict[str, Any]], order: list[int], failing: int
) -> None:
    """However their events are mixed; one of them may fail."""
    waiting = []
    for number, arguments in enumerate(calls):
        own, text = {"r": f"resp_{number}", "id": f"call_{number}", "n": "f"}, json.dumps(arguments)
        end = "failed" if number == failing else "completed"
        steps = [["added", own], *(["delta", {**own, "a": piece}] for piece in text)]
        last = [] if number == failing else [["over", {**own, "a": text}]]
        waiting.append([f"START resp_{number}", *steps, *last, f"END resp_{number} {end}"])
    mixed = [waiting[turn].pop(0) for turn in order if turn < len(waiting) and waiting[turn]]
    mixed += [step for left in waiting for step in left]
    accumulator = ToolCallAccumulator()
    events = [event for payload in realtime_payloads(mixed) for event in accumulator.feed(payload)]
    report = accumulator.close()
    assert {event.id: event.arguments for event in report.finished} == {
        f"call_{number}": arguments for number, arguments in enumerate(calls) if number != failing
    }
    assert [(event.id, event.reason) for event in report.failed] == [
        (f"call_{failing}", "cut") for _ in calls[failing : failing + 1]
    ]
    turns = [event for event in events if isinstance(event, TurnFinished)]
    assert len(turns) == len(calls)
    assert all(len(turn.report.calls) == 1 for turn in turns)


@given(
    calls=st.lists(OBJECTS, min_size=1, max_size=4), order=st.lists(st.integers(0, 3)), cut=st.integers(1, 50)
)
def test_13_calls_of_one_response_may_be_mixed(
    calls: list[dict[str, Any]], order: list[int], cut: int
) -> None:
    """However their events are mixed, and however the bytes of that are cut."""
    waiting = []
    for number, arguments in enumerate(calls):
        own, text = {"i": number, "id": f"call_{number}", "n": "f"}, json.dumps(arguments)
        deltas = [["delta", {"i": number, "a": piece}] for piece in text]
        waiting.append([["added", own], *deltas, ["over", {**own, "a": text}]])
    mixed: list[Any] = [waiting[turn].pop(0) for turn in order if turn < len(waiting) and waiting[turn]]
    mixed += [step for left in waiting for step in left]
    stream = sse(responses_payloads(["START resp_1", *mixed, "END resp_1 completed"]))
    report = played(stream[start : start + cut] for start in range(0, len(stream), cut))
    assert {event.id: event.arguments for event in report.finished} == {
        f"call_{number}": arguments for number, arguments in enumerate(calls)
    }
    assert all(event.executable for event in report.finished)
    assert set(report.anomaly_counts) <= {"empty-args"}
