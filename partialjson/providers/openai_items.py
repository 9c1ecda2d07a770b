"""What OpenAI's Responses and Realtime have in common: items, and the events that carry them.

A response is a list of items, each with a ``type``; a call is one of them. Its text comes in events
of two stages, ``....delta`` with a piece and ``....done`` with the whole, and the item itself comes
when it is added, when it is done, and again with the response when that is over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from partialjson.fragment import CallKind, Fragment, Kind, Mode
from partialjson.providers.table import Payload, Said, is_a, mapping, mappings, word

Event: TypeAlias = Callable[[Payload, list[Fragment]], None]


class Text(NamedTuple):
    """Where an event has its text, and the index of the part of its item that the text belongs to."""

    kind: Kind
    whole: str
    """The member of the ``done`` event that has all of the text; a ``delta`` has its ``delta``."""
    part: str = "content_index"


class Vocabulary(NamedTuple):
    """The event types of a wire."""

    events: Mapping[str, Event]
    texts: Mapping[str, Text]
    """By the type without its stage."""
    silent: tuple[str, ...]
    """What the types begin with that say nothing of text and calls."""


_CALLS: Mapping[str, tuple[CallKind, str]] = {
    "function_call": ("function", "arguments"),
    "custom_tool_call": ("custom", "input"),
    "mcp_call": ("server", "arguments"),
}
_ARGUMENTS: Mapping[str, tuple[CallKind, str]] = {
    "response.function_call_arguments": _CALLS["function_call"],
    "response.custom_tool_call_input": _CALLS["custom_tool_call"],
    "response.mcp_call_arguments": _CALLS["mcp_call"],
}
_MODES: Mapping[str, Mode] = {"delta": "delta", "done": "snapshot"}
_META = ("namespace", "caller", "server_label")

# Tools that OpenAI defines and the client runs: they have no name, and no text of arguments.
_CLIENT_RUN = {"apply_patch_call", "computer_call", "local_shell_call", "shell_call", "tool_search_call"}
_NO_ARGUMENTS = {"type", "id", "call_id", "status", "created_by"}
_OBJECTS = {"action", "arguments", "operation"}

_SILENT_ITEMS = {
    *("message", "reasoning", "compaction", "additional_tools", "mcp_list_tools", "program"),
    *("code_interpreter_call", "file_search_call", "image_generation_call", "web_search_call"),
    *("program_output", "tool_search_output"),
    *("apply_patch_call_output", "computer_call_output", "custom_tool_call_output"),
    *("function_call_output", "local_shell_call_output", "shell_call_output"),
}
_PARTS: Mapping[str, Text] = {
    "output_text": Text("text", "text"),
    "text": Text("text", "text"),
    "output_audio": Text("text", "transcript"),
    "audio": Text("text", "transcript"),
    "refusal": Text("refusal", "refusal"),
    "summary_text": Text("reasoning", "text"),
    "reasoning_text": Text("reasoning", "text"),
}
_GOES_ON = ("queued", "in_progress")


def read(event: Payload, words: Vocabulary) -> list[Fragment]:
    """What one event says on a wire with this vocabulary."""
    found: list[Fragment] = []
    kind = word(event.get("type"))
    stem, _, stage = kind.rpartition(".")
    if (own := words.events.get(kind)) is not None:
        own(event, found)
    elif stem in _ARGUMENTS and stage in _MODES:
        call, whole = _ARGUMENTS[stem]
        found.append(
            Fragment(
                "call",
                event.get("delta" if stage == "delta" else whole),
                event.get("output_index"),
                event.get("call_id"),
                event.get("name"),
                mode=_MODES[stage],
                call=call,
                alias=event.get("item_id"),
            )
        )
    elif stem in words.texts and stage in _MODES:
        text = words.texts[stem]
        place = f"{text.part} {event.get('output_index')}.{event.get(text.part)}"
        data = event.get("delta" if stage == "delta" else text.whole)
        found.append(Fragment(text.kind, data, place, mode=_MODES[stage]))
    elif not kind.startswith(words.silent):
        found.append(Fragment("unknown", event.get("type")))
    return found


def item_added(event: Payload, found: list[Fragment]) -> None:
    """An item begins; some servers fill it at once."""
    _item(mapping(event.get("item"), "item", found), event.get("output_index"), "seed", found)


def item_done(event: Payload, found: list[Fragment]) -> None:
    """An item is over, and stated as a whole. Where a limit cut it, it is not: the response ends too."""
    item = mapping(event.get("item"), "item", found)
    slot = event.get("output_index")
    _item(item, slot, "snapshot", found)
    if found and found[-1].kind == "call" and item.get("status") != "incomplete":
        found.append(Fragment("end", slot=slot, id=found[-1].id, alias=found[-1].alias))


def response_over(response: Payload, status: object, details: object, found: list[Fragment]) -> None:
    """The end of a response, which restates its items. ``details`` may say more of the ``status``."""
    output = mappings(response.get("output"), "output", found)
    for place, item in enumerate(output):
        named = item.get("call_id") or item.get("id")
        _item(item, None if named else place, "snapshot", found)
    _texts(output, found)
    if usage := response.get("usage"):
        found.append(Fragment("usage", usage))
    told = {} if isinstance(details, str) else mapping(details, "details of the status", found)
    if error := response.get("error") or told.get("error"):
        found.append(Fragment("error", error))
    if status is not None and status not in _GOES_ON:
        reason = told.get("reason")
        if not isinstance(reason, str | None):
            found.append(is_a(reason, "reason of the status", "text"))
        found.append(Fragment("finish", f"{status}:{reason}" if word(reason) else status))
        found.append(Fragment("done"))


def _item(item: Payload, slot: object, mode: Mode, found: list[Fragment]) -> None:
    kind = word(item.get("type"))
    id, alias = item.get("call_id"), item.get("id")
    if kind in _CALLS:
        call, member = _CALLS[kind]
        if call == "server":  # its result goes back to nobody: there is no other id
            id = alias
        meta = {key: item[key] for key in _META if item.get(key)}
        data, name = item.get(member) or None, item.get("name")
        found.append(
            Fragment("call", data, slot, id, name, mode=mode, call=call, meta=meta or None, alias=alias)
        )
    elif kind in _CLIENT_RUN:
        if not _hosted(item, found):
            data = None if mode == "seed" else _members(item, found)
            name = kind.removesuffix("_call")
            found.append(Fragment("call", data, slot, id, name, mode=mode, meta={"type": kind}, alias=alias))
    elif kind not in _SILENT_ITEMS:
        found.append(Fragment("unknown", item.get("type")))


def _members(item: Payload, found: list[Fragment]) -> Payload:
    """What a tool without a text of arguments is called with."""
    return {
        name: mapping(value, name, found) if name in _OBJECTS and value is not None else value
        for name, value in item.items()
        if name not in _NO_ARGUMENTS
    }


def _hosted(item: Payload, found: list[Fragment]) -> bool:
    """Whether a tool that the client may run is run by OpenAI this time: elsewhere than on its machine."""
    environment = mapping(item.get("environment"), "environment", found).get("type")
    execution = item.get("execution")
    for value, where in ((environment, "environment.type"), (execution, "execution")):
        if not isinstance(value, str | None):
            found.append(is_a(value, where, "text"))
    return word(environment) not in ("", "local") or execution == "server"


def _texts(output: Sequence[Payload], found: list[Fragment]) -> None:
    """All the text of the items, by kind."""
    texts: dict[Kind, list[str]] = {}
    for item in output:
        for member in ("summary", "content"):
            if item.get("type") not in ("message", "reasoning"):
                continue
            for part in mappings(item.get(member), member, found):
                text = _PARTS.get(word(part.get("type")))
                data = None if text is None else part.get(text.whole)
                if text is not None and isinstance(data, str):
                    texts.setdefault(text.kind, []).append(data)
                elif data is not None:
                    found.append(is_a(data, f"{member}[]", "text"))
    for kind, pieces in texts.items():
        found.append(Fragment(kind, "".join(pieces), mode="snapshot"))


def said_items(said: Sequence[Said]) -> list[dict[str, object]]:
    """The calls as items of the next request. They go without ids of their own, which would call for
    the reasoning items that came before them."""
    return [_said(call) for call in said]


def _said(call: Said) -> dict[str, object]:
    if "type" in call.meta and isinstance(call.arguments, Mapping):
        return {**call.arguments, **call.meta, "call_id": call.id}
    text = call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments)
    kind = "custom_tool_call" if call.kind == "custom" else "function_call"
    return {"type": kind, "call_id": call.id, "name": call.name, _CALLS[kind][1]: text, **call.meta}
