"""``check`` and ``repair`` say what is wrong, and where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson import LENIENT, STRICT
from partialjson.cli import texts
from partialjson.testing import broken_texts, json_texts


@given(st.text("ab\n", max_size=40), st.data())
def test_a_place_counts_lines_and_columns(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = map(int, texts.place(text, offset).split(":"))
    lines = text[:offset].split("\n")
    assert (line, column) == (len(lines), len(lines[-1]) + 1)


@given(json_texts())
def test_json_is_not_refused(text: str) -> None:
    reading = texts.read(text.encode(), STRICT, to_the_end=True)
    assert reading.refusal is None
    assert texts.refusal(reading, "x") == ""


@given(broken_texts())
def test_what_is_no_json_is_refused_where_the_standard_library_refuses_it(broken: object) -> None:
    text = getattr(broken, "text", broken)
    assert isinstance(text, str)
    try:
        json.loads(text, parse_constant=_refused)
    except ValueError:
        pass
    else:
        return
    reading = texts.read(text.encode("utf-8", "replace"), STRICT, to_the_end=True)
    assert reading.refusal is not None
    assert 0 <= reading.refusal.offset <= len(text)


def _refused(word: str) -> None:
    raise ValueError(word)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[1,\n 2 3]", "f:2:4: expected ',' or ']', got '3'"),
        ('{"a": [tru]}', "f:1:11: expected 'e' of 'true', got ']', at /a/0"),
        ('{"a": 1 ', "f:1:9: expected ',' or '}', got the end of the text"),
        ('{"a": "x', "f:1:9: "),
        ("", "f:1:1: expected a value, got the end of the text"),
        ("[\x1b]", r"f:1:2: expected ']' or a value, got '\x1b'"),
        ("[" * 200, "f:1:129: limit 'depth' (128) exceeded"),
    ],
)
def test_refusals(text: str, line: str) -> None:
    reading = texts.read(text.encode(), STRICT, to_the_end=True)
    assert texts.refusal(reading, "f").startswith(line)


def test_the_table_of_repairs() -> None:
    reading = texts.read(b"Sure:\n{'a': 1,}", LENIENT)
    assert list(texts.repair_table(reading)) == [
        "where      loss   repair               text",
        "1:1        form   prose                'Sure:'",
        '2:2        none   quotes               "\'"',
        "2:8        none   trailing-comma       ','",
    ]


def test_repairs_beyond_the_limit_are_counted() -> None:
    *_, last = texts.repair_table(texts.read(b"[" + b"1,," * 150 + b"1]", LENIENT))
    assert last.split() == ["and", "50", "more"]


def test_notes() -> None:
    reading = texts.read(b'{"a": 1,\n "a": 2}', STRICT, to_the_end=True)
    assert list(texts.notes(reading, "f\x1b")) == [r"f\u001b:2:2: note: duplicate-name, at /a"]


def test_a_large_file_of_ones_own_is_no_attack() -> None:
    reading = texts.read(b"[" + b" " * 5_000 + b"1" + b",1" * 300_000 + b"]", STRICT, to_the_end=True)
    assert reading.refusal is None
