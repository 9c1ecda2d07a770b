"""A checkpoint is plain JSON data of the whole state; what is restored goes on identically, in any state."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from partialjson.calls import (
    CallAdvanced,
    CallFinished,
    Event,
    OutputAdvanced,
    Policy,
    ToolCallAccumulator,
    TurnFinished,
    checkpoint,
)
from partialjson.calls.assembly import Assembly
from partialjson.calls.call import ToolCall
from partialjson.calls.identity import Book
from partialjson.calls.intake import Intake
from partialjson.calls.notes import Notes
from partialjson.calls.paths import PathWriter
from partialjson.calls.turn import Choice, Prose, Turn
from partialjson.dialects import LENIENT, STRICT
from partialjson.edits import merged
from partialjson.errors import CheckpointError
from partialjson.fragment import Fragment
from partialjson.providers import Provider
from tests.test_calls_cases import CASES, DIALECTS, POLICIES, WIRES, whole
from tests.test_checkpoint import damaged
from tests.test_recorded_streams import EACH
from tests.test_recorded_streams import body as recorded


class Mail(BaseModel):
    to: str = ""
    text: str = ""


TOOLS: Final = {
    "f": {"properties": {"x": {"enum": [1, [1, 2]]}}, "additionalProperties": False},
    "g": Mail,
    "get_weather": {"required": ["city"]},
}
OPTIONS: Final[list[dict[str, Any]]] = [{}, {"tools": TOOLS}, {"output": True}, {"output": TOOLS["f"]}]


class Clock:
    """Counts; where one accumulator goes on for another, so does it."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> float:
        self.now += 1
        return float(self.now)


def handed_on(accumulator: ToolCallAccumulator, clock: Clock, **options: Any) -> ToolCallAccumulator:
    """The accumulator, after a journey as text."""
    data = json.loads(json.dumps(accumulator.checkpoint(), allow_nan=False))
    before = clock.now
    restored = ToolCallAccumulator.restore(data, clock=clock, **options)
    clock.now = before  # that it was made is not part of the story
    assert restored.checkpoint() == data
    return restored


def told(events: list[Event], read: str) -> list[object]:
    """All that the events say: their views too, as far as they are ``read``."""
    found: list[object] = []
    for event in events:
        if isinstance(event, CallAdvanced | OutputAdvanced):
            found.append((type(event).__name__, event.key, event.text))
            if "partial" in read:
                found.append(repr(event.partial))
            if "edits" in read:
                found.append(merged(event.edits))
        elif isinstance(event, TurnFinished):
            found.append((event.reason, event.finish_reason, event.report.to_json()))
        else:
            found.append(repr(event))
    return found


def play(pieces: list[Any], read: list[str], *, hand_on: bool, **options: Any) -> list[object]:
    clock = Clock()
    accumulator = ToolCallAccumulator(clock=clock, **options)
    story: list[object] = []
    for piece, views in zip(pieces, read, strict=True):
        if hand_on:
            accumulator = handed_on(accumulator, clock, **options)
        story += told(accumulator.feed(piece), views)
    report = accumulator.close()
    return [*story, *told(list(report.events), "partial"), report.to_json(), repr(report.finished)]


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[start:end] for start, end in itertools.pairwise(bounds)]


VIEWS: Final = st.sampled_from(("", "partial", "edits", "partial edits"))


@given(
    case=st.sampled_from(CASES),
    options=st.sampled_from(OPTIONS),
    places=st.lists(st.integers(0, 5000), max_size=8),
    data=st.data(),
)
def test_restored_at_any_byte_it_goes_on_identically(
    case: tuple[str, dict[str, Any]], options: dict[str, Any], places: list[int], data: Any
) -> None:
    wire, row = case
    options = {
        **options,
        "policy": replace(POLICIES[row.get("policy", "balanced")], coerces=bool(places)),
        "dialect": DIALECTS[row.get("dialect", "lenient")],
    }
    (stream,) = whole(wire, list(WIRES[wire](row["stream"])))
    pieces = cut(stream, places)
    read = data.draw(st.lists(VIEWS, min_size=len(pieces), max_size=len(pieces)))
    assert play(pieces, read, hand_on=True, **options) == play(pieces, read, hand_on=False, **options)


@pytest.mark.parametrize(("wire", "row"), CASES, ids=[f"{wire}-{row['case']}" for wire, row in CASES])
def test_every_case_is_handed_on_after_each_payload(wire: str, row: dict[str, Any]) -> None:
    pieces = [piece for piece in WIRES[wire](row["stream"]) if not isinstance(piece, str)]
    read = ["partial edits"] * len(pieces)
    options = {"dialect": DIALECTS[row.get("dialect", "lenient")], **OPTIONS[len(pieces) % 2]}
    assert play(pieces, read, hand_on=True, **options) == play(pieces, read, hand_on=False, **options)


@EACH
def test_recorded_streams_are_handed_on(file: str) -> None:
    chance = random.Random(file)
    pieces: list[Any] = cut(recorded(file), [chance.randrange(1 << 20) for _ in range(6)])
    read = [chance.choice(("", "partial", "edits")) for _ in pieces]
    options = {"output": chance.choice((None, True))}
    assert play(pieces, read, hand_on=True, **options) == play(pieces, read, hand_on=False, **options)


STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from("AB"),
        st.text('{}[]":,x1\\ \U0001f600\ud83d\ude00', max_size=4),
        st.sampled_from((None, "f", "g", "")),
        st.integers(0, 9),
    ),
    max_size=12,
)


@given(steps=STEPS, options=st.sampled_from(OPTIONS[:2]))
def test_what_is_added_by_hand_is_handed_on(
    steps: list[tuple[str, str, str | None, int]], options: dict[str, Any]
) -> None:
    stories = []
    for hand_on in (False, True):
        clock = Clock()
        accumulator = ToolCallAccumulator(clock=clock, **options)
        story: list[object] = []
        for id, text, name, number in steps:
            if hand_on:
                accumulator = handed_on(accumulator, clock, **options)
            events = accumulator.add(id, text, name=name) if number else accumulator.end(id)
            story += told(events, "partial")
        stories.append([*story, accumulator.close().to_json()])
    assert stories[0] == stories[1]


def test_what_is_over_stays_over() -> None:
    accumulator = ToolCallAccumulator(tools={"mail": Mail})
    accumulator.add("A", '{"to": "ana"}', name="mail")
    (event,) = accumulator.end("A")
    accumulator.add("B", '{"to": "b', name="mail")
    report = accumulator.close()
    restored = ToolCallAccumulator.restore(accumulator.checkpoint(), tools={"mail": Mail})
    again = restored.close()
    assert again.finished == report.finished == (event,)
    assert isinstance(event, CallFinished)
    assert again.finished[0].validated == Mail(to="ana")
    assert [failed.reason for failed in again.failed] == ["cut"]
    assert again.to_json() == report.to_json()
    assert [event.code for event in restored.feed({})] == ["late-event"]  # type: ignore[union-attr]


def test_a_table_a_dialect_and_schemas_of_ones_own_are_given_again() -> None:
    mine = Provider(
        name="mine",
        matches=lambda payload: "id" in payload,
        reader=lambda: mine_reads,
    )

    def mine_reads(payload: Any) -> list[Fragment]:
        return [Fragment("call", payload["text"], id=payload["id"], name="f")]

    accumulator = ToolCallAccumulator(mine, dialect=STRICT)
    accumulator.feed({"id": "A", "text": '{"x": '})
    data = accumulator.checkpoint()
    with pytest.raises(CheckpointError, match="give its table"):
        ToolCallAccumulator.restore(data, dialect=STRICT)
    with pytest.raises(CheckpointError, match="provider"):
        ToolCallAccumulator.restore(data, "anthropic", dialect=STRICT)
    with pytest.raises(CheckpointError, match="dialect"):
        ToolCallAccumulator.restore(data, mine, dialect=LENIENT)
    restored = ToolCallAccumulator.restore(data, mine, dialect=STRICT)
    restored.feed({"id": "A", "text": "1}"})
    assert restored["A"].partial == {"x": 1}


class Remembering:
    """A reader to whom the second half of a text comes without a word of whose it is."""

    def __init__(self) -> None:
        self.id: object = None

    def __call__(self, payload: Any) -> list[Fragment]:
        self.id = payload.get("id", self.id)
        return [Fragment("call", payload["text"], id=self.id, name="f")]


class Telling(Remembering):
    def checkpoint(self) -> object:
        return self.id

    def restore(self, data: object) -> None:
        self.id = data


def test_a_reader_that_remembers_says_what() -> None:
    with pytest.raises(TypeError, match="'mine' remembers"):
        ToolCallAccumulator(Provider(name="mine", matches=bool, reader=Remembering)).checkpoint()
    mine = Provider(name="mine", matches=bool, reader=Telling)
    accumulator = ToolCallAccumulator(mine)
    accumulator.feed({"id": "A", "text": '{"x": '})
    restored = ToolCallAccumulator.restore(accumulator.checkpoint(), mine)
    restored.feed({"text": "1}"})
    assert restored["A"].partial == {"x": 1}


def test_what_cannot_be_read_again_is_refused() -> None:
    accumulator = ToolCallAccumulator(policy=Policy.lenient())
    accumulator.add("A", "null", name="f")
    accumulator.end("A")
    data = accumulator.checkpoint()
    assert ToolCallAccumulator.restore(data, policy=Policy.lenient()).close().finished[0].arguments == {}
    data["ledger"]["calls"][0]["text"] = '"a'  # type: ignore[index]
    with pytest.raises(CheckpointError):
        ToolCallAccumulator.restore(data)
    output = ToolCallAccumulator(output=True)
    output.feed({"choices": [{"delta": {"content": "{}"}}]})
    with pytest.raises(CheckpointError, match="output="):
        ToolCallAccumulator.restore(output.checkpoint())


@pytest.mark.parametrize(
    "data", [None, 7, "x", [], {}, {"version": 1}, {"intake": {}}, {"intake": {"provider": 1}}]
)
def test_what_is_no_checkpoint(data: object) -> None:
    with pytest.raises(CheckpointError):
        ToolCallAccumulator.restore(data)


@given(
    case=st.sampled_from(CASES),
    place=st.integers(0, 5000),
    seed=st.integers(0, 2**32),
    closed=st.booleans(),
    stream=st.sampled_from(("same", "continues", "repeats")),
)
def test_damaged_data_gives_one_typed_error(
    case: tuple[str, dict[str, Any]], place: int, seed: int, closed: bool, stream: Any
) -> None:
    wire, row = case
    (body,) = whole(wire, list(WIRES[wire](row["stream"])))
    head, tail = cut(body, [place])
    accumulator = ToolCallAccumulator(output=True)
    accumulator.feed(head)
    if closed:
        accumulator.close()
    data = json.loads(json.dumps(accumulator.checkpoint()))
    dice = random.Random(seed)
    for _ in range(10):
        try:
            restored = ToolCallAccumulator.restore(damaged(data, dice), output=True, stream=stream)
        except CheckpointError:
            continue
        # Not every change can be told from another state; but the accumulator holds together.
        assert all(call.open_path is None or isinstance(call.open_path, tuple) for call in restored.calls)
        restored.feed(tail)
        json.dumps(restored.checkpoint())
        json.dumps(restored.close().to_json())


# What is made again when it is read, or belongs to the options and the place in the tree.
MADE_AGAIN: Final[dict[type, set[str]]] = {
    Intake: {"provider", "read", "_done", "_limits", "_decoder"},
    Notes: {"kept", "counts", "_limit"},
    Prose: {"_pieces", "_room", "departed", "differs", "overflowed"},
    PathWriter: set(),
    Assembly: {
        *("_applied", "_arrived", "_received", "length", "fault", "steady", "_closed", "_place", "_seen"),
        *("_make_early", "_tell", "_twin", "_plain", "_parser", "_feed", "_limits"),
        *("choice", "turn", "dialect"),
    },
    ToolCall: {"key", "kind", "state", "anomalies", "writer", "check", "policy"},
    Book: {"calls", "awaited", "latest", "slots", "_ids", "_aliases"},
    Choice: {"index", "book", "output", "markup", "text", "reasoning", "refusal", "heard"},
    Turn: {"number", "choices"},
}
RECORDS: Final = {
    Intake: checkpoint.INTAKE,
    Notes: checkpoint.NOTES,
    Prose: checkpoint.PROSE,
    PathWriter: checkpoint.WRITER,
    Assembly: checkpoint.ASSEMBLY,
    ToolCall: checkpoint.CALL,
    Choice: checkpoint.CHOICE,
    Turn: checkpoint.TURN,
}


@pytest.mark.parametrize("kind", MADE_AGAIN, ids=lambda kind: kind.__name__)
def test_every_attribute_is_kept_or_made_again(kind: type) -> None:
    record: Any = RECORDS.get(kind)
    kept = set() if record is None else set(record.forms)
    assert set(vars(kind)["__slots__"]) == kept | MADE_AGAIN[kind]
    assert not kept & MADE_AGAIN[kind]
