"""What was broken, in words: short, exact, and safe to print."""

from __future__ import annotations

import pytest

from partialjson.schema.causes import Cause, MemberName, worded
from partialjson.schema.plan import Claim


def claim(keyword: str, expected: object, *, lifted: bool = False) -> Claim:
    return Claim(keyword, expected, (keyword,), lifted)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (Cause(claim("required", ["to"]), (), "to"), "'to' is a required property"),
        (Cause(claim("additionalProperties", False, lifted=True), (), "cc"), 'must not have the member "cc"'),
        (Cause(claim("items", False, lifted=True), ("list",), 3), "must not have the item 3"),
    ],
)
def test_in_words(cause: Cause, words: str) -> None:
    assert worded(cause) == words


def test_a_name_that_is_the_value() -> None:
    words = worded(Cause(claim("maxLength", 3), (), MemberName("recipient")))
    assert words.startswith('has the member name "recipient", which ')


def test_alternatives_say_what_broke_the_last_one() -> None:
    inner = Cause(claim("required", ["to"]), ("mail", "head"), "to")
    assert worded(Cause(claim("anyOf", []), ("mail",), {}, inner)) == (
        "matches no alternative: '/head' 'to' is a required property"
    )


def test_alternatives_in_alternatives_say_it_once() -> None:
    cause = Cause(claim("maximum", 5), ("a",) * 2_000, 6)
    for depth in range(1_999, -1, -1):
        cause = Cause(claim("anyOf", []), ("a",) * depth, {}, cause)
    words = worded(cause)
    assert words.startswith("matches no alternative: '/a/a/a")
    assert words.endswith(" must be at most 5, not 6")
    assert len(words) < 100


def test_hostile_text_is_quoted_short_and_escaped() -> None:
    words = worded(Cause(claim("enum", ["low"]), (), "\x1b]52;c;" + "x" * 1_000))
    assert words.isprintable()
    assert len(words) < 100
