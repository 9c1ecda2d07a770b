"""The edits rebuild the tree, also from the middle; so does the JSON Patch, in a client that is not ours.

Exceptions:
- A limit ends the document: what was read until then is rebuilt.
- A document without a value has no patch.
"""

from __future__ import annotations

import random
import zlib

import jsonpatch

from partialjson.dialects import LENIENT
from partialjson.edits import Edit
from partialjson.errors import LimitExceeded
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.testing import rebuild, split
from partialjson.views.patch import to_json_patch

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    parser = Parser(LENIENT)
    edits: list[Edit] = []
    fragments = split(data, sorted(rng.choices(range(len(data) + 1), k=9)))
    silent = rng.randrange(len(fragments))
    try:
        for number, fragment in enumerate(fragments):
            parser.feed(fragment)
            if number >= silent:
                edits += parser.edits()
                assert repr(rebuild(edits, MISSING)) == repr(parser.value), fragments
    except LimitExceeded:
        pass
    value = parser.close().value
    edits += parser.edits()
    assert repr(rebuild(edits, MISSING)) == repr(value), fragments
    if value is not MISSING:
        patched = jsonpatch.apply_patch(None, to_json_patch(edits))
        assert repr(patched) == repr(value), (fragments, patched)
