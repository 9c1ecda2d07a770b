"""Readers that remember: left at any payload, and gone on with from plain JSON data."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.errors import CheckpointError
from partialjson.providers import PROVIDERS, Provider, table_of
from partialjson.providers.memory import Memory
from tests.test_calls_cases import CASES, WIRES
from tests.test_providers import PAYLOADS

REMEMBERING: Final = [provider for provider in PROVIDERS if isinstance(provider.reader(), Memory)]
EACH: Final = pytest.mark.parametrize("provider", REMEMBERING, ids=lambda provider: provider.name)


def reader_of(provider: Provider) -> Any:
    return provider.reader()


def went_on(provider: Provider, reader: Any) -> Any:
    """A new reader with the memory of this one, by way of JSON."""
    other = reader_of(provider)
    other.restore(json.loads(json.dumps(reader.checkpoint())))
    return other


def test_which_they_are() -> None:
    assert {provider.name for provider in REMEMBERING} == {"dashscope", "xai"}


@pytest.mark.parametrize(
    ("wire", "row"),
    [(wire, row) for wire, row in CASES if wire in {provider.name for provider in REMEMBERING}],
    ids=lambda value: value if isinstance(value, str) else value["case"],
)
def test_going_on_elsewhere_at_every_payload(wire: str, row: dict[str, Any]) -> None:
    provider = table_of(wire)
    whole, reader = reader_of(provider), reader_of(provider)
    for payload in WIRES[wire](row["stream"]):
        reader = went_on(provider, reader)
        assert reader(payload) == whole(payload)


@EACH
@given(payloads=st.lists(PAYLOADS, max_size=6))
def test_whatever_was_read_can_be_remembered(provider: Provider, payloads: list[dict[str, Any]]) -> None:
    reader = reader_of(provider)
    for payload in payloads:
        reader(payload)
    assert went_on(provider, reader).checkpoint() == reader.checkpoint()


@EACH
def test_a_checkpoint_does_not_change_later(provider: Provider) -> None:
    reader = reader_of(provider)
    checkpoint = reader.checkpoint()
    (payloads,) = [list(WIRES[wire](row["stream"])) for wire, row in CASES if wire == provider.name][:1]
    reader(payloads[0])
    assert checkpoint == reader_of(provider).checkpoint() != reader.checkpoint()


JUNK: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@EACH
@given(data=st.data())
def test_a_damaged_memory_is_refused_or_harmless(provider: Provider, data: st.DataObject) -> None:
    reader = reader_of(provider)
    before = reader.checkpoint()
    name = data.draw(st.sampled_from(sorted(before)))
    damaged = {**before, name: data.draw(JUNK)}
    try:
        reader.restore(damaged)
    except CheckpointError:
        assert reader.checkpoint() == before
    else:
        assert reader.checkpoint() == damaged
    for wire, row in CASES:
        if wire == provider.name:
            for payload in WIRES[wire](row["stream"]):
                reader(payload)


@EACH
@pytest.mark.parametrize("data", [None, [], {}, {"response": None}, {"else": 1}])
def test_no_memory_at_all_is_refused(provider: Provider, data: object) -> None:
    with pytest.raises(CheckpointError, match=provider.name):
        reader_of(provider).restore(data)
