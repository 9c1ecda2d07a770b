"""The keeper of what is no call: visible text, reasoning, refusals, and structured answers."""

from __future__ import annotations

from functools import partial

from partialjson.calls.assembly import Assembly
from partialjson.calls.events import (
    EarlyViolation,
    Event,
    OutputAdvanced,
    OutputFailed,
    OutputFinished,
    ReasoningAdvanced,
    TextAdvanced,
)
from partialjson.calls.judgement import Judgement, judge_output
from partialjson.calls.notes import Notes
from partialjson.calls.policy import Evidence
from partialjson.calls.settings import Settings
from partialjson.calls.turn import Choice, Prose, Turn
from partialjson.errors import pointer, quote
from partialjson.fragment import Fragment
from partialjson.missing import MISSING
from partialjson.providers.table import Finish


class AnswerKeeper:
    """The answers of all choices."""

    def __init__(self, settings: Settings, notes: Notes) -> None:
        self._settings = settings
        self._notes = notes
        self.outputs: list[OutputFinished | OutputFailed] = []

    def take(self, fragment: Fragment, turn: Turn, choice: Choice, events: list[Event]) -> None:
        """Text, reasoning, or a refusal."""
        prose: Prose = getattr(choice, fragment.kind)
        if fragment.data is None:
            return
        if not isinstance(fragment.data, str):
            detail = f"{fragment.kind}: expected text, not {type(fragment.data).__name__}"
            self._notes.add(events, "bad-payload", "dropped", detail, turn=turn.number, choice=choice.index)
            return
        text = prose.add(fragment.data, fragment.mode, fragment.slot)
        if prose.differs:
            prose.differs = False
            self._notes.add(
                events, "snapshot-mismatch", "dropped", fragment.kind, turn=turn.number, choice=choice.index
            )
        if prose.overflowed:
            prose.overflowed = False
            self._notes.add(events, "limit", "dropped", "text", turn=turn.number, choice=choice.index)
        if prose.departed is not None:
            self.depart(fragment.kind, prose, turn, choice, events)
        if not text:
            return
        if fragment.kind == "reasoning":
            events.append(ReasoningAdvanced(text, choice.index, turn.number))
        elif fragment.kind == "text" and self._settings.output is not None:
            self._advance(text, turn, choice, events)
        else:
            events.append(TextAdvanced(text, fragment.kind == "refusal", choice.index, turn.number))

    def depart(self, kind: str, prose: Prose, turn: Turn, choice: Choice, events: list[Event]) -> None:
        """A stream that was to repeat what had been shown says something else."""
        detail = f"{kind}: another one from character {prose.departed} on"
        place, prose.departed = prose.departed, None
        self._notes.add(
            events, "snapshot-mismatch", "replaced", detail, turn=turn.number, choice=choice.index
        )
        if prose is choice.text and choice.output is not None and not choice.answered:
            choice.output.replace(prose.own[:place])

    def _advance(self, text: str, turn: Turn, choice: Choice, events: list[Event]) -> None:
        output = choice.output
        if output is None:
            output = choice.output = open_output(self._settings, choice.index, turn.number)
        if choice.answered:
            detail = "text behind the structured answer"
            self._notes.add(events, "late-fragment", "kept", detail, turn=turn.number, choice=choice.index)
        if choice.answered or output.fault is not None:
            output.keep(text)
            return
        violations = output.advance(text)
        events.append(OutputAdvanced(output, text))
        for violation in violations:
            events.append(EarlyViolation(None, None, violation, choice.index, turn.number))

    def judge(
        self, turn: Turn, choice: Choice, evidence: Evidence, finish: Finish | None, events: list[Event]
    ) -> None:
        """The choice is over: if a structured answer was expected, it gets its verdict, once.

        Where the model chose to call tools instead, no answer was to be expected.
        """
        check = self._settings.output
        self._settle(turn, choice, evidence, check is not None, events)
        if check is None or choice.answered:
            return
        output = choice.output
        if output is None:
            if choice.book.calls or finish in ("tool_calls", "paused"):
                return
            output = choice.output = open_output(self._settings, choice.index, turn.number)
        judgement = judge_output(
            output,
            evidence,
            "rejected" if choice.refusal.text else finish,
            check.final,
            self._settings.policy,
        )
        if judgement.failure is not None and choice.book.calls and output.partial is MISSING:
            choice.output = None  # prose beside the calls; what comes behind it may still be an answer
            return
        self.settle(choice, output, judgement, events)

    def _settle(
        self, turn: Turn, choice: Choice, evidence: Evidence, judged: bool, events: list[Event]
    ) -> None:
        """What was shown before a cut, and should have been repeated by now, was not. Text may come behind
        the finish, but not behind a verdict."""
        over = evidence == "done" or (evidence != "finish" and choice.finish is not None)
        for kind in ("text", "reasoning", "refusal"):
            prose: Prose = getattr(choice, kind)
            if over or (judged and kind == "text" and choice.finish is not None):
                prose.settle()
                if prose.departed is not None:
                    self.depart(kind, prose, turn, choice, events)

    def fail_open(self, turn: Turn, judgement: Judgement, events: list[Event]) -> None:
        """Every answer of the turn that has no verdict gets this one."""
        for choice in turn.choices.values():
            if choice.output is not None and not choice.answered:
                self.settle(choice, choice.output, judgement, events)

    def settle(self, choice: Choice, output: Assembly, judgement: Judgement, events: list[Event]) -> None:
        """Give out the answer's last event."""
        choice.answered = True
        for coercion in judgement.coercions:
            place = quote(pointer(coercion.path))
            self._notes.add(events, "coerced", "replaced", place, turn=output.turn, choice=output.choice)
        event = last_word_of(output, judgement, output.raw)
        self.outputs.append(event)
        events.append(event)


def open_output(settings: Settings, choice: int, turn: int) -> Assembly:
    """A structured answer that begins, watched if its schema can be."""
    output = Assembly(settings.dialect, settings.limits, choice, turn)
    if settings.output is not None and settings.output.early is not None:
        output.watch(partial(settings.output.early, coerced=settings.policy.coerces))
    return output


def last_word_of(output: Assembly, judgement: Judgement, raw: str) -> OutputFinished | OutputFailed:
    """The event that says what became of a structured answer; ``raw`` is what had arrived by then."""
    if judgement.failure is None:
        return OutputFinished(
            judgement.value, judgement.validated, raw, judgement.repairs, output.choice, output.turn
        )
    return OutputFailed(
        judgement.failure,
        output.partial,
        raw,
        judgement.errors,
        judgement.detail,
        output.choice,
        output.turn,
    )
