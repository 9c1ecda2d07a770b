"""Turns and choices: what belongs to which, and what is kept of one that was cut or cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import CallFinished, Report, ToolCallAccumulator, TurnFinished
from tests.wires import chat_payloads, sse

USAGE: Final = {"prompt_tokens": 7, "completion_tokens": 9}


def chat_turn(number: int) -> list[Any]:
    """A turn of two choices, each with a call; usage comes behind, with a chunk of its own."""
    ids = [f"call_{number}_{choice}" for choice in (0, 1)]
    opening = [
        {"choice": choice, "calls": [{"i": 0, "id": id, "n": "f", "a": '{"x": '}]}
        for choice, id in enumerate(ids)
    ]
    closing = [{"choice": choice, "calls": [{"i": 0, "a": f"{number}}}"}]} for choice in (1, 0)]
    finishes = [{"choice": 1, "finish": "tool_calls"}, {"choice": 0, "finish": "stop"}]
    usage = {"payload": {"choices": [], "usage": {**USAGE, "completion_tokens": number}}}
    return list(chat_payloads([*opening, *closing, *finishes, usage]))


def anthropic_turn(number: int) -> list[Any]:
    block = {"type": "tool_use", "id": f"call_{number}_0", "name": "f", "input": {}}
    delta = {"type": "input_json_delta", "partial_json": f'{{"x": {number}}}'}
    message = {"id": f"msg_{number}", "content": [], "usage": {"prompt_tokens": 7, "completion_tokens": 1}}
    usage = {"completion_tokens": number}
    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": usage},
        {"type": "message_stop"},
    ]


def play(payloads: list[Any]) -> tuple[list[TurnFinished], Report]:
    accumulator = ToolCallAccumulator()
    events = [event for payload in payloads for event in accumulator.feed(payload)]
    report = accumulator.close()
    return [event for event in [*events, *report.events] if isinstance(event, TurnFinished)], report


@pytest.mark.parametrize("end", [ToolCallAccumulator.close, ToolCallAccumulator.abort])
def test_usage_and_finish_reason_outlive_a_cut_and_a_cancellation(
    end: Callable[[ToolCallAccumulator], Report],
) -> None:
    """Whatever was said before it ended: nothing that was counted is lost."""
    for turn, reasons in ((chat_turn(3), {0: "stop", 1: "tool_calls"}), (anthropic_turn(3), {0: "tool_use"})):
        for length in range(len(turn) + 1):
            accumulator = ToolCallAccumulator()
            usage: dict[str, Any] = {}
            said: dict[int, str] = {}
            for payload in turn[:length]:
                accumulator.feed(payload)
                usage |= payload.get("usage") or payload.get("message", {}).get("usage") or {}
                for choice in payload.get("choices", ()):
                    if choice["finish_reason"]:
                        said[choice["index"]] = choice["finish_reason"]
                if payload.get("type") == "message_delta":
                    said[0] = payload["delta"]["stop_reason"]
            report = end(accumulator)
            assert (report.usage, report.finish_reasons) == (usage or None, said)
            assert {**said, **reasons} == reasons
            assert report.finish_reason == said.get(0)


def test_usage_behind_an_error_is_kept() -> None:
    usage = {"choices": [], "usage": USAGE}
    _, report = play([*chat_turn(1)[:3], {"error": {"message": "gone"}}, usage])
    assert (report.usage, report.finish_reason) == (USAGE, None)
    assert [event.reason for event in report.failed] == ["cut", "cut"]


def test_each_turn_of_a_connection_has_its_own() -> None:
    for turn, choices in ((chat_turn, 2), (anthropic_turn, 1)):
        done: list[Any] = [sse(["[DONE]"])] if turn is chat_turn else []
        turns, report = play([payload for number in (1, 2, 3) for payload in [*turn(number), *done]])
        assert [event.turn for event in turns] == [0, 1, 2]
        assert [event.usage for event in turns] == [
            {"prompt_tokens": 7, "completion_tokens": number} for number in (1, 2, 3)
        ]
        assert [event.reason for event in turns] == ["tool_calls"] * 3
        for number, event in enumerate(turns, 1):
            finished = {call.key: call.arguments for call in event.report.finished}
            assert finished == {f"call_{number}_{choice}": {"x": number} for choice in range(choices)}
        assert len(report.calls) == 3 * choices
        assert report.usage == turns[-1].usage


def test_a_cut_in_the_second_turn_leaves_the_first_as_it_was() -> None:
    first = anthropic_turn(1)
    for length in range(1, 5):
        turns, report = play([*first, *anthropic_turn(2)[:length]])
        assert turns[0].report.finished[0].arguments == {"x": 1}
        assert (turns[0].finish_reason, turns[0].usage) == (
            "tool_use",
            {"prompt_tokens": 7, "completion_tokens": 1},
        )
        assert len(turns) == 2
        assert (turns[1].finish_reason, turns[1].usage) == (
            None,
            {"prompt_tokens": 7, "completion_tokens": 1},
        )
        assert report.finish_reason is None


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=40),
    st.lists(st.sampled_from(["stop", "length", "tool_calls"]), min_size=4, max_size=4),
)
def test_choices_know_nothing_of_each_other(order: list[tuple[int, int]], reasons: list[str]) -> None:
    """Calls, finish and text of four choices, in any order of their payloads."""
    queues = {
        choice: [
            {"choice": choice, "calls": [{"i": 0, "id": f"call_{choice}", "n": "f", "a": '{"x": '}]},
            {"payload": {"choices": [{"index": choice, "delta": {"content": f"text {choice}"}}]}},
            {"choice": choice, "calls": [{"i": 0, "a": f"{choice}}}"}]},
            {"choice": choice, "finish": reasons[choice]},
        ]
        for choice in range(4)
    }
    steps: list[Any] = []
    for choice, count in order:
        steps += queues[choice][:count]
        del queues[choice][:count]
    for rest in queues.values():
        steps += rest
    _, report = play([*chat_payloads(steps), sse(["[DONE]"])])
    assert report.finish_reasons == dict(enumerate(reasons))
    assert {event.key: event.arguments for event in report.finished} == {
        f"call_{choice}": {"x": choice} for choice in range(4)
    }
    assert (report.text, report.finish_reason) == ("text 0", reasons[0])
    assert all(isinstance(event, CallFinished) and event.executable for event in report.finished)
