"""After a cut: another stream goes on with what was open.

One that *continues* it says what comes next, as a model does that was given its own unfinished answer
(prefill). One that *repeats* it says everything again, from the start: what was told already is compared
and not told twice, and where it differs, the new stream is right. In both the slots and ids are those of
the new stream, so that calls are found by their order and their names.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias

from partialjson.calls.assembly import Assembly
from partialjson.calls.call import ToolCall
from partialjson.calls.events import OutputFailed
from partialjson.calls.ledger import Ledger
from partialjson.calls.markup import IN_TEXT, Markup
from partialjson.calls.report import LeftOpen
from partialjson.calls.turn import Choice, Turn
from partialjson.errors import Path
from partialjson.providers.table import Provider

Stream: TypeAlias = Literal["same", "continues", "repeats"]
"""How the bytes to come relate to those that came: they go on; or they are those of another stream."""

_CUT = frozenset({"cut", "aborted"})
"""Failures that another stream can make good."""
_CUT_CODES = frozenset(
    {
        *("aborted", "no-finish-reason", "stream-error"),
        *("truncated-args", "truncated-stream", "unclosed-markup"),
    }
)
"""The anomalies that go with them."""
_BROKEN_OFF = frozenset({None, "length", "failed", "cancelled"})
"""Finishes that are none."""


def left_open(ledger: Ledger, turns: Collection[Turn]) -> tuple[LeftOpen, ...]:
    """What was cut in these turns, and where."""
    found = []
    for turn in turns:
        for index in sorted({event.choice for event in _cut_answers(ledger, turn)}):
            found.append(LeftOpen(None, *_place(turn.choices[index].output), index, turn.number))
    keys = {key for turn in turns for key in _cut_calls(ledger, turn)}
    calls = [call for call in ledger.calls.calls.values() if call.key in keys]
    return (*found, *(LeftOpen(call.key, *_place(call), call.choice, call.turn) for call in calls))


def _place(text: Assembly | None) -> tuple[Path | None, str]:
    return (None, "") if text is None else (text.open_path, text.text)


def _cut_calls(ledger: Ledger, turn: Turn) -> set[str]:
    failed = ledger.calls.outcomes.failed
    return {event.key for event in failed if event.turn == turn.number and event.reason in _CUT}


def _cut_answers(ledger: Ledger, turn: Turn) -> list[OutputFailed]:
    failed = [event for event in ledger.answers.outputs if isinstance(event, OutputFailed)]
    return [event for event in failed if event.turn == turn.number and event.reason in _CUT]


def resume(ledger: Ledger, table: Provider | None, added: Collection[ToolCall], *, repeats: bool) -> None:
    """Open the last turn again, if it was cut; what was finished stays so.

    ``added`` are the calls whose ids are the user's own, and go on to mean the same.
    """
    turn = ledger.turn
    cut = _reopen_calls(ledger, turn) | _reopen_answers(ledger, turn)
    cut |= {choice.index for choice in turn.choices.values() if choice.meaning in _BROKEN_OFF}
    if turn.over and not cut and not repeats:
        return
    turn.over = False
    turn.adopts = True
    turn.owes_finish = True
    turn.errors.clear()
    for choice in turn.choices.values():
        if choice.index in cut:
            choice.finish = choice.meaning = None
        if table is not None and table.text_dialect is not None:
            choice.markup = Markup(table.text_dialect)
            choice.markup.feed(choice.heard.text)
        _go_on(choice, added, repeats=repeats)


def _reopen_calls(ledger: Ledger, turn: Turn) -> set[int]:
    """The calls of the turn that were cut are open again; in which choices there are any."""
    outcomes, cut = ledger.calls.outcomes, _cut_calls(ledger, turn)
    outcomes.failed = [event for event in outcomes.failed if event.key not in cut]
    calls = [ledger.calls.calls[key] for key in cut]
    for call in calls:
        call.state = "open" if call.started else "pending"
        call.doubts = [code for code in call.doubts if code not in _CUT_CODES]
        call.anomalies = [anomaly for anomaly in call.anomalies if anomaly.code not in _CUT_CODES]
        call.reopen()
    return {call.choice for call in calls}


def _reopen_answers(ledger: Ledger, turn: Turn) -> set[int]:
    """The same for structured answers."""
    cut = _cut_answers(ledger, turn)
    ledger.answers.outputs = [event for event in ledger.answers.outputs if event not in cut]
    for event in cut:
        choice = turn.choices[event.choice]
        choice.answered = False
        if choice.output is not None:
            choice.output.reopen()
    return {event.choice for event in cut}


def _go_on(choice: Choice, added: Collection[ToolCall], *, repeats: bool) -> None:
    choice.heard.go_on(repeats=repeats)
    choice.reasoning.go_on(repeats=repeats)
    choice.refusal.go_on(repeats=repeats)
    # Of text in which calls are marked, it is told what is new alone.
    choice.text.go_on(repeats=repeats and choice.markup is None)
    own_ids = [call for call in choice.book.everyone if call in added or _is_in_text(call)]
    told = [call for call in choice.book.everyone if not _is_in_text(call)]
    for call in told:
        if repeats or not call.over:
            call.go_on(repeats=repeats)
        if repeats:
            call.writer = None
    awaited = [call for call in told if call not in own_ids and (repeats or not (call.over or call.complete))]
    choice.book.go_on(awaited, own_ids)
    for call in choice.book.calls:
        if call.state == "open":
            call.settle_down()


def _is_in_text(call: ToolCall) -> bool:
    """Whether it was found by its marks in the text: it goes on when the text does."""
    return isinstance(call.index, str) and call.index.startswith(IN_TEXT)
