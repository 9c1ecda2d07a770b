"""`regex.search` is `re.search`, whichever of the two ways it takes, and never for long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partialjson.schema import SchemaFault, regex

TEXTS = st.text(alphabet="abcA1_ .@-\n\u00e9\u0130", max_size=8)
"""A few letters that meet, and the awkward ones: a newline before the end, a letter that grows in case."""

ATOMS = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", ".", r"\d", r"\w", r"\S", r"\b", "^", "$", r"\Z", "\u00e9", "-"]
)
REPEATS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({}){}".format, inner, REPEATS),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=6,
)


@given(PATTERNS, TEXTS, st.sampled_from(["", "(?i)", "(?s)", "(?a)"]))
@example("(a*)*b", "aaab", "")
@example("(a|b|ab)*c", "ababac", "")
@example("(?:(?:^)*)*a", "ba", "")
@example("$", "a\n", "")
def test_the_automaton_says_what_re_says(pattern: str, text: str, flags: str) -> None:
    made = regex.Pattern(flags + pattern)
    automaton = regex.Automaton(made.pattern, made.tree)
    assert (
        automaton.search(text)
        == bool(re.search(flags + pattern, text))
        == regex.search(flags + pattern, text)
    )


HOSTILE = [
    ("^(a+)+$", "a" * 50_000 + "b", False),
    ("(a|a)*$", "a" * 5_000 + "b", True),
    ("^(a|aa)+$", "a" * 50_000 + "b", False),
    ("a+$", "a" * 200_000 + "b", False),
    (".*.*.*x", "a" * 20_000, False),
    ("^(.*?,){11}P", "1," * 5_000, False),
    ("(a?){30}a{30}", "a" * 29, False),
    (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "a@" * 10_000, False),
    (r"^(\d+\.)+\d+$", "1." * 1_000 + "1", True),
    (r"^[a-z]+(-[a-z]+)*$", "kebab-" * 1_000 + "case", True),
]


@pytest.mark.parametrize(("pattern", "text", "found"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_no_pattern_takes_long(pattern: str, text: str, found: bool) -> None:
    start = time.process_time()
    assert regex.search(pattern, text) is found
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(.+)+\1$", "ab" * 1_000),
        ("(?=(a+)+$)a", "a" * 100),
        ("(?<!(?:a|aa))(a+)+$", "a" * 100),
        ("(?m)^(a+)+$", "a" * 100),
        ("((a{1,100}){1,100}){1,100}b", "a" * 1_000),
        ("^(a+)+$", "a" * 5_000_000),
        ("(?i:(a+)+)$", "a" * 100),
    ],
)
def test_what_nobody_can_promise_to_match_is_refused_at_once(pattern: str, text: str) -> None:
    start = time.process_time()
    with pytest.raises(SchemaFault) as fault:
        regex.search(pattern, text)
    assert fault.value.reason == "pattern"
    assert time.process_time() - start < 5


@pytest.mark.parametrize("pattern", ["(", "a**", "[", r"\p{L}", "(?P<n>a)(?P<n>b)", "a{99999999999}"])
def test_what_re_refuses_is_a_fault(pattern: str) -> None:
    with pytest.raises(SchemaFault) as fault:
        regex.compiled(pattern)
    assert fault.value.reason == "pattern"


@pytest.mark.parametrize(
    "pattern", ["^[a-z0-9_-]{1,64}$", r"^\d{4}-\d{2}-\d{2}$", "^https?://", "foo|bar", "^$"]
)
def test_ordinary_patterns_are_left_to_re(pattern: str) -> None:
    assert regex.compiled(pattern).is_cheap(1_000)
