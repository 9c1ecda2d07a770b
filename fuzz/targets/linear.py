"""At most four characters are read for each that was fed, and 64 for each feed.

Exceptions: none. A limit ends the document; what was read until then is held against what was fed.
"""

from __future__ import annotations

import random
import zlib
from functools import cache

from benchmarks.work import Work, counting, work_on
from partialjson.parser import Parser

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    text = data.decode("utf-8", "replace") * random.Random(zlib.crc32(data)).choice((1, 2, 20))
    if not text:
        return
    make, work = _counting()
    for cut in (1, 4, len(text)):
        assert work_on(make(), work, text, cut) <= 1, cut


@cache
def _counting() -> tuple[type[Parser], Work]:
    return counting()
