"""The form of a provider's table, and what all tables share.

A table is data and one small function: how its wire is framed, how to recognise it, what its
finish reasons mean, and ``payload(dict) -> list[Fragment]``. Anyone can write one; the accumulator
takes it wherever it takes a provider's name::

    MINE = Provider(name="mine", matches=lambda payload: "tool" in payload, reader=lambda: payload)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from partialjson.fragment import CallKind, Fragment
from partialjson.providers.text import TextDialect
from partialjson.wire.frame import Frame, WireDecoder
from partialjson.wire.sse import SSEDecoder

Payload: TypeAlias = Mapping[str, object]
Read: TypeAlias = Callable[[Payload], Iterable[Fragment]]

Finish: TypeAlias = Literal["tool_calls", "stop", "length", "rejected", "paused", "failed", "cancelled"]
"""Why a turn is over, in one vocabulary: the model wants its calls run, came to its end, ran into a
limit of length, was refused or filtered, waits to be resumed; the provider failed; somebody
cancelled."""


class Said(NamedTuple):
    """A call as it goes back to a provider with the next request."""

    id: str
    name: str
    kind: CallKind
    arguments: object
    """An object; the text of a custom call."""
    meta: Mapping[str, object]


History: TypeAlias = Callable[[str, Sequence[Said]], dict[str, object]]


def _read_json(frame: Frame) -> object:
    return json.loads(frame.data)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Provider:
    """One wire format."""

    name: str
    """What ``provider=`` takes."""
    matches: Callable[[Payload], bool]
    """Whether a first payload is of this wire (``provider="auto"``)."""
    reader: Callable[[], Read]
    """Makes the function that reads the payloads of one stream: the same one each time where a payload
    means the same whatever came before, as on nearly every wire; elsewhere a ``Memory``."""
    finishes: Mapping[str, Finish] = field(default_factory=lambda: MappingProxyType({}))
    """The provider's finish reasons and what they mean."""
    wire: type[WireDecoder] = SSEDecoder
    """How its bytes are framed."""
    decode: Callable[[Frame], object] = _read_json
    """Makes the payload of a frame; raises ``ValueError`` where there is none."""
    done: frozenset[str] = frozenset({"[DONE]"})
    """Frames that are no JSON and mean that the stream is over."""
    whole_names: bool = True
    """A tool's name always comes in one piece. Where it may be split, the name is final with the first
    argument text, or when the tools known to the accumulator leave no doubt."""
    numbers_calls: bool = False
    """Slots number the calls of a choice, from 0; a missing one, or a gap, is worth a note."""
    sequence: str | None = None
    """The member that counts the payloads up, one by one, where the wire has one."""
    history: History | None = None
    """Writes the model's turn, its text and its calls, as a message of the next request."""
    foreign_id: Pattern[str] = re.compile(r"(?!)")
    """Characters that the provider does not take in an id."""
    id_filler: str = "_"
    """What stands for them, and fills up an id that is too short."""
    shortest_id: int = 0
    """Characters it asks for in an id."""
    longest_id: int = 64
    """Characters it takes in an id."""
    text_dialect: TextDialect | None = None
    """How calls are marked in the visible text, where the server leaves them there."""
    recovers: bool = False
    """The provider reports errors of which nothing ends: what is open stays open."""
    derived: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    """Events that the provider's own SDK derives from the payloads, by ``type``: the member that holds
    the payload itself, or None where it is yielded beside."""


def is_a(value: object, where: str, wanted: str) -> Fragment:
    """The fragment for a part of the wrong shape."""
    return Fragment("reject", f"{where}: expected {wanted}, not {type(value).__name__}")


def mappings(value: object, where: str, found: list[Fragment]) -> Sequence[Payload]:
    """The objects of an array; what is none is rejected into ``found``. Null and absence are empty."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        found.append(is_a(value, where, "an array"))
        return ()
    for item in value:
        if type(item) is not dict and not isinstance(item, Mapping):  # the ABC alone is 10 times as slow
            break
    else:
        return value
    found.extend(is_a(item, f"{where}[]", "an object") for item in value if not isinstance(item, Mapping))
    return [item for item in value if isinstance(item, Mapping)]


def mapping(value: object, where: str, found: list[Fragment]) -> Payload:
    """The object; anything else is rejected into ``found``. Null and absence are empty."""
    if type(value) is dict or isinstance(value, Mapping):
        return value
    if value is not None:
        found.append(is_a(value, where, "an object"))
    return {}


def word(value: object) -> str:
    """The value if it is text, else the empty text: what may be looked up in a table."""
    return value if isinstance(value, str) else ""
