"""Payloads whose fields are missing, null, of the wrong type, or that come doubled or in another order.

Nothing is raised; every part that a table rejects leaves an anomaly, and so does a field of the wrong
type that changes what may be executed. Where all damage is in the payloads of one call, its siblings are
what they are without it. A seed has streams of one provider; ``own`` are the places of the payloads that
speak of the damaged call alone; without it, any payload is damaged, and there are no siblings.

Exceptions: finish reasons, and ends of what is not known by id or slot, speak of all calls.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from fuzz.damage import damaged, of_another_type, some_damage
from partialjson.calls import SEVERITY, Report, ToolCallAccumulator
from partialjson.providers import table_of

SEEDS = "payloads"


def mutant(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One stream of a seed, with some damage."""
    seed = json.loads(rng.choice(seeds))
    stream = rng.choice(seed["streams"])
    places = stream.get("own", range(len(stream["payloads"])))
    return json.dumps(
        {**seed, "streams": [{**stream, "damage": some_damage(rng, stream["payloads"], places)}]}
    ).encode()


def check(data: bytes) -> None:
    """See the module. What is no seed, as when one is shrunk, holds."""
    try:
        seed = json.loads(data)
        cases = [
            (stream["payloads"], stream.get("own"), stream.get("damage", [])) for stream in seed["streams"]
        ]
        streams = [(payloads, own, damage, damaged(payloads, damage)) for payloads, own, damage in cases]
        provider = table_of(seed["provider"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return
    for payloads, own, damage, hurt in streams:
        report = _report(provider.name, hurt)
        read = provider.reader()
        said = [str(fragment.kind) for payload in hurt for fragment in read(payload)]
        unread = report.anomaly_counts.get("duplicate-event", 0)
        for kind, code in (("reject", "bad-payload"), ("unknown", "unknown-event")):
            assert unread or said.count(kind) <= report.anomaly_counts.get(code, 0), f"{kind} without {code}"
        if damage and all(of_another_type(payloads, *one) for one in damage):
            _no_silent_change(_undamaged(provider.name, json.dumps(payloads)), report)
        if own is not None:
            others = [payload for at, payload in enumerate(payloads) if at not in own]
            alone = _calls(_undamaged(provider.name, json.dumps(others)))
            siblings = {key: call for key, call in _calls(report).items() if key in alone}
            assert siblings == alone, f"{siblings}\n    {alone}"


def _report(provider: str, payloads: Sequence[Any]) -> Report:
    accumulator = ToolCallAccumulator(provider)
    for payload in payloads:
        accumulator.feed(payload)
    report = accumulator.close()
    json.dumps(report.to_json(), ensure_ascii=False).encode()
    return report


@lru_cache(1_000)
def _undamaged(provider: str, payloads: str) -> Report:
    return _report(provider, json.loads(payloads))


def _calls(report: Report) -> dict[str, object]:
    """What became of each call; a wrong response id may well count as another turn."""
    last: dict[str, object] = {e.key: (e.arguments, e.repairs, e.reasons) for e in report.finished}
    last |= {e.key: (e.reason, e.detail) for e in report.failed}
    return {call.key: (call.id, call.name, call.raw, last[call.key]) for call in report.calls}


def _no_silent_change(whole: Report, hurt: Report) -> None:
    """A value of the wrong type is never the reason that something else is executed, and nobody told."""
    run, other = ([(e.name, e.arguments) for e in r.finished if e.executable] for r in (whole, hurt))
    alarms = [code for code in hurt.anomaly_counts if SEVERITY[code] != "info" or code == "unknown-event"]
    told = alarms or hurt.failed or not all(event.executable for event in hurt.finished)
    assert other == run or told, f"{run}\n    {other}"
