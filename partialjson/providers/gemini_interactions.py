"""Gemini's Interactions API.

https://ai.google.dev/gemini-api/docs/interactions/streaming

Server-sent events whose data name their ``event_type``, closed by ``data: [DONE]``. A call is a step: opened
with id and name, continued by pieces of JSON text under the step's index, closed by its own stop::

    {"event_type": "interaction.created", "interaction": {"id": "v1_A", "status": "in_progress"}}
    {"event_type": "step.start", "index": 0,
     "step": {"type": "function_call", "id": "A", "name": "f", "arguments": {}, "signature": "Eo4M"}}
    {"event_type": "step.delta", "index": 0,
     "delta": {"type": "arguments_delta", "arguments": "{\\"x\\": 1}"}}
    {"event_type": "step.stop", "index": 0}
    {"event_type": "interaction.completed", "interaction": {"id": "v1_A", "status": "requires_action",
     "usage": {"total_input_tokens": 7, "total_output_tokens": 9}}}

Steps of other types whose names end in ``_call`` are run by Google; their deltas hold the arguments as an
object, and steps that end in ``_result`` what came of them. The last event may list all steps once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from partialjson.fragment import CallKind, Fragment, Kind, Mode
from partialjson.providers.table import Finish, Payload, Provider, Said, mapping, mappings, word

FINISHES: Mapping[str, Finish] = {
    "completed": "stop",
    "requires_action": "tool_calls",
    "incomplete": "length",
    "budget_exceeded": "length",
    "requires_continuation": "paused",
    "failed": "failed",
    "cancelled": "cancelled",
}

_CALL = "function_call"
_META = ("signature", "server_name")
_SILENT_DELTAS = {"thought_signature", "text_annotation_delta", "image", "audio", "video", "document"}
_SILENT_STEPS = {"user_input"}


def payload(event: Payload) -> list[Fragment]:
    """What one event says."""
    found: list[Fragment] = []
    if read := _EVENTS.get(word(event.get("event_type"))):
        read(event, found)
    elif _is_whole(event):
        _whole(event, found)
    elif "event_type" not in event and event.get("error"):  # of a gateway
        _error(event, found)
    else:
        found.append(Fragment("unknown", event.get("event_type")))
    return found


def _created(event: Payload, found: list[Fragment]) -> None:
    interaction = mapping(event.get("interaction"), "interaction", found)
    found.append(Fragment("start", id=interaction.get("id")))


def _step_start(event: Payload, found: list[Fragment]) -> None:
    _step(mapping(event.get("step"), "step", found), event.get("index"), found)


def _step(step: Payload, index: object, found: list[Fragment], mode: Mode = "seed") -> None:
    """A step as it begins, or as a whole."""
    kind = word(step.get("type"))
    if _is_call(kind):
        _call(kind, step, index, found, mode)
    elif kind in _CONTENTS:
        member, meaning = _CONTENTS[kind]
        for content in mappings(step.get(member), member, found):
            if content.get("type", "text") == "text":
                found.append(Fragment(meaning, content.get("text")))
        if error := step.get("error"):
            found.append(Fragment("error", error))
    elif kind not in _SILENT_STEPS and not kind.endswith("_result"):
        found.append(Fragment("unknown", kind))


def _is_call(kind: str) -> bool:
    return kind.endswith("_call")


def _call(kind: str, body: Payload, index: object, found: list[Fragment], mode: Mode) -> None:
    """A call, or its whole arguments. Google's own tools have no other name than their type."""
    runs: CallKind = "function" if kind == _CALL else "server"
    name = body.get("name") or (None if runs == "function" else kind.removesuffix("_call"))
    meta = {member: body[member] for member in _META if body.get(member)}
    id, arguments = body.get("id"), body.get("arguments") or None
    found.append(Fragment("call", arguments, index, id, name, mode=mode, call=runs, meta=meta or None))


def _step_delta(event: Payload, found: list[Fragment]) -> None:
    delta, index = mapping(event.get("delta"), "delta", found), event.get("index")
    kind = word(delta.get("type"))
    if kind == "arguments_delta":
        found.append(Fragment("call", delta.get("arguments"), index))
    elif kind == "text":
        found.append(Fragment("text", delta.get("text"), index))
    elif kind == "thought_summary":
        thought = mapping(delta.get("content"), "content", found)
        found.append(Fragment("reasoning", thought.get("text"), index))
    elif _is_call(kind):
        _call(kind, delta, index, found, "snapshot")
    elif kind not in _SILENT_DELTAS and not kind.endswith("_result"):
        found.append(Fragment("unknown", kind))


def _step_stop(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("end", slot=event.get("index")))


def _status_update(event: Payload, found: list[Fragment]) -> None:
    """How far it is; that it is over, the last event says as well."""


def _completed(event: Payload, found: list[Fragment]) -> None:
    interaction = mapping(event.get("interaction"), "interaction", found)
    for step in mappings(interaction.get("steps"), "steps", found):
        kind = word(step.get("type"))
        if _is_call(kind):
            _call(kind, step, None, found, "snapshot")
    _over(interaction, found)


def _whole(interaction: Payload, found: list[Fragment]) -> None:
    """An interaction that was not streamed."""
    for index, step in enumerate(mappings(interaction.get("steps"), "steps", found)):
        _step(step, index, found)
        if _is_call(word(step.get("type"))):
            found.append(Fragment("end", slot=index))
    _over(interaction, found)


def _over(interaction: Payload, found: list[Fragment]) -> None:
    if usage := interaction.get("usage"):
        found.append(Fragment("usage", usage))
    found.append(Fragment("finish", interaction.get("status")))
    found.append(Fragment("done"))


def _error(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("error", event.get("error")))


_CONTENTS: Mapping[str, tuple[str, Kind]] = {
    "model_output": ("content", "text"),
    "thought": ("summary", "reasoning"),
}
_EVENTS: Mapping[str, Callable[[Payload, list[Fragment]], None]] = {
    "interaction.created": _created,
    "interaction.status_update": _status_update,
    "step.start": _step_start,
    "step.delta": _step_delta,
    "step.stop": _step_stop,
    "interaction.completed": _completed,
    "error": _error,
}


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The model's steps, as ``{"steps": [...]}``: they go into the ``input`` of the next request. Free text
    becomes an object: this API has no custom calls."""
    content = [{"type": "text", "text": text}]
    steps: list[dict[str, object]] = [{"type": "model_output", "content": content}] if text else []
    for call in said:
        value = call.arguments if isinstance(call.arguments, dict) else {"input": call.arguments}
        meta = {member: call.meta[member] for member in _META if member in call.meta}
        steps.append({"type": _CALL, "id": call.id, "name": call.name, "arguments": value, **meta})
    return {"steps": steps}


def _is_whole(payload: Payload) -> bool:
    return payload.get("object") == "interaction" or ("steps" in payload and "status" in payload)


def _matches(event: Payload) -> bool:
    return word(event.get("event_type")) in _EVENTS or _is_whole(event)


GEMINI_INTERACTIONS = Provider(
    name="gemini-interactions",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    history=history,
)
