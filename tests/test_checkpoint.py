"""A checkpoint is plain JSON data, goes on identically, and is not trusted when it is read."""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.dialects import JSON5, LENIENT, STRICT, Dialect
from partialjson.edits import Edit, merged
from partialjson.errors import CheckpointError, PartialJSONError
from partialjson.parser import Parser
from partialjson.testing import broken_texts, json_texts
from tests.twins import Twin

DIALECTS = st.sampled_from((STRICT, JSON5, LENIENT))
TEXTS = json_texts() | broken_texts()


def begun(parser: Parser, text: str) -> list[Edit]:
    edits = parser.edits()
    with contextlib.suppress(PartialJSONError):
        parser.feed(text)
    return edits


def continued(parser: Parser, text: str, edits: list[Edit]) -> str:
    """All that can be seen of the rest, as text: NaN is not equal to itself."""
    error = ""
    edits = [*edits, *parser.edits()]
    try:
        for character in text:
            parser.feed(character)
            edits += parser.edits()
    except PartialJSONError as fault:
        error = repr(fault)
        edits += parser.edits()
    document = parser.close()
    return repr((document, merged(edits + parser.edits()), error, parser.values()))


@given(text=TEXTS, dialect=DIALECTS, data=st.data())
def test_a_restored_parser_goes_on_identically(engine: Twin, text: str, dialect: Dialect, data: Any) -> None:
    cut = data.draw(st.integers(0, len(text)))
    numbers = data.draw(st.sampled_from(("python", "decimal")))
    parser = engine.parser.Parser(dialect, numbers=numbers, many=data.draw(st.booleans()))
    edits = begun(parser, text[:cut])
    restored = engine.parser.Parser.restore(json.loads(json.dumps(parser.checkpoint())))
    unpickled = pickle.loads(pickle.dumps(parser))
    twin = copy.deepcopy(parser)
    expected = continued(parser, text[cut:], edits)
    assert continued(restored, text[cut:], edits) == expected
    assert continued(unpickled, text[cut:], edits) == expected
    assert continued(twin, text[cut:], edits) == expected


def test_the_other_machine_can_go_on(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('```json\n{"a": [1, "tw')
    restored = Parser.restore(parser.checkpoint())
    restored.feed('o"]}')
    assert restored.close().value == {"a": [1, "two"]}


def test_own_dialects_and_numbers_are_given_again() -> None:
    mine = LENIENT.without("prose")
    parser = Parser(mine, numbers=len)
    parser.feed("[1234, ")
    data = parser.checkpoint()
    with pytest.raises(CheckpointError, match="dialect"):
        Parser.restore(data, numbers=len)
    with pytest.raises(CheckpointError, match="numbers"):
        Parser.restore(data, dialect=mine)
    restored = Parser.restore(data, dialect=mine, numbers=len)
    restored.feed("12]")
    assert restored.close().value == [4, 2]


def test_what_numbers_made_must_have_a_json_form() -> None:
    parser = Parser(numbers=lambda literal: {literal})
    parser.feed("[1,")
    with pytest.raises(TypeError, match="set"):
        parser.checkpoint()


@pytest.mark.parametrize(
    "data", [None, 7, "x", [], {}, {"machine": 1}, {"machine": {}, "limits": {}, "dialect": "X"}]
)
def test_what_is_no_checkpoint(data: object) -> None:
    with pytest.raises(CheckpointError):
        Parser.restore(data)


JUNK = [
    0,
    1,
    -1,
    3,
    9,
    10,
    12,
    13,
    21,
    25,
    29,
    31,
    37,
    41,
    1 << 70,
    1.5,
    None,
    True,
    False,
    "",
    "x",
    '"',
    "-",
    [],
    ["a"],
    {},
]


def damaged(data: Any, dice: random.Random) -> Any:
    """The data with one value replaced, or one member left out."""
    if isinstance(data, dict) and data:
        name = dice.choice(list(data))
        if dice.random() < 0.1:
            return {key: value for key, value in data.items() if key != name}
        return {**data, name: damaged(data[name], dice)}
    if isinstance(data, list) and data and dice.random() < 0.8:
        place = dice.randrange(len(data))
        return [*data[:place], damaged(data[place], dice), *data[place + 1 :]]
    return dice.choice(JUNK)


@given(text=TEXTS, dialect=DIALECTS, seed=st.integers(0, 2**32), data=st.data())
def test_damaged_data_gives_one_typed_error(
    engine: Twin, text: str, dialect: Dialect, seed: int, data: Any
) -> None:
    cut = data.draw(st.integers(0, len(text)))
    parser = engine.parser.Parser(dialect)
    begun(parser, text[:cut])
    whole = json.loads(json.dumps(parser.checkpoint()))
    dice = random.Random(seed)
    for _ in range(5):
        try:
            restored = engine.parser.Parser.restore(damaged(whole, dice))
        except CheckpointError:
            continue
        # Not every change can be told from another state; but the parser holds together.
        assert repr(restored.status)
        assert restored.open_path is None or isinstance(restored.open_path, tuple)
        with contextlib.suppress(ValueError):  # PartialJSONError, or that it is closed
            restored.feed(text[cut:])
        restored.close()
        restored.edits()
