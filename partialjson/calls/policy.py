"""The judgement calls, as data: what finishes a call, and what makes a finished one executable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from partialjson.edits import Loss

Evidence: TypeAlias = Literal["none", "eof", "done", "finish", "end"]
"""Whose word ends a call, weakest first: nobody's, the bare end of the bytes, the transport's end
marker, the turn's finish reason, the call's own end."""

EVIDENCE: tuple[Evidence, ...] = ("none", "eof", "done", "finish", "end")
LOSSES: tuple[Loss, ...] = ("none", "form", "guess")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is decided where a stream leaves room. Frozen: share it freely.

    Every field may be set for one tool alone through ``tools``: its name and a policy, whose own
    ``tools`` are not looked at.
    """

    finishes_on: Evidence = "done"
    """The weakest evidence that finishes a call; with less it is cut (T42)."""
    executes_on: Evidence = "done"
    """The weakest evidence on which a finished call may be executed."""
    executes_repaired: Loss = "form"
    """The worst repair of its text with which a finished call may be executed."""
    executes_inferred: bool = False
    """Whether a call may be executed whose identity was inferred, that had two names, that lacks its mark
    in the text, or whose finish reason is unknown."""
    joins_drifted: bool = True
    """Argument text under a slot that never gets an id or a name belongs to the one call that has
    none (T09). Otherwise it is an orphan."""
    repeats: Literal["append", "drop"] = "append"
    """What becomes of a fragment that equals the whole text before it and could continue it: a
    duplicated event, or a nested value that begins alike (T28). Without sequence numbers nobody can
    tell."""
    null_is_empty: bool = False
    """``null`` for arguments means ``{}`` (T24)."""
    unwraps_strings: bool = True
    """Arguments that are a JSON text inside a JSON string are read twice."""
    coerces: bool = False
    """Where the schema wants another type, a string that says the same is read as it: ``"28"`` as an
    integer, ``"True"`` as a boolean, a JSON text as an object or an array. Each is an anomaly."""
    unwraps_parallel: bool = False
    """A call of ``parallel`` (``multi_tool_use.parallel``) that holds others becomes those, with the ids
    ``A#0``, ``A#1``, ... for a wrapper ``A``, unless there is a tool of that name (T37)."""
    tools: Mapping[str, Policy] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name in ("finishes_on", "executes_on"):
            if getattr(self, name) not in EVIDENCE[1:]:
                raise ValueError(f"Policy.{name} must be one of {EVIDENCE[1:]}, not {getattr(self, name)!r}")
        if self.executes_repaired not in LOSSES:
            raise ValueError(
                f"Policy.executes_repaired must be one of {LOSSES}, not {self.executes_repaired!r}"
            )
        if self.repeats not in ("append", "drop"):
            raise ValueError(f"Policy.repeats must be 'append' or 'drop', not {self.repeats!r}")

    @classmethod
    def balanced(cls) -> Policy:
        """The default: nothing is executed on a guess."""
        return cls()

    @classmethod
    def strict(cls) -> Policy:
        """Only what the provider said, and only valid JSON."""
        return cls(
            finishes_on="finish",
            executes_on="finish",
            executes_repaired="none",
            joins_drifted=False,
            unwraps_strings=False,
        )

    @classmethod
    def lenient(cls) -> Policy:
        """For output that a person looks at: the end of the bytes is an end, and guesses may run."""
        return cls(
            finishes_on="eof",
            executes_repaired="guess",
            executes_inferred=True,
            repeats="drop",
            null_is_empty=True,
        )

    def for_tool(self, name: str | None) -> Policy:
        """The policy for a call of this tool."""
        return self.tools.get(name, self) if name else self

    def with_tool(self, name: str, **changes: object) -> Policy:
        """This policy, with these fields changed for one tool."""
        changed = replace(self.for_tool(name), tools={}, **changes)  # type: ignore[arg-type]
        return replace(self, tools={**self.tools, name: changed})


BALANCED = Policy.balanced()
