"""What was broken, as a record, and in words."""

from __future__ import annotations

from typing import Final, NamedTuple

from partialjson.errors import Path, pointer, quote
from partialjson.schema.plan import Claim
from partialjson.schema.words import advice, names

UNTOLD: Final = object()
"""In place of a value that the words do not tell: of ``maxItems`` it is not the array that matters."""


class MemberName(str):
    """A member name that is itself the value which breaks a rule."""

    __slots__ = ()


class Cause(NamedTuple):
    """What was broken, where, by which value (of ``required``, the name that is missing), and what broke
    it in turn."""

    claim: Claim
    path: Path
    value: object
    because: Cause | None = None


def worded(cause: Cause) -> str:
    """The cause in a few words, which quote at most 32 characters of the value."""
    claim, path, value, because = cause
    if because is not None:
        while because.because is not None:
            because = because.because
        inside = pointer(because.path[len(path) :])
        return f"matches no alternative: {quote(inside) + ' ' if inside else ''}{worded(because)}"
    if claim.keyword in ("required", "dependentRequired", "dependencies"):
        return f"{quote(str(value))} is a required property"
    if claim.lifted:
        what = f"member {names([value])}" if isinstance(value, str) else f"item {value}"
        return f"must not have the {what}"
    text = advice(claim.keyword, claim.expected, value)
    return f"has the member name {names([value])}, which {text}" if isinstance(value, MemberName) else text
