"""What became of the calls: each one's last event."""

from __future__ import annotations

from partialjson.calls.anomalies import Action
from partialjson.calls.call import ToolCall
from partialjson.calls.events import CallFailed, CallFinished, Event
from partialjson.calls.judgement import Judgement
from partialjson.calls.notes import Notes
from partialjson.errors import pointer, quote


class Outcomes:
    """The calls that are finished, and those that failed."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.finished: list[CallFinished] = []
        self.failed: list[CallFailed] = []

    def settle(self, call: ToolCall, judgement: Judgement, events: list[Event]) -> None:
        """Give out the call's last event."""
        call.steady = False
        if judgement.code is not None:
            action: Action = "noted" if judgement.failure is None else "stopped"
            self._notes.about(events, call, judgement.code, action, judgement.detail)
        for coercion in judgement.coercions:
            place = quote(pointer(coercion.path))
            self._notes.about(events, call, "coerced", "replaced", place, once=False)
        call.state = "finished" if judgement.failure is None else "failed"
        events.append(self.say(call, judgement, call.raw))

    def say(self, call: ToolCall, judgement: Judgement, raw: str) -> CallFinished | CallFailed:
        """Put down the call's last event; ``raw`` is what had arrived by then."""
        if judgement.failure is None:
            finished = CallFinished(
                call.key,
                call.id,
                call.name or "",
                call.kind,
                judgement.value,
                judgement.validated,
                raw,
                judgement.repairs,
                judgement.executable,
                judgement.reasons,
                call.choice,
                call.turn,
            )
            self.finished.append(finished)
            return finished
        failed = CallFailed(
            call.key,
            call.id,
            call.name,
            call.kind,
            judgement.failure,
            call.partial,
            raw,
            judgement.errors,
            judgement.detail,
            call.choice,
            call.turn,
        )
        self.failed.append(failed)
        return failed
