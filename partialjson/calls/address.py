"""The address on a fragment, as far as it can be believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from partialjson.calls.call import Slot
from partialjson.calls.characters import repair_halves
from partialjson.errors import quote
from partialjson.fragment import Fragment

LARGEST_SLOT = 2**31
"""Positional keys are small numbers; what is larger is no position."""

_LONGEST_SLOT = 64

Note = Callable[[str, str], None]
"""Takes an anomaly's code and a word about it."""


class Address(NamedTuple):
    """How a fragment names its call: what is absent, empty or no such thing is None."""

    slot: Slot | None = None
    id: str | None = None
    alias: str | None = None
    name: str | None = None
    has_text: bool = False
    restates: bool = False
    """It speaks of the call that is there, whatever id or name it gives."""

    opens: bool = False
    """It is the beginning of a call, whatever came before it."""

    @property
    def empty(self) -> bool:
        """Whether nothing but the order of the fragments can tell which call is meant."""
        return self.slot is None and self.id is None and self.alias is None


def address_of(fragment: Fragment, text: str | None, name_limit: int | None, note: Note) -> Address:
    """Read the address. What is none becomes None, and a note."""
    return Address(
        _slot(fragment.slot, note),
        _word(fragment.id, "id-invalid", name_limit, note),
        _word(fragment.alias, "id-invalid", name_limit, note),
        _word(fragment.name, "name-invalid", name_limit, note),
        bool(text),
        fragment.mode in ("snapshot", "exact"),
        fragment.mode == "seed",
    )


def _slot(slot: object, note: Note) -> Slot | None:
    if slot is None or slot == "":
        return None
    if isinstance(slot, str) and len(slot) <= _LONGEST_SLOT:
        if not (slot.isascii() and slot.isdigit()):
            return slot if slot.isascii() else repair_halves(slot)
        slot = int(slot)
    if type(slot) is int and 0 <= slot <= LARGEST_SLOT:
        return slot
    if isinstance(slot, tuple) and all(type(part) is int for part in slot):
        return slot
    note("slot-invalid", quote(repr(slot)) if isinstance(slot, int | float) else type(slot).__name__)
    return None


def _word(word: object, code: str, limit: int | None, note: Note) -> str | None:
    if word is None or word == "":
        return None
    if not isinstance(word, str):
        note(code, type(word).__name__)
    elif limit is not None and len(word) > limit:
        note("limit", "name")
    else:
        return word if word.isascii() else repair_halves(word)
    return None
