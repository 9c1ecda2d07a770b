"""ijson's functions over this parser: ``from partialjson.views import ijson``.

``basic_parse``, ``parse``, ``items`` and ``kvitems``, each also as ``*_coro`` (to push into), ``*_gen`` and
``*_async``, with the sources, prefixes and results that ijson documents, because they are ijson's own:
this module is a backend (``ijson.common.enrich_backend``) and supplies the events alone. A program that
uses ijson reads broken JSON by changing one import.

Options, beside ijson's ``buf_size`` and ``map_type``, are those of ``basic_parse_basecoro``. Errors are
ijson's: ``JSONError``, and ``IncompleteJSONError`` where only the end is missing.

What differs from ijson's other backends:

* The whole value is kept while it is read, and ``Limits`` holds: this is for what models write.
* Half a surrogate pair is U+FFFD; with ``use_float`` a number too large is infinite (as in ``json``).
* A member's name comes with the beginning of its value, not before.
* ``from_iter`` skips empty chunks. Read from a file, or sent to a coroutine, one ends the input, as
  everywhere in ijson.
* A coroutine that is dropped before its end prints nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from contextlib import suppress
from types import NoneType
from typing import Any, Final

import ijson
from ijson import IncompleteJSONError, JSONError, ObjectBuilder, coroutine, sendable_list
from ijson.common import enrich_backend

from partialjson.dialects import LENIENT, Dialect
from partialjson.edits import Done, Edit, Grow, Put
from partialjson.errors import PartialJSONError
from partialjson.limits import Limits
from partialjson.parser import Numbers, Parser

basic_parse: Callable[..., Any]
parse: Callable[..., Any]
items: Callable[..., Any]
kvitems: Callable[..., Any]
basic_parse_coro: Callable[..., Any]
parse_coro: Callable[..., Any]
items_coro: Callable[..., Any]
kvitems_coro: Callable[..., Any]
basic_parse_gen: Callable[..., Any]
parse_gen: Callable[..., Any]
items_gen: Callable[..., Any]
kvitems_gen: Callable[..., Any]
basic_parse_async: Callable[..., Any]
parse_async: Callable[..., Any]
items_async: Callable[..., Any]
kvitems_async: Callable[..., Any]

__all__ = [
    "basic_parse",
    "parse",
    "items",
    "kvitems",
    "basic_parse_coro",
    "parse_coro",
    "items_coro",
    "kvitems_coro",
    "basic_parse_gen",
    "parse_gen",
    "items_gen",
    "kvitems_gen",
    "basic_parse_async",
    "parse_async",
    "items_async",
    "kvitems_async",
    "from_iter",
    "JSONError",
    "IncompleteJSONError",
    "ObjectBuilder",
    "coroutine",
    "sendable_list",
]

_LIMITS: Final = Limits()
_SCALARS: Final[dict[type, str]] = {bool: "boolean", NoneType: "null"}  # all others are numbers
_COMMENTS: Final = tuple(row for row in LENIENT.liberties if row.kind == "comment")


class _Events:
    """Edits in, ijson's events out."""

    __slots__ = ("_ends", "_pieces", "_send", "any")

    def __init__(self, target: Any) -> None:
        self._send: Callable[[tuple[str, object]], object] = target.send
        self._ends: list[str] = []  # the events that the open values will end with
        self._pieces: list[str] = []  # of the open string
        self.any = False

    def read(self, edit: Edit) -> None:
        if isinstance(edit, Put):
            self.any = True
            if edit.path and isinstance(edit.path[-1], str):
                self._send(("map_key", edit.path[-1]))
            self._begin(edit.value)
        elif isinstance(edit, Grow):
            self._pieces.append(edit.text)
        elif isinstance(edit, Done):
            self._end()

    def _begin(self, value: object) -> None:
        if isinstance(value, dict):
            self._send(("start_map", None))
            self._ends.append("end_map")
        elif isinstance(value, list):
            self._send(("start_array", None))
            self._ends.append("end_array")
        elif isinstance(value, str):
            self._ends.append("string")
        else:
            self._send((_SCALARS.get(type(value), "number"), value))

    def _end(self) -> None:
        event = self._ends.pop()
        text = "".join(self._pieces) if event == "string" else None
        self._pieces.clear()
        self._send((event, text))

    def end_all(self) -> None:
        """The input was cut, and what is open stays as it is."""
        while self._ends:
            self._end()


class _Coroutine:
    """What a generator would be to ijson, but that dropping it is not closing it: no error is printed."""

    __slots__ = ("_events", "_guesses", "_over", "_parser")

    def __init__(self, target: Any, parser: Parser) -> None:
        self._events = _Events(target)
        self._guesses = any(row.loss == "guess" for row in parser.dialect.liberties)
        self._over = False
        self._parser = parser
        parser.edits()  # begins the recording

    def send(self, chunk: str | bytes) -> None:
        """Read a chunk; an empty one is the end. Raises ``StopIteration`` there, and after it."""
        if chunk and not self._over:
            self._step(lambda: self._parser.feed(chunk))
            return
        self.close()
        raise StopIteration

    def close(self) -> None:
        """The input has ended."""
        if self._over:
            return
        self._step(self._parser.close)
        self._over = True
        if self._guesses:
            self._events.end_all()
        elif self._parser.status == "truncated" or not self._events.any:
            wanted = " or ".join(sorted(self._parser.expected)) or "more"
            raise IncompleteJSONError(f"expected {wanted}, got the end of the input")

    def _step(self, step: Callable[[], object]) -> None:
        """Do it, and send the events that come of it, also those before a fault."""
        with suppress(PartialJSONError):
            step()
        for edit in self._parser.edits():
            self._events.read(edit)
        self._parser.values()  # what is whole need not be kept
        fault = self._parser.error
        if fault:
            self._over = True
            raise JSONError(str(fault)) from fault


def basic_parse_basecoro(
    target: Any,
    *,
    dialect: Dialect = LENIENT,
    use_float: bool = False,
    multiple_values: bool = False,
    allow_comments: bool = False,
    limits: Limits = _LIMITS,
) -> _Coroutine:
    """The coroutine that takes chunks (bytes or str) and sends the events to ``target``.

    ``dialect`` says what is forgiven. One that takes guesses (``LENIENT``) also closes what a cut input
    leaves open, so that the last item may be half an item; for any other (``STRICT``) a cut input is an
    ``IncompleteJSONError``. ``use_float`` makes numbers that are no integers ``float``, not ``Decimal``.
    ``multiple_values`` reads one value after the other. ``allow_comments`` adds comments to a dialect
    that has none.
    """
    if allow_comments:
        dialect = dialect.extended(f"{dialect.name} with comments", _COMMENTS)
    numbers: Numbers = "python" if use_float else "decimal"
    return _Coroutine(target, Parser(dialect, limits=limits, numbers=numbers, many=multiple_values))


enrich_backend(globals())


def from_iter(chunks: Iterable[bytes] | AsyncIterable[bytes]) -> Any:
    """A file to read chunks from, for every function here: bytes from any iterable, also asynchronous."""
    if isinstance(chunks, AsyncIterable):
        return ijson.from_iter(_filled(chunks))
    return ijson.from_iter(filter(None, chunks))


async def _filled(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        if chunk:
            yield chunk
