"""What can be appended is appended; the old text again is told from the new by the grammar."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls.reconcile import reconcile, settle
from partialjson.dialects import STRICT
from partialjson.parser import Parser

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('x"{}[]:\\ '), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from("xy{"), VALUES, min_size=1, max_size=2).map(json.dumps)


@given(OBJECTS, st.data())
def test_a_true_delta_is_never_anything_else(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(1, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    reading = reconcile(text[:start], text[start:end], complete=False)
    assert (reading.action, reading.text, reading.code) == ("append", text[start:end], None)


@given(OBJECTS, st.data())
def test_a_restated_text_gives_its_suffix_or_could_have_been_meant(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(1, len(text) - 1))
    reading = reconcile(text[:start], text, complete=False)
    assert reading.action == "append"
    if reading.code == "cumulative":
        assert text[:start] + reading.text == text
    else:
        Parser(STRICT).feed(text[:start] + reading.text)


@given(OBJECTS)
def test_after_the_whole_value_the_same_is_a_replay(text: str) -> None:
    assert reconcile(text, text, complete=True).code == "replay-dropped"
    respelled = json.dumps(json.loads(text), indent=1)
    assert reconcile(text, respelled, complete=True).code == "replay-dropped"


@pytest.mark.parametrize(
    ("text", "fragment", "complete", "options", "action", "code"),
    [
        ('{"x":1}', " \n", True, {}, "append", None),
        ('{"x":1}', '{"x', True, {}, "replay", "replay-dropped"),
        ('{"x":1}', '{"x":2}', True, {}, "split", "identity-inferred"),
        ('{"x":1}', '{"x":2}', True, {"seeded": True}, "replace", "seed-discarded"),
        ('{"x":1}', "}", True, {}, "append", "trailing-data"),
        ("{}", '{"x', True, {}, "replace", "seed-discarded"),
        ("null", '{"x', False, {}, "replace", "seed-discarded"),
        ('""', '{"x', True, {}, "replace", "seed-discarded"),
        ('{"x":', '{"x":', False, {}, "append", None),
        ('{"x":', '{"x":', False, {"drops_repeats": True}, "drop", "repeat-dropped"),
        ('{"x"', '{"x"', False, {}, "drop", "replay-dropped"),
        ('{"x":', '{"x":1', False, {}, "append", None),
        ('{"x":', '{"x":1', False, {"cumulative": True}, "append", "cumulative"),
        ("  ", "  {", False, {}, "append", None),
        ("{'x'", "{'x':1", False, {}, "append", None),  # where the strict grammar is no guide
    ],
)
def test_reading(
    text: str, fragment: str, complete: bool, options: dict[str, Any], action: str, code: str | None
) -> None:
    reading = reconcile(text, fragment, complete=complete, **options)
    assert (reading.action, reading.code) == (action, code)


def test_a_snapshot_says_no_more_than_it_must() -> None:
    assert settle('{"x"', '{"x":1}') == ("append", ":1}", None)
    assert settle('{"x":1}', '{"x":1}') == ("append", "", None)
    assert settle('{"x":1}', '{ "x": 1 }') == ("drop", "", None)
    assert settle('{"x":1}', '{"x":2}') == ("replace", '{"x":2}', "snapshot-mismatch")
