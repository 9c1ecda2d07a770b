"""The wires: bytes in, frames out. One module per framing, no I/O, nothing but the standard library."""

from __future__ import annotations

from partialjson.wire.eventstream import EventStreamDecoder
from partialjson.wire.frame import FaultCode, Frame, HeaderValue, WireDecoder, WireFault
from partialjson.wire.jsonarray import JSONArrayDecoder
from partialjson.wire.ndjson import NDJSONDecoder
from partialjson.wire.sse import SSEDecoder

__all__ = [
    "EventStreamDecoder",
    "FaultCode",
    "Frame",
    "HeaderValue",
    "JSONArrayDecoder",
    "NDJSONDecoder",
    "SSEDecoder",
    "WireDecoder",
    "WireFault",
]
