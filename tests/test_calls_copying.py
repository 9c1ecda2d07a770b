"""A copy shares no container with its original, at any depth."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls.copying import copied

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


def containers(value: Any) -> set[int]:
    if not isinstance(value, dict | list):
        return set()
    children = value.values() if isinstance(value, dict) else value
    return {id(value)}.union(*map(containers, children))


@given(VALUES)
def test_equal_and_separate(value: Any) -> None:
    copy = copied(value)
    assert copy == value
    assert not containers(copy) & containers(value)


def test_deep() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    copy: Any = copied(value)
    for _ in range(100_000):
        assert copy is not value
        copy, value = copy[0], value[0]
    assert copy == []
