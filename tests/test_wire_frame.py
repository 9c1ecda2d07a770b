"""What holds for every wire: the end, what may be fed, checkpoints, the nouns."""

from __future__ import annotations

import json

import pytest

from partialjson.errors import CheckpointError
from partialjson.limits import Limits
from partialjson.wire import (
    EventStreamDecoder,
    Frame,
    JSONArrayDecoder,
    NDJSONDecoder,
    SSEDecoder,
    WireDecoder,
    WireFault,
)

every_wire = pytest.mark.parametrize(
    "wire", [SSEDecoder, NDJSONDecoder, JSONArrayDecoder, EventStreamDecoder]
)


@every_wire
def test_bytes_in_any_form(wire: type[WireDecoder]) -> None:
    stream = b"data: {}\n\n{}\n"
    wanted = wire().feed(stream)
    assert wire().feed(bytearray(stream)) == wanted
    assert wire().feed(memoryview(stream)) == wanted
    assert wire().feed(memoryview(b"_".join(stream[i : i + 1] for i in range(len(stream))))[::2]) == wanted


@every_wire
@pytest.mark.parametrize("data", ["data: {}\n\n", 5, None, [1, 2]])
def test_anything_else_is_refused(wire: type[WireDecoder], data: object) -> None:
    with pytest.raises(TypeError):
        wire().feed(data)  # type: ignore[arg-type]


@every_wire
def test_what_is_fed_may_be_changed_later(wire: type[WireDecoder]) -> None:
    data = bytearray(b"data: {")
    decoder, other = wire(), wire()
    decoder.feed(data)
    data[:] = b"1234567"
    other.feed(b"data: {")
    assert decoder.close() == other.close()


@every_wire
def test_an_empty_chunk_is_not_the_end(wire: type[WireDecoder]) -> None:
    decoder = wire()
    assert decoder.feed(b"") == []
    decoder.feed(b"{")
    held = decoder.pending
    assert decoder.feed(b"") == []
    assert decoder.pending == held == 1


@every_wire
def test_the_end_comes_once(wire: type[WireDecoder]) -> None:
    decoder = wire()
    decoder.feed(b"{")
    assert len(decoder.close()) == 1
    assert decoder.close() == []
    with pytest.raises(ValueError, match="after close"):
        decoder.feed(b"}")


@every_wire
def test_nothing_was_fed(wire: type[WireDecoder]) -> None:
    decoder = wire()
    assert decoder.close() == []
    assert decoder.pending == decoder.dropped == 0


@every_wire
def test_no_limits_at_all(wire: type[WireDecoder]) -> None:
    assert wire(Limits.none()).feed(b"{}\n" * 1000) == wire().feed(b"{}\n" * 1000)


@every_wire
def test_a_closed_decoder_stays_closed_when_restored(wire: type[WireDecoder]) -> None:
    decoder = wire()
    decoder.close()
    with pytest.raises(ValueError, match="after close"):
        wire.restore(decoder.checkpoint()).feed(b"")


@every_wire
def test_a_checkpoint_shares_nothing(wire: type[WireDecoder]) -> None:
    decoder = wire()
    decoder.feed(b"data: a\n")
    data = decoder.checkpoint()
    before = json.dumps(data)
    decoder.feed(b"data: b\n")
    wire.restore(data).feed(b"data: c\n")
    assert json.dumps(data) == before


@every_wire
@pytest.mark.parametrize("data", [None, [], {}, {"_held": ""}, "{}"])
def test_what_is_no_checkpoint_is_refused(wire: type[WireDecoder], data: object) -> None:
    with pytest.raises(CheckpointError):
        wire.restore(data)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("_offset", "0"),
        ("_offset", True),
        ("_offset", None),
        ("_closed", 0),
        ("_held", 5),
        ("_held", "€"),
        ("_data", "a"),
        ("_data", ["a", 1]),
        ("retry", "7"),
    ],
)
def test_a_damaged_checkpoint_is_refused(name: str, wrong: object) -> None:
    good = SSEDecoder().checkpoint()
    SSEDecoder.restore(good)
    with pytest.raises(CheckpointError, match=name):
        SSEDecoder.restore(good | {name: wrong})


def test_a_frame_is_the_payload_and_where_it_came_from() -> None:
    frame = Frame("{}")
    assert (frame.event, frame.id, frame.offset, frame.headers) == ("message", "", 0, {})
    with pytest.raises(TypeError):
        frame.headers["a"] = 1  # type: ignore[index]


def test_faults_of_equal_parts_are_equal() -> None:
    assert WireFault("limit", 3, "sse_line") == WireFault("limit", 3, "sse_line")
