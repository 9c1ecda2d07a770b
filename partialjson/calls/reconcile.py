"""Is a fragment more text, or the old text again? The grammar decides, never the overlap alone.

Some servers send the whole text so far instead of what is new, repeat it at the end, or open a
call with ``{}`` and then send the real arguments. True deltas may look the same (``x`` after
``{"a":"x``). So: what can be appended, is appended. Only where the strict grammar refuses that,
and the fragment restates the text or follows a whole value, is it read otherwise.

Nothing here is asked for an ordinary delta: shorter than the text, while the value is open.
"""

from __future__ import annotations

import json
from typing import Literal, NamedTuple, TypeAlias

from partialjson.dialects import STRICT
from partialjson.errors import LimitExceeded, SyntaxFault
from partialjson.limits import Limits
from partialjson.parser import Parser

Action: TypeAlias = Literal["append", "drop", "replay", "replace", "split"]

SEEDS = frozenset({"{}", "null", '""'})
"""What servers put into a call before its arguments come."""

_STARTS = frozenset(seed[:length] for seed in SEEDS for length in range(len(seed) + 1))
_NO_LIMITS = Limits.none()


class Reading(NamedTuple):
    """What a fragment is, and the anomaly that says so.

    ``append`` its ``text``; ``drop`` it; ``replay``: drop it, as the beginning of the old text again;
    ``replace`` the old text by ``text``; ``split``: ``text`` begins a call of its own.
    """

    action: Action
    text: str = ""
    code: str | None = None


def begins_like_a_seed(text: str) -> bool:
    """Whether this may be, or become, one of the seeds."""
    return text.strip() in _STARTS


def reconcile(
    text: str,
    fragment: str,
    *,
    complete: bool,
    seeded: bool = False,
    cumulative: bool = False,
    drops_repeats: bool = False,
) -> Reading:
    """Read a fragment of a call whose text so far is ``text``, whose value is ``complete`` or not.

    ``seeded`` says that all of the text came when the call was opened, ``cumulative`` that earlier
    fragments restated it; ``drops_repeats`` is the policy for a fragment that repeats the whole text
    and could be meant.
    """
    if fragment.isspace():
        return Reading("append", fragment)
    if fragment.startswith(text) and not text.isspace():
        suffix = fragment[len(text) :]
        if cumulative or not _continues(text, fragment, complete):
            if not suffix or suffix.isspace():
                return Reading("drop", code="replay-dropped")
            if not complete:
                return Reading("append", suffix, "cumulative")
        elif drops_repeats and not suffix:
            return Reading("drop", code="repeat-dropped")
    seed = (seeded and complete) or text.strip() in SEEDS
    if not complete and not seed:
        return Reading("append", fragment)
    if text.startswith(fragment):
        return Reading("replay", fragment, "replay-dropped")
    if not fragment.lstrip().startswith("{"):
        return Reading("append", fragment, "trailing-data" if complete else None)
    if seed:
        return Reading("replace", fragment, "seed-discarded")
    if _same_value(fragment, text):
        return Reading("drop", code="replay-dropped")
    return Reading("split", fragment, "identity-inferred")


def settle(text: str, snapshot: str) -> Reading:
    """Read a snapshot that the provider vouches for: it wins, and says no more than it must."""
    if snapshot.startswith(text):
        return Reading("append", snapshot[len(text) :])
    if _same_value(snapshot, text):
        return Reading("drop")
    return Reading("replace", snapshot, "snapshot-mismatch")


def _continues(text: str, fragment: str, complete: bool) -> bool:
    """Whether the strict grammar lets ``fragment`` follow ``text``; True where it is no guide, because
    ``text`` alone is more than it allows. Costs the length of both, where both are restated anyway."""
    if complete:
        return False
    parser = Parser(STRICT, limits=_NO_LIMITS)
    try:
        parser.feed(text)
    except SyntaxFault:
        return True
    try:
        parser.feed(fragment)
    except (SyntaxFault, LimitExceeded):
        return False
    return True


def _same_value(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except (ValueError, RecursionError):
        return False
