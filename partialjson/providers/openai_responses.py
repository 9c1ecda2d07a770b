"""OpenAI Responses.

https://platform.openai.com/docs/api-reference/responses-streaming

Server-sent events whose data name their own ``type`` and count themselves. A call is an item of the
response: added with its ``call_id`` and name, continued by pieces of text under its ``output_index``
and its own ``item_id``, and over, restated as a whole, with ``response.output_item.done``::

    {"type": "response.created", "response": {"id": "resp_A", "output": []}, "sequence_number": 0}
    {"type": "response.output_item.added", "output_index": 0, "sequence_number": 1,
     "item": {"type": "function_call", "id": "fc_A", "call_id": "call_A", "name": "f", "arguments": ""}}
    {"type": "response.function_call_arguments.delta", "output_index": 0, "item_id": "fc_A",
     "delta": "{\\"x\\":", "sequence_number": 2}
    {"type": "response.function_call_arguments.done", "output_index": 0, "item_id": "fc_A",
     "arguments": "{\\"x\\": 1}", "sequence_number": 4}
    {"type": "response.output_item.done", "output_index": 0, "sequence_number": 5,
     "item": {"type": "function_call", "id": "fc_A", "call_id": "call_A", "name": "f",
              "arguments": "{\\"x\\": 1}", "status": "completed"}}
    {"type": "response.completed", "sequence_number": 6,
     "response": {"id": "resp_A", "status": "completed", "output": [...], "usage": {...}}}

Compatible servers leave out the deltas, give an item another id in every event, fill an item when it
is added, or send an empty ``output`` at the end. A ``function_call`` has JSON text, a
``custom_tool_call`` free text, an ``mcp_call`` is run by OpenAI. Tools that OpenAI defines and the
client runs (``shell_call``, ``apply_patch_call``, ``computer_call``, ...) are calls under the name of
their type, whose arguments are the members of the item; those that OpenAI runs itself are silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partialjson.fragment import Fragment
from partialjson.providers import openai_items as items
from partialjson.providers.openai_items import Text, Vocabulary
from partialjson.providers.table import Finish, Payload, Provider, Said, mapping, word

FINISHES: Mapping[str, Finish] = {
    "completed": "stop",
    "incomplete": "length",
    "incomplete:max_output_tokens": "length",
    "incomplete:max_messages": "length",
    "incomplete:content_filter": "rejected",
    "incomplete:steered": "cancelled",  # a response to what the user said meanwhile follows
    "cancelled": "cancelled",
    "failed": "failed",
}


def payload(event: Payload) -> list[Fragment]:
    """What one event says; or a whole response, that was not streamed."""
    found: list[Fragment] = []
    if event.get("object") == "response":
        _over(event, event.get("status"), found)
    elif "error" in event and "type" not in event:  # in the middle of a stream, by gateways
        _error(event, found)
    else:
        found = items.read(event, _WORDS)
    return found


def _created(event: Payload, found: list[Fragment]) -> None:
    found.append(Fragment("start", id=mapping(event.get("response"), "response", found).get("id")))


def _ended(event: Payload, found: list[Fragment]) -> None:
    status = word(event.get("type")).removeprefix("response.")
    _over(mapping(event.get("response"), "response", found), status, found)


def _over(response: Payload, status: object, found: list[Fragment]) -> None:
    items.response_over(response, status, response.get("incomplete_details"), found)


def _error(event: Payload, found: list[Fragment]) -> None:
    own = {member: event[member] for member in ("code", "message", "param") if member in event}
    found.append(Fragment("error", event.get("error") or own))


_WORDS = Vocabulary(
    events={
        "response.created": _created,
        "response.output_item.added": items.item_added,
        "response.output_item.done": items.item_done,
        "response.completed": _ended,
        "response.incomplete": _ended,
        "response.cancelled": _ended,
        "response.failed": _ended,
        "error": _error,
    },
    texts={
        "response.output_text": Text("text", "text"),
        "response.audio.transcript": Text("text", "transcript"),
        "response.refusal": Text("refusal", "refusal"),
        "response.reasoning_text": Text("reasoning", "text"),
        "response.reasoning_summary_text": Text("reasoning", "text", "summary_index"),
    },
    silent=(
        *("response.in_progress", "response.queued", "keepalive"),
        *("response.content_part.", "response.reasoning_part.", "response.reasoning_summary_part."),
        *("response.output_text.annotation.", "response.output_text_annotation."),
        *("response.apply_patch_call", "response.code_interpreter_call", "response.file_search_call."),
        *("response.image_generation_call.", "response.mcp_call.", "response.mcp_list_tools."),
        *("response.shell_call", "response.web_search_call.", "response.compaction.", "response.audio."),
    ),
)


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The model's turn as ``input`` of the next request, which goes behind the input of this one."""
    message: list[dict[str, object]] = [{"role": "assistant", "content": text}] if text else []
    return {"input": [*message, *items.said_items(said)]}


def _matches(event: Payload) -> bool:
    kind = word(event.get("type"))
    if kind == "error":
        return "sequence_number" in event or ("message" in event and "error" not in event)
    return event.get("object") == "response" or (kind.startswith("response.") and "event_id" not in event)


OPENAI_RESPONSES = Provider(
    name="openai-responses",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    sequence="sequence_number",
    history=history,
)
