"""The nouns of an edit, and what merging does to a list of them."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.edits import Done, Edit, Grow, Put, Repair, Reset, merged
from partialjson.parser import Parser
from partialjson.testing import cuts
from tests.readings import replayed
from tests.texts import texts

NOUNS = (
    Put(("a", 0), 1),
    Grow(("a",), "text"),
    Done(()),
    Reset(("a",)),
    Repair("prose", 0, 5, (), "form"),
)

edits = st.lists(
    st.builds(Grow, st.sampled_from([(), ("a",), (0,)]), st.text(min_size=1, max_size=3))
    | st.sampled_from([Put((), ""), Done(()), Reset(("a",))])
)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_a_noun_is_a_small_frozen_value(noun: Edit) -> None:
    for twin in (copy.copy(noun), copy.deepcopy(noun), pickle.loads(pickle.dumps(noun))):
        assert twin == noun
    assert not hasattr(noun, "__dict__")
    with pytest.raises(FrozenInstanceError):
        noun.path = ()  # type: ignore[misc]


def test_nouns_match_by_position() -> None:
    match NOUNS[0]:
        case Put((*_, 0), value):
            assert value == 1
        case _:
            pytest.fail("no match")


def test_neighbouring_grows_of_one_path_are_joined() -> None:
    assert merged(
        [
            Put((), []),
            Put((0,), ""),
            Grow((0,), "a"),
            Grow((0,), "b"),
            Grow((0,), "c"),
            Done((0,)),
            Grow((1,), "d"),
        ]
    ) == [Put((), []), Put((0,), ""), Grow((0,), "abc"), Done((0,)), Grow((1,), "d")]


def test_only_neighbours_of_one_path_are_joined() -> None:
    apart: list[Edit] = [Grow((0,), "a"), Grow((1,), "b"), Grow((0,), "c"), Done((0,)), Grow((0,), "d")]
    assert merged(apart) == apart


def slowly_merged(edits: list[Edit]) -> list[Edit]:
    for i in range(len(edits) - 1):
        this, following = edits[i], edits[i + 1]
        if isinstance(this, Grow) and isinstance(following, Grow) and this.path == following.path:
            return slowly_merged([*edits[:i], Grow(this.path, this.text + following.text), *edits[i + 2 :]])
    return edits


@given(edits)
def test_merged_is_what_joining_pair_by_pair_gives(edits: list[Edit]) -> None:
    before = list(edits)
    assert merged(edits) == slowly_merged(edits)
    assert edits == before
    assert merged(merged(edits)) == merged(edits)


@given(text=texts(), data=st.data())
def test_merging_changes_nothing_of_what_is_built(text: str, data: st.DataObject) -> None:
    parser = Parser()
    found = parser.edits()
    for fragment in data.draw(cuts(text)):
        parser.feed(fragment)
        found += parser.edits()
    assert repr(replayed(merged(found))) == repr(replayed(found))
