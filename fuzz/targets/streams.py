"""Whatever comes off the wire, the accumulator does not raise, keeps the calls apart and loses nothing.

However the same bytes are cut, the calls, their states and arguments, the text and the anomalies are
the same; a call that failed carries no arguments; everything in the report is plain JSON.

Exceptions: the metrics, which count the feeds.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable

from partialjson.calls import ToolCallAccumulator
from partialjson.testing import split

SEEDS = "streams"


def check(data: bytes) -> None:
    """See the module."""
    rng = random.Random(zlib.crc32(data))
    whole = _report([data])
    anywhere = sorted(rng.randint(0, len(data)) for _ in range(rng.randint(1, 6)))
    for cut in (anywhere, list(range(1, len(data)))):
        fragments = split(data, cut)
        report = _report(fragments)
        assert report == whole, f"{fragments!r}:\n    {report}\n    {whole}"


def _report(fragments: Iterable[bytes]) -> str:
    accumulator = ToolCallAccumulator()
    for fragment in fragments:
        accumulator.feed(fragment)
    report = accumulator.close()
    assert {call.state for call in report.calls} <= {"finished", "failed"}
    assert not {event.key for event in report.finished} & {event.key for event in report.failed}
    plain = report.to_json()
    del plain["metrics"]
    return json.dumps(plain, ensure_ascii=False).encode().decode()
