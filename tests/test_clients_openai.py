"""The official clients of OpenAI and Anthropic, pointed at a server on 127.0.0.1: what they yield, what
their helpers derive from it, and what they put together themselves, beside our result.

Where a client refuses a stream, loses a part of it, or puts it together differently, the tables below
say so, and by which sign such a stream is known. Every other stream must come out the same.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from threading import Thread
from typing import Any, Final, NamedTuple

import pytest

from partialjson.calls import Report, ToolCallAccumulator
from partialjson.missing import MISSING
from partialjson.stream import aiter_events, iter_events
from tests.openai_items import realtime_payloads, responses_payloads
from tests.replay import Replay, replaying
from tests.test_recorded_streams import INDEX, body
from tests.test_stream import (
    ANTHROPIC_BYTES,
    ANTHROPIC_REQUEST,
    CHAT_BYTES,
    CHAT_REQUEST,
    options_for,
)
from tests.wires import sse, table

anthropic = pytest.importorskip("anthropic")
openai = pytest.importorskip("openai")

# The clients serialise what they were given, and warn of what their models did not expect.
pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")

Call = tuple[str | None, str | None, object]
"""Id, name, and text (Anthropic: value) of the arguments."""


# What each client puts together


def of_completion(completion: Any) -> Iterator[Call]:
    for choice in completion.choices:
        for call in choice.message.tool_calls or ():
            yield call.id, call.function.name, call.function.arguments


def of_response(response: Any) -> Iterator[Call]:
    for item in response.output:
        if item.type == "custom_tool_call":
            yield item.call_id, item.name, item.input
        elif item.type in ("function_call", "mcp_call"):
            yield getattr(item, "call_id", item.id), item.name, item.arguments


def of_message(message: Any) -> Iterator[Call]:
    for block in message.content:
        if block.type in ("tool_use", "server_tool_use", "mcp_tool_use"):
            yield block.id, block.name, block.input


class Client(NamedTuple):
    """How a stream is asked for, as it comes and by the helper; and the result that the helper has."""

    sdk: Any
    raw: Callable[[Any], Any]
    helper: Callable[[Any], Any]
    final: str
    calls: Callable[[Any], Iterator[Call]]
    sample: bytes


CLIENTS: Final = {
    "openai-chat": Client(
        openai,
        lambda client: client.chat.completions.create(**CHAT_REQUEST, stream=True),
        lambda client: client.chat.completions.stream(**CHAT_REQUEST),
        "get_final_completion",
        of_completion,
        CHAT_BYTES,
    ),
    "openai-responses": Client(
        openai,
        lambda client: client.responses.create(model="m", input="?", stream=True),
        lambda client: client.responses.stream(model="m", input="?"),
        "get_final_response",
        of_response,
        sse(responses_payloads(table("calls/responses.json")[0]["stream"])),
    ),
    "anthropic-messages": Client(
        anthropic,
        lambda client: client.messages.create(**ANTHROPIC_REQUEST, stream=True),
        lambda client: client.messages.stream(**ANTHROPIC_REQUEST),
        "get_final_message",
        of_message,
        ANTHROPIC_BYTES,
    ),
}
WIRES: Final = pytest.mark.parametrize("wire", CLIENTS)


# Where they differ


class Difference(NamedTuple):
    """Streams of a wire (None: of any) that have this sign may come out differently, or not at all."""

    wire: str | None
    sign: str
    about: str


DECODED: Final = (
    Difference(None, "sse_events_not_separated_by_blank_line", "such events are lost or refused"),
    Difference(None, "sse_no_final_blank_line", "the last event is lost"),
    Difference(None, "error_event", "the error is raised"),
    Difference(None, "bad_json_event", "what is no JSON is refused"),
    Difference("openai-chat", "tool_calls_but_no_finish_reason", "[DONE], the only end, is kept back"),
)
ASSEMBLED: Final = (
    *DECODED,
    Difference("openai-chat", "tool_index_missing", "a call without an index is a TypeError"),
    Difference(
        "openai-chat", "first_tool_index_not_zero", "indexes that do not begin at 0 are an IndexError"
    ),
    Difference("openai-chat", "tool_id_repeated", "an id, or a name, that is repeated is appended"),
    Difference("openai-chat", "args_null_fragment", "no text is None"),
    Difference("openai-chat", "truncated_by_limit", "a limit is an error, and there is no result"),
    Difference("openai-chat", "zai", "chunks whose `object` is missing are skipped"),
    Difference("openai-chat", "url_citation", "citations without an index are an error"),
    Difference("openai-responses", "truncated_by_limit", "a limit is an error, and there is no result"),
    Difference("anthropic-messages", "mcp_tool_use", "the input of an MCP call stays empty"),
    Difference("anthropic-messages", "args_invalid_json", "of a value that was cut, less is there"),
    Difference("anthropic-messages", "overlapping_content_blocks", "two messages are taken for one"),
)


def signs(file: str) -> set[str]:
    row = INDEX[file]
    citations = {"url_citation"} if b'"url_citation"' in body(file) else set()
    return {*row["notes"], *row["kinds"], row["provider"]} | citations


# The comparison


def from_bytes(stream: bytes) -> Report:
    accumulator = ToolCallAccumulator()
    accumulator.feed(stream)
    return accumulator.close()


def summary(report: Report) -> list[object]:
    finished = {event.key: event.arguments for event in report.finished}
    calls = [(call.id, call.name, call.state, finished.get(call.key)) for call in report.calls]
    return [calls, report.text, report.refusal, report.finish_reason]


def our_calls(wire: str, report: Report) -> list[Call]:
    """The calls in the form that the client has them in."""
    finished = {event.key: event.arguments for event in report.finished}
    calls: list[Call] = []
    for call in report.calls:
        value = finished.get(call.key, {} if call.partial is MISSING else call.partial)
        id = None if call.synthesized else call.id
        calls.append((id, call.name, value if wire == "anthropic-messages" else call.text))
    return calls


def as_it_comes(client: Client, connected: Any) -> Report:
    events = iter_events(client.raw(connected))
    list(events)
    return events.report


def by_helper(client: Client, connected: Any) -> tuple[Report, list[Call]]:
    with client.helper(connected) as stream:
        events = iter_events(stream)
        list(events)
        return events.report, list(client.calls(getattr(stream, client.final)()))


async def by_async_helper(client: Client, connected: Any) -> tuple[Report, list[Call]]:
    async with client.helper(connected) as stream:
        events = aiter_events(stream)
        async for _ in events:
            pass
        return events.report, list(client.calls(await getattr(stream, client.final)()))


async def as_it_comes_async(client: Client, connected: Any) -> Report:
    events = aiter_events(client.raw(connected))
    async for _ in events:
        pass
    return events.report


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


def connected(client: Client, replay: Replay, kind: str = "") -> Any:
    name = "OpenAI" if client.sdk is openai else "Anthropic"
    return getattr(client.sdk, kind + name)(**options_for(client.sdk, replay))


@WIRES
def test_our_sample(wire: str, replay: Replay) -> None:
    client = CLIENTS[wire]
    replay.body = client.sample
    expected = from_bytes(client.sample)
    assert len(expected.finished) > 1
    with connected(client, replay) as connection:
        assert summary(as_it_comes(client, connection)) == summary(expected)
        report, assembled = by_helper(client, connection)
    assert summary(report) == summary(expected)
    assert assembled == our_calls(wire, expected)


@WIRES
def test_our_sample_asynchronously(wire: str, replay: Replay) -> None:
    client = CLIENTS[wire]
    replay.body = client.sample
    expected = from_bytes(client.sample)

    async def run() -> None:
        async with connected(client, replay, "Async") as connection:
            assert summary(await as_it_comes_async(client, connection)) == summary(expected)
            report, assembled = await by_async_helper(client, connection)
        assert summary(report) == summary(expected)
        assert assembled == our_calls(wire, expected)

    asyncio.run(run())


RECORDED: Final = [(file, row["wire"]) for file, row in INDEX.items() if row["wire"] in CLIENTS]
# What a client raises where it does not take a stream: errors of its own, and those of its code.
REFUSALS: Final = (
    *(openai.OpenAIError, anthropic.AnthropicError),
    *(AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)


def served(file: str) -> bytes:
    """The stream as it came; of payloads alone, events are made."""
    if file.endswith(".sse"):
        return body(file)
    return sse(_payload(line) for line in body(file).decode().splitlines())


def _payload(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line


def check(outcomes: Iterable[tuple[str, str, bool]], differences: tuple[Difference, ...]) -> None:
    """Only streams with a sign of a difference differ, and no difference is idle."""
    seen = set()
    for file, wire, same in outcomes:
        if not same:
            known = {known for known in differences if known.wire in (None, wire)}
            found = {known for known in known if known.sign in signs(file)}
            assert found, file
            seen |= found
    assert set(differences) == seen


@pytest.mark.slow
@pytest.mark.skipif(not RECORDED, reason="PARTIALJSON_STREAMS names no directory")
def test_recorded_streams_as_they_come(replay: Replay) -> None:
    connections = {wire: connected(client, replay) for wire, client in CLIENTS.items()}

    def outcomes() -> Iterator[tuple[str, str, bool]]:
        for file, wire in RECORDED:
            replay.body = served(file)
            try:
                report = as_it_comes(CLIENTS[wire], connections[wire])
            except REFUSALS:
                yield file, wire, False
            else:
                yield file, wire, summary(report) == summary(from_bytes(replay.body))

    check(outcomes(), DECODED)


@pytest.mark.slow
@pytest.mark.skipif(not RECORDED, reason="PARTIALJSON_STREAMS names no directory")
def test_recorded_streams_by_the_helpers(replay: Replay) -> None:
    connections = {wire: connected(client, replay) for wire, client in CLIENTS.items()}

    def outcomes() -> Iterator[tuple[str, str, bool]]:
        for file, wire in RECORDED:
            replay.body = served(file)
            try:
                result = by_helper(CLIENTS[wire], connections[wire])
            except REFUSALS:
                yield file, wire, False
            else:
                yield file, wire, same(wire, result, replay.body)

    check(outcomes(), ASSEMBLED)


@pytest.mark.slow
@pytest.mark.skipif(not RECORDED, reason="PARTIALJSON_STREAMS names no directory")
def test_recorded_streams_by_the_asynchronous_helpers(replay: Replay) -> None:
    async def outcomes() -> list[tuple[str, str, bool]]:
        connections = {wire: connected(client, replay, "Async") for wire, client in CLIENTS.items()}
        found = []
        for file, wire in RECORDED:
            replay.body = served(file)
            try:
                result = await by_async_helper(CLIENTS[wire], connections[wire])
            except REFUSALS:
                found.append((file, wire, False))
            else:
                found.append((file, wire, same(wire, result, replay.body)))
        for connection in connections.values():
            await connection.close()
        return found

    check(asyncio.run(outcomes()), ASSEMBLED)


def same(wire: str, result: tuple[Report, list[Call]], stream: bytes) -> bool:
    report, assembled = result
    expected = from_bytes(stream)
    return summary(report) == summary(expected) and assembled == our_calls(wire, expected)


# Realtime: a connection of messages, of which the client puts nothing together


@pytest.mark.filterwarnings(r"ignore:connect\(\) must be used as a context manager")  # by the client
def test_realtime_connections() -> None:
    server = pytest.importorskip("websockets.sync.server")
    for row in table("calls/realtime.json"):
        events = list(realtime_payloads(row["stream"]))

        def answer(connection: Any, events: list[Any] = events) -> None:
            for event in events:
                connection.send(json.dumps(event))

        accumulator = ToolCallAccumulator()
        for event in events:
            accumulator.feed(event)
        with server.serve(answer, "127.0.0.1", 0) as serving:
            Thread(target=serving.serve_forever, daemon=True).start()
            address = f"ws://127.0.0.1:{serving.socket.getsockname()[1]}"
            client = openai.OpenAI(api_key="none", websocket_base_url=address)
            with iter_events(client.realtime.connect(model="m")) as stream:
                list(stream)
            serving.shutdown()
        assert summary(stream.report) == summary(accumulator.close()), row["case"]
