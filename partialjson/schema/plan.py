"""What a compiled schema is made of: plans, and rules.

A ``Plan`` is what one place of the value has to satisfy: one schema, or several at once. For each kind of
value it has ``Rules``: what is refused at once, what is looked at while a string grows and when the value
closes, which plans hold for its members or items, and which alternatives run beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from typing import Any, NamedTuple, Protocol, TypeAlias

from partialjson.errors import Path

Test: TypeAlias = Callable[[Any], bool]
"""Whether the whole value breaks the rule."""
Watch: TypeAlias = Callable[[str], bool]
"""Whether every string that begins like this breaks the rule."""

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
"""Characters of a growing string that ``enum`` and ``const`` compare; what is longer waits for its end."""
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
    are_direct: bool = False
    """A value can be judged by these rules as it comes: nothing runs beside them, and a container need not
    be looked at as a whole."""
    fewest: float = 0
    fullest: float = inf
    """Of direct rules, how many members or items there must be, and how many there may be."""
    wanted: frozenset[str] = frozenset()
    """The names that there must be."""

    def are_idle(self) -> bool:
        """Whether every value of this kind will do, whatever is in it."""
        own = (self.watches, self.checks, self.most, self.least, self.required, self.parts)
        return not self._beside() and not any(own)

    def finished(self, kind: type) -> Rules:
        """The rules, to which nothing will be added, for this kind of value."""
        always = [names for trigger, names, _ in self.required if trigger is None]
        self.are_direct = (
            not self._beside()
            and not (self.checks and kind in (dict, list))
            and len(always) == len(self.required)
        )
        self.fewest = max((bound for bound, _ in self.least), default=0)
        self.fullest = min((bound for bound, _ in self.most), default=inf)
        self.wanted = frozenset(chain.from_iterable(always))
        return self

    def _beside(self) -> bool:
        return any((self.refusals, self.choices, self.contains, self.names, self.unique))


class Compiler(Protocol):
    """Makes plans and rules when they are first needed."""

    def plan(self, parts: Iterable[Part]) -> Plan | None: ...

    def rules(self, kind: type, parts: list[Part]) -> Rules | None: ...


class Children(dict[Hashable, "Plan"]):
    """The plan for each member name or index, made when it is first asked for."""

    def __init__(self, compiler: Compiler, rules: Rules) -> None:
        self._compiler = compiler
        self._rules = rules

    def __missing__(self, step: Any) -> Plan:
        if isinstance(step, int) and step > self._rules.prefix:
            plan = self[self._rules.prefix]
        else:
            parts = [part for find in self._rules.parts for part in find(step)]
            made = self._compiler.plan(parts)
            plan = ANYTHING if made is None else made
        if len(self) < REMEMBERED:
            self[step] = plan
        return plan


class Plan(dict[type, "Rules | None"]):
    """The rules for each kind of value, made when a value of the kind first comes; ``None`` asks nothing.

    Those for a kind that JSON Schema has no name for are empty: something is asked, nobody knows what.
    """

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
        rules = self._compiler.rules(kind, self.parts) if kind in KINDS else Rules()
        self[kind] = rules
        return rules


class _Anything(Plan):
    """The plan that asks nothing."""

    def __init__(self) -> None:
        self.parts = []

    def __missing__(self, kind: type) -> None:
        return None


ANYTHING = _Anything()
