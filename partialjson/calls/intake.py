"""From what the user feeds to payloads: bytes, text, mappings and SDK objects, on a wire known or not.

Faults of the bytes come out as ``Trouble`` among the payloads, in order. Which provider it is, where
that was left open, is settled by the first payload that one of the tables recognises.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from partialjson.calls.anomalies import Action
from partialjson.errors import quote
from partialjson.fragment import Fragment
from partialjson.limits import Limits
from partialjson.missing import MISSING
from partialjson.providers import PROVIDERS, Payload, Provider, Read, recognised
from partialjson.wire import EventStreamDecoder, Frame, JSONArrayDecoder, SSEDecoder, WireDecoder, WireFault


class Trouble(NamedTuple):
    """Something about the bytes that is an anomaly."""

    code: str
    action: Action
    detail: str = ""
    offset: int | None = None


Taken: TypeAlias = Payload | Fragment | Trouble
"""A payload; or a fragment, where the wire itself says something; or what was wrong."""

_FIRST_BYTES: Mapping[int, type[WireDecoder]] = {
    ord("{"): JSONArrayDecoder,
    ord("["): JSONArrayDecoder,
    0: EventStreamDecoder,  # the length of the first message, which is never 16 MiB
}
_UNLIKE_JSON = frozenset({SSEDecoder, EventStreamDecoder})
"""The framings that no stream of JSON can be taken for."""
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_LONGEST_HEAD = 4096
_WINDOW = 1024
_NONE_MISSING: frozenset[int] = frozenset()  # one for all: each takes 216 bytes
"""So many sequence numbers that a gap leaves out are remembered, and twice as many altogether."""
_DONE = frozenset({"[DONE]"})
_SELF_EVIDENT = frozenset({"error", "type", "choices"})
"""Members of which the tables can tell that the payload is an error."""


class Intake:
    """One stream on its way in."""

    __slots__ = (
        *("_decoder", "_done", "_head", "_limits", "_missing", "_sequence", "_unsplit"),
        *("bytes", "provider", "read"),
    )

    def __init__(self, provider: Provider | None, limits: Limits) -> None:
        self.provider: Provider | None = None
        """The wire's table; None until it is recognised."""
        self.read: Read = _nothing
        """Makes fragments of a payload."""
        self.bytes = 0
        """How many came."""
        self._done = _DONE
        self._limits = limits
        self._head = b""
        self._decoder: WireDecoder | None = None
        self._sequence: int | None = None
        self._missing = _NONE_MISSING
        """Sequence numbers that were left out."""
        self._unsplit = False
        if provider is not None:
            self._settle_on(provider)

    def take(self, fed: object) -> list[Taken]:
        """The payloads in what was fed."""
        found: list[Taken] = []
        if type(fed) is dict:  # the way of most: no other question comes first
            self._mapping(fed, found)
        elif isinstance(fed, str):
            self._bytes(fed.encode("utf-8", "surrogatepass"), found)
        elif isinstance(fed, bytes | bytearray | memoryview):
            self._bytes(bytes(fed), found)
        elif isinstance(fed, Mapping):
            self._mapping(fed, found)
        else:
            self._object(fed, found)
        return found

    def close(self) -> list[Taken]:
        """The end of the bytes: what was held back."""
        found: list[Taken] = []
        if self._decoder is None and self._head:
            self._decode(self._head, found)
        if self._decoder is not None:
            self._framed(self._decoder.close(), found)
        return found

    def _settle_on(self, provider: Provider) -> None:
        self.provider = provider
        self.read = provider.reader()
        self._done = provider.done

    # Bytes

    def _bytes(self, data: bytes, found: list[Taken]) -> None:
        self.bytes += len(data)
        if self._decoder is None:
            self._head += data
            start = self._head.removeprefix(_BOM).lstrip(_BLANK)
            if (not start or _BOM.startswith(self._head)) and len(self._head) < _LONGEST_HEAD:
                return
            data, self._head = self._head, b""
        self._decode(data, found)

    def _decode(self, data: bytes, found: list[Taken]) -> None:
        if self._decoder is None:
            self._decoder = self._wire(data)(self._limits)
        self._framed(self._decoder.feed(data), found)

    def _wire(self, head: bytes) -> type[WireDecoder]:
        """The framing: the provider's own, unless the first byte shows that it is another.

        JSON in place of events is what servers answer that do not stream after all.
        """
        own = SSEDecoder if self.provider is None else self.provider.wire
        start = head.removeprefix(_BOM).lstrip(_BLANK)
        return _FIRST_BYTES.get(start[0], own) if start and own in _UNLIKE_JSON else own

    def _framed(self, frames: list[Frame | WireFault], found: list[Taken]) -> None:
        for frame in frames:
            if isinstance(frame, Frame):
                self._frame(frame, found)
            else:
                self._fault(frame, found)

    def _frame(self, frame: Frame, found: list[Taken]) -> None:
        if frame.data in self._done:
            found.append(Fragment("done"))
            return
        try:
            payload = self._payload(frame)
        except (ValueError, RecursionError):
            self._broken(frame, found)
            return
        if frame.event == "error" and isinstance(payload, Mapping) and _SELF_EVIDENT.isdisjoint(payload):
            found.append(Fragment("error", payload))
        else:
            self._admit(payload, frame.offset, found)

    def _payload(self, frame: Frame) -> object:
        """The frame's payload. Raises ``ValueError`` or ``RecursionError`` where it is none."""
        if self.provider is not None:
            return self.provider.decode(frame)
        aws = isinstance(self._decoder, EventStreamDecoder)
        payload: object = None
        for provider in PROVIDERS:
            if (provider.wire is EventStreamDecoder) is aws:
                payload = provider.decode(frame)
                if isinstance(payload, Mapping) and provider.matches(payload):
                    break
        return payload

    def _broken(self, frame: Frame, found: list[Taken]) -> None:
        """A frame that is no JSON: several events in one, a word of the server's, or rubbish."""
        lines = frame.data.split("\n")
        if frame.data.strip() in self._done:
            found.append(Fragment("done"))
        elif len(lines) > 1:
            if not self._unsplit:
                self._unsplit = True
                found.append(Trouble("unsplit-events", "kept", offset=frame.offset))
            for line in lines:
                self._frame(frame._replace(data=line), found)
        elif frame.event == "error":
            found.append(Fragment("error", frame.data))
        elif frame.data:
            found.append(Trouble("bad-frame", "dropped", f"no JSON: {quote(frame.data)}", frame.offset))

    def _fault(self, fault: WireFault, found: list[Taken]) -> None:
        """What is wrong with the bytes. An event that only lacks its end is whole if its JSON is, and JSON
        among the events is none of them but says what an event would (an error of Google's)."""
        action: Action = "kept" if fault.code == "invalid-utf8" else "dropped"
        unfinished: list[Taken] = []
        text = fault.data or fault.raw.decode("utf-8", "replace")
        if fault.code in ("incomplete-event", "bad-frame") and text:
            self._frame(Frame(text, fault.event, offset=fault.offset), unfinished)
            if not all(isinstance(taken, Trouble) for taken in unfinished):
                action = "kept"
                found += unfinished
        found.append(Trouble(fault.code, action, fault.detail, fault.offset))

    # Payloads

    def _mapping(self, payload: Payload, found: list[Taken]) -> None:
        inner = self._underived(payload, payload.get("type"), payload.get)
        if inner is not MISSING:
            self._admit(inner, None, found)

    def _object(self, fed: object, found: list[Taken]) -> None:
        """An object of an SDK, or an event that somebody else's SSE decoder made."""
        data, event = getattr(fed, "data", None), getattr(fed, "event", MISSING)
        if isinstance(data, str) and isinstance(event, str | None):
            self._frame(Frame(data, event or "message"), found)
            return
        inner = self._underived(fed, getattr(fed, "type", None), lambda member: getattr(fed, member, None))
        if inner is MISSING:
            return
        payload = as_mapping(inner)
        if payload is None:
            found.append(Trouble("bad-payload", "dropped", f"a {type(inner).__name__} is no payload"))
        else:
            self._admit(payload, None, found)

    def _underived(self, fed: object, kind: object, member_of: Callable[[str], object]) -> object:
        """The payload inside an event that the provider's SDK derived; ``MISSING`` where there is none."""
        if not isinstance(kind, str):
            return fed
        for provider in PROVIDERS if self.provider is None else (self.provider,):
            if kind in provider.derived:
                member = provider.derived[kind]
                if member is not None:
                    return member_of(member)
                if self.provider is not None:
                    return MISSING
        return fed

    def _admit(self, payload: object, offset: int | None, found: list[Taken]) -> None:
        if type(payload) is not dict and not isinstance(payload, Mapping):
            detail = f"expected an object, not {type(payload).__name__}"
            found.append(Trouble("bad-frame", "dropped", detail, offset))
            return
        provider = self.provider or recognised(payload)
        if provider is None:
            members = quote(", ".join(map(str, payload)))
            found.append(Trouble("unknown-event", "dropped", f"no known wire: {members}", offset))
            return
        if self.provider is None:
            self._settle_on(provider)
        if provider.sequence is None or self._in_sequence(payload.get(provider.sequence), found):
            found.append(payload)

    def _in_sequence(self, number: object, found: list[Taken]) -> bool:
        """Whether a payload with this sequence number is new.

        A number that was left out may still come: what is late is not doubled. A number far ahead of those
        that follow was a wrong one.
        """
        if type(number) is not int:
            return True
        last = self._sequence
        if last is None or not number:  # the next response counts from 0 again
            self._missing = frozenset(range(min(number, _WINDOW)))
        elif number > last + 1:
            found.append(Trouble("sequence-gap", "noted", f"{number} after {last}"))
            self._missing = self._missing.union(range(last + 1, min(number, last + 1 + _WINDOW)))
        elif number <= last:
            if number not in self._missing:
                found.append(Trouble("duplicate-event", "dropped", f"{number} after {last}"))
                return False
            self._missing -= {number}
            if last - number <= _WINDOW:
                return True
            self._missing = frozenset(missing for missing in self._missing if missing < number)
        if len(self._missing) > 2 * _WINDOW:
            self._missing = frozenset(sorted(self._missing)[-2 * _WINDOW :])
        self._sequence = number
        return True


def as_mapping(fed: object) -> Payload | None:
    """The members of an SDK's object; None for what has none."""
    if type(fed) is dict or isinstance(fed, Mapping):
        return fed
    dump = getattr(fed, "model_dump", None)
    try:
        if callable(dump):
            fed = _dumped(dump)
        elif dataclasses.is_dataclass(fed) and not isinstance(fed, type):
            fed = dataclasses.asdict(fed)
        elif callable(getattr(fed, "to_dict", None)):
            fed = fed.to_dict()  # type: ignore[attr-defined]
    except (TypeError, ValueError, RecursionError):  # a model that cannot be written down
        return None
    return fed if isinstance(fed, Mapping) else None


def _dumped(dump: Callable[..., object]) -> object:
    try:
        return dump(by_alias=True, exclude_unset=True, warnings=False)
    except TypeError:  # a method of that name that is not pydantic's
        return dump()


def _nothing(payload: Payload) -> tuple[Fragment, ...]:
    return ()
