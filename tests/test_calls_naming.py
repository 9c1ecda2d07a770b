"""Names in pieces, repeated, and growing."""

from __future__ import annotations

import pytest

from partialjson.calls.naming import is_final, joined_name


@pytest.mark.parametrize(
    ("known", "piece", "tools", "repeated_id", "name"),
    [
        ("get_", "weather", [], False, "get_weather"),
        ("get_", "get_weather", [], False, "get_weather"),
        ("get_", "weather", [], True, None),
        ("get_", "weather", ["get_weather"], True, "get_weather"),
        ("get", "set", ["get", "set"], False, "set"),
        ("a", "ab", ["aab"], False, "aab"),
    ],
)
def test_what_a_piece_makes_of_a_name(
    known: str, piece: str, tools: list[str], repeated_id: bool, name: str | None
) -> None:
    assert joined_name(known, piece, tools, repeated_id=repeated_id) == name


def test_a_name_is_final_when_the_tools_leave_no_doubt() -> None:
    assert is_final("get", ["get", "set"])
    assert not is_final("get", ["get", "get_all"])
    assert not is_final("ge", ["get"])
    assert not is_final("get", [])
