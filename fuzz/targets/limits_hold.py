"""A limit is met at the same character for any cut, and what was read stays within it.

Exceptions: none.
"""

from __future__ import annotations

import random
import zlib
from contextlib import suppress

from fuzz.outcome import outcome
from partialjson.dialects import JSON5, LENIENT, STRICT
from partialjson.errors import LimitExceeded, PartialJSONError
from partialjson.limits import Limits
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.testing import split

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    dialect = rng.choice((LENIENT, STRICT, JSON5))
    depth, nodes, repairs = rng.randint(0, 4), rng.randint(0, 9), rng.randint(0, 3)
    limits = Limits(
        depth=depth,
        nodes=nodes,
        repairs=repairs,
        text=rng.randint(0, 99),
        key=rng.randint(0, 9),
        number=rng.randint(1, 9),
        whitespace=rng.randint(0, 9),
    )
    whole = outcome([data], dialect, limits=limits)
    for cut in (range(1, len(data)), sorted(rng.choices(range(len(data) + 1), k=5))):
        assert outcome(split(data, list(cut)), dialect, limits=limits) == whole, limits
    assert len(whole.repairs) <= repairs
    parser = Parser(dialect, limits=limits)
    with suppress(PartialJSONError):
        parser.feed(data)
    document = parser.close()
    if isinstance(document.error, LimitExceeded):
        assert document.error.allowed == getattr(limits, document.error.limit)
        assert document.error.offset <= len(data)
    deepest, many = _size(document.value)
    assert deepest <= depth
    assert many <= nodes


def _size(value: object) -> tuple[int, int]:
    """How deep the containers stand in one another, and how many values there are."""
    if value is MISSING:
        return 0, 0
    if not isinstance(value, (dict, list)):
        return 0, 1
    below = [_size(item) for item in (value.values() if isinstance(value, dict) else value)]
    return 1 + max((depth for depth, _ in below), default=0), 1 + sum(nodes for _, nodes in below)
