"""Calls in the text of local models, one row each in ``data/calls/text.json``: however the text is cut.

Marks and forms are those of the models' chat templates.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import CallAdvanced, CallFailed, Report, ToolCallAccumulator
from partialjson.calls.markup import Markup
from partialjson.limits import Limits
from partialjson.providers import TEXT_DIALECTS, table_of
from tests.test_calls_cases import POLICIES, seen
from tests.wires import table

ROWS: Final = table("calls/text.json")
EACH: Final = pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])


def chunk(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


def play(row: dict[str, Any], pieces: list[str]) -> Report:
    tools = {name: {} for name in row["tools"]} if "tools" in row else None
    policy = POLICIES[row.get("policy", "balanced")]
    accumulator = ToolCallAccumulator(f"openai-chat+{row['dialect']}", policy=policy, tools=tools)
    for payload in [*map(chunk, pieces), chunk("", "stop")]:
        accumulator.feed(payload)
    return accumulator.close()


def check(row: dict[str, Any], pieces: list[str]) -> None:
    report = play(row, pieces)
    found = [
        seen(report, call.key, expected) for call, expected in zip(report.calls, row["calls"], strict=True)
    ]
    assert [{"id": None, **call} for call in row["calls"]] == found
    assert report.text == row["left"]
    assert [anomaly.code for anomaly in report.anomalies] == row["anomalies"]


@EACH
def test_whole(row: dict[str, Any]) -> None:
    check(row, [row["text"]])


@EACH
def test_character_by_character(row: dict[str, Any]) -> None:
    check(row, list(row["text"]))


@EACH
@given(data=st.data())
def test_t66_any_cut(row: dict[str, Any], data: st.DataObject) -> None:
    text = row["text"]
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=8)))
    check(row, [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)])


@pytest.mark.parametrize("dialect", TEXT_DIALECTS)
@given(data=st.data())
def test_text_without_marks_is_text(dialect: str, data: st.DataObject) -> None:
    """Nothing is lost, nothing is doubled, whatever looks like the beginning of a mark."""
    begin = TEXT_DIALECTS[dialect].begin
    pieces = st.sampled_from([begin[:1], begin[:-1], begin[1:], "[", "<", "{", '"', "x"])
    texts = data.draw(st.lists(pieces, max_size=12))
    if begin in "".join(texts):
        return
    markup = Markup(TEXT_DIALECTS[dialect])
    found = [fragment for text in texts for fragment in markup.feed(text)] + markup.close()
    silent = TEXT_DIALECTS[dialect].silent
    if not any(mark in "".join(texts) for mark in silent):
        assert "".join(str(fragment.data) for fragment in found) == "".join(texts)


@pytest.mark.parametrize("dialect", TEXT_DIALECTS)
@given(data=st.data())
def test_no_text_upsets_a_dialect(dialect: str, data: st.DataObject) -> None:
    """Marks, brackets and quotes in any order: the text and the calls hold every letter of it."""
    marks = Markup(TEXT_DIALECTS[dialect])
    form = TEXT_DIALECTS[dialect]
    words = [form.begin, form.end or "", form.head or "", *form.silent]
    words += ["{", "}", "[", "]", '"', "'", ",", ":", "\\", '"name"', '"arguments"', " ", "7"]
    texts = data.draw(st.lists(st.sampled_from(words), max_size=30))
    fragments = [fragment for text in texts for fragment in marks.feed(text)] + marks.close()
    opened = [fragment.slot for fragment in fragments if fragment.kind == "call"]
    for fragment in fragments:
        assert fragment.kind in ("text", "reject") or fragment.slot in opened


def test_arguments_advance_as_they_come() -> None:
    accumulator = ToolCallAccumulator("openai-chat+hermes")
    text = '<tool_call>{"name": "f", "arguments": {"x": "abc", "y": {}}}</tool_call>'
    events = [event for character in text for event in accumulator.feed(chunk(character))]
    advanced = [event.text for event in events if isinstance(event, CallAdvanced)]
    assert advanced == list('{"x": "abc", "y": {}}')


def test_a_call_in_the_text_and_one_beside_it() -> None:
    call = {"index": 0, "id": "A", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
    accumulator = ToolCallAccumulator("openai-chat+hermes")
    accumulator.feed(chunk('Hm <tool_call>{"name": "g", "arguments"'))
    accumulator.feed({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]})
    accumulator.feed(chunk(': {"y": 2}}</tool_call>'))
    accumulator.feed(chunk("", "tool_calls"))
    report = accumulator.close()
    assert [(event.name, event.arguments) for event in report.finished] == [
        ("g", {"y": 2}),
        ("f", {"x": 1}),
    ]
    history: Any = report.to_history()
    assert [json.loads(call["function"]["arguments"]) for call in history["tool_calls"]] == [
        {"y": 2},
        {"x": 1},
    ]


@pytest.mark.parametrize("end", ["close", "abort", "error"])
def test_what_was_held_back_is_told_at_the_end(end: str) -> None:
    accumulator = ToolCallAccumulator("openai-chat+hermes")
    accumulator.feed(chunk("a <tool_"))
    if end == "error":
        accumulator.feed({"error": {"message": "gone"}})
    report = accumulator.abort() if end == "abort" else accumulator.close()
    assert report.text == "a <tool_"


@EACH
@given(data=st.data())
def test_what_is_restored_anywhere_goes_on(row: dict[str, Any], data: st.DataObject) -> None:
    """In the middle of a mark, of a name, of an argument."""
    text = row["text"]
    cut = data.draw(st.integers(0, len(text)))
    first = ToolCallAccumulator(f"openai-chat+{row['dialect']}")
    first.feed(chunk(text[:cut]))
    restored = ToolCallAccumulator.restore(json.loads(json.dumps(first.checkpoint())))
    reports = []
    for accumulator in (first, restored):
        accumulator.feed(chunk(text[cut:]))
        accumulator.feed(chunk("", "stop"))
        reports.append(accumulator.close().to_json() | {"metrics": None})
    assert reports[0] == reports[1]


def test_what_was_held_back_is_in_the_last_word_of_its_call() -> None:
    accumulator = ToolCallAccumulator("openai-chat+hermes")
    accumulator.feed(chunk('<tool_call>{"name": "f", "arguments": {"x": <'))
    events = accumulator.feed({"error": {"message": "gone"}})
    assert [event.raw for event in events if isinstance(event, CallFailed)] == ['{"x": <']


def test_any_wire_carries_any_dialect() -> None:
    events = [
        {"type": "message_start", "message": {"id": "m", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": '<tool_call>{"name": "f", "arguments": {}}</tool_call>'},
        },
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
        {"type": "message_stop"},
    ]
    accumulator = ToolCallAccumulator("anthropic+hermes")
    for event in events:
        accumulator.feed(event)
    report = accumulator.close()
    assert [(event.name, event.arguments) for event in report.finished] == [("f", {})]
    assert (report.provider, report.reason) == ("anthropic+hermes", "tool_calls")


def test_the_limit_of_text_is_one_of_text_and_calls_together() -> None:
    accumulator = ToolCallAccumulator("openai-chat+hermes", limits=Limits(text=60))
    accumulator.feed(chunk('a <tool_call>{"name": "f", "arguments": {}}</tool_call>'))
    accumulator.feed(chunk(" b c d e"))
    accumulator.feed(chunk("", "stop"))
    report = accumulator.close()
    assert [(event.name, event.arguments) for event in report.finished] == [("f", {})]
    assert report.text == "a  b c "
    assert [anomaly.code for anomaly in report.anomalies] == ["id-synthesized", "limit"]


def test_a_dialect_that_nobody_knows_is_the_callers_fault() -> None:
    with pytest.raises(ValueError, match="no provider is called 'openai-chat\\+latin'"):
        table_of("openai-chat+latin")
    with pytest.raises(ValueError, match="no provider is called 'nobody'"):
        table_of("nobody+hermes")
