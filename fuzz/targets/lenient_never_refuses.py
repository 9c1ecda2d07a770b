"""LENIENT reads anything, and what it makes of it can be used.

The value can be encoded as UTF-8, copied and printed; the edits rebuild it; the notes lie inside
the text. Only ``LimitExceeded`` is ever raised, and what was read before can still be used.

Exceptions: none.
"""

from __future__ import annotations

import copy
import json
from contextlib import suppress

from partialjson.dialects import LENIENT
from partialjson.errors import LimitExceeded
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.testing import rebuild

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    parser = Parser(LENIENT)
    edits = list(parser.edits())
    with suppress(LimitExceeded):
        parser.feed(data)
    document = parser.close()
    edits += parser.edits()
    value = document.value
    length = len(data.decode("utf-8", "replace"))

    assert document.status in {"complete", "repaired", "truncated"}, document.status
    assert parser.close() == document, "closing again changes nothing"
    document.trailing.encode()
    for note in (*document.repairs, *document.notices):
        assert 0 <= note.start <= note.end <= length, note
        assert note.loss in {"none", "form", "guess"}, note
    if value is MISSING:
        assert edits == [], edits
        return
    json.dumps(value, ensure_ascii=False).encode()
    copied = copy.deepcopy(value)
    assert repr(rebuild(edits)) == repr(copied) == repr(value), edits
