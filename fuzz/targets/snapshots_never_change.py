"""A snapshot never changes, and neighbours share every finished subtree.

Exceptions:
- Identity after a repeated member name, whose value begins anew.
- A limit ends the document: the snapshots until then are checked.
"""

from __future__ import annotations

import random
import zlib

from partialjson.dialects import LENIENT
from partialjson.errors import LimitExceeded
from partialjson.parser import Parser
from partialjson.testing import split

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    parser = Parser(LENIENT)
    snapshots: list[object] = []
    printed: list[str] = []
    try:
        for fragment in split(data, sorted(rng.randint(0, len(data)) for _ in range(len(data) // 2))):
            parser.feed(fragment)
            snapshots.append(parser.snapshot())
            printed.append(repr(snapshots[-1]))
    except LimitExceeded:
        pass
    document = parser.close()
    assert list(map(repr, snapshots)) == printed
    if all(notice.kind != "duplicate-name" for notice in document.notices):
        for old, new in zip(snapshots, [*snapshots[1:], document.value], strict=True):
            _shares(old, new)


def _shares(old: object, new: object) -> None:
    """Every value of ``old`` but the last of each container, which may be open, is in ``new`` itself."""
    while old is not new and isinstance(old, (dict, list)) and old:
        assert isinstance(new, type(old)), (old, new)
        keys = list(old) if isinstance(old, dict) else list(range(len(old)))
        for key in keys[:-1]:
            assert new[key] is old[key], (key, old, new)
        old, new = old[keys[-1]], new[keys[-1]]
