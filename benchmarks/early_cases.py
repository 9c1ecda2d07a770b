"""What early validation costs: the parser alone, and the parser with a validator that is asked after every
fragment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from benchmarks.call_cases import BARE
from benchmarks.cases import live_value
from benchmarks.documents import fragments, label, ticket, tool_call
from benchmarks.sizes import Sizes
from benchmarks.timing import Cell, Key
from partialjson.parser import Parser
from partialjson.schema import EarlyValidator

WATCHED: Final = "with early validation"
EDITED: Final = "the same over edits()"

STEP: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "minLength": 1},
        "expected": {"type": "string"},
        "optional": {"type": "boolean"},
        "minutes": {"type": "integer", "minimum": 0},
    },
    "required": ["action", "expected"],
    "additionalProperties": False,
}
TICKET: Final[dict[str, Any]] = {
    "$defs": {"step": STEP},
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 80},
        "priority": {"type": "string", "enum": ["low", "normal", "high"]},
        "labels": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}, "uniqueItems": True},
        "estimate": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}]},
        "description": {"type": "string"},
        "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1},
    },
    "required": ["title", "priority", "steps"],
    "additionalProperties": False,
}
EDIT: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "line": {"type": "integer", "minimum": 0},
        "old": {"type": "string"},
        "new": {"type": "string"},
        "tags": {
            "type": "array",
            "items": {"anyOf": [{"type": "string", "enum": ["fix", "feature", "docs"]}, {"type": "integer"}]},
            "maxItems": 5,
        },
    },
    "required": ["line", "old", "new"],
    "additionalProperties": False,
}
EDITS: Final[dict[str, Any]] = {
    "$defs": {"edit": EDIT},
    "type": "object",
    "properties": {
        "path": {"type": "string", "minLength": 1},
        "dry_run": {"type": "boolean"},
        "edits": {"type": "array", "items": {"$ref": "#/$defs/edit"}, "minItems": 1},
        "summary": {"anyOf": [{"type": "string", "maxLength": 500}, {"type": "null"}]},
    },
    "required": ["path", "edits"],
    "additionalProperties": False,
}

CALLS: Final[dict[str, tuple[Callable[[int], str], dict[str, Any]]]] = {
    "early validation of a ticket: sentences and steps": (ticket, TICKET),
    "early validation of edits: short strings and numbers": (tool_call, EDITS),
}
"""By the title of their table: the arguments, and their schema."""


def watched(fragments: Sequence[str], schema: dict[str, Any]) -> object:
    """The validator reads the parser, and is asked after each fragment."""
    parser = Parser()
    tell = EarlyValidator(schema).watch(parser)
    feed = parser.feed
    for fragment in fragments:
        feed(fragment)
        for violation in tell():
            raise AssertionError(violation)
    return parser.value


def edited(fragments: Sequence[str], schema: dict[str, Any]) -> object:
    """The validator is given the edits after each fragment."""
    parser = Parser()
    early = EarlyValidator(schema)
    feed, edits = parser.feed, parser.edits
    edits()
    for fragment in fragments:
        feed(fragment)
        for violation in early.feed(edits()):
            raise AssertionError(violation)
    return parser.value


def early(sizes: Sizes) -> Iterator[Cell]:
    """Calls of which every fragment is watched, and none is wrong."""
    for table, (document, schema) in CALLS.items():
        for size in sizes.call[1:]:
            pieces = fragments(document(size))
            runs: dict[str, Callable[[], object]] = {
                BARE: partial(live_value, pieces),
                WATCHED: partial(watched, pieces, schema),
                EDITED: partial(edited, pieces, schema),
            }
            for name, run in runs.items():
                key = Key(table, label(size), name)
                yield Cell(key, partial(partial, run), size, len(pieces), always=True)


TABLES: tuple[Callable[[Sizes], Iterator[Cell]], ...] = (early,)
