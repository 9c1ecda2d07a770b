"""The accumulator: what it promises for any stream, and what its names do."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import (
    SEVERITY,
    Anomaly,
    CallAdvanced,
    CallFailed,
    CallFinished,
    CallReset,
    CallStarted,
    EarlyViolation,
    Event,
    OutputAdvanced,
    OutputFailed,
    OutputFinished,
    Policy,
    ReasoningAdvanced,
    Report,
    TextAdvanced,
    ToolCallAccumulator,
    TurnFinished,
    assembly,
)
from partialjson.dialects import STRICT
from partialjson.edits import Done, Grow, Put
from partialjson.fragment import Fragment
from partialjson.limits import Limits
from partialjson.providers import Provider
from partialjson.providers.anthropic import ANTHROPIC
from partialjson.providers.openai_chat import OPENAI_CHAT
from tests.test_providers import PAYLOADS
from tests.wires import chat_payloads, sse

# Calls, cut and interleaved

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
ARGUMENTS: Final = st.dictionaries(st.text(max_size=4), VALUES, max_size=4)


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({cut % (len(text) + 1) for cut in cuts})
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


def chat_call(slot: int, arguments: list[str]) -> list[Any]:
    """The chunks of one call, in its own order."""
    opening = {"i": slot, "id": f"call_{slot}", "n": f"tool_{slot}", "a": ""}
    return [[opening], *([{"i": slot, "a": piece}] for piece in arguments)]


def anthropic_call(slot: int, arguments: list[str]) -> list[Any]:
    block = {"type": "tool_use", "id": f"call_{slot}", "name": f"tool_{slot}", "input": {}}
    deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in arguments]
    return [
        {"type": "content_block_start", "index": slot, "content_block": block},
        *({"type": "content_block_delta", "index": slot, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": slot},
    ]


def chat(calls: list[list[str]], order: list[int]) -> list[Any]:
    steps = interleaved([chat_call(slot, call) for slot, call in enumerate(calls)], order)
    return list(chat_payloads([*steps, "FIN tool_calls"]))


def anthropic(calls: list[list[str]], order: list[int]) -> list[Any]:
    start = {"type": "message_start", "message": {"id": "msg_1", "content": []}}
    stop = {"type": "message_delta", "delta": {"stop_reason": "tool_use"}}
    steps = interleaved([anthropic_call(slot, call) for slot, call in enumerate(calls)], order)
    return [start, *steps, stop, {"type": "message_stop"}]


def interleaved(queues: list[list[Any]], order: list[int]) -> list[Any]:
    """The steps of all queues, each queue's in its own order."""
    queues = [list(queue) for queue in queues]
    steps = []
    for choice in order:
        alive = [queue for queue in queues if queue]
        if alive:
            steps.append(alive[choice % len(alive)].pop(0))
    return steps + [step for queue in queues for step in queue]


TABLES: Final = {chat: OPENAI_CHAT, anthropic: ANTHROPIC}
WIRES: Final = pytest.mark.parametrize("wire", [chat, anthropic])
CUT_CALLS: Final = st.lists(
    st.tuples(ARGUMENTS.map(json.dumps), st.lists(st.integers(0, 200), max_size=6)), min_size=1, max_size=4
)
ORDER: Final = st.lists(st.integers(0, 3), max_size=60)


def play(payloads: list[Any], **options: Any) -> tuple[list[Event], Report]:
    accumulator = ToolCallAccumulator(**options)
    events = [event for payload in payloads for event in accumulator.feed(payload)]
    report = accumulator.close()
    return events + list(report.events), report


def by_key(report: Report) -> dict[str, Any]:
    """The calls, without the order in which they came."""
    outcomes = {event.key: event for event in (*report.finished, *report.failed)}
    return {call.key: (call.id, call.name, call.text, call.raw, outcomes[call.key]) for call in report.calls}


@WIRES
@given(calls=CUT_CALLS, order=ORDER)
def test_13_any_interleaving_gives_the_same_calls(
    wire: Callable[..., list[Any]], calls: list[tuple[str, list[int]]], order: list[int]
) -> None:
    texts = [pieces(text, cuts) for text, cuts in calls]
    _, apart = play(wire(texts, []))
    events, mixed = play(wire(texts, order))
    assert by_key(mixed) == by_key(apart)
    for slot, (text, _) in enumerate(calls):
        finished = by_key(mixed)[f"call_{slot}"][-1]
        assert isinstance(finished, CallFinished)
        assert finished.arguments == json.loads(text)
        assert finished.executable
        own = [event for event in events if event.key == f"call_{slot}" and isinstance(event, CallAdvanced)]
        assert "".join(event.text for event in own) == text


@WIRES
@given(calls=CUT_CALLS, order=ORDER, cuts=st.lists(st.integers(0, 5_000), max_size=8))
def test_1_any_cut_of_the_bytes_gives_the_same(
    wire: Callable[..., list[Any]], calls: list[tuple[str, list[int]]], order: list[int], cuts: list[int]
) -> None:
    stream = sse(wire([pieces(text, cuts) for text, cuts in calls], order))
    places = sorted({cut % (len(stream) + 1) for cut in cuts})
    chunks = [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]
    whole, cut = play([stream])[1], play(chunks)[1]
    assert by_key(cut) == by_key(whole)
    assert cut.anomalies == whole.anomalies


@WIRES
@given(calls=CUT_CALLS, order=ORDER, wrong=PAYLOADS, place=st.integers(0, 100), data=st.data())
def test_12_a_payload_of_any_shape_harms_no_call_that_it_does_not_name(
    wire: Callable[..., list[Any]],
    calls: list[tuple[str, list[int]]],
    order: list[int],
    wrong: dict[str, Any],
    place: int,
    data: st.DataObject,
) -> None:
    """A payload that opens a turn, ends it or speaks of these calls does what it says; any other nothing."""
    payloads = wire([pieces(text, cuts) for text, cuts in calls], order)
    _, alone = play(payloads)
    at = 1 + place % (len(payloads) - 1)
    _, disturbed = play([*payloads[:at], wrong, *payloads[at:]])
    said = {fragment.kind for fragment in TABLES[wire].reader()(wrong)}
    if said <= {"unknown", "reject", "text", "reasoning", "refusal", "usage"}:
        assert by_key(disturbed) == by_key(alone)
    if "reject" in said:
        assert "bad-payload" in disturbed.anomaly_counts


JUNK: Final = st.sampled_from([None, [], {}, True, 1.5, -1, 10**9, "x", [None], {"x": 1}, "\ud800"])


@WIRES
@given(
    data=st.data(),
    calls=st.lists(ARGUMENTS.filter(bool).map(json.dumps), min_size=2, max_size=3),
    order=ORDER,
)
def test_12_a_damaged_call_harms_no_other(
    wire: Callable[..., list[Any]], data: st.DataObject, calls: list[str], order: list[int]
) -> None:
    """Members of one call's payloads are lost, replaced, or doubled; its siblings notice nothing."""
    payloads = wire([pieces(text, [3, 7]) for text in calls], order)
    own = [index for index, payload in enumerate(payloads) if speaks_of_first(payload)]
    damaged = copy.deepcopy(payloads)
    for index in data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=3, unique=True)):
        holder, member = data.draw(st.sampled_from(list(members(damaged[index]))))
        holder[member] = data.draw(JUNK)
        if data.draw(st.booleans()):
            damaged.insert(index, copy.deepcopy(damaged[index]))
            break
    _, report = play(damaged)
    outcomes = by_key(report)
    for slot, text in list(enumerate(calls))[1:]:
        finished = outcomes[f"call_{slot}"][-1]
        assert isinstance(finished, CallFinished)
        assert finished.arguments == json.loads(text)


def speaks_of_first(payload: dict[str, Any]) -> bool:
    if "choices" in payload:
        calls = payload["choices"][0]["delta"].get("tool_calls", [])
        return [call["index"] for call in calls] == [0]
    return payload.get("index") == 0


def members(value: Any) -> Any:
    """Every place in a payload, but that of the finish reason, which speaks of all calls."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "finish_reason":
                yield value, name
                yield from members(member)
    elif isinstance(value, list):
        for item in value:
            yield from members(item)


@given(st.lists(PAYLOADS, max_size=12))
def test_12_no_sequence_of_payloads_raises_and_each_call_gets_one_last_word(payloads: list[Any]) -> None:
    events, report = play(payloads)
    report.to_json()
    last_words = [event.key for event in events if isinstance(event, CallFinished | CallFailed)]
    assert sorted(last_words) == sorted(call.key for call in report.calls)
    assert {anomaly.code for anomaly in report.anomalies} <= set(SEVERITY)


@WIRES
@given(calls=CUT_CALLS, order=ORDER, at=st.integers(0, 100))
def test_11_only_the_providers_word_finishes_a_call(
    wire: Callable[..., list[Any]], calls: list[tuple[str, list[int]]], order: list[int], at: int
) -> None:
    payloads = wire([pieces(text, cuts) for text, cuts in calls], order)
    payloads = payloads[: at % len(payloads)]
    _, report = play(payloads)
    ended = {
        f"call_{payload['index']}" for payload in payloads if payload.get("type") == "content_block_stop"
    }
    spoken = any(
        payload.get("type") == "message_delta" or payload.get("choices", [{}])[0].get("finish_reason")
        for payload in payloads
    )
    for event in report.finished:
        assert spoken or event.id in ended
    for call in report.calls:
        assert not hasattr(call, "arguments")
    assert not any(hasattr(event, "arguments") for event in report.failed)


@WIRES
@given(calls=CUT_CALLS, order=ORDER, at=st.integers(0, 100), how=st.sampled_from(["close", "abort", "error"]))
def test_14_nothing_is_lost(
    wire: Callable[..., list[Any]], calls: list[tuple[str, list[int]]], order: list[int], at: int, how: str
) -> None:
    texts = [pieces(text, cuts) for text, cuts in calls]
    payloads = wire(texts, order)
    payloads = payloads[: at % len(payloads)]
    accumulator = ToolCallAccumulator(limits=Limits(text=20), dialect=STRICT)
    sent: dict[str, str] = {}
    for payload in payloads:
        accumulator.feed(payload)
        for slot, text in text_of(payload):
            sent[slot] = sent.get(slot, "") + text
        for slot, text in sent.items():
            call = accumulator[slot]
            assert text.startswith(call.raw)
            assert len(call.raw) + call.lost == len(text)
    report = {
        "close": accumulator.close,
        "abort": accumulator.abort,
        "error": lambda: (accumulator.feed({"error": "x", "type": "error"}), accumulator.close())[-1],
    }[how]()
    for event in report.failed:
        assert event.raw == accumulator[event.key].raw


def text_of(payload: dict[str, Any]) -> list[tuple[str, str]]:
    if "choices" in payload:
        calls = payload["choices"][0]["delta"].get("tool_calls", [])
        return [(f"call_{call['index']}", call["function"].get("arguments", "")) for call in calls]
    if payload.get("type") == "content_block_delta":
        return [(f"call_{payload['index']}", payload["delta"]["partial_json"])]
    return []


# Names


def test_add_and_end_for_a_transport_of_ones_own() -> None:
    accumulator = ToolCallAccumulator()
    assert accumulator.add("A", name="f") == [CallStarted("A", "A", "f", "function")]
    (advanced,) = accumulator.add("A", '{"x": [1, 2')
    assert isinstance(advanced, CallAdvanced)
    assert (advanced.key, advanced.id, advanced.name, advanced.choice, advanced.turn) == ("A", "A", "f", 0, 0)
    assert (advanced.text, advanced.partial) == ('{"x": [1, 2', {"x": [1]})
    assert accumulator.add("B", '{"y"', name="g")[0] == CallStarted("B", "B", "g", "function")
    accumulator.add("A", "]}")
    (finished,) = accumulator.end("A")
    assert isinstance(finished, CallFinished)
    assert (finished.arguments, finished.executable, finished.raw) == ({"x": [1, 2]}, True, '{"x": [1, 2]}')
    report = accumulator.close()
    assert [(event.key, event.reason) for event in report.failed] == [("B", "cut")]
    assert [type(event) for event in report.events] == [Anomaly, CallFailed, TurnFinished]


def test_a_call_that_is_ended_by_hand_without_text_is_over() -> None:
    accumulator = ToolCallAccumulator()
    accumulator.add("A", name="f")
    *_, finished = accumulator.end("A")
    assert isinstance(finished, CallFinished)
    assert (finished.arguments, finished.executable) == ({}, True)


def test_add_without_a_name() -> None:
    accumulator = ToolCallAccumulator()
    started, advanced = accumulator.add("A", '{"x": 1')
    assert started == CallStarted("A", "A", "", "function")
    assert isinstance(advanced, CallAdvanced)
    accumulator.add("A", "}", name="f")
    (finished,) = accumulator.end("A")
    assert isinstance(finished, CallFinished)
    assert (finished.name, finished.arguments) == ("f", {"x": 1})


def test_with_tools_a_call_starts_when_it_has_a_name() -> None:
    accumulator = ToolCallAccumulator(tools={"f": {"type": "object"}})
    assert accumulator.add("A", '{"x":') == []
    assert accumulator["A"].state == "pending"
    started, advanced = accumulator.add("A", "1", name="f")
    assert isinstance(started, CallStarted)
    assert isinstance(advanced, CallAdvanced)
    assert advanced.text == '{"x":1'


def test_what_is_advanced_is_read_when_asked_for_and_kept() -> None:
    accumulator = ToolCallAccumulator()
    _, first = accumulator.add("A", '{"x": "ab')
    (second,) = accumulator.add("A", 'cd", "y": 1')
    assert isinstance(first, CallAdvanced)
    assert isinstance(second, CallAdvanced)
    assert first.partial == {"x": "abcd"}
    assert second.edits == [Put((), {}), Put(("x",), ""), Grow(("x",), "abcd"), Done(("x",))]
    (third,) = accumulator.add("A", "2}")
    assert isinstance(third, CallAdvanced)
    assert first.partial == {"x": "abcd"}
    assert third.partial == {"x": "abcd", "y": 12}
    assert third.edits == [Put(("y",), 12), Done(())]
    assert first.edits == []


def test_calls_are_found_by_key_and_by_id() -> None:
    accumulator = ToolCallAccumulator()
    for payload in chat_payloads([[{"i": 0, "n": "f", "a": "{"}], [{"i": 0, "id": "A", "a": "}"}]]):
        accumulator.feed(payload)
    call = accumulator["pj_0_0_0"]
    assert accumulator["A"] is call
    assert "A" in accumulator
    assert "pj_0_0_0" in accumulator
    assert "B" not in accumulator
    with pytest.raises(KeyError):
        accumulator["B"]
    assert accumulator.calls == [call]
    assert (call.key, call.id, call.synthesized, call.index) == ("pj_0_0_0", "A", False, 0)


def test_a_call_tells_its_state() -> None:
    accumulator = ToolCallAccumulator()
    states = []
    for payload in chat_payloads(
        [[{"i": 0, "id": "A", "a": ""}], [{"i": 0, "n": "f", "a": '{"x": "'}], "FIN tool_calls"]
    ):
        accumulator.feed(payload)
        states.append((accumulator["A"].state, accumulator["A"].open_path))
    assert states == [("pending", None), ("open", ("x",)), ("failed", ("x",))]
    anthropic_stream = anthropic([[""]], [])
    accumulator = ToolCallAccumulator()
    for payload in anthropic_stream[:-2]:
        accumulator.feed(payload)
    assert accumulator["call_0"].state == "ended"
    for payload in anthropic_stream[-2:]:
        accumulator.feed(payload)
    assert accumulator["call_0"].state == "finished"


def test_the_arguments_belong_to_the_caller() -> None:
    accumulator = ToolCallAccumulator()
    _, advanced = accumulator.add("A", '{"x": [1]}', name="f")
    assert isinstance(advanced, CallAdvanced)
    before: Any = advanced.partial
    (finished,) = accumulator.end("A")
    assert isinstance(finished, CallFinished)
    assert isinstance(finished.arguments, dict)
    finished.arguments["x"].append(2)
    assert before == accumulator["A"].partial == {"x": [1]}


def test_abort() -> None:
    accumulator = ToolCallAccumulator()
    for payload in anthropic([['{"x": 1}'], ['{"y"']], [])[:-3]:
        accumulator.feed(payload)
    report = accumulator.abort("enough")
    assert [(event.key, event.arguments) for event in report.finished] == [("call_0", {"x": 1})]
    assert [(event.key, event.reason, event.detail) for event in report.failed] == [
        ("call_1", "aborted", "enough")
    ]
    assert set(report.anomaly_counts) == {"aborted"}
    assert accumulator.close() is accumulator.abort() is report


def test_after_the_end_nothing_is_taken() -> None:
    accumulator = ToolCallAccumulator()
    report = accumulator.close()
    assert (report.calls, report.events, report.anomalies) == ((), (), ())
    for events in (accumulator.feed(b"data: {}"), accumulator.add("A", "{}"), accumulator.end("A")):
        assert [event.code for event in events if isinstance(event, Anomaly)] == ["late-event"]
    assert accumulator.close() is report
    assert accumulator.calls == []


def test_text_reasoning_and_refusal() -> None:
    stream = [
        {"payload": {"choices": [{"index": 0, "delta": {"reasoning": "Hm\ud83d"}}]}},
        {"payload": {"choices": [{"index": 0, "delta": {"reasoning": "\ude00", "content": "Hi"}}]}},
        {"payload": {"choices": [{"index": 0, "delta": {"refusal": "No"}}]}},
        "FIN stop",
    ]
    events, report = play(list(chat_payloads(stream)))
    assert events[:-1] == [
        ReasoningAdvanced("Hm"),
        ReasoningAdvanced("\U0001f600"),
        TextAdvanced("Hi"),
        TextAdvanced("No", refusal=True),
    ]
    assert (report.text, report.reasoning, report.refusal) == ("Hi", "Hm\U0001f600", "No")
    finished = events[-1]
    assert isinstance(finished, TurnFinished)
    assert (finished.reason, finished.finish_reason, finished.usage) == ("stop", "stop", None)
    assert finished.report.text == "Hi"


def test_add_takes_what_is_no_text() -> None:
    accumulator = ToolCallAccumulator()
    accumulator.add("A", None, name="f")  # type: ignore[arg-type]
    accumulator.add("A", '{"x": 1, "y": ')
    accumulator.add("A", 7)  # type: ignore[arg-type]
    accumulator.add("A", "2}")
    (finished,) = accumulator.end("A")
    assert isinstance(finished, CallFinished)
    assert (finished.arguments, finished.reasons) == ({"x": 1, "y": 2}, ("arguments-invalid",))


def test_t40_an_ordinary_fragment_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the call has become: neither is its text read again, nor put together."""
    opening = '{"text": "it begins'
    accumulators = [ToolCallAccumulator() for _ in range(3)]
    accumulators[0].add("A", opening, name="f")
    for payload in chat_payloads([[{"i": 0, "id": "A", "n": "f", "a": opening}]]):
        accumulators[1].feed(payload)
    for payload in anthropic([[opening]], [])[:3]:
        accumulators[2].feed(payload)
    monkeypatch.delattr(assembly, "reconcile")
    monkeypatch.delattr(assembly, "_joined")
    for fragment in ["a", "é", "😀", "}", "\\", "n", " ", '"', ":", "{"] * 1_000:
        accumulators[0].add("A", fragment)
        accumulators[1].feed(next(chat_payloads([[{"i": 0, "a": fragment}]])))
        delta = {"type": "input_json_delta", "partial_json": fragment}
        accumulators[2].feed({"type": "content_block_delta", "index": 0, "delta": delta})
    monkeypatch.undo()
    assert [len(accumulator.calls[0].raw) for accumulator in accumulators] == [len(opening) + 10_000] * 3


def test_t58_payloads_with_numbers() -> None:
    def payload(payload: Any) -> list[Fragment]:
        return [Fragment("call", payload["text"], id="A", name="f"), *payload.get("more", ())]

    wire = Provider(name="numbered", matches=lambda payload: True, reader=lambda: payload, sequence="n")
    numbered = [(0, "{"), (1, '"x":'), (1, '"x":'), (2, "1"), (4, "}"), (0, " "), (1, " ")]
    payloads: list[Any] = [{"n": number, "text": text} for number, text in numbered]
    payloads[-1]["more"] = [Fragment("end", id="A")]
    _, report = play(payloads, provider=wire)
    assert [event.arguments for event in report.finished] == [{"x": 1}]
    assert [(anomaly.code, anomaly.detail) for anomaly in report.anomalies] == [
        ("duplicate-event", "1 after 1"),
        ("sequence-gap", "4 after 2"),
        ("truncated-stream", ""),
    ]


@pytest.mark.parametrize("wrong", [4, 900, 10**9, 2**70])
def test_t58_a_wrong_number_harms_no_payload_behind_it(wrong: int) -> None:
    def payload(payload: Any) -> list[Fragment]:
        return [Fragment("call", payload["text"], id="A", name="f"), *payload.get("more", ())]

    wire = Provider(name="numbered", matches=lambda payload: True, reader=lambda: payload, sequence="n")
    numbered = [(1, "{"), (wrong, '"x":'), (3, "1"), (3, "1"), (5, "2"), (5, "2"), (6, "}")]
    payloads: list[Any] = [{"n": number, "text": text} for number, text in numbered]
    _, report = play([*payloads, {"n": 7, "text": "", "more": [Fragment("end", id="A")]}], provider=wire)
    assert [event.arguments for event in report.finished] == [{"x": 12}]
    assert [(anomaly.code, anomaly.detail) for anomaly in report.anomalies][:2] == [
        ("sequence-gap", f"{wrong} after 1"),
        ("duplicate-event", f"3 after {wrong if wrong < 1_024 else 3}"),
    ]


@given(st.permutations(range(5)), st.lists(st.integers(0, 4), max_size=3))
def test_t58_numbers_tell_what_is_late_from_what_is_doubled(order: list[int], again: list[int]) -> None:
    """Each payload counts once, in whatever order they come, wherever one comes again."""

    def payload(payload: Any) -> list[Fragment]:
        return [Fragment("call", "{}", id=f"call_{payload['n']}", name="f")]

    wire = Provider(name="numbered", matches=lambda payload: True, reader=lambda: payload, sequence="n")
    _, report = play([{"n": number + 1} for number in [*order, *again]], provider=wire)
    assert [call.id for call in report.calls] == [f"call_{number + 1}" for number in order]
    assert report.anomaly_counts.get("duplicate-event", 0) == len(again)


# Validation


SCHEMA: Final = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}


def called(arguments: str, name: str = "f", **options: Any) -> CallFinished | CallFailed:
    accumulator = ToolCallAccumulator(**options)
    accumulator.add("A", arguments, name=name)
    last_word = accumulator.end("A")[-1]
    assert isinstance(last_word, CallFinished | CallFailed)
    return last_word


def test_tools_validate() -> None:
    good = called('{"x": 1}', tools={"f": SCHEMA})
    assert isinstance(good, CallFinished)
    assert (good.arguments, good.validated) == ({"x": 1}, {"x": 1})
    bad = called('{"x": "1"}', tools={"f": SCHEMA})
    assert isinstance(bad, CallFailed)
    assert bad.reason == "invalid"
    assert [(error.pointer, error.keyword) for error in bad.errors] == [("/x", "type")]
    assert bad.partial == {"x": "1"}


def test_what_can_no_longer_become_valid_is_told_at_once() -> None:
    accumulator = ToolCallAccumulator(tools={"f": SCHEMA})
    accumulator.add("A", '{"x"', name="f")
    advanced, early = accumulator.add("A", ': "')
    assert isinstance(advanced, CallAdvanced)
    assert isinstance(early, EarlyViolation)
    assert (early.key, early.violation.pointer, early.violation.keyword, early.violation.offset) == (
        "A",
        "/x",
        "type",
        7,
    )
    assert advanced.edits == [Put((), {}), Put(("x",), "")]
    (more,) = accumulator.add("A", "ab")
    assert isinstance(more, CallAdvanced)
    assert more.edits == [Grow(("x",), "ab")]
    accumulator.add("A", '"}')
    assert [event.reason for event in accumulator.end("A") if isinstance(event, CallFailed)] == ["invalid"]


def test_nothing_is_told_before_it_is_certain_what_is_written() -> None:
    wrapped = json.dumps('{"x": 1}')
    accumulator = ToolCallAccumulator(tools={"f": SCHEMA})
    events = [event for piece in ("", *wrapped) for event in accumulator.add("A", piece, name="f")]
    assert not [event for event in events if isinstance(event, EarlyViolation)]
    assert isinstance(accumulator.end("A")[-1], CallFinished)


def test_a_restated_call_is_watched_anew() -> None:
    accumulator = ToolCallAccumulator("openai-chat", tools={"f": SCHEMA})
    stream = [[{"i": 0, "id": "A", "n": "f", "a": "{}"}], [{"i": 0, "a": '{"x": "'}]]
    events = [event for payload in chat_payloads(stream) for event in accumulator.feed(payload)]
    kinds = [type(event) for event in events]
    assert kinds[-3:] == [Anomaly, CallReset, EarlyViolation]


def test_unknown_tools_are_rejected_but_not_those_of_the_provider() -> None:
    failed = called("{}", name="g", tools={"f": SCHEMA})
    assert isinstance(failed, CallFailed)
    assert failed.reason == "rejected"
    block = {"type": "server_tool_use", "id": "A", "name": "web_search", "input": {}}
    stream = anthropic([["{}"]], [])
    stream[1]["content_block"] = block
    _, report = play(stream, tools={"f": SCHEMA})
    assert [(event.name, event.executable, event.reasons) for event in report.finished] == [
        ("web_search", False, ("server",))
    ]


def test_known_tools_decide_when_a_name_is_final() -> None:
    opening = [[{"i": 0, "id": "A", "n": "get", "a": ""}]]
    for names, started in ((["get"], 1), (["get", "get_all"], 0), (["set"], 0)):
        accumulator = ToolCallAccumulator(tools=dict.fromkeys(names, True))
        events = [event for payload in chat_payloads(opening) for event in accumulator.feed(payload)]
        assert len(events) == started


def test_a_structured_answer() -> None:
    stream = [
        {"payload": {"choices": [{"index": 0, "delta": {"content": piece}}]}}
        for piece in ('```json\n{"x"', ": 1", "}\n```")
    ]
    events, report = play(list(chat_payloads([*stream, "FIN stop"])), output=SCHEMA)
    advanced = [event for event in events if isinstance(event, OutputAdvanced)]
    assert [event.text for event in advanced] == ['```json\n{"x"', ": 1", "}\n```"]
    assert isinstance(report.output, OutputFinished)
    assert (report.output.value, report.output.raw) == ({"x": 1}, '```json\n{"x": 1}\n```')
    assert report.text == report.output.raw
    assert not [event for event in events if isinstance(event, TextAdvanced)]

    _, cut = play(list(chat_payloads([*stream[:2], "FIN length"])), output=SCHEMA)
    assert isinstance(cut.output, OutputFailed)
    assert (cut.output.reason, cut.output.partial) == ("cut", {"x": 1})


def test_no_answer_is_expected_where_tools_are_called_instead() -> None:
    _, report = play(chat([['{"x": 1}']], []), output=SCHEMA)
    assert report.output is None
    _, empty = play(list(chat_payloads(["FIN stop"])), output=SCHEMA)
    assert isinstance(empty.output, OutputFailed)
    assert empty.output.reason == "malformed"


# Limits


@pytest.mark.parametrize("wire", [chat, anthropic])
def test_limits_are_typed_outcomes(wire: Callable[..., list[Any]]) -> None:
    payloads = wire([['{"x":', '"0123456789"}'], ['{"y": 1}']], [0, 0, 0, 0])
    events, report = play(payloads, limits=Limits(text=10))
    assert [(event.key, event.reason) for event in report.failed] == [("call_0", "limit")]
    assert [event.key for event in report.finished] == ["call_1"]
    assert [event for event in events if event.key == "call_0"][-1] == report.failed[0]

    _, report = play(payloads, limits=Limits(calls=1))
    assert [call.key for call in report.calls] == ["call_0"]
    assert {anomaly.detail for anomaly in report.anomalies if anomaly.code == "limit"} == {"calls"}

    _, report = play(payloads, limits=Limits(name=5))
    assert {anomaly.detail for anomaly in report.anomalies if anomaly.code == "limit"} == {"name"}


def test_anomalies_beyond_the_limit_are_counted() -> None:
    _, report = play([{"choices": 7}] * 30, provider="openai-chat", limits=Limits(anomalies=10))
    assert len(report.anomalies) == 10
    assert report.anomaly_counts == {"bad-payload": 30}


def test_choices_and_idle_payloads_are_limited() -> None:
    stream = [
        {"choice": number, "calls": [{"i": 0, "id": f"{number}", "n": "f", "a": "{}"}]} for number in range(3)
    ]
    _, report = play(list(chat_payloads(stream)), limits=Limits(choices=2))
    assert [call.choice for call in report.calls] == [0, 1]
    _, report = play([{"choices": []}] * 8, limits=Limits(idle_events=5))
    assert [(anomaly.code, anomaly.detail) for anomaly in report.anomalies] == [("limit", "idle_events")]


# Policy

REPAIRED: Final = '{"x" 1}'


def test_what_a_repair_costs() -> None:
    strict = called(REPAIRED, policy=Policy.strict())
    assert isinstance(strict, CallFinished)
    assert not strict.executable
    assert strict.reasons[0].startswith("repair:")
    balanced = called(REPAIRED)
    assert isinstance(balanced, CallFinished)
    assert balanced.executable
    assert [repair.loss for repair in balanced.repairs] == ["form"]


def test_one_tool_may_have_a_policy_of_its_own() -> None:
    policy = Policy.balanced().with_tool("f", executes_repaired="none", finishes_on="end")
    assert policy.for_tool("f").executes_repaired == "none"
    assert policy.for_tool("g") is policy
    assert policy.for_tool(None) is policy
    mine = called(REPAIRED, policy=policy)
    assert isinstance(mine, CallFinished)
    assert not mine.executable


@pytest.mark.parametrize(
    "wrong", [{"finishes_on": "none"}, {"executes_on": 1}, {"executes_repaired": "some"}, {"repeats": "x"}]
)
def test_a_policy_is_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Policy(**wrong)


def test_unknown_providers_and_tools_are_the_callers_fault() -> None:
    with pytest.raises(ValueError, match="no provider is called 'nobody'"):
        ToolCallAccumulator("nobody")
    with pytest.raises(TypeError):
        ToolCallAccumulator(tools="f")  # type: ignore[arg-type]


# Time


def test_metrics_by_the_callers_clock() -> None:
    now = iter(range(100))
    accumulator = ToolCallAccumulator(clock=lambda: float(next(now)))
    accumulator.feed(b": hello\n\n")
    for payload in [
        *chat_payloads([{"payload": {"choices": [{"delta": {"content": "Hi"}}]}}]),
        *chat([["{}"]], []),
    ]:
        accumulator.feed(sse([payload]))
    metrics = accumulator.close().metrics
    assert (metrics.started, metrics.first_fed, metrics.first_text) == (0, 1, 2)
    assert (metrics.first_call, metrics.first_argument, metrics.first_finished) == (4, 4, 5)
    assert (metrics.closed, metrics.longest_gap, metrics.longest_silence) == (6, 2, 1)
    assert (metrics.feeds, metrics.payloads) == (5, 4)
    assert metrics.bytes > 100


# Values by path


def test_arguments_by_path() -> None:
    def payload(payload: Any) -> list[Fragment]:
        return [Fragment(**fragment) for fragment in payload["fragments"]]

    wire = Provider(name="paths", matches=lambda payload: True, reader=lambda: payload)
    accumulator = ToolCallAccumulator(wire)
    events = accumulator.feed(
        {
            "fragments": [
                {"kind": "call", "name": "f"},
                {"kind": "call", "path": ("at", 0, "x"), "data": "a", "more": True},
                {"kind": "call", "path": ("at", 0, "x"), "data": "b"},
                {"kind": "call", "path": ("at",), "data": 1},
                {"kind": "call", "path": ("n",), "data": 9007199254740993},
                {"kind": "end"},
            ]
        }
    )
    finished = events[-1]
    assert isinstance(finished, CallFinished)
    assert finished.arguments == {"at": [{"x": "ab"}], "n": 9007199254740993}
    assert finished.reasons == ("path-mismatch",)
    accumulator.feed({"fragments": [{"kind": "call", "name": "g", "data": {}}, {"kind": "end"}]})
    accumulator.feed({"fragments": [{"kind": "call", "name": "h", "data": '{"x"'}, {"kind": "discard"}]})
    report = accumulator.close()
    assert [(event.name, event.arguments) for event in report.finished[1:]] == [("g", {})]
    assert [(event.name, event.reason) for event in report.failed] == [("h", "rejected")]
