"""botocore, pointed at a server on 127.0.0.1: what its event streams yield gives the calls of the bytes.

boto3 is the same client. Neither assembles calls, so the other side of each comparison is the bytes
themselves, read without botocore. What its model of the service does not have, botocore leaves out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from partialjson.calls import CallFailed, CallFinished, Report, ToolCallAccumulator
from partialjson.stream import iter_events
from tests.replay import replaying
from tests.test_recorded_streams import FILES, INDEX, PROVIDERS, body, seen
from tests.wires import eventstream, invoke_payloads, table

session = pytest.importorskip("botocore.session")
exceptions = pytest.importorskip("botocore.exceptions")

REQUEST: Final = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}


def converse(client: Any) -> Any:
    return client.converse_stream(**REQUEST)["stream"]


def invoke(client: Any) -> Any:
    return client.invoke_model_with_response_stream(modelId="m", body=b"{}")["body"]


OPERATIONS: Final[dict[str, Callable[[Any], Any]]] = {"bedrock-converse": converse, "bedrock-invoke": invoke}
NOT_IN_ITS_MODEL: Final = {
    "T60-start": "a union without a member is an error",
    "T60-delta": "no id and no name in a delta",
}
SAMPLES: Final = [
    *(
        ("bedrock-converse", eventstream(row["stream"]))
        for row in table("calls/bedrock-converse.json")
        if row["case"] not in NOT_IN_ITS_MODEL
    ),
    *(
        ("bedrock-invoke", eventstream(invoke_payloads(row["stream"])))
        for row in table("calls/bedrock-invoke.json")
    ),
    *((PROVIDERS[INDEX[file]["wire"]], body(file)) for file in FILES if file.endswith(".eventstream")),
]


@contextmanager
def client_of(stream: bytes, kind: str = "application/vnd.amazon.eventstream") -> Iterator[Any]:
    """A client whose every request is answered with the stream."""
    with replaying() as replay:
        replay.body, replay.kind = stream, kind
        client = session.Session().create_client(
            "bedrock-runtime",
            region_name="us-east-1",
            endpoint_url=replay.url,
            aws_access_key_id="none",
            aws_secret_access_key="none",
        )
        try:
            yield client
        finally:
            client.close()


def plain(report: Report) -> dict[str, Any]:
    """What must not depend on who took the messages apart."""
    data = seen(report)
    del data["anomalies"]  # they have the offsets of bytes
    return data


def whole(stream: bytes) -> Report:
    accumulator = ToolCallAccumulator()
    accumulator.feed(stream)
    return accumulator.close()


@pytest.mark.parametrize(("wire", "stream"), [sample for sample in SAMPLES if b"Exception" not in sample[1]])
def test_what_the_client_yields(wire: str, stream: bytes) -> None:
    with client_of(stream) as client, iter_events(OPERATIONS[wire](client)) as events:
        calls = [(event.id, event.arguments) for event in events if isinstance(event, CallFinished)]
        assert events.report.provider == wire
        found, expected = plain(events.report), plain(whole(stream))
        assert (found.pop("usage") or {}).items() <= (expected.pop("usage") or {}).items()
        assert found == expected
        assert calls == [(event.id, event.arguments) for event in whole(stream).finished]


@pytest.mark.parametrize(("wire", "stream"), [sample for sample in SAMPLES if b"Exception" in sample[1]])
def test_an_exception_in_the_stream_is_raised_behind_the_last_events(wire: str, stream: bytes) -> None:
    found = []
    with client_of(stream) as client:
        events = iter_events(OPERATIONS[wire](client))
        with pytest.raises(exceptions.EventStreamError):  # noqa: PT012
            for event in events:
                found.append(event)
    expected = whole(stream)
    assert [event.reason for event in found if isinstance(event, CallFailed)] == ["cut"] * len(
        expected.failed
    )
    assert [event.id for event in events.report.finished] == [event.id for event in expected.finished]


def test_a_whole_response_says_the_same_as_the_stream() -> None:
    row = table("calls/bedrock-converse.json")[0]
    content = [
        {"text": "Let me see."},
        {"toolUse": {"toolUseId": "A", "name": "f", "input": {"x": 1}}},
        {"toolUse": {"toolUseId": "B", "name": "g", "input": {"y": "\u00e9"}}},
    ]
    response = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 5, "outputTokens": 20, "totalTokens": 25},
        "metrics": {"latencyMs": 9},
    }
    report = whole(eventstream(row["stream"]))
    with client_of(json.dumps(response).encode(), "application/json") as client:
        assert report.compare(client.converse(**REQUEST)) == ()
    assert report.to_history() == response["output"]["message"]  # type: ignore[index]


def test_the_table_may_be_named_also_where_the_messages_are_lines_of_json() -> None:
    payloads = table("calls/bedrock-converse.json")[0]["stream"]
    lines = "".join(json.dumps(payload) + "\n" for payload in payloads).encode()
    for provider in ("auto", "bedrock-converse"):
        report = ToolCallAccumulator(provider)
        report.feed(lines)
        assert [event.id for event in report.close().finished] == ["A", "B"]
