"""Ollama, its own API (``/api/chat``, ``/api/generate``).

https://docs.ollama.com/api/chat

Lines of JSON, each a piece of the message. Calls are never in pieces: each entry is a whole one, its
arguments an object, and nothing but their order tells two of them apart (newer servers give an ``id``
and count in ``function.index``, where 0 is left out)::

    {"model": "m", "message": {"role": "assistant", "content": "", "thinking": "Hm"}, "done": false}
    {"model": "m", "message": {"role": "assistant", "content": "", "tool_calls": [
        {"function": {"name": "f", "arguments": {"x": 1}}}]}, "done": false}
    {"model": "m", "message": {"role": "assistant", "content": ""}, "done": true, "done_reason": "stop",
     "prompt_eval_count": 7, "eval_count": 9}

``done_reason`` is ``"stop"`` whether there are calls or not. An error is a line of its own,
``{"error": "..."}``, with status 200.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partialjson.fragment import Fragment
from partialjson.providers.openai_chat import function_arguments
from partialjson.providers.table import Finish, Payload, Provider, Said, mapping, mappings
from partialjson.wire import NDJSONDecoder

FINISHES: Mapping[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "load": "stop",  # an empty request that has the model loaded, or unloaded
    "unload": "stop",
}

_USAGE = (
    "total_duration",
    "load_duration",
    "prompt_eval_count",
    "prompt_eval_duration",
    "eval_count",
    "eval_duration",
)


def payload(line: Payload) -> list[Fragment]:
    """What one line says; a whole response, that was not streamed, is the only one."""
    found: list[Fragment] = []
    message = mapping(line.get("message"), "message", found)
    if thinking := message.get("thinking") or line.get("thinking"):
        found.append(Fragment("reasoning", thinking))
    if text := message.get("content") or line.get("response"):
        found.append(Fragment("text", text))
    for call in mappings(message.get("tool_calls"), "tool_calls", found):
        _call(call, found)
    if error := line.get("error"):
        found.append(Fragment("error", error))
    if line.get("done"):
        if usage := {member: line[member] for member in _USAGE if member in line}:
            found.append(Fragment("usage", usage))
        if reason := line.get("done_reason"):
            found.append(Fragment("finish", reason))
        found.append(Fragment("done"))
    return found


def _call(call: Payload, found: list[Fragment]) -> None:
    body = mapping(call.get("function"), "function", found)
    name, slot, id = body.get("name"), body.get("index"), call.get("id")
    if name:
        found.append(Fragment("call", body.get("arguments"), slot, id, name))
        found.append(Fragment("end", slot=slot, id=id))
    else:  # it would be taken for more of the last call
        found.append(Fragment("reject", "tool_calls[]: no name"))


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The assistant's message. Servers that know no ids leave them unread: order and name decide."""
    message: dict[str, object] = {"role": "assistant", "content": text}
    if said:
        message["tool_calls"] = [
            {"id": call.id, "function": {"name": call.name, "arguments": function_arguments(call)}}
            for call in said
        ]
    return message


def _matches(line: Payload) -> bool:
    return "done" in line and ("message" in line or "response" in line)


OLLAMA = Provider(
    name="ollama",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    wire=NDJSONDecoder,
    history=history,
)
