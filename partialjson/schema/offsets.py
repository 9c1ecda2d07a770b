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
    try:
        for start in range(0, len(text), PIECE):
            before = parser.fork()
            parser.feed(text[start : start + PIECE])
            if any(isinstance(edit, Put) and edit.path in wanted for edit in parser.edits()):
                for offset in range(start, min(start + PIECE, len(text))):
                    before.feed(text[offset])
                    begins.update(_begun(before, wanted, text, offset))
    except (SyntaxFault, LimitExceeded):
        return begins
    parser.close()
    return begins | _begun(parser, wanted, text, len(text) - 1)


def _begun(parser: Parser, wanted: set[Path], text: str, offset: int) -> dict[Path, int]:
    """The wanted values that have appeared with the character at ``offset``."""
    puts = [edit for edit in parser.edits() if isinstance(edit, Put) and edit.path in wanted]
    return {put.path: _first_character(put.value, text, offset) for put in puts}


def _first_character(value: object, text: str, offset: int) -> int:
    """A string or container begins where it appears; a number or a literal appears with its end."""
    if isinstance(value, str | dict | list):
        return offset
    while offset and text[offset] in " \t\n\r,]}":
        offset -= 1
    while offset and text[offset - 1] not in _BEFORE_A_VALUE:
        offset -= 1
    return offset
