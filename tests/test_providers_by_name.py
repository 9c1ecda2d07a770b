"""The tables asked for by name: providers that speak OpenAI's wire, and the ids that each takes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import Report, ToolCallAccumulator
from tests.test_calls_cases import CASES, DIALECTS, FRAMINGS, POLICIES, WIRES
from tests.wires import sse

VARIANTS: Final = ["mistral", "groq", "xai"]
OWN: Final = ["cohere", "ollama", "dashscope", "xai", "mistral"]


def read(provider: str, wire: str, row: dict[str, Any]) -> dict[str, Any]:
    """What the report says of the case's bytes."""
    accumulator = ToolCallAccumulator(
        provider,
        policy=POLICIES[row.get("policy", "balanced")],
        dialect=DIALECTS[row.get("dialect", "lenient")],
    )
    accumulator.feed(FRAMINGS.get(wire, sse)(list(WIRES[wire](row["stream"]))))
    data = accumulator.close().to_json()
    assert data["provider"] == provider or provider == "auto"
    return data


def outcome(data: dict[str, Any]) -> dict[str, Any]:
    """What does not depend on which table reads it, and which habits that notes."""
    calls = [
        {name: call.get(name) for name in ("id", "name", "kind", "raw", "outcome", "value", "executable")}
        for call in data["calls"]
    ]
    members = ("text", "reasoning", "refusal", "reason", "finish_reason", "usage", "errors")
    return {"calls": calls, **{name: data[name] for name in members}}


@pytest.mark.parametrize("provider", VARIANTS)
@pytest.mark.parametrize("row", [row for wire, row in CASES if wire == "chat"], ids=lambda row: row["case"])
def test_who_speaks_openais_wire_is_read_as_openai(provider: str, row: dict[str, Any]) -> None:
    assert outcome(read(provider, "chat", row)) == outcome(read("openai-chat", "chat", row))


@pytest.mark.parametrize(
    ("wire", "row"),
    [(wire, row) for wire, row in CASES if wire in OWN],
    ids=lambda value: value if isinstance(value, str) else value["case"],
)
def test_a_wire_is_read_by_name_as_it_is_recognised(wire: str, row: dict[str, Any]) -> None:
    named, recognised = read(wire, wire, row), read("auto", wire, row)
    del named["metrics"], recognised["metrics"]
    assert named == recognised


def report_of(ids: list[str]) -> Report:
    accumulator = ToolCallAccumulator()
    for id in ids:
        accumulator.add(id, "{}", name="f")
    return accumulator.close()


@given(st.lists(st.text(min_size=1, max_size=50), max_size=12, unique=True))
def test_ids_as_mistral_takes_them(ids: list[str]) -> None:
    written = list(report_of(ids).history_ids("mistral").values())
    assert len(set(written)) == len(ids)
    assert all(len(id) == 9 and id.isascii() and id.isalnum() for id in written)


def test_an_id_that_mistral_takes_is_kept_and_others_are_known_by_their_end() -> None:
    report = report_of(
        ["Abc123Def", "call_A", "toolu_01A09q90qw90lq917835lq9", "toolu_02B09q90qw90lq917835lq9"]
    )
    ids = list(report.history_ids("mistral").values())
    assert ids == ["Abc123Def", "call0A000", "917835lq9", "917835l02"]
    message: Any = report.to_history("mistral")
    assert [call["id"] for call in message["tool_calls"]] == ids


def as_openai_writes_it(id: str, arguments: object) -> dict[str, object]:
    return {"id": id, "type": "function", "function": {"name": "f", "arguments": json.dumps(arguments)}}


def as_ollama_writes_it(id: str, arguments: object) -> dict[str, object]:
    return {"id": id, "function": {"name": "f", "arguments": arguments}}


@pytest.mark.parametrize(
    ("provider", "written", "id"),
    [
        ("cohere", as_openai_writes_it, "A"),
        ("dashscope", as_openai_writes_it, "A"),
        ("groq", as_openai_writes_it, "A"),
        ("xai", as_openai_writes_it, "A"),
        ("mistral", as_openai_writes_it, "A00000000"),
        ("ollama", as_ollama_writes_it, "A"),
    ],
)
def test_the_models_turn_goes_back(
    provider: str, written: Callable[[str, object], dict[str, object]], id: str
) -> None:
    """None of these has custom calls: there, free text becomes an object."""

    def message_of(call: dict[str, Any]) -> dict[str, object]:
        accumulator = ToolCallAccumulator()
        accumulator.feed({"choices": [{"delta": {"content": "Hm", "tool_calls": [call]}}]})
        accumulator.feed({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
        return accumulator.close().to_history(provider)

    function = {"index": 0, "id": "A", "function": {"name": "f", "arguments": '{"x": 1}'}}
    custom = {"index": 0, "id": "A", "type": "custom", "custom": {"name": "f", "input": "SELECT 1"}}
    for call, arguments in ((function, {"x": 1}), (custom, {"input": "SELECT 1"})):
        message = {"role": "assistant", "content": "Hm", "tool_calls": [written(id, arguments)]}
        assert message_of(call) == message
