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
    ReasoningAdvanced,
    TextAdvanced,
)


@dataclass(slots=True)
class Metrics:
    """Times in seconds of the clock, None for what did not happen; ``started`` is when it was made.

    ``longest_gap`` is the longest time between two payloads that said something, ``longest_silence``
    between any two feeds: heartbeats end a silence, but no gap.
    """

    started: float
    first_fed: float | None = None
    first_text: float | None = None
    first_reasoning: float | None = None
    first_call: float | None = None
    first_argument: float | None = None
    first_finished: float | None = None
    last_fed: float | None = None
    last_content: float | None = None
    closed: float | None = None
    longest_gap: float = 0.0
    longest_silence: float = 0.0
    feeds: int = 0
    payloads: int = 0
    bytes: int = 0


_FIRSTS: Mapping[type, str] = {
    TextAdvanced: "first_text",
    OutputAdvanced: "first_text",
    ReasoningAdvanced: "first_reasoning",
    CallStarted: "first_call",
    CallAdvanced: "first_argument",
    CallFinished: "first_finished",
}


def mark(metrics: Metrics, now: float, events: Sequence[Event]) -> None:
    """Note a feed at ``now`` that gave these events."""
    metrics.feeds += 1
    if metrics.last_fed is None:
        metrics.first_fed = now
    elif now - metrics.last_fed > metrics.longest_silence:
        metrics.longest_silence = now - metrics.last_fed
    metrics.last_fed = now
    for event in events:
        first = _FIRSTS.get(type(event))
        if first is None:
            continue
        if metrics.last_content is not None and now - metrics.last_content > metrics.longest_gap:
            metrics.longest_gap = now - metrics.last_content
        metrics.last_content = now
        if getattr(metrics, first) is None:
            setattr(metrics, first, now)
