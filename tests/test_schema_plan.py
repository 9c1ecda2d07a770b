"""Plans are made when they are first asked for, and remembered within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from partialjson.schema.plan import (
    ANYTHING,
    REMEMBERED,
    Children,
    Choice,
    Claim,
    Contains,
    Part,
    Plan,
    Rules,
)

CLAIM = Claim("type", "object", ("type",))


class Counting:
    """A compiler that makes empty plans and rules, and counts them."""

    def __init__(self) -> None:
        self.plans = 0
        self.kinds: list[type] = []

    def plan(self, parts: Iterable[Part]) -> Plan | None:
        self.plans += 1
        found = list(parts)
        return Plan(self, found) if found else None

    def rules(self, kind: type, parts: list[Part]) -> Rules | None:
        self.kinds.append(kind)
        return Rules()


def test_rules_are_made_once_for_each_kind() -> None:
    compiler = Counting()
    plan = Plan(compiler, [])
    assert plan[str] is plan[str]
    assert plan[dict] is not plan[str]
    assert compiler.kinds == [str, dict]


def test_of_numbers_of_foreign_types_nobody_knows_what_is_asked() -> None:
    compiler = Counting()
    rules = Plan(compiler, [])[Decimal]
    assert rules is not None
    assert rules.are_idle()
    assert not rules.are_direct
    assert compiler.kinds == []


def test_children_are_remembered_within_bounds() -> None:
    compiler = Counting()
    rules = Rules(parts=[lambda step: [Part(step, None, ())]])
    children = Children(compiler, rules)
    assert children["name"] is children["name"]
    assert compiler.plans == 1
    for number in range(2 * REMEMBERED):
        plan = children[f"name {number}"]
        assert plan is not None
        assert plan.parts[0].contents == f"name {number}"
    assert len(children) == REMEMBERED


@pytest.mark.parametrize("kind", [dict, str, int, Decimal])
def test_a_child_under_no_schema_asks_nothing(kind: type) -> None:
    child = Children(Counting(), Rules())["name"]
    assert child is ANYTHING
    assert child[kind] is None


def test_the_items_behind_the_prefix_are_under_the_same_plan() -> None:
    compiler = Counting()
    children = Children(compiler, Rules(prefix=1, parts=[lambda step: [Part(step, None, ())]]))
    assert children[7] is children[1] is children[2]
    assert children[0] is not children[1]
    assert compiler.plans == 2


def test_a_plan_without_rules_yet_is_no_plan_for_anything() -> None:
    rules = Rules(parts=[lambda step: [Part(step, None, ())]])
    child = Children(Counting(), rules)["name"]
    assert len(child) == 0
    assert child is not ANYTHING


def test_every_item_of_an_only_plan() -> None:
    plan = Plan(Counting(), [])
    assert plan.as_only_item().children[0] is plan


@pytest.mark.parametrize(
    ("rules", "kind", "expected"),
    [
        (Rules(), dict, True),
        (Rules(required=[(None, ["a"], CLAIM), (None, ["b"], CLAIM)]), dict, True),
        (Rules(required=[("a", ["b"], CLAIM)]), dict, False),
        (Rules(checks=[(bool, CLAIM)]), int, True),
        (Rules(checks=[(bool, CLAIM)]), list, False),
        (Rules(refusals=[CLAIM]), int, False),
        (Rules(unique=[CLAIM]), list, False),
        (Rules(names=[ANYTHING]), dict, False),
        (Rules(choices=[Choice("anyOf", CLAIM, (None,))]), str, False),
        (Rules(contains=[Contains(None, 1, 2, CLAIM, CLAIM)]), list, False),
    ],
)
def test_rules_are_direct_where_nothing_runs_beside_them(rules: Rules, kind: type, expected: bool) -> None:
    assert rules.finished(kind).are_direct is expected


def test_of_direct_rules_the_narrowest_bounds_hold() -> None:
    rules = Rules(
        most=[(5, CLAIM), (3, CLAIM)],
        least=[(1, CLAIM), (2, CLAIM)],
        required=[(None, ["a"], CLAIM), (None, ["a", "b"], CLAIM)],
    ).finished(dict)
    assert (rules.fewest, rules.fullest, rules.wanted) == (2, 3, {"a", "b"})


def test_rules_that_ask_nothing_are_idle() -> None:
    assert Rules().are_idle()
    assert not Rules(refusals=[CLAIM]).are_idle()
    assert not Rules(checks=[(bool, CLAIM)]).are_idle()
    assert not Rules(parts=[lambda step: ()]).are_idle()
