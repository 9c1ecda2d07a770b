"""What is Gemini's alone: values by path, two spellings, a JSON array as the framing, signatures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.calls import CallFinished, Report, ToolCallAccumulator
from partialjson.providers import Provider
from partialjson.providers.gemini import GEMINI, snake
from partialjson.providers.gemini_live import GEMINI_LIVE
from tests.wires import gemini_payloads, sse, table

LEAVES: Final = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES: Final = st.recursive(
    LEAVES | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)  # what is empty has no path
        | st.dictionaries(st.text(max_size=3), inner, min_size=1, max_size=3)
    ),
    max_leaves=9,
)
ARGUMENTS: Final = st.dictionaries(st.text(max_size=3), VALUES, max_size=3)
AS_THEY_ARE: Final = {"args", "usageMetadata", "executableCode", "error"}


def play(payloads: Any, provider: str = "auto") -> Report:
    accumulator = ToolCallAccumulator(provider)
    for payload in payloads:
        accumulator.feed(payload)
    return accumulator.close()


def finished(report: Report) -> list[CallFinished]:
    """In the order of the calls: those without arguments are finished with the turn."""
    events = {event.key: event for event in report.finished}
    return [events[call.key] for call in report.calls]


def leaves(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Every value that has a path, and its path."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{path}[{json.dumps(name)}]")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value


def partial_arguments(value: Any, size: int) -> Iterator[dict[str, Any]]:
    """The values of an object as Vertex sends them, strings in pieces of this size."""
    for path, leaf in leaves(value):
        if isinstance(leaf, str):
            for start in range(0, len(leaf), size):
                yield {"jsonPath": path, "stringValue": leaf[start : start + size], "willContinue": True}
            yield {"jsonPath": path, "stringValue": ""}
        elif leaf is None:
            yield {"jsonPath": path, "nullValue": None}
        else:
            yield {"jsonPath": path, "boolValue" if isinstance(leaf, bool) else "numberValue": leaf}


@given(
    st.lists(st.tuples(st.sampled_from("fg"), ARGUMENTS, st.integers(1, 4), st.booleans()), max_size=4),
    st.data(),
)
def test_arguments_by_path_are_the_object(
    calls: list[tuple[str, Any, int, bool]], data: st.DataObject
) -> None:
    """However the values are spread over chunks, and whether the last one is the end or a part of its own."""
    chunks: list[Any] = []
    for name, value, size, bare_end in calls:
        arguments = list(partial_arguments(value, size))
        parts: list[dict[str, Any]] = [{"name": name, "willContinue": True}]
        while arguments:
            count = data.draw(st.integers(0, 3))
            parts.append({"partialArgs": arguments[:count]} if count else {})
            parts[-1]["willContinue"] = True
            del arguments[:count]
        if bare_end or len(parts) == 1:
            parts.append({})
        else:
            del parts[-1]["willContinue"]
        chunks += [[part] for part in parts]
    report = play(gemini_payloads([*chunks, "FIN STOP"]))
    assert [(event.name, event.arguments, event.executable) for event in finished(report)] == [
        (name, value, True) for name, value, _, _ in calls
    ]


def respelled(value: Any) -> Any:
    """The payload with its members as the SDK's ``model_dump`` spells them."""
    if isinstance(value, list):
        return [respelled(item) for item in value]
    if isinstance(value, dict):
        return {
            snake(name): member if name in AS_THEY_ARE else respelled(member)
            for name, member in value.items()
        }
    return value


@pytest.mark.parametrize(
    ("provider", "row"),
    [
        pytest.param(provider, row, id=f"{provider.name}-{row['about']}")
        for provider in (GEMINI, GEMINI_LIVE)
        for row in table(f"providers/{provider.name}.json")
        if "wrong shape" not in row["about"]  # that is told with the member's name
    ],
)
def test_both_spellings_say_the_same(provider: Provider, row: dict[str, Any]) -> None:
    read = provider.reader()
    assert list(read(respelled(row["payload"]))) == list(read(row["payload"]))
    assert provider.matches(respelled(row["payload"])) is provider.matches(row["payload"])


@pytest.mark.parametrize("row", table("calls/gemini.json"), ids=lambda row: row["case"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_json_array_that_comes_object_by_object(row: dict[str, Any], size: int) -> None:
    payloads = list(gemini_payloads(row["stream"]))
    array = ("[" + "\n,\n".join(json.dumps(payload, indent=2) for payload in payloads) + "\n]\n").encode()
    pieces = (array[start : start + size] for start in range(0, len(array), size))
    streamed, expected = play(pieces).to_json(), play(payloads).to_json()
    del streamed["metrics"], expected["metrics"]
    assert streamed == expected


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize("size", [1, 9, 10_000])
def test_an_error_comes_line_by_line_among_the_events(size: int, end: bytes) -> None:
    """As the SDK has it: "When API returns an error message, it comes line by line"."""
    error = {"code": 499, "message": "The operation was cancelled.", "status": "CANCELLED"}
    bare = json.dumps({"error": error}, indent=2).encode() + b"\n"
    stream = sse(gemini_payloads([[{"name": "f", "willContinue": True}]])) + bare + end
    report = play(stream[start : start + size] for start in range(0, len(stream), size))
    assert report.errors == (error,)
    assert [(event.reason, event.detail) for event in report.failed] == [
        ("cut", "'The operation was cancelled.'")
    ]


class Word(str, Enum):
    """An enumeration as the SDK has them."""

    STOP = "STOP"
    SEARCH = "GOOGLE_SEARCH_WEB"


def test_what_the_sdk_has_decoded() -> None:
    parts = [
        {"functionCall": {"name": "f", "args": {}}, "thoughtSignature": b"\x12\x8e\x0c"},
        {"toolCall": {"toolType": Word.SEARCH, "args": None}},
    ]
    report = play([{"candidates": [{"content": {"parts": parts}, "finishReason": Word.STOP}]}])
    assert [(call.name, type(call.name), call.meta) for call in report.calls] == [
        ("f", str, {"thoughtSignature": "Eo4M"}),
        ("GOOGLE_SEARCH_WEB", str, {}),
    ]
    assert (report.finish_reason, type(report.finish_reason)) == ("STOP", str)


@pytest.mark.parametrize("value", [5.0, 2.0**53 - 1, -0.0])
def test_a_whole_double_is_an_integer_as_on_the_wire(value: float) -> None:
    argument = {"jsonPath": "$.x", "numberValue": value}
    report = play(gemini_payloads([[{"name": "f", "partialArgs": [argument]}], "FIN STOP"]))
    assert report.calls[0].text == f'{{"x":{int(value)} }}'


@pytest.mark.parametrize(
    "arguments",
    [
        "?",
        {"jsonPath": "$.x"},
        [{"jsonPath": "$.x", "numberValue": True}],
        [{"jsonPath": "$.x", "stringValue": 1}],
        [{"jsonPath": 1, "numberValue": 1}],
        [{"jsonPath": "$.x", "numberValue": float("nan")}],
        [None],
    ],
)
def test_values_that_are_none_are_held_against_their_call(arguments: Any) -> None:
    report = play(
        gemini_payloads([[{"name": "f", "partialArgs": arguments}, {"name": "g", "args": {}}], "FIN STOP"])
    )
    assert [event.reasons for event in finished(report)] == [("path-mismatch",), ()]
    assert json.dumps(report.to_json())


def test_the_models_turn() -> None:
    stream = next(row for row in table("calls/gemini.json") if row["case"] == "plain")["stream"]
    call = {"functionCall": {"id": "A", "name": "f", "args": {"x": 1}}, "thoughtSignature": "Eo4M"}
    assert play(stream).to_history() == {"role": "model", "parts": [{"text": "Let me see."}, call]}


def test_a_signature_means_nothing_to_another_provider() -> None:
    stream = next(row for row in table("calls/gemini.json") if row["case"] == "plain")["stream"]
    assert play(stream).to_history("openai-chat")["tool_calls"] == [
        {"id": "A", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
    ]
    assert "Eo4M" not in json.dumps(play(stream).to_history("gemini-interactions"))


def test_a_turn_of_another_model() -> None:
    accumulator = ToolCallAccumulator()
    accumulator.add("toolu_1", '{"x": 1}', name="f")
    accumulator.end("toolu_1")
    call = {"id": "toolu_1", "name": "f"}
    report = accumulator.close()
    assert report.to_history("gemini") == {
        "role": "model",
        "parts": [{"functionCall": {**call, "args": {"x": 1}}}],
    }
    assert report.to_history("gemini-interactions") == {
        "steps": [{"type": "function_call", **call, "arguments": {"x": 1}}]
    }
    assert report.to_history("gemini-live") == report.to_history("gemini")


def test_the_steps_of_a_turn_can_be_read_again() -> None:
    stream = next(row for row in table("calls/gemini-interactions.json") if row["case"] == "plain")["stream"]
    said = play(stream[:-1]).to_history()
    assert said == {
        "steps": [
            {"type": "model_output", "content": [{"type": "text", "text": "Let me see."}]},
            {"type": "function_call", "id": "A", "name": "f", "arguments": {"x": 12}, "signature": "Eo4N"},
            {"type": "function_call", "id": "B", "name": "g", "arguments": {}},
        ]
    }
    whole = {"object": "interaction", "id": "v1_1", "status": "requires_action", **said}
    assert play([whole]).to_history() == said
    own_calls = [call for call in play(stream[:-1]).compare(whole) if call.where != "number of calls"]
    assert own_calls[0].where == "calls[0].id"  # the search, which goes into no history


def test_a_whole_response_compares() -> None:
    stream = next(row for row in table("calls/gemini.json") if row["case"] == "plain")["stream"]
    parts = [part for chunk in stream for part in chunk["candidates"][0]["content"]["parts"]]
    whole = {"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]}
    assert play(stream).compare(whole) == ()


def test_text_behind_a_finish_that_made_nothing_of_the_text_before() -> None:
    """Where a structured answer is expected: old models finish with every chunk."""
    chunk = {"content": {"parts": [{"functionCall": {"name": "f", "args": {}}}, {"text": "So: "}]}}
    accumulator = ToolCallAccumulator(output=True)
    accumulator.feed({"candidates": [{**chunk, "finishReason": "STOP"}]})
    for text in ('{"x":', "1}"):
        accumulator.feed({"candidates": [{"content": {"parts": [{"text": text}]}}]})
    accumulator.feed({"candidates": [{"finishReason": "STOP"}]})
    report = accumulator.close()
    assert report.text == 'So: {"x":1}'
    assert report.output is not None
    assert report.output.raw == '{"x":1}'


def test_a_later_finish_does_not_undo_the_first() -> None:
    chunks = [{"candidates": [{"content": {"parts": [{"text": "a"}]}, "finishReason": "STOP"}]}] * 3
    report = play(chunks)
    assert (report.text, report.finish_reason, report.anomaly_counts) == ("aaa", "STOP", {})


def test_an_end_marker_is_the_finish_only_where_there_was_none() -> None:
    done = {"serverContent": {"turnComplete": True}}
    report = play([{"serverContent": {"interrupted": True}}, done], "gemini-live")
    assert (report.finish_reason, report.reason, report.anomaly_counts) == ("interrupted", "cancelled", {})
    assert play([done, done], "gemini-live").finish_reason == "turnComplete"
