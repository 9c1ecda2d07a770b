"""All that can be known of a document, in a form that can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from partialjson.dialects import Dialect
from partialjson.edits import Edit, Repair, merged
from partialjson.errors import LimitExceeded, PartialJSONError, SyntaxFault
from partialjson.limits import Limits
from partialjson.parser import Parser


class Outcome(NamedTuple):
    """What came of feeding and closing; ``repr`` tells 1 from 1.0 and lets NaN be equal to itself."""

    value: str
    status: str
    repairs: tuple[Repair, ...]
    notices: tuple[Repair, ...]
    trailing: str
    edits: str
    error: tuple[object, ...] | None


def outcome(
    fragments: Iterable[str | bytes],
    dialect: Dialect,
    *,
    limits: Limits = Limits(),  # noqa: B008  frozen
    make: type[Parser] = Parser,
) -> Outcome:
    """Feed the fragments, read a snapshot after each, close."""
    return rest(make(dialect, limits=limits), fragments)


def rest(parser: Parser, fragments: Iterable[str | bytes]) -> Outcome:
    """The same for a parser that may have read something already."""
    edits: list[Edit] = list(parser.edits())
    error: tuple[object, ...] | None = None
    try:
        for fragment in fragments:
            parser.feed(fragment)
            parser.snapshot()
            edits += parser.edits()
    except (SyntaxFault, LimitExceeded) as fault:
        error = described(fault)
    document = parser.close()
    edits += parser.edits()
    return Outcome(
        repr(document.value),
        document.status,
        tuple(document.repairs),
        tuple(document.notices),
        document.trailing,
        repr(merged(edits)),
        error,
    )


def described(fault: PartialJSONError) -> tuple[object, ...]:
    """Everything an error says, its type first."""
    return (type(fault).__name__, str(fault), *(value for _, value in sorted(vars(fault).items())))
