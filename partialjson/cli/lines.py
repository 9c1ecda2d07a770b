"""Tells a stream line by line, for a log or a pipe: one line for each event worth telling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from partialjson.calls import (
    Anomaly,
    CallAdvanced,
    CallFailed,
    CallFinished,
    CallReset,
    CallStarted,
    EarlyViolation,
    Event,
    ReasoningAdvanced,
    TextAdvanced,
    ToolCallAccumulator,
    TurnFinished,
)
from partialjson.cli.printable import printable, shortened
from partialjson.cli.verdicts import too_late, verdict
from partialjson.cli.writing import scalar

_LONGEST: Final = 1_000


class Lines:
    """``take`` the events, then ``rest`` at the end, and print what they give."""

    def __init__(self, accumulator: ToolCallAccumulator) -> None:
        self._accumulator = accumulator
        self._word = ""
        self._said: list[str] = []

    def take(self, events: Iterable[Event]) -> Iterator[str]:
        """The lines for these events. Text is told when something else comes."""
        for event in events:
            if isinstance(event, CallAdvanced):
                continue
            word = _speech(event)
            if word != self._word:
                yield from self.rest()
                self._word = word
            if isinstance(event, TextAdvanced | ReasoningAdvanced):
                self._said.append(event.text)
            elif type(event) in _TOLD:
                yield from _TOLD[type(event)](event, self._name_of(event))

    def rest(self) -> Iterator[str]:
        """The lines for text that was not told yet."""
        said = "".join(self._said).strip()
        self._said = []
        for line in said.splitlines():
            yield _line(self._word, printable(line))

    def _name_of(self, event: Event) -> str:
        if event.key is None:
            return ""
        call = self._accumulator[event.key]
        return f"{printable(call.name or '(no name)')} ({printable(call.id)})"


def _speech(event: Event) -> str:
    if isinstance(event, ReasoningAdvanced):
        return "reasoning"
    if isinstance(event, TextAdvanced):
        return "refusal" if event.refusal else "text"
    return ""


def _line(word: str, *what: str) -> str:
    return f"{word:<10} {' '.join(filter(None, what))}"


def _started(event: CallStarted, name: str) -> Iterator[str]:
    yield _line("call", name, "" if event.kind == "function" else f"[{event.kind}]")


def _reset(event: CallReset, name: str) -> Iterator[str]:
    yield _line("restated", name, event.code)


def _violation(event: EarlyViolation, name: str) -> Iterator[str]:
    yield _line("violation", name, too_late(event))


def _finished(event: CallFinished, name: str) -> Iterator[str]:
    words = verdict(event)
    yield _line(
        f"{words.mark} call",
        name,
        f"{words.headline}:",
        shortened(printable(scalar(event.arguments)), _LONGEST),
    )
    for detail in words.details:
        yield _line("", name, detail)


def _failed(event: CallFailed, name: str) -> Iterator[str]:
    words = verdict(event)
    yield _line(f"{words.mark} call", name, words.headline)
    for detail in words.details:
        yield _line("", name, detail)


def _anomaly(event: Anomaly, name: str) -> Iterator[str]:
    if event.severity != "info":
        yield _line(event.severity, name, event.code, printable(event.detail))


def _turn(event: TurnFinished, name: str) -> Iterator[str]:
    yield _line("turn over", printable(event.finish_reason or "(no finish reason)"))


_TOLD: Final[Mapping[type, Callable[[Any, str], Iterator[str]]]] = {
    CallStarted: _started,
    CallReset: _reset,
    EarlyViolation: _violation,
    CallFinished: _finished,
    CallFailed: _failed,
    Anomaly: _anomaly,
    TurnFinished: _turn,
}
