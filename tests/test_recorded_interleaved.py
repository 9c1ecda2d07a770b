"""Two recorded streams of one wire, event by event in turn, give what each gives alone.

Where the format numbers its choices, they are two choices of one answer; where it numbers the calls, two
runs of calls in one; where it names the response, two responses at once.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import pytest

from partialjson.calls import Event, Report, TextAdvanced, ToolCallAccumulator
from partialjson.calls.intake import Intake
from partialjson.limits import Limits
from partialjson.providers import table_of
from tests.test_recorded_streams import FILES, INDEX, PROVIDERS, body

pytestmark = pytest.mark.skipif(
    "PARTIALJSON_STREAMS" not in os.environ, reason="PARTIALJSON_STREAMS names no directory"
)
Payload = dict[str, Any]


@cache
def payloads(file: str) -> tuple[Payload, ...]:
    intake = Intake(table_of(PROVIDERS[INDEX[file]["wire"]]), Limits())
    taken = [*intake.take(body(file)), *intake.close()]
    return tuple(dict(payload) for payload in taken if isinstance(payload, Mapping))


@dataclass
class Played:
    report: Report
    events: list[Event]

    def call(self, key: str) -> tuple[Any, ...]:
        """What became of a call, but where it stood."""
        call = next(call for call in self.report.calls if call.key == key)
        last: Any = next(event for event in (*self.report.finished, *self.report.failed) if event.key == key)
        told = getattr(last, "arguments", None), getattr(last, "reasons", None), getattr(last, "reason", None)
        return (None if call.synthesized else call.id, call.name, call.kind, call.raw, told)

    def choice(self, index: int) -> tuple[Any, ...]:
        text = [e.text for e in self.events if isinstance(e, TextAdvanced) and e.choice == index]
        calls = [self.call(call.key) for call in self.report.calls if call.choice == index]
        return calls, "".join(text), self.report.finish_reasons.get(index)

    @property
    def choices(self) -> list[int]:
        seen = {call.choice for call in self.report.calls} | set(self.report.finish_reasons)
        return sorted(seen | {event.choice for event in self.events if isinstance(event, TextAdvanced)})


def play(provider: str, stream: Sequence[Payload]) -> Played:
    accumulator = ToolCallAccumulator(provider)
    events = [event for payload in stream for event in accumulator.feed(payload)]
    report = accumulator.close()
    return Played(report, [*events, *report.events])


@cache
def alone(file: str) -> Played:
    return play(PROVIDERS[INDEX[file]["wire"]], payloads(file))


def in_turn(one: Sequence[Payload], other: Sequence[Payload], seed: str) -> list[Payload]:
    """Both streams, each in its own order."""
    chance = random.Random(seed)
    queues = [list(one), list(other)]
    merged = []
    while all(queues):
        merged.append(queues[chance.random() < 0.5].pop(0))
    return [*merged, *queues[0], *queues[1]]


# Choices


def numbered(payload: Payload, members: tuple[str, ...]) -> list[Payload]:
    """The choices of a payload."""
    found: Any = payload
    for member in members:
        found = found.get(member) or {}
    return list(found or ())


CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "openai-chat": ("choices",),
    "gemini": ("candidates",),
}


def as_choices(one: str, other: str, members: tuple[str, ...]) -> tuple[list[Payload], int]:
    shifted = copy.deepcopy(payloads(other))
    first = max(alone(one).choices) + 1
    for payload in shifted:
        for choice in numbered(payload, members):
            choice["index"] = choice.get("index", 0) + first
    return in_turn(payloads(one), shifted, one), first


# Calls


@dataclass(frozen=True)
class Slots:
    """Where a wire numbers its calls, and what it says of the whole answer."""

    numbered: Callable[[Payload], Payload]
    member: str
    first: frozenset[str]
    last: frozenset[str]
    kind: Callable[[Payload], str]


def _typed(member: str) -> Callable[[Payload], str]:
    return lambda payload: str(payload.get(member))


def _only(payload: Payload) -> str:
    return next(iter(payload), "")


SLOTS: Final = {
    "anthropic": Slots(
        lambda event: event,
        "index",
        frozenset({"message_start"}),
        frozenset({"message_delta", "message_stop"}),
        _typed("type"),
    ),
    "openai-responses": Slots(
        lambda event: event,
        "output_index",
        frozenset({"response.created", "response.queued", "response.in_progress"}),
        frozenset({"response.completed", "response.incomplete", "response.failed"}),
        _typed("type"),
    ),
    "bedrock-converse": Slots(
        lambda event: next(iter(event.values())),
        "contentBlockIndex",
        frozenset({"messageStart"}),
        frozenset({"messageStop", "metadata"}),
        _only,
    ),
    "cohere": Slots(
        lambda event: event,
        "index",
        frozenset({"message-start"}),
        frozenset({"message-end"}),
        _typed("type"),
    ),
}


def as_slots(one: str, other: str, wire: Slots) -> list[Payload]:
    """The blocks of the other stand behind those of the one; its own first and last words are left out."""
    parts: list[list[Payload]] = []
    for file in (one, other):
        stream = copy.deepcopy(payloads(file))
        parts += [
            [event for event in stream if wire.kind(event) in wire.first],
            [event for event in stream if wire.kind(event) not in wire.first | wire.last],
            [event for event in stream if wire.kind(event) in wire.last],
        ]
    first, own, last, _, others, others_last = parts
    used = [wire.numbered(event).get(wire.member) for event in own]
    behind = 1 + max((slot for slot in used if isinstance(slot, int)), default=-1)
    for event in others:
        if isinstance(wire.numbered(event).get(wire.member), int):
            wire.numbered(event)[wire.member] += behind
    for event, another in zip(last, others_last, strict=False):
        response, items = event.get("response"), another.get("response", {}).get("output") or []
        if isinstance(response, dict):
            response["output"] = [*(response.get("output") or []), *items]
    merged = [*first, *in_turn(own, others, one), *last]
    for event in merged:
        event.pop("sequence_number", None)
    return merged


# Which


def calm(file: str) -> bool:
    """One answer with calls and without an error, that says nothing before it begins, and ends because it
    is over; each of its events names its response, where that is how they are told apart."""
    report, stream = alone(file).report, payloads(file)
    turns = {call.turn for call in report.calls}
    filled = any(payload.get("message", {}).get("content") for payload in stream[:1])
    if PROVIDERS[INDEX[file]["wire"]] == "openai-realtime":
        own = [payload for payload in stream if payload["type"].startswith("response.")]
        filled = not all("response_id" in payload or "response" in payload for payload in own)
    ended = report.reason in ("tool_calls", "stop")
    return ended and len(turns) == 1 and not (filled or report.errors or report.failed)


@cache
def pairs(provider: str) -> list[tuple[str, str]]:
    """Neighbours that have calls, and no id in common."""
    files = [file for file in FILES if PROVIDERS[INDEX[file]["wire"]] == provider and calm(file)]
    found = []
    for one, other in pairwise(files):
        ids = [call.id for file in (one, other) for call in alone(file).report.calls if not call.synthesized]
        words = {alone(file).report.finish_reason for file in (one, other)}
        if len(set(ids)) == len(ids) and len(words) == 1:
            found.append((one, other))
    return found


def each(providers: Sequence[str]) -> list[Any]:
    if "PARTIALJSON_STREAMS" not in os.environ:
        return []
    return [pytest.param(name, pair, id=pair[0]) for name in providers for pair in pairs(name)]


@pytest.mark.parametrize(("provider", "pair"), each([*CHOICES]))
def test_as_two_choices(provider: str, pair: tuple[str, str]) -> None:
    one, other = pair
    merged, first = as_choices(one, other, CHOICES[provider])
    both = play(provider, merged)
    for index in alone(one).choices:
        assert both.choice(index) == alone(one).choice(index)
    for index in alone(other).choices:
        assert both.choice(index + first) == alone(other).choice(index)
    assert len(both.report.calls) == sum(len(alone(file).report.calls) for file in pair)


@pytest.mark.parametrize(("provider", "pair"), each([*SLOTS]))
def test_as_calls_beside_each_other(provider: str, pair: tuple[str, str]) -> None:
    both = play(provider, as_slots(*pair, SLOTS[provider]))
    expected = [alone(file).call(call.key) for file in pair for call in alone(file).report.calls]
    assert sorted(map(repr, (both.call(call.key) for call in both.report.calls))) == sorted(
        map(repr, expected)
    )


@pytest.mark.parametrize(("provider", "pair"), each(["openai-realtime"]))
def test_as_two_responses_at_once(provider: str, pair: tuple[str, str]) -> None:
    both = play(provider, in_turn(payloads(pair[0]), payloads(pair[1]), pair[0]))
    expected = [alone(file).call(call.key) for file in pair for call in alone(file).report.calls]
    assert sorted(map(repr, (both.call(call.key) for call in both.report.calls))) == sorted(
        map(repr, expected)
    )


def test_there_are_pairs_of_every_such_wire() -> None:
    for provider in (*CHOICES, *SLOTS, "openai-realtime"):
        assert pairs(provider), provider
