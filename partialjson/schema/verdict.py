"""The nouns of a validation: what is wrong and where, the verdict, and a schema that cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from partialjson.errors import PartialJSONError, Path, pointer, quote

FaultReason: TypeAlias = Literal["invalid", "reference", "pattern", "steps", "depth"]

_LISTED = 10
_STEP_LIMIT = 32


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of the schema that the value breaks, seen while it streams or at the end.

    ``path`` is where in the value, ``schema_path`` where in the schema. ``keyword`` is the JSON
    Schema keyword, or pydantic's error type (``"int_parsing"``). ``message`` is the validator's own
    text, unchanged, and may quote the whole value; ``advice`` says the same in a few words that quote
    at most 32 characters of it. ``offset`` counts the characters of the raw text up to where this
    became certain, ``None`` where no text was at hand. ``cause`` is the validator's own error object:
    ``jsonschema.ValidationError``, pydantic's ``ErrorDetails``, or the exception a callable raised.
    """

    path: Path
    keyword: str
    message: str
    offset: int | None = None
    schema_path: Path = ()
    advice: str = ""
    cause: object = None

    @property
    def pointer(self) -> str:
        """``path`` as a JSON Pointer (RFC 6901)."""
        return pointer(self.path)


@dataclass(frozen=True, slots=True)
class Coercion:
    """A value that was read as another type without loss: ``before`` became ``after`` at ``path``."""

    path: Path
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the validator said of one value.

    ``value`` is what the validator made of it: the model instance for pydantic, what a callable
    returned, and for a JSON Schema the value itself. Where ``valid`` is false it is the value that was
    refused, and ``errors`` are the validator's own, all of them, in its own order.
    """

    valid: bool
    value: object
    errors: tuple[Violation, ...] = ()
    coercions: tuple[Coercion, ...] = ()

    def message(self) -> str:
        """What to send back to the model: which argument is wrong and why, a line each; ``""`` if none is."""
        if self.valid:
            return ""
        lines = [f"- {_place(error.path)}: {error.advice}" for error in self.errors[:_LISTED]]
        if len(self.errors) > _LISTED:
            lines.append(f"- and {len(self.errors) - _LISTED} more")
        return "\n".join(["The arguments are not valid:", *lines])


def _place(path: Path) -> str:
    """The path as a JSON Pointer that is safe to print, each step cut to 32 characters."""
    steps = tuple(step[:_STEP_LIMIT] if isinstance(step, str) else step for step in path)
    return ascii(pointer(steps))[1:-1] or "(root)"


Validator: TypeAlias = Callable[[object], Verdict]
"""Takes a JSON value (plain Python data) and judges it. Raises ``SchemaFault``, and nothing else."""


class SchemaFault(PartialJSONError, ValueError):
    """The schema, not the value, is at fault: no verdict is possible.

    ``reason`` is ``"invalid"`` (no JSON Schema), ``"reference"`` (a ``$ref`` that leads nowhere in this
    document; nothing is ever fetched), ``"pattern"`` (a regular expression that cannot be matched in
    bounded time), ``"steps"`` (validating takes too many) or ``"depth"`` (endless or too deep).
    """

    def __init__(self, reason: FaultReason, message: str) -> None:
        self.reason = reason
        super().__init__(reason, message)

    def __str__(self) -> str:
        return str(self.args[1])


def refusal(value: object, error: Exception) -> Verdict:
    """The verdict on a value that somebody's own code refused by raising ``error``."""
    said = str(error) or type(error).__name__
    violation = Violation((), type(error).__name__, said, advice=quote(said), cause=error)
    return Verdict(False, value, (violation,))
