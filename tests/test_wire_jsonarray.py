"""A streamed JSON array: known by construction, and against a scan byte by byte, for any cut."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partialjson.errors import CheckpointError
from partialjson.limits import Limits
from partialjson.wire import Frame, JSONArrayDecoder, WireFault

CASES = json.loads((Path(__file__).parent / "data" / "wire" / "jsonarray.json").read_text("utf-8"))

SEPARATORS = b" \t\r\n,"


class Reference:
    """Byte by byte: what stands between the separators and brackets of the array."""

    def __init__(self, stream: bytes, limit: int | None) -> None:
        self.limit = limit
        self.cut = False
        self.found: list[Frame | WireFault] = []
        at = 3 if stream.startswith(b"\xef\xbb\xbf") else 0
        in_array = False
        while at < len(stream):
            byte = stream[at : at + 1]
            if byte in SEPARATORS:
                at += 1
            elif byte == b"{":
                end = self.end_of_object(stream, at)
                self.record("object" if end else "incomplete", stream[at : end or len(stream)], at)
                at = end or len(stream)
            elif byte == (b"]" if in_array else b"["):
                in_array = not in_array
                at += 1
            else:
                enders = b"{]" if in_array else b"{["
                end = at
                while end < len(stream) and stream[end] not in enders:
                    end += 1
                self.record("stray", stream[at:end], at)
                at = end
        if in_array and not self.cut:
            self.found.append(WireFault("incomplete-event", len(stream), ""))

    @staticmethod
    def end_of_object(stream: bytes, at: int) -> int | None:
        depth, in_string, escaped = 0, False, False
        for end in range(at, len(stream)):
            byte = stream[end : end + 1]
            if escaped:
                escaped = False
            elif in_string:
                escaped = byte == b"\\"
                in_string = byte != b'"'
            elif byte == b'"':
                in_string = True
            elif byte in (b"{", b"["):
                depth += 1
            elif byte in (b"}", b"]"):
                depth -= 1
                if depth == 0:
                    return end + 1
        return None

    def record(self, what: str, raw: bytes, start: int) -> None:
        if self.limit is not None and len(raw) > self.limit:
            self.found.append(WireFault("limit", start + self.limit, "sse_event"))
            return
        if what == "stray":
            raw = raw.rstrip(SEPARATORS)
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            self.found.append(WireFault("invalid-utf8", start + error.start, ""))
            text = raw.decode(errors="replace")
        if what == "object":
            self.found.append(Frame(text, offset=start))
        elif what == "stray":
            self.found.append(WireFault("bad-frame", start, "", text))
        else:
            self.found.append(WireFault("incomplete-event", start, "", text))
            self.cut = True


def run(
    chunks: Iterable[bytes], limits: Limits | None = None, *, handed_on: bool = False
) -> list[Frame | WireFault]:
    """The frames and faults, the latter without their sentences."""
    limits = limits or Limits()
    decoder = JSONArrayDecoder(limits)
    found: list[Frame | WireFault] = []
    for chunk in chunks:
        found += decoder.feed(chunk)
        if handed_on:
            decoder = JSONArrayDecoder.restore(json.loads(json.dumps(decoder.checkpoint())), limits)
    found += decoder.close()
    return [
        WireFault(it.code, it.offset, it.detail if it.code == "limit" else "", it.data)
        if isinstance(it, WireFault)
        else it
        for it in found
    ]


def pieces(stream: bytes, cuts: Iterable[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[begin:end] for begin, end in itertools.pairwise(bounds)]


cuttings = st.lists(st.integers(0, 500), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(), json_values, max_size=3)
separators = st.sampled_from(["", " ", "\n,\n", ",\r\n", ",", "\t, "])


@given(st.lists(st.tuples(objects, separators)), st.booleans(), st.booleans(), cuttings)
@example([({'a"\\': "}{]["}, "\n,\n")], True, False, [])
def test_the_objects_of_an_array(
    elements: list[tuple[dict[str, object], str]], in_array: bool, indented: bool, cuts: list[int]
) -> None:
    stream = b"[" if in_array else b""
    wanted = []
    for value, separator in elements:
        text = json.dumps(value, ensure_ascii=False, indent=2 if indented else None)
        text = text.encode("utf-8", "replace").decode()  # lone surrogates cannot be sent
        wanted.append(Frame(text, offset=len(stream)))
        stream += (text + separator).encode()
    stream += b"]" if in_array else b""
    assert run([stream]) == wanted
    assert run(pieces(stream, cuts)) == wanted


TOKENS = [
    *(b"[", b"]", b"{", b"}", b'"', b"\\", b",", b"\n", b" ", b"x", b"null", b"{}", b'{"a":[1]}', b"[{}"),
    *("é".encode(), b"\xef\xbb\xbf", b"\xff", b"\xf0\x9f", b"<html>"),
]


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map(b"".join), cuttings, st.none() | st.integers(0, 9))
def test_any_bytes_in_any_cut(stream: bytes, cuts: list[int], size: int | None) -> None:
    limits = Limits(sse_event=size)
    wanted = Reference(stream, size).found
    assert run([stream], limits) == wanted
    assert run(pieces(stream, cuts), limits) == wanted
    assert run(pieces(stream, cuts), limits, handed_on=True) == wanted
    assert run((stream[i : i + 1] for i in range(len(stream))), limits) == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any]) -> None:
    stream = case["stream"].encode()
    wanted = [WireFault(detail="", **it) if "code" in it else Frame(**it) for it in case["found"]]
    assert run([stream]) == wanted
    assert run(stream[i : i + 1] for i in range(len(stream))) == wanted


def test_an_object_is_given_when_it_closes() -> None:
    decoder = JSONArrayDecoder()
    assert decoder.feed(b'[{"a": "}') == []
    assert decoder.pending == 8
    assert decoder.feed(b'"}') == [Frame('{"a": "}"}', offset=1)]
    assert decoder.pending == 0


def test_an_object_that_is_too_long_is_not_held() -> None:
    decoder = JSONArrayDecoder(Limits(sse_event=4))
    assert decoder.feed(b'[{"a":') == [WireFault("limit", 5, "sse_event")]
    assert decoder.pending == 0
    assert decoder.feed(b"[{}]},{}]") == [Frame("{}", offset=12)]
    assert decoder.dropped == len('{"a":[{}]}')


def test_a_checkpoint_with_an_unknown_state_is_refused() -> None:
    data = JSONArrayDecoder().checkpoint()
    with pytest.raises(CheckpointError):
        JSONArrayDecoder.restore(data | {"_state": "elsewhere"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "size"),
    [
        pytest.param(b'[{"a": "' + b"x" * (4 << 20), 16, id="no end of the string"),
        pytest.param(b"[" + b"{}," * (1 << 18), 1 << 22, id="short objects, one chunk"),
        pytest.param(b'{"' + b"\\n" * (1 << 19), 1 << 22, id="escapes, one chunk"),
        pytest.param(b"{" * (1 << 19), 4096, id="depth"),
        pytest.param(b"x{}" * (1 << 17), 1 << 22, id="stray text"),
    ],
)
def test_work_is_linear(stream: bytes, size: int) -> None:
    decoder = JSONArrayDecoder(Limits.none())
    began = time.perf_counter()
    for begin in range(0, len(stream), size):
        decoder.feed(stream[begin : begin + size])
    decoder.close()
    assert time.perf_counter() - began < 30, "linear work takes about a second, quadratic work minutes"
