"""Recorded answers under the schemas of their requests: our verdicts beside jsonschema's own."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for as draft_for

from partialjson import EarlyViolation, ToolCallAccumulator
from partialjson.schema import EarlyValidator, SchemaFault, Tool, tools_from, validator_for
from tests.test_schema_early import watched

STREAMS = os.environ.get("PARTIALJSON_STREAMS", "")

pytestmark = pytest.mark.skipif(
    not STREAMS, reason="PARTIALJSON_STREAMS names no directory of recorded streams"
)


def rows(name: str) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, (Path(STREAMS) / name).read_text("utf-8").splitlines())


def calls() -> Iterator[tuple[str, Tool, dict[str, Any]]]:
    """Each call of a stream whose request defines its tool, by the name of the stream."""
    requests = {row["file"]: row for row in rows("requests.jsonl")}
    for row in rows("oracle.jsonl"):
        request = requests.get(row["file"], {})
        try:
            tools = tools_from(request.get("tools") or (request.get("toolConfig") or {}).get("tools"))
        except SchemaFault:
            continue
        for call in row["calls"]:
            tool = tools.get(call.get("name"))
            if tool is not None and tool.source is not None and call.get("arguments") is not None:
                yield row["file"], tool, call


def test_16_the_verdicts_on_recorded_calls_are_jsonschemas_own() -> None:
    judged = refused = 0
    for file, tool, call in calls():
        schema: Any = tool.source
        validator = draft_for(schema, default=Draft202012Validator)(schema)
        errors = list(validator.iter_errors(call["arguments"]))
        verdict = validator_for(schema)(call["arguments"])
        assert [error.message for error in verdict.errors] == [error.message for error in errors], file
        assert verdict.valid is (not errors), file
        judged += 1
        refused += not verdict.valid
    assert judged >= 400
    assert refused >= 1


def test_15_recorded_calls_are_reported_just_when_they_are_invalid() -> None:
    for file, tool, call in calls():
        if not call.get("complete") or not call.get("arguments_text"):
            continue
        found = watched(EarlyValidator(tool.source), call["arguments_text"])
        assert bool(found) is not validator_for(tool.source)(call["arguments"]).valid, file


def test_16_the_streams_themselves_end_in_these_verdicts() -> None:
    wanted: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    requests = {row["file"]: row for row in rows("requests.jsonl")}
    for file, tool, call in calls():
        if call.get("complete"):
            wanted[file].append((call["name"], validator_for(tool.source)(call["arguments"]).valid))
    for file, expected in wanted.items():
        request = requests[file]
        tools = request.get("tools") or request["toolConfig"]["tools"]
        accumulator = ToolCallAccumulator(tools=tools)
        events = accumulator.feed((Path(STREAMS) / "bodies" / file).read_bytes())
        report = accumulator.close()
        early = {event.key for event in (*events, *report.events) if isinstance(event, EarlyViolation)}
        assert early == {failed.key for failed in report.failed if failed.reason == "invalid"}, file
        judged = {(each.name, True) for each in report.finished}
        judged |= {(each.name or "", False) for each in report.failed if each.reason == "invalid"}
        assert set(expected) <= judged, file


def main() -> None:
    """Print the calls that real models got wrong, and when that was known."""
    for file, tool, call in calls():
        verdict = validator_for(tool.source)(call["arguments"])
        if not verdict.valid:
            text = call.get("arguments_text") or json.dumps(call["arguments"])
            found = watched(EarlyValidator(tool.source), text)
            print(f"\n{file}: {call['name']}({text[:200]})\n{verdict.message()}")
            for violation in found:
                print(f"  known after {violation.offset} of {len(text)} characters: {violation.message}")


if __name__ == "__main__":
    main()
