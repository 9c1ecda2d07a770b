"""Anthropic Messages.

https://platform.claude.com/docs/en/build-with-claude/streaming

Server-sent events whose data name their own ``type``. A call is a content block: opened with id and
name, continued by pieces of JSON text under the block's ``index``, closed by its own stop::

    {"type": "message_start", "message": {"id": "msg_A", "content": [], "usage": {"input_tokens": 7}}}
    {"type": "content_block_start", "index": 0,
     "content_block": {"type": "tool_use", "id": "toolu_A", "name": "f", "input": {}}}
    {"type": "content_block_delta", "index": 0,
     "delta": {"type": "input_json_delta", "partial_json": "{\\"x\\": 1}"}}
    {"type": "content_block_stop", "index": 0}
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}}
    {"type": "message_stop"}

The stop of a block also comes when ``max_tokens`` cut it. ``server_tool_use`` and ``mcp_tool_use`` are
run by Anthropic. A block's ``input`` may be filled from the start and have no deltas (programmatic
calls, compatible servers), and a message may start with its content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from partialjson.fragment import CallKind, Fragment, Kind
from partialjson.providers.table import Finish, Payload, Provider, Said, mapping, mappings, word

FINISHES: Mapping[str, Finish] = {
    "tool_use": "tool_calls",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "compaction": "paused",
    "pause_turn": "paused",
    "refusal": "rejected",
}

_CALLS: Mapping[str, CallKind] = {
    "tool_use": "function",
    "server_tool_use": "server",
    "mcp_tool_use": "server",
}
_TEXTS: Mapping[str, Kind] = {"text": "text", "thinking": "reasoning"}
_DELTAS: Mapping[str, tuple[Kind, str]] = {
    "input_json_delta": ("call", "partial_json"),
    "text_delta": ("text", "text"),
    "thinking_delta": ("reasoning", "thinking"),
}
_SILENT_DELTAS = {"signature_delta", "citations_delta", "compaction_delta"}
_SILENT_BLOCKS = {"redacted_thinking", "compaction", "container_upload"}
_META = ("caller", "server_name")


def payload(event: Payload) -> list[Fragment]:
    """What one event says."""
    found: list[Fragment] = []
    if read := _EVENTS.get(word(event.get("type"))):
        read(event, found)
    elif "type" not in event and event.get("error"):  # of a gateway
        _error(event, found)
    else:
        found.append(Fragment("unknown", event.get("type")))
    return found


def _message_start(event: Payload, found: list[Fragment]) -> None:
    message = mapping(event.get("message"), "message", found)
    found.append(Fragment("start", id=message.get("id")))
    _message(message, found)


def _message(message: Payload, found: list[Fragment]) -> None:
    """The content a message starts with, or a whole message that was not streamed."""
    for index, block in enumerate(mappings(message.get("content"), "content", found)):
        _block(block, index, found)
        if word(block.get("type")) in _CALLS:
            found.append(Fragment("end", slot=index))
    _message_delta({"delta": message, "usage": message.get("usage")}, found)


def _whole_message(message: Payload, found: list[Fragment]) -> None:
    _message(message, found)
    found.append(Fragment("done"))


def _block_start(event: Payload, found: list[Fragment]) -> None:
    _block(mapping(event.get("content_block"), "content_block", found), event.get("index"), found)


def _block(block: Payload, index: object, found: list[Fragment]) -> None:
    kind = word(block.get("type"))
    if kind in _CALLS:
        meta = {key: block[key] for key in _META if key in block}
        found.append(
            Fragment(
                "call",
                block.get("input") or None,
                index,
                block.get("id"),
                block.get("name"),
                mode="seed",
                call=_CALLS[kind],
                meta=meta or None,
            )
        )
    elif kind in _TEXTS:
        if text := block.get(kind):
            found.append(Fragment(_TEXTS[kind], text, index))
    elif kind not in _SILENT_BLOCKS and not kind.endswith("_tool_result"):
        found.append(Fragment("unknown", kind))


def _block_delta(event: Payload, found: list[Fragment]) -> None:
    delta = mapping(event.get("delta"), "delta", found)
    kind = word(delta.get("type"))
    if kind in _DELTAS:
        meaning, member = _DELTAS[kind]
        found.append(Fragment(meaning, delta.get(member), event.get("index")))
    elif kind not in _SILENT_DELTAS:
        found.append(Fragment("unknown", kind))


def _block_stop(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("end", slot=event.get("index")))


def _message_delta(event: Payload, found: list[Fragment]) -> None:
    if usage := event.get("usage"):
        found.append(Fragment("usage", usage))
    if reason := mapping(event.get("delta"), "delta", found).get("stop_reason"):
        found.append(Fragment("finish", reason))


def _message_stop(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("done"))


def _ping(event: Payload, found: list[Fragment]) -> None:
    pass


def _error(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("error", event.get("error")))


_EVENTS: Mapping[str, Callable[[Payload, list[Fragment]], None]] = {
    "message_start": _message_start,
    "content_block_start": _block_start,
    "content_block_delta": _block_delta,
    "content_block_stop": _block_stop,
    "message_delta": _message_delta,
    "message_stop": _message_stop,
    "ping": _ping,
    "error": _error,
    "message": _whole_message,
}


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The assistant's message. Free text becomes an object: this API has no custom calls."""
    content: list[dict[str, object]] = [{"type": "text", "text": text}] if text else []
    for call in said:
        value = call.arguments if isinstance(call.arguments, dict) else {"input": call.arguments}
        content.append({"type": "tool_use", "id": call.id, "name": call.name, "input": value})
    return {"role": "assistant", "content": content}


def _matches(event: Payload) -> bool:
    kind = word(event.get("type"))
    return kind in _EVENTS and kind != "ping"  # which gateways in front of any wire send


ANTHROPIC = Provider(
    name="anthropic",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    history=history,
    foreign_id=re.compile(r"[^a-zA-Z0-9_-]"),
    derived={
        # anthropic.lib.streaming
        "text": None,
        "thinking": None,
        "signature": None,
        "citation": None,
        "input_json": None,
        "compaction": None,
    },
)
