"""What is valid JSON means the same in every dialect, without a repair.

Exceptions: none. (A number or a literal at the root is shown later in a dialect that guesses, which
is no difference of the outcome.)
"""

from __future__ import annotations

import random
import zlib

from fuzz.outcome import outcome
from partialjson.dialects import JSON5, LENIENT, STRICT
from partialjson.testing import split

SEEDS = "texts"

DIALECTS = (JSON5, LENIENT, LENIENT.only("none"), LENIENT.only("none", "form"), LENIENT.without("prose"))


def check(data: bytes) -> None:
    """See the module."""
    strict = outcome([data], STRICT)
    if strict.status != "complete":
        return
    assert strict.repairs == ()
    rng = random.Random(zlib.crc32(data))
    fragments = split(data, sorted(rng.choices(range(len(data) + 1), k=5)))
    for dialect in DIALECTS:
        assert outcome(fragments, dialect) == strict, dialect
