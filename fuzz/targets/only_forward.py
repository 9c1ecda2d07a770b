"""What was shown is only continued, and what is done is final.

A node never changes its type, strings only grow, arrays only append, keys are only added, numbers
and literals appear whole. After ``Done(path)``, or a ``Put`` of a number, true, false or null, no
edit touches that path or what is in it.

Exceptions:
- A ``Reset`` (a repeated member name) lets the value at its path begin anew.
- A limit ends the document: what was shown until then is checked.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from partialjson.dialects import LENIENT
from partialjson.edits import Done, Edit, Put, Reset
from partialjson.errors import LimitExceeded
from partialjson.errors import Path as Place
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.testing import split

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    parser = Parser(LENIENT)
    done: set[Place] = set()
    old: object = MISSING
    fragments: Sequence[bytes | None] = [*split(data, sorted(rng.choices(range(len(data) + 1), k=9))), None]
    parser.edits()
    for fragment in fragments:
        try:
            if fragment is not None:
                parser.feed(fragment)
        except LimitExceeded:
            return
        new = parser.close().value if fragment is None else parser.snapshot()
        edits = parser.edits()
        _final(edits, done)
        if not any(isinstance(edit, Reset) for edit in edits):
            assert _continues(old, new), (old, new)
        old = new


def _final(edits: Sequence[Edit], done: set[Place]) -> None:
    for edit in edits:
        if isinstance(edit, Reset):
            done -= {path for path in done if path[: len(edit.path)] == edit.path}
            continue
        inside = [path for path in done if edit.path[: len(path)] == path]
        assert not inside, (edit, inside)
        if isinstance(edit, Done) or (
            isinstance(edit, Put) and not isinstance(edit.value, (dict, list, str))
        ):
            done.add(edit.path)


def _continues(old: object, new: object) -> bool:
    if old is new or old is MISSING:
        return True
    if isinstance(old, str):
        return isinstance(new, str) and new.startswith(old)
    if isinstance(old, dict):
        if not isinstance(new, dict) or list(new)[: len(old)] != list(old):
            return False
        return all(_continues(item, new[name]) for name, item in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and all(map(_continues, old, new)) and len(new) >= len(old)
    return type(old) is type(new) and repr(old) == repr(new)
