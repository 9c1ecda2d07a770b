"""The fuzz targets hold for their seeds and some mutants, and the loop finds, shrinks and reports."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fuzz import __main__ as command
from fuzz import damage, loop, mutation, targets
from partialjson.providers import PROVIDERS, Provider

RUNS = 200


@pytest.mark.parametrize("name", targets.NAMES)
def test_target_holds(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([name, "--runs", str(RUNS), "--seed", "1"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", targets.NAMES)
def test_target_fits_on_a_screen_and_says_what_holds(name: str) -> None:
    target = targets.load(name)
    source = Path(str(target.__file__)).read_text()  # type: ignore[attr-defined]
    assert len(source.splitlines()) <= 90
    assert "\nException" in str(target.__doc__), "a target lists its exceptions"
    assert targets.seeds(target)


def test_every_wire_has_seeds_with_calls_beside_each_other() -> None:
    for provider in PROVIDERS:
        seeds = map(json.loads, targets.seeds(targets.load("payloads"), f"{provider.name}.json"))
        (streams,) = (seed["streams"] for seed in seeds if seed["provider"] == provider.name)
        assert len([stream for stream in streams if stream.get("own")]) >= 2
        assert len(streams) > 5


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_damaged_payloads_of_every_wire(provider: Provider, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["payloads", "--runs", str(RUNS), "--seed", "2", "--only", f"{provider.name}.json"]
    assert command.main(arguments) == 0, capsys.readouterr().out


@pytest.mark.parametrize("kind", ["type", "null", "drop", "lose", "double", "swap"])
def test_damage_is_done_to_copies(kind: str) -> None:
    payloads = [{"a": [{"b": 1}]}, {"c": 2}, {"c": 3}]
    more: list[Any] = {"type": [["a", 0, "b"], "x"], "swap": [1], "lose": [], "double": []}.get(kind, [["a"]])
    hurt = damage.damaged(payloads, [[kind, 0, *more]])
    assert (
        hurt
        == {
            "type": [{"a": [{"b": "x"}]}, {"c": 2}, {"c": 3}],
            "null": [{"a": None}, {"c": 2}, {"c": 3}],
            "drop": [{}, {"c": 2}, {"c": 3}],
            "lose": [{"c": 2}, {"c": 3}],
            "double": [{"a": [{"b": 1}]}, {"a": [{"b": 1}]}, {"c": 2}, {"c": 3}],
            "swap": [{"c": 2}, {"a": [{"b": 1}]}, {"c": 3}],
        }[kind]
    )
    assert payloads == [{"a": [{"b": 1}]}, {"c": 2}, {"c": 3}]


def test_a_harmed_sibling_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    target = targets.load("payloads")
    (seed,) = targets.seeds(target, "anthropic.json")
    stream = next(stream for stream in json.loads(seed)["streams"] if "own" in stream)
    wrong = [at for at in range(len(stream["payloads"])) if at not in stream["own"]][1]
    damaged = {**stream, "damage": [["lose", wrong]]}
    with pytest.raises(AssertionError, match="call_B"):
        target.check(json.dumps({"provider": "anthropic", "streams": [damaged]}).encode())
    target.check(b"no seed")


def test_mutants_are_the_same_for_the_same_seed() -> None:
    seeds = [b'{"a": 1}', b"[true]"]

    def some(seed: int) -> list[bytes]:
        rng = random.Random(seed)
        return [mutation.mutant(rng, seeds) for _ in range(50)]

    assert some(1) == some(1) != some(2)


@pytest.mark.parametrize("change", set(mutation.CHANGES), ids=lambda change: change.__name__)
def test_a_change_takes_any_bytes(change: mutation.Change) -> None:
    rng = random.Random(0)
    for data in (b"", b"x", b"\xff\xfe", b'{"a": [1, 2, {"b": null}]}'):
        for _ in range(50):
            assert isinstance(change(rng, data, [data]), bytes)


def _no_two_ones(data: bytes) -> None:
    """A target that does not hold, in a way that takes some finding."""
    assert data.count(b"1") < 2, "two ones"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> str:
    target = SimpleNamespace(__name__="broken", SEEDS="texts", check=_no_two_ones)
    monkeypatch.setattr(targets, "load", lambda name: target)
    return targets.NAMES[0]


def test_a_failure_is_shrunk_and_can_be_repeated(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([broken, "--seed", "3"]) == 1
    printed = capsys.readouterr().out
    assert "seed 3" in printed
    assert "b'11'" in printed
    assert "AssertionError: two ones" in printed
    again = re.search(r"--hex (\w+)", printed)
    assert again is not None
    assert command.main([broken, "--hex", again[1]]) == 1


def test_one_file_can_be_checked(broken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crash = tmp_path / "crash"
    crash.write_bytes(b'{"a": [1, 1]}')
    assert command.main([broken, "--file", str(crash)]) == 1
    assert "b'11'" in capsys.readouterr().out
    crash.write_bytes(b"[1]")
    assert command.main([broken, "--file", str(crash)]) == 0


def test_shrinking_keeps_the_type_of_the_exception() -> None:
    def check(data: bytes) -> None:
        if len(data) < 2:
            raise IndexError
        raise KeyError

    target = SimpleNamespace(__name__="two", SEEDS="texts", check=check)
    failure = loop.verify(target, b"abcdef")
    assert failure is not None
    assert len(failure.data) == 2
    assert isinstance(failure.error, KeyError)
