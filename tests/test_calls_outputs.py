"""A structured answer (`output=`) is the same machine, the same events and the same verdict as a call, over
the text channel of every wire.

The rows of `data/outputs.json` say how a wire sends text: what comes before it, a payload of it, and how the
response ends.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from partialjson import (
    EarlyViolation,
    OutputAdvanced,
    OutputFailed,
    OutputFinished,
    TextAdvanced,
    ToolCallAccumulator,
)
from partialjson.providers import PROVIDERS
from tests.wires import table

WIRES: Final[dict[str, dict[str, Any]]] = {row["provider"]: row for row in table("outputs.json")}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "maximum": 14}},
    "required": ["city"],
    "additionalProperties": False,
}


class Trip(BaseModel):
    city: str
    days: int = 1


def test_every_wire_has_its_row() -> None:
    assert list(WIRES) == list(dict.fromkeys(WIRES))
    assert set(WIRES) == {provider.name for provider in PROVIDERS}


def payloads(name: str, pieces: Sequence[str]) -> Iterator[Any]:
    """A response whose text comes in pieces."""
    wire = WIRES[name]
    said = ""
    steps = [*wire.get("before", ())]
    for piece in pieces:
        said += piece
        steps.append(_filled(wire["text"], said if wire.get("cumulative") else piece))
    for step in (*steps, *(_filled(each, said) for each in wire["after"])):
        if name == "bedrock-invoke":
            yield {"chunk": {"bytes": b64encode(json.dumps(step).encode()).decode()}}
        else:
            yield step


def _filled(node: Any, text: str) -> Any:
    if isinstance(node, dict):
        return {name: _filled(member, text) for name, member in node.items()}
    if isinstance(node, list):
        return [_filled(item, text) for item in node]
    return text if node == "TEXT" else node


def answered(name: str, pieces: Sequence[str], output: Any = SCHEMA) -> tuple[list[Any], Any]:
    accumulator = ToolCallAccumulator(name, output=output)
    events = [event for payload in payloads(name, pieces) for event in accumulator.feed(payload)]
    report = accumulator.close()
    return [*events, *report.events], report


def of(kind: type[Any], events: list[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


@pytest.mark.parametrize("name", WIRES)
def test_an_answer_advances_and_is_finished(name: str) -> None:
    events, report = answered(name, ['{"city": "Ul', 'm", "da', 'ys": 3}'])
    advanced = of(OutputAdvanced, events)
    assert "".join(event.text for event in advanced) == '{"city": "Ulm", "days": 3}'
    # DashScope's second payload has to wait for the third to show whether text is restated.
    assert len(advanced) == (2 if name == "dashscope" else 3)
    assert not of(TextAdvanced, events)
    (finished,) = of(OutputFinished, events)
    assert finished is report.output
    assert (finished.value, finished.repairs) == ({"city": "Ulm", "days": 3}, ())
    assert report.text == finished.raw == '{"city": "Ulm", "days": 3}'
    assert report.anomalies == ()


@pytest.mark.parametrize("name", WIRES)
def test_an_answer_that_breaks_its_schema(name: str) -> None:
    events, report = answered(name, ['{"city": "Ulm", "days": 1', "5, ", '"more": 1}'])
    told = [(each.violation.pointer, each.violation.keyword) for each in of(EarlyViolation, events)]
    assert told == [("/days", "maximum"), ("", "additionalProperties")]
    assert [each.key for each in of(EarlyViolation, events)] == [None, None]
    place = [type(event) for event in events].index(EarlyViolation)
    assert not of(OutputFailed, events[:place])
    (failed,) = of(OutputFailed, events)
    assert failed is report.output
    assert (failed.reason, failed.partial) == ("invalid", {"city": "Ulm", "days": 15, "more": 1})
    assert [error.cause.validator for error in failed.errors] == ["maximum", "additionalProperties"]
    assert [failed.raw[error.offset :] for error in failed.errors] == ['15, "more": 1}', failed.raw]
    assert failed.detail.splitlines()[1:] == [
        "- /days: must be at most 14, not 15",
        '- (root): must not have the members "more"',
    ]


@pytest.mark.parametrize("name", WIRES)
def test_an_answer_for_pydantic(name: str) -> None:
    _, report = answered(name, ['{"city": "Ulm", ', '"days": "3"}'], Trip)
    assert report.output.validated == Trip(city="Ulm", days=3)
    assert report.output.value == {"city": "Ulm", "days": "3"}
    _, report = answered(name, ["[1, ", '"x"]'], TypeAdapter(list[int]))
    assert [error.keyword for error in report.output.errors] == ["int_parsing"]


@pytest.mark.parametrize("name", WIRES)
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('```json\n{"city": "Ulm"}\n```', {"city": "Ulm"}),
        ('Here you are:\n\n{"city": "Ulm"}\n\nHave a good trip!', {"city": "Ulm"}),
        ('<think>Ulm, {then}</think>{"city": "Ulm"}', {"city": "Ulm"}),
        ("{city: 'Ulm',}", {"city": "Ulm"}),
        ('"{\\"city\\": \\"Ulm\\"}"', {"city": "Ulm"}),
        ('{"city": "Ulm"}\n{"city": "Bonn"}', {"city": "Ulm"}),
    ],
)
def test_what_the_parser_forgives(name: str, text: str, value: object) -> None:
    for size in (1, 5, len(text)):
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        events, report = answered(name, pieces)
        assert (report.output.value, report.output.raw) == (value, text), size
        assert report.output.repairs
        assert not of(EarlyViolation, events)


@pytest.mark.parametrize("name", WIRES)
def test_an_answer_that_is_cut(name: str) -> None:
    accumulator = ToolCallAccumulator(name, output=SCHEMA)
    count = len(WIRES[name].get("before", ())) + 3
    for payload in list(payloads(name, ['{"city": "Ul', 'm"', ', "days', '": 3}']))[:count]:
        accumulator.feed(payload)
    report = accumulator.close()
    assert isinstance(report.output, OutputFailed)
    assert (report.output.reason, report.output.partial) == ("cut", {"city": "Ulm"})


@given(st.data(), st.sampled_from(sorted(WIRES)))
def test_any_cut_gives_the_same_answer(data: st.DataObject, name: str) -> None:
    text = '{"city": "\u00dclm \\ud83d\\ude00", "days": 3}'
    places = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    _, report = answered(name, pieces)
    assert report.output.value == {"city": "\u00dclm \U0001f600", "days": 3}
    assert report.output.raw == text


def test_several_choices_have_an_answer_each() -> None:
    accumulator = ToolCallAccumulator("openai-chat", output=SCHEMA)
    events: list[Any] = []
    for index, piece in ((0, '{"city": '), (1, '{"city": 1'), (0, '"Ulm"}'), (1, "}")):
        events += accumulator.feed({"choices": [{"index": index, "delta": {"content": piece}}]})
    for index in (0, 1):
        events += accumulator.feed({"choices": [{"index": index, "delta": {}, "finish_reason": "stop"}]})
    assert [(each.choice, each.violation.keyword) for each in of(EarlyViolation, events)] == [(1, "type")]
    assert [(each.choice, each.value) for each in of(OutputFinished, events)] == [(0, {"city": "Ulm"})]
    assert [(each.choice, each.reason) for each in of(OutputFailed, events)] == [(1, "invalid")]
