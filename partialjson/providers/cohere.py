"""Cohere, Chat API v2.

https://docs.cohere.com/v2/docs/tool-use-streaming

Server-sent events whose data name their own ``type``. Each event says one thing of the message, at the
place where the message has it; so ``tool_calls`` is an object, not a list. A call is opened with id and
name, continued under the event's ``index``, closed by its own end::

    {"type": "message-start", "id": "msg_A", "delta": {"message": {"role": "assistant"}}}
    {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "I will"}}}
    {"type": "tool-call-start", "index": 0, "delta": {"message": {"tool_calls":
        {"id": "f_A", "type": "function", "function": {"name": "f", "arguments": ""}}}}}
    {"type": "tool-call-delta", "index": 0, "delta": {"message": {"tool_calls":
        {"function": {"arguments": "{\\"x\\": 1}"}}}}}
    {"type": "tool-call-end", "index": 0}
    {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL", "usage": {"tokens": {}}}}

A call without arguments has a start and an end. The plan is what the model thinks of its calls, and is
read as reasoning. An error is a member of ``message-end``. ``data: [DONE]`` may follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from partialjson.fragment import Fragment, Kind
from partialjson.providers.openai_chat import function_calls
from partialjson.providers.table import Finish, Payload, Provider, Said, mapping, mappings, word

FINISHES: Mapping[str, Finish] = {
    "TOOL_CALL": "tool_calls",
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "ERROR": "failed",
    "TIMEOUT": "failed",
}

_TEXTS: Mapping[str, Kind] = {"text": "text", "thinking": "reasoning"}


def payload(event: Payload) -> list[Fragment]:
    """What one event says; or a whole response, that was not streamed."""
    found: list[Fragment] = []
    if read := _EVENTS.get(word(event.get("type"))):
        read(event, found)
    elif "type" not in event and "message" in event:
        _response(event, found)
    elif "type" not in event and event.get("error"):  # of a gateway
        found.append(Fragment("error", event["error"]))
    else:
        found.append(Fragment("unknown", event.get("type")))
    return found


def _message(event: Payload, found: list[Fragment]) -> Payload:
    """What the event says of the message."""
    delta = mapping(event.get("delta"), "delta", found)
    return mapping(delta.get("message"), "message", found)


def _message_start(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("start", id=event.get("id")))


def _content(event: Payload, found: list[Fragment]) -> None:
    _block(mapping(_message(event, found).get("content"), "content", found), event.get("index"), found)


def _block(block: Payload, index: object, found: list[Fragment]) -> None:
    for member, kind in _TEXTS.items():
        if text := block.get(member):
            found.append(Fragment(kind, text, index))


def _tool_plan(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("reasoning", _message(event, found).get("tool_plan")))


def _tool_call_start(event: Payload, found: list[Fragment]) -> None:
    for call in _calls(event, found):
        _opened(call, event.get("index"), found)


def _opened(call: Payload, index: object, found: list[Fragment]) -> None:
    body = mapping(call.get("function"), "function", found)
    arguments, name = body.get("arguments") or None, body.get("name")
    found.append(Fragment("call", arguments, index, call.get("id"), name, mode="seed"))


def _tool_call_delta(event: Payload, found: list[Fragment]) -> None:
    for call in _calls(event, found):
        body = mapping(call.get("function"), "function", found)
        found.append(Fragment("call", body.get("arguments"), event.get("index")))


def _calls(event: Payload, found: list[Fragment]) -> Sequence[Payload]:
    """The one call of the event, which servers that speak this wire may wrap in a list."""
    calls = _message(event, found).get("tool_calls")
    if isinstance(calls, list | tuple):
        return mappings(calls, "tool_calls", found)
    return [mapping(calls, "tool_calls", found)]


def _tool_call_end(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("end", slot=event.get("index")))


def _message_end(event: Payload, found: list[Fragment]) -> None:
    _over(mapping(event.get("delta"), "delta", found), found)


def _over(end: Payload, found: list[Fragment]) -> None:
    if usage := end.get("usage"):
        found.append(Fragment("usage", usage))
    if error := end.get("error"):
        found.append(Fragment("error", error))
    if reason := end.get("finish_reason"):
        found.append(Fragment("finish", reason))
    found.append(Fragment("done"))


def _response(response: Payload, found: list[Fragment]) -> None:
    """A whole response; or the refusal of a request, whose ``message`` is the error."""
    if isinstance(response["message"], str):
        found.append(Fragment("error", response["message"]))
        return
    message = mapping(response["message"], "message", found)
    if plan := message.get("tool_plan"):
        found.append(Fragment("reasoning", plan))
    for index, block in enumerate(mappings(message.get("content"), "content", found)):
        _block(block, index, found)
    for index, call in enumerate(mappings(message.get("tool_calls"), "tool_calls", found)):
        _opened(call, index, found)
        found.append(Fragment("end", slot=index))
    _over(response, found)


def _silent(event: Payload, found: list[Fragment]) -> None:
    pass


_EVENTS: Mapping[str, Callable[[Payload, list[Fragment]], None]] = {
    "message-start": _message_start,
    "content-start": _content,
    "content-delta": _content,
    "content-end": _silent,
    "tool-plan-delta": _tool_plan,
    "tool-call-start": _tool_call_start,
    "tool-call-delta": _tool_call_delta,
    "tool-call-end": _tool_call_end,
    "citation-start": _silent,
    "citation-end": _silent,
    "message-end": _message_end,
    "debug": _silent,
}


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The assistant's message: its calls, and what was said to the user."""
    message: dict[str, object] = {"role": "assistant"}
    if text or not said:
        message["content"] = text
    if said:
        message["tool_calls"] = function_calls(said)
    return message


def _matches(event: Payload) -> bool:
    if "type" in event:
        return word(event["type"]) in _EVENTS
    return "finish_reason" in event and isinstance(event.get("message"), Mapping)


COHERE = Provider(
    name="cohere",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    numbers_calls=True,
    history=history,
)
