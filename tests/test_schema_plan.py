"""Plans are made when they are first asked for, and remembered within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from partialjson.schema.plan import REMEMBERED, Children, Claim, Part, Plan, Rules

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


def test_numbers_of_foreign_types_are_not_judged() -> None:
    compiler = Counting()
    assert Plan(compiler, [])[Decimal] is None
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


def test_a_child_under_no_schema_asks_nothing() -> None:
    assert Children(Counting(), Rules())["name"] is None


def test_every_item_of_an_only_plan() -> None:
    plan = Plan(Counting(), [])
    assert plan.as_only_item().children[0] is plan


def test_rules_that_ask_nothing_are_idle() -> None:
    assert Rules().are_idle()
    assert not Rules(refusals=[CLAIM]).are_idle()
    assert not Rules(checks=[(bool, CLAIM)]).are_idle()
    assert not Rules(parts=[lambda step: ()]).are_idle()
