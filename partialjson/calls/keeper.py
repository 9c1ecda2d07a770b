"""The keeper of the calls: whose text it is, what it is called, what it adds, what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from partialjson.calls.address import Address, address_of
from partialjson.calls.anomalies import Action
from partialjson.calls.call import SYNTHESIZED, ToolCall
from partialjson.calls.events import (
    CallAdvanced,
    CallReset,
    CallStarted,
    EarlyViolation,
    Event,
)
from partialjson.calls.judgement import Judgement, judge_call
from partialjson.calls.naming import is_final, joined_name
from partialjson.calls.notes import Notes
from partialjson.calls.outcomes import Outcomes
from partialjson.calls.paths import PathMismatch, PathWriter
from partialjson.calls.policy import Evidence
from partialjson.calls.reconcile import Reading
from partialjson.calls.settings import Settings
from partialjson.calls.turn import Choice, Turn
from partialjson.calls.wrapper import WRAPPERS, Part, unwrapped
from partialjson.errors import LimitExceeded, quote
from partialjson.fragment import CallKind, Fragment, Mode
from partialjson.providers.table import Finish, Provider
from partialjson.schema.verdict import Violation

_ACTIONS: Mapping[str, Action] = {
    "append": "kept",
    "drop": "dropped",
    "replay": "dropped",
    "replace": "replaced",
}
_TAKEN_BACK = Judgement("rejected", "provider-rejected")
_NOT_SPOKEN_OF = Judgement("cut", "truncated-args", "the stream that was to go on with it did not")


class CallKeeper:
    """All calls of all turns, under their keys."""

    def __init__(self, settings: Settings, notes: Notes) -> None:
        self._settings = settings
        self._notes = notes
        self.calls: dict[str, ToolCall] = {}
        """In the order of their first fragments."""
        self.outcomes = Outcomes(notes)

    def take(
        self, fragment: Fragment, provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        """A fragment that opens, names or extends a call."""
        book = choice.book
        data = fragment.data
        if type(data) is str and type(fragment.slot) is int:
            call = book.slots.get(fragment.slot)
            if call is not None and call.continued_by(fragment, data):
                book.latest = call
                self.grow(call, data, events)
                return
        text, mode = _arguments(fragment)
        address = self._address(fragment, text, turn, choice, events)
        call, codes = book.find(address)
        if call is None and (call := book.again(address)) is not None:
            codes = ("id-changed",) if address.id not in (None, call.id) else ()
        if call is None:
            call = self._open(fragment.call, address, provider.numbers_calls, turn, choice, events)
            if call is None:
                return
        else:
            if address.id is not None and "id-changed" in codes:
                book.adopt(call, address.id)
            book.bind(call, address)
        for code in codes:
            self._notes.about(events, call, code, "kept")
        if fragment.meta:
            call.meta.update(fragment.meta)
        self._name(call, address, events)
        if fragment.path is not None:
            text, mode = self._written(call, fragment, events), "exact"
        elif mode == "snapshot" and text is not None:
            call.writer = None  # what came by path is restated
        elif text is None and data is not None:
            self._notes.about(events, call, "arguments-invalid", "dropped", type(data).__name__, once=False)
        if text:
            self.extend(call, text, mode, events, (turn, choice) if address.id is None else None)
        if call.state == "pending" and self._name_is_final(call, provider):
            self.start(call, events)

    def grow(self, call: ToolCall, text: str, events: list[Event]) -> None:
        """Text that can only continue an open call."""
        if not text.isascii():
            text = call.whole_characters(text)
            if not text:
                return
        violations = call.advance(text)
        events.append(CallAdvanced(call, text))
        if violations or call.fault is not None:
            self.applied(call, violations, events)

    # Who

    def _address(
        self, fragment: Fragment, text: str | None, turn: Turn, choice: Choice, events: list[Event]
    ) -> Address:
        def note(code: str, detail: str) -> None:
            self._notes.add(events, code, "dropped", detail, turn=turn.number, choice=choice.index)

        return address_of(fragment, text, self._settings.limits.name, note)

    def addressed(
        self, fragment: Fragment, turn: Turn, choice: Choice, events: list[Event]
    ) -> ToolCall | None:
        """The call that is meant, if it is there. Without an address it is the one that was spoken of
        last, on a wire that has none; where calls have slots, a lost one means none of them."""
        address = self._address(fragment, None, turn, choice, events)
        if address.empty:
            latest = choice.book.latest
            if latest is None or latest.index is None:
                return latest
            detail = "an end of no call"
            self._notes.add(
                events, "orphan-fragment", "dropped", detail, turn=turn.number, choice=choice.index
            )
            return None
        return choice.book.find(address._replace(name=None, restates=True)).call

    def _open(
        self,
        kind: CallKind,
        address: Address,
        numbered: bool,
        turn: Turn,
        choice: Choice,
        events: list[Event],
    ) -> ToolCall | None:
        """A new call; None where there are too many."""
        limits = self._settings.limits
        if limits.calls is not None and turn.calls >= limits.calls:
            self._notes.add(events, "limit", "dropped", "calls", turn=turn.number, choice=choice.index)
            return None
        turn.calls += 1
        call = ToolCall(
            self._key(address, turn, choice),
            address.id,
            kind,
            dialect=self._settings.dialect,
            limits=limits,
            policy=self._settings.policy,
            choice=choice.index,
            turn=turn.number,
        )
        self.calls[call.key] = call
        slots = choice.book.slots
        if address.id is None:
            self._notes.about(events, call, "id-synthesized", "noted")
        elif call.key != address.id:
            self._notes.about(events, call, "duplicate-id", "kept")
        if numbered and address.slot is None:
            self._notes.about(events, call, "slot-missing", "noted")
        elif numbered and isinstance(address.slot, int) and address.slot and address.slot - 1 not in slots:
            self._notes.about(events, call, "slot-gap", "noted")
        choice.book.add(call, address)
        return call

    def _key(self, address: Address, turn: Turn, choice: Choice) -> str:
        """The id, or one made of where the call stands, so that no other call has a say in it."""
        place = address.slot if isinstance(address.slot, int) else f"n{len(choice.book.calls)}"
        base = address.id or f"{SYNTHESIZED}{turn.number}_{choice.index}_{place}"
        key, copies = base, 1
        while key in self.calls:
            copies += 1
            key = f"{base}#{copies}"
        return key

    # What it is called

    def _name(self, call: ToolCall, address: Address, events: list[Event]) -> None:
        """Take in a name, or a piece of one."""
        name, known = address.name, call.name
        if name is None or name == known or (call.retold and known and name in known):
            return
        if not known and not call.settled:
            call.name = name
            return
        joined = None
        if known and call.state == "pending" and not call.length:
            repeated = address.id is not None and not call.synthesized
            joined = joined_name(known, name, self._settings.tools or (), repeated_id=repeated)
        if joined is None:
            self._notes.about(events, call, "name-changed", "dropped", quote(name))
        else:
            call.name = joined

    def _name_is_final(self, call: ToolCall, provider: Provider) -> bool:
        if call.name is None:
            return False
        if provider.whole_names or call.length:
            return True
        return is_final(call.name, self._settings.tools or ())

    def start(self, call: ToolCall, events: list[Event]) -> None:
        """The name is final: from here on the call gives out events."""
        name = call.name or ""
        call.state = "open"
        events.append(CallStarted(call.key, call.id, name, call.kind, call.choice, call.turn))
        violations = call.know(self._settings)
        unknown = self._settings.tools is not None and call.check is None
        if unknown and call.kind != "server" and not self._wraps(call):
            self._notes.about(events, call, "unknown-tool", "noted", quote(name))
        if call.length:
            events.append(CallAdvanced(call, call.text))
            call.settle_down()
        self._violated(call, violations, events)

    # What it says

    def extend(
        self,
        call: ToolCall,
        text: str,
        mode: Mode,
        events: list[Event],
        place: tuple[Turn, Choice] | None = None,
    ) -> None:
        """Apply text that could be anything. ``place``: where a second value would open a call of its own;
        None where the text came with this call's own id."""
        if call.over or (call.fault is not None and mode != "snapshot"):
            self._late(call, text, mode, events)
            return
        text = call.whole_characters(text)
        if not text:
            return
        reading = call.read(text, mode, drops_repeats=call.policy.repeats == "drop")
        self._heed(call, reading, events, place)

    def _heed(
        self,
        call: ToolCall,
        reading: Reading,
        events: list[Event],
        place: tuple[Turn, Choice] | None = None,
    ) -> None:
        """Do with the text what it was read as."""
        if reading.action == "split":
            if place is not None:
                self._split(call, reading.text, *place, events)
                return
            reading = call.trail(reading.text)
        if reading.code is not None:
            self._notes.about(events, call, reading.code, _ACTIONS[reading.action])
        if reading.action == "append" and reading.text:
            violations = call.advance(reading.text)
            if call.state == "open":
                events.append(CallAdvanced(call, reading.text))
            self.applied(call, violations, events)
        elif reading.action == "replace":
            violations = call.replace(reading.text)
            call.doubts = [code for code in call.doubts if code != "invalid-json"]
            if call.state == "open":
                reset = CallReset(call.key, call.id, reading.code or "", call.partial, call.choice, call.turn)
                events.append(reset)
            self.applied(call, violations, events)
        if call.state == "open":
            call.settle_down()

    def _late(self, call: ToolCall, text: str, mode: Mode, events: list[Event]) -> None:
        """Text after the end of its call, or after what stopped its parser: kept, not applied."""
        if call.behind:
            reading = call.read(call.whole_characters(text), mode)
            if reading.action != "replace" and not reading.text:
                return
        flagged = any(anomaly.code == "late-fragment" for anomaly in call.anomalies)
        if mode != "delta" and not flagged and call.restated_by(text):
            return
        call.keep(text)
        if call.over:
            self._notes.about(events, call, "late-fragment", "kept", once=False)

    def _split(self, call: ToolCall, text: str, turn: Turn, choice: Choice, events: list[Event]) -> None:
        """A second value under the address of the first: a call of its own, of the same name."""
        address = Address(slot=call.index, name=call.name, has_text=True)
        twin = choice.book.again(address)
        if twin is not None:
            choice.book.bind(twin, address)
            self.extend(twin, text, "delta", events, (turn, choice))
            return
        twin = self._open(call.kind, address, False, turn, choice, events)
        if twin is None:
            call.keep(text)
            return
        self._notes.about(events, twin, "identity-inferred", "kept", f"after {call.key}")
        twin.name = call.name
        self.extend(twin, text, "delta", events, (turn, choice))
        if twin.name is not None:
            self.start(twin, events)

    def _written(self, call: ToolCall, fragment: Fragment, events: list[Event]) -> str | None:
        """The text that a value by path adds to the arguments."""
        if call.writer is None:
            call.writer = PathWriter()
        try:
            return call.writer.write(fragment.path or (), fragment.data, more=fragment.more)
        except PathMismatch as mismatch:
            self._notes.about(events, call, "path-mismatch", "kept", str(mismatch), once=False)
            call.keep(_as_text({str(fragment.path): fragment.data}) or "")
            return None

    def applied(self, call: ToolCall, violations: Sequence[Violation], events: list[Event]) -> None:
        """What applying text has for consequences."""
        self._violated(call, violations, events)
        if isinstance(call.fault, LimitExceeded):
            self.outcomes.settle(call, Judgement("limit", "limit", str(call.fault)), events)
        elif call.fault is not None:
            self._notes.about(events, call, "invalid-json", "stopped", str(call.fault))

    def _violated(self, call: ToolCall, violations: Sequence[Violation], events: list[Event]) -> None:
        for violation in violations:
            events.append(EarlyViolation(call.key, call.id, violation, call.choice, call.turn))

    # What becomes of it

    def end(self, fragment: Fragment, turn: Turn, choice: Choice, events: list[Event]) -> None:
        """The provider's word that one call is over."""
        call = self.addressed(fragment, turn, choice, events)
        if call is None:  # the end of a block that is no call
            return
        if call.over:
            if call.state != "failed" and not call.retold:
                self._notes.about(events, call, "duplicate-end", "dropped")
            call.retold = False
            return
        if call.behind:
            self._heed(call, call.cut_short(), events)
        if call.writer is not None:
            self.extend(call, call.writer.close(), "exact", events)
        self._judge(call, turn, choice, "end", "stop" if fragment.data else None, events)
        if not call.over:
            call.state = "ended"
            call.steady = False

    def unclosed(self, fragment: Fragment, turn: Turn, choice: Choice, events: list[Event]) -> None:
        """The mark that should have ended the call is missing."""
        call = self.addressed(fragment, turn, choice, events)
        if call is not None:
            self._notes.about(events, call, "unclosed-markup", "noted")

    def discard(self, fragment: Fragment, turn: Turn, choice: Choice, events: list[Event]) -> None:
        """The provider takes back one call, or all that are not finished."""
        if fragment.slot is None and fragment.id is None and fragment.alias is None:
            self.fail_open(turn, _TAKEN_BACK, events)
            return
        call = self.addressed(fragment, turn, choice, events)
        if call is not None:
            self._revoke(call, events)

    def take_back(self, id: object, events: list[Event]) -> bool:
        """The provider takes back the call of that id, in whatever turn; False where there is none."""
        call = next((call for call in reversed(self.calls.values()) if call.id == id), None)
        if call is not None:
            self._revoke(call, events)
        return call is not None

    def _revoke(self, call: ToolCall, events: list[Event]) -> None:
        if not call.settled:
            self.outcomes.settle(call, _TAKEN_BACK, events)
        elif call.state == "finished":
            self._notes.about(events, call, "provider-rejected", "noted", "after its end")

    def judge_open(
        self, turn: Turn, choice: Choice, evidence: Evidence, finish: Finish | None, events: list[Event]
    ) -> None:
        """The choice is over: every call that has no verdict gets one."""
        self._give_up(choice, evidence, events)
        self._join_drifted(choice, events)
        unsettled = [call for call in choice.book.calls if not call.settled]
        for call in unsettled:
            self._judge(call, turn, choice, evidence, finish, events)
        if finish == "rejected" and evidence == "finish" and not unsettled:
            said = [call for call in choice.book.calls if call.kind != "server"]
            for call in said[-1:]:
                self._notes.about(events, call, "provider-rejected", "noted", "after its end")

    def _give_up(self, choice: Choice, evidence: Evidence, events: list[Event]) -> None:
        """What a stream, after a cut, should have gone on with by now, and has not."""
        if evidence != "finish":  # after which new calls may come
            for call in choice.book.give_up():
                if not call.settled and (evidence == "done" or choice.finish is not None):
                    self.outcomes.settle(call, _NOT_SPOKEN_OF, events)
        if evidence == "done" or choice.finish is not None:
            for call in choice.book.calls:
                if call.behind and not call.over:
                    self._heed(call, call.cut_short(), events)

    def fail_open(self, turn: Turn, judgement: Judgement, events: list[Event]) -> None:
        """Every call of the turn that has no verdict gets this one."""
        for choice in turn.choices.values():
            for call in choice.book.everyone:
                if not call.settled:
                    self.outcomes.settle(call, judgement, events)

    def _judge(
        self,
        call: ToolCall,
        turn: Turn,
        choice: Choice,
        evidence: Evidence,
        finish: Finish | None,
        events: list[Event],
    ) -> None:
        if call.state == "pending" and call.name is not None:
            self.start(call, events)
        if call.state == "open" and call.fault is None and (half := call.release()):
            self.grow(call, half, events)
        if call.settled:
            return
        judgement = judge_call(call, evidence, finish, last=call is choice.book.calls[-1])
        if judgement is None:
            return
        if judgement.failure is not None or not self._wraps(call):
            self.outcomes.settle(call, judgement, events)
            return
        parts = unwrapped(judgement.value)
        reasons = judgement.reasons
        if parts:
            judgement = judgement._replace(
                code="unwrapped", executable=False, reasons=(*reasons, "unwrapped")
            )
        elif self._settings.tools is not None:
            judgement = Judgement("rejected", "unknown-tool", "no tool of that name")
        self.outcomes.settle(call, judgement, events)
        for number, part in enumerate(parts):
            self._unwrap(part, f"{call.id}#{number}", reasons, evidence, turn, choice, events)

    # What it holds

    def _wraps(self, call: ToolCall) -> bool:
        """Whether the call may stand for those that it holds."""
        unknown = self._settings.tools is None or call.name not in self._settings.tools
        return call.policy.unwraps_parallel and call.name in WRAPPERS and unknown

    def _unwrap(
        self,
        part: Part,
        id: str,
        reasons: tuple[str, ...],
        evidence: Evidence,
        turn: Turn,
        choice: Choice,
        events: list[Event],
    ) -> None:
        """A call that was held by another: what kept that from being executed, keeps this."""
        address = Address(id=id, name=part.name, has_text=True)
        call = self._open("function", address, False, turn, choice, events)
        if call is None:
            return
        call.name = part.name
        self.start(call, events)
        self.extend(call, _as_text(part.arguments) or "", "exact", events)
        judgement = judge_call(call, evidence, None, last=False)
        if judgement is not None and not call.settled:
            every = tuple(dict.fromkeys((*reasons, *judgement.reasons)))
            judgement = judgement._replace(executable=not every, reasons=every)
            self.outcomes.settle(call, judgement, events)

    def _join_drifted(self, choice: Choice, events: list[Event]) -> None:
        """Text under a slot that never got an id or a name is that of the only call that has none (T09).
        Where it is not known whose it is, none of those without text is believed to be empty."""
        orphans = [
            call for call in choice.book.calls if call.name is None and call.synthesized and call.length
        ]
        empty = [call for call in choice.book.calls if call.name and call.blank and not call.settled]
        if len(orphans) == len(empty) == 1 and self._drifted(orphans[0], empty[0]):
            self._join(orphans[0], empty[0], choice, events)
        elif orphans:
            for call in orphans:
                if not call.over:
                    self._notes.about(events, call, "orphan-fragment", "kept")
            for call in empty:
                self._notes.about(events, call, "orphan-fragment", "noted", "it may be of this call")

    def _drifted(self, orphan: ToolCall, call: ToolCall) -> bool:
        """Whether the text may be taken for that of the call."""
        joins = self._settings.policy.for_tool(call.name).joins_drifted
        return joins and orphan.index is not None and not orphan.over and not call.over

    def _join(self, orphan: ToolCall, call: ToolCall, choice: Choice, events: list[Event]) -> None:
        choice.book.remove(orphan)
        del self.calls[orphan.key]
        self._notes.about(events, call, "slot-drift", "merged", quote(str(orphan.index)))
        if call.state == "pending":
            self.start(call, events)
        self.grow(call, orphan.text, events)


def _arguments(fragment: Fragment) -> tuple[str | None, Mode]:
    """The fragment's arguments as text, None where there are none or they are neither text nor JSON."""
    data, mode = fragment.data, fragment.mode
    if isinstance(data, str) and fragment.path is None:
        return data, mode
    if isinstance(data, Mapping | list | tuple):
        return _as_text(data), "snapshot" if mode == "delta" else mode
    return None, mode


def _as_text(data: object) -> str | None:
    """The value as JSON text; None where it has none: an SDK's object, a loop, too deep."""
    try:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return None
