"""Cases that real providers, gateways and servers have made of streams, one row each in ``data/calls``.

The numbers are those of the list of cases. Every row is played as mappings, as bytes, and byte by byte,
and must come out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pytest

from partialjson.calls import (
    Anomaly,
    CallAdvanced,
    CallReset,
    CallStarted,
    Event,
    Policy,
    Report,
    ToolCallAccumulator,
)
from partialjson.dialects import LENIENT, STRICT
from tests.openai_items import realtime_payloads, responses_payloads
from tests.wires import (
    DONE,
    chat_payloads,
    dashscope_payloads,
    dashscope_sse,
    eventstream,
    gemini_payloads,
    invoke_payloads,
    json_lines,
    sse,
    table,
)

POLICIES: Final = {
    "balanced": Policy.balanced(),
    "strict": Policy.strict(),
    "lenient": Policy.lenient(),
    "unwrapping": Policy(unwraps_parallel=True),
}
DIALECTS: Final = {"lenient": LENIENT, "strict": STRICT}

# JSON's own way to write the case: a wire's name, and what makes payloads of its rows.
WIRES: Final[dict[str, Callable[[Iterable[Any]], Iterator[Any]]]] = {
    "chat": chat_payloads,
    "anthropic": iter,
    "responses": responses_payloads,
    "realtime": realtime_payloads,
    "bedrock-converse": iter,
    "bedrock-invoke": invoke_payloads,
    "mistral": iter,
    "cohere": iter,
    "ollama": iter,
    "dashscope": dashscope_payloads,
    "xai": iter,
    "gemini": gemini_payloads,
    "gemini-live": iter,
    "gemini-interactions": iter,
}
# Their bytes, where those are no server-sent events.
FRAMINGS: Final[dict[str, Callable[[list[Any]], bytes]]] = {
    "realtime": json_lines,
    "bedrock-converse": eventstream,
    "bedrock-invoke": eventstream,
    "gemini-live": json_lines,
    "ollama": json_lines,
    "dashscope": dashscope_sse,
    "xai": json_lines,
}
CASES: Final = [(wire, row) for wire in WIRES for row in table(f"calls/{wire}.json")]


def whole(wire: str, payloads: list[Any]) -> Iterator[Any]:
    yield FRAMINGS.get(wire, sse)(payloads)


def bytewise(wire: str, payloads: list[Any]) -> Iterator[Any]:
    (stream,) = whole(wire, payloads)
    return (stream[index : index + 1] for index in range(len(stream)))


def mappings(wire: str, payloads: list[Any]) -> Iterator[Any]:
    return (sse([payload]) if payload == DONE else payload for payload in payloads)


@pytest.mark.parametrize("cut", [mappings, whole, bytewise])
@pytest.mark.parametrize(("wire", "row"), CASES, ids=[f"{wire}-{row['case']}" for wire, row in CASES])
def test_case(wire: str, row: dict[str, Any], cut: Callable[[str, list[Any]], Iterator[Any]]) -> None:
    accumulator = ToolCallAccumulator(
        policy=POLICIES[row.get("policy", "balanced")], dialect=DIALECTS[row.get("dialect", "lenient")]
    )
    events: list[Event] = []
    for fed in cut(wire, list(WIRES[wire](row["stream"]))):
        events += accumulator.feed(fed)
    report = accumulator.close()
    events += report.events

    assert [
        seen(report, call.key, expected) for call, expected in zip(report.calls, row["calls"], strict=True)
    ] == (row["calls"])
    assert [anomaly.code for anomaly in report.anomalies] == row["anomalies"]
    assert [event.code for event in events if isinstance(event, Anomaly)] == row["anomalies"]
    for member in ("reason", "finish_reason", "text", "reasoning", "usage"):
        if member in row:
            assert getattr(report, member) == row[member]
    assert list(report.errors) == row.get("errors", list(report.errors))
    well_formed(events, report)


def seen(report: Report, key: str, expected: dict[str, Any]) -> dict[str, Any]:
    """What came of the call, as far as the row asks."""
    call = next(call for call in report.calls if call.key == key)
    finished = {event.key: event for event in report.finished}.get(key)
    failed = {event.key: event for event in report.failed}.get(key)
    found: dict[str, Any] = {"id": None if call.synthesized else call.id, "name": call.name}
    if finished is not None:
        found["arguments"] = finished.arguments
        assert finished.executable is (not finished.reasons)
        if finished.reasons:
            found["reasons"] = list(finished.reasons)
    if failed is not None:
        found["failed"] = failed.reason
    return found | {
        member: getattr(call, member) for member in expected if member not in found and hasattr(call, member)
    }


def well_formed(events: list[Event], report: Report) -> None:
    """What holds for the events of any stream, however odd."""
    for call in report.calls:
        own = [event for event in events if event.key == call.key and not isinstance(event, Anomaly)]
        last_words = [event for event in (*report.finished, *report.failed) if event.key == call.key]
        assert [own[-1]] == last_words, "one last word, and nothing after it"
        started = [event for event in own if isinstance(event, CallStarted)]
        assert len(started) == (call.name is not None)
        if started:
            assert own[0] is started[0]
        resets = [index for index, event in enumerate(own) if isinstance(event, CallReset)]
        texts = [
            event.text for event in own[resets[-1] if resets else 0 :] if isinstance(event, CallAdvanced)
        ]
        if started and not resets:
            assert "".join(texts) == call.text
        if call.text == call.raw:
            assert not resets
