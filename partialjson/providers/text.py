"""The text dialects of local models: calls that stand between marks in the visible text.

A server that leaves a model's text as it is sends calls as text. Which marks mean what, is the
model's; so a dialect is switched on by name beside the wire that carries the text::

    ToolCallAccumulator("openai-chat+hermes")

Two shapes are in the table. Between the marks stands an object that holds name and arguments::

    <tool_call>
    {"name": "f", "arguments": {"x": 1}}
    </tool_call>

or the name, a mark of its own (``head``), and the arguments alone::

    <|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{"x": 1}<|tool_call_end|>

``calls.markup`` reads them. The forms are those of the models' chat templates, and of the parsers
in vLLM and SGLang whose names they have here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from re import Pattern

NAMES = frozenset({"name", "tool_name"})
"""Members of an object between marks that hold the tool's name."""
ARGUMENTS = frozenset({"arguments", "parameters"})
"""Those that hold the arguments, in whatever order they come."""
IDS = frozenset({"id", "tool_call_id"})
"""Those that hold the call's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDialect:
    """How a model marks its calls."""

    begin: str
    """Opens a call, or an array of calls."""
    end: str | None
    """The model's word that it is over; None where only the end of the text is."""
    head: str | None = None
    """Stands between name and arguments, where these are not members of one object."""
    naming: Pattern[str] = re.compile(r"\s*(?P<name>.*?)\s*", re.DOTALL)
    """What stands before ``head``: the name, and the id where it has one."""
    silent: tuple[str, ...] = ()
    """Marks that say nothing more: around all calls."""


TEXT_DIALECTS: Mapping[str, TextDialect] = {
    # Nous Hermes, Qwen 2.5 and Qwen 3
    "hermes": TextDialect(begin="<tool_call>", end="</tool_call>"),
    # Llama 3.1 and later: calls follow each other after a semicolon
    "llama3_json": TextDialect(begin="<|python_tag|>", end=None),
    # Mistral's tokenizers 3 to 7: one array
    "mistral": TextDialect(begin="[TOOL_CALLS]", end=None),
    # and from 11 on: [TOOL_CALLS]f[ARGS]{"x": 1}, perhaps with [CALL_ID]id before [ARGS]
    "mistral_v11": TextDialect(
        begin="[TOOL_CALLS]",
        end=None,
        head="[ARGS]",
        naming=re.compile(r"\s*(?P<name>.*?)(\[CALL_ID\](?P<id>.*?))?\s*", re.DOTALL),
    ),
    "internlm": TextDialect(begin="<|action_start|> <|plugin|>", end="<|action_end|>"),
    # Command R7B and A: one array, whose objects have "tool_name" and "parameters"
    "cohere_command": TextDialect(begin="<|START_ACTION|>", end="<|END_ACTION|>"),
    "deepseek_v31": TextDialect(
        begin="<｜tool▁call▁begin｜>",
        end="<｜tool▁call▁end｜>",
        head="<｜tool▁sep｜>",
        silent=("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"),
    ),
    # The id says the name too: functions.f:0
    "kimi_k2": TextDialect(
        begin="<|tool_call_begin|>",
        end="<|tool_call_end|>",
        head="<|tool_call_argument_begin|>",
        naming=re.compile(r"\s*(?P<id>(functions\.)?(?P<name>.*?)(:\d+)?)\s*", re.DOTALL),
        silent=("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
    ),
}
"""By the names that vLLM and SGLang have for them."""
