"""The edits rebuild the tree, also from the middle; so does the JSON Patch, in a client that is not ours.

Exceptions:
- A limit ends the document: what was read until then is rebuilt.
- A document without a value has no patch.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable
from typing import Any

import jsonpatch

from partialjson.dialects import LENIENT
from partialjson.edits import Done, Edit, Grow, Put
from partialjson.errors import LimitExceeded
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.testing import split
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
                assert repr(_replayed(edits)) == repr(parser.value), fragments
    except LimitExceeded:
        pass
    value = parser.close().value
    edits += parser.edits()
    assert repr(_replayed(edits)) == repr(value), fragments
    if value is not MISSING:
        patched = jsonpatch.apply_patch(None, to_json_patch(edits))
        assert repr(patched) == repr(value), (fragments, patched)


def _replayed(edits: Iterable[Edit]) -> Any:
    """The tree, as the description of the edits has it; the root is the one member of ``top``."""
    top: dict[str, Any] = {"": MISSING}
    for edit in edits:
        parent: Any = top
        *way, last = ("", *edit.path)
        for step in way:
            parent = parent[step]
        if isinstance(edit, Grow):
            parent[last] += edit.text
        elif isinstance(edit, Put):
            value = type(edit.value)() if isinstance(edit.value, (dict, list)) else edit.value
            if isinstance(parent, list):
                parent.append(value)
            else:
                parent[last] = value
        else:
            assert isinstance(edit, Done) or edit.path, edit
    return top[""]
