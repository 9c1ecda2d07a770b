"""Amazon event stream encoding, ``application/vnd.amazon.eventstream``: Bedrock's wire.

Source: "Event stream encoding" in the Amazon Transcribe and Amazon Lex guides. All numbers are
big-endian; CRC is CRC-32 as in gzip::

    | total length 4 | headers length 4 | prelude CRC 4 | headers | payload | message CRC 4 |
                       name length 1 | name | type 1 | value ...

The message CRC covers all before it. The prelude's own says whether the lengths can be believed:
with a damaged prelude no later message can be found, with any other damage one message is lost.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import MappingProxyType
from typing import Final
from zlib import crc32

from partialjson.limits import Limits
from partialjson.wire.frame import DEFAULT_LIMITS, Found, Frame, HeaderValue, WireDecoder, WireFault, decode

_PRELUDE: Final = 12
_CRC: Final = 4

_TYPE_HEADER: dict[HeaderValue | None, str] = {
    "event": ":event-type",
    "exception": ":exception-type",
    "error": ":error-code",
}
"""By ``:message-type``, the header that names the type of the message."""


class EventStreamDecoder(WireDecoder):
    """Bytes of ``application/vnd.amazon.eventstream`` to frames, one for each message.

    ``Frame.event`` is the ``:event-type``, for an exception its ``:exception-type`` and for an error
    its ``:error-code``; ``headers[":message-type"]`` tells which. ``Frame.headers`` has the values
    as the wire types them: bool, int (a timestamp in milliseconds since 1970), bytes (a UUID is 16)
    and str. ``Frame.data`` is the payload as text.

    A message longer than ``Limits.sse_event`` is lost (``"limit"``), and one with a wrong CRC or
    broken headers as well (``"bad-frame"``, the message as ``raw``); reading goes on with the next.
    After a prelude with a wrong CRC, or a length no message can have, nothing more is read
    (``"bad-frame"``, the prelude as ``raw``).
    """

    has_bom = False
    _kept = (*WireDecoder._kept, "_total", "_skip")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._total = 0
        """The length of the message whose prelude was read, else 0."""
        self._skip = 0
        """How many of the next bytes belong to nothing."""

    def _read(self, chunk: bytes, found: Found) -> None:
        if self._skip:
            chunk = chunk[self._drop(len(chunk)) :]
        self._held += chunk
        while len(self._held) >= (self._total or _PRELUDE):
            if self._total:
                self._message(found)
            else:
                self._prelude(found)

    def _drop(self, available: int) -> int:
        """Skip what is to be skipped of the next bytes: how many of them."""
        size = min(self._skip, available)
        self._skip -= size
        self._offset += size
        self.dropped += size
        return size

    def _prelude(self, found: Found) -> None:
        prelude = bytes(self._held[:_PRELUDE])
        total, crc = _number(prelude[:4]), _number(prelude[8:])
        if crc32(prelude[:8]) != crc:
            found.append(WireFault("bad-frame", self._offset, "prelude CRC: cannot read on", raw=prelude))
            self._skip = sys.maxsize
        elif total < _PRELUDE + _CRC:
            found.append(WireFault("bad-frame", self._offset, "message length: cannot read on", raw=prelude))
            self._skip = sys.maxsize
        elif total > self._record_limit:
            found.append(WireFault("limit", self._offset + self._record_limit, "sse_event"))
            self._skip = total
        else:
            self._total = total
        del self._held[: self._drop(len(self._held))]

    def _message(self, found: Found) -> None:
        message = bytes(self._held[: self._total])
        del self._held[: self._total]
        self._total = 0
        try:
            headers, payload = _open(message)
        except ValueError as fault:
            found.append(WireFault("bad-frame", self._offset, str(fault), raw=message))
        else:
            start = self._offset + len(message) - _CRC - len(payload)
            data = decode(payload, start, found)
            found.append(Frame(data, _type(headers), "", self._offset, MappingProxyType(headers)))
        self._offset += len(message)

    def _end(self, found: Found) -> None:
        if self._held:
            held = bytes(self._held)
            self._held.clear()
            found.append(
                WireFault("incomplete-event", self._offset, "the stream ended inside a message", raw=held)
            )


class _Cursor:
    """Reads the headers from front to back; ``ValueError`` where they end too soon or are not UTF-8."""

    def __init__(self, block: bytes) -> None:
        self.block = block
        self.at = 0

    def take(self, size: int) -> bytes:
        start = self.at
        self.at += size
        if self.at > len(self.block):
            raise ValueError("headers: one runs past their end")
        return self.block[start : self.at]

    def integer(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big", signed=True)

    def sized(self, size: int) -> bytes:
        """Bytes behind their own number, which takes ``size`` bytes."""
        return self.take(_number(self.take(size)))

    def text(self, size: int) -> str:
        try:
            return self.sized(size).decode()
        except UnicodeDecodeError:
            raise ValueError("headers: not UTF-8") from None


_VALUES: tuple[Callable[[_Cursor], HeaderValue], ...] = (
    lambda _: True,
    lambda _: False,
    lambda cursor: cursor.integer(1),
    lambda cursor: cursor.integer(2),
    lambda cursor: cursor.integer(4),
    lambda cursor: cursor.integer(8),
    lambda cursor: cursor.sized(2),
    lambda cursor: cursor.text(2),
    lambda cursor: cursor.integer(8),
    lambda cursor: cursor.take(16),
)
"""How a header's value is read, by its type: true, false, byte, short, integer, long, byte array,
string, timestamp, UUID."""


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _open(message: bytes) -> tuple[dict[str, HeaderValue], bytes]:
    """The headers and the payload; ``ValueError`` if the message is damaged."""
    body = message[:-_CRC]
    if crc32(body) != _number(message[-_CRC:]):
        raise ValueError("message CRC")
    headers_end = _PRELUDE + _number(message[4:8])
    if headers_end > len(body):
        raise ValueError("headers: longer than the message")
    return _headers(body[_PRELUDE:headers_end]), body[headers_end:]


def _headers(block: bytes) -> dict[str, HeaderValue]:
    headers: dict[str, HeaderValue] = {}
    cursor = _Cursor(block)
    while cursor.at < len(block):
        name = cursor.text(1)
        kind = cursor.take(1)[0]
        if kind >= len(_VALUES):
            raise ValueError("headers: a value of no known type")
        if name in headers:
            raise ValueError("headers: the same name twice")
        headers[name] = _VALUES[kind](cursor)
    return headers


def _type(headers: dict[str, HeaderValue]) -> str:
    """The message's type; ``"message"`` where no header gives it as a string."""
    header = _TYPE_HEADER.get(headers.get(":message-type"))
    name = headers.get(header) if header else None
    return name if isinstance(name, str) else "message"
