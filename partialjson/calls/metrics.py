"""When things happened, by the caller's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partialjson.calls.events import (
    CallAdvanced,
    CallFinished,
    CallStarted,
    Event,
    OutputAdvanced,
    OutputFinished,
    ReasoningAdvanced,
    TextAdvanced,
)


@dataclass(slots=True)
class Metrics:
    """Times in seconds of the clock, None for what did not happen.

    A *silence* is the time between any two feeds, a *gap* that between two feeds that said something,
    from the first feed on, and up to the end of a stream that was cut. Heartbeats end a silence, but
    no gap. A gap, or a silence, of ``stall`` seconds or more is a stall. An answer that hangs is one
    that nobody feeds: a timer of the caller's asks ``since_content`` and ``since_fed``.
    """

    started: float
    """When the accumulator was made."""
    stall: float = 10.0
    """Seconds; set it before the first feed."""
    first_fed: float | None = None
    first_payload: float | None = None
    first_text: float | None = None
    first_reasoning: float | None = None
    first_call: float | None = None
    first_argument: float | None = None
    first_value: float | None = None
    """The first value inside of arguments, or of a structured answer, that could not change any more."""
    first_finished: float | None = None
    last_fed: float | None = None
    last_content: float | None = None
    closed: float | None = None
    longest_gap: float = 0.0
    longest_silence: float = 0.0
    stalled_gaps: int = 0
    stalled_silences: int = 0
    feeds: int = 0
    """How often something was fed or added, or a call ended by hand."""
    payloads: int = 0
    bytes: int = 0

    def since_content(self, now: float) -> float:
        """Seconds since something was said; before the first time, since the first feed."""
        since = self.first_fed if self.last_content is None else self.last_content
        return now - (self.started if since is None else since)

    def since_fed(self, now: float) -> float:
        """Seconds since anything came, a heartbeat included."""
        return now - (self.started if self.last_fed is None else self.last_fed)

    def end_gap(self, now: float) -> None:
        """Something was said, or the stream was cut."""
        since = self.last_content
        gap = self.since_content(now) if since is None else now - since
        if gap > self.longest_gap:
            self.longest_gap = gap
        if gap >= self.stall:
            self.stalled_gaps += 1
        self.last_content = now

    def end_silence(self, now: float) -> None:
        """Something came, or the stream was cut."""
        since = self.last_fed
        silence = self.since_fed(now) if since is None else now - since
        if silence > self.longest_silence:
            self.longest_silence = silence
        if silence >= self.stall:
            self.stalled_silences += 1
        self.last_fed = now


_FIRSTS: Mapping[type, str] = {
    TextAdvanced: "first_text",
    OutputAdvanced: "first_text",
    ReasoningAdvanced: "first_reasoning",
    CallStarted: "first_call",
    CallAdvanced: "first_argument",
    CallFinished: "first_finished",
    OutputFinished: "first_finished",
}
_GROWING = (CallAdvanced, OutputAdvanced)


def mark(metrics: Metrics, now: float, events: Sequence[Event]) -> None:
    """Note a feed at ``now`` that gave these events."""
    metrics.feeds += 1
    if metrics.first_fed is None:
        metrics.first_fed = metrics.last_fed = now
    else:
        metrics.end_silence(now)
    if metrics.first_payload is None and metrics.payloads:
        metrics.first_payload = now
    said = False
    for event in events:
        first = _FIRSTS.get(type(event))
        if first is None:
            continue
        said = True
        if getattr(metrics, first) is None:
            setattr(metrics, first, now)
        if metrics.first_value is None and isinstance(event, _GROWING) and event.holds_value:
            metrics.first_value = now
    if said:
        metrics.end_gap(now)
