"""What follows when the schemas under ``anyOf``, ``oneOf``, ``not``, ``if`` and the like are broken.

A schema that holds only under a condition is a ``Branch``, and belongs to the ``Group`` of its keyword at
one location of the value. It dies of the first of its rules that is broken. The group decides twice: when
a branch dies, and when the value at its location is complete (``settle``; the groups inside it first).
A branch that is then alive has been satisfied, if the document is exact.
"""

from __future__ import annotations

from typing import Protocol

from partialjson.errors import Path
from partialjson.schema.causes import UNTOLD, Cause
from partialjson.schema.plan import Choice, Contains


class Court(Protocol):
    """Where causes are brought: without a branch, or when it was the last hope, they are violations."""

    def fail(self, branch: Branch | None, cause: Cause) -> None: ...

    def is_exact(self) -> bool: ...


class Branch:
    """One schema under a condition, at one location of the value."""

    __slots__ = ("cause", "dead", "group")

    def __init__(self, group: Group) -> None:
        self.group = group
        self.dead = False
        self.cause: Cause | None = None


class Group:
    """The branches of one keyword at one location, and the branch that the keyword itself is in."""

    __slots__ = ("branches", "choice", "is_broken", "owner", "path")

    def __init__(self, choice: Choice, owner: Branch | None, path: Path) -> None:
        self.choice = choice
        self.owner = owner
        self.path = path
        self.is_broken = False
        self.branches = [Branch(self) for _ in choice.plans]

    def died(self, court: Court, cause: Cause) -> None:
        """A branch has died, of this cause."""

    def settle(self, court: Court) -> None:
        """The value at this location is complete."""

    def broke(self, court: Court, cause: Cause) -> None:
        """The keyword itself is broken; it can be only once."""
        if not self.is_broken:
            self.is_broken = True
            court.fail(self.owner, cause)

    def cause(self, because: Cause | None = None) -> Cause:
        """The keyword as a cause."""
        return Cause(self.choice.claim, self.path, UNTOLD, because)


class AnyOf(Group):
    """Broken when the last branch dies."""

    __slots__ = ()

    def died(self, court: Court, cause: Cause) -> None:
        if all(branch.dead for branch in self.branches):
            self.broke(court, self.cause(cause))


class OneOf(AnyOf):
    """Broken also when two branches are satisfied."""

    __slots__ = ()

    def settle(self, court: Court) -> None:
        if sum(not branch.dead for branch in self.branches) > 1 and court.is_exact():
            self.broke(court, self.cause())


class Not(Group):
    """Broken when its branch is satisfied."""

    __slots__ = ()

    def settle(self, court: Court) -> None:
        if not self.branches[0].dead and court.is_exact():
            self.broke(court, self.cause())


class If(Group):
    """Its branches are ``if``, ``then`` and ``else``. What breaks one of the latter two is the cause."""

    __slots__ = ()

    def died(self, court: Court, cause: Cause) -> None:
        condition, then, otherwise = self.branches
        if otherwise.cause is not None and (condition.dead or then.dead):
            self.broke(court, otherwise.cause)

    def settle(self, court: Court) -> None:
        condition, then, _ = self.branches
        if then.cause is not None and not condition.dead and court.is_exact():
            self.broke(court, then.cause)


class Dependent(Group):
    """``dependentSchemas`` for one name: its branch counts once the object has a member of that name."""

    __slots__ = ("is_there",)

    def __init__(self, choice: Choice, owner: Branch | None, path: Path) -> None:
        super().__init__(choice, owner, path)
        self.is_there = False

    def appeared(self, court: Court) -> None:
        """The member is there."""
        self.is_there = True
        cause = self.branches[0].cause
        if cause is not None:
            self.broke(court, cause)

    def died(self, court: Court, cause: Cause) -> None:
        if self.is_there:
            self.broke(court, cause)


class Contained:
    """How many items of one array match its ``contains``."""

    __slots__ = ("certain", "owner", "path", "possible", "rule")

    def __init__(self, rule: Contains, owner: Branch | None, path: Path) -> None:
        self.rule = rule
        self.owner = owner
        self.path = path
        self.certain = 0
        self.possible = 0

    def matched(self, court: Court) -> None:
        """One more item matches: for certain, if the document is exact."""
        self.possible += 1
        if court.is_exact():
            self.certain += 1
            if self.certain - 1 <= self.rule.most < self.certain:
                court.fail(self.owner, Cause(self.rule.too_many, self.path, UNTOLD))

    def settle(self, court: Court) -> None:
        """The array is complete."""
        if self.possible < self.rule.least:
            court.fail(self.owner, Cause(self.rule.too_few, self.path, UNTOLD))


class Match(Group):
    """Whether one item matches."""

    __slots__ = ("contained",)

    def __init__(self, contained: Contained, path: Path) -> None:
        rule = contained.rule
        super().__init__(Choice("contains", rule.too_few, (rule.plan,)), contained.owner, path)
        self.contained = contained

    def settle(self, court: Court) -> None:
        if not self.branches[0].dead:
            self.contained.matched(court)


GROUPS: dict[str, type[Group]] = {
    "anyOf": AnyOf,
    "oneOf": OneOf,
    "not": Not,
    "if": If,
    "dependentSchemas": Dependent,
}
