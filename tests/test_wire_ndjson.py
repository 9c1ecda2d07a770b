"""Newline-delimited JSON against ``bytes.split``, for any cut."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partialjson.limits import Limits
from partialjson.wire import Frame, NDJSONDecoder, WireFault


def reference(stream: bytes, limit: int | None) -> list[Frame | WireFault]:
    found: list[Frame | WireFault] = []
    start = 0
    if stream.startswith(b"\xef\xbb\xbf"):
        start = 3
    for line in stream[start:].split(b"\n"):
        if limit is not None and len(line) > limit:
            found.append(WireFault("limit", start + limit, "sse_event"))
        else:
            text = line.removesuffix(b"\r")
            if set(text) - set(b" \t\r"):
                found += read(text, start)
        start += len(line) + 1
    return found


def read(text: bytes, start: int) -> list[Frame | WireFault]:
    frame = Frame(text.decode(errors="replace"), offset=start)
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return [WireFault("invalid-utf8", start + error.start, error.reason), frame]
    return [frame]


def run(chunks: Iterable[bytes], limits: Limits, *, handed_on: bool = False) -> list[Frame | WireFault]:
    decoder = NDJSONDecoder(limits)
    found: list[Frame | WireFault] = []
    for chunk in chunks:
        found += decoder.feed(chunk)
        if handed_on:
            decoder = NDJSONDecoder.restore(json.loads(json.dumps(decoder.checkpoint())), limits)
    return found + decoder.close()


def pieces(stream: bytes, cuts: Iterable[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[begin:end] for begin, end in itertools.pairwise(bounds)]


TOKENS = [
    *(b"\n", b"\r\n", b"\r", b" ", b"\t", b"{}", b'{"a": 1}', b"x", b"\xef\xbb\xbf", b"\xff", b"\xf0\x9f"),
    *(b"\x0b", b"\x0c", "é".encode(), "\u2028".encode(), "\u0085".encode()),
]
streams = st.lists(st.sampled_from(TOKENS), max_size=20).map(b"".join)
sizes = st.none() | st.integers(0, 12)


@given(streams, st.lists(st.integers(0, 100), max_size=6), sizes)
@example(b"\xef\xbb\xbf", [1], 0)
def test_any_cut_gives_the_lines(stream: bytes, cuts: list[int], size: int | None) -> None:
    limits = Limits(sse_event=size)
    wanted = reference(stream, size)
    assert run([stream], limits) == wanted
    assert run(pieces(stream, cuts), limits) == wanted
    assert run(pieces(stream, cuts), limits, handed_on=True) == wanted
    assert run((stream[i : i + 1] for i in range(len(stream))), limits) == wanted


def test_a_line_is_given_when_its_end_comes() -> None:
    decoder = NDJSONDecoder()
    assert decoder.feed(b'{"done": false}\r\n{"do') == [Frame('{"done": false}')]
    assert decoder.pending == 4
    assert decoder.feed(b'ne": true}\n') == [Frame('{"done": true}', offset=17)]
    assert decoder.pending == 0


def test_the_last_line_needs_no_end() -> None:
    decoder = NDJSONDecoder()
    assert decoder.feed(b"{}\n[]") == [Frame("{}")]
    assert decoder.close() == [Frame("[]", offset=3)]
    assert decoder.close() == []


def test_a_line_that_is_too_long_is_not_held() -> None:
    decoder = NDJSONDecoder(Limits(sse_event=4))
    assert decoder.feed(b"12345") == [WireFault("limit", 4, "sse_event")]
    assert decoder.pending == 0
    assert decoder.feed(b"6789\n{}\n") == [Frame("{}", offset=10)]
    assert decoder.dropped == 9


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "size"),
    [
        pytest.param(b"x" * (4 << 20), 16, id="no end of the line"),
        pytest.param(b"{}\n" * (1 << 18), 1 << 22, id="short lines, one chunk"),
        pytest.param(b"\n" * (1 << 20), 1 << 22, id="blank lines, one chunk"),
    ],
)
def test_work_is_linear(stream: bytes, size: int) -> None:
    decoder = NDJSONDecoder(Limits.none())
    began = time.perf_counter()
    for begin in range(0, len(stream), size):
        decoder.feed(stream[begin : begin + size])
    decoder.close()
    assert time.perf_counter() - began < 30, "linear work takes about a second, quadratic work minutes"
