"""The last word on a call, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from partialjson.calls import CallFailed, CallFinished, EarlyViolation
from partialjson.cli.printable import printable, shortened
from partialjson.edits import Repair
from partialjson.schema import Violation

_LONGEST = 300
_LISTED = 10


class Words(NamedTuple):
    """``mark`` is ``✓`` or ``✗``; ``style`` is for rich; ``details`` are whole lines."""

    mark: str
    style: str
    headline: str
    details: tuple[str, ...]


def verdict(event: CallFinished | CallFailed) -> Words:
    """What became of a call, and why."""
    if isinstance(event, CallFailed):
        return Words("✗", "red", f"failed: {event.reason}", tuple(_why(event)))
    repairs = tuple(repaired(event.repairs))
    if event.executable:
        return Words("✓", "green", "finished, executable", repairs)
    reasons = f"because of {printable(', '.join(event.reasons))}"
    return Words("✓", "yellow", "finished, not executable", (reasons, *repairs))


def violated(violation: Violation) -> str:
    """Which value breaks which rule, in the validator's own words, which may quote the value."""
    place = violation.pointer or "(root)"
    return f"{printable(place)}: {shortened(printable(violation.message), _LONGEST)}"


def too_late(event: EarlyViolation) -> str:
    """What an early violation says."""
    return f"can no longer become valid: {violated(event.violation)}"


def repaired(repairs: Iterable[Repair]) -> list[str]:
    """The repairs counted by kind, on one line; none where there were none."""
    kinds = Counter(repair.kind for repair in repairs)
    told = ", ".join(f"{kind} ({count} times)" if count > 1 else kind for kind, count in kinds.items())
    return [f"repaired: {printable(told)}"] if told else []


def _why(event: CallFailed) -> Iterable[str]:
    yield from map(violated, event.errors[:_LISTED])
    if len(event.errors) > _LISTED:
        yield f"and {len(event.errors) - _LISTED} more"
    if event.reason == "cut" and event.detail.startswith("/"):
        yield f"it stops at {shortened(printable(event.detail), _LONGEST)}"
    elif event.detail and not event.errors:
        yield shortened(printable(event.detail), _LONGEST)
