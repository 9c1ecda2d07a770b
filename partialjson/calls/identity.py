"""Whose fragment is it?

No single field identifies a call on every wire. So a call has aliases: the ids, the slots and the
second ids it was addressed by; and where a fragment has no address at all, the order decides. The
ids win over the slots, because servers reuse slots. The rules are those of ``Book.find``, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from partialjson.calls.address import Address
from partialjson.calls.call import Slot, ToolCall


class Found(NamedTuple):
    """The call (None: the fragment opens one), and the anomalies of the finding."""

    call: ToolCall | None
    codes: tuple[str, ...] = ()


class Book:
    """The calls of one choice in one turn, under all their names."""

    __slots__ = ("_aliases", "_ids", "awaited", "calls", "latest", "slots")

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []
        self.awaited: list[ToolCall] = []
        """After a cut: the calls that the next stream should speak of, and has not yet."""
        self.latest: ToolCall | None = None
        """The call that was spoken of last."""
        self.slots: dict[Slot, ToolCall] = {}
        self._ids: dict[str, ToolCall] = {}
        self._aliases: dict[str, ToolCall] = {}

    def __iter__(self) -> Iterator[ToolCall]:
        return iter(self.calls)

    @property
    def everyone(self) -> list[ToolCall]:
        """The calls, and those that are awaited."""
        return [*self.calls, *self.awaited]

    def add(self, call: ToolCall, address: Address) -> None:
        """Enter a new call."""
        self.calls.append(call)
        if address.id is not None:
            self._ids[address.id] = call
        self.bind(call, address)

    def bind(self, call: ToolCall, address: Address) -> None:
        """Let the slot and the second id of the address mean this call from now on."""
        self.latest = call
        if address.slot is not None:
            self.slots[address.slot] = call
            call.index = address.slot
        if address.alias is not None:
            self._aliases[address.alias] = call
            call.alias = call.alias or address.alias

    def remove(self, call: ToolCall) -> None:
        """Forget a call that turned out to be part of another."""
        self.calls.remove(call)
        self._keep(lambda other: other is not call)
        if self.latest is call:
            self.latest = self.calls[-1] if self.calls else None

    def adopt(self, call: ToolCall, id: str) -> None:
        """Give the call the wire's id. The one it had still finds it."""
        self._ids.setdefault(call.id, call)
        self._ids[id] = call
        call.id = id
        call.synthesized = False

    def go_on(self, awaited: list[ToolCall], kept: Collection[ToolCall]) -> None:
        """Another stream goes on with these calls, under slots and ids of its own; but those that are
        ``kept`` keep theirs."""
        self.calls = [call for call in self.everyone if call not in awaited]
        self.awaited = awaited
        self.latest = None
        self._keep(lambda call: call in kept)
        for call in self.everyone:
            if call not in kept:
                call.index = call.alias = None

    def _keep(self, known: Callable[[ToolCall], bool]) -> None:
        """Forget the names of all other calls."""
        self.slots = {slot: call for slot, call in self.slots.items() if known(call)}
        self._ids = {id: call for id, call in self._ids.items() if known(call)}
        self._aliases = {alias: call for alias, call in self._aliases.items() if known(call)}

    def again(self, address: Address) -> ToolCall | None:
        """The awaited call that is opened here again: the one with that id, or the first of that name."""
        name = address.name or ""
        fitting = [call for call in self.awaited if call.name is None or call.name.startswith(name)]
        call = next((call for call in fitting if call.id == address.id), fitting[0] if fitting else None)
        if call is not None:
            self.awaited.remove(call)
            self.calls.append(call)
            self._ids[call.id] = call
        return call

    def give_up(self) -> list[ToolCall]:
        """The calls that are still awaited; from here on they are not."""
        awaited, self.awaited = self.awaited, []
        self.calls += awaited
        return awaited

    def find(self, address: Address) -> Found:
        """The call that is meant."""
        if address.id is not None:
            known = self._ids.get(address.id)
            return self._by_id(address) if known is None else self._known(known, address)
        if address.slot is not None:
            return self._by_slot(address)
        if address.alias is not None:
            return Found(self._aliases.get(address.alias))
        return self._by_order(address)

    def _known(self, call: ToolCall, address: Address) -> Found:
        """The id is known. It is another call nevertheless where the name or the slot says so."""
        if address.slot is None:
            return Found(call)
        bound = self.slots.get(address.slot)
        if bound is not None and (bound is call or bound.id == address.id):  # two calls may have one id
            return Found(bound)
        moved = call.index is not None
        if moved and address.name and (address.name != call.name or call.length or not address.has_text):
            return Found(None, ("duplicate-id",))
        return Found(call, ("slot-drift",) if moved else ())

    def _by_id(self, address: Address) -> Found:
        """The id is new. It belongs to the call in that slot, if that has none yet."""
        if address.slot is not None:
            call = self.slots.get(address.slot)
        elif address.alias is not None:
            call = self._aliases.get(address.alias)
        else:
            call = self.latest if self.latest is not None and self.latest.name is None else None
        if call is None:
            return Found(None)
        same = address.alias is not None and address.alias == call.alias
        if (address.restates and (same or not call.over)) or (call.synthesized and not call.over):
            return Found(call, ("id-changed",))
        return Found(None, ("slot-reused",))

    def _by_slot(self, address: Address) -> Found:
        """The slot alone. A name after the end, or after a whole value, opens another call in it."""
        assert address.slot is not None
        call = self.slots.get(address.slot)
        if call is None:
            call = self._aliases.get(address.alias) if address.alias is not None else None
            return Found(call, ("slot-drift",) if call is not None else ())
        if address.name and not address.restates and not call.behind:
            if call.over:
                return Found(None, ("slot-reused",))
            if address.name != call.name and call.complete:
                return Found(None, ("slot-reused",))
        if address.alias is not None and call.alias is not None and address.alias != call.alias:
            known = self._aliases.get(address.alias) is call
            return Found(call, () if known else ("id-drift",))
        return Found(call)

    def _by_order(self, address: Address) -> Found:
        """No address. A name opens a call; text continues the latest that is not whole.

        Calls that have slots are out of the question: they are not to be spoilt by text that lost its own.
        """
        calls = [call for call in self.calls if call.index is None]
        if not calls or address.opens:
            return Found(None)
        latest = self.latest if self.latest in calls else calls[-1]
        if address.name:
            # Two openings without text are two calls; text under the name of an open call continues it, or
            # repeats it, where that was opened with an id.
            continues = address.name == latest.name and (latest.length or address.has_text)
            whole = latest.complete and not latest.behind
            same = latest.name is None or (continues and not (whole and latest.synthesized))
            return Found(latest if same and (latest.retold or not latest.over) else None)
        waiting = [call for call in calls if call.behind or not (call.over or call.complete)]
        if address.restates:
            return Found(latest)
        if not waiting:
            return Found(None if latest.over else latest)
        chosen = latest if latest in waiting else waiting[-1]
        if len(waiting) == 1:
            return Found(chosen)
        return Found(chosen, ("ambiguous",))
