"""Values by path become one JSON text, and what does not fit changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls.paths import PathMismatch, PathWriter, path_of
from partialjson.errors import Path
from partialjson.parser import Parser

STEPS = st.lists(st.integers(0, 99) | st.text(max_size=4), min_size=1)


def written(step: str | int, quote: str) -> str:
    """A step of a path in brackets, a name between these quotes."""
    if isinstance(step, int):
        return f"[{step}]"
    name = json.dumps(step)[1:-1]
    return f'["{name}"]' if quote == '"' else "['" + name.replace('\\"', '"').replace("'", "\\'") + "']"


@given(STEPS, st.data())
def test_a_path_is_what_it_was_written_from(steps: list[str | int], data: st.DataObject) -> None:
    quotes = st.sampled_from(["'", '"'])
    assert path_of("$" + "".join(written(step, data.draw(quotes)) for step in steps)) == tuple(steps)


@given(st.text(alphabet="$.[]'\"\\*0a- ", max_size=8) | st.text(max_size=8))
def test_any_other_text_is_no_path(text: str) -> None:
    try:
        path = path_of(text)
    except PathMismatch:
        return
    assert text.startswith("$")
    assert path
    assert all(isinstance(step, str) or step >= 0 for step in path)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("$.a", ("a",)),
        ("$.a.b[0].c", ("a", "b", 0, "c")),
        ("$.a[0][10]", ("a", 0, 10)),
        ("$['a.b'][0]", ("a.b", 0)),
        ('$["a"][ 0 ]', ("a", 0)),
        ("$['it\\'s \"x\"']", ('it\'s "x"',)),
        ('$["\\u00fc\\\\\\""]', ('ü\\"',)),
        ("$['']", ("",)),
        ("$.größe-2", ("größe-2",)),
    ],
)
def test_paths_as_the_rfc_has_them(text: str, path: Path) -> None:
    assert path_of(text) == path


@pytest.mark.parametrize(
    "text",
    [
        *("", "$", "a", ".a", "$a", "$.", "$..a", "$.*", "$.a b", "$.a]"),
        *("$[", "$[*]", "$[-1]", "$[01]", "$[1:2]", "$[1234567890]", "$[?@.a]"),
        *("$['a]", "$['a','b']", "$['\\x']", '$["\\\'"]'),
    ],
)
def test_what_is_no_path_of_one_value(text: str) -> None:
    with pytest.raises(PathMismatch, match="path"):
        PathWriter().write(text, 1)


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
OBJECTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, min_size=1, max_size=3)
    ),
    max_leaves=10,
).filter(lambda value: isinstance(value, dict))


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


@given(OBJECTS, st.integers(1, 3))
def test_the_text_is_the_object(value: Any, size: int) -> None:
    writer = PathWriter()
    text = ""
    for path, leaf in leaves(value):
        pieces = [leaf[at : at + size] for at in range(0, len(leaf), size)] if isinstance(leaf, str) else []
        for piece in pieces[:-1]:
            text += writer.write(path, piece, more=True)
        text += writer.write(path, pieces[-1] if pieces else leaf)
    assert json.loads(text + writer.close()) == value


def test_a_string_is_closed_by_what_comes_after_it() -> None:
    writer = PathWriter()
    text = (
        writer.write(("a",), "x", more=True) + writer.write(("b",), 1) + writer.write(("c",), "y", more=True)
    )
    assert text + writer.close() == '{"a":"x","b":1 ,"c":"y"}'


@pytest.mark.parametrize(
    "path",
    [
        ("a",),  # above what is there
        ("a", "b"),  # again
        ("a", "b", "c"),  # inside a number
        ("a", 0),  # an item of an object
        ("c", 1),  # the second item of an array that has no first
        (0,),
        (),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(path: Path) -> None:
    writer = PathWriter()
    text = writer.write(("a", "b"), 1)
    with pytest.raises(PathMismatch):
        writer.write(path, 1)
    text += writer.write(("z",), 2)
    assert json.loads(text + writer.close()) == {"a": {"b": 1}, "z": 2}


def test_items_come_in_order() -> None:
    writer = PathWriter()
    writer.write(("a", 0), 1)
    with pytest.raises(PathMismatch, match="does not follow"):
        writer.write(("a", 2), 1)


def test_a_closed_object_stays_closed() -> None:
    writer = PathWriter()
    writer.write(("a", "b"), 1)
    writer.write(("c",), 1)
    with pytest.raises(PathMismatch):
        writer.write(("a", "d"), 1)


def test_a_number_is_there_at_once() -> None:
    writer, parser = PathWriter(), Parser()
    for path, value in (("$.a", 1), ("$.b", -0.5), ("$.c[0]", 2e300)):
        parser.feed(writer.write(path, value))
    assert parser.value == {"a": 1, "b": -0.5, "c": [2e300]}


def test_what_comes_after_the_end_is_another_document() -> None:
    writer = PathWriter()
    for _ in range(2):
        assert writer.write(("a", "b"), "x") + writer.close() == '{"a":{"b":"x"}}'


def test_no_value_no_text() -> None:
    writer = PathWriter()
    assert writer.close() == ""
    for value in (object(), float("nan"), float("inf")):
        with pytest.raises(PathMismatch, match="no JSON value"):
            writer.write(("a",), value)
