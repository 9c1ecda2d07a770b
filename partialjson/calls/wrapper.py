"""Several calls wrapped into one: models of OpenAI's sometimes call a tool that nobody offered.

Its name is ``parallel`` or ``multi_tool_use.parallel``, and it holds the calls that were meant::

    {"tool_uses": [{"recipient_name": "functions.f", "parameters": {"x": 1}}, ...]}
"""

from __future__ import annotations

from typing import NamedTuple

WRAPPERS = frozenset({"parallel", "multi_tool_use.parallel"})


class Part(NamedTuple):
    """One of the calls that were meant."""

    name: str
    arguments: dict[str, object]


def unwrapped(arguments: object) -> list[Part]:
    """The calls inside; none where the form is another."""
    uses = arguments.get("tool_uses") if isinstance(arguments, dict) else None
    parts = [_part(use) for use in uses] if isinstance(uses, list) else []
    return [part for part in parts if part is not None] if None not in parts else []


def _part(use: object) -> Part | None:
    if not isinstance(use, dict):
        return None
    name, parameters = use.get("recipient_name"), use.get("parameters", {})
    if not isinstance(name, str) or name in WRAPPERS or not isinstance(parameters, dict):
        return None
    return Part(name.removeprefix("functions."), parameters)
