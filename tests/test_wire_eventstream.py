"""AWS event streams: against an encoder of our own, against damage, and against botocore."""

from __future__ import annotations

import itertools
import json
import struct
import time
from collections.abc import Iterable
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.limits import Limits
from partialjson.wire import EventStreamDecoder, Frame, HeaderValue, WireFault

Headers = list[tuple[bytes, int, bytes]]
"""Name, type, and the value as it stands on the wire."""


def seal(body: bytes, headers_length: int) -> bytes:
    """The message around headers and payload, with both checksums."""
    prelude = struct.pack(">II", len(body) + 16, headers_length)
    whole = prelude + struct.pack(">I", crc32(prelude)) + body
    return whole + struct.pack(">I", crc32(whole))


def encode(headers: Headers, payload: bytes) -> bytes:
    block = b"".join(bytes([len(name)]) + name + bytes([kind]) + value for name, kind, value in headers)
    return seal(block + payload, len(block))


def text(value: str) -> bytes:
    return struct.pack(">H", len(value.encode())) + value.encode()


def event(payload: str, name: str = "chunk") -> bytes:
    return encode([(b":message-type", 7, text("event")), (b":event-type", 7, text(name))], payload.encode())


def run(
    chunks: Iterable[bytes], limits: Limits | None = None, *, handed_on: bool = False
) -> list[Frame | WireFault]:
    limits = limits or Limits()
    decoder = EventStreamDecoder(limits)
    found: list[Frame | WireFault] = []
    for chunk in chunks:
        found += decoder.feed(chunk)
        if handed_on:
            decoder = EventStreamDecoder.restore(json.loads(json.dumps(decoder.checkpoint())), limits)
    found += decoder.close()
    assert decoder.pending == 0
    return found


def faults(found: Iterable[Frame | WireFault]) -> list[tuple[str, int, str, bytes]]:
    return [(it.code, it.offset, it.detail, it.raw) for it in found if isinstance(it, WireFault)]


def pieces(stream: bytes, cuts: Iterable[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[begin:end] for begin, end in itertools.pairwise(bounds)]


VALUES: dict[str, tuple[int, bytes, HeaderValue]] = {
    "true": (0, b"", True),
    "false": (1, b"", False),
    "byte": (2, b"\xff", -1),
    "short": (3, b"\x80\x00", -32_768),
    "integer": (4, b"\x7f\xff\xff\xff", 2_147_483_647),
    "long": (5, b"\xff" * 8, -1),
    "byte array": (6, b"\x00\x02\x00\xff", b"\x00\xff"),
    "string": (7, "\u0000\u0003€".encode(), "€"),
    "timestamp": (8, (1_700_000_000_000).to_bytes(8, "big"), 1_700_000_000_000),
    "UUID": (9, bytes(range(16)), bytes(range(16))),
}
"""Each type of header value: its number, an example as it stands on the wire, and as it is read."""

names = st.text(st.characters(codec="utf-8"), max_size=8)
headers_of_any_type = st.dictionaries(names, st.sampled_from(list(VALUES)), max_size=4)
messages = st.lists(st.tuples(headers_of_any_type, st.text(st.characters(codec="utf-8"))), max_size=5)
cuttings = st.lists(st.integers(0, 1000), max_size=8)


@given(messages, cuttings)
def test_messages_of_any_headers_in_any_cut(
    messages: list[tuple[dict[str, str], str]], cuts: list[int]
) -> None:
    stream = b""
    wanted = []
    for headers, payload in messages:
        values = {name: VALUES[kind][2] for name, kind in headers.items()}
        wanted.append(Frame(payload, "message", "", len(stream), values))
        rows = [(name.encode(), *VALUES[kind][:2]) for name, kind in headers.items()]
        stream += encode(rows, payload.encode())
    assert run([stream]) == wanted
    assert run(pieces(stream, cuts)) == wanted
    assert run(pieces(stream, cuts), handed_on=True) == wanted
    assert run(stream[i : i + 1] for i in range(len(stream))) == wanted


@pytest.mark.parametrize("kind", VALUES)
def test_each_type_of_header(kind: str) -> None:
    number, raw, value = VALUES[kind]
    [frame] = run([encode([(b"name", number, raw)], b"")])
    assert isinstance(frame, Frame)
    assert frame.headers == {"name": value}
    assert type(frame.headers["name"]) is type(value)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({":message-type": "event", ":event-type": "contentBlockDelta"}, "contentBlockDelta"),
        ({":message-type": "exception", ":exception-type": "throttlingException"}, "throttlingException"),
        ({":message-type": "error", ":error-code": "InternalError"}, "InternalError"),
        ({":message-type": "event"}, "message"),
        ({":event-type": "of no message type"}, "message"),
        ({"": "a header may have no name"}, "message"),
        ({}, "message"),
    ],
)
def test_the_headers_name_the_event(headers: dict[str, str], wanted: str) -> None:
    [frame] = run([encode([(name.encode(), 7, text(value)) for name, value in headers.items()], b"{}")])
    assert frame.event == wanted


@given(st.integers(0, 10_000), st.integers(1, 255), cuttings)
def test_a_damaged_byte_costs_its_message_or_all_after_it(at: int, flip: int, cuts: list[int]) -> None:
    whole = [event('{"a": 1}'), event("{}", "other"), event('{"b": "é"}')]
    stream = bytearray(b"".join(whole))
    at %= len(stream)
    stream[at] ^= flip
    damaged = next(index for index in range(3) if at < sum(map(len, whole[: index + 1])))
    start = sum(map(len, whole[:damaged]))
    in_prelude = at - start < 12
    kept = run([b"".join(whole)])

    found = run([bytes(stream)])
    fault = found[damaged]
    assert isinstance(fault, WireFault)
    assert (fault.code, fault.offset) == ("bad-frame", start)
    assert found[:damaged] == kept[:damaged]
    assert found[damaged + 1 :] == ([] if in_prelude else kept[damaged + 1 :])
    assert fault.raw == bytes(stream[start : start + (12 if in_prelude else len(whole[damaged]))])
    assert run(pieces(bytes(stream), cuts)) == found
    assert run(pieces(bytes(stream), cuts), handed_on=True) == found


@given(st.integers(1, 10_000), cuttings)
def test_the_end_inside_a_message(at: int, cuts: list[int]) -> None:
    whole = [event('{"a": 1}'), event("{}")]
    stream = b"".join(whole)
    stream = stream[: at % len(stream)]
    begun = 0 if len(stream) < len(whole[0]) else len(whole[0])
    found = run(pieces(stream, cuts))
    if len(stream) == begun:
        assert faults(found) == []
    else:
        detail = "the stream ended inside a message"
        assert faults(found) == [("incomplete-event", begun, detail, stream[begun:])]


@given(st.lists(st.binary(max_size=20)))
def test_any_bytes_in_any_cut(chunks: list[bytes]) -> None:
    stream = b"".join(chunks)
    assert run(chunks) == run([stream]) == run(stream[i : i + 1] for i in range(len(stream)))


GOOD = event("{}")


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        (encode([(b"a", 10, b"")], b""), "headers: a value of no known type"),
        (encode([(b"a", 0, b""), (b"a", 1, b"")], b""), "headers: the same name twice"),
        (encode([(b"\xff", 0, b"")], b""), "headers: not UTF-8"),
        (encode([(b"a", 7, b"\x00\x01\xff")], b""), "headers: not UTF-8"),
        (encode([(b"a", 5, b"\x00")], b"payload"), "headers: one runs past their end"),
        (encode([(b"a", 6, b"\x00\xff")], b"payload"), "headers: one runs past their end"),
        (seal(b"\x05", 1), "headers: one runs past their end"),
        (seal(b"\x01a", 2), "headers: one runs past their end"),
        (seal(b"", 1), "headers: longer than the message"),
    ],
)
def test_broken_headers_cost_their_message(message: bytes, detail: str) -> None:
    found = run([GOOD + message + GOOD])
    assert faults(found) == [("bad-frame", len(GOOD), detail, message)]
    assert [it.data for it in found if isinstance(it, Frame)] == ["{}", "{}"]


def test_a_length_no_message_can_have_ends_the_reading() -> None:
    prelude = struct.pack(">II", 15, 0)
    prelude += struct.pack(">I", crc32(prelude))
    decoder = EventStreamDecoder()
    found = decoder.feed(GOOD + prelude) + decoder.feed(GOOD) + decoder.close()
    assert faults(found) == [("bad-frame", len(GOOD), "message length: cannot read on", prelude)]
    assert decoder.dropped == 12 + len(GOOD)
    assert decoder.pending == 0


def test_payload_that_is_not_utf8() -> None:
    found = run([encode([(b"a", 0, b"")], b"ab\xffc")])
    assert found == [
        WireFault("invalid-utf8", 12 + 3 + 2, "invalid start byte"),
        Frame("ab\ufffdc", "message", "", 0, {"a": True}),
    ]


@given(cuttings)
def test_a_message_that_is_too_long_is_not_held(cuts: list[int]) -> None:
    long = event("x" * 500)
    stream = GOOD + long + GOOD
    limits = Limits(sse_event=100)
    [first, fault, last] = run(pieces(stream, cuts), limits)
    assert fault == WireFault("limit", len(GOOD) + 100, "sse_event")
    assert (first.data, last.data) == ("{}", "{}")
    decoder = EventStreamDecoder(limits)
    decoder.feed(stream[:-20])
    assert decoder.dropped == len(long)
    assert decoder.pending == len(GOOD) - 20


@given(messages, cuttings)
def test_botocore_reads_the_same(messages: list[tuple[dict[str, str], str]], cuts: list[int]) -> None:
    botocore = pytest.importorskip("botocore.eventstream")
    stream = b"".join(
        encode([(name.encode(), *VALUES[kind][:2]) for name, kind in headers.items()], payload.encode())
        for headers, payload in messages
    )
    theirs = []
    buffer = botocore.EventStreamBuffer()
    for piece in pieces(stream, cuts):
        buffer.add_data(piece)
        theirs += [(message.headers, message.payload) for message in buffer]
    assert [(it.headers, it.data.encode()) for it in run([stream]) if isinstance(it, Frame)] == theirs


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "size"),
    [
        pytest.param(event("x" * (4 << 20))[:-1], 16, id="one long message"),
        pytest.param(event("{}") * 20_000, 1 << 23, id="short messages, one chunk"),
        pytest.param(
            encode([(i.to_bytes(3, "big").hex().encode(), 0, b"") for i in range(1 << 17)], b""),
            1 << 23,
            id="many headers",
        ),
        pytest.param(b"\x00" * (4 << 20), 16, id="nothing that can be read"),
    ],
)
def test_work_is_linear(stream: bytes, size: int) -> None:
    decoder = EventStreamDecoder(Limits.none())
    began = time.perf_counter()
    for begin in range(0, len(stream), size):
        decoder.feed(stream[begin : begin + size])
    decoder.close()
    assert time.perf_counter() - began < 30, "linear work takes about a second, quadratic work minutes"
