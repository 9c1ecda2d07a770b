"""What there is to show of a stream: the calls as the accumulator has them, and what was said of them.

No drawing here: ``picture`` draws the board, ``lines`` tells it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Literal, TypeAlias

from partialjson.calls import (
    Anomaly,
    CallFailed,
    CallFinished,
    EarlyViolation,
    Event,
    ReasoningAdvanced,
    Report,
    TextAdvanced,
    ToolCallAccumulator,
)

Voice: TypeAlias = Literal["reasoning", "text", "refusal"]


class Board:
    """A stream on its way through an accumulator."""

    def __init__(self, accumulator: ToolCallAccumulator) -> None:
        self.accumulator = accumulator
        self.speeches: list[tuple[Voice, list[str]]] = []
        """What was said beside the calls, in order, in pieces."""
        self.outcomes: dict[str, CallFinished | CallFailed] = {}
        """The last word on each call, by its key."""
        self.violations: dict[str, list[EarlyViolation]] = {}
        """What was found before the end of each call, by its key."""
        self.anomalies: list[Anomaly] = []
        """Those that are more than a habit of the wire."""
        self.report: Report | None = None
        """How it ended; None while it goes on."""
        self.bytes = 0
        self.events = 0
        self.busy = 0.0
        """Seconds that the processor spent in the accumulator."""
        self._began = time.monotonic()
        self._elapsed = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning, up to the end."""
        return self._elapsed if self.report else time.monotonic() - self._began

    def feed(self, data: bytes) -> list[Event]:
        """Take in bytes of the stream; what they caused."""
        begin = time.thread_time()
        events = self.accumulator.feed(data)
        self.busy += time.thread_time() - begin
        self.bytes += len(data)
        self._note(events)
        return events

    def close(self) -> list[Event]:
        """The bytes have ended; what that caused."""
        return self._end(self.accumulator.close())

    def abort(self) -> list[Event]:
        """The user has ended it; what that caused."""
        return self._end(self.accumulator.abort("interrupted"))

    def _end(self, report: Report) -> list[Event]:
        self._elapsed = self.elapsed
        self._note(report.events)
        self.report = report
        return list(report.events)

    def _note(self, events: Iterable[Event]) -> None:
        for event in events:
            self.events += 1
            if isinstance(event, TextAdvanced):
                self._say("refusal" if event.refusal else "text", event.text)
            elif isinstance(event, ReasoningAdvanced):
                self._say("reasoning", event.text)
            elif isinstance(event, CallFinished | CallFailed):
                self.outcomes[event.key] = event
            elif isinstance(event, EarlyViolation) and event.key is not None:
                self.violations.setdefault(event.key, []).append(event)
            elif isinstance(event, Anomaly) and event.severity != "info":
                self.anomalies.append(event)

    def _say(self, voice: Voice, text: str) -> None:
        if not self.speeches or self.speeches[-1][0] != voice:
            self.speeches.append((voice, []))
        self.speeches[-1][1].append(text)
