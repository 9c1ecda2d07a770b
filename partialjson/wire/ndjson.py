"""Newline-delimited JSON: one text a line (jsonlines.org; Ollama's native API).

LF ends a line, and a CR before it belongs to the end. Nothing else ends one: JSON strings may hold
U+2028 and its like, and a CR elsewhere is white space of JSON.
"""

from __future__ import annotations

from partialjson.wire.frame import Found, Frame, RecordDecoder, decode


class NDJSONDecoder(RecordDecoder):
    """Bytes of ``application/x-ndjson`` to frames, one for each line that is not blank.

    A line longer than ``Limits.sse_event`` is lost: one ``"limit"`` fault, and the next frame is the
    next line. The last line needs no LF, so ``close`` gives it as a frame like any other; whether it
    was cut can only be told by reading its JSON.
    """

    def _read(self, chunk: bytes, found: Found) -> None:
        *ended, tail = chunk.split(b"\n")
        for part in ended:
            self._hold(part, found)
            self._end(found)
            self._offset += len(part) + 1
            self._start = self._offset
        self._hold(tail, found)
        self._offset += len(tail)

    def _end(self, found: Found) -> None:
        line = self._take().removesuffix(b"\r")
        if line.strip(b" \t\r"):
            found.append(Frame(decode(line, self._start, found), offset=self._start))
