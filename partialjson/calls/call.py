"""A tool call as the ledger keeps it, and as a user reads it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal, TypeAlias

from partialjson.calls.anomalies import Anomaly
from partialjson.calls.assembly import Assembly
from partialjson.calls.paths import PathWriter
from partialjson.calls.policy import Policy
from partialjson.calls.settings import Check, Settings
from partialjson.dialects import Dialect
from partialjson.fragment import CallKind, Fragment
from partialjson.limits import Limits
from partialjson.schema.verdict import Violation

State: TypeAlias = Literal["pending", "open", "ended", "finished", "failed"]
Slot: TypeAlias = int | str | tuple[int, ...]

SYNTHESIZED = "pj_"


class ToolCall(Assembly):
    """One tool call, from its first fragment on.

    It has no ``arguments``: those are in ``CallFinished``, when there are any. ``partial`` is the value
    so far, ``raw`` all the text that arrived, ``text`` the text as it was assembled.

    ============== ===============================================
    ``state``
    ============== ===============================================
    ``"pending"``  no name yet, or not all of it
    ``"open"``     its text may go on
    ``"ended"``    the provider ended it; the verdict has to wait
    ``"finished"`` ``CallFinished`` was given out
    ``"failed"``   ``CallFailed`` was given out
    ============== ===============================================
    """

    __slots__ = (
        "alias",
        "anomalies",
        "check",
        "doubts",
        "id",
        "index",
        "key",
        "kind",
        "meta",
        "name",
        "policy",
        "started",
        "state",
        "synthesized",
        "writer",
    )

    def __init__(
        self,
        key: str,
        id: str | None,
        kind: CallKind,
        *,
        dialect: Dialect,
        limits: Limits,
        policy: Policy,
        choice: int,
        turn: int,
    ) -> None:
        super().__init__(None if kind == "custom" else dialect, limits, choice, turn)
        self.key = key
        """Unique in the accumulator; the wire's id, where that is."""
        self.id = id or key
        """What the result goes back under."""
        self.synthesized = id is None
        """The wire gave no id, and ``id`` is ours."""
        self.kind: CallKind = kind
        self.name: str | None = None
        self.index: Slot | None = None
        """The slot it was last addressed by, or None."""
        self.alias: str | None = None
        """The wire's second id for it (``item_id``), or None."""
        self.state: State = "pending"
        self.started = False
        """``CallStarted`` was given out."""
        self.anomalies: list[Anomaly] = []
        self.meta: dict[str, object] = {}
        """What has to go back with the call (thought signature, caller)."""
        self.check: Check | None = None
        """How its arguments are judged; None where nothing is known of the tool."""
        self.writer: PathWriter | None = None
        """Makes text of its arguments, where they come by path."""
        self.policy = policy
        self.doubts: list[str] = []
        """The codes of those anomalies that keep it from being executed."""

    @property
    def over(self) -> bool:
        """Whether more text would be late."""
        return self.state in ("ended", "finished", "failed")

    @property
    def settled(self) -> bool:
        """Whether its last event was given out."""
        return self.state in ("finished", "failed")

    def know(self, settings: Settings) -> Sequence[Violation]:
        """The name is final: what the settings say of its tool counts from here on, also for what came
        before."""
        self.started = True
        self.policy = settings.policy.for_tool(self.name)
        self.check = None if settings.tools is None else settings.tools.get(self.name or "")
        early = None if self.check is None else self.check.early
        return () if early is None else self.watch(partial(early, coerced=self.policy.coerces))

    def continued_by(self, fragment: Fragment, text: str) -> bool:
        """Whether the fragment is an ordinary delta, which needs no second look."""
        return (
            self.steady
            and 0 < len(text) < self.length
            and (fragment.id is None or fragment.id == self.id)
            and fragment.name is None
            and fragment.mode == "delta"
            and fragment.path is None
            and fragment.meta is None
            and (fragment.alias is None or fragment.alias == self.alias)
        )
