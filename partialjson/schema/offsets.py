"""Where in the raw text the values stand that a final verdict complains of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from partialjson.dialects import LENIENT, Dialect
from partialjson.edits import Put
from partialjson.errors import LimitExceeded, Path, SyntaxFault
from partialjson.parser import Parser
from partialjson.schema.verdict import Violation

PIECE = 4_096
"""Characters read at once; only a piece in which a wanted value begins is read again, one by one."""

_BEFORE_A_VALUE = " \t\n\r,:[{"


def located(violations: Iterable[Violation], text: str, dialect: Dialect = LENIENT) -> tuple[Violation, ...]:
    """The violations with ``offset``: the character of ``text`` at which the value at ``path`` begins.

    A path that leads past the value (to a member that is missing, into the branches of a pydantic union)
    counts as far as it goes. For a text without a value, ``offset`` stays ``None``.
    """
    violations = tuple(violations)
    wanted = {
        violation.path[:length] for violation in violations for length in range(len(violation.path) + 1)
    }
    begins = _begins(wanted, text, dialect)
    return tuple(replace(each, offset=_nearest(begins, each.path)) for each in violations)


def _nearest(begins: dict[Path, int], path: Path) -> int | None:
    for length in range(len(path), -1, -1):
        if path[:length] in begins:
            return begins[path[:length]]
    return None


def _begins(wanted: set[Path], text: str, dialect: Dialect) -> dict[Path, int]:
    begins: dict[Path, int] = {}
    parser = Parser(dialect)
    parser.edits()
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE]
        before = parser.fork()
        try:
            parser.feed(piece)
        except (SyntaxFault, LimitExceeded):
            break
        if any(isinstance(edit, Put) and edit.path in wanted for edit in parser.edits()):
            for offset, character in enumerate(piece, start):
                before.feed(character)
                for edit in before.edits():
                    if isinstance(edit, Put) and edit.path in wanted:
                        begins[edit.path] = _first_character(edit.value, text, offset)
    return begins


def _first_character(value: object, text: str, offset: int) -> int:
    """A string or container begins where it appears; a number or a literal appears with its end."""
    if isinstance(value, str | dict | list):
        return offset
    while offset and text[offset] in " \t\n\r,]}":
        offset -= 1
    while offset and text[offset - 1] not in _BEFORE_A_VALUE:
        offset -= 1
    return offset
