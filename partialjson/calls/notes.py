"""The log of anomalies: each is given out as an event and kept, up to a limit; further ones are counted."""

from __future__ import annotations

from collections import Counter

from partialjson.calls.anomalies import SEVERITY, Action, Anomaly
from partialjson.calls.call import ToolCall
from partialjson.calls.events import Event
from partialjson.calls.judgement import doubtful


class Notes:
    """What was odd, and where."""

    __slots__ = ("_limit", "counts", "kept", "ordinal")

    def __init__(self, limit: int | None) -> None:
        self.ordinal = 0
        """The payload being read, from 1."""
        self.kept: list[Anomaly] = []
        self.counts: Counter[str] = Counter()
        """How often each code occurred, those not kept included."""
        self._limit = limit

    def add(
        self,
        events: list[Event],
        code: str,
        action: Action,
        detail: str = "",
        *,
        offset: int | None = None,
        turn: int = 0,
        choice: int = 0,
    ) -> None:
        """Note something about the stream."""
        anomaly = Anomaly(
            code,
            SEVERITY[code],
            action,
            detail,
            self.ordinal,
            offset,
            choice=choice,
            turn=turn,
        )
        self._log(events, anomaly)

    def about(
        self,
        events: list[Event],
        call: ToolCall,
        code: str,
        action: Action,
        detail: str = "",
        *,
        once: bool = True,
    ) -> None:
        """Note something about a call: the first time only, unless every time matters."""
        if once and any(anomaly.code == code for anomaly in call.anomalies):
            return
        anomaly = Anomaly(
            code,
            SEVERITY[code],
            action,
            detail,
            self.ordinal,
            call.length,
            call.key,
            call.id,
            call.choice,
            call.turn,
        )
        if self._log(events, anomaly):
            call.anomalies.append(anomaly)
        if doubtful(code) and code not in call.doubts:
            call.doubts.append(code)

    def _log(self, events: list[Event], anomaly: Anomaly) -> bool:
        events.append(anomaly)
        self.counts[anomaly.code] += 1
        if self._limit is not None and len(self.kept) >= self._limit:
            return False
        self.kept.append(anomaly)
        return True
