"""The meter stops what costs too much, in proportion to the value."""

from __future__ import annotations

import pytest

from partialjson.schema.meter import QUOTED, STEPS, STEPS_PER_NODE, Meter
from partialjson.schema.verdict import SchemaFault


@pytest.mark.parametrize(("value", "nodes"), [(1, 1), ({"a": [1, 2]}, 4)])
def test_steps_grow_with_the_value(value: object, nodes: int) -> None:
    meter = Meter(value, ())
    for _ in range(STEPS + STEPS_PER_NODE * nodes):
        meter.step()
    with pytest.raises(SchemaFault, match="steps"):
        meter.step()


def test_what_errors_quote_is_counted() -> None:
    meter = Meter("x", ())
    meter.quote(QUOTED)
    with pytest.raises(SchemaFault, match="too long"):
        meter.quote(10_000)


def test_a_container_weighs_what_is_in_it() -> None:
    value = {"text": "x" * 1_000_000}
    meter = Meter(value, ())
    quoted = 0
    while quoted < QUOTED:
        meter.quote_value(value)
        quoted += 1_000_000
    meter.quote(quoted)  # 200 characters more for each of the value: not yet enough
    with pytest.raises(SchemaFault, match="too long"):
        meter.quote(QUOTED * 4)
