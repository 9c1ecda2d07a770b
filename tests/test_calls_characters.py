"""No half characters, however a server cuts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls.characters import join_halves, repair_halves

HALVES = st.text(st.sampled_from("a\u00e9\ud83d\ude00\udbff\udc00"), max_size=8)


@given(st.lists(HALVES, max_size=5))
def test_any_cut_gives_the_same_text_which_can_be_encoded(pieces: list[str]) -> None:
    held, found = "", []
    for piece in pieces:
        text, held = join_halves(held, piece)
        text.encode()
        found.append(text)
    found.append(repair_halves(held))
    assert "".join(found) == repair_halves("".join(pieces))


def test_pairs_are_joined_and_single_halves_replaced() -> None:
    assert repair_halves("\ud83d\ude00 \ud83d \ude00") == "\U0001f600 \ufffd \ufffd"
    assert join_halves("", "x\ud83d") == ("x", "\ud83d")
    assert join_halves("\ud83d", "\ude00y") == ("\U0001f600y", "")
    assert join_halves("\ud83d", "y") == ("\ufffdy", "")
