"""The official clients of Mistral, Cohere, Ollama and Groq, pointed at a server on 127.0.0.1.

None of them puts calls together, so the other side of each comparison is the bytes themselves, read
without the client. What a client changes, loses or refuses on the way stands in the tables below.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from partialjson.calls import Report, ToolCallAccumulator
from partialjson.stream import aiter_events, iter_events
from tests.replay import EVENTS, Replay, replaying
from tests.test_recorded_streams import INDEX, STREAMS, seen
from tests.wires import DONE, chat_payloads, json_lines, sse, table

MESSAGES: Final = [{"role": "user", "content": "?"}]
REQUEST: Final = {"model": "m", "messages": MESSAGES}


# How each client is made, and asked: for a stream, for the same asynchronously, for the answer in one piece.


@cache
def mistral(url: str) -> Any:
    return pytest.importorskip("mistralai.client").Mistral(server_url=url, api_key="none").chat


@cache
def groq(url: str) -> Any:
    return pytest.importorskip("groq").Groq(base_url=url, api_key="none", max_retries=0).chat.completions


@cache
def cohere(url: str) -> Any:
    return pytest.importorskip("cohere").ClientV2(base_url=url, api_key="none")


@cache
def ollama(url: str) -> Any:
    return pytest.importorskip("ollama").Client(host=url)


STREAM: Final[dict[str, Callable[[str], Any]]] = {
    "mistral": lambda url: mistral(url).stream(**REQUEST),
    "groq": lambda url: groq(url).create(**REQUEST, stream=True),
    "cohere": lambda url: cohere(url).chat_stream(**REQUEST),
    "ollama": lambda url: ollama(url).chat(**REQUEST, stream=True),
}
ASYNC: Final[dict[str, Callable[[str], Any]]] = {
    "mistral": lambda url: mistral(url).stream_async(**REQUEST),
    "groq": lambda url: (
        pytest.importorskip("groq")
        .AsyncGroq(base_url=url, api_key="none", max_retries=0)
        .chat.completions.create(**REQUEST, stream=True)
    ),
    "cohere": lambda url: (
        pytest.importorskip("cohere").AsyncClientV2(base_url=url, api_key="none").chat_stream(**REQUEST)
    ),
    "ollama": lambda url: pytest.importorskip("ollama").AsyncClient(host=url).chat(**REQUEST, stream=True),
}
WHOLE: Final[dict[str, Callable[[str], Any]]] = {
    "mistral": lambda url: mistral(url).complete(**REQUEST),
    "groq": lambda url: groq(url).create(**REQUEST),
    "cohere": lambda url: cohere(url).chat(**REQUEST),
    "ollama": lambda url: ollama(url).chat(**REQUEST),
}
LINES: Final = "application/x-ndjson"

# Samples that a client does not hand on as they are. Of recorded streams, those that are none of the API's.
CHANGED: Final = {
    ("groq", "B-second-turn"): "[DONE] is the end for it",
    ("groq", "T42"): "it keeps [DONE] to itself",
    ("groq", "T42-strict"): "it keeps [DONE] to itself",
    ("groq", "T45-new"): "it keeps [DONE] to itself",
    ("cohere", "T31"): "it skips events that are not of its models",
    ("cohere", "T42"): "it keeps [DONE] to itself",
    ("cohere", "T64-list"): "it skips events that are not of its models",
}
MISFIT: Final = "ValidationError"  # of pydantic: arguments that are no object, a name that is not there
REFUSED: Final = {
    ("groq", "T46"): "APIError",
    ("ollama", "T46"): "ResponseError",
    ("ollama", "O-generate"): MISFIT,
    ("ollama", "T23"): MISFIT,
    ("ollama", "T24-null"): MISFIT,
    ("ollama", "T31"): MISFIT,
    ("ollama", "T31-wrong"): MISFIT,
    ("ollama", "T34"): MISFIT,
    ("ollama", "T43-empty"): MISFIT,
    ("ollama", "B-nameless"): MISFIT,
    ("ollama", "B-unknown-finish"): MISFIT,
}
UNREAD: Final = {"sse_events_not_separated_by_blank_line", "args_empty_text", "error_event"}


def samples() -> Iterator[tuple[str, str, bytes]]:
    """Client, name and bytes."""
    for row in table("calls/mistral.json"):
        yield "mistral", row["case"], sse([*(event["data"] for event in row["stream"]), DONE])
    for row in table("calls/chat.json"):
        yield "groq", row["case"], sse(chat_payloads(row["stream"]))
    for row in table("calls/cohere.json"):
        yield "cohere", row["case"], sse(row["stream"])
    for row in table("calls/ollama.json"):
        yield "ollama", row["case"], json_lines(row["stream"])
    for file, row in INDEX.items():
        if row["api"] in STREAM and not UNREAD & set(row["notes"]):
            body = Path(STREAMS or "", "bodies", file).read_bytes()
            jsonl = file.endswith(".jsonl") and row["api"] != "ollama"
            yield row["api"], file, sse(map(json.loads, body.splitlines())) if jsonl else body


SAMPLES: Final = list(samples())
EACH: Final = pytest.mark.parametrize(
    ("name", "case", "body"),
    [sample for sample in SAMPLES if not {sample[:2]} & {*CHANGED, *REFUSED}],
    ids=lambda value: value if isinstance(value, str) else "",
)


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


def answering(replay: Replay, body: bytes, kind: str) -> str:
    """The address, where this body will be the answer."""
    replay.body, replay.kind = body, kind
    return replay.url


def kind_of(name: str) -> str:
    return LINES if name == "ollama" else EVENTS


def read(body: bytes) -> Report:
    accumulator = ToolCallAccumulator()
    accumulator.feed(body)
    return accumulator.close()


def plain(name: str, report: Report) -> dict[str, Any]:
    """What must not depend on who took the bytes apart."""
    data = seen(report)
    for record in ("provider", "anomalies", "anomaly_counts"):  # offsets of bytes, and habits of the wire
        del data[record]
    for call in data["calls"]:
        del call["anomalies"]
        if name == "ollama":  # its models know no id and no index
            for member in ("key", "id", "synthesized", "index"):
                del call[member]
    return data


@EACH
def test_what_a_client_yields(name: str, case: str, body: bytes, replay: Replay) -> None:
    with iter_events(STREAM[name](answering(replay, body, kind_of(name)))) as events:
        for _ in events:
            pass
    assert plain(name, events.report) == plain(name, read(body))
    assert events.report.provider in (None, "openai-chat" if name == "groq" else name)


@pytest.mark.parametrize("name", STREAM)
def test_what_an_asynchronous_client_yields(name: str, replay: Replay) -> None:
    async def run(url: str) -> Report:
        async with aiter_events(ASYNC[name](url)) as events:
            async for _ in events:
                pass
        return events.report

    body = next(body for client, _, body in SAMPLES if client == name)
    report = asyncio.run(run(answering(replay, body, kind_of(name))))
    assert report.calls
    assert plain(name, report) == plain(name, read(body))


@pytest.mark.parametrize(("name", "case"), REFUSED)
def test_what_a_client_refuses_is_raised_behind_our_events(name: str, case: str, replay: Replay) -> None:
    body = next(body for sample, of_case, body in SAMPLES if (sample, of_case) == (name, case))
    events = iter_events(STREAM[name](answering(replay, body, kind_of(name))))
    error = None
    try:
        for _ in events:
            pass
    except Exception as raised:
        error = raised
    assert type(error).__name__ == REFUSED[name, case]
    assert {call.state for call in events.report.calls} <= {"finished", "failed"}


CALL: Final = {"id": "Abc123Def", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
CHAT: Final = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
USAGE: Final = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
RESPONSES: Final[dict[str, dict[str, Any]]] = {
    "mistral": {
        **CHAT,
        "usage": USAGE,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hm", "tool_calls": [CALL]},
                "finish_reason": "tool_calls",
            }
        ],
    },
    "cohere": {
        "id": "1",
        "finish_reason": "TOOL_CALL",
        "message": {"role": "assistant", "tool_plan": "Hm", "tool_calls": [CALL]},
        "usage": {"tokens": {"input_tokens": 1, "output_tokens": 2}},
    },
    "ollama": {
        "model": "m",
        "created_at": "2026-01-01T00:00:00Z",
        "message": {
            "role": "assistant",
            "content": "Hm",
            "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1}}}],
        },
        "done": True,
        "done_reason": "stop",
    },
}
RESPONSES["groq"] = RESPONSES["mistral"]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_response_says_the_same_as_its_bytes(name: str, replay: Replay) -> None:
    body = json.dumps(RESPONSES[name]).encode()
    response = WHOLE[name](answering(replay, body, "application/json"))
    report = read(body)
    assert [event.arguments for event in report.finished] == [{"x": 1}]
    assert report.compare(response) == ()
