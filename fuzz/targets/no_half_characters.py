"""Whatever is shown can be encoded: no lone surrogate and no half of a UTF-8 sequence is ever visible.

Values, edits, trailing text, the completion, and the checkpoint, as bytes and as str cut anywhere,
also between the halves of a surrogate pair.

Exceptions: a limit ends the document; what was read until then is looked at.
"""

from __future__ import annotations

import json
import random
import zlib

from partialjson.dialects import JSON5, LENIENT, STRICT, Dialect
from partialjson.errors import PartialJSONError
from partialjson.parser import Parser
from partialjson.testing import split

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    pairs = data.decode("utf-8", "replace").encode("utf-16-le")
    units = "".join(chr(low | high << 8) for low, high in zip(pairs[::2], pairs[1::2], strict=True))
    for dialect in (LENIENT, STRICT, JSON5):
        _look(split(data, sorted(rng.choices(range(len(data) + 1), k=9))), dialect)
        _look(split(units, sorted(rng.choices(range(len(units) + 1), k=9))), dialect)


def _look(fragments: list[bytes] | list[str], dialect: Dialect) -> None:
    parser = Parser(dialect)
    parser.edits()
    try:
        for fragment in fragments:
            parser.feed(fragment)
            _encode(parser.snapshot(), parser.edits(), parser.completion(), parser.checkpoint())
    except PartialJSONError as error:
        _encode(str(error))
    document = parser.close()
    _encode(document.value, document.trailing, parser.edits())


def _encode(*shown: object) -> None:
    json.dumps(shown, ensure_ascii=False, default=str).encode()
