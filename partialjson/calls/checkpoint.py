"""The state of an accumulator as plain JSON data, and back.

What is written down is what arrived and what was decided. What follows from that is made again: parsers
and early validators read the text again, which leads to the same state however it was cut (promise 1);
arguments are read from the text of their call, and judged by the schemas that are given again.

What is read is not trusted. Each class has a ``Record`` of the attributes that are kept; a test looks
for attributes that are neither kept nor made again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import NamedTuple, get_args

from partialjson.calls.anomalies import SEVERITY, Action, Anomaly
from partialjson.calls.answers import last_word_of, open_output
from partialjson.calls.assembly import Assembly
from partialjson.calls.call import State, ToolCall
from partialjson.calls.events import FailureReason, OutputFailed, OutputFinished
from partialjson.calls.forms import (
    BYTES,
    COUNT,
    FLAG,
    HALF,
    INTEGER,
    NUMBER,
    PART,
    PATH,
    PLAIN,
    TEXT,
    Form,
    Record,
    array,
    check,
    fixed,
    many,
    maybe,
    named,
    object_of,
    one_of,
    pairs,
    refuse,
)
from partialjson.calls.identity import Book
from partialjson.calls.intake import Intake
from partialjson.calls.judgement import Judgement, judge_again
from partialjson.calls.ledger import Ledger
from partialjson.calls.markup import Markup
from partialjson.calls.metrics import Metrics
from partialjson.calls.notes import Notes
from partialjson.calls.paths import PathWriter
from partialjson.calls.policy import Policy
from partialjson.calls.resumption import Stream, resume
from partialjson.calls.settings import Check, Settings
from partialjson.calls.turn import Choice, Prose, Turn
from partialjson.fragment import CallKind
from partialjson.missing import MISSING
from partialjson.providers import table_of
from partialjson.providers.table import Finish, Provider
from partialjson.schema.verdict import Validator
from partialjson.wire import EventStreamDecoder, JSONArrayDecoder, NDJSONDecoder, SSEDecoder, WireDecoder

VERSION = 1

# What an anomaly's fields are.
_ANOMALY = fixed(
    one_of(SEVERITY),
    one_of(get_args(Action)),
    TEXT,
    COUNT,
    maybe(COUNT),
    maybe(TEXT),
    maybe(TEXT),
    COUNT,
    COUNT,
)
_SLOT = Form(
    lambda slot: list(slot) if isinstance(slot, tuple) else slot,
    lambda data: tuple(many(COUNT).read(data)) if isinstance(data, list) else PART.read(data),
)
_USED = Form(
    lambda used: sorted(used) if isinstance(used, set) else used,
    lambda data: set(many(TEXT).read(data)) if isinstance(data, list) else COUNT.read(data),
)

_NUMBERS = Form(sorted, lambda data: frozenset(many(INTEGER).read(data)))

INTAKE = Record[Intake](bytes=COUNT, _head=BYTES, _sequence=maybe(INTEGER), _missing=_NUMBERS, _unsplit=FLAG)
NOTES = Record[Notes](ordinal=COUNT)
PROSE = Record[Prose](
    _held=HALF,
    _lengths=pairs(PART, COUNT),
    _last=maybe(PART),
    _run=COUNT,
    _base=COUNT,
    _told=TEXT,
    _again=COUNT,
)
WRITER = Record[PathWriter](_path=PATH, _used=many(_USED), _in_string=FLAG)
ASSEMBLY = Record[Assembly](
    lost=COUNT,
    _held=HALF,
    _cumulative=FLAG,
    _replayed=COUNT,
    _seeded=FLAG,
    _trailing=FLAG,
    _base=COUNT,
    _again=maybe(COUNT),
    retold=FLAG,
)
CALL = Record[ToolCall](
    id=TEXT,
    synthesized=FLAG,
    name=maybe(TEXT),
    index=maybe(_SLOT),
    alias=maybe(TEXT),
    started=FLAG,
    meta=PLAIN,
    doubts=many(one_of(SEVERITY)),
)
CHOICE = Record[Choice](finish=maybe(TEXT), meaning=maybe(one_of(get_args(Finish))), answered=FLAG)
TURN = Record[Turn](
    adopts=FLAG,
    response=maybe(TEXT),
    usage=named(PLAIN),
    errors=many(PLAIN),
    calls=COUNT,
    over=FLAG,
    owes_finish=FLAG,
)
METRICS = Record[Metrics](
    **{
        field.name: maybe(NUMBER) if field.default is None else NUMBER
        for field in dataclasses.fields(Metrics)
    }
)
"""All are times or counts."""

_PROSES = ("text", "reasoning", "refusal", "heard")
_DECODERS: tuple[type[WireDecoder], ...] = (SSEDecoder, NDJSONDecoder, JSONArrayDecoder, EventStreamDecoder)


# -- the bytes -------------------------------------------------------------------------------


def _write_intake(intake: Intake) -> dict[str, object]:
    """Raises ``TypeError`` where the table's reader remembers what cannot be written down."""
    table, decoder = intake.provider, intake._decoder
    remembered: Callable[[], object] | None = getattr(intake.read, "checkpoint", None)
    if table is not None and remembered is None and table.reader() is not table.reader():
        raise TypeError(f"the reader of {table.name!r} remembers, and has no checkpoint()")
    return {
        **INTAKE.write(intake),
        "provider": None if table is None else table.name,
        "decoder": None if decoder is None else [type(decoder).__name__, decoder.checkpoint()],
        "reader": None if remembered is None else remembered(),
    }


def _read_intake(intake: Intake, data: object, *, goes_on: bool) -> None:
    """Into an intake with the same table. Of a stream that does not go on, only the framing is kept, which
    the next will have too, and the bytes are counted on."""
    found = object_of(data)
    table, decoder = intake.provider, found.get("decoder")
    if goes_on:
        INTAKE.fill(intake, found)
        check(found.get("provider") == (None if table is None else table.name), "provider")
    else:
        intake.bytes = COUNT.read(found.get("bytes"))
    if decoder is not None:
        name, state = array(decoder, 2)
        wires: list[type[WireDecoder]] = [*_DECODERS, *([] if table is None else [table.wire])]
        wire = next((wire for wire in wires if wire.__name__ == name), None)
        if wire is None:
            refuse("decoder")
        intake._decoder = wire.restore(state, intake._limits) if goes_on else wire(intake._limits)
    remember: Callable[[object], None] | None = getattr(intake.read, "restore", None)
    if remember is not None and goes_on:
        remember(found.get("reader"))


# -- the notes -------------------------------------------------------------------------------


def _write_notes(notes: Notes) -> dict[str, object]:
    kept = [
        _ANOMALY.write(
            (
                note.code,
                note.action,
                note.detail,
                note.event,
                note.offset,
                note.key,
                note.id,
                note.choice,
                note.turn,
            )
        )
        for note in notes.kept
    ]
    return {**NOTES.write(notes), "kept": kept, "counts": dict(notes.counts)}


def _read_notes(notes: Notes, data: object) -> None:
    NOTES.fill(notes, data)
    found = object_of(data)
    for item in array(found.get("kept")):
        code, *rest = _ANOMALY.read(item)
        notes.kept.append(Anomaly(code, SEVERITY[code], *rest))
    notes.counts.update(named(COUNT).read(found.get("counts")))


# -- texts -----------------------------------------------------------------------------------


def _write_prose(prose: Prose) -> dict[str, object]:
    return {**PROSE.write(prose), "text": "".join(prose._pieces)}


def _read_prose(prose: Prose, data: object) -> None:
    PROSE.fill(prose, data)
    text = TEXT.read(object_of(data).get("text"))
    prose._pieces = [text] if text else []
    if prose._room is not None:
        prose._room = max(0, prose._room - len(text))


def _write_assembly(assembly: Assembly) -> dict[str, object]:
    return {
        **ASSEMBLY.write(assembly),
        "text": assembly.text,
        "raw": None if assembly._received is assembly._applied else assembly.raw,
        "seen": assembly._seen,
        "closed": assembly._closed,
    }


def _read_assembly(assembly: Assembly, data: object) -> None:
    found = object_of(data)
    text, raw = TEXT.read(found.get("text")), maybe(TEXT).read(found.get("raw"))
    seen = maybe(COUNT).read(found.get("seen"))
    check(seen is None or seen <= len(text), "seen")
    assembly.rebuild(text, text if raw is None else raw, seen=seen, closed=FLAG.read(found.get("closed")))
    ASSEMBLY.fill(assembly, data)
    for place in (assembly._replayed, assembly._base, assembly._again):
        check(place is None or place <= len(text), "a place behind the text")


# -- calls -----------------------------------------------------------------------------------


def _write_call(call: ToolCall, places: Mapping[int, int]) -> dict[str, object]:
    return {
        **CALL.write(call),
        **_write_assembly(call),
        "key": call.key,
        "kind": call.kind,
        "choice": call.choice,
        "turn": call.turn,
        "state": call.state,
        "steady": call.steady,
        "anomalies": [places[id(anomaly)] for anomaly in call.anomalies],
        "writer": None if call.writer is None else WRITER.write(call.writer),
    }


def _read_call(data: object, settings: Settings, notes: Notes) -> ToolCall:
    found = object_of(data)
    call = ToolCall(
        TEXT.read(found.get("key")),
        None,
        one_of(get_args(CallKind)).read(found.get("kind")),
        dialect=settings.dialect,
        limits=settings.limits,
        policy=settings.policy,
        choice=COUNT.read(found.get("choice")),
        turn=COUNT.read(found.get("turn")),
    )
    CALL.fill(call, data)
    check(isinstance(call.meta, dict), "meta")
    if call.started:
        check(call.name is not None, "name")
        call.know(settings)
    _read_assembly(call, data)
    call.state = one_of(get_args(State)).read(found.get("state"))
    check(call.settled or call.started == (call.state == "open") or call.state == "ended", "state")
    check(call.settled or not call._closed, "closed")
    for place in many(COUNT).read(found.get("anomalies")):
        check(place < len(notes.kept), "anomalies")
        call.anomalies.append(notes.kept[place])
    if found.get("writer") is not None:
        call.writer = _read_writer(found["writer"])
    call.steady = FLAG.read(found.get("steady"))
    check(not call.steady or (call.state == "open" and call.fault is None), "steady")
    return call


def _read_writer(data: object) -> PathWriter:
    writer = WRITER.fill(PathWriter(), data)
    used, path = writer._used, writer._path
    check(len(used) in (0, len(path)), "_used")
    for container, step in zip(used, path, strict=False):
        check(step in container if isinstance(container, set) else container == step + 1, "_used")  # type: ignore[operator]
    return writer


def _reference(calls: Mapping[str, ToolCall]) -> Form:
    """A call that is written down elsewhere: its key."""

    def read(data: object) -> ToolCall:
        check(isinstance(data, str) and data in calls, "a call that is not there")
        return calls[str(data)]

    return Form(lambda call: call.key, read)


def _write_book(book: Book) -> dict[str, object]:
    return {
        "calls": [call.key for call in book.calls],
        "awaited": [call.key for call in book.awaited],
        "latest": None if book.latest is None else book.latest.key,
        "slots": [[_SLOT.write(slot), call.key] for slot, call in book.slots.items()],
        "ids": {id: call.key for id, call in book._ids.items()},
        "aliases": {alias: call.key for alias, call in book._aliases.items()},
    }


def _read_book(book: Book, data: object, calls: Mapping[str, ToolCall]) -> None:
    found = object_of(data)
    reference = _reference(calls)
    book.calls = many(reference).read(found.get("calls"))
    book.awaited = many(reference).read(found.get("awaited"))
    book.latest = maybe(reference).read(found.get("latest"))
    book.slots = pairs(_SLOT, reference).read(found.get("slots"))
    book._ids = named(reference).read(found.get("ids"))
    book._aliases = named(reference).read(found.get("aliases"))


# -- turns and outcomes ----------------------------------------------------------------------


def _write_choice(choice: Choice) -> dict[str, object]:
    return {
        **CHOICE.write(choice),
        "index": choice.index,
        "proses": {name: _write_prose(getattr(choice, name)) for name in _PROSES},
        "book": _write_book(choice.book),
        "output": None if choice.output is None else _write_assembly(choice.output),
    }


def _read_choice(
    data: object, turn: Turn, calls: Mapping[str, ToolCall], table: Provider | None, settings: Settings
) -> Choice:
    found = object_of(data)
    choice = CHOICE.fill(Choice(COUNT.read(found.get("index")), settings.limits.text), data)
    proses = object_of(found.get("proses"))
    for name in _PROSES:
        _read_prose(getattr(choice, name), proses.get(name))
    _read_book(choice.book, found.get("book"), calls)
    if found.get("output") is not None:
        check(settings.output is not None, "output= is not given again")
        choice.output = open_output(settings, choice.index, turn.number)
        _read_assembly(choice.output, found["output"])
        check(choice.answered or not choice.output._closed, "closed")
    if table is not None and table.text_dialect is not None:
        choice.markup = Markup(table.text_dialect)
        choice.markup.feed(choice.heard.text)
        if choice.finish is not None or turn.over or turn.errors:
            choice.markup.close()
    return choice


def _write_turn(turn: Turn) -> dict[str, object]:
    return {**TURN.write(turn), "choices": [_write_choice(choice) for choice in turn.choices.values()]}


def _read_turn(
    data: object, number: int, calls: Mapping[str, ToolCall], table: Provider | None, settings: Settings
) -> Turn:
    turn = TURN.fill(Turn(number, None), data)
    for item in array(object_of(data).get("choices")):
        choice = _read_choice(item, turn, calls, table, settings)
        check(choice.index not in turn.choices, "choices")
        turn.choices[choice.index] = choice
        for call in choice.book.everyone:
            check((call.turn, call.choice) == (number, choice.index), "a call of another choice")
    return turn


def _write_ledger(ledger: Ledger) -> dict[str, object]:
    """Turns, calls and what became of them."""
    places = {id(anomaly): place for place, anomaly in enumerate(ledger.notes.kept)}
    outcomes = ledger.calls.outcomes
    return {
        "calls": [_write_call(call, places) for call in ledger.calls.calls.values()],
        "turns": [_write_turn(turn) for turn in ledger.turns],
        "finished": [
            [event.key, len(event.raw), event.executable, list(event.reasons)] for event in outcomes.finished
        ],
        "failed": [[event.key, len(event.raw), event.reason, event.detail] for event in outcomes.failed],
        "outputs": [
            [event.turn, event.choice, len(event.raw), *_failure(event)] for event in ledger.answers.outputs
        ],
    }


def _failure(event: OutputFinished | OutputFailed) -> tuple[str | None, str]:
    return (event.reason, event.detail) if isinstance(event, OutputFailed) else (None, "")


_FINISHED = fixed(TEXT, COUNT, FLAG, many(TEXT))
_FAILED = fixed(TEXT, COUNT, one_of(get_args(FailureReason)), TEXT)
_OUTPUT = fixed(COUNT, COUNT, COUNT, maybe(one_of(get_args(FailureReason))), TEXT)


def _read_ledger(ledger: Ledger, data: object, table: Provider | None, settings: Settings) -> None:
    """Into a new ledger, whose notes are read already."""
    found = object_of(data)
    calls = ledger.calls.calls
    for item in array(found.get("calls")):
        call = _read_call(item, settings, ledger.notes)
        check(call.key not in calls, "two calls under one key")
        calls[call.key] = call
    turns = array(found.get("turns"))
    check(turns, "turns")
    ledger.turns = [_read_turn(turn, number, calls, table, settings) for number, turn in enumerate(turns)]
    entered = [
        call for turn in ledger.turns for choice in turn.choices.values() for call in choice.book.everyone
    ]
    check(sorted(call.key for call in entered) == sorted(calls), "a call in no choice, or in two")
    _read_outcomes(ledger, found, settings)


def _read_outcomes(ledger: Ledger, found: Mapping[str, object], settings: Settings) -> None:
    calls, outcomes = ledger.calls.calls, ledger.calls.outcomes
    unsaid = {call.key: call.state for call in calls.values() if call.settled}
    for item in array(found.get("finished")):
        key, length, executable, reasons = _FINISHED.read(item)
        check(unsaid.pop(key, None) == "finished", "finished")
        call = calls[key]
        said = _read_again(call, call.policy, call.check)
        verdict = said._replace(executable=executable, reasons=tuple(reasons))
        outcomes.say(call, verdict, call.raw[:length])
    for item in array(found.get("failed")):
        key, length, reason, detail = _FAILED.read(item)
        check(unsaid.pop(key, None) == "failed", "failed")
        call = calls[key]
        errors = judge_again(call, call.policy, _validator(call.check)).errors if reason == "invalid" else ()
        outcomes.say(call, Judgement(reason, detail=detail, errors=errors), call.raw[:length])
    check(not unsaid, "a call that is over, and nothing became of it")
    for item in array(found.get("outputs")):
        number, index, length, reason, detail = _OUTPUT.read(item)
        choice = ledger.turns[number].choices.get(index) if number < len(ledger.turns) else None
        output = None if choice is None else choice.output
        if output is None:
            refuse("outputs")
        verdict = Judgement(reason, detail=detail)
        if reason is None:
            verdict = _read_again(output, settings.policy, settings.output)
        elif reason == "invalid":
            again = judge_again(output, settings.policy, _validator(settings.output))
            verdict = verdict._replace(errors=again.errors)
        ledger.answers.outputs.append(last_word_of(output, verdict, output.raw[:length]))


def _read_again(text: Assembly, policy: Policy, given: Check | None) -> Judgement:
    """What is finished stays so, whatever the validator that is given again says of it."""
    said = judge_again(text, policy, _validator(given))
    check(said.value is not MISSING, "what is finished cannot be read with this dialect and policy")
    return said._replace(failure=None)


def _validator(given: Check | None) -> Validator | None:
    return None if given is None else given.final


# -- all of it -------------------------------------------------------------------------------


class Rest(NamedTuple):
    """What the accumulator itself knows."""

    added: dict[str, ToolCall]
    idle: int
    closed: bool


def write_state(
    settings: Settings, intake: Intake, notes: Notes, metrics: Metrics, ledger: Ledger, rest: Rest
) -> dict[str, object]:
    """All of it. Raises ``TypeError`` for a reader that remembers what cannot be written down."""
    return {
        "version": VERSION,
        "dialect": settings.dialect.name,
        "intake": _write_intake(intake),
        "notes": _write_notes(notes),
        "metrics": METRICS.write(metrics),
        "ledger": _write_ledger(ledger),
        "added": {id: call.key for id, call in rest.added.items()},
        "idle": rest.idle,
        "closed": rest.closed,
    }


def read_state(
    data: object,
    settings: Settings,
    intake: Intake,
    notes: Notes,
    metrics: Metrics,
    ledger: Ledger,
    stream: Stream,
) -> Rest:
    """Into parts that are new. Raises ``CheckpointError``; then they are of no use."""
    found = object_of(data)
    check(found.get("version") == VERSION, "version")
    check(found.get("dialect") == settings.dialect.name, "another dialect than the one that is given")
    _read_intake(intake, found.get("intake"), goes_on=stream == "same")
    _read_notes(notes, found.get("notes"))
    METRICS.fill(metrics, found.get("metrics"))
    _read_ledger(ledger, found.get("ledger"), intake.provider, settings)
    added = named(_reference(ledger.calls.calls)).read(found.get("added"))
    idle, closed = COUNT.read(found.get("idle")), FLAG.read(found.get("closed"))
    if stream == "same":
        check(closed or intake._decoder is None or not intake._decoder._closed, "closed")
        return Rest(added, idle, closed)
    metrics.closed = None
    resume(ledger, intake.provider, added.values(), repeats=stream == "repeats")
    return Rest(added, 0, False)


def provider_of(data: object) -> str:
    """The name of the wire; ``"auto"`` where it was not known yet."""
    name = maybe(TEXT).read(object_of(object_of(data).get("intake")).get("provider"))
    try:
        return "auto" if name is None else table_of(name).name
    except ValueError:
        refuse("a provider that is not known: give its table to restore()")
