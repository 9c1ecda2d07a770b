"""The one noun of the byte stair: what a provider's payload says, whoever the provider is.

A provider's table turns each payload into fragments and knows nothing of JSON, of calls or of
other payloads; the ledger in ``calls`` turns fragments into calls and knows nothing of providers.
A table only says *where* things stand: every field may hold whatever came off the wire, of any
type. The ledger says what it is worth; a value of the wrong shape becomes an anomaly there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from partialjson.errors import Path

Kind: TypeAlias = Literal[
    "call",
    "end",
    "unclosed",
    "discard",
    "text",
    "reasoning",
    "refusal",
    "start",
    "finish",
    "usage",
    "error",
    "done",
    "unknown",
    "reject",
]
Mode: TypeAlias = Literal["delta", "exact", "seed", "snapshot", "cumulative"]
CallKind: TypeAlias = Literal["function", "custom", "server"]


class Fragment(NamedTuple):
    """One thing that one payload says.

    ============== ===============================================================================
    ``kind``       meaning, and what ``data`` holds
    ============== ===============================================================================
    ``call``       opens, names or extends a call; argument text, or whole arguments as an object
    ``end``        the provider's word that this one call is over; whether nothing is left to be said of it,
                   also if it has no text
    ``unclosed``   this one call should have been ended by now, by the habits of the wire, and was not
    ``discard``    the provider takes back this call, or, with no address, all that are not finished
    ``text``       visible text of the answer
    ``reasoning``  thinking shown beside the answer
    ``refusal``    the text of a refusal
    ``start``      a response begins (``id`` is its id): what comes after belongs to a new turn
    ``finish``     the turn of this choice is over; the provider's own reason
    ``usage``      token counts, the latest replacing the earlier ones; a mapping
    ``error``      the provider failed; its error object or message
    ``done``       the transport's end marker (``[DONE]``, ``message_stop``); where it is itself the finish,
                   if none was given before, the provider's own reason
    ``unknown``    a payload, or a part, the table has no row for; its type
    ``reject``     a part of the wrong shape, left out; what is wrong with it
    ============== ===============================================================================
    """

    kind: Kind
    data: object = None
    slot: object = None
    """The provider's positional key of the call (``tool_calls[].index``, a block's ``index``)."""
    id: object = None
    """The id under which the call's result goes back (``call_...``, ``toolu_...``)."""
    name: object = None
    """The tool's name, or a piece of it."""
    choice: object = 0
    """The index of the choice (candidate) it belongs to."""
    mode: Mode = "delta"
    """How ``data`` relates to what came before: ``delta`` continues it, as far as the
    grammar lets it; ``exact`` continues it beyond doubt; ``seed`` opened the call and
    may be continued or restated; ``snapshot`` is the whole, on the provider's authority;
    ``cumulative`` restates the whole so far, as everything on this wire does."""
    call: CallKind = "function"
    """``custom``: its text is free, not JSON. ``server``: the provider runs it, never the client."""
    meta: Mapping[str, object] | None = None
    """What must go back with the call (a thought signature, the caller of a programmatic call)."""
    alias: object = None
    """A second id the wire uses for the same call (``item_id`` of the Responses API)."""
    response: object = None
    """The id of the response it belongs to, on wires that carry several at once."""
    path: Path | str | None = None
    """Where in the arguments ``data`` stands, on wires that send values by path instead of text: a tuple,
    or a JSON Path (RFC 9535) that names one place."""
    more: bool = False
    """The string at ``path`` goes on in the next fragment."""
