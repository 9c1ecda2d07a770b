"""Times by a clock that the tests set: what was first, how long nothing came, and what hangs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import Metrics, ToolCallAccumulator
from tests.wires import chat_payloads, sse

HEARTBEAT = b": still here\n\n"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Stream:
    """An accumulator that is fed at given times."""

    def __init__(self, **options: Any) -> None:
        self.clock = Clock()
        self.accumulator = ToolCallAccumulator(clock=self.clock, **options)

    def at(self, now: float, *steps: Any) -> Stream:
        self.clock.now = now
        for step in steps:
            self.accumulator.feed(step if isinstance(step, bytes) else sse(chat_payloads([step])))
        return self

    def add(self, now: float, text: str) -> Stream:
        self.clock.now = now
        self.accumulator.add("A", text)
        return self

    def closed(self, now: float) -> Metrics:
        self.clock.now = now
        return self.accumulator.close().metrics


def text(content: str) -> dict[str, Any]:
    return {"payload": {"choices": [{"index": 0, "delta": {"content": content}}]}}


def opened(arguments: str = "") -> list[dict[str, Any]]:
    """On this wire a name may go on, up to the first argument text."""
    return [{"i": 0, "id": "A", "n": "f", "a": arguments}]


def more(arguments: str) -> list[dict[str, Any]]:
    return [{"i": 0, "a": arguments}]


def test_what_was_first() -> None:
    stream = Stream().at(1, HEARTBEAT).at(2, {"payload": {"choices": []}}).at(3, text("Hm")).at(4, opened())
    stream.at(5, more('{"x": {"y": "a')).at(6, more('b"')).at(7, more("}")).at(8, more("}"))
    metrics = stream.at(9, "FIN tool_calls", "DONE").closed(11)
    assert (metrics.started, metrics.first_fed, metrics.first_payload, metrics.first_text) == (0, 1, 2, 3)
    assert (metrics.first_call, metrics.first_argument, metrics.first_value) == (5, 5, 7)
    assert (metrics.first_finished, metrics.closed, metrics.first_reasoning) == (9, 11, None)
    assert (metrics.last_content, metrics.last_fed) == (9, 9)
    assert (metrics.feeds, metrics.payloads) == (10, 8)
    assert metrics.bytes > 300


@pytest.mark.parametrize(
    ("pieces", "first"),
    [
        (['{"x": 1', "2", ", "], 2),
        (['{"x": "', 'abc"', ","], 2),
        (['{"x": [', "[", "]"], 2),
        (['{"x": {', '"y": null,', '"z'], 1),
        (["{", " ", "}"], 2),
        (['{"x": "a', "b", "c"], None),
        (["[1,", "2", "]"], 0),
    ],
)
def test_the_first_value_is_the_first_that_cannot_change(pieces: list[str], first: int | None) -> None:
    stream = Stream().at(0, opened())
    for number, piece in enumerate(pieces):
        stream.at(number, more(piece))
    added = Stream()
    for number, piece in enumerate(pieces):
        added.add(number, piece)
    assert stream.accumulator.metrics.first_value == first == added.accumulator.metrics.first_value


def test_the_first_value_of_a_structured_answer() -> None:
    stream = Stream(output=True).at(1, text('{"x":')).at(2, text(" 1")).at(3, text("}"))
    assert (stream.accumulator.metrics.first_text, stream.accumulator.metrics.first_value) == (1, 3)
    assert stream.at(4, "FIN stop").closed(5).first_finished == 4


def test_heartbeats_end_a_silence_but_no_gap() -> None:
    stream = Stream().at(0, opened("{"))
    for now in range(4, 29, 4):
        stream.at(now, HEARTBEAT)
    metrics = stream.at(30, more('"x": 1}')).at(31, "FIN tool_calls").closed(32)
    assert (metrics.longest_gap, metrics.longest_silence) == (30, 4)
    assert (metrics.stalled_gaps, metrics.stalled_silences) == (1, 0)


def test_a_gap_begins_with_the_first_feed_and_ends_with_a_stream_that_was_cut() -> None:
    waited = Stream().at(5, HEARTBEAT).at(17, opened("{")).at(18, more("}")).at(19, "FIN tool_calls")
    metrics = waited.closed(99)
    assert (metrics.longest_gap, metrics.stalled_gaps) == (12, 1)
    assert (metrics.longest_silence, metrics.stalled_silences) == (12, 1)
    cut = Stream().at(0, opened("{")).at(1, more('"x"')).closed(50)
    assert (cut.longest_gap, cut.longest_silence, cut.stalled_gaps, cut.stalled_silences) == (49, 49, 1, 1)


def test_what_is_a_stall_is_the_callers_to_say() -> None:
    stream = Stream()
    stream.accumulator.metrics.stall = 2
    stream.at(0, opened("{")).at(2, more('"x"')).at(3.5, more(":")).at(9, more("1}")).at(9, "FIN tool_calls")
    assert stream.closed(9).stalled_gaps == 2


def test_a_timer_asks_what_hangs() -> None:
    stream = Stream()
    metrics = stream.accumulator.metrics
    assert (metrics.since_fed(3), metrics.since_content(3)) == (3, 3)
    stream.at(5, HEARTBEAT)
    assert (metrics.since_fed(7), metrics.since_content(7)) == (2, 2)
    stream.at(8, opened("{")).at(20, HEARTBEAT)
    assert (metrics.since_fed(21), metrics.since_content(21)) == (1, 13)


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab\\n ,")), min_size=3, max_size=30))
def test_text_that_is_added_counts_like_text_that_is_fed(pieces: list[tuple[float, str]]) -> None:
    """Whether a fragment takes the short way or not."""
    fed, added = Stream(), Stream()
    now = 0.0
    fed.at(now, opened('{"x": 1, "y": "'))
    added.add(now, '{"x": 1, "y": "')
    for pause, piece in pieces:
        now += pause
        fed.at(now, more(piece))
        added.add(now, piece)
    one, other = fed.closed(now + 1), added.closed(now + 1)
    for name in ("longest_gap", "longest_silence", "stalled_gaps", "stalled_silences", "last_fed", "feeds"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.first_value == other.first_value == 0


def test_metrics_of_a_report_stand_still_and_are_plain_data() -> None:
    stream = Stream().at(1, opened("{")).at(2, more("}"))
    events = stream.accumulator.feed(sse(chat_payloads(["FIN tool_calls", "DONE"])))
    report = events[-1].report  # type: ignore[union-attr]
    before = json.dumps(report.to_json()["metrics"])
    stream.at(9, HEARTBEAT).closed(20)
    assert json.dumps(report.to_json()["metrics"]) == before
