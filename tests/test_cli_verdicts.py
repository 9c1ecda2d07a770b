"""The last word on a call."""

from __future__ import annotations

import pytest

from partialjson import ToolCallAccumulator
from partialjson.calls import CallFailed, CallFinished
from partialjson.cli.verdicts import Words, verdict

SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "s": {"type": "string", "maxLength": 3}},
}


def words(arguments: str, *, end: bool = True, name: str = "f") -> Words:
    acc = ToolCallAccumulator(tools={"f": SCHEMA})
    events = acc.add("a", arguments, name=name)
    events += acc.end("a") if end else acc.close().events
    (event,) = [event for event in events if isinstance(event, CallFinished | CallFailed)]
    return verdict(event)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words('{"n": 1}'), Words("✓", "green", "finished, executable", ())),
        (
            words('{n: 1, "s": "a",}'),
            Words("✓", "green", "finished, executable", ("repaired: unquoted-name, trailing-comma",)),
        ),
        (
            words('{"n": 1,, "s": "a", , "t": 2}'),
            Words("✓", "green", "finished, executable", ("repaired: extra-comma (2 times)",)),
        ),
        (
            words('{"s": abc}'),
            Words(
                "✓",
                "yellow",
                "finished, not executable",
                ("because of repair:unquoted-string", "repaired: unquoted-string"),
            ),
        ),
        (words('{"n": "x"}'), Words("✗", "red", "failed: invalid", ("/n: 'x' is not of type 'integer'",))),
        (words('{"s": "a', end=False), Words("✗", "red", "failed: cut", ("it stops at /s",))),
        (words("[]"), Words("✗", "red", "failed: malformed", ("list",))),
        (words("{}", name="g"), Words("✗", "red", "failed: rejected", ("no tool of that name",))),
    ],
)
def test_verdicts(said: Words, expected: Words) -> None:
    assert said == expected


def test_what_the_validator_quotes_is_short_and_harmless() -> None:
    said = words('{"s": "\\u001b]52;c;' + "x" * 10_000 + '"}')
    (detail,) = said.details
    assert detail.startswith(r"/s: '\x1b]52;c;xxx")
    assert len(detail) < 400


def test_what_ones_own_validator_says_is_made_harmless() -> None:
    def no(arguments: object) -> None:
        raise ValueError("\x1b[2J\u202e" + "x" * 1_000)

    acc = ToolCallAccumulator(tools={"f": no})
    acc.add("a", "{}", name="f")
    (event,) = acc.end("a")
    assert isinstance(event, CallFailed)
    (detail,) = verdict(event).details
    assert detail.startswith(r"(root): \u001b[2J\u202exxx")
    assert len(detail) < 400


def test_a_long_list_of_errors_is_cut() -> None:
    acc = ToolCallAccumulator(tools={"f": {"additionalProperties": {"type": "null"}}})
    acc.add("a", "{" + ", ".join(f'"{n}": {n}' for n in range(30)) + "}", name="f")
    (event,) = acc.end("a")
    assert isinstance(event, CallFailed)
    said = verdict(event)
    assert len(said.details) == 11
    assert said.details[-1] == "and 20 more"
