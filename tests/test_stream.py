"""The loops: every kind of source, and each source closed exactly once, however it ends.

The official clients of OpenAI and Anthropic run here against a server on 127.0.0.1 that replays a
stream: what they yield, and what their helpers derive from it, gives the calls that are in the bytes.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from partialjson.calls import CallAdvanced, CallFailed, CallFinished, Event, Report, ToolCallAccumulator
from partialjson.stream import aiter_events, iter_events
from tests.replay import Replay, replaying
from tests.wires import chat_payloads, sse, table

anthropic = pytest.importorskip("anthropic")
openai = pytest.importorskip("openai")

CHAT: Final = [
    {"payload": {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Let me see."}}]}},
    [{"i": 0, "id": "call_A", "n": "f", "a": ""}],
    [{"i": 0, "a": '{"x": [1, '}],
    [{"i": 0, "a": "2]}"}],
    [{"i": 1, "id": "call_B", "n": "g", "a": ""}],
    [{"i": 1, "a": '{"y": "\u00e9"}'}],
    "FIN tool_calls",
    {"payload": {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}},
]
CHUNK: Final = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
CHAT_PAYLOADS: Final = [{**CHUNK, **payload} for payload in chat_payloads(CHAT)]
CHAT_BYTES: Final = sse([*CHAT_PAYLOADS, "[DONE]"])
CHAT_CALLS: Final = [("call_A", "f", {"x": [1, 2]}), ("call_B", "g", {"y": "\u00e9"})]


def whole_message(stream: list[Any]) -> list[Any]:
    """The stream with what the SDK's models demand of a message."""
    start, *rest = stream
    message = {"type": "message", "role": "assistant", "model": "m", "stop_reason": None}
    return [{**start, "message": {**message, **start["message"]}}, *rest]


ANTHROPIC_PAYLOADS: Final = whole_message(table("calls/anthropic.json")[0]["stream"])
ANTHROPIC_BYTES: Final = sse(ANTHROPIC_PAYLOADS)
ANTHROPIC_CALLS: Final = [("A", "f", {"x": 1}), ("B", "g", {})]


def calls_in(events: list[Event]) -> list[tuple[str, str, object]]:
    return [(event.id, event.name, event.arguments) for event in events if isinstance(event, CallFinished)]


def texts_in(events: list[Event]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for event in events:
        if isinstance(event, CallAdvanced):
            texts[event.id] = texts.get(event.id, "") + event.text
    return texts


# Sources that count how often they are closed


class Source:
    """An iterable that is no iterator, with a ``close`` of its own."""

    def __init__(self, payloads: list[Any], error: BaseException | None = None) -> None:
        self.payloads = payloads
        self.error = error
        self.closed = 0
        self.left = 0

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self.payloads
            if self.error is not None:
                raise self.error
        finally:
            self.left += 1

    def close(self) -> None:
        self.closed += 1


class AsyncSource(Source):
    async def __aiter__(self) -> AsyncIterator[Any]:
        try:
            for payload in self.payloads:
                await asyncio.sleep(0)
                yield payload
            if self.error is not None:
                raise self.error
        finally:
            self.left += 1

    async def aclose(self) -> None:
        await asyncio.sleep(0)
        self.closed += 1

    def close(self) -> None:
        raise AssertionError("there is an aclose")


@pytest.mark.parametrize(
    "payloads",
    [CHAT_PAYLOADS, [CHAT_BYTES], [CHAT_BYTES.decode()], [bytes([byte]) for byte in CHAT_BYTES]],
    ids=["mappings", "bytes", "text", "single bytes"],
)
def test_any_kind_of_payload(payloads: list[Any]) -> None:
    assert calls_in(list(iter_events(payloads))) == CHAT_CALLS
    assert (
        calls_in(list(iter_events(iter(payloads), "openai-chat", tools={"f": True, "g": True}))) == CHAT_CALLS
    )

    async def collect(source: Any) -> list[Event]:
        return [event async for event in aiter_events(source)]

    async def later() -> Any:
        return payloads

    assert calls_in(asyncio.run(collect(payloads))) == CHAT_CALLS
    assert calls_in(asyncio.run(collect(AsyncSource(payloads)))) == CHAT_CALLS
    assert calls_in(asyncio.run(collect(later()))) == CHAT_CALLS


def test_exhaustion_closes_once() -> None:
    source = Source(CHAT_PAYLOADS)
    with iter_events(source) as events:
        assert calls_in(list(events)) == CHAT_CALLS
        assert (source.closed, source.left) == (1, 1)
        assert list(events) == []
        assert events.report.finish_reason == "tool_calls"
    assert (source.closed, source.left) == (1, 1)


def test_leaving_the_block_closes_once_also_while_a_reference_is_kept() -> None:
    source = Source(CHAT_PAYLOADS)
    with iter_events(source) as events:
        for event in events:
            if isinstance(event, CallAdvanced):
                break
        with pytest.raises(RuntimeError, match="no report"):
            _ = events.report
    assert (source.closed, source.left) == (1, 1)
    assert [event.reason for event in events.report.failed] == ["aborted"]
    assert list(events) == []
    events.close()
    assert source.closed == 1


def test_without_a_block_the_last_reference_closes() -> None:
    source = Source(CHAT_PAYLOADS)
    for _ in iter_events(source):
        break
    assert (source.closed, source.left) == (1, 1)


def test_a_block_that_reads_nothing_closes() -> None:
    source = Source(CHAT_PAYLOADS)
    with iter_events(source):
        pass
    assert (source.closed, source.left) == (1, 0)


def test_an_error_of_the_source_comes_behind_its_last_events() -> None:
    source = Source(CHAT_PAYLOADS[:3], ConnectionError("reset"))
    found = []
    events = iter_events(source)
    with pytest.raises(ConnectionError, match="reset"):  # noqa: PT012
        for event in events:
            found.append(event)
    assert (source.closed, source.left) == (1, 1)
    assert [event.reason for event in found if isinstance(event, CallFailed)] == ["cut"]
    assert list(events) == []
    assert len(events.report.failed) == 1


def test_what_is_no_error_goes_through_at_once() -> None:
    source = Source(CHAT_PAYLOADS[:3], KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        list(iter_events(source))
    assert (source.closed, source.left) == (1, 1)


def test_a_source_that_cannot_close_says_so_behind_its_events() -> None:
    class Stubborn(Source):
        def close(self) -> None:
            super().close()
            raise OSError("no")

    source = Stubborn(CHAT_PAYLOADS)
    found = []
    with pytest.raises(OSError, match="no"):  # noqa: PT012
        for event in iter_events(source):
            found.append(event)
    assert calls_in(found) == CHAT_CALLS
    assert source.closed == 1


def test_a_context_manager_that_gives_the_source_is_entered_and_left() -> None:
    steps = []

    @contextmanager
    def manager() -> Iterator[Any]:
        steps.append("in")
        yield CHAT_PAYLOADS
        steps.append("out")

    class Opaque:
        """As an SDK's stream manager: it can be entered, not iterated."""

        def __init__(self) -> None:
            self.manager = manager()

        def __enter__(self) -> Any:
            return self.manager.__enter__()

        def __exit__(self, *error: Any) -> Any:
            return self.manager.__exit__(*error)

    with iter_events(Opaque()) as events:
        assert calls_in(list(events)) == CHAT_CALLS
    assert steps == ["in", "out"]


def test_asynchronous_sources_are_closed_once() -> None:
    async def run() -> None:
        whole = AsyncSource(CHAT_PAYLOADS)
        async with aiter_events(whole) as events:
            assert calls_in([event async for event in events]) == CHAT_CALLS
        assert (whole.closed, whole.left) == (1, 1)
        assert events.report.finish_reason == "tool_calls"

        left = AsyncSource(CHAT_PAYLOADS)
        async with aiter_events(left) as events:
            async for _ in events:
                break
        assert (left.closed, left.left) == (1, 1)
        assert [event async for event in events] == []

        broken = AsyncSource(CHAT_PAYLOADS[:3], ConnectionError("reset"))
        events = aiter_events(broken)
        with pytest.raises(ConnectionError):
            [event async for event in events]
        assert (broken.closed, broken.left) == (1, 1)
        assert [event.reason for event in events.report.failed] == ["cut"]

        plain = Source(CHAT_PAYLOADS)
        async with aiter_events(plain) as events:
            await anext(events)
        assert plain.closed == 1

    asyncio.run(run())


def test_cancelling_closes() -> None:
    class Endless(AsyncSource):
        async def __aiter__(self) -> AsyncIterator[Any]:
            try:
                for payload in self.payloads:
                    yield payload
                await asyncio.Event().wait()
            finally:
                self.left += 1

    async def run() -> None:
        source = Endless(CHAT_PAYLOADS[:3])
        events = aiter_events(source)

        async def read() -> None:
            async for _ in events:
                pass

        task = asyncio.create_task(read())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (source.closed, source.left) == (1, 1)
        assert [event.reason for event in events.report.failed] == ["aborted"]
        assert [event async for event in events] == []

    asyncio.run(run())


# The official clients


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


MESSAGES: Final = [{"role": "user", "content": "?"}]
CHAT_REQUEST: Final = {"model": "m", "messages": MESSAGES}
ANTHROPIC_REQUEST: Final = {"model": "m", "messages": MESSAGES, "max_tokens": 9}


def openai_raw(client: Any) -> Any:
    return client.chat.completions.create(**CHAT_REQUEST, stream=True)


def openai_helper(client: Any) -> Any:
    return client.chat.completions.stream(**CHAT_REQUEST)


def anthropic_raw(client: Any) -> Any:
    return client.messages.create(**ANTHROPIC_REQUEST, stream=True)


def anthropic_helper(client: Any) -> Any:
    return client.messages.stream(**ANTHROPIC_REQUEST)


CLIENTS: Final = pytest.mark.parametrize(
    ("sdk", "request_", "body", "calls"),
    [
        (openai, openai_raw, CHAT_BYTES, CHAT_CALLS),
        (openai, openai_helper, CHAT_BYTES, CHAT_CALLS),
        (anthropic, anthropic_raw, ANTHROPIC_BYTES, ANTHROPIC_CALLS),
        (anthropic, anthropic_helper, ANTHROPIC_BYTES, ANTHROPIC_CALLS),
    ],
    ids=["openai", "openai helper", "anthropic", "anthropic helper"],
)


def options_for(sdk: Any, replay: Replay) -> dict[str, Any]:
    url = f"{replay.url}/v1" if sdk is openai else replay.url
    return {"base_url": url, "api_key": "none", "max_retries": 0}


def client_of(sdk: Any, replay: Replay) -> Any:
    kind = sdk.OpenAI if sdk is openai else sdk.Anthropic
    return kind(**options_for(sdk, replay))


@CLIENTS
def test_a_client_and_its_helper_give_what_is_in_the_bytes(
    sdk: Any, request_: Callable[[Any], Any], body: bytes, calls: list[Any], replay: Replay
) -> None:
    replay.body = body
    expected = list(iter_events([body]))
    with client_of(sdk, replay) as client, iter_events(request_(client)) as events:
        found = list(events)
    assert calls_in(found) == calls
    assert texts_in(found) == texts_in(expected)
    report = events.report
    assert (report.text, report.finish_reason) == ("Let me see.", found[-1].report.finish_reason)  # type: ignore[union-attr]
    assert report.usage
    assert not [anomaly for anomaly in report.anomalies if anomaly.severity != "info"]


@CLIENTS
def test_an_asynchronous_client_as_well(
    sdk: Any, request_: Callable[[Any], Any], body: bytes, calls: list[Any], replay: Replay
) -> None:
    replay.body = body
    kind = sdk.AsyncOpenAI if sdk is openai else sdk.AsyncAnthropic

    async def run() -> list[Event]:
        async with kind(**options_for(sdk, replay)) as client, aiter_events(request_(client)) as events:
            return [event async for event in events]

    found = asyncio.run(run())
    assert calls_in(found) == calls
    assert texts_in(found) == texts_in(list(iter_events([body])))


def test_leaving_early_closes_the_clients_response(replay: Replay) -> None:
    replay.body = CHAT_BYTES
    with client_of(openai, replay) as client:
        stream = openai_raw(client)
        with iter_events(stream) as events:
            next(events)
        assert stream.response.is_closed
    replay.body = ANTHROPIC_BYTES
    with client_of(anthropic, replay) as client:
        stream = anthropic_raw(client)
        with iter_events(stream) as events:
            next(events)
        assert stream.response.is_closed


def test_an_error_in_the_stream_is_the_clients_own_and_ours(replay: Replay) -> None:
    replay.body = sse([*CHAT_PAYLOADS[:3], {"error": {"message": "overloaded"}}])
    found: list[Event] = []
    with client_of(openai, replay) as client, iter_events(openai_raw(client)) as events:  # noqa: SIM117
        with pytest.raises(openai.APIError, match="overloaded"):
            found.extend(events)
    assert [event.reason for event in events.report.failed] == ["cut"]


# Recorded streams


STREAMS: Final = os.environ.get("PARTIALJSON_STREAMS")
SDKS: Final = {"openai-chat": (openai, openai_raw), "anthropic-messages": (anthropic, anthropic_raw)}


UNREAD_BY_CLIENTS: Final = {
    "sse_events_not_separated_by_blank_line",  # they drop what has no blank line behind it
    "sse_no_final_blank_line",
    "tool_calls_but_no_finish_reason",  # they keep [DONE] to themselves, which is all that ends these
}


def recorded() -> list[tuple[str, str]]:
    if not STREAMS:
        return []
    rows = map(json.loads, Path(STREAMS, "index.jsonl").read_text("utf-8").splitlines())
    return [
        (row["file"], row["wire"])
        for row in rows
        if row["wire"] in SDKS and row["file"].endswith(".sse") and not UNREAD_BY_CLIENTS & set(row["notes"])
    ]


@pytest.mark.slow
@pytest.mark.skipif(not STREAMS, reason="PARTIALJSON_STREAMS names no directory")
def test_recorded_streams_through_the_clients(replay: Replay) -> None:
    """What a client yields gives the calls that its bytes give, unless it raises."""
    raised = []
    clients = {sdk: client_of(sdk, replay) for sdk in (openai, anthropic)}
    for file, wire in recorded():
        replay.body = Path(STREAMS or "", "bodies", file).read_bytes()
        accumulator = ToolCallAccumulator()
        accumulator.feed(replay.body)
        sdk, request_ = SDKS[wire]
        events = iter_events(request_(clients[sdk]))
        try:
            list(events)
        except sdk.APIError:
            raised.append(file)
        else:
            assert summary(events.report) == summary(accumulator.close()), file
    assert len(raised) <= 3


def summary(report: Report) -> list[tuple[object, ...]]:
    arguments = {event.key: event.arguments for event in report.finished}
    return [(call.id, call.name, call.text, arguments.get(call.key)) for call in report.calls]
