"""Streams that providers sent, from the directory named by PARTIALJSON_STREAMS, beside their oracle.

The oracle was computed from whole bodies, by other means. Where we differ on purpose, the stream stands
in ``data/calls/recorded.json`` with what is to be seen on the wire.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from partialjson.calls import (
    CallFinished,
    OutputFailed,
    OutputFinished,
    Report,
    ToolCall,
    ToolCallAccumulator,
    TurnFinished,
)
from partialjson.providers import table_of
from partialjson.schema import SchemaFault, tools_from
from partialjson.wire import (
    EventStreamDecoder,
    Frame,
    JSONArrayDecoder,
    NDJSONDecoder,
    SSEDecoder,
    WireDecoder,
)

STREAMS: Final = os.environ.get("PARTIALJSON_STREAMS")
pytestmark = pytest.mark.skipif(not STREAMS, reason="PARTIALJSON_STREAMS names no directory")

PROVIDERS: Final = {
    "openai-chat": "openai-chat",
    "anthropic-messages": "anthropic",
    "error-only": "openai-chat",  # an error in place of a stream of Chat Completions
    "bedrock-converse": "bedrock-converse",
    "bedrock-converse-json": "bedrock-converse",
    "bedrock-invoke:anthropic-messages": "bedrock-invoke",
    "cohere-v2": "cohere",
    "dashscope": "dashscope",
    "gemini": "gemini",
    "gemini-interactions": "gemini-interactions",
    "gemini-live": "gemini-live",
    "ollama-chat": "ollama",
    "openai-realtime": "openai-realtime",
    "openai-responses": "openai-responses",
    "xai-grpc": "xai",
}
# Where outputs are the steps of one answer: the oracle has the finish of each, and reads results as text.
STEPWISE: Final = {"xai-grpc"}
# Where the oracle has the finish of each chunk, that of the prompt among them, and we that of the answer.
REPEATED: Final = {"gemini"}
BLOCKED: Final = "blocked:"
# Where the oracle does not count what the provider runs among the calls.
OWN_CALLS_ALONE: Final = {"gemini", "gemini-interactions"}
# Where thoughts are the oracle's only text; ours is what was said aloud.
THOUGHTS: Final = {"gemini-live"}
RECORDED: Final[dict[str, dict[str, str]]] = json.loads(
    (Path(__file__).parent / "data" / "calls" / "recorded.json").read_text("utf-8")
)
EXCEPTIONS: Final = RECORDED["exceptions"]
NO_SCHEMAS: Final = RECORDED["no_schemas"]
AT_MOST: Final = 0.01
DECODERS: Final[dict[str, type[WireDecoder]]] = {
    ".sse": SSEDecoder,
    ".jsonl": NDJSONDecoder,
    ".json": JSONArrayDecoder,
    ".eventstream": EventStreamDecoder,
}
# Bytes that a decoder alone makes no payloads of.
UNREADABLE: Final = {
    *("sse_no_final_blank_line", "sse_events_not_separated_by_blank_line"),
    *("sse_bare_json_line", "bad_json_event"),
}
RANDOM_CUTS: Final = 20 if "CI" in os.environ else 3


def rows(name: str) -> dict[str, dict[str, Any]]:
    path = Path(STREAMS or "", name)
    lines = path.read_text("utf-8").splitlines() if STREAMS and path.exists() else []
    return {row["file"]: row for row in map(json.loads, lines)}


INDEX: Final = rows("index.jsonl")
ORACLE: Final = rows("oracle.jsonl")
REQUESTS: Final = rows("requests.jsonl")
FILES: Final = sorted(file for file, row in INDEX.items() if row["wire"] in PROVIDERS)
EACH: Final = pytest.mark.parametrize("file", FILES)


def body(file: str) -> bytes:
    return Path(STREAMS or "", "bodies", file).read_bytes()


def play(chunks: Iterable[bytes], **options: Any) -> Report:
    accumulator = ToolCallAccumulator(**options)
    for chunk in chunks:
        accumulator.feed(chunk)
    return accumulator.close()


@cache
def whole(file: str) -> Report:
    return play([body(file)])


def calls(file: str) -> list[ToolCall]:
    """The calls that the oracle knows of."""
    alone = INDEX[file]["wire"] in OWN_CALLS_ALONE
    return [call for call in whole(file).calls if not (alone and call.kind == "server")]


def finishes(file: str) -> list[str]:
    """The finish reasons of all turns and their choices."""
    accumulator = ToolCallAccumulator()
    events = [*accumulator.feed(body(file)), *accumulator.close().events]
    turns = [event.report for event in events if isinstance(event, TurnFinished)]
    return [reason for report in turns for reason in report.finish_reasons.values()]


def seen(report: Report) -> dict[str, Any]:
    """Everything that must not depend on how the bytes were cut."""
    data = report.to_json()
    del data["metrics"]
    return data


@EACH
def test_calls_equal_the_oracles(file: str) -> None:
    if file in EXCEPTIONS:
        pytest.skip(EXCEPTIONS[file])
    report, oracle = whole(file), ORACLE[file]
    assert report.provider == PROVIDERS[INDEX[file]["wire"]]
    finished = {event.key: event for event in report.finished}
    assert [(None if call.synthesized else call.id, call.name) for call in calls(file)] == [
        (call["id"], call["name"]) for call in oracle["calls"]
    ]
    for call, expected in zip(calls(file), oracle["calls"], strict=True):
        if expected.get("arguments_valid") is False:
            assert call.key not in finished
            assert call.raw == expected["arguments_text"]
            continue
        # For Chat Completions the oracle leaves open what no text at all means.
        value = expected["arguments_text"] if expected.get("freeform") else expected["arguments"] or {}
        assert finished[call.key].arguments == value
        if expected["arguments_text"]:
            assert call.text == expected["arguments_text"]


@EACH
def test_finish_and_errors_equal_the_oracles(file: str) -> None:
    report, oracle, reasons = whole(file), ORACLE[file], finishes(file)
    notes = INDEX[file]["notes"]
    if "finish_reason_repeated" in notes or "finish_reason_changes" in notes:
        assert reasons == oracle["finish"][:1]
    elif INDEX[file]["wire"] in STEPWISE:
        assert reasons == oracle["finish"][-1:]
    elif INDEX[file]["wire"] in REPEATED:
        assert reasons == [reason.removeprefix(BLOCKED) for reason in oracle["finish"][:1]]
    else:
        assert reasons == oracle["finish"]
    if file not in EXCEPTIONS:
        assert len(report.errors) == len(oracle.get("errors") or [])
    if "prompt_blocked" not in notes:  # the oracle leaves out what the provider says about it
        assert report.refusal == (oracle.get("refusal") or "")


@pytest.mark.parametrize("file", [file for file in FILES if ORACLE[file].get("text_sha256")])
def test_the_text_equals_the_oracles(file: str) -> None:
    if file in EXCEPTIONS:
        pytest.skip(EXCEPTIONS[file])
    if "several_text_items" in INDEX[file]["notes"]:
        pytest.skip("the oracle joins what several choices, or steps, have said")
    text = whole(file).reasoning if INDEX[file]["wire"] in THOUGHTS else whole(file).text
    assert sha256(text.encode()).hexdigest() == ORACLE[file]["text_sha256"]


@EACH
def test_nothing_is_executable_but_what_the_oracle_calls_complete(file: str) -> None:
    report = whole(file)
    complete = {call["id"] for call in ORACLE[file]["calls"] if call["complete"]}
    unfinished = INDEX[file]["finish"] == []  # [DONE] without a reason: the policy decides (T42)
    keys = {call.key for call in calls(file)}
    for event in report.finished:
        own_id = None if event.id.startswith("pj_") else event.id
        assert event.executable or event.kind == "server"
        if event.key not in keys:
            continue
        assert own_id in complete or unfinished


@EACH
def test_any_cut_gives_the_same(file: str) -> None:
    stream, expected = body(file), seen(whole(file))
    chance = random.Random(file)
    for _ in range(RANDOM_CUTS):
        places = sorted(chance.randrange(len(stream)) for _ in range(chance.randrange(1, 40)))
        pieces = zip([0, *places], [*places, len(stream)], strict=True)
        assert seen(play(stream[start:end] for start, end in pieces)) == expected


@pytest.mark.slow
@EACH
def test_byte_by_byte(file: str) -> None:
    stream = body(file)
    assert seen(play(stream[index : index + 1] for index in range(len(stream)))) == seen(whole(file))


def payloads(file: str) -> list[Any]:
    """The stream as mappings; an end marker stays what it is."""
    table, decoder = table_of(PROVIDERS[INDEX[file]["wire"]]), DECODERS[Path(file).suffix]()
    frames = [*decoder.feed(body(file)), *decoder.close()]
    return [
        f"data: {frame.data}\n\n" if frame.data in table.done else table.decode(frame)
        for frame in frames
        if isinstance(frame, Frame)
    ]


@pytest.mark.parametrize("file", [file for file in FILES if not UNREADABLE & set(INDEX[file]["notes"])])
def test_payloads_as_mappings(file: str) -> None:
    accumulator = ToolCallAccumulator()
    for payload in payloads(file):
        accumulator.feed(payload)
    data = [seen(report) for report in (accumulator.close(), whole(file))]
    for report in data:  # what is wrong with the bytes is not to be seen in the payloads
        del report["anomalies"], report["anomaly_counts"]
    assert data[0] == data[1]


@pytest.mark.parametrize("file", [file for file in FILES if REQUESTS.get(file, {}).get("tools")])
def test_the_requests_own_tools_validate(file: str) -> None:
    if file in NO_SCHEMAS:
        with pytest.raises(SchemaFault):
            tools_from(REQUESTS[file]["tools"])
        return
    tools = tools_from(REQUESTS[file]["tools"])
    report = play([body(file)], tools=REQUESTS[file]["tools"])
    for event in (*report.finished, *report.failed):
        if event.name in tools and isinstance(event, CallFinished):
            assert event.validated is not None or tools[event.name].validator is None
        assert getattr(event, "reason", None) in (None, "invalid", "cut")


def test_there_are_few_exceptions() -> None:
    assert set(EXCEPTIONS) <= set(FILES)
    assert len(EXCEPTIONS) <= AT_MOST * len(FILES)


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if ORACLE[file]["structured_text"] and INDEX[file]["wire"] not in STEPWISE],
)
def test_structured_answers_equal_the_oracles(file: str) -> None:
    if file in EXCEPTIONS:
        pytest.skip(EXCEPTIONS[file])
    accumulator = ToolCallAccumulator(output=True)
    events = [*accumulator.feed(body(file)), *accumulator.close().events]
    answers = [event for event in events if isinstance(event, OutputFinished | OutputFailed)]
    for answer, expected in zip(answers, ORACLE[file]["structured_text"], strict=True):
        if isinstance(answer, OutputFailed):
            assert (answer.reason, expected["form"]) == ("cut", "truncated_or_invalid")
        else:
            assert answer.value == expected["value"]
