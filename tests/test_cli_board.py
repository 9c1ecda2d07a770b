"""What a board knows of a stream."""

from __future__ import annotations

import time

from partialjson.calls import CallFailed, CallFinished
from tests.cli_streams import board_of, call, sse


def test_what_was_said_is_kept_by_voice() -> None:
    stream = sse(
        {"reasoning_content": "a"},
        {"reasoning_content": "b"},
        {"content": "c"},
        {"refusal": "d"},
        {"content": "e"},
        finish="stop",
    )
    board = board_of(stream)
    assert [(voice, "".join(pieces)) for voice, pieces in board.speeches] == [
        ("reasoning", "ab"),
        ("text", "c"),
        ("refusal", "d"),
        ("text", "e"),
    ]


def test_the_last_word_on_each_call() -> None:
    board = board_of(sse(call("{}"), call("[]", index=1)))
    assert [type(outcome) for outcome in board.outcomes.values()] == [CallFinished, CallFailed]
    assert board.report is not None
    assert list(board.outcomes) == [made.key for made in board.report.calls]


def test_an_interrupted_stream_is_aborted() -> None:
    board = board_of(sse(call("{"), finish=None), close=False)
    assert board.abort()
    assert board.report is not None
    (failed,) = board.report.failed
    assert failed.reason == "aborted"


def test_the_clock_stops_at_the_end() -> None:
    board = board_of(sse(call("{}")), close=False)
    before = board.elapsed
    time.sleep(0.02)
    assert board.elapsed > before
    board.close()
    at_the_end = board.elapsed
    time.sleep(0.02)
    assert board.elapsed == at_the_end


def test_habits_of_the_wire_are_no_news() -> None:
    assert board_of(sse(call(""))).anomalies == []
    assert [anomaly.code for anomaly in board_of(b"data: {x\n\n" + sse(call("{}"))).anomalies] == [
        "bad-frame"
    ]


def test_early_violations_are_kept_by_call() -> None:
    tools = {"send": {"properties": {"n": {"enum": ["low", "high"]}}}}
    stream = sse(call('{"n": "low", "m": '), call('{"n": "urgent", "m": ', index=1), finish=None)
    board = board_of(stream, tools=tools, close=False)
    assert list(board.violations) == ["call_1"]
    (event,) = board.violations["call_1"]
    assert event.violation.path == ("n",)
