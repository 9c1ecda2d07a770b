"""Server-sent events against the standard's algorithm, written out byte by byte."""

from __future__ import annotations

import itertools
import json
import time
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partialjson.limits import Limits
from partialjson.wire import FaultCode, Frame, SSEDecoder, WireFault

CASES = json.loads((Path(__file__).parent / "data" / "wire" / "sse.json").read_text("utf-8"))

LF, CR, COLON = b"\n\r:"

Seen: TypeAlias = tuple[list[Frame | WireFault], int, int, int | None]
"""Frames and faults, heartbeats, bytes dropped, reconnection time."""


def whatwg_utf8(raw: bytes) -> tuple[str, int | None]:
    """The Encoding Standard's UTF-8 decoder, byte by byte; and where the first error is."""
    text: list[str] = []
    first_error = None
    point = seen = needed = start = 0
    lower, upper = 0x80, 0xBF
    at = 0
    while at <= len(raw):
        byte = raw[at] if at < len(raw) else None
        error = False
        if needed == 0:
            start = at
            if byte is None:
                break
            if byte <= 0x7F:
                text.append(chr(byte))
            elif 0xC2 <= byte <= 0xDF:
                needed, point = 1, byte & 0x1F
            elif 0xE0 <= byte <= 0xEF:
                lower = {0xE0: 0xA0}.get(byte, 0x80)
                upper = {0xED: 0x9F}.get(byte, 0xBF)
                needed, point = 2, byte & 0xF
            elif 0xF0 <= byte <= 0xF4:
                lower = {0xF0: 0x90}.get(byte, 0x80)
                upper = {0xF4: 0x8F}.get(byte, 0xBF)
                needed, point = 3, byte & 0x7
            else:
                error = True
        elif byte is None or not lower <= byte <= upper:
            error = True
            needed = seen = 0
            lower, upper = 0x80, 0xBF
            at -= 1  # the byte is looked at again, as the first of a character
        else:
            lower, upper = 0x80, 0xBF
            point = (point << 6) | (byte & 0x3F)
            seen += 1
            if seen == needed:
                text.append(chr(point))
                needed = seen = 0
        if error:
            text.append("\ufffd")
            first_error = start if first_error is None else first_error
        at += 1
    return "".join(text), first_error


class Reference:
    """The standard's algorithm (9.2.6), with our limits and faults, for a whole stream."""

    def __init__(self, stream: bytes, limits: Limits) -> None:
        self.limits = limits
        self.found: list[Frame | WireFault] = []
        self.retry: int | None = None
        self.heartbeats = self.idle = self.dropped = 0
        self.last_id = ""
        self.skipping = False
        self.reset()
        for start, line, ended in self.lines(stream):
            self.line(start, line, ended)
        if self.fields:
            self.fault("incomplete-event")

    def reset(self) -> None:
        self.data = self.type = ""
        self.start = self.fields = self.size = 0
        self.other: list[bytes] = []

    @staticmethod
    def lines(stream: bytes) -> Iterable[tuple[int, bytes, bool]]:
        at = 3 if stream.startswith(b"\xef\xbb\xbf") else 0
        while at < len(stream):
            start = at
            while at < len(stream) and stream[at] not in (CR, LF):
                at += 1
            line = stream[start:at]
            if at == len(stream):
                yield start, line, False
                return
            crlf = stream[at : at + 2] == b"\r\n"
            at += 2 if crlf else 1
            yield start, line, True

    def fault(self, code: FaultCode) -> None:
        data = self.data.removesuffix("\n")
        kind = self.type or "message"
        self.found.append(WireFault(code, self.start, "", data, kind, b"\n".join(self.other)))

    def give_up(self, limit: str, offset: int, line: bytes) -> None:
        self.found.append(WireFault("limit", offset, limit))
        self.dropped += self.size + len(line)
        self.reset()
        self.skipping = True

    def heartbeat(self, offset: int) -> None:
        self.heartbeats += 1
        self.idle += 1
        if self.limits.idle_events is not None and self.idle == self.limits.idle_events + 1:
            self.found.append(WireFault("limit", offset, "idle_events"))

    def decode(self, raw: bytes, offset: int) -> str:
        text, error = whatwg_utf8(raw)
        if error is not None:
            self.found.append(WireFault("invalid-utf8", offset + error, ""))
        return text

    def line(self, start: int, line: bytes, ended: bool) -> None:
        if not line:
            self.blank()
        elif self.skipping:
            self.dropped += len(line)
        else:
            self.within_limits(start, line)

    def blank(self) -> None:
        if self.data:
            data = self.data.removesuffix("\n")
            self.found.append(Frame(data, self.type or "message", self.last_id, self.start))
            self.idle = 0
        elif self.other:
            self.fault("bad-frame")
        elif self.fields:
            self.heartbeat(self.start)
        self.reset()
        self.skipping = False

    def within_limits(self, start: int, line: bytes) -> None:
        rooms = []
        if self.limits.sse_line is not None:
            rooms.append((self.limits.sse_line, 0, "sse_line"))
        if self.limits.sse_event is not None and line[0] != COLON:
            rooms.append((self.limits.sse_event - self.size, 1, "sse_event"))
        if rooms and len(line) > min(rooms)[0]:
            room, _, limit = min(rooms)
            self.give_up(limit, start + room, line)
        elif line[0] == COLON:
            self.heartbeat(start)
        elif self.fields == self.limits.sse_event_lines:
            self.give_up("sse_event_lines", start, line)
        else:
            self.field(start, line)

    def field(self, start: int, line: bytes) -> None:
        if not self.fields:
            self.start = start
        self.fields += 1
        self.size += len(line)
        name, _, value = line.partition(b":")
        if value[:1] == b" ":
            value = value[1:]
        offset = start + len(line) - len(value)
        if name == b"data":
            self.data += self.decode(value, offset) + "\n"
        elif name == b"event":
            self.type = self.decode(value, offset)
        elif name == b"id":
            if 0 not in value:
                self.last_id = self.decode(value, offset)
        elif name == b"retry":
            if value and all(0x30 <= byte <= 0x39 for byte in value):
                self.retry = int(value)
        else:
            self.other.append(line)


def pieces(stream: bytes, cuts: Iterable[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[begin:end] for begin, end in itertools.pairwise(bounds)]


def plain(found: Iterable[Frame | WireFault]) -> list[Frame | WireFault]:
    """Without the sentences of the faults, which the reference does not know."""
    return [
        WireFault(it.code, it.offset, it.detail if it.code == "limit" else "", it.data, it.event, it.raw)
        if isinstance(it, WireFault)
        else it
        for it in found
    ]


def run(chunks: Iterable[bytes], limits: Limits, *, handed_on: bool = False) -> Seen:
    """All that can be seen of a decoder; ``handed_on`` from one process to the next at each chunk."""
    decoder = SSEDecoder(limits)
    found: list[Frame | WireFault] = []
    for chunk in chunks:
        found += decoder.feed(chunk)
        if handed_on:
            decoder = SSEDecoder.restore(json.loads(json.dumps(decoder.checkpoint())), limits)
    found += decoder.close()
    assert decoder.pending == 0
    return plain(found), decoder.heartbeats, decoder.dropped, decoder.retry


def expected(stream: bytes, limits: Limits) -> Seen:
    reference = Reference(stream, limits)
    return reference.found, reference.heartbeats, reference.dropped, reference.retry


TOKENS = [
    *(b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n", b":", b" ", b": ", b"x", b"xyz", b"7", b"\0"),
    *(b"data", b"data:", b"data: ", b"event: ", b"id: ", b"retry: ", b": ping\n\n", b"foo: bar\n"),
    *(b"data: {}\n\n", b"data: [DONE]\r\n\r\n", b"event: e\ndata: x\n\n", b"event: e\r\ndata: x\r\n\r\n"),
    *(b"event: e\rx\r\ndata: x\r\n\r\n", b"data: x\ry\r\n\r\n"),
    *("é€😀\u2028\u0085".encode(), b"\xef\xbb\xbf", b"\xf0\x9f", b"\xed\xa0\x80", b"\xff"),
]
streams = st.lists(st.sampled_from(TOKENS), max_size=30)
cuttings = st.lists(st.integers(0, 200), max_size=8)
small = st.none() | st.integers(0, 12)
limits_of_any_size = st.builds(
    Limits, sse_line=small, sse_event=small, sse_event_lines=st.none() | st.integers(0, 3), idle_events=small
)


def bytewise(stream: bytes) -> list[bytes]:
    return [stream[i : i + 1] for i in range(len(stream))]


@given(streams, cuttings)
@example([b"data: x\r\n\r\n"], [9, 10])
@example([b"\xef\xbb\xbfdata: x\n\n"], [1, 2])
def test_any_cut_gives_what_the_standard_gives(tokens: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(tokens)
    wanted = expected(stream, Limits())
    for chunks in ([stream], tokens, pieces(stream, cuts), bytewise(stream)):
        assert run(chunks, Limits()) == wanted


@given(streams, cuttings, limits_of_any_size)
@example([b"event: ab\ndata: c\n\n"], [], Limits(sse_event_lines=1))
@example([b"data: abc\n\n"], [], Limits(sse_line=9, sse_event=9))
@example([b"x\nx\nx\n", b"data: {}\n\n"], [], Limits(sse_event_lines=2))
@example([b"x\nx\nx\n", b"x", b"\n", b"data: {}\n\n"], [], Limits(sse_event_lines=2))
def test_a_limit_is_passed_at_the_same_byte_for_any_cut(
    tokens: list[bytes], cuts: list[int], limits: Limits
) -> None:
    stream = b"".join(tokens)
    wanted = expected(stream, limits)
    for chunks in ([stream], tokens, pieces(stream, cuts), bytewise(stream)):
        assert run(chunks, limits) == wanted
        assert run(chunks, limits, handed_on=True) == wanted


@given(st.lists(st.binary(max_size=6)))
def test_any_bytes_at_all(chunks: list[bytes]) -> None:
    assert run(chunks, Limits()) == expected(b"".join(chunks), Limits())


def shown(it: Frame | WireFault) -> dict[str, object]:
    """What the case files say of a frame or a fault: what is no default, and where a fault is."""
    if isinstance(it, Frame):
        said: dict[str, object] = {"data": it.data}
        rest = {"event": it.event, "id": it.id}
    else:
        said = {"code": it.code, "offset": it.offset}
        rest = {"data": it.data, "event": it.event, "raw": it.raw.decode(errors="backslashreplace")}
    return said | {name: part for name, part in rest.items() if part not in ("message", "")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any]) -> None:
    stream = bytes.fromhex(case["bytes"]) if "bytes" in case else case["stream"].encode()
    for chunks in ([stream], bytewise(stream)):
        found, heartbeats, _, retry = run(chunks, Limits())
        assert [shown(it) for it in found if isinstance(it, Frame)] == case["frames"]
        assert [shown(it) for it in found if isinstance(it, WireFault)] == case.get("faults", [])
        assert heartbeats == case.get("heartbeats", 0)
        assert retry == case.get("retry")


def test_what_came_is_given_at_once() -> None:
    """A CR ends the line, and the event, without waiting to see whether an LF follows."""
    decoder = SSEDecoder()
    assert decoder.feed(b"data: a\r\r") == [Frame("a")]
    assert decoder.feed(b"\ndata: b\n") == []
    assert decoder.pending == len(b"data: b")
    assert decoder.feed(b"\n") == [Frame("b", offset=10)]
    assert decoder.pending == 0


def test_an_event_ends_a_row_of_heartbeats() -> None:
    decoder = SSEDecoder(Limits(idle_events=1))
    for event in (b"data: x\n\n", b"data: y\r\n\r\n", b"data: z\nid\n\n"):
        assert decoder.feed(b": 1\n") == []
        assert len(decoder.feed(event)) == 1
    assert decoder.feed(b": 1\n") == []
    assert decoder.feed(b": 2\n") == [WireFault("limit", 48, "idle_events")]


def test_an_event_after_a_limit_is_read() -> None:
    decoder = SSEDecoder(Limits(sse_line=8))
    assert decoder.feed(b"event: e\ndata: too long\nid: 3\n\ndata: x\n\n") == [
        WireFault("limit", 9 + 8, "sse_line"),
        Frame("x", offset=31),
    ]
    assert decoder.dropped == len(b"event: edata: too longid: 3")


def test_heartbeats_in_a_row_are_limited_and_cost_no_event() -> None:
    decoder = SSEDecoder(Limits(idle_events=2))
    found = decoder.feed(b": 1\n\n: 2\n\ndata: x\n\n: 1\nevent: ping\n\n: 3\n: 4\n\ndata: y\n\n")
    assert found == [Frame("x", offset=10), WireFault("limit", 36, "idle_events"), Frame("y", offset=45)]
    assert decoder.heartbeats == 6


MANY_SECONDS = 30
"""Far more than linear work takes here (well under one), far less than quadratic work does."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "size"),
    [
        pytest.param(b"data: " + b"x" * (4 << 20), 16, id="no end of the line"),
        pytest.param(b"data: x\n" * (1 << 19), 1 << 22, id="no end of the event, one chunk"),
        pytest.param(b"data:\n" * 700_000, 1 << 23, id="empty data lines, one chunk"),
        pytest.param(b"event: x" * (1 << 19), 1 << 22, id="nearly a plain event"),
        pytest.param(b"\n" * (4 << 20), 1 << 22, id="blank lines"),
        pytest.param(b"data: {}\n\n" * 400_000, 1 << 22, id="plain events, one chunk"),
        pytest.param(b":\n\ndata: {}\r\n\r\n" * 300_000, 4096, id="heartbeats and CRLF"),
    ],
)
def test_work_is_linear(stream: bytes, size: int) -> None:
    decoder = SSEDecoder(Limits.none())
    began = time.perf_counter()
    for begin in range(0, len(stream), size):
        decoder.feed(stream[begin : begin + size])
    decoder.close()
    assert time.perf_counter() - began < MANY_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", [b"data: x\n", b"data:\n", b"x" * 64, b"id: 1\n", b"x: y\n", b":\n:::::\n", b": x"]
)
def test_memory_is_bounded(line: bytes) -> None:
    """1 MiB without the end of an event: never more than a few times the largest event allowed."""
    limits = Limits(sse_line=1 << 15, sse_event=1 << 16, sse_event_lines=1000)
    decoder = SSEDecoder(limits)
    chunk = line * (4096 // len(line))
    tracemalloc.start()
    try:
        for _ in range(256):
            decoder.feed(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 << 16
    assert decoder.close() == []
