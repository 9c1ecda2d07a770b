"""Recorded provider streams, from the directory named by PARTIALJSON_STREAMS.

Every body comes apart into frames that are JSON (or ``[DONE]``), without a fault, and the same for
any cut. The bodies for which that is not so stand in ``data/wire/recorded.json``, with the reason.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from partialjson.wire import (
    EventStreamDecoder,
    Frame,
    JSONArrayDecoder,
    NDJSONDecoder,
    SSEDecoder,
    WireDecoder,
    WireFault,
)

STREAMS = os.environ.get("PARTIALJSON_STREAMS")
pytestmark = pytest.mark.skipif(not STREAMS, reason="PARTIALJSON_STREAMS names no directory")

EXCEPTIONS = json.loads((Path(__file__).parent / "data" / "wire" / "recorded.json").read_text("utf-8"))

WIRES: dict[str, type[WireDecoder]] = {
    ".sse": SSEDecoder,
    ".jsonl": NDJSONDecoder,
    ".json": JSONArrayDecoder,
    ".eventstream": EventStreamDecoder,
}


def rows(name: str) -> dict[str, dict[str, Any]]:
    path = Path(STREAMS or "") / name
    lines = path.read_text("utf-8").splitlines() if STREAMS and path.exists() else []
    return {row["file"]: row for row in map(json.loads, lines)}


INDEX = rows("index.jsonl")
NETWORK = rows("netchunks.jsonl")


def body(file: str) -> bytes:
    return (Path(STREAMS or "") / "bodies" / file).read_bytes()


def run(file: str, chunks: Iterable[bytes]) -> list[Frame | WireFault]:
    decoder = WIRES[Path(file).suffix]()
    found = [it for chunk in chunks for it in decoder.feed(chunk)]
    return found + decoder.close()


def cut(stream: bytes, lengths: Iterable[int]) -> Iterator[bytes]:
    at = 0
    for length in lengths:
        yield stream[at : at + length]
        at += length
    yield stream[at:]


def is_payload(data: str) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return data == "[DONE]"
    return True


@pytest.mark.parametrize("file", sorted(INDEX))
def test_a_recorded_stream(file: str) -> None:
    stream = body(file)
    found = run(file, [stream])
    frames = [it for it in found if isinstance(it, Frame)]
    broken = [frame for frame in frames if not is_payload(frame.data)]
    exception = EXCEPTIONS.get(file)
    if exception is None:
        assert not broken
        assert len(frames) == len(found), "no faults"
        assert len(frames) == INDEX[file]["n_events"]
    else:
        assert [it.code for it in found if isinstance(it, WireFault)] == exception["faults"]
        assert len(broken) == exception["frames that are not JSON"]

    lengths = random.Random(file)
    assert run(file, cut(stream, [1] * len(stream))) == found
    assert run(file, cut(stream, (lengths.randint(1, 40) for _ in range(len(stream))))) == found
    assert run(file, cut(stream, (lengths.randint(1, 2000) for _ in range(len(stream))))) == found
    if file in NETWORK:
        assert run(file, cut(stream, NETWORK[file]["lengths"])) == found


def test_the_exceptions_are_few() -> None:
    assert len(EXCEPTIONS) <= len(INDEX) * 0.05
    assert EXCEPTIONS.keys() <= INDEX.keys()
