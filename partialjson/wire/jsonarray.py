"""A JSON array that comes object by object: Google's ``streamGenerateContent`` without ``alt=sse``.

::

    [{"candidates": ...}
    ,
    {"candidates": ...}
    ]

Only brackets and strings are looked at, to find where each object ends; whether it is good JSON is
not asked. A state is a search for what matters next in it, so that the bytes between are passed over
in C.
"""

from __future__ import annotations

import re

from partialjson.errors import CheckpointError
from partialjson.limits import Limits
from partialjson.wire.frame import DEFAULT_LIMITS, Found, Frame, RecordDecoder, WireFault, decode

_SEPARATORS = b" \t\r\n,"
_SEARCH = {
    "between": re.compile(rb"[^ \t\r\n,]").search,
    "object": re.compile(rb'"[^"\\]*"|["{}\[\]]').search,  # a whole string is one step
    "string": re.compile(rb'["\\]').search,
    "escape": re.compile(rb"(?s:.)").search,
    "stray": re.compile(rb"[{\[]").search,
    "stray in array": re.compile(rb"[{\]]").search,
}
_NESTING = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


class JSONArrayDecoder(RecordDecoder):
    """Bytes of a streamed JSON array to frames, one for each object in it.

    Objects that follow each other without an array are taken too, and commas are not checked.
    Anything else between the objects is a ``"bad-frame"`` fault with its text as ``data``, one for
    each stretch. An object (or stretch) longer than ``Limits.sse_event`` is lost: one ``"limit"``
    fault, and the next frame is the next object. At the end of the stream, an unfinished object or
    an array without its ``]`` is an ``"incomplete-event"`` fault.
    """

    _kept = (*RecordDecoder._kept, "_state", "_depth", "_in_array")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._state = "between"
        self._depth = 0
        self._in_array = False

    @classmethod
    def restore(cls, data: object, limits: Limits = DEFAULT_LIMITS) -> JSONArrayDecoder:
        """A decoder that goes on where ``checkpoint`` was taken. Raises ``CheckpointError``."""
        decoder = super().restore(data, limits)
        if decoder._state not in _SEARCH:
            raise CheckpointError("_state: not one of the states")
        return decoder

    def _read(self, chunk: bytes, found: Found) -> None:
        begin = at = 0
        while match := _SEARCH[self._state](chunk, at):
            at = match.end()
            token = match[0]
            if self._state == "object":
                if token in _NESTING:
                    self._depth += _NESTING[token]
                    if not self._depth:
                        self._hold(chunk[begin:at], found)
                        self._object(found)
                elif token == b'"':
                    self._state = "string"
            elif self._state == "string":
                self._state = "object" if token == b'"' else "escape"
            elif self._state == "escape":
                self._state = "string"
            elif self._state == "between":
                begin = at - 1
                self._start = self._offset + begin
                self._state = self._open(token)
            else:
                at -= 1
                self._hold(chunk[begin:at], found)
                self._stray(found)
        if self._state != "between":
            self._hold(chunk[begin:], found)
        self._offset += len(chunk)

    def _open(self, byte: bytes) -> str:
        """The state after the first byte that is no separator."""
        if byte == b"{":
            self._depth = 1
            return "object"
        if byte == (b"]" if self._in_array else b"["):
            self._in_array = not self._in_array
            return "between"
        return "stray in array" if self._in_array else "stray"

    def _object(self, found: Found) -> None:
        self._state = "between"
        if record := self._take():
            found.append(Frame(decode(record, self._start, found), offset=self._start))

    def _stray(self, found: Found) -> None:
        self._state = "between"
        if record := self._take().rstrip(_SEPARATORS):
            text = decode(record, self._start, found)
            found.append(WireFault("bad-frame", self._start, "not an object of the array", text))

    def _end(self, found: Found) -> None:
        if self._state.startswith("stray"):
            self._stray(found)
        if record := self._take():
            text = decode(record, self._start, found)
            where = "the stream ended inside an object"
            found.append(WireFault("incomplete-event", self._start, where, text))
        elif self._in_array:
            found.append(WireFault("incomplete-event", self._offset, "the stream ended before the array's ]"))
