"""Amazon Bedrock, ConverseStream.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html

AWS event stream messages. The header names the type of each; as a payload it is the one member, which
is also the form that boto3 yields. A call is a content block: opened with id and name, continued by
pieces of JSON text under the block's index, closed by its own stop::

    {"messageStart": {"role": "assistant"}}
    {"contentBlockStart": {"contentBlockIndex": 0,
        "start": {"toolUse": {"toolUseId": "tooluse_A", "name": "f"}}}}
    {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"toolUse": {"input": "{\\"x\\": 1}"}}}}
    {"contentBlockStop": {"contentBlockIndex": 0}}
    {"messageStop": {"stopReason": "tool_use"}}
    {"metadata": {"usage": {"inputTokens": 7, "outputTokens": 9, "totalTokens": 16}}}

Blocks of text need no start. Some models put id and name into the delta. ``metadata`` comes last, and
nothing marks the end of the stream. A failure is a message of its own, ``{"throttlingException":
{"message": "..."}}``, which boto3 raises. On the wire each body also has ``p``, padding of random length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from partialjson.fragment import CallKind, Fragment
from partialjson.providers.table import Finish, Payload, Provider, Said, is_a, mapping, mappings, word
from partialjson.wire import EventStreamDecoder, Frame

FINISHES: Mapping[str, Finish] = {
    "tool_use": "tool_calls",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "content_filtered": "rejected",
    "guardrail_intervened": "rejected",
    "malformed_model_output": "rejected",
    "malformed_tool_use": "rejected",
}

_KINDS: Mapping[str, CallKind] = {"server_tool_use": "server"}
_SILENT_STARTS = {"toolResult", "image"}
_SILENT_DELTAS = {"citation", "toolResult", "image"}
_SILENT_BLOCKS = {
    *("image", "document", "video", "audio", "toolResult", "guardContent", "cachePoint"),
    *("citationsContent", "searchResult", "toolAddition", "toolRemoval"),
}


def decode(frame: Frame) -> object:
    """The payload of a message: its body under the name of its type. Raises ``ValueError``.

    Records without headers are no AWS messages but JSON already, as proxies and logs have it.
    """
    kind = frame.headers.get(":message-type")
    if kind == "event":
        return {frame.event: json.loads(frame.data)}
    if kind in ("exception", "error"):
        return {"exception": {"type": frame.event, **_failure(frame)}}
    return json.loads(frame.data)


def _failure(frame: Frame) -> Payload:
    try:
        body = json.loads(frame.data)
    except (ValueError, RecursionError):
        body = frame.data
    if isinstance(body, Mapping):
        return body
    return {"message": body or frame.headers.get(":error-message", "")}


def is_failure(member: object) -> bool:
    """Whether a member of this name tells of a failure."""
    return word(member).lower().endswith("exception")


def failure(member: str, body: object, found: list[Fragment]) -> None:
    """The fragment of a failure: the provider's words, and the name of the exception as ``type``."""
    found.append(Fragment("error", {"type": member, **mapping(body, member, found)}))


def payload(event: Payload) -> list[Fragment]:
    """What one event says; or a whole response, that was not streamed."""
    found: list[Fragment] = []
    for member, body in event.items():
        if read := _EVENTS.get(member):
            read(body, found)
        elif is_failure(member):
            failure(member, body, found)
        elif member not in _SILENT:
            found.append(Fragment("unknown", member))
    return found


def _message_start(body: object, found: list[Fragment]) -> None:
    found.append(Fragment("start"))


def _block_start(body: object, found: list[Fragment]) -> None:
    event = mapping(body, "contentBlockStart", found)
    for member, start in mapping(event.get("start"), "start", found).items():
        if member == "toolUse":
            _tool_use(start, event.get("contentBlockIndex"), found)
        elif member not in _SILENT_STARTS:
            found.append(Fragment("unknown", member))


def _block_delta(body: object, found: list[Fragment]) -> None:
    event = mapping(body, "contentBlockDelta", found)
    index = event.get("contentBlockIndex")
    for member, delta in mapping(event.get("delta"), "delta", found).items():
        if member == "toolUse":
            _tool_use(delta, index, found)
        elif member == "text":
            found.append(Fragment("text", delta, index))
        elif member == "reasoningContent":
            _reasoning(mapping(delta, member, found), index, found)
        elif member not in _SILENT_DELTAS:
            found.append(Fragment("unknown", member))


def _tool_use(body: object, index: object, found: list[Fragment]) -> None:
    call = mapping(body, "toolUse", found)
    said = call.get("type")
    if not isinstance(said, str | None):
        found.append(is_a(said, "toolUse.type", "text"))
    kind = _KINDS.get(word(said), "function")
    id, name = call.get("toolUseId"), call.get("name")
    found.append(Fragment("call", call.get("input"), index, id, name, call=kind))


def _reasoning(content: Payload, index: object, found: list[Fragment]) -> None:
    """Thinking; a signature and what is redacted are not for showing."""
    if text := content.get("text"):
        found.append(Fragment("reasoning", text, index))


def _block_stop(body: object, found: list[Fragment]) -> None:
    event = mapping(body, "contentBlockStop", found)
    found.append(Fragment("end", slot=event.get("contentBlockIndex")))


def _message_stop(body: object, found: list[Fragment]) -> None:
    _stop_reason(mapping(body, "messageStop", found).get("stopReason"), found)


def _metadata(body: object, found: list[Fragment]) -> None:
    _usage(mapping(body, "metadata", found).get("usage"), found)


def _output(body: object, found: list[Fragment]) -> None:
    """The message of a whole response."""
    message = mapping(mapping(body, "output", found).get("message"), "message", found)
    for index, block in enumerate(mappings(message.get("content"), "content", found)):
        for member, content in block.items():
            if member == "toolUse":
                _tool_use(content, index, found)
                found.append(Fragment("end", slot=index))
            elif member == "text":
                found.append(Fragment("text", content, index))
            elif member == "reasoningContent":
                thought = mapping(content, member, found)
                _reasoning(mapping(thought.get("reasoningText"), member, found), index, found)
            elif member not in _SILENT_BLOCKS:
                found.append(Fragment("unknown", member))


def _stop_reason(reason: object, found: list[Fragment]) -> None:
    if reason:
        found.append(Fragment("finish", reason))


def _usage(usage: object, found: list[Fragment]) -> None:
    if usage:
        found.append(Fragment("usage", usage))


_EVENTS: Mapping[str, Callable[[object, list[Fragment]], None]] = {
    "messageStart": _message_start,
    "contentBlockStart": _block_start,
    "contentBlockDelta": _block_delta,
    "contentBlockStop": _block_stop,
    "messageStop": _message_stop,
    "metadata": _metadata,
    # The members of a whole response:
    "output": _output,
    "stopReason": _stop_reason,
    "usage": _usage,
}
_SILENT = {
    *("metrics", "trace", "performanceConfig", "serviceTier", "additionalModelResponseFields"),
    *("ResponseMetadata", "p"),
}
_TELLING = {name for name in _EVENTS if name.startswith(("message", "contentBlock"))}


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The assistant's message. Free text becomes an object: this API has no custom calls."""
    content: list[dict[str, object]] = [{"text": text}] if text else []
    for call in said:
        value = call.arguments if isinstance(call.arguments, dict) else {"input": call.arguments}
        content.append({"toolUse": {"toolUseId": call.id, "name": call.name, "input": value}})
    return {"role": "assistant", "content": content}


def _matches(event: Payload) -> bool:
    telling = any(member in _TELLING or is_failure(member) for member in event)
    return telling or event.keys() == {"metadata"} or event.keys() >= {"output", "stopReason"}


BEDROCK_CONVERSE = Provider(
    name="bedrock-converse",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    wire=EventStreamDecoder,
    decode=decode,
    done=frozenset(),
    history=history,
    foreign_id=re.compile(r"[^a-zA-Z0-9_.:-]"),
)
