"""JSON out of the command line is the JSON that went in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from partialjson import LENIENT
from partialjson.cli.writing import Literal, json_text
from partialjson.parser import Parser
from partialjson.testing import json_texts


def rewritten(text: str) -> str:
    parser = Parser(LENIENT, numbers=Literal)
    parser.feed(text)
    return json_text(parser.close().value)


@given(json_texts())
def test_the_same_value(text: str) -> None:
    assert json.loads(rewritten(text)) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.10", "1.10"),
        ("1e400", "1e400"),
        ("-0", "-0"),
        ("[12345678901234567890123, 0.1e-7]", "[\n  12345678901234567890123,\n  0.1e-7\n]"),
        ("[0x1F, +.5, NaN, -Infinity]", "[\n  31,\n  0.5,\n  null,\n  null\n]"),
        (
            '{"a": {}, "b": [], "c": [null, true]}',
            '{\n  "a": {},\n  "b": [],\n  "c": [\n    null,\n    true\n  ]\n}',
        ),
    ],
)
def test_examples(text: str, written: str) -> None:
    assert rewritten(text) == written
