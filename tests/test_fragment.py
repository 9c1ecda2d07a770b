"""A fragment is a tuple that can hold anything that came off a wire."""

from __future__ import annotations

from typing import get_args

from partialjson.calls.ledger import _KINDS
from partialjson.fragment import Fragment, Kind


def test_what_a_table_leaves_out_means_nothing() -> None:
    fragment = Fragment("call", "{}")
    assert fragment.slot is fragment.id is fragment.name is fragment.alias is fragment.response is None
    assert (fragment.choice, fragment.mode, fragment.call, fragment.path, fragment.more) == (
        0,
        "delta",
        "function",
        None,
        False,
    )


def test_it_takes_what_is_no_address_and_no_text() -> None:
    fragment = Fragment("call", [1], slot={}, id=7, name=None, choice="x")
    assert (fragment.data, fragment.slot, fragment.id, fragment.choice) == ([1], {}, 7, "x")


def test_every_kind_has_its_row_in_the_docstring_and_its_place_in_the_ledger() -> None:
    kinds = set(get_args(Kind))
    assert set(_KINDS) == kinds
    assert Fragment.__doc__ is not None
    assert all(f"``{kind}``" in Fragment.__doc__ for kind in kinds)
