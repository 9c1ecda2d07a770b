"""What follows when branches die, and when they do not."""

from __future__ import annotations

from typing import Any

import pytest

from partialjson.schema.branches import AnyOf, Branch, Contained, Dependent, Group, If, Not, OneOf
from partialjson.schema.causes import Cause
from partialjson.schema.plan import Choice, Claim, Contains

CLAIM = Claim("keyword", None, ("keyword",))
CAUSE = Cause(Claim("inner", None, ()), ("a",), 1)


class Court:
    """Keeps what is brought before it."""

    def __init__(self, *, exact: bool = True) -> None:
        self.exact = exact
        self.causes: list[str] = []

    def fail(self, branch: Branch | None, cause: Cause) -> None:
        if branch is None:
            self.causes.append(cause.claim.keyword)
        elif not branch.dead:
            branch.dead, branch.cause = True, cause
            branch.group.died(self, cause)

    def is_exact(self) -> bool:
        return self.exact


def run(kind: type[Group], branches: int, events: str, *, exact: bool = True) -> list[str]:
    """Digits are branches that die, `p` is the member that appears, `s` is the end."""
    court = Court(exact=exact)
    group = kind(Choice("role", CLAIM, (None,) * branches), None, ())
    for event in events:
        if event == "s":
            group.settle(court)
        elif event == "p":
            assert isinstance(group, Dependent)
            group.appeared(court)
        else:
            court.fail(group.branches[int(event)], CAUSE)
    return court.causes


@pytest.mark.parametrize(
    ("kind", "branches", "events", "causes"),
    [
        (AnyOf, 2, "0", []),
        (AnyOf, 2, "0s", []),
        (AnyOf, 2, "00", []),
        (AnyOf, 2, "01", ["keyword"]),
        (AnyOf, 2, "01s", ["keyword"]),
        (OneOf, 2, "01", ["keyword"]),
        (OneOf, 2, "s", ["keyword"]),
        (OneOf, 3, "0s", ["keyword"]),
        (OneOf, 3, "01s", []),
        (Not, 1, "s", ["keyword"]),
        (Not, 1, "0s", []),
        (If, 3, "s", []),
        (If, 3, "1", []),
        (If, 3, "1s", ["inner"]),
        (If, 3, "01s", []),
        (If, 3, "02", ["inner"]),
        (If, 3, "20", ["inner"]),
        (If, 3, "12", ["inner"]),
        (If, 3, "210s", ["inner"]),
        (If, 3, "2s", []),
        (Dependent, 1, "0s", []),
        (Dependent, 1, "0p", ["inner"]),
        (Dependent, 1, "p0s", ["inner"]),
        (Dependent, 1, "ps", []),
    ],
)
def test_a_group(kind: Any, branches: int, events: str, causes: list[str]) -> None:
    assert run(kind, branches, events) == causes


@pytest.mark.parametrize(("kind", "branches", "events"), [(OneOf, 2, "s"), (Not, 1, "s"), (If, 3, "1s")])
def test_where_nothing_is_exact_nothing_follows_from_survival(kind: Any, branches: int, events: str) -> None:
    assert run(kind, branches, events, exact=False) == []


@pytest.mark.parametrize(
    ("least", "most", "matches", "exact", "causes"),
    [
        (1, float("inf"), 0, True, ["few"]),
        (1, float("inf"), 1, True, []),
        (2, 3, 1, True, ["few"]),
        (2, 3, 3, True, []),
        (0, 2, 5, True, ["many"]),
        (0, 2, 5, False, []),
        (2, 3, 1, False, ["few"]),
    ],
)
def test_contains(least: int, most: float, matches: int, exact: bool, causes: list[str]) -> None:
    court = Court(exact=exact)
    rule = Contains(None, least, most, Claim("few", None, ()), Claim("many", None, ()))
    contained = Contained(rule, None, ())
    for _ in range(matches):
        contained.matched(court)
    contained.settle(court)
    assert court.causes == causes


def test_a_broken_group_breaks_the_branch_it_is_in() -> None:
    court = Court()
    outer = AnyOf(Choice("anyOf", CLAIM, (None,)), None, ())
    inner = Not(Choice("not", CLAIM, (None,)), outer.branches[0], ())
    inner.settle(court)
    assert outer.branches[0].dead
    assert court.causes == ["keyword"]
