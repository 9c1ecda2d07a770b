"""The text so far and its completion are a document, and no shorter text would do."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.dialects import LENIENT, STRICT
from partialjson.errors import SyntaxFault
from partialjson.testing import broken_texts, json_texts
from tests.twins import Twin

SYMBOLS = ("{", "}", "[", "]", ",", ":", '"', "\\", "-", "0", "1", "e", ".", "t", "u", "d8", " ")


def test_every_short_prefix_is_closed(engine: Twin) -> None:
    for size in range(4):
        for symbols in itertools.product(SYMBOLS, repeat=size):
            text = "".join(symbols)
            parser = engine.parser.Parser(STRICT)
            try:
                parser.feed(text)
            except SyntaxFault:
                continue
            completion = parser.completion()
            value = json.loads(text + completion)
            parser.feed(completion)
            document = parser.close()
            assert document.status == "complete"
            assert document.value == value


@given(text=json_texts(), data=st.data())
def test_the_value_extends_what_was_shown(engine: Twin, text: str, data: st.DataObject) -> None:
    parser = engine.parser.Parser(STRICT)
    parser.feed(text[: data.draw(st.integers(0, len(text)))])
    shown = parser.snapshot()
    parser.feed(parser.completion())
    document = parser.close()
    assert document.status == "complete"
    assert extends(shown, document.value, engine)


def extends(shown: object, whole: object, engine: Twin) -> bool:
    """By at most one token or member, at the right edge."""
    from partialjson.missing import MISSING

    if shown is MISSING or shown == whole:
        return True
    if isinstance(shown, str) and isinstance(whole, str):
        return whole.startswith(shown) and len(whole) <= len(shown) + 1
    if isinstance(shown, dict) and isinstance(whole, dict):
        kept = list(whole)[: len(shown)] == list(shown) and len(whole) <= len(shown) + 1
        return kept and all(extends(shown[name], whole[name], engine) for name in shown)
    if isinstance(shown, list) and isinstance(whole, list):
        kept = len(shown) <= len(whole) <= len(shown) + 1
        return kept and all(extends(a, b, engine) for a, b in zip(shown, whole, strict=False))
    return False


@given(text=broken_texts())
def test_no_state_is_without_an_answer(engine: Twin, text: str) -> None:
    parser = engine.parser.Parser(LENIENT)
    for character in text:
        parser.feed(character)
        fork = parser.fork()
        fork.feed(fork.completion())
        assert fork.close().status != "invalid"


def test_nothing_completes_an_error(engine: Twin) -> None:
    parser = engine.parser.Parser(STRICT)
    with pytest.raises(SyntaxFault):
        parser.feed("[1,,")
    assert parser.completion() == ""


@pytest.mark.parametrize(
    ("text", "completion"),
    [
        ("", "0"),
        ('{"a', '":0}'),
        ('{"a": [1,', "0]}"),
        ('["\\ud83d', '\\udc00"]'),
        ('["\\ud83d\\u', 'dc00"]'),
        ('["\\u00e', '0"]'),
        ("[tr", "ue]"),
        ("[1e+", "0]"),
        ("[]", ""),
    ],
)
def test_examples(engine: Twin, text: str, completion: str) -> None:
    parser = engine.parser.Parser(STRICT)
    parser.feed(text)
    assert parser.completion() == completion
