"""The compiled machine and the interpreted one give the same results and the same errors.

Exceptions: none. Where nothing is compiled there is nothing to compare.
"""

from __future__ import annotations

import random
import zlib
from functools import cache

from benchmarks.engines import interpreted
from fuzz.outcome import outcome
from partialjson.dialects import JSON5, LENIENT, STRICT
from partialjson.parser import Parser
from partialjson.testing import split

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    fragments = split(data, sorted(rng.choices(range(len(data) + 1), k=5)))
    for dialect in (LENIENT, STRICT, JSON5):
        assert outcome(fragments, dialect, make=_interpreted()) == outcome(fragments, dialect), dialect


@cache
def _interpreted() -> type[Parser]:
    return interpreted()
