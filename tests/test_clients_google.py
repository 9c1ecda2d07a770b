"""google-genai, pointed at a server on 127.0.0.1: what it yields gives the calls of the bytes.

It puts no calls together: ``function_calls`` lists those of one chunk, and leaves values by path where they
are. So the other side of most comparisons is the bytes themselves, read without the client. What it changes
or refuses on the way stands in the tables below.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from partialjson.calls import Report, ToolCallAccumulator
from partialjson.stream import aiter_events, iter_events
from tests.replay import Replay, replaying
from tests.test_recorded_streams import FILES, INDEX, UNREADABLE, payloads, seen
from tests.wires import DONE, gemini_payloads, sse, table

genai = pytest.importorskip("google.genai")
errors = pytest.importorskip("google.genai.errors")
websockets = pytest.importorskip("websockets")

pytestmark = pytest.mark.filterwarnings("ignore:.* is not a valid")  # words that are new to its enumerations

REQUEST: Final = {"model": "m", "contents": "?"}
CHANGED: Final = {
    "T47-none": "it leaves out what the provider says about it",
    "T61-number": "its numbers are doubles",
}
REFUSED: Final = {
    "T31-list": "its models know no arguments but objects",
    "T46": "it raises what the provider reports",
    "T61-misplaced": "nor do they know values that are none",
}


def readable(file: str) -> bool:
    return not UNREADABLE & set(INDEX[file]["notes"])


def samples(wire: str, case: Callable[[Any], Any] = iter) -> list[tuple[str, list[Any]]]:
    """Our cases of a wire, and the recorded streams."""
    return [
        *((row["case"], list(case(row["stream"]))) for row in table(f"calls/{wire}.json")),
        *((file, payloads(file)) for file in FILES if INDEX[file]["wire"] == wire and readable(file)),
    ]


GENERATE: Final = samples("gemini", gemini_payloads)
INTERACT: Final = samples("gemini-interactions")
LIVE: Final = samples("gemini-live")
EACH: Final = pytest.mark.parametrize(
    "stream",
    [stream for case, stream in GENERATE if case not in {*CHANGED, *REFUSED}],
    ids=[case for case, _ in GENERATE if case not in {*CHANGED, *REFUSED}],
)


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


@pytest.fixture(scope="module")
def clients(replay: Replay) -> Iterator[list[Any]]:
    """Of the Gemini API, and of Vertex AI."""
    options = {"base_url": replay.url}
    with (
        genai.Client(api_key="none", http_options=options) as gemini,
        genai.Client(vertexai=True, api_key="none", http_options=options) as vertex,
    ):
        yield [gemini, vertex]


def read(stream: list[Any]) -> Report:
    accumulator = ToolCallAccumulator()
    for payload in stream:
        accumulator.feed(sse([payload]) if payload == DONE else payload)
    return accumulator.close()


def plain(report: Report) -> dict[str, Any]:
    """What must not depend on who took the bytes apart."""
    data = seen(report)
    for record in ("anomalies", "anomaly_counts", "usage"):  # details name members; usage is in its spelling
        del data[record]
    for call in data["calls"]:
        if call["kind"] == "server":  # its models sort the members of what Google ran
            del call["raw"], call["text"]
    return data


@EACH
def test_what_the_client_yields(stream: list[Any], replay: Replay, clients: list[Any]) -> None:
    replay.body = sse(stream)
    for client in clients:
        with iter_events(client.models.generate_content_stream(**REQUEST)) as events:
            for _ in events:
                pass
        assert plain(events.report) == plain(read(stream))


@EACH
def test_what_the_asynchronous_client_yields(stream: list[Any], replay: Replay, clients: list[Any]) -> None:
    replay.body = sse(stream)

    async def run() -> Report:
        client = clients[0].aio
        async with aiter_events(client.models.generate_content_stream(**REQUEST)) as events:
            async for _ in events:
                pass
        return events.report

    assert plain(asyncio.run(run())) == plain(read(stream))


@pytest.mark.parametrize("case", CHANGED)
def test_what_the_client_changes(case: str, replay: Replay, clients: list[Any]) -> None:
    stream = dict(GENERATE)[case]
    replay.body = sse(stream)
    with iter_events(clients[0].models.generate_content_stream(**REQUEST)) as events:
        for _ in events:
            pass
    assert plain(events.report) != plain(read(stream))


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_client_refuses(case: str, replay: Replay, clients: list[Any]) -> None:
    replay.body = sse(dict(GENERATE)[case])
    with iter_events(clients[0].models.generate_content_stream(**REQUEST)) as events:  # noqa: SIM117
        with pytest.raises((ValueError, errors.APIError)):
            list(events)


def test_an_error_among_the_events_is_the_clients_own_and_ours(replay: Replay, clients: list[Any]) -> None:
    error = {"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}
    opened = list(gemini_payloads([[{"name": "f", "willContinue": True}]]))
    replay.body = sse(opened) + json.dumps(error, indent=2).encode()
    with iter_events(clients[0].models.generate_content_stream(**REQUEST)) as events:  # noqa: SIM117
        with pytest.raises(errors.APIError, match="overloaded"):
            list(events)
    assert [event.reason for event in events.report.failed] == ["cut"]
    assert read([replay.body]).errors == (error["error"],)


@EACH
def test_its_objects_written_down_in_any_way(stream: list[Any], replay: Replay, clients: list[Any]) -> None:
    """Members in the SDK's spelling or the wire's, with those that are not there or without them."""
    replay.body = sse(stream)
    chunks = list(clients[0].models.generate_content_stream(**REQUEST))
    written = [
        [chunk.model_dump() for chunk in chunks],
        [chunk.model_dump(exclude_none=True) for chunk in chunks],
        [chunk.model_dump(mode="json", by_alias=True) for chunk in chunks],
        [chunk.to_json_dict() for chunk in chunks],
    ]
    expected = plain(read(stream))
    for data in written:
        found = plain(read(data))
        # To null, which a model keeps as None, these add the nulls of what is not there.
        assert found == expected or "nullValue" in json.dumps(stream)


@EACH
def test_the_whole_calls_are_those_that_it_lists(
    stream: list[Any], replay: Replay, clients: list[Any]
) -> None:
    replay.body = sse(stream)
    listed = [
        (call.id or None, call.name, call.args or {})
        for chunk in clients[0].models.generate_content_stream(**REQUEST)
        for call in chunk.function_calls or ()
    ]
    report = read(stream)
    ids = {call.key: None if call.synthesized else call.id for call in report.calls}
    own = [event for event in report.finished if event.kind == "function" and event.choice == 0]
    if "willContinue" not in json.dumps(stream):  # it leaves the values by path where they are
        assert [
            call for event in own if (call := (ids[event.key], event.name, event.arguments)) not in listed
        ] == []


@EACH
def test_it_takes_the_history(stream: list[Any]) -> None:
    report = read(stream)
    written = report.to_history()
    content = genai.types.Content.model_validate(written)
    again = read([{"candidates": [{"content": content.model_dump(by_alias=True)}]}])
    assert again.to_history() == written
    assert [call.meta for call in again.calls] == [
        call.meta for call in report.calls if call.kind == "function" and call.name
    ]


@pytest.mark.parametrize("stream", [stream for _, stream in INTERACT], ids=[case for case, _ in INTERACT])
def test_interactions(stream: list[Any], replay: Replay, clients: list[Any]) -> None:
    replay.body = sse([*stream, DONE])  # which it keeps to itself
    client = clients[0]
    request = {"model": "m", "input": "?", "stream": True}
    with iter_events(client.interactions.create(**request)) as events:
        for _ in events:
            pass

    async def run() -> Report:
        async with aiter_events(client.aio.interactions.create(**request)) as events:
            async for _ in events:
                pass
        return events.report

    assert plain(events.report) == plain(asyncio.run(run())) == plain(read(stream))


@pytest.fixture
def without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client wants ``wss``, which a server on this machine has no certificate for."""

    def connect(uri: str, *, ssl: object, **options: Any) -> Any:
        return websockets.connect(uri.replace("wss:", "ws:"), **options)

    monkeypatch.setattr("google.genai.live.ws_connect", connect)


@pytest.mark.usefixtures("without_tls")
@pytest.mark.parametrize("stream", [stream for _, stream in LIVE], ids=[case for case, _ in LIVE])
def test_live(stream: list[Any]) -> None:
    async def serve(connection: Any) -> None:
        await connection.recv()
        for message in stream if "setupComplete" in stream[0] else [{"setupComplete": {}}, *stream]:
            await connection.send(json.dumps(message).encode())

    async def feed(accumulator: ToolCallAccumulator, session: Any) -> None:
        while True:  # receive() is over with each turn
            async for message in session.receive():
                accumulator.feed(message)

    async def run() -> Report:
        accumulator = ToolCallAccumulator()
        async with websockets.serve(serve, "127.0.0.1", 0) as server:
            ((_, port), *_) = [socket.getsockname() for socket in server.sockets]
            client = genai.Client(api_key="none", http_options={"base_url": f"http://127.0.0.1:{port}"})
            async with client.aio.live.connect(model="m") as session:
                with pytest.raises(errors.APIError, match="1000"):  # the connection is closed
                    await feed(accumulator, session)
        return accumulator.close()

    assert plain(asyncio.run(run())) == plain(read(stream))
