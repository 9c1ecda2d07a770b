"""What goes wrong with tool calls, on every wire that can say it: right, or flagged, never silently wrong.

A row of ``data/calls/battery.json`` has the ``steps`` of a stream (see ``scenarios``), and what was
``meant``: ids, names and arguments. Each wire comes out right, but those under ``flagged``, where nothing
that was not meant may be executed and something says so, and those under ``undetectable``, where nothing
on the wire could say so. ``"*"`` stands for all wires that no other list names.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from partialjson.calls import SEVERITY, Report, ToolCallAccumulator
from partialjson.providers import PROVIDERS
from tests.scenarios import WRITERS, CannotSay
from tests.wires import DONE, sse, table

ROWS: Final = table("calls/battery.json")
OUTCOMES: Final = ("right", "flagged", "undetectable")


def expected(wire: str, row: dict[str, Any]) -> str:
    for outcome in OUTCOMES:
        if wire in row.get(outcome, ()):
            return outcome
    return next((outcome for outcome in OUTCOMES if row.get(outcome) == "*"), "right")


def cases() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for wire in WRITERS:
        for row in ROWS:
            try:
                WRITERS[wire](row["steps"])
            except CannotSay:
                continue
            found.append((wire, row))
    return found


CASES: Final = cases()


def play(wire: str, row: dict[str, Any]) -> Report:
    accumulator = ToolCallAccumulator(wire)
    for payload in WRITERS[wire](row["steps"]):
        accumulator.feed(sse([payload]) if payload == DONE else payload)
    return accumulator.close()


def outcome(report: Report, meant: list[Any]) -> str:
    """What a user gets who executes all that is executable and looks at what is flagged."""
    finished = {event.key: event for event in report.finished if event.executable}
    run = [
        [None if call.synthesized else call.id, call.name, finished[call.key].arguments]
        for call in report.calls
        if call.key in finished
    ]
    if run == meant and not report.failed:
        return "right"
    alarms = [code for code in report.anomaly_counts if SEVERITY[code] != "info"]
    said_so = alarms or report.failed or any(not event.executable for event in report.finished)
    wrong = [call for call in run if run.count(call) > meant.count(call)]
    return "flagged" if said_so and not wrong else "silently wrong"


@pytest.mark.parametrize(("wire", "row"), CASES, ids=[f"{wire}-{row['case']}" for wire, row in CASES])
def test_right_or_flagged(wire: str, row: dict[str, Any]) -> None:
    found = outcome(play(wire, row), row["meant"])
    assert found == {"undetectable": "silently wrong"}.get(expected(wire, row), expected(wire, row))


@pytest.mark.parametrize(("wire", "row"), CASES, ids=[f"{wire}-{row['case']}" for wire, row in CASES])
def test_a_bad_call_harms_no_good_one(wire: str, row: dict[str, Any]) -> None:
    """Each row once more, behind a call that is whole: that one stays as it is."""
    good = [{"i": 7, "id": "G", "n": "good", "a": '{"g":"h"}'}]
    try:
        report = play(wire, {**row, "steps": [good, *row["steps"]]})
    except CannotSay:
        return
    if any(str(step).startswith("FIN") or step == "DONE" for step in row["steps"]):
        assert [event.arguments for event in report.finished if event.id == "G"] == [{"g": "h"}]
    else:
        assert {event.id for event in report.failed} >= {"G"} or report.finished[0].id == "G"
    assert json.loads(next(call.raw for call in report.calls if call.name == "good")) == {"g": "h"}


def test_every_table_has_its_writer() -> None:
    """But that of InvokeModel, whose payloads are those of Anthropic in an envelope."""
    assert {table.name for table in PROVIDERS} - {"bedrock-invoke"} == set(WRITERS)


def test_each_row_is_said_somewhere_and_each_wire_says_some() -> None:
    assert {row["case"] for row in ROWS} == {row["case"] for _, row in CASES}
    for wire in WRITERS:
        assert len([row for said, row in CASES if said == wire]) >= 5, wire
    for row in ROWS:
        for name in OUTCOMES:
            assert row.get(name) == "*" or set(row.get(name, ())) <= {w for w, r in CASES if r is row}
