"""jsonschema's keywords in bounded form say what jsonschema's own say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from partialjson.schema.keywords import LEAVES, bounded_keywords, multiple_of
from partialjson.schema.verdict import SchemaFault


@given(st.integers(-(10**6), 10**6), st.integers(1, 1_000))
def test_multiples_of_whole_numbers(value: int, divisor: int) -> None:
    assert multiple_of(value, divisor) == (value % divisor == 0)


@pytest.mark.parametrize(
    ("value", "divisor", "multiple"),
    [
        (4.5, 1.5, True),
        (7, 0.5, True),
        (10**400, 0.5, True),
        (1e308, 0.1, None),
        (float("inf"), 1, False),
        (float("nan"), 1, False),
        (Decimal("0.30"), 0.1, False),  # 0.1 is a little more than a tenth
        (Decimal("4.5"), Fraction(3, 2), True),
    ],
)
def test_multiples_that_are_hard_to_count(value: object, divisor: object, multiple: bool | None) -> None:
    assert multiple is None or multiple_of(value, divisor) == multiple
    assert isinstance(multiple_of(value, divisor), bool)


def test_an_exponent_without_end_is_a_typed_fault() -> None:
    with pytest.raises(SchemaFault, match="multipleOf"):
        multiple_of(Decimal("1e999999999"), 3)


def test_every_keyword_of_the_draft_is_there() -> None:
    own = Draft202012Validator.VALIDATORS
    assert set(bounded_keywords(own)) == set(own)
    assert set(own) >= LEAVES - {"dependentRequired"}
