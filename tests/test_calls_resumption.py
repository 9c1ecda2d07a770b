"""After a cut: another stream continues what was open, or repeats it, and nothing is told twice."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import (
    CallAdvanced,
    CallFailed,
    CallFinished,
    CallReset,
    CallStarted,
    EarlyViolation,
    Event,
    LeftOpen,
    OutputAdvanced,
    ReasoningAdvanced,
    Report,
    TextAdvanced,
    ToolCallAccumulator,
)
from partialjson.stream import aiter_events, iter_events
from tests.test_calls_cases import CASES, DIALECTS, POLICIES, WIRES, whole
from tests.test_recorded_streams import EACH, body
from tests.wires import chat_payloads

HABITS: Final = {"empty-args", "id-synthesized", "slot-missing", "slot-gap", "no-finish-reason"}
"""Anomalies of streams of which the same text always means the same."""
ORDERLY: Final = [case for case in CASES if HABITS.issuperset(case[1]["anomalies"])]


def restored(accumulator: ToolCallAccumulator, stream: Any = "same", **options: Any) -> ToolCallAccumulator:
    data = json.loads(json.dumps(accumulator.checkpoint()))
    return ToolCallAccumulator.restore(data, stream=stream, **options)


def outcome(report: Report) -> dict[str, Any]:
    """What the answer was, without how it came."""
    data = report.to_json()
    for name in ("metrics", "anomalies", "anomaly_counts"):
        del data[name]
    for call in data["calls"]:
        del call["anomalies"]
    return {**data, "calls": sorted(data["calls"], key=lambda call: call["key"])}


def told(events: list[Event]) -> tuple[dict[Any, str], Counter[Any]]:
    """The texts that the events put together, and how often each call began and was finished."""
    texts: Counter[Any] = Counter()
    words: Counter[Any] = Counter()
    pieces: dict[Any, str] = {}
    for event in events:
        if isinstance(event, CallAdvanced | OutputAdvanced | TextAdvanced | ReasoningAdvanced):
            name = (type(event).__name__, event.key, event.choice, getattr(event, "refusal", False))
            pieces[name] = pieces.get(name, "") + event.text
        elif isinstance(event, CallReset):
            texts[event.key] += 1
        elif isinstance(event, CallStarted | CallFinished):
            words[type(event).__name__, event.key] += 1
    return pieces, texts + words


def repeated(
    stream: bytes, cut: int, second: int, *, closed: bool, **options: Any
) -> tuple[list[Event], Report]:
    """Cut the stream, and repeat it, with a change of process in the middle of that."""
    first = ToolCallAccumulator(**options)
    events = first.feed(stream[:cut])
    if closed:
        events += first.close().events
    again = restored(first, "repeats", **options)
    events += again.feed(stream[:second])
    again = restored(again, **options)
    events += again.feed(stream[second:])
    report = again.close()
    return [*events, *report.events], report


def at_once(stream: bytes, **options: Any) -> tuple[list[Event], Report]:
    accumulator = ToolCallAccumulator(**options)
    events = accumulator.feed(stream)
    report = accumulator.close()
    return [*events, *report.events], report


@given(
    case=st.sampled_from(ORDERLY),
    cut=st.integers(0, 5000),
    second=st.integers(0, 5000),
    closed=st.booleans(),
    options=st.sampled_from(
        [{}, {"output": True}, {"tools": {"f": {"properties": {"x": {"type": "null"}}}, "g": {}}}]
    ),
)
def test_a_stream_that_repeats_is_told_once(
    case: tuple[str, dict[str, Any]], cut: int, second: int, closed: bool, options: dict[str, Any]
) -> None:
    wire, row = case
    options = {
        **options,
        "policy": POLICIES[row.get("policy", "balanced")],
        "dialect": DIALECTS[row.get("dialect", "lenient")],
    }
    (stream,) = whole(wire, list(WIRES[wire](row["stream"])))
    expected, report = at_once(stream, **options)
    if any(event.turn for event in expected):
        return  # it is the last turn alone that is repeated
    # The end of the bytes makes a name final that is half there, and half a character a whole one; and for
    # one policy it finishes calls.
    closed = closed and row.get("policy") != "lenient" and row["case"] not in ("T13", "T39")
    events, other = repeated(stream, cut % len(stream), second % len(stream), closed=closed, **options)
    assert outcome(other) == outcome(report)
    assert told(events) == told(expected)
    early = [event.violation.pointer for event in events if isinstance(event, EarlyViolation)]
    assert early == [event.violation.pointer for event in expected if isinstance(event, EarlyViolation)]


@given(
    case=st.sampled_from(CASES), cut=st.integers(0, 5000), second=st.integers(0, 5000), closed=st.booleans()
)
def test_nothing_is_executable_that_is_not_in_the_stream(
    case: tuple[str, dict[str, Any]], cut: int, second: int, closed: bool
) -> None:
    """Also where a server's habits make it hard to say what repeats what."""
    wire, row = case
    (stream,) = whole(wire, list(WIRES[wire](row["stream"])))
    expected, report = at_once(stream)
    if any(event.turn for event in expected):
        return
    _, other = repeated(stream, cut % len(stream), second % len(stream), closed=closed)
    assert executable(other) <= executable(report)


@pytest.mark.parametrize(("wire", "row"), CASES, ids=[f"{wire}-{row['case']}" for wire, row in CASES])
def test_every_case_is_repeated(wire: str, row: dict[str, Any]) -> None:
    options = {
        "policy": POLICIES[row.get("policy", "balanced")],
        "dialect": DIALECTS[row.get("dialect", "lenient")],
    }
    (stream,) = whole(wire, list(WIRES[wire](row["stream"])))
    expected, report = at_once(stream, **options)
    if any(event.turn for event in expected):
        pytest.skip("several turns: it is the last one alone that is repeated")
    for cut in range(1, len(stream), len(stream) // 9):
        events, other = repeated(stream, cut, len(stream) - cut, closed=False, **options)
        assert executable(other) <= executable(report)
        if (wire, row) in ORDERLY:
            assert outcome(other) == outcome(report)
            assert told(events) == told(expected)


def executable(report: Report) -> Counter[tuple[str, str]]:
    return Counter((event.name, json.dumps(event.arguments)) for event in report.finished if event.executable)


@EACH
def test_recorded_streams_that_are_repeated(file: str) -> None:
    stream, chance = body(file), random.Random(file)
    expected, report = at_once(stream)
    if any(event.turn for event in expected):
        pytest.skip("several turns: it is the last one alone that is repeated")
    for closed in (False, True):
        cut, second = chance.randrange(len(stream)), chance.randrange(len(stream))
        events, other = repeated(stream, cut, second, closed=closed)
        assert outcome(other) == outcome(report)
        assert told(events) == told(expected)


# Streams that continue


def chat(*stream: Any) -> list[Any]:
    return [payload for payload in chat_payloads(stream) if payload != "[DONE]"]


def finished(report: Report) -> list[tuple[str, object, bool]]:
    return [(event.key, event.arguments, event.executable) for event in report.finished]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(
    "opening",
    [
        {"i": 0},
        {"i": 1},
        {"i": 0, "id": "C", "n": "g"},
        {"i": 0, "id": "B", "n": "g"},
        {"n": "g"},
    ],
    ids=["renumbered", "numbered on", "an id of its own", "the old id", "the name alone"],
)
def test_a_call_is_continued(opening: dict[str, Any], closed: bool) -> None:
    first = ToolCallAccumulator()
    for payload in chat(
        [{"i": 0, "id": "A", "n": "f", "a": '{"x": 1}'}], [{"i": 1, "id": "B", "n": "g", "a": '{"y": "on'}]
    ):
        first.feed(payload)
    if closed:
        report = first.close()
        assert report.left_open == (
            LeftOpen("A", None, '{"x": 1}'),
            LeftOpen("B", ("y",), '{"y": "on'),
        )
    second = restored(first, "continues")
    events = [
        event
        for payload in chat([{**opening, "a": "e"}], [{"i": opening.get("i"), "a": '"}'}], "FIN tool_calls")
        for event in second.feed(payload)
    ]
    assert "".join(event.text for event in events if isinstance(event, CallAdvanced)) == 'e"}'
    assert not [event for event in events if isinstance(event, CallStarted | CallReset | CallFailed)]
    report = second.close()
    assert finished(report) == [("A", {"x": 1}, True), ("B", {"y": "one"}, True)]
    assert (report.reason, report.left_open, len(report.calls)) == ("tool_calls", (), 2)


@pytest.mark.parametrize(
    "end",
    [["FIN length"], ["FIN length", "DONE"], ["FIN tool_calls"], [{"payload": {"error": {"message": "no"}}}]],
    ids=["a limit", "a limit and the end", "a finish that is none", "an error"],
)
@pytest.mark.parametrize("how", ["continues", "repeats"])
def test_a_call_that_has_its_verdict_is_open_again(end: list[Any], how: str) -> None:
    tools = {"f": {"properties": {"x": {"type": "array"}, "y": {"type": "integer"}}}}
    first = ToolCallAccumulator(tools=tools)
    head = '{"x": [1, '
    for payload in chat([{"i": 0, "id": "A", "n": "f", "a": head}], *end):
        first.feed(payload)
    assert first["A"].state == "failed"
    second = restored(first, how, tools=tools)
    assert (second["A"].state, second["A"].open_path) == ("open", ("x",))
    said = head if how == "repeats" else ""
    stream = chat(
        [{"i": 0, "id": "A", "n": "f", "a": said + '2], "y": "z'}], [{"i": 0, "a": '"}'}], "FIN tool_calls"
    )
    events = [event for payload in stream for event in second.feed(payload)]
    assert [event.violation.pointer for event in events if isinstance(event, EarlyViolation)] == ["/y"]
    report = second.close()
    assert [(event.reason, event.partial) for event in report.failed] == [
        ("invalid", {"x": [1, 2], "y": "z"})
    ]


def test_a_call_of_another_name_is_another_call() -> None:
    first = ToolCallAccumulator()
    for payload in chat([{"i": 0, "id": "A", "n": "f", "a": '{"x": '}]):
        first.feed(payload)
    second = restored(first, "continues")
    for payload in chat([{"i": 0, "id": "B", "n": "g", "a": "{}"}], "FIN tool_calls", "DONE"):
        second.feed(payload)
    report = second.close()
    assert finished(report) == [("B", {}, True)]
    assert [(event.key, event.reason) for event in report.failed] == [("A", "cut")]


BEGUN: Final = [
    {"type": "message_start", "message": {"id": "msg_1", "content": [], "usage": {"input_tokens": 3}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": '{"city": "Ul'}},
]
ENDED_BY: Final[dict[str, list[dict[str, Any]]]] = {
    "nothing": [],
    "an error": [{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}],
    "a limit": [
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "max_tokens"}},
        {"type": "message_stop"},
    ],
}
PREFILLED: Final = [
    {"type": "message_start", "message": {"id": "msg_2", "content": []}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": 'm"}'}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
    {"type": "message_stop"},
]


@pytest.mark.parametrize("end", ENDED_BY)
@pytest.mark.parametrize("output", [None, True])
def test_an_answer_is_continued(end: str, output: object) -> None:
    first = ToolCallAccumulator(output=output)
    for payload in [*BEGUN, *ENDED_BY[end]]:
        for event in first.feed(payload):
            assert not isinstance(event, OutputAdvanced) or event.edits
    report = first.close()
    assert report.text == '{"city": "Ul'
    assert report.left_open == ((LeftOpen(None, ("city",), '{"city": "Ul'),) if output else ())
    second = restored(first, "continues", output=output)
    edits = [
        edit
        for payload in PREFILLED
        for event in second.feed(payload)
        if isinstance(event, OutputAdvanced)
        for edit in event.edits
    ]
    report = second.close()
    assert report.text == '{"city": "Ulm"}'
    assert (report.reason, report.errors, report.left_open) == ("stop", (), ())
    if output:
        assert report.output is not None
        assert getattr(report.output, "value", None) == {"city": "Ulm"}
        assert [type(edit).__name__ for edit in edits] == ["Grow", "Done", "Done"]
    report.raise_for_errors()


def test_what_repeats_may_turn_out_to_be_another_answer() -> None:
    first = ToolCallAccumulator(output=True)
    for payload in BEGUN:
        first.feed(payload)
    second = restored(first, "repeats", output=True)
    other = json.loads(json.dumps(PREFILLED).replace('m\\"}', '{\\"city\\": \\"Bonn\\"}'))
    events = [event for payload in other for event in second.feed(payload)]
    report = second.close()
    assert [event.partial for event in events if isinstance(event, OutputAdvanced)] == [{"city": "Bonn"}]
    assert report.text == '{"city": "Bonn"}'
    assert getattr(report.output, "value", None) == {"city": "Bonn"}
    assert [(note.code, note.detail) for note in report.anomalies] == [
        ("snapshot-mismatch", "text: another one from character 0 on")
    ]


def test_a_repeated_call_that_differs_begins_anew() -> None:
    first = ToolCallAccumulator()
    for payload in chat([{"i": 0, "id": "A", "n": "f", "a": '{"x": 1'}]):
        first.feed(payload)
    second = restored(first, "repeats")
    stream = chat([{"i": 0, "id": "Z", "n": "f", "a": '{"x"'}], [{"i": 0, "a": ": 2}"}], "FIN tool_calls")
    events = [event for payload in stream for event in second.feed(payload)]
    assert [event.partial for event in events if isinstance(event, CallReset)] == [{"x": 2}]
    report = second.close()
    assert finished(report) == [("A", {"x": 2}, True)]
    assert report.calls[0].id == "Z"


@pytest.mark.parametrize("text", ['{"x": 1', "{", ""])
def test_a_repetition_that_ends_too_early_has_the_last_word(text: str) -> None:
    first = ToolCallAccumulator()
    for payload in chat(
        [{"i": 0, "id": "A", "n": "f", "a": '{"x": 12, "y'}], [{"i": 1, "id": "B", "n": "g", "a": "{}"}]
    ):
        first.feed(payload)
    second = restored(first, "repeats")
    stream = chat([{"i": 0, "id": "A", "n": "f", "a": text}], "FIN tool_calls", "DONE")
    for payload in stream:
        second.feed(payload)
    report = second.close()
    assert finished(report) == ([] if text else [("A", {}, True)])
    assert {event.key: event.reason for event in report.failed} == ({"A": "cut"} if text else {}) | {
        "B": "cut"
    }


def test_cut_again_while_it_repeats_nothing_shrinks() -> None:
    first = ToolCallAccumulator()
    for payload in chat(
        {"payload": {"choices": [{"delta": {"content": "Hello, wor"}}]}},
        [{"i": 0, "id": "A", "n": "f", "a": '{"x": 1, "y'}],
    ):
        first.feed(payload)
    second = restored(first, "repeats")
    for payload in chat(
        {"payload": {"choices": [{"delta": {"content": "Hel"}}]}}, [{"i": 0, "id": "A", "n": "f", "a": "{"}]
    ):
        second.feed(payload)
    assert second["A"].partial == {"x": 1}
    report = second.close()
    assert report.text == "Hello, wor"
    assert report.left_open == (LeftOpen("A", (), '{"x": 1, "y'),)
    third = restored(second, "continues")
    for payload in chat(
        {"payload": {"choices": [{"delta": {"content": "ld"}}]}}, [{"i": 0, "a": '": 2}'}], "FIN tool_calls"
    ):
        third.feed(payload)
    report = third.close()
    assert report.text == "Hello, world"
    assert finished(report) == [("A", {"x": 1, "y": 2}, True)]


def test_ones_own_transport_names_its_calls_itself() -> None:
    first = ToolCallAccumulator()
    first.add("A", '{"x": ', name="f")
    first.add("B", '{"y": 1}', name="g")
    first.end("B")
    again = restored(first, "repeats")
    assert again.add("B", '{"y": 1}', name="g") == []
    assert again.end("B") == []
    assert [
        event.text for event in again.add("A", '{"x": 1', name="f") if isinstance(event, CallAdvanced)
    ] == ["1"]
    again.add("A", "}")
    again.end("A")
    assert finished(again.close()) == [("B", {"y": 1}, True), ("A", {"x": 1}, True)]
    on = restored(first, "continues")
    on.add("A", "1}")
    on.end("A")
    assert finished(on.close()) == [("B", {"y": 1}, True), ("A", {"x": 1}, True)]


def test_a_turn_that_is_whole_is_not_continued() -> None:
    first = ToolCallAccumulator()
    for payload in chat([{"i": 0, "id": "A", "n": "f", "a": "{}"}], "FIN tool_calls"):
        first.feed(payload)
    first.close()
    second = restored(first, "continues")
    for payload in chat([{"i": 0, "id": "B", "n": "g", "a": "{}"}], "FIN tool_calls"):
        second.feed(payload)
    assert [(event.key, event.turn) for event in second.close().finished] == [("A", 0), ("B", 1)]


def test_the_loop_goes_on_with_an_accumulator() -> None:
    def broken() -> Any:
        yield from BEGUN
        raise ConnectionError("reset")

    events = iter_events(broken(), output=True)
    with pytest.raises(ConnectionError):
        list(events)
    accumulator = restored(events.accumulator, "continues", output=True)
    with iter_events(PREFILLED, accumulator=accumulator) as rest:
        assert [event.text for event in rest if isinstance(event, OutputAdvanced)] == ['m"}']
    assert rest.report.text == '{"city": "Ulm"}'

    async def collect() -> list[Event]:
        accumulator = restored(events.accumulator, "continues", output=True)
        return [event async for event in aiter_events(PREFILLED, accumulator=accumulator)]

    assert [event.text for event in asyncio.run(collect()) if isinstance(event, OutputAdvanced)] == ['m"}']


def test_calls_in_the_text_go_on_with_the_text() -> None:
    def text(said: str) -> dict[str, Any]:
        return {"choices": [{"delta": {"content": said}}]}

    first = ToolCallAccumulator("openai-chat+hermes")
    first.feed(text('Look: <tool_call>{"name": "f", "arguments": {"x": [1, '))
    first.close()
    stream = {
        "continues": ["2]}}</tool_", "call>"],
        "repeats": ['Look: <tool_call>{"name": "f", "argu', 'ments": {"x": [1, 2]}}</tool_call>'],
    }
    for how, pieces in stream.items():
        second = restored(first, how)
        events = [event for piece in pieces for event in second.feed(text(piece))]
        events += second.feed({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        assert [event.text for event in events if isinstance(event, CallAdvanced)] == ["2]}"]
        report = second.close()
        assert report.text == "Look: "
        assert [(event.arguments, event.executable) for event in report.finished] == [({"x": [1, 2]}, True)]
