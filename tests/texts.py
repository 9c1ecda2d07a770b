"""Hypothesis strategies for what a parser must survive: the marks that dialects look at, in any order."""

from __future__ import annotations

from operator import add
from typing import Final

from hypothesis import strategies as st

from partialjson.testing import broken_texts, json_texts

_MARKS: Final = (
    *"{}[](),:;=\"'`\\/*#<>-+._ \n\t\r0127eExuabntf\x01\x0c\x1e\x7f",
    *"\u00a0\u2028\ufeff\ufffd\u201c\u201d\u2018\u00ab\u2026é😀",
)
_HALVES: Final = ("\ud83d", "\ude00", r"\ud83d", r"\ude00", r"\ud8", r"\x4", r"\u", r"\u12", r"\ud83d\ude00")
_WORDS: Final = (
    *("true", "fals", "null", "nul", "True", "None", "NaN", "-Infinity", "undefined", "...", "hello"),
    *("007", "0x1F", "1_000", ".5", "5.", "1e400", "-0", "12abc", "9" * 25),
    *('{"a":', '"a":', '","', '":"', ',"b":1', '[{"', "}]", '""', '"""', '"hi"', '" x', "'s", "\\\\", '\\"'),
    *("//", "/*", "*/", "# c\n", "=>", "```", "```json\n", "\n```", "<think>", "</think>", "<|im_end|>"),
    *("[1]", "{x}", "Sure: ", "data: ", "\r\n"),
)
_BEGINNINGS: Final = ("", "", "{", "[", '{"a": ', '["', '{"a": "', '[{"a": 1, ', '{"a": ["b", ', "{'")
_NOT_UTF_8: Final = (b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\xbd", b"\xf0\x9f\x98", b"\xc0\xaf", b"\x80")


def texts() -> st.SearchStrategy[str]:
    """Valid texts, texts broken in known ways, and marks in any order, also half surrogate pairs."""
    marks = st.sampled_from((*_MARKS, *_HALVES, *_WORDS))
    soup = st.builds(add, st.sampled_from(_BEGINNINGS), st.lists(marks, max_size=16).map("".join))
    return soup | soup | valid_texts() | broken_texts()


def valid_texts() -> st.SearchStrategy[str]:
    """JSON in all its spellings, with repeated names and half surrogate pairs as escapes."""
    return json_texts(repeated_names=True, lone_surrogates=True)


def byte_texts() -> st.SearchStrategy[bytes]:
    """Bytes that are mostly UTF-8."""
    encoded = texts().map(lambda text: text.encode("utf-8", "surrogatepass"))
    pieces = st.sampled_from((*_NOT_UTF_8, *(mark.encode() for mark in (*_MARKS, *_WORDS))))
    soup = st.builds(
        add,
        st.sampled_from([beginning.encode() for beginning in _BEGINNINGS]),
        st.lists(pieces, max_size=12).map(b"".join),
    )
    return soup | encoded
