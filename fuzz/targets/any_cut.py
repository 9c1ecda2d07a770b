"""However the same input is cut, everything that comes of it is the same.

Value, status, repairs, notices, trailing text, merged edits, and the error with its offset; as
bytes, and as str where the bytes are UTF-8. Snapshots between the fragments change nothing.

Exceptions: none.
"""

from __future__ import annotations

import random
import zlib

from fuzz.outcome import Outcome, outcome
from partialjson import dialects
from partialjson.dialects import Dialect
from partialjson.testing.cutting import Text, split

SEEDS = "texts"

DIALECTS = [dialect for dialect in vars(dialects).values() if isinstance(dialect, Dialect)]


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    for dialect in DIALECTS:
        whole = outcome([data], dialect)
        _compare(rng, data, dialect, whole)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            continue
        assert outcome([text], dialect) == whole, f"str differs from bytes in {dialect.name}"
        _compare(rng, text, dialect, whole)


def _compare(rng: random.Random, text: Text, dialect: Dialect, whole: Outcome) -> None:
    one_by_one = list(range(1, len(text)))
    anywhere = sorted(rng.randint(0, len(text)) for _ in range(rng.randint(1, 6)))
    for cut in (one_by_one, anywhere):
        fragments = split(text, cut)
        result = outcome(fragments, dialect)
        assert result == whole, f"{fragments!r} in {dialect.name}:\n    {result}\n    {whole}"
