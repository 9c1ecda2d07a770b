"""A wire format of one's own, as a table: lines of JSON that number their calls.

Prints::

    turn_on {'lamp': 'desk', 'brightness': 40}
"""

from __future__ import annotations

from collections.abc import Iterator

from partialjson import CallFinished, Fragment, iter_events
from partialjson.providers import Payload, Provider
from partialjson.wire import NDJSONDecoder

STREAM = b"""\
{"slot": 0, "tool": "turn_on", "args": "{\\"lamp\\": \\"de"}
{"slot": 0, "args": "sk\\", \\"brightness\\": 40}"}
{"slot": 0, "closed": true}
{"over": "done"}
"""


def payload(line: Payload) -> Iterator[Fragment]:
    """What one line says. It may hold anything: what is of the wrong type, the ledger sorts out."""
    if "args" in line:
        yield Fragment("call", line["args"], slot=line["slot"], name=line.get("tool"))
    if line.get("closed"):
        yield Fragment("end", slot=line["slot"])
    if "over" in line:
        yield Fragment("finish", line["over"])
        yield Fragment("done")


MINE = Provider(
    name="mine",
    matches=lambda line: "slot" in line or "over" in line,
    reader=lambda: payload,
    finishes={"done": "tool_calls", "full": "length"},
    wire=NDJSONDecoder,
)

pieces = (STREAM[start : start + 20] for start in range(0, len(STREAM), 20))
with iter_events(pieces, provider=MINE) as events:
    for event in events:
        if isinstance(event, CallFinished):
            print(event.name, event.arguments)
