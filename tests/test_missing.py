"""``MISSING`` is one, false, and itself after every copy."""

from __future__ import annotations

import copy
import pickle

import pytest

from partialjson.missing import MISSING, Missing
from partialjson.parser import Parser


def test_it_is_false_and_says_its_name() -> None:
    assert not MISSING
    assert repr(MISSING) == "MISSING"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_stays_the_one_in_every_copy(protocol: int) -> None:
    assert pickle.loads(pickle.dumps(MISSING, protocol)) is MISSING
    assert copy.copy(MISSING) is MISSING
    assert copy.deepcopy({"a": [MISSING]}) == {"a": [MISSING]}


def test_it_is_neither_null_nor_any_other_value() -> None:
    assert MISSING is not None
    assert all(value != MISSING for value in (None, False, 0, "", [], {}))
    assert isinstance(MISSING, Missing)


def test_it_is_the_value_where_there_is_none() -> None:
    assert Parser().value is MISSING
    assert Parser().snapshot() is MISSING
    assert Parser().close().value is MISSING
