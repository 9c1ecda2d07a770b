"""The tables: what a payload says, one row each in ``data/providers``; and that nothing upsets them."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import ToolCallAccumulator
from partialjson.fragment import Fragment
from partialjson.providers import PROVIDERS, Provider, recognised, table_of
from partialjson.providers.table import mapping, mappings, word
from tests.wires import table

ROWS: Final = [(provider, row) for provider in PROVIDERS for row in table(f"providers/{provider.name}.json")]


@pytest.mark.parametrize(
    ("provider", "row"), ROWS, ids=[f"{provider.name}-{row['about']}" for provider, row in ROWS]
)
def test_row(provider: Provider, row: dict[str, Any]) -> None:
    fragments = [Fragment(**fragment) for fragment in row["fragments"]]
    assert list(provider.reader()(row["payload"])) == fragments


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_a_first_payload_is_recognised_by_its_own_table_alone(provider: Provider) -> None:
    rows = table(f"providers/{provider.name}.json")
    payloads = [row["payload"] for row in rows if row.get("first", True)]  # others may be any wire's
    known = [payload for payload in payloads if payload.get("type") != "weather"]
    assert {recognised(payload) for payload in known} <= {provider}


WORDS: Final = sorted(
    {key for _, row in ROWS for key in row["payload"]}
    | {"index", "delta", "message", "content", "tool_calls", "function", "custom", "thinking", "x_groq"}
    | {"type", "id", "name", "arguments", "input", "usage", "stop_reason", "finish_reason", "content_block"}
)
KINDS: Final = sorted(
    {str(row["payload"]["type"]) for _, row in ROWS if "type" in row["payload"]}
    | {"tool_use", "text", "thinking", "input_json_delta", "text_delta", "custom", "function", "error"}
)
ANYTHING: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(KINDS) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=2), inner)
    ),
    max_leaves=12,
)
PAYLOADS: Final = st.dictionaries(st.sampled_from(WORDS), ANYTHING)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
@given(payload=PAYLOADS)
def test_no_payload_upsets_a_table(provider: Provider, payload: dict[str, Any]) -> None:
    assert all(isinstance(fragment, Fragment) for fragment in provider.reader()(payload))


def test_a_table_is_found_by_its_name_or_is_given() -> None:
    for provider in PROVIDERS:
        assert table_of(provider.name) is provider
        assert table_of(provider) is provider
    with pytest.raises(ValueError, match="'openai-chat', 'anthropic'"):
        table_of("openai")


def test_parts_of_the_wrong_shape_are_left_out_and_named() -> None:
    found: list[Fragment] = []
    assert mapping({"a": 1}, "x", found) == {"a": 1}
    assert mapping(None, "x", found) == {}
    assert mappings([{"a": 1}], "x", found) == [{"a": 1}]
    assert list(mappings(None, "x", found)) == []
    assert found == []
    assert mapping("a", "x", found) == {}
    assert list(mappings("a", "x", found)) == []
    assert mappings([1, {}], "x", found) == [{}]
    assert [fragment.data for fragment in found] == [
        "x: expected an object, not str",
        "x: expected an array, not str",
        "x[]: expected an object, not int",
    ]
    assert [word("a"), word(None), word(["a"])] == ["a", "", ""]


def test_a_table_of_ones_own() -> None:
    def payload(payload: Any) -> list[Fragment]:
        if payload.get("over"):
            return [Fragment("end", id=payload["tool"])]
        return [Fragment("call", payload["text"], id=payload["tool"], name=payload.get("title"))]

    mine = Provider(name="mine", matches=lambda payload: "tool" in payload, reader=lambda: payload)
    accumulator = ToolCallAccumulator(mine)
    accumulator.feed(b'data: {"tool": "A", "title": "f", "text": "{"}\n\n')
    accumulator.feed({"tool": "A", "text": "}"})
    accumulator.feed({"tool": "A", "over": True})
    report = accumulator.close()
    assert [(event.id, event.name, event.arguments) for event in report.finished] == [("A", "f", {})]
    assert report.provider == "mine"
