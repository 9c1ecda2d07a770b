"""The front door: whatever a provider streams goes in, events come out, and at the end a report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from partialjson.calls.assembly import DEFAULT_LIMITS
from partialjson.calls.call import ToolCall
from partialjson.calls.checkpoint import Rest, provider_of, read_state, write_state
from partialjson.calls.events import CallAdvanced, Event, TurnFinished
from partialjson.calls.intake import Intake, Taken, Trouble
from partialjson.calls.judgement import Judgement
from partialjson.calls.ledger import Ledger
from partialjson.calls.metrics import Metrics, mark
from partialjson.calls.notes import Notes
from partialjson.calls.policy import BALANCED, Policy
from partialjson.calls.report import Report
from partialjson.calls.resumption import Stream, left_open
from partialjson.calls.settings import Check, Settings
from partialjson.calls.turn import Turn
from partialjson.dialects import LENIENT, Dialect
from partialjson.fragment import Fragment
from partialjson.limits import Limits
from partialjson.providers import Provider, table_of
from partialjson.schema import EarlyValidator, Tool, tools_from

_NEW = object.__new__

# What ``add`` says, it says itself: there is no wire to have habits.
_BY_HAND = Provider(name="add", matches=lambda payload: False, reader=lambda: lambda payload: ())


class ToolCallAccumulator:
    """Puts together the tool calls, the text and the structured answer of a stream.

    ``provider`` is the name of a wire, a table of your own, or ``"auto"``: the first payload tells.
    ``tools`` says which calls there may be and how their arguments are validated: a mapping of names to
    JSON Schemas, pydantic models, ``TypeAdapter``s or callables, or a list of definitions as a request
    holds them. Without tools every name is accepted and nothing is validated. ``output`` is the same
    for a structured answer in the text. ``policy`` decides what may be executed, ``clock`` gives the
    times in the metrics, in seconds.

    Raises ``ValueError`` or ``TypeError`` for an unknown provider, and for tools that are none.
    """

    def __init__(
        self,
        provider: str | Provider = "auto",
        *,
        tools: Mapping[str, object] | Iterable[object] | None = None,
        output: object = None,
        dialect: Dialect = LENIENT,
        policy: Policy = BALANCED,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        table = None if provider == "auto" else table_of(provider)
        self._set_up(
            table,
            clock,
            Settings(
                None if tools is None else {name: _check(tool) for name, tool in tools_from(tools).items()},
                None if output is None else _check(tools_from({"output": output})["output"]),
                dialect,
                policy,
                limits,
            ),
        )

    def _set_up(self, table: Provider | None, clock: Callable[[], float], settings: Settings) -> None:
        self._settings = settings
        self._clock = clock
        self._metrics = Metrics(clock())
        self._calm = 0.0
        """Seconds: a shorter pause before added text is nothing new."""
        self._notes = Notes(settings.limits.anomalies)
        self._ledger = Ledger(settings, self._notes, self._turn_finished)
        self._intake = Intake(table, settings.limits)
        self._added: dict[str, ToolCall] = {}
        self._idle = 0
        self._report: Report | None = None

    # In

    def feed(self, payload: object) -> list[Event]:
        """Take in what came off the wire: bytes or text cut anywhere, a payload as a mapping, or the
        object of an SDK. Returns the events that it caused.

        It never raises on account of what it is given: what cannot be read becomes an ``Anomaly``.
        """
        events: list[Event] = []
        if self._report is not None:
            self._notes.add(events, "late-event", "dropped")
            return events
        for taken in self._intake.take(payload):
            self._take(taken, events)
        self._mark(events, self._clock())
        return events

    def add(self, tool_call_id: str, arguments: str = "", *, name: str | None = None) -> list[Event]:
        """Take in argument text for the call of that id: for a transport of your own.

        The first ``add`` of an id opens the call. Without ``tools`` it may stay without a name (``""``);
        with them, it starts when it has one. Like ``feed``, it never raises on account of what the text is,
        nor if it is none.
        """
        call = self._added.get(tool_call_id)
        if (
            call is None
            or name is not None
            or type(arguments) is not str
            or not call.steady
            or not 0 < len(arguments) < call.length
        ):
            return self._add(tool_call_id, arguments, name)
        # The way of nearly all fragments, as short as it can be.
        if not arguments.isascii():
            arguments = call.whole_characters(arguments)
            if not arguments:
                return []
        violations = call.advance(arguments)
        event = _NEW(CallAdvanced)  # its __init__ would cost a twentieth of the whole
        event._source, event.text = call, arguments
        events: list[Event] = [event]
        if violations or call.fault is not None:
            self._ledger.calls.applied(call, violations, events)
        metrics, now = self._metrics, self._clock()
        since = metrics.last_content
        if since is not None and now - since < self._calm:
            metrics.feeds += 1
            metrics.last_fed = metrics.last_content = now
        else:
            self._mark(events, now)
        return events

    def _add(self, id: str, arguments: str, name: str | None) -> list[Event]:
        events: list[Event] = []
        if self._report is not None:
            self._notes.add(events, "late-event", "dropped")
            return events
        self._notes.ordinal += 1
        call = self._added.get(id)
        if call is not None and call.state == "open" and name is None and type(arguments) is str:
            self._ledger.calls.extend(call, arguments, "delta", events)
            self._mark(events, self._clock())
            return events
        self._ledger.apply(Fragment("call", arguments, id=id, name=name), _BY_HAND, events)
        choice = self._ledger.turn.choices.get(0)
        call = None if choice is None else choice.book.latest
        if call is not None and call.id == id:
            self._added[id] = call
            if call.state == "pending" and self._settings.tools is None:
                call.name = call.name or ""
                self._ledger.calls.start(call, events)
        self._mark(events, self._clock())
        return events

    def end(self, tool_call_id: str) -> list[Event]:
        """The call of that id is over, on your word: it gets its verdict. An unknown id is ignored."""
        events: list[Event] = []
        if self._report is not None:
            self._notes.add(events, "late-event", "dropped")
            return events
        self._ledger.apply(Fragment("end", True, id=tool_call_id), _BY_HAND, events)
        self._mark(events, self._clock())
        return events

    def close(self) -> Report:
        """The bytes have ended. What nobody finished is cut; the report's ``events`` say so.

        Calling it again gives the same report.
        """
        if self._report is None:
            events: list[Event] = []
            for taken in self._intake.close():
                self._take(taken, events)
            self._report = self._ended(events)
        return self._report

    def abort(self, reason: str = "") -> Report:
        """You have ended it. What is open fails as ``"aborted"``; what was finished stays so."""
        if self._report is None:
            events: list[Event] = []
            self._notes.add(events, "aborted", "stopped", reason)
            for turn in self._ledger.turns:
                turn.owes_finish = False
                self._ledger.fail_open(turn, Judgement("aborted", "aborted", reason), self._table, events)
            self._report = self._ended(events)
        return self._report

    def checkpoint(self) -> dict[str, object]:
        """The whole state as plain JSON data (never pickle), to go on in another process.

        Not in it, to be given to ``restore`` again: tools and output, dialect, policy, limits, the clock,
        and a provider's table of your own. Times are those of the clock: one that counts on in the other
        process, as ``time.time`` does, keeps them meaningful. Raises ``TypeError`` if the reader of a table
        of your own remembers what came before and has no ``checkpoint()``.
        """
        return write_state(
            self._settings,
            self._intake,
            self._notes,
            self._metrics,
            self._ledger,
            Rest(self._added, self._idle, self._report is not None),
        )

    @classmethod
    def restore(
        cls,
        data: object,
        provider: str | Provider = "auto",
        *,
        tools: Mapping[str, object] | Iterable[object] | None = None,
        output: object = None,
        dialect: Dialect = LENIENT,
        policy: Policy = BALANCED,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.monotonic,
        stream: Stream = "same",
    ) -> ToolCallAccumulator:
        """The accumulator that ``checkpoint()`` described.

        ``stream`` says what will be fed: the ``"same"`` stream, which goes on identically, or after a cut
        another one, which ``"continues"`` the text of the last turn or ``"repeats"`` it from the start.
        Then what was cut or aborted is open again, also after ``close()``, and nothing is told twice.

        ``provider`` is needed where the table is your own. What was finished stays finished; the instances
        in ``validated`` are made again. Raises ``CheckpointError`` for anything that is no checkpoint, or a
        damaged one, or one of another provider or dialect.
        """
        table = provider_of(data) if provider == "auto" else provider
        restored = cls(
            table, tools=tools, output=output, dialect=dialect, policy=policy, limits=limits, clock=clock
        )
        rest = read_state(
            data,
            restored._settings,
            restored._intake,
            restored._notes,
            restored._metrics,
            restored._ledger,
            stream,
        )
        restored._added, restored._idle = rest.added, rest.idle
        if rest.closed:
            restored._report = restored._report_on(restored._ledger.turns, [], restored._read_whole)
        return restored

    # What there is

    @property
    def calls(self) -> list[ToolCall]:
        """All calls, in the order of their first fragments."""
        return list(self._ledger.calls.calls.values())

    def __getitem__(self, key: str) -> ToolCall:
        """The call with that key; or else the latest with that id."""
        calls = self._ledger.calls.calls
        if key in calls:
            return calls[key]
        for call in reversed(calls.values()):
            if call.id == key:
                return call
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(key in (call.key, call.id) for call in self._ledger.calls.calls.values())

    @property
    def metrics(self) -> Metrics:
        """The times so far; they go on as the stream does."""
        return self._metrics

    @property
    def provider(self) -> str | None:
        """The wire's name; None while it is not known."""
        return None if self._intake.provider is None else self._intake.provider.name

    # Inside

    def _mark(self, events: list[Event], now: float) -> None:
        mark(self._metrics, now, events)
        if self._metrics.first_value is not None:
            self._calm = min(self._metrics.longest_silence, self._metrics.stall)

    @property
    def _table(self) -> Provider:
        """The wire's table; where there is no wire, or none is known yet, ours."""
        return self._intake.provider or _BY_HAND

    def _take(self, taken: Taken, events: list[Event]) -> None:
        ledger, table = self._ledger, self._table
        if isinstance(taken, Trouble):
            turn = ledger.turn.number
            self._notes.add(events, taken.code, taken.action, taken.detail, offset=taken.offset, turn=turn)
            return
        if isinstance(taken, Fragment):
            ledger.apply(taken, table, events)
            return
        self._metrics.payloads += 1
        self._notes.ordinal += 1
        fragments = self._intake.read(taken)
        idle = True
        for fragment in fragments:
            idle = False
            ledger.apply(fragment, table, events)
        if idle:
            self._idle += 1
            if self._idle == self._settings.limits.idle_events:
                self._notes.add(events, "limit", "noted", "idle_events")
        else:
            self._idle = 0
            turn_now = ledger.turns[-1]
            turn_now.owes_finish = not turn_now.over

    def _ended(self, events: list[Event]) -> Report:
        now = self._clock()
        if any(turn.waits for turn in self._ledger.turns):
            self._metrics.end_silence(now)
            self._metrics.end_gap(now)
        for turn in self._ledger.turns:
            self._ledger.conclude(turn, "eof", self._table, events)
        self._metrics.closed = now
        return self._report_on(self._ledger.turns, events, self._read_whole)

    def _turn_finished(self, turn: Turn) -> TurnFinished:
        report = self._report_on([turn])
        return TurnFinished(report.reason, report.finish_reason, report.usage, report, turn=turn.number)

    def _report_on(
        self,
        turns: list[Turn],
        events: list[Event] | None = None,
        read_whole: Callable[[object], Report] | None = None,
    ) -> Report:
        ledger = self._ledger
        numbers = {turn.number for turn in turns}
        first_choices = [turn.choices[min(turn.choices)] for turn in turns if turn.choices]
        last = turns[-1]
        choice = first_choices[-1] if last.choices else None
        reason = None if choice is None else choice.meaning
        calls = tuple(call for call in ledger.calls.calls.values() if call.turn in numbers)
        if reason == "stop" and choice is not None and any(c.kind != "server" for c in choice.book.calls):
            reason = "tool_calls"
        outputs = [output for output in ledger.answers.outputs if output.turn in numbers]
        self._metrics.bytes = self._intake.bytes
        return Report(
            self._intake.provider,
            calls,
            tuple(event for event in ledger.calls.outcomes.finished if event.turn in numbers),
            tuple(event for event in ledger.calls.outcomes.failed if event.turn in numbers),
            min(outputs, key=lambda output: output.choice) if outputs else None,
            "".join(choice.text.text for choice in first_choices),
            "".join(choice.reasoning.text for choice in first_choices),
            "".join(choice.refusal.text for choice in first_choices),
            reason,
            None if choice is None else choice.finish,
            {index: choice.finish for index, choice in last.choices.items() if choice.finish is not None},
            dict(last.usage) or None,
            tuple(error for turn in turns for error in turn.errors),
            tuple(self._notes.kept),
            dict(self._notes.counts),
            replace(self._metrics),
            tuple(events or ()),
            left_open(ledger, turns),
            read_whole,
        )

    def _read_whole(self, response: object) -> Report:
        twin = ToolCallAccumulator.__new__(ToolCallAccumulator)
        twin._set_up(self._intake.provider, self._clock, self._settings)
        twin.feed(response)
        return twin.close()


def _check(tool: Tool) -> Check:
    if tool.source is None or tool.kind != "function":
        return Check(tool.validator)
    # A string may turn out to hold the arguments, and null to mean {}: the policy decides that at the end.
    return Check(tool.validator, partial(EarlyValidator, tool.source, scalars=False))
