"""What came of a stream, with all its evidence: for the caller, for a log, for the next request."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from partialjson.calls.anomalies import Anomaly
from partialjson.calls.call import ToolCall
from partialjson.calls.characters import repair_halves
from partialjson.calls.copying import copied
from partialjson.calls.events import CallFailed, CallFinished, Event, OutputFailed, OutputFinished
from partialjson.calls.metrics import Metrics
from partialjson.errors import InvalidArguments, Path, quote
from partialjson.providers import Provider, Said, table_of
from partialjson.providers.table import Finish

_DEEPEST = 64


class Difference(NamedTuple):
    """Where a streamed answer and the same answer in one piece differ."""

    where: str
    streamed: object
    whole: object


class LeftOpen(NamedTuple):
    """Where a call, or the structured answer (``key`` is None), stood when it was cut or aborted."""

    key: str | None
    path: Path | None
    """Of the innermost value that was still growing; None where none was."""
    text: str
    """What there is of its text."""
    choice: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a stream, or of a turn.

    Failures are data here; ``raise_for_errors`` makes them an exception.
    """

    table: Provider | None
    """The wire's table; None where none was recognised (or needed, with ``add``)."""
    calls: tuple[ToolCall, ...]
    """All calls, in the order of their first fragments."""
    finished: tuple[CallFinished, ...]
    failed: tuple[CallFailed, ...]
    output: OutputFinished | OutputFailed | None
    """The structured answer of the first choice, where one was expected."""
    text: str
    """The visible text of the first choice."""
    reasoning: str
    refusal: str
    reason: Finish | None
    """Why the (last) turn ended, in our vocabulary: ``"tool_calls"`` wherever calls were meant."""
    finish_reason: str | None
    """The same in the provider's own word, of the first choice."""
    finish_reasons: Mapping[int, str]
    """The provider's word for each choice of the last turn."""
    usage: Mapping[str, object] | None
    """The provider's token counts of the last turn."""
    errors: tuple[object, ...]
    """The provider's error objects, as they came."""
    anomalies: tuple[Anomaly, ...]
    anomaly_counts: Mapping[str, int]
    """How often each code occurred, also beyond ``Limits.anomalies``."""
    metrics: Metrics
    events: tuple[Event, ...] = ()
    """The events that the end itself caused, which no ``feed`` has given out."""
    left_open: tuple[LeftOpen, ...] = ()
    """What was cut or aborted, and where: what another stream may go on with."""
    read_whole: Callable[[object], Report] | None = field(default=None, repr=False, compare=False)
    """Reads an answer that was not streamed, in the same way."""

    @property
    def provider(self) -> str | None:
        """The wire's name."""
        return None if self.table is None else self.table.name

    def raise_for_errors(self) -> None:
        """Raise ``InvalidArguments`` if a call or the output failed, or the provider reported an error.

        ``failures`` holds the events, or else the provider's errors.
        """
        failures: list[object] = [*self.failed]
        if isinstance(self.output, OutputFailed):
            failures.append(self.output)
        failures = failures or list(self.errors)
        if failures:
            raise InvalidArguments("; ".join(_sentence(failure) for failure in failures[:5]), failures)

    def to_json(self) -> dict[str, object]:
        """The report as plain JSON data, for a log: what came, what was odd, what was decided and why."""
        last_words: dict[str, CallFinished | CallFailed] = {event.key: event for event in self.finished}
        last_words.update({event.key: event for event in self.failed})
        return {
            "provider": self.provider,
            "calls": [_call_as_json(call, last_words.get(call.key)) for call in self.calls],
            "output": None if self.output is None else _outcome_as_json(self.output),
            "left_open": [
                {**cut._asdict(), "path": None if cut.path is None else list(cut.path)}
                for cut in self.left_open
            ],
            "text": self.text,
            "reasoning": self.reasoning,
            "refusal": self.refusal,
            "reason": self.reason,
            "finish_reason": _plain(self.finish_reason),
            "finish_reasons": _plain(self.finish_reasons),
            "usage": _plain(self.usage),
            "errors": _plain(list(self.errors)),
            "anomalies": [dataclasses.asdict(anomaly) for anomaly in self.anomalies],
            "anomaly_counts": dict(self.anomaly_counts),
            "metrics": dataclasses.asdict(self.metrics),
        }

    def to_history(self, provider: str | Provider | None = None) -> dict[str, object]:
        """The model's turn as a message for the next request to ``provider`` (default: where it came from).

        Arguments are always a JSON object: those of a call that failed are
        ``{"INVALID_JSON": its raw text}``, as Anthropic's documentation suggests, or ``{}``. Ids fit the
        provider's form and differ from each other; ``history_ids`` tells them. Calls that the provider
        ran itself are left out (their results are in no report), and one that held others gives way to
        them. Raises ``ValueError`` for a provider whose messages we cannot write.
        """
        table = table_of(provider or self.table or "")
        if table.history is None:
            raise ValueError(f"no history can be written for {table.name!r}")
        ids = self.history_ids(table)
        arguments = {event.key: event.arguments for event in self.finished}
        unwrapped = {event.key for event in self.finished if "unwrapped" in event.reasons}
        at_home = self.table is not None and self.table.history is table.history
        said = []
        for call in self.calls:
            if call.kind == "server" or not call.name or call.key in unwrapped:
                continue
            value = arguments.get(call.key)
            if value is None or not _is_json(value):
                value = _unread(call)
            meta = dict(call.meta) if at_home else {}  # a signature means nothing to anyone else
            said.append(Said(ids[call.key], call.name, call.kind, copied(value), meta))
        return table.history(self.text, said)

    def history_ids(self, provider: str | Provider | None = None) -> dict[str, str]:
        """For each call's key the id that ``to_history`` gives it, which its result has to go back under."""
        table = table_of(provider or self.table or "")
        ids: dict[str, str] = {}
        for call in self.calls:
            base = table.foreign_id.sub(table.id_filler, call.id)[-table.longest_id :] or "call"
            base = base.ljust(table.shortest_id, table.id_filler)
            id, copies = base, 1
            while id in ids.values():
                copies += 1
                suffix = f"{table.id_filler}{copies}"
                id = base[: table.longest_id - len(suffix)] + suffix
            ids[call.key] = id
        return ids

    def compare(self, response: object) -> tuple[Difference, ...]:
        """Where this differs from the same answer that was not streamed (a mapping, or the SDK's object)."""
        if self.read_whole is None:
            raise ValueError("a report of one turn cannot read a response; take that of close()")
        whole = self.read_whole(response)
        found = [
            Difference(where, streamed, other)
            for where, streamed, other in (
                ("text", self.text, whole.text),
                ("refusal", self.refusal, whole.refusal),
                ("finish_reason", self.finish_reason, whole.finish_reason),
                ("number of calls", len(self.calls), len(whole.calls)),
            )
            if streamed != other
        ]
        ours, theirs = ({event.key: event.arguments for event in report.finished} for report in (self, whole))
        for index, (call, other_call) in enumerate(zip(self.calls, whole.calls, strict=False)):
            for member, streamed, other in (
                ("id", call.id, other_call.id),
                ("name", call.name, other_call.name),
                ("arguments", ours.get(call.key), theirs.get(other_call.key)),
            ):
                synthesized = member == "id" and call.synthesized and other_call.synthesized
                if streamed != other and not synthesized:
                    found.append(Difference(f"calls[{index}].{member}", streamed, other))
        return tuple(found)


def _is_json(value: object) -> bool:
    """Whether the value can be written down again: a dialect may have read a NaN."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return True


def _unread(call: ToolCall) -> object:
    """What stands for the arguments of a call that has none."""
    if call.kind == "custom":
        return call.raw
    return {"INVALID_JSON": call.raw} if call.raw.strip() else {}


def _sentence(failure: object) -> str:
    if isinstance(failure, CallFailed):
        name = quote(failure.name or failure.id)
        return f"call {name} {failure.reason}: {failure.detail}".removesuffix(": ")
    if isinstance(failure, OutputFailed):
        return f"output {failure.reason}: {failure.detail}".removesuffix(": ")
    return f"provider error {quote(str(failure))}"


def _call_as_json(call: ToolCall, last_word: CallFinished | CallFailed | None) -> dict[str, object]:
    record: dict[str, object] = {
        "key": call.key,
        "id": call.id,
        "synthesized": call.synthesized,
        "name": call.name,
        "kind": call.kind,
        "index": call.index if isinstance(call.index, int | str | None) else list(call.index),
        "choice": call.choice,
        "turn": call.turn,
        "state": call.state,
        "raw": call.raw,
        "text": call.text,
        "lost": call.lost,
        "anomalies": [anomaly.code for anomaly in call.anomalies],
    }
    if last_word is not None:
        record.update(_outcome_as_json(last_word))
    return record


def _outcome_as_json(event: CallFinished | CallFailed | OutputFinished | OutputFailed) -> dict[str, object]:
    if isinstance(event, CallFailed | OutputFailed):
        errors = [
            {"pointer": error.pointer, "keyword": error.keyword, "message": error.message}
            for error in event.errors
        ]
        return {"outcome": event.reason, "detail": event.detail, "errors": errors}
    value = event.arguments if isinstance(event, CallFinished) else event.value
    repairs = [{**dataclasses.asdict(repair), "path": list(repair.path)} for repair in event.repairs]
    record: dict[str, object] = {"outcome": "finished", "value": copied(value), "repairs": repairs}
    if isinstance(event, CallFinished):
        record.update(executable=event.executable, reasons=list(event.reasons))
    return record


def _plain(value: object, depth: int = 0) -> object:
    """The value as plain JSON data; what is none, or is nested too deep for a log, becomes text."""
    if isinstance(value, str):
        return repair_halves(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {repair_halves(str(name)): _plain(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return [_plain(item, depth + 1) for item in value]
    return type(value).__name__
