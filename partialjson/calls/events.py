"""What the accumulator says, event by event.

Every event has ``key`` (what ``acc[key]`` takes; None where it is about no call), ``id`` (the wire's,
or ours: ``pj_...``), ``choice`` and ``turn``. Certainty is in the type: only ``CallFinished`` has
``arguments``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from partialjson.calls.anomalies import Anomaly
from partialjson.edits import Edit, Repair
from partialjson.fragment import CallKind
from partialjson.providers.table import Finish
from partialjson.schema.verdict import Violation

if TYPE_CHECKING:
    from partialjson.calls.assembly import Assembly
    from partialjson.calls.call import ToolCall
    from partialjson.calls.report import Report

FailureReason: TypeAlias = Literal["cut", "malformed", "invalid", "rejected", "aborted", "limit"]


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call has its name, and the name is final."""

    key: str
    id: str
    name: str
    kind: CallKind
    choice: int = 0
    turn: int = 0


class _Advanced:
    """Text that arrived. The views on it are made when first read, of what is there then, and kept."""

    __slots__ = ("_edits", "_partial", "_source", "text")

    def __init__(self, source: Assembly, text: str) -> None:
        self._source = source
        self.text = text

    @property
    def edits(self) -> list[Edit]:
        """What changed since the edits were last read; read it before the next feed."""
        try:
            return self._edits
        except AttributeError:
            self._edits: list[Edit] = self._source.take_edits()
            return self._edits

    @property
    def partial(self) -> object:
        """The value so far, which never changes again; ``MISSING`` where there is none."""
        try:
            return self._partial
        except AttributeError:
            self._partial: object = self._source.partial
            return self._partial

    @property
    def holds_value(self) -> bool:
        """Whether some value inside is whole by now, and will not change."""
        return self._source.holds_value

    @property
    def choice(self) -> int:
        return self._source.choice

    @property
    def turn(self) -> int:
        return self._source.turn


class CallAdvanced(_Advanced):
    """Argument text arrived: ``text`` is what it adds. ``edits`` and ``partial`` cost nothing unread."""

    __slots__ = ()
    __match_args__ = ("key", "text")
    _source: ToolCall

    @property
    def key(self) -> str:
        return self._source.key

    @property
    def id(self) -> str:
        return self._source.id

    @property
    def name(self) -> str | None:
        return self._source.name

    def __repr__(self) -> str:
        return f"CallAdvanced(key={self.key!r}, text={self.text!r})"


@dataclass(frozen=True, slots=True)
class CallReset:
    """The provider restated the call differently: ``partial`` is its value now. Views start again.

    ``code`` is the anomaly that says why: ``"seed-discarded"`` or ``"snapshot-mismatch"``.
    """

    key: str
    id: str
    code: str
    partial: object
    choice: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class CallFinished:
    """The provider ended the call, and its arguments are whole and valid.

    ``arguments`` is a fresh tree that the caller owns (for a ``custom`` call, its text).
    ``validated`` is what the tool's validator made of it: the instance of a pydantic model.
    ``executable`` is the policy's word; ``reasons`` says why not.
    """

    key: str
    id: str
    name: str
    kind: CallKind
    arguments: object
    validated: object
    raw: str
    repairs: tuple[Repair, ...]
    executable: bool
    reasons: tuple[str, ...]
    choice: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class CallFailed:
    """The call will never have arguments.

    ================ =============================================================================
    ``reason``
    ================ =============================================================================
    ``"cut"``        it ended before its value did, or nobody said that it was over
    ``"malformed"``  no JSON object
    ``"invalid"``    refused by the tool's validator, whose own ``errors`` are here
    ``"rejected"``   taken back by the provider, without a name, or for no tool that we know
    ``"aborted"``    the caller ended it
    ``"limit"``      a limit was passed
    ================ =============================================================================
    """

    key: str
    id: str
    name: str | None
    kind: CallKind
    reason: FailureReason
    partial: object
    raw: str
    errors: tuple[Violation, ...] = ()
    detail: str = ""
    choice: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class EarlyViolation:
    """The arguments, or the structured answer (``key`` is None), can no longer become valid, whatever
    follows: a reason to stop the model."""

    key: str | None
    id: str | None
    violation: Violation
    choice: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class TextAdvanced:
    """Text of the answer, or of its refusal."""

    text: str
    refusal: bool = False
    choice: int = 0
    turn: int = 0
    key: ClassVar[None] = None
    id: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class ReasoningAdvanced:
    """Thinking that the provider shows beside the answer."""

    text: str
    choice: int = 0
    turn: int = 0
    key: ClassVar[None] = None
    id: ClassVar[None] = None


class OutputAdvanced(_Advanced):
    """Text of a structured answer (``output=``), with the same views as ``CallAdvanced``."""

    __slots__ = ()
    __match_args__ = ("text",)
    key: ClassVar[None] = None
    id: ClassVar[None] = None

    def __repr__(self) -> str:
        return f"OutputAdvanced(text={self.text!r})"


@dataclass(frozen=True, slots=True)
class OutputFinished:
    """The structured answer is whole and valid. ``value`` is a fresh tree that the caller owns."""

    value: object
    validated: object
    raw: str
    repairs: tuple[Repair, ...]
    choice: int = 0
    turn: int = 0
    key: ClassVar[None] = None
    id: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class OutputFailed:
    """There is no valid structured answer; ``reason`` as in ``CallFailed``."""

    reason: FailureReason
    partial: object
    raw: str
    errors: tuple[Violation, ...] = ()
    detail: str = ""
    choice: int = 0
    turn: int = 0
    key: ClassVar[None] = None
    id: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """A response is over.

    ``reason`` is the first choice's finish reason in our vocabulary (``"tool_calls"`` wherever calls
    were meant, whatever word the provider chose), ``finish_reason`` the provider's own; None where it
    gave none. ``usage`` is the provider's.
    """

    reason: Finish | None
    finish_reason: str | None
    usage: Mapping[str, object] | None
    report: Report
    choice: int = 0
    turn: int = 0
    key: ClassVar[None] = None
    id: ClassVar[None] = None


Event: TypeAlias = (
    CallStarted
    | CallAdvanced
    | CallReset
    | CallFinished
    | CallFailed
    | EarlyViolation
    | Anomaly
    | TextAdvanced
    | ReasoningAdvanced
    | OutputAdvanced
    | OutputFinished
    | OutputFailed
    | TurnFinished
)
