"""OpenAI Realtime.

https://platform.openai.com/docs/api-reference/realtime-server-events

Messages of a connection that stays open, one JSON document each. Several responses may be under way
at once, so every event names its own. Their items are those of the Responses API, and as there a call
is over with ``response.output_item.done``; here the pieces have its ``call_id`` too::

    {"type": "response.created", "event_id": "event_1", "response": {"id": "resp_A", "output": []}}
    {"type": "response.output_item.added", "event_id": "event_2", "response_id": "resp_A",
     "output_index": 0, "item": {"type": "function_call", "id": "item_A", "call_id": "call_A", "name": "f",
                                 "arguments": "", "status": "in_progress"}}
    {"type": "response.function_call_arguments.delta", "event_id": "event_3", "response_id": "resp_A",
     "item_id": "item_A", "output_index": 0, "call_id": "call_A", "delta": "{\\"x\\": 1}"}
    {"type": "response.output_item.done", "event_id": "event_4", "response_id": "resp_A",
     "output_index": 0, "item": {"type": "function_call", "id": "item_A", "call_id": "call_A", "name": "f",
                                 "arguments": "{\\"x\\": 1}", "status": "completed"}}
    {"type": "response.done", "event_id": "event_5",
     "response": {"id": "resp_A", "status": "completed", "output": [...], "usage": {...}}}

What is spoken counts as text, by its transcript. An ``error`` is the answer to something that the
client sent, and ends nothing: that a response failed is said by its own ``response.done``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partialjson.fragment import Fragment
from partialjson.providers import openai_items as items
from partialjson.providers.openai_items import Text, Vocabulary
from partialjson.providers.table import Finish, Payload, Provider, Said, mapping, word
from partialjson.wire.jsonarray import JSONArrayDecoder

FINISHES: Mapping[str, Finish] = {
    "completed": "stop",
    "incomplete": "length",
    "incomplete:max_output_tokens": "length",
    "incomplete:content_filter": "rejected",
    "cancelled": "cancelled",
    "cancelled:client_cancelled": "cancelled",
    "cancelled:turn_detected": "cancelled",
    "failed": "failed",
}

_SESSION = (
    *("session.", "conversation.", "input_audio_buffer.", "output_audio_buffer.", "rate_limits."),
    "mcp_list_tools.",
)


def payload(event: Payload) -> list[Fragment]:
    """What one event says."""
    response = event.get("response_id")
    if response is None and isinstance(own := event.get("response"), Mapping):
        response = own.get("id")
    found = items.read(event, _WORDS)
    return found if response is None else [said._replace(response=response) for said in found]


def _created(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("start"))


def _done(event: Payload, found: list[Fragment]) -> None:
    response = mapping(event.get("response"), "response", found)
    items.response_over(response, response.get("status"), response.get("status_details"), found)


def _error(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("error", event.get("error")))


_WORDS = Vocabulary(
    events={
        "response.created": _created,
        "response.output_item.added": items.item_added,
        "response.output_item.done": items.item_done,
        "response.done": _done,
        "error": _error,
    },
    texts={
        "response.output_text": Text("text", "text"),
        "response.output_audio_transcript": Text("text", "transcript"),
        # As they were called in the beta.
        "response.text": Text("text", "text"),
        "response.audio_transcript": Text("text", "transcript"),
    },
    silent=(
        *_SESSION,
        *("ping", "response.content_part.", "response.mcp_call."),
        *("response.output_audio.", "response.audio."),
    ),
)


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The model's turn as ``input`` of a ``response.create``, or for a connection of its own, item by
    item, as ``conversation.item.create``."""
    content = [{"type": "output_text", "text": text}]
    message: list[dict[str, object]] = [{"type": "message", "role": "assistant", "content": content}]
    return {"input": [*(message if text else ()), *items.said_items(said)]}


def _matches(event: Payload) -> bool:
    kind = word(event.get("type"))
    return kind.startswith(_SESSION) or (
        "event_id" in event and (kind.startswith("response.") or kind in ("error", "ping"))
    )


OPENAI_REALTIME = Provider(
    name="openai-realtime",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    wire=JSONArrayDecoder,
    done=frozenset(),
    history=history,
    recovers=True,
)
