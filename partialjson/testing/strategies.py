"""Hypothesis strategies for JSON values, JSON texts, cuts of a text, and broken texts."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

from partialjson.testing.breakage import BREAKAGES, break_at
from partialjson.testing.cutting import Text, split

_SPACE = st.text(" \t\n\r", max_size=3)


def json_values(*, max_leaves: int = 20) -> st.SearchStrategy[Any]:
    """JSON values as Python has them: ``None``, bool, int, finite float, str, list, dict (RFC 8259).

    Text has no lone surrogates; integers have up to about 40 digits.
    """
    text = st.text(st.characters(exclude_categories=["Cs"]))
    return st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**40), 10**40)
        | st.floats(allow_nan=False, allow_infinity=False)
        | text,
        lambda children: st.lists(children) | st.dictionaries(text, children),
        max_leaves=max_leaves,
    )


def json_texts(
    *, max_leaves: int = 12, repeated_names: bool = False, lone_surrogates: bool = False
) -> st.SearchStrategy[str]:
    """Valid JSON texts (RFC 8259) in all their spellings; ``json.loads`` gives the value.

    White space between all tokens; characters raw, as short escapes, as ``\\u`` escapes in either
    case and as pairs of them; numbers with signs, fractions and exponents. ``repeated_names`` lets
    an object repeat a member name, ``lone_surrogates`` lets a string hold half a pair as an escape.
    """
    strings = _strings(lone_surrogates)

    def containers(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        item = _spaced(children)
        member = st.tuples(_spaced(strings), item)
        members = st.lists(member, unique_by=None if repeated_names else _name)
        arrays = st.lists(item).map(lambda items: f"[{','.join(items)}]")
        objects = members.map(lambda pairs: "{" + ",".join(f"{name}:{value}" for name, value in pairs) + "}")
        return arrays | objects | st.builds("[{}]".format, _SPACE) | st.builds("{{{}}}".format, _SPACE)

    scalars = st.sampled_from(("true", "false", "null")) | _numbers() | strings
    return _spaced(st.recursive(scalars, containers, max_leaves=max_leaves))


def cuts(text: Text) -> st.SearchStrategy[list[Text]]:
    """Ways to cut ``text`` (str or bytes) into fragments: anywhere, with empty ones, or one by one.

    Cuts fall inside escapes and surrogate pairs too, and for bytes inside UTF-8 sequences.
    """
    positions = st.lists(st.integers(0, len(text))).map(sorted)
    return (positions | st.just(list(range(1, len(text))))).map(lambda cut: split(text, cut))


@st.composite
def broken_texts(draw: st.DrawFn, texts: st.SearchStrategy[str] | None = None, max_breaks: int = 3) -> str:
    """JSON texts broken in one to ``max_breaks`` of the ways of ``BREAKAGES``.

    A text that offers no place for any of the ways drawn stays as it is.
    """
    text = draw(json_texts() if texts is None else texts)
    for breakage in draw(st.lists(st.sampled_from(BREAKAGES), min_size=1, max_size=max_breaks)):
        places = breakage.places(text)
        if places:
            text = break_at(breakage, draw(st.sampled_from(places)))
    return text


def _spaced(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("{}{}{}".format, _SPACE, texts, _SPACE)


def _name(member: tuple[str, str]) -> object:
    return json.loads(member[0])


def _numbers() -> st.SearchStrategy[str]:
    # Two digits of exponent at most: 1e400 is no float, which is another test's subject.
    grammar = r"-?(?:0|[1-9][0-9]{0,20})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?"
    return st.from_regex(re.compile(grammar, re.ASCII), fullmatch=True)


def _strings(lone_surrogates: bool) -> st.SearchStrategy[str]:
    plain = st.characters(min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters='"\\')
    short = st.sampled_from([rf"\{letter}" for letter in '"\\/bfnrt'])
    pieces = plain | short | st.builds(_escaped, st.characters(exclude_categories=["Cs"]), st.booleans())
    if lone_surrogates:
        pieces |= st.integers(0xD800, 0xDFFF).map("\\u{:04x}".format)
    return st.lists(pieces).map(lambda parts: f'"{"".join(parts)}"')


def _escaped(character: str, upper: bool) -> str:
    """The character as ``\\u`` escapes: one, or a surrogate pair beyond the first plane."""
    units = character.encode("utf-16-be")
    form = "\\u{:04X}" if upper else "\\u{:04x}"
    return "".join(form.format(int.from_bytes(units[i : i + 2], "big")) for i in range(0, len(units), 2))
