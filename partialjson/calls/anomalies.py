"""What can be odd about a stream, in one table: code, severity, meaning.

An anomaly is a record, never an exception. The severity says what it means for the call it belongs
to: ``error`` keeps the call from being executable, ``warning`` tells of a decision that could have
been taken otherwise, ``info`` of a habit of the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["info", "warning", "error"]
Action: TypeAlias = Literal["kept", "dropped", "replaced", "merged", "stopped", "noted"]

SEVERITY: Mapping[str, Severity] = {
    # Identity: whose fragment it is.
    "slot-missing": "info",  # no positional key; the id or the order decides
    "slot-reused": "warning",  # the slot of one call opens another
    "slot-gap": "info",  # slots that skip numbers or do not start at 0
    "slot-drift": "warning",  # one call under two slots
    "slot-invalid": "warning",  # a positional key that is none; read as absent
    "id-synthesized": "info",  # the wire gave no id; ours starts with "pj_"
    "id-invalid": "warning",  # an id that is no text; read as absent
    "id-changed": "warning",  # the id came late, or the provider changed it
    "id-drift": "info",  # a second id (item_id) that differs on every event
    "duplicate-id": "warning",  # two calls under one id
    "identity-inferred": "warning",  # a second value under the address of the first: a call of its own
    "ambiguous": "error",  # more than one call could have been meant
    "orphan-fragment": "error",  # argument text without a call
    "name-missing": "error",  # the call never got a name
    "name-invalid": "warning",  # a name that is no text; read as absent
    "name-changed": "warning",  # a second name for a call that has one
    "unwrapped": "info",  # a call that held others; they stand beside it (by policy)
    "unknown-tool": "error",  # a name that is not among the tools
    # Arguments.
    "arguments-invalid": "error",  # arguments that are neither text nor an object
    "empty-args": "info",  # no text at all: {}
    "coerced": "info",  # a string read as the type that the schema wants (by policy)
    "non-object": "error",  # arguments that are JSON, but no object
    "cumulative": "info",  # fragments that restate the whole text so far
    "replay-dropped": "info",  # text that was there already
    "repeat-dropped": "warning",  # a repeated fragment that could have been meant (by policy)
    "seed-discarded": "info",  # an opening value that the real arguments replaced
    "trailing-data": "warning",  # text after the value
    "invalid-json": "error",  # no JSON, and nothing the dialect forgives
    "truncated-args": "error",  # the call ended before its value
    "snapshot-mismatch": "warning",  # the provider restated the call differently
    "path-mismatch": "error",  # a value by path that does not fit into what is there
    "unclosed-markup": "warning",  # the mark that ends a call in the text is missing
    "limit": "error",  # a limit was passed
    "schema-fault": "error",  # the tool's schema could not judge this value
    # Lifecycle.
    "late-fragment": "warning",  # text after the end of its call; kept in raw, not applied
    "duplicate-end": "info",  # a second end of the same call
    "late-event": "info",  # a payload after close or abort
    "no-finish-reason": "warning",  # the transport ended, the provider did not say why
    "unknown-finish-reason": "warning",  # a reason that the table does not know
    "finish-conflict": "warning",  # the finish of another choice
    "finish-without-calls": "warning",  # "tool_calls", and there are none
    "truncated-stream": "error",  # the bytes ended, the stream did not
    "stream-error": "error",  # the provider reported an error
    "provider-rejected": "error",  # the provider took the call back
    "aborted": "info",  # the caller ended it
    "duplicate-event": "info",  # a payload with a sequence number that was there
    "sequence-gap": "warning",  # payloads are missing, by their sequence numbers
    "unknown-event": "info",  # a payload, or a part, that the table has no row for
    "unsplit-events": "warning",  # events that lack the blank line between them
    "incomplete-event": "warning",  # the bytes ended inside an event
    "invalid-utf8": "warning",  # bytes that are no UTF-8; U+FFFD stands for them
    "bad-frame": "error",  # bytes or text that are no payload of this wire
    "bad-payload": "error",  # a payload with a part of the wrong shape
}


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something that a well-behaved stream does not do, and what was made of it.

    ``event`` counts the payloads from 1 (0: none yet). ``offset`` counts bytes of the stream for what
    concerns the bytes, and characters of the call's text where ``key`` names a call.
    """

    code: str
    severity: Severity
    action: Action
    detail: str = ""
    event: int = 0
    offset: int | None = None
    key: str | None = None
    id: str | None = None
    choice: int = 0
    turn: int = 0
