"""What every wire gives, and what every decoder does: bytes in, frames and faults out, in order.

A decoder knows where a record begins and ends and how its text is encoded, never what the text
means: this floor reads no JSON. It has no I/O and no clock. Whatever the bytes are, ``feed`` does
not raise; what is wrong with them comes out as a ``WireFault`` among the frames. Frames and faults,
with their offsets, are the same however the bytes are cut.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple, TypeAlias, TypeVar

from partialjson.errors import CheckpointError
from partialjson.limits import Limits

HeaderValue: TypeAlias = bool | int | bytes | str
FaultCode: TypeAlias = Literal["bad-frame", "incomplete-event", "invalid-utf8", "limit"]

NO_HEADERS: Mapping[str, HeaderValue] = MappingProxyType({})
DEFAULT_LIMITS = Limits()

_BOM = b"\xef\xbb\xbf"


class Frame(NamedTuple):
    """One whole record of a wire.

    A tuple, because one is made for each fragment: a frozen dataclass costs twice as much.
    """

    data: str
    """The payload text: JSON, or a word of the provider's such as ``[DONE]``."""
    event: str = "message"
    """The type: SSE's ``event`` field, AWS's ``:event-type``; ``"message"`` where none is given (the
    default of the WHATWG standard)."""
    id: str = ""
    """SSE's last event id, which stays from event to event until the server sends another."""
    offset: int = 0
    """Where the record begins, in bytes from the start of the stream."""
    headers: Mapping[str, HeaderValue] = NO_HEADERS
    """The headers of an AWS message; empty on the other wires."""


@dataclass(frozen=True, slots=True)
class WireFault:
    """Something is wrong with the stream, ``offset`` bytes from its start.

    - ``"invalid-utf8"``: bytes that are not UTF-8, from ``offset`` on; U+FFFD stands for them in
      the text that follows.
    - ``"limit"``: the record that was being read passed the limit named in ``detail`` with the byte
      (line, heartbeat) at ``offset``, and is lost; reading goes on behind it.
    - ``"bad-frame"``: not a record of this wire, or a damaged one.
    - ``"incomplete-event"``: the stream ended inside the record that begins at ``offset``.
    """

    code: FaultCode
    offset: int
    detail: str
    """A name of a field of ``Limits`` for ``"limit"``, else a sentence; it never quotes the input."""
    data: str = ""
    """The text of the record as far as it was read: what ``Frame.data`` would have been."""
    event: str = "message"
    """The type of the record as far as it was read."""
    raw: bytes = b""
    """Bytes of the record of which ``data`` and ``event`` tell nothing."""


Found: TypeAlias = list[Frame | WireFault]
Decoder = TypeVar("Decoder", bound="WireDecoder")


class WireDecoder(ABC):
    """The half that the decoders share: the end of input, the byte order mark, what is held."""

    has_bom: ClassVar[bool] = True
    _kept: ClassVar[tuple[str, ...]] = ("dropped", "_at_start", "_closed", "_offset", "_start", "_held")
    """The attributes that a checkpoint keeps."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.dropped = 0
        """Bytes lost so far with records that passed a limit, or after the wire could not be read on."""
        self._record_limit = bound(limits.sse_event)
        self._at_start = self.has_bom
        self._closed = False
        self._offset = 0
        """How far the stream has been read."""
        self._start = 0
        """Where the record that is being read begins."""
        self._held = bytearray()

    def feed(self, data: bytes | bytearray | memoryview) -> Found:
        """What ``data`` completes: frames, and the faults met on the way, in the order of the stream.

        Raises ``TypeError`` when given anything but bytes, and ``ValueError`` after ``close``.
        """
        if self._closed:
            raise ValueError("feed() after close()")
        chunk = data if type(data) is bytes else bytes(memoryview(data))
        found: Found = []
        if self._at_start:
            chunk = self._without_bom(chunk)
        if chunk:
            self._read(chunk, found)
        return found

    def close(self) -> Found:
        """The end of the stream: what it completes, or leaves unfinished. A second call gives ``[]``."""
        found: Found = []
        if not self._closed:
            self._closed = True
            if self._at_start and self._held:
                head, self._held = bytes(self._held), bytearray()
                self._read(head, found)
            self._end(found)
        return found

    @property
    def pending(self) -> int:
        """Bytes held of a record that is not finished."""
        return len(self._held)

    def checkpoint(self) -> dict[str, object]:
        """What ``restore`` needs to go on from here, as plain JSON data."""
        return {name: _to_json(getattr(self, name)) for name in self._kept}

    @classmethod
    def restore(cls: type[Decoder], data: object, limits: Limits = DEFAULT_LIMITS) -> Decoder:
        """A decoder that goes on where ``checkpoint`` was taken. Raises ``CheckpointError``."""
        decoder = cls(limits)
        if not isinstance(data, dict) or data.keys() != set(cls._kept):
            raise CheckpointError(f"not a checkpoint of {cls.__name__}")
        for name in cls._kept:
            setattr(decoder, name, _from_json(name, data[name], like=getattr(decoder, name)))
        return decoder

    @abstractmethod
    def _read(self, chunk: bytes, found: Found) -> None:
        """Take the bytes (never none) from ``_offset`` on."""

    @abstractmethod
    def _end(self, found: Found) -> None:
        """No more bytes will come."""

    def _without_bom(self, chunk: bytes) -> bytes:
        """The chunk behind a byte order mark, which may come byte by byte; empty until that is known."""
        head = bytes(self._held) + chunk
        if len(head) < len(_BOM) and _BOM.startswith(head):
            self._held[:] = head
            return b""
        self._held.clear()
        self._at_start = False
        if not head.startswith(_BOM):
            return head
        self._offset = self._start = len(_BOM)
        return head[len(_BOM) :]


class RecordDecoder(WireDecoder):
    """The half that NDJSON and the JSON array share: one record of text, held up to the limit."""

    _kept = (*WireDecoder._kept, "_too_long")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._too_long = False

    def _hold(self, part: bytes, found: Found) -> None:
        """More of the record that began at ``_start``; too much of it, and all of it is dropped."""
        if self._too_long:
            self.dropped += len(part)
            return
        self._held += part
        if len(self._held) > self._record_limit:
            found.append(WireFault("limit", self._start + self._record_limit, "sse_event"))
            self._too_long = True
            self.dropped += len(self._held)
            self._held.clear()

    def _take(self) -> bytes:
        """The whole record, or nothing if it was dropped; the next one may begin."""
        record = bytes(self._held)
        self._held.clear()
        self._too_long = False
        return record


def bound(limit: int | None) -> int:
    """The limit as a number to compare with."""
    return sys.maxsize if limit is None else limit


def decode(raw: bytes, offset: int, found: Found) -> str:
    """UTF-8 with U+FFFD for what is not (WHATWG Encoding, "UTF-8 decode"), and a fault that says where."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        found.append(WireFault("invalid-utf8", offset + error.start, error.reason))
        return raw.decode(errors="replace")


def _to_json(value: object) -> object:
    if isinstance(value, bytearray):
        return value.decode("latin-1")
    return list(value) if isinstance(value, list) else value


def _from_json(name: str, value: object, *, like: object) -> object:
    """The value of an attribute; ``CheckpointError`` unless it is of the type it has in a new decoder."""
    if isinstance(like, bytearray) and isinstance(value, str):
        try:
            return bytearray(value, "latin-1")
        except UnicodeEncodeError:
            raise CheckpointError(f"{name}: not bytes") from None
    wanted = [int, type(None)] if like is None else [type(like)]
    if type(value) not in wanted:
        raise CheckpointError(f"{name}: a {type(value).__name__} has no business there")
    if isinstance(value, list):
        if not all(isinstance(item, str) for item in value):
            raise CheckpointError(f"{name}: not a list of strings")
        return list(value)
    return value
