"""What can go wrong, and whose fault it was.

::

    PartialJSONError
    ├── SyntaxFault        (ValueError)  the text: no meaning for a character
    ├── LimitExceeded      (ValueError)  the text or the stream: a named limit was passed
    ├── InvalidArguments   (ValueError)  the answer: a call or an output failed (Report.raise_for_errors)
    └── CheckpointError    (ValueError)  the caller: damaged checkpoint data

Nothing else leaves this library because of what came off a wire. Messages quote at most 32
characters of input, escaped, so that they are safe in a log and on a terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: member names and array indexes from the root, which is ``()``."""

_QUOTE_LIMIT = 32


def quote(text: str) -> str:
    """The text as ASCII, escaped and cut to 32 characters, for a message."""
    if len(text) > _QUOTE_LIMIT:
        return ascii(text[: _QUOTE_LIMIT - 3]) + "..."
    return ascii(text)


def pointer(path: Path) -> str:
    """The path as a JSON Pointer (RFC 6901): ``("a/b", 0)`` is ``"/a~1b/0"``, the root is ``""``."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


class PartialJSONError(Exception):
    """The base of every error this library raises on account of its input."""


class SyntaxFault(PartialJSONError, ValueError):
    """Neither the grammar nor the dialect has a meaning for a character.

    ``offset`` counts characters of the decoded text from 0, ``line`` and ``column`` from 1;
    ``path`` is where the parser stood; ``expected`` says what would have been accepted;
    ``found`` is the character, or ``""`` at the end of the input.
    """

    def __init__(
        self,
        offset: int,
        line: int,
        column: int,
        path: Path,
        expected: Sequence[str],
        found: str,
    ) -> None:
        self.offset = offset
        self.line = line
        self.column = column
        self.path = path
        self.expected = frozenset(expected)
        self.found = found
        super().__init__(offset, line, column, path, tuple(expected), found)

    def __str__(self) -> str:
        wanted = " or ".join(sorted(self.expected)) or "nothing more"
        got = quote(self.found) if self.found else "the end of the input"
        place = f"line {self.line} column {self.column} (offset {self.offset})"
        inside = f", at {quote(pointer(self.path))}" if self.path else ""
        return f"expected {wanted}, got {got} at {place}{inside}"


class LimitExceeded(PartialJSONError, ValueError):
    """A limit was passed. What was read before stays readable.

    ``limit`` is the name of the field of ``Limits``, ``allowed`` its value, ``offset`` the
    place of the first character (or event) too many, ``path`` where the parser stood.
    """

    def __init__(self, limit: str, allowed: int, offset: int, path: Path = ()) -> None:
        self.limit = limit
        self.allowed = allowed
        self.offset = offset
        self.path = path
        super().__init__(limit, allowed, offset, path)

    def __str__(self) -> str:
        inside = f", at {quote(pointer(self.path))}" if self.path else ""
        return f"limit {self.limit!r} ({self.allowed}) exceeded at offset {self.offset}{inside}"


class InvalidArguments(PartialJSONError, ValueError):
    """At least one call or output of a finished turn failed. ``failures`` holds the events."""

    def __init__(self, message: str, failures: Sequence[object] = ()) -> None:
        self.failures = tuple(failures)
        super().__init__(message, self.failures)

    def __str__(self) -> str:
        return str(self.args[0])


class CheckpointError(PartialJSONError, ValueError):
    """Data given to ``restore`` is no checkpoint of this library, or a damaged one."""
