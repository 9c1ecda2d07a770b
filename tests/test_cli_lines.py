"""A stream told line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson import EarlyViolation, ToolCallAccumulator
from partialjson.cli.lines import Lines
from partialjson.cli.printable import printable
from partialjson.schema import Violation
from partialjson.testing import split
from tests.cli_streams import HOSTILE, call, sse

TOOLS = {"send": {"properties": {"n": {"type": "integer"}}}}


def told(stream: bytes, cuts: tuple[int, ...] = ()) -> list[str]:
    acc = ToolCallAccumulator(tools=TOOLS)
    lines = Lines(acc)
    found: list[str] = []
    for piece in split(stream, cuts):
        found += lines.take(acc.feed(piece))
    return [*found, *lines.take(acc.close().events), *lines.rest()]


STREAM = sse(
    {"reasoning_content": "Let me "},
    {"reasoning_content": "think.\nSo."},
    {"content": "Here:"},
    call('{"n": 1}'),
    call("[]", index=1),
)


def test_one_line_for_each_thing_worth_telling() -> None:
    assert told(STREAM) == [
        "reasoning  Let me think.",
        "reasoning  So.",
        "text       Here:",
        "call       send (call_0)",
        "call       send (call_1)",
        '✓ call     send (call_0) finished, executable: {"n": 1}',
        "error      send (call_1) non-object list",
        "✗ call     send (call_1) failed: malformed",
        "           send (call_1) list",
        "turn over  tool_calls",
    ]


@given(st.sets(st.integers(1, len(STREAM) - 1), max_size=30))
def test_however_the_stream_is_cut(cuts: set[int]) -> None:
    assert told(STREAM, tuple(sorted(cuts))) == told(STREAM)


@pytest.mark.parametrize(
    ("stream", "line"),
    [
        (sse({"refusal": "No."}, finish="stop"), "refusal    No."),
        (sse(call('{"n": 1', name="send"), finish=None), "✗ call     send (call_0) failed: cut"),
        (sse(call("{}", name="sned")), "✗ call     sned (call_0) failed: rejected"),
        (b"data: {bad\n\n" + STREAM, "error      bad-frame no JSON: '{bad'"),
        (STREAM[:-10], "warning    incomplete-event the stream ended"),
        (b'data: {"choices": []}\n\ndata: {"error": {"message": "overloaded"}}\n\n', "stream-error"),
    ],
)
def test_what_else_is_told(stream: bytes, line: str) -> None:
    assert any(line in other for other in told(stream)), told(stream)


def test_an_early_violation_is_told_when_it_is_found() -> None:
    acc = ToolCallAccumulator()
    acc.feed(sse(call('{"n": "x', id="c"), finish=None))
    violation = Violation(("n",), "type", "must be an integer\x1b")
    (line,) = Lines(acc).take([EarlyViolation("c", "c", violation)])
    assert line == r"violation  send (c) can no longer become valid: /n: must be an integer\u001b"


def test_nothing_that_is_told_steers_a_terminal() -> None:
    stream = sse(
        {"reasoning_content": HOSTILE, "content": HOSTILE},
        call('{"n": "\\u001b]52;c;x"}', name=HOSTILE, id=HOSTILE),
        call(HOSTILE, index=1, id="call_1"),
        finish=HOSTILE,
    )
    lines = told(stream + f"data: {HOSTILE}\n\n".encode())
    assert len(lines) > 5
    assert [line for line in lines if printable(line) != line] == []
