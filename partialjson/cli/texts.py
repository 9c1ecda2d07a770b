"""What ``check`` and ``repair`` say of a text, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from partialjson.cli.printable import printable, shortened
from partialjson.cli.writing import Literal
from partialjson.dialects import JSON5, LENIENT, STRICT, Dialect
from partialjson.edits import Loss
from partialjson.errors import LimitExceeded, Path, SyntaxFault, pointer, quote
from partialjson.limits import Limits
from partialjson.parser import Document, Parser

# How large a file of the user's own may be is the user's affair; how deep, what can be printed.
_LIMITS = Limits(text=None, nodes=None, whitespace=None)

DIALECTS: dict[str, Dialect] = {"lenient": LENIENT, "json5": JSON5, "strict": STRICT}
LOSSES: dict[str, tuple[Loss, ...]] = {"none": ("none",), "form": ("none", "form")}
"""What is accepted, by the worst of it."""


class Refusal(NamedTuple):
    """A text that cannot be read: where, and why."""

    offset: int
    message: str


class Reading(NamedTuple):
    text: str
    document: Document
    refusal: Refusal | None


def read(data: bytes, dialect: Dialect, *, to_the_end: bool = False) -> Reading:
    """The document in UTF-8 text. ``to_the_end``: it is refused, too, where it stops too early."""
    text = data.decode("utf-8", "replace")
    parser = Parser(dialect, limits=_LIMITS, numbers=Literal)
    refusal = None
    try:
        parser.feed(data)
    except SyntaxFault as fault:
        found = quote(fault.found) if fault.found else "the end of the text"
        refusal = Refusal(fault.offset, _expected(fault.expected, found, fault.path))
    except LimitExceeded as fault:
        refusal = Refusal(fault.offset, f"limit {fault.limit!r} ({fault.allowed}) exceeded{_at(fault.path)}")
    expected, path = parser.expected, parser.open_path or ()
    document = parser.close()
    if to_the_end and refusal is None and document.status != "complete":
        refusal = Refusal(len(text), _expected(expected, "the end of the text", path))
    return Reading(text, document, refusal)


def place(text: str, offset: int) -> str:
    """``"line:column"``, both from 1, of a character."""
    start = text.rfind("\n", 0, offset) + 1
    return f"{text.count(chr(10), 0, offset) + 1}:{offset - start + 1}"


def repair_table(reading: Reading) -> Iterator[str]:
    """The repairs, a row each, under a heading; nothing where there were none."""
    document = reading.document
    if document.repairs:
        yield _row("where", "loss", "repair", "text")
    for repair in document.repairs:
        excerpt = reading.text[repair.start : repair.end]
        yield _row(place(reading.text, repair.start), repair.loss, repair.kind, quote(excerpt))
    if document.repairs_beyond:
        yield _row("", "", f"and {document.repairs_beyond} more", "")


def notes(reading: Reading, name: str) -> Iterator[str]:
    """What is valid but worth knowing, a line each."""
    for notice in reading.document.notices:
        yield _line(reading, name, notice.start, f"note: {notice.kind}{_at(notice.path)}")


def refusal(reading: Reading, name: str) -> str:
    """Why the text of that name cannot be read, where it cannot: ``name:line:column: message``."""
    if reading.refusal is None:
        return ""
    return _line(reading, name, *reading.refusal)


def _line(reading: Reading, name: str, offset: int, message: str) -> str:
    return f"{printable(name)}:{place(reading.text, offset)}: {message}"


def _row(where: str, loss: str, kind: str, text: str) -> str:
    return f"{where:<10} {loss:<6} {printable(kind):<20} {text}".rstrip()


def _expected(expected: frozenset[str], found: str, path: Path) -> str:
    return f"expected {' or '.join(sorted(expected)) or 'nothing more'}, got {found}{_at(path)}"


def _at(path: Path) -> str:
    return f", at {shortened(printable(pointer(path)), 100)}" if path else ""
