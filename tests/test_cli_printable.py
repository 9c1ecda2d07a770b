"""What is shown cannot steer a terminal."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.cli.printable import printable, printable_lines, shortened

JOINERS = "\u200c\u200d"
CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_all_controls_and_invisible_characters_are_written_as_escapes() -> None:
    """Python's tables may be older than ours: what they do not know yet is also allowed to be escaped."""
    for code in range(0x110000):
        character = chr(code)
        category = unicodedata.category(character)
        is_shown = printable(character) == character
        if category in CATEGORIES:
            assert is_shown is (character in JOINERS), hex(code)
        else:
            assert is_shown or category == "Cn", hex(code)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;cm0gLXJmIH4=\x07", r"\u001b]52;c;cm0gLXJmIH4=\u0007"),
        ("\x1b]8;;http://evil.example\x1b\\here", r"\u001b]8;;http://evil.example\u001b\here"),
        ("\x9b2J\x9d0;title\x9c", r"\u009b2J\u009d0;title\u009c"),
        ("if admin\u202e\u2066: return", r"if admin\u202e\u2066: return"),
        ("one\ntwo\ttabs\r\x7f", r"one\u000atwo\u0009tabs\u000d\u007f"),
        ("\U000e0041", r"\udb40\udc41"),
        ("\ud800", r"\ud800"),
        ("☕ 𝒳 नमस्ते می‌خواهم 👩‍🔧", "☕ 𝒳 नमस्ते می‌خواهم 👩‍🔧"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(json_values)
def test_a_json_text_stays_the_same_json(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert json.loads(printable(text)) == value
    assert json.loads(printable_lines(json.dumps(value, ensure_ascii=False, indent=2))) == value


@given(st.text())
def test_lines_are_kept_where_they_are_wanted(text: str) -> None:
    shown = printable_lines(text)
    assert printable(shown.replace("\n", "")) == shown.replace("\n", "")
    assert shown.count("\n") == text.count("\n")


def test_tabs_and_line_ends() -> None:
    assert printable_lines("if x:\r\n\treturn\r") == "if x:\n    return\\u000d"


@given(st.text(), st.integers(1, 20))
def test_what_is_too_long_ends_in_an_ellipsis(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
