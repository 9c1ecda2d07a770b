"""Forms: what is written is plain JSON data, and what is read is what was written, or refused."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import forms
from partialjson.calls.forms import Form, Record
from partialjson.errors import CheckpointError

VALUES: Final[list[tuple[Form, Any]]] = [
    (forms.TEXT, "\u00e9"),
    (forms.FLAG, False),
    (forms.COUNT, 0),
    (forms.INTEGER, -(1 << 70)),
    (forms.NUMBER, -1.5),
    (forms.PART, "p"),
    (forms.PART, 7),
    (forms.PATH, ("a", 0)),
    (forms.BYTES, bytes(range(256))),
    (forms.HALF, ""),
    (forms.HALF, "\ud83d"),
    (forms.one_of(["a", "b"]), "b"),
    (forms.maybe(forms.COUNT), None),
    (forms.maybe(forms.COUNT), 1),
    (forms.many(forms.TEXT), ["a"]),
    (forms.fixed(forms.TEXT, forms.COUNT), ("a", 1)),
    (forms.named(forms.HALF), {"a": "\ud800"}),
    (forms.pairs(forms.INTEGER, forms.TEXT), {1: "a"}),
    (forms.PLAIN, {"a": [1, None, 2.5, "x", True]}),
]
JUNK: Final = [
    None,
    True,
    -1,
    1 << 70,
    1.5,
    "",
    "x",
    "\u20ac",
    [],
    [1],
    ["a"],
    [["a"]],
    {},
    {"a": []},
    {"a": 1},
    {1: 1},
]


@pytest.mark.parametrize(("form", "value"), VALUES)
def test_what_is_written_is_read(form: Form, value: Any) -> None:
    written = json.loads(json.dumps(form.write(value), ensure_ascii=False).encode())
    assert form.read(written) == value
    assert type(form.read(written)) is type(value)


@pytest.mark.parametrize(("form", "value"), VALUES)
@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_what_is_read_could_have_been_written(form: Form, value: Any, junk: object) -> None:
    try:
        read = form.read(junk)
    except CheckpointError:
        return
    assert form.write(read) == junk


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e30, True, "1", 1 << 61])
def test_numbers_are_numbers_to_count_with(number: object) -> None:
    with pytest.raises(CheckpointError):
        forms.NUMBER.read(number)


@given(
    st.recursive(
        st.none() | st.text() | st.floats() | st.binary() | st.just(object()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    )
)
def test_anything_becomes_plain_data(value: Any) -> None:
    written = json.dumps(forms.PLAIN.write(value), ensure_ascii=False, allow_nan=False).encode()
    assert forms.PLAIN.read(json.loads(written)) == forms.PLAIN.write(value)


def test_plain_data_is_no_deeper_than_it_is_written() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert "list" in json.dumps(forms.plain(deep))
    with pytest.raises(CheckpointError):
        forms.PLAIN.read(deep)
    assert forms.PLAIN.read(forms.plain(deep)) == forms.plain(deep)


def test_a_record_names_what_it_refuses() -> None:
    record = Record[SimpleNamespace](a=forms.TEXT, b=forms.COUNT)
    data = record.write(SimpleNamespace(a="x", b=1, c=2))
    assert data == {"a": "x", "b": 1}
    assert record.fill(SimpleNamespace(), {**data, "beside": 3}) == SimpleNamespace(a="x", b=1)
    with pytest.raises(CheckpointError, match=r"expected a count \(b\)"):
        record.fill(SimpleNamespace(), {"a": "x", "b": -1})
    with pytest.raises(CheckpointError, match="b"):
        record.fill(SimpleNamespace(), {"a": "x"})
    with pytest.raises(CheckpointError, match="object"):
        record.fill(SimpleNamespace(), [])
