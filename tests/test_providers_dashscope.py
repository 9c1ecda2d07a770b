"""DashScope: what is new and what is restated, told apart without the request's word for it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import Any, Final

from hypothesis import example, given
from hypothesis import strategies as st

from partialjson.calls import Report, ToolCallAccumulator
from partialjson.providers.dashscope import decode
from partialjson.wire import Frame
from tests.wires import dashscope_payloads, dashscope_sse

PIECES: Final = st.lists(st.sampled_from(["1", "1.", "a", " ", "{", "\u00e9"]), min_size=3, max_size=8)


def read(steps: Iterable[Any]) -> Report:
    accumulator = ToolCallAccumulator()
    accumulator.feed(dashscope_sse(dashscope_payloads(steps)))
    return accumulator.close()


def restated(pieces: list[str]) -> list[Any]:
    *before, last = accumulate(pieces)
    return [*({"say": text} for text in before), {"say": last, "finish": "stop"}]


@given(PIECES)
@example(["1", "1", "1", "1"])
def test_text_that_is_new(pieces: list[str]) -> None:
    report = read([*({"say": piece} for piece in pieces), "FIN stop"])
    assert (report.text, report.anomalies) == ("".join(pieces), ())


@given(PIECES)
def test_text_that_is_restated(pieces: list[str]) -> None:
    report = read(restated(pieces))
    assert (report.text, report.anomalies) == ("".join(pieces), ())


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.data())
def test_arguments_of_either_kind(numbers: list[int], data: st.DataObject) -> None:
    text = f'{{"x": {numbers}, "y": {{"x": {numbers}}}}}'
    places = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), min_size=1, max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, None], strict=True)]
    first, *more = pieces
    new = [[{"i": 0, "id": "A", "n": "f", "a": first}], *([{"i": 0, "id": "", "a": piece}] for piece in more)]
    whole = [[{"i": 0, "id": "A", "n": "f", "a": so_far}] for so_far in accumulate(pieces)]
    for steps in (new, whole):
        report = read([*steps, "FIN tool_calls"])
        assert [call.text for call in report.calls] == [text]
        assert [event.executable for event in report.finished] == [True]
        assert report.anomalies == ()


def test_events_are_numbered_where_the_number_is_one() -> None:
    def number_of(id: str, data: str = '{"output": {}}') -> object:
        payload = decode(Frame(data, id=id))
        assert isinstance(payload, dict)
        return payload.get("id")

    assert [number_of(id) for id in ("1", "2", "10")] == [0, 1, 9]
    assert [number_of(id) for id in ("", "0", "-1", "a", "1.5", "\u0661", "9" * 5000)] == [None] * 7
    assert number_of("3", '{"code": "x"}') is None
    assert decode(Frame("[1]", id="3")) == [1]


def test_the_same_number_on_every_event_is_no_number() -> None:
    stream = dashscope_sse(
        {**payload, "id": 0} for payload in dashscope_payloads(["a", "b", "b", "FIN stop"])
    )
    accumulator = ToolCallAccumulator()
    accumulator.feed(stream)
    assert accumulator.close().text == "abb"


def test_what_is_held_back_at_a_cut_is_lost_to_the_text() -> None:
    assert read([{"say": "1"}, {"say": "1."}]).text == "1"
