"""Server-sent events: the WHATWG algorithm (html.spec.whatwg.org, 9.2.5 and 9.2.6), with limits.

Two ways through the same grammar. ``_PLAIN`` and ``_PLAIN_CRLF`` match an event as providers write
nearly all of theirs (an ``event`` line or none, one ``data`` line) in one step; whatever else the
standard allows goes line by line. So does a chunk that begins or ends inside an event, there, and
what is held of an unfinished line is not searched again.

Not in the standard: limits, faults, and word of an event that the end of the stream cut off.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from partialjson.limits import Limits
from partialjson.wire.frame import (
    DEFAULT_LIMITS,
    FaultCode,
    Found,
    Frame,
    WireDecoder,
    WireFault,
    bound,
    decode,
)

_CR = 0x0D
_PLAIN = re.compile(rb"(?:event: (.*)\n)?data: (.*)\n\n")
_PLAIN_CRLF = re.compile(rb"(?:event: (.*)\r\n)?data: (.*)\r\n\r\n")
_PLAIN_LINES = 2

# A reconnection time of more digits is no time, and int() refuses 4,300 of them.
_RETRY_DIGITS = 18


class SSEDecoder(WireDecoder):
    """Bytes of a ``text/event-stream`` to frames; always UTF-8, whatever the headers say.

    A line longer than ``Limits.sse_line``, an event whose fields (names and values, not the line
    ends; comments are free) are longer than ``Limits.sse_event`` or more than
    ``Limits.sse_event_lines`` is lost as a whole: one ``"limit"`` fault, and the next frame is the
    event after the next blank line. More than ``Limits.idle_events`` heartbeats in a row are one
    ``"limit"`` fault and lose nothing.

    At the end of the stream the standard drops an event without its blank line. So do we, and say
    so: the ``"incomplete-event"`` fault has the ``data`` and ``event`` it would have had, its last
    line counted as whole. An event that has no data but lines that are no field of the standard (the
    JSON or HTML of an error, say) is a ``"bad-frame"`` fault. Such lines are the ``raw`` of both.
    """

    _kept = (
        *WireDecoder._kept,
        *("heartbeats", "retry", "_between", "_after_cr", "_skipping", "_idle"),
        *("_last_id", "_size", "_lines", "_type", "_data", "_other"),
    )

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self.heartbeats = 0
        """Comment lines and events without data so far: what comes off the wire and is no frame."""
        self.retry: int | None = None
        """The reconnection time that the server asked for last, in milliseconds."""
        self._line_limit = bound(limits.sse_line)
        self._lines_limit = bound(limits.sse_event_lines)
        self._idle_limit = bound(limits.idle_events)
        self._plain_limit = min(self._line_limit, self._record_limit)
        if self._lines_limit < _PLAIN_LINES:
            self._plain_limit = 0
        self._between = True
        self._after_cr = False
        self._skipping = False
        self._idle = 0
        self._last_id = ""
        # The event being read:
        self._size = 0
        self._lines = 0
        self._type = ""
        self._data: list[str] = []
        self._other = bytearray()

    @property
    def pending(self) -> int:
        """Bytes held of an event that is not finished."""
        return self._size + len(self._held)

    def _read(self, chunk: bytes, found: Found) -> None:
        if self._between:
            chunk = self._read_plain(chunk, found)
        if chunk:
            self._read_lines(chunk, found)
            self._between = not (self._size or self._held or self._skipping or self._after_cr)

    def _read_plain(self, chunk: bytes, found: Found) -> bytes:
        """Read whole plain events; what is left begins with something else."""
        has_cr = _CR in chunk
        match = _PLAIN_CRLF.match if has_cr else _PLAIN.match
        size = len(chunk)
        begin = 0
        while begin < size and (event := match(chunk, begin)):
            name, data = event.groups()
            end = event.end()
            if end - begin > self._plain_limit:
                break
            if has_cr and (_CR in data or (name and _CR in name)):
                break
            try:
                kind = name.decode() if name else "message"
                frame = Frame(data.decode(), kind, self._last_id, self._offset + begin)
            except UnicodeDecodeError:
                break
            found.append(frame)
            self._idle = 0
            begin = end
        self._offset += begin
        return chunk[begin:]

    def _read_lines(self, chunk: bytes, found: Found) -> None:
        if self._after_cr and chunk.startswith(b"\n"):  # the second half of a CRLF
            self._offset += 1
            chunk = chunk[1:]
        # bytes.splitlines, unlike str.splitlines, knows CR, LF and CRLF alone. A CR at the end of a
        # chunk ends the line at once; waiting for its LF would stall a stream of CRs.
        lines = chunk.splitlines(keepends=True)
        self._after_cr = chunk.endswith(b"\r")
        tail = lines.pop() if lines and not lines[-1].endswith((b"\r", b"\n")) else b""
        for ended in lines:
            line = ended.rstrip(b"\r\n")
            if self._skipping:
                self.dropped += len(line)
            start = self._offset
            self._offset += len(ended)
            if self._held:
                start -= len(self._held)
                line = bytes(self._held) + line
                self._held.clear()
            if not line:
                self._blank(found)
            elif not self._skipping:
                self._line(line, start, found)
        if tail:
            self._hold(tail, found)

    def _hold(self, tail: bytes, found: Found) -> None:
        """Keep the beginning of a line; of a skipped line one byte, so that it is not taken for blank."""
        if self._skipping:
            self.dropped += len(tail)
            self._held[:] = b"-"
        else:
            start = self._offset - len(self._held)
            self._held += tail
            if not self._fits(self._held, start, found):
                self._held[:] = b"-"
        self._offset += len(tail)

    def _blank(self, found: Found) -> None:
        """A blank line: dispatch the event, unless it has no data."""
        if self._data:
            found.append(Frame("\n".join(self._data), self._type or "message", self._last_id, self._start))
            self._idle = 0
        elif self._other:
            found.append(self._fault("bad-frame", "not an event"))
        elif self._size:
            self._heartbeat(self._start, found)
        self._forget()

    def _forget(self) -> None:
        self._skipping = False
        self._size = self._lines = 0
        self._type = ""
        self._data.clear()
        self._other.clear()

    def _fault(self, code: FaultCode, detail: str) -> WireFault:
        data = "\n".join(self._data)
        return WireFault(code, self._start, detail, data, self._type or "message", bytes(self._other[:-1]))

    def _fits(self, line: bytes | bytearray, start: int, found: Found) -> bool:
        """Whether the line, so far, is within the limits; if not, its event is lost."""
        limit, room = "sse_line", self._line_limit
        if not line.startswith(b":") and self._record_limit - self._size < room:
            limit, room = "sse_event", self._record_limit - self._size
        if len(line) > room:
            self._give_up(limit, start + room, len(line), found)
        return len(line) <= room

    def _give_up(self, limit: str, offset: int, line_size: int, found: Found) -> None:
        found.append(WireFault("limit", offset, limit))
        self.dropped += self._size + line_size
        self._forget()
        self._skipping = True

    def _line(self, line: bytes, start: int, found: Found) -> None:
        """A whole line that is not blank."""
        if not self._fits(line, start, found):
            return
        if line.startswith(b":"):
            self._heartbeat(start, found)
            return
        if self._lines == self._lines_limit:
            self._give_up("sse_event_lines", start, len(line), found)
            return
        if not self._lines:
            self._start = start
        self._lines += 1
        self._size += len(line)
        name, _, value = line.partition(b":")
        if value.startswith(b" "):
            value = value[1:]
        if name in _FIELDS:
            _FIELDS[name](self, value, start + len(line) - len(value), found)
        else:
            self._other += line + b"\n"

    def _heartbeat(self, offset: int, found: Found) -> None:
        self.heartbeats += 1
        self._idle += 1
        if self._idle == self._idle_limit + 1:
            found.append(WireFault("limit", offset, "idle_events"))

    def _on_data(self, value: bytes, offset: int, found: Found) -> None:
        self._data.append(decode(value, offset, found))

    def _on_event(self, value: bytes, offset: int, found: Found) -> None:
        self._type = decode(value, offset, found)

    def _on_id(self, value: bytes, offset: int, found: Found) -> None:
        if b"\0" not in value:
            self._last_id = decode(value, offset, found)

    def _on_retry(self, value: bytes, _offset: int, _found: Found) -> None:
        if value.isdigit() and len(value) <= _RETRY_DIGITS:
            self.retry = int(value)

    def _end(self, found: Found) -> None:
        line = bytes(self._held)
        self._held.clear()
        if line and not self._skipping:
            self._line(line, self._offset - len(line), found)
        if self._size:
            found.append(self._fault("incomplete-event", "the stream ended before the event's blank line"))
            self._forget()


_FIELDS: dict[bytes, Callable[[SSEDecoder, bytes, int, Found], None]] = {
    b"data": SSEDecoder._on_data,
    b"event": SSEDecoder._on_event,
    b"id": SSEDecoder._on_id,
    b"retry": SSEDecoder._on_retry,
}
"""The four fields of the standard; any other name is ignored."""
