"""Whatever is fed becomes payloads, or an anomaly that says where and why not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import Report, ToolCallAccumulator
from partialjson.limits import Limits
from partialjson.providers import PROVIDERS
from tests.wires import chat_payloads, sse

ARGUMENTS = {"x": "\u2028\u0085\u00e9\U0001f600"}
WRITTEN = json.dumps(ARGUMENTS, ensure_ascii=False)
CALL: list[Any] = [[{"i": 0, "id": "A", "n": "f", "a": WRITTEN}], "FIN tool_calls"]
PAYLOADS = list(chat_payloads(CALL))
TEXT = "".join(f"data: {json.dumps(payload, ensure_ascii=False)}\n\n" for payload in PAYLOADS)


def played(*feeds: object, **options: Any) -> Report:
    accumulator = ToolCallAccumulator(**options)
    for fed in feeds:
        accumulator.feed(fed)
    return accumulator.close()


def outcome(report: Report) -> tuple[list[object], list[str]]:
    return [event.arguments for event in report.finished], [anomaly.code for anomaly in report.anomalies]


# Bytes


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(TEXT.encode(), id="T73 T74 U+2028 and its like end no line, and all is UTF-8"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="T76 CRLF"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="T76 CR"),
        pytest.param(TEXT.replace("data: ", "data:").encode(), id="T76 no space"),
        pytest.param(("id: 1\n\n: keep-alive\n\nretry: 5\n\n" + TEXT).encode(), id="T77 events without data"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="T78 byte order mark"),
        pytest.param(("\n\n" + TEXT + "data: [DONE]\n\n").encode(), id="blank lines first"),
        pytest.param("\n".join(json.dumps(payload) for payload in PAYLOADS).encode(), id="JSON lines"),
        pytest.param(json.dumps(PAYLOADS, indent=2).encode(), id="a JSON array"),
    ],
)
@given(data=st.data())
def test_any_cut_of_any_framing(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert outcome(played(*pieces)) == ([ARGUMENTS], [])


def test_t75_byte_by_byte() -> None:
    assert outcome(played(*(bytes([byte]) for byte in TEXT.encode()))) == ([ARGUMENTS], [])


def test_text_is_as_good_as_bytes() -> None:
    assert outcome(played(*TEXT)) == ([ARGUMENTS], [])
    assert outcome(played(bytearray(TEXT.encode()), memoryview(b"\n"))) == ([ARGUMENTS], [])


def test_t79_the_end_in_the_middle_of_an_event() -> None:
    stream = TEXT.encode()
    cut = stream.index(b"finish_reason", stream.index(b"\n\n"))
    report = played(stream[:cut])
    assert outcome(report) == ([], ["incomplete-event", "truncated-stream", "truncated-args"])
    assert report.anomalies[0].offset == stream.index(b"\n\n") + 2


def test_t80_an_end_marker_without_its_blank_line() -> None:
    stream = sse(chat_payloads(CALL[:1]))
    for end in (b"data: [DONE]\n", b"data: [DONE]"):
        arguments, codes = outcome(played(stream + end))
        assert arguments == [ARGUMENTS]
        assert codes == ["no-finish-reason", "incomplete-event"]


def test_an_unfinished_event_counts_if_its_json_is_whole() -> None:
    stream = TEXT.encode()
    assert outcome(played(stream[:-1])) == ([ARGUMENTS], ["incomplete-event"])
    assert outcome(played(stream[:-2])) == ([ARGUMENTS], ["incomplete-event"])
    assert outcome(played(stream[:-3]))[0] == []


def test_events_without_the_blank_line_between_them() -> None:
    assert outcome(played(TEXT.replace("\n\n", "\n").encode() + b"\n")) == ([ARGUMENTS], ["unsplit-events"])


def test_invalid_utf8_is_replaced_and_noted() -> None:
    stream = sse(chat_payloads([[{"i": 0, "id": "A", "n": "f", "a": '{"x":"?"}'}], "FIN stop"]))
    broken = stream.replace(b"?", b"\xff")
    assert outcome(played(broken)) == ([{"x": "\ufffd"}], ["invalid-utf8"])


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("data: hello\n\n", "bad-frame"),
        ('data: {"choices"\n\n', "bad-frame"),
        ("data: []\n\n", "bad-frame"),
        ("data: 7\n\n", "bad-frame"),
        ("data: " + "[" * 100_000 + "\n\n", "bad-frame"),
        ('data: {"choices": 7}\n\n', "bad-payload"),
        ('event: error\ndata: {"error": "it broke"}\n\n', "stream-error"),
        ("event: error\ndata: it broke\n\n", "stream-error"),
    ],
)
def test_a_bad_event_leaves_an_anomaly_and_its_siblings_alone(event: str, code: str) -> None:
    first, second = (sse([payload]) for payload in PAYLOADS)
    report = played(first, event, second)
    assert report.anomalies[0].code == code
    if code == "stream-error":
        assert report.errors == ("it broke",)
    else:
        assert outcome(report) == ([ARGUMENTS], [code])


def test_t46_an_event_that_is_called_error() -> None:
    (first,) = (sse([payload]) for payload in PAYLOADS[:1])
    report = played(first, 'event: error\ndata: {"message": "it broke"}\n\n')
    assert (report.errors, report.anomalies[0].code) == (({"message": "it broke"},), "stream-error")


@pytest.mark.parametrize("marker", ["[DONE]", " [DONE]", "[DONE] "])
def test_white_space_around_the_end_marker(marker: str) -> None:
    assert outcome(played(sse(PAYLOADS), f"data: {marker}\n\n")) == ([ARGUMENTS], [])


def test_a_ping_may_be_of_any_wire() -> None:
    assert outcome(played({"type": "ping"}, *PAYLOADS)) == ([ARGUMENTS], ["unknown-event"])


def test_a_limit_of_the_wire_is_an_anomaly() -> None:
    first, second = (sse([payload]) for payload in PAYLOADS)
    limits = Limits(sse_line=1_000)
    report = played(first, b"data: " + b"x" * 2_000 + b"\n\n", second, limits=limits)
    assert outcome(report) == ([ARGUMENTS], ["limit"])
    assert (report.anomalies[0].detail, report.anomalies[0].offset) == ("sse_line", len(first) + 1_000)


def test_json_in_place_of_events() -> None:
    body = json.dumps({"error": {"message": "no such model", "code": 404}}, indent=2)
    report = played(body.encode(), provider="openai-chat")
    assert report.errors == ({"message": "no such model", "code": 404},)


def test_a_stream_of_no_known_wire() -> None:
    report = played(b'data: {"weather": "fine"}\n\n')
    assert [(anomaly.code, anomaly.detail) for anomaly in report.anomalies] == [
        ("unknown-event", "no known wire: 'weather'")
    ]
    assert report.provider is None


# Objects


class Chunk(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")


class ForeignEvent:
    def __init__(self, data: str, event: str | None = None) -> None:
        self.data = data
        self.event = event


class Dumped:
    def __init__(self, payload: dict[str, Any]) -> None:
        self._payload = payload

    def model_dump(self) -> dict[str, Any]:
        return self._payload


@dataclass
class Bare:
    choices: list[Any]


def test_objects_of_sdks() -> None:
    assert outcome(played(*map(Chunk.model_validate, PAYLOADS))) == ([ARGUMENTS], [])
    assert outcome(played(*(Bare(payload["choices"]) for payload in PAYLOADS))) == ([ARGUMENTS], [])
    assert outcome(played(*map(Dumped, PAYLOADS))) == ([ARGUMENTS], [])
    foreign = [ForeignEvent(json.dumps(payload), "message") for payload in PAYLOADS]
    assert outcome(played(*foreign, ForeignEvent("[DONE]"))) == ([ARGUMENTS], [])


@pytest.mark.parametrize("fed", [None, 7, object(), [], ("data",), Chunk, float("nan"), lambda: None])
def test_what_is_no_payload_at_all(fed: object) -> None:
    assert outcome(played(PAYLOADS[0], fed, PAYLOADS[1])) == ([ARGUMENTS], ["bad-payload"])


def test_derived_events_are_not_counted_twice() -> None:
    derived = [{"type": "chunk", "chunk": payload, "snapshot": {}} for payload in PAYLOADS]
    derived.insert(1, {"type": "tool_calls.function.arguments.delta", "arguments_delta": "{}", "index": 0})
    assert outcome(played(*derived)) == ([ARGUMENTS], [])


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_derived_events_are_none_of_the_providers_own(provider: Any) -> None:
    assert all(
        member is not None or not provider.matches({"type": kind})
        for kind, member in provider.derived.items()
    )


@given(st.lists(st.binary(max_size=20) | st.text(max_size=20) | st.none(), max_size=5))
def test_nothing_that_is_fed_raises(feeds: list[Any]) -> None:
    accumulator = ToolCallAccumulator()
    for fed in feeds:
        accumulator.feed(fed)
    accumulator.close()
