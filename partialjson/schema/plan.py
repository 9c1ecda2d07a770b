"""What a compiled schema is made of: plans, and rules.

A ``Plan`` is what one place of the value has to satisfy: one schema, or several at once. For each kind of
value it has ``Rules``: what is refused at once, what is looked at while a string grows and when the value
closes, which plans hold for its members or items, and which alternatives run beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeAlias

from partialjson.errors import Path

Test: TypeAlias = Callable[[Any], bool]
"""Whether the whole value breaks the rule."""
Watch: TypeAlias = Callable[[str, int], bool]
"""Whether a string must break the rule that begins like this and has so many characters by now."""

KINDS: dict[type, tuple[str, ...]] = {
    dict: ("object",),
    list: ("array",),
    str: ("string",),
    int: ("integer", "number"),
    float: ("number",),
    bool: ("boolean",),
    type(None): ("null",),
}
"""JSON Schema's names for what the parser puts into the tree. Numbers of other types are not judged."""

PREFIX = 256
"""Characters of a growing string that ``enum`` and ``const`` look at; what is longer waits for its end."""
REMEMBERED = 1_000
"""Member names whose plans are remembered, of those one object rule has seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """One keyword at one place of the schema. ``lifted``: its subject is what holds the value, as in
    ``additionalProperties: false``."""

    keyword: str
    expected: object
    schema_path: Path
    lifted: bool = False


class Part(NamedTuple):
    """A schema, where it stands in the document, and what to claim where it is ``false``."""

    contents: Any
    resolver: Any
    path: Path
    claim: Claim | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Plans that run beside the others. ``role`` is the keyword that says what follows from them; for
    ``dependentSchemas`` the plan holds where the object has the member ``name``."""

    role: str
    claim: Claim
    plans: tuple[Plan | None, ...]
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Contains:
    """``contains``, ``minContains`` and ``maxContains``."""

    plan: Plan | None
    least: int
    most: float
    too_few: Claim
    too_many: Claim


@dataclass(slots=True, eq=False)
class Rules:
    """What one plan asks of one kind of value."""

    refusals: list[Claim] = field(default_factory=list)
    """No value of this kind will do."""
    watches: list[tuple[Watch, Claim]] = field(default_factory=list)
    checks: list[tuple[Test, Claim]] = field(default_factory=list)
    """Of scalars and strings when they are whole, of containers when they close."""
    most: list[tuple[int, Claim]] = field(default_factory=list)
    least: list[tuple[int, Claim]] = field(default_factory=list)
    """Numbers of members or items."""
    required: list[tuple[str | None, list[str], Claim]] = field(default_factory=list)
    """Member names that must be there: always, or where another one is."""
    names: list[Plan] = field(default_factory=list)
    """What each member name must be, as a string."""
    unique: list[Claim] = field(default_factory=list)
    contains: list[Contains] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    parts: list[Callable[[Any], Iterable[Part]]] = field(default_factory=list)
    """The schemas that hold for the member of a name, or the item at an index."""
    prefix: int = 0
    """From this index on, all items are under the same schemas."""
    children: Children = field(init=False)

    def are_idle(self) -> bool:
        """Whether every value of this kind will do, whatever is in it."""
        own = (self.refusals, self.watches, self.checks, self.most, self.least, self.required, self.unique)
        return not any(own) and not any((self.names, self.contains, self.choices, self.parts))


class Compiler(Protocol):
    """Makes plans and rules when they are first needed."""

    def plan(self, parts: Iterable[Part]) -> Plan | None: ...

    def rules(self, kind: type, parts: list[Part]) -> Rules | None: ...


class Children(dict[Hashable, "Plan | None"]):
    """The plan for each member name or index, made when it is first asked for; ``None`` asks nothing."""

    def __init__(self, compiler: Compiler, rules: Rules) -> None:
        self._compiler = compiler
        self._rules = rules

    def __missing__(self, step: Any) -> Plan | None:
        parts = [part for find in self._rules.parts for part in find(step)]
        plan = self._compiler.plan(parts)
        if len(self) < REMEMBERED:
            self[step] = plan
        return plan


class Plan(dict[type, "Rules | None"]):
    """The rules for each kind of value, made when a value of the kind first comes; ``None`` asks nothing."""

    def __init__(self, compiler: Compiler, parts: list[Part]) -> None:
        self._compiler = compiler
        self.parts = parts

    def as_only_item(self) -> Rules:
        """Rules for an array of which every item is under this plan."""
        rules = Rules()
        rules.children = Children(self._compiler, rules)
        rules.children[0] = self
        return rules

    def __missing__(self, kind: type) -> Rules | None:
        rules = self._compiler.rules(kind, self.parts) if kind in KINDS else None
        self[kind] = rules
        return rules
