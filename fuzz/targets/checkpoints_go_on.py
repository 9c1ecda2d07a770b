"""A checkpoint is plain JSON, and what was restored from it, copied or pickled goes on the same.

Exceptions: after an error there is nothing to go on with, and the error itself is no data.
"""

from __future__ import annotations

import copy
import json
import pickle
import random
import zlib

from fuzz.outcome import rest
from partialjson.dialects import JSON5, LENIENT, STRICT
from partialjson.errors import PartialJSONError
from partialjson.parser import Parser

SEEDS = "texts"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    middle = rng.randint(0, len(data))
    parser = Parser(rng.choice((LENIENT, STRICT, JSON5)), many=rng.random() < 0.2)
    if rng.random() < 0.5:
        parser.edits()
    try:
        parser.feed(data[:middle])
    except PartialJSONError:
        return
    written = json.dumps(parser.checkpoint())
    twins = [
        Parser.restore(json.loads(written)),
        parser.fork(),
        copy.deepcopy(parser),
        pickle.loads(pickle.dumps(parser)),
    ]
    assert json.dumps(twins[0].checkpoint()) == written
    remaining = [data[middle : middle + 3], data[middle + 3 :]]
    expected = rest(parser, remaining)
    for twin in twins:
        assert rest(twin, remaining) == expected
