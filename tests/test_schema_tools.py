"""Tool definitions in every provider's form. The forms are rows of `data/schema/tools.json`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from partialjson.schema import SchemaFault, tools_from

ROWS = json.loads((Path(__file__).parent / "data" / "schema" / "tools.json").read_text("utf-8"))
STREAMS = os.environ.get("PARTIALJSON_STREAMS")


@pytest.mark.parametrize("row", ROWS, ids=[row["form"] for row in ROWS])
def test_a_providers_form(row: dict[str, Any]) -> None:
    tools = tools_from(row["tools"])
    assert {name: tool.kind for name, tool in tools.items()} == row["found"]
    assert [tool.name for tool in tools.values()] == list(tools)
    for expected in ("valid", "invalid"):
        for name, arguments in row[expected].items():
            validate = tools[name].validator
            assert (validate is None or validate(arguments).valid) is (expected == "valid")


class Weather(BaseModel):
    """Weather of a city."""

    city: str


def get_weather(city: str, days: int = 1) -> None:
    pytest.fail("a tool was called")


def untyped(value):  # type: ignore[no-untyped-def]
    pytest.fail("a tool was called")


def test_models_and_functions_stand_in_a_list_under_their_own_names() -> None:
    tools = tools_from([Weather, get_weather, untyped])
    assert list(tools) == ["Weather", "get_weather", "untyped"]
    results = {}
    for name, arguments in {
        "Weather": {"city": "a"},
        "get_weather": {"city": "b"},
        "untyped": {"value": 1},
    }.items():
        validate = tools[name].validator
        assert validate is not None
        assert not validate({"nonsense": 1}).valid
        results[name] = validate(arguments).value
    assert results == {
        "Weather": Weather(city="a"),
        "get_weather": {"city": "b", "days": 1},
        "untyped": {"value": 1},
    }


def test_the_objects_of_an_sdk_are_read_like_their_dicts() -> None:
    openai = pytest.importorskip("openai")
    schema = {"type": "object", "required": ["a"]}
    response_tool = openai.types.responses.FunctionTool(name="f", parameters=schema, type="function")
    tools = tools_from([openai.pydantic_function_tool(Weather), response_tool])
    assert list(tools) == ["Weather", "f"]
    validate = tools["f"].validator
    assert validate is not None
    assert not validate({}).valid


def test_no_tools() -> None:
    assert tools_from(None) == tools_from([]) == tools_from({}) == {}


@pytest.mark.parametrize(
    ("tools", "error", "says"),
    [
        ("get_weather", TypeError, "not a text"),
        ([3], TypeError, r"tools\[0\]: a int is no tool definition"),
        ([{}], ValueError, r"tools\[0\]: no known form"),
        ([True], TypeError, r"tools\[0\]"),
        ([{"type": "object", "properties": {}}], ValueError, r"tools\[0\]: no known form"),
        (
            [{"googleSearch": {}}, {"get_weather": {"type": "object"}}],
            ValueError,
            r"tools\[1\]: no known form",
        ),
        ([{"type": "function", "function": {"parameters": {}}}], ValueError, "has no name"),
        ([{"name": "", "input_schema": {}}], ValueError, "has no name"),
        (
            [{"name": "a", "input_schema": {}}, {"name": "a", "inputSchema": {}}],
            ValueError,
            r"tools\[1\]: a second tool",
        ),
        (
            [{"name": "a", "input_schema": {"type": "str"}}],
            SchemaFault,
            r"tools\[0\]: no valid JSON Schema at '/type'",
        ),
        ([{"name": "a", "input_schema": 3}], ValueError, r"tools\[0\]: no known form"),
        ([{"function": {"name": "a", "parameters": "{"}}], TypeError, r"tools\[0\]"),
        ({"a": 3}, TypeError, r"tools\['a'\]"),
        ({"a": {"$ref": "#/b"}}, SchemaFault, r"tools\['a'\]: the reference '#/b' leads nowhere"),
        ({"": {}}, ValueError, "has no name"),
        ([lambda value, /: value], TypeError, r"tools\[0\]"),
    ],
)
def test_anything_else_is_an_error_that_names_the_entry(
    tools: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        tools_from(tools)


@pytest.mark.skipif(not STREAMS, reason="PARTIALJSON_STREAMS names no directory of recorded streams")
def test_the_tools_of_recorded_requests() -> None:
    """Of all requests, two define a parameter with the type "str", which is no JSON Schema."""
    assert STREAMS
    faults, found = [], 0
    for line in (Path(STREAMS) / "requests.jsonl").read_text("utf-8").splitlines():
        request = json.loads(line)
        tools = request.get("tools") or (request.get("toolConfig") or {}).get("tools")
        try:
            found += len(tools_from(tools))
        except SchemaFault as fault:
            faults.append(fault)
    assert found >= 700
    assert [fault.reason for fault in faults] == ["invalid"] * len(faults)
    assert len(faults) <= 2
    assert all("/type" in str(fault) for fault in faults)
