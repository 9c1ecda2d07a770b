"""Fragments in, events out: the state of a stream, and every rule about it that is no provider's.

Theory of operation. A fragment goes by its ``kind`` to one method, and from there to the keeper of the
calls or of the answers. Argument text finds its call through the choice's book (``identity``), is read
as a delta or as something else (``reconcile``) and goes into the call's parser (``assembly``). A call's
end, a finish reason and the end of the transport are evidence; ``judgement`` says, once, what becomes
of each call they touch.

What is not here: providers, bytes, and exceptions for anything that a fragment holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partialjson.calls.answers import AnswerKeeper
from partialjson.calls.events import Event, TurnFinished
from partialjson.calls.judgement import Judgement
from partialjson.calls.keeper import CallKeeper
from partialjson.calls.markup import Markup
from partialjson.calls.notes import Notes
from partialjson.calls.policy import Evidence
from partialjson.calls.settings import Settings
from partialjson.calls.turn import Choice, Turn
from partialjson.errors import quote
from partialjson.fragment import Fragment
from partialjson.providers.table import Provider


class Ledger:
    """All turns of one stream."""

    def __init__(self, settings: Settings, notes: Notes, announce: Callable[[Turn], TurnFinished]) -> None:
        self.notes = notes
        self.calls = CallKeeper(settings, notes)
        self.answers = AnswerKeeper(settings, notes)
        self.turns = [Turn(0, None)]
        self._limits = settings.limits
        self._announce = announce
        """Makes the event for a turn that is over."""

    @property
    def turn(self) -> Turn:
        """The turn that is going on, or the last one."""
        return self.turns[-1]

    def apply(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        """Take in one fragment."""
        _KINDS[fragment.kind](self, fragment, provider, events)

    # Where

    def _turn_of(self, fragment: Fragment) -> Turn:
        """The turn it belongs to: the one with its response id, or the one that is going on."""
        response = fragment.response
        if isinstance(response, str):
            for turn in reversed(self.turns):
                if turn.response == response:
                    return turn
            if not self.turn.adopts and (self.turn.started or self.turn.response is not None):
                self.turns.append(Turn(len(self.turns), response))
            else:
                self.turn.response = response
                self.turn.adopts = False
        elif self.turn.over:
            self.turns.append(Turn(len(self.turns), None))
        return self.turn

    def _turn_named(self, fragment: Fragment) -> Turn:
        """The turn with its response id, or else the last one, also when that is over."""
        return self.turn if fragment.response is None else self._turn_of(fragment)

    def _choice(self, fragment: Fragment, turn: Turn, events: list[Event]) -> Choice | None:
        """The choice it belongs to; None where there are too many."""
        index = 0 if fragment.choice is None else fragment.choice
        if type(index) is not int or index < 0:
            detail = f"choice index: expected a number, not {quote(str(index))}"
            self.notes.add(events, "bad-payload", "kept", detail, turn=turn.number)
            index = 0
        choice = turn.choices.get(index)
        if choice is None:
            limit = self._limits.choices
            if limit is not None and len(turn.choices) >= limit:
                self.notes.add(events, "limit", "dropped", "choices", turn=turn.number)
                return None
            choice = turn.choices[index] = Choice(index, self._limits.text)
        return choice

    # Content

    def _call(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        """What most fragments are, so that it goes straight there."""
        turn = self._turn_of(fragment)
        choice = self._choice(fragment, turn, events)
        if choice is not None:
            self.calls.take(fragment, provider, turn, choice, events)

    def _content(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        turn = self._turn_of(fragment)
        choice = self._choice(fragment, turn, events)
        if choice is None:
            return
        if provider.text_dialect is None or fragment.kind != "text" or not isinstance(fragment.data, str):
            _CONTENT[fragment.kind](self, fragment, provider, turn, choice, events)
            return
        if choice.markup is None:
            choice.markup = Markup(provider.text_dialect)
        text = choice.heard.add(fragment.data, fragment.mode, fragment.slot)
        if choice.heard.departed is not None:
            self.answers.depart("text", choice.heard, turn, choice, events)
            self._text_is_over(provider, turn, choice, events)
        if choice.heard.overflowed:
            choice.heard.overflowed = False
            self.notes.add(events, "limit", "dropped", "text", turn=turn.number, choice=choice.index)
        self._cut_out(choice.markup.feed(text), provider, turn, choice, events)

    def _cut_out(
        self, found: list[Fragment], provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        """What a text dialect said in the text of this choice."""
        for fragment in found:
            _CONTENT[fragment.kind](self, fragment, provider, turn, choice, events)

    def _text_is_over(self, provider: Provider, turn: Turn, choice: Choice, events: list[Event]) -> None:
        if choice.markup is not None:
            self._cut_out(choice.markup.close(), provider, turn, choice, events)

    def _take(
        self, fragment: Fragment, provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        self.calls.take(fragment, provider, turn, choice, events)

    def _end(
        self, fragment: Fragment, provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        self.calls.end(fragment, turn, choice, events)

    def _unclosed(
        self, fragment: Fragment, provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        self.calls.unclosed(fragment, turn, choice, events)

    def _discard(
        self, fragment: Fragment, provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        self.calls.discard(fragment, turn, choice, events)

    def _answer(
        self, fragment: Fragment, provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        self.answers.take(fragment, turn, choice, events)

    def _no_content(
        self, fragment: Fragment, provider: Provider, turn: Turn, choice: Choice, events: list[Event]
    ) -> None:
        self._reject(fragment, provider, events)

    def _take_back(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        """A call that is named may be of an earlier turn: that is no reason to begin another one."""
        if not self.calls.take_back(fragment.id, events) and not self.turn.over:
            self._content(fragment, provider, events)

    # The turn

    def _start(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        if fragment.response is not None:  # others may be under way: it ends none of them
            self._turn_of(fragment)
            return
        response = fragment.id if isinstance(fragment.id, str) and fragment.id else None
        turn = self.turn
        if turn.adopts:
            turn.adopts = False
            turn.response = response
            return
        if turn.response is not None and turn.response == response:
            self.notes.add(events, "duplicate-event", "dropped", "a second start", turn=turn.number)
            return
        if turn.started or turn.response is not None:
            self.conclude(turn, "none", provider, events)
            turn = Turn(len(self.turns), None)
            self.turns.append(turn)
        turn.response = response

    def _finish(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        turn = self._turn_of(fragment)
        choice = self._choice(fragment, turn, events)
        reason = fragment.data
        if choice is None:
            return
        if not isinstance(reason, str):
            detail = f"finish reason: expected text, not {type(reason).__name__}"
            self.notes.add(events, "bad-payload", "dropped", detail, turn=turn.number, choice=choice.index)
            return
        if choice.finish is None:
            choice.finish = reason
            choice.meaning = provider.finishes.get(reason)
        elif reason != choice.finish:
            detail = f"{quote(reason)} after {quote(choice.finish)}"
            self.notes.add(
                events, "finish-conflict", "dropped", detail, turn=turn.number, choice=choice.index
            )
        self._judge(turn, choice, "finish", provider, events)

    def _judge(
        self, turn: Turn, choice: Choice, evidence: Evidence, provider: Provider, events: list[Event]
    ) -> None:
        self._text_is_over(provider, turn, choice, events)
        if choice.finish is not None and choice.meaning is None:
            for call in choice.book.calls:
                if not call.settled:
                    self.notes.about(events, call, "unknown-finish-reason", "noted", quote(choice.finish))
        self.calls.judge_open(turn, choice, evidence, choice.meaning, events)
        self.answers.judge(turn, choice, evidence, choice.meaning, events)

    def _done(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        choices = self.turn.choices.values()
        if fragment.data is not None and not self.turn.over and not any(choice.finish for choice in choices):
            self._finish(fragment, provider, events)
        self.conclude(self._turn_named(fragment), "done", provider, events)

    def conclude(self, turn: Turn, evidence: Evidence, provider: Provider, events: list[Event]) -> None:
        """The turn is over, on this evidence: whatever is open gets its verdict."""
        choices = list(turn.choices.values())
        if turn.over:  # by its response id, a call may still have come to it
            for choice in choices:
                self.calls.judge_open(turn, choice, evidence, choice.meaning, events)
        if turn.over or not turn.started:
            return
        turn.over = True
        if not choices and turn.owes_finish and not turn.errors:
            self.notes.add(events, _unsaid(evidence), "noted", turn=turn.number)
        calls_missing = [c for c in choices if c.meaning == "tool_calls" and not c.book.calls]
        for choice in choices:
            if choice.finish is not None:
                # Opened after the finish reason: a call of its own, that the reason did not speak of.
                self._judge(turn, choice, evidence, provider, events)
            elif calls_missing and choice.book.calls:
                # A gateway that numbers choices by blocks: the finish is this one's (T22).
                choice.meaning = "tool_calls"
                self.notes.add(
                    events, "finish-conflict", "kept", turn=turn.number, choice=calls_missing[0].index
                )
                calls_missing.clear()
                self._judge(turn, choice, "finish", provider, events)
            else:
                self._unfinished(turn, choice, evidence, provider, events)
        for choice in calls_missing:
            self.notes.add(events, "finish-without-calls", "noted", turn=turn.number, choice=choice.index)
        events.append(self._announce(turn))

    def _unfinished(
        self, turn: Turn, choice: Choice, evidence: Evidence, provider: Provider, events: list[Event]
    ) -> None:
        """The provider never said why it stopped."""
        if turn.owes_finish and not turn.errors:
            code = _unsaid(evidence)
            open_calls = [call for call in choice.book.calls if not call.settled]
            for call in open_calls:
                self.notes.about(events, call, code, "noted")
            if not open_calls:
                self.notes.add(events, code, "noted", turn=turn.number, choice=choice.index)
        self._judge(turn, choice, evidence, provider, events)

    def _usage(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        turn = self._turn_named(fragment)  # also after the end: it still belongs to that turn
        if isinstance(fragment.data, Mapping):
            turn.usage.update(fragment.data)
        else:
            detail = f"usage: expected an object, not {type(fragment.data).__name__}"
            self.notes.add(events, "bad-payload", "dropped", detail, turn=turn.number)

    def _error(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        turn = self._turn_named(fragment) if provider.recovers else self._turn_of(fragment)
        error = fragment.data
        turn.errors.append(error)
        message = error.get("message") if isinstance(error, Mapping) else error
        detail = quote(str(message)) if message else ""
        self.notes.add(events, "stream-error", "kept", detail, turn=turn.number)
        if not provider.recovers:
            self.fail_open(turn, Judgement("cut", "stream-error", detail), provider, events)

    def fail_open(self, turn: Turn, judgement: Judgement, provider: Provider, events: list[Event]) -> None:
        """Whatever is open in the turn fails in this way."""
        for choice in turn.choices.values():
            self._text_is_over(provider, turn, choice, events)
        self.calls.fail_open(turn, judgement, events)
        self.answers.fail_open(turn, judgement, events)

    # What says nothing

    def _unknown(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        self.notes.add(events, "unknown-event", "dropped", quote(str(fragment.data)), turn=self.turn.number)

    def _reject(self, fragment: Fragment, provider: Provider, events: list[Event]) -> None:
        self.notes.add(events, "bad-payload", "dropped", str(fragment.data), turn=self.turn.number)


def _unsaid(evidence: Evidence) -> str:
    """The anomaly of a turn whose provider never said why it ended."""
    return "no-finish-reason" if evidence == "done" else "truncated-stream"


_KINDS: Mapping[str, Callable[[Ledger, Fragment, Provider, list[Event]], None]] = {
    "call": Ledger._call,
    "end": Ledger._content,
    "unclosed": Ledger._content,
    "discard": Ledger._take_back,
    "text": Ledger._content,
    "reasoning": Ledger._content,
    "refusal": Ledger._content,
    "start": Ledger._start,
    "finish": Ledger._finish,
    "usage": Ledger._usage,
    "error": Ledger._error,
    "done": Ledger._done,
    "unknown": Ledger._unknown,
    "reject": Ledger._reject,
}

# What belongs to one choice; a text dialect may say it too.
_CONTENT: Mapping[str, Callable[[Ledger, Fragment, Provider, Turn, Choice, list[Event]], None]] = {
    "call": Ledger._take,
    "end": Ledger._end,
    "unclosed": Ledger._unclosed,
    "discard": Ledger._discard,
    "text": Ledger._answer,
    "reasoning": Ledger._answer,
    "refusal": Ledger._answer,
    "reject": Ledger._no_content,
}
