"""One scenario, on every wire that can say it.

A scenario is written as in ``wires.chat_payloads``, the wire with the fewest words of its own: a list is
what is said at once of calls (``i`` slot, ``id``, ``n`` name, ``a`` arguments, ``t`` free text), ``"FIN x"``
a finish reason, ``"DONE"`` the end marker; ``"AGAIN"``: the last payload comes a second time; ``"LOST"``: it
does not come at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.wires import DONE, chat_payloads, dashscope_payloads, gemini_payloads

AGAIN: Final = "AGAIN"
LOST: Final = "LOST"
Payload = dict[str, Any]


class CannotSay(Exception):
    """The wire has no words for this."""


def repeated(payloads: list[Any], steps: Sequence[Any], write: Callable[[Any], Iterator[Any]]) -> list[Any]:
    """The payloads of the steps, one step after the other."""
    for step in steps:
        if step == AGAIN:
            payloads.append(payloads[-1])
        elif step == LOST:
            del payloads[-1]
        else:
            payloads += write(step)
    return payloads


@dataclass
class Item:
    """A call as its server knows it."""

    id: str | None
    name: str | None
    text: str = ""


@dataclass
class Blocks:
    """A wire that opens a call with id and name, continues it under its slot, and ends it."""

    first: list[Payload]
    opened: Callable[[Payload, Item], Payload]
    more: Callable[[Payload, Item, object], Payload]
    ended: Callable[[Payload, Item], list[Payload]]
    finished: Callable[[str], list[Payload]]
    done: list[Any] = field(default_factory=list)
    slot: str = "index"
    counted: bool = False

    def __call__(self, steps: Sequence[Any]) -> list[Any]:
        items: dict[object, Item] = {}
        numbers: Iterator[int] = iter(range(1_000))

        def write(step: Any) -> Iterator[Any]:
            for payload in said(step):
                yield {**payload, "sequence_number": next(numbers)} if self.counted else payload

        def said(step: Any) -> Iterator[Any]:
            if step == "DONE":
                yield from self.done
            elif isinstance(step, str):
                for slot, item in items.items():
                    yield from self.ended(self._at(slot), item)
                items.clear()
                yield from self.finished(step.removeprefix("FIN "))
            else:
                for entry in step:
                    yield from self._entry(entry, items)

        return repeated(list(write_all(self.first, self.counted, numbers)), steps, write)

    def _at(self, slot: object) -> Payload:
        return {} if slot is None else {self.slot: slot}

    def _entry(self, entry: Payload, items: dict[object, Item]) -> Iterator[Payload]:
        slot, text = entry.get("i"), entry.get("a", "")
        at = self._at(slot)
        slot = int(slot) if isinstance(slot, str) else slot
        if "t" in entry or isinstance(text, dict) or (slot is None and "n" in entry and "id" not in entry):
            raise CannotSay
        if "id" in entry or "n" in entry:
            item = items.get(slot)
            if not entry.get("n") or entry.get("id") == "" or (item is not None and "id" not in entry):
                raise CannotSay
            if item is not None and item.id != entry["id"]:
                yield from self.ended(at, item)
                item = None
            if item is None:
                item = items[slot] = Item(entry.get("id"), entry["n"])
            yield self.opened(at, item)
        if text or text is None:
            item = items.setdefault(slot, Item(None, None))
            item.text += text or ""
            yield self.more(at, item, text)


def write_all(payloads: list[Payload], counted: bool, numbers: Iterator[int]) -> Iterator[Payload]:
    for payload in payloads:
        yield {**payload, "sequence_number": next(numbers)} if counted else payload


def known(**members: object) -> Payload:
    """The members that are not None."""
    return {name: value for name, value in members.items() if value is not None}


ANTHROPIC: Final = Blocks(
    first=[{"type": "message_start", "message": {"id": "msg_1", "content": []}}],
    opened=lambda at, item: {
        "type": "content_block_start",
        **at,
        "content_block": known(type="tool_use", id=item.id, name=item.name, input={}),
    },
    more=lambda at, item, text: {
        "type": "content_block_delta",
        **at,
        "delta": {"type": "input_json_delta", "partial_json": text},
    },
    ended=lambda at, item: [{"type": "content_block_stop", **at}],
    finished=lambda reason: [
        {
            "type": "message_delta",
            "delta": {"stop_reason": {"tool_calls": "tool_use", "length": "max_tokens"}[reason]},
        }
    ],
    done=[{"type": "message_stop"}],
)


def _item(item: Item, arguments: str) -> Payload:
    id = None if item.id is None else f"fc_{item.id}"
    return known(type="function_call", id=id, call_id=item.id, name=item.name, arguments=arguments)


def _items(at: Payload, item: Item) -> list[Payload]:
    return [{"type": "response.output_item.done", **at, "item": _item(item, item.text)}]


def _delta(at: Payload, item: Item, text: object) -> Payload:
    id = None if item.id is None else f"fc_{item.id}"
    return {
        "type": "response.function_call_arguments.delta",
        **at,
        **known(item_id=id),
        "delta": text,
    }


def _response(reason: str) -> Payload:
    if reason == "length":
        why = {"incomplete_details": {"reason": "max_output_tokens"}}
        return {"id": "resp_1", "status": "incomplete", "output": [], **why}
    return {"id": "resp_1", "status": "completed", "output": []}


RESPONSES: Final = Blocks(
    first=[{"type": "response.created", "response": {"id": "resp_1", "output": []}}],
    opened=lambda at, item: {"type": "response.output_item.added", **at, "item": _item(item, "")},
    more=_delta,
    ended=_items,
    finished=lambda reason: [
        {
            "type": "response.incomplete" if reason == "length" else "response.completed",
            "response": _response(reason),
        }
    ],
    slot="output_index",
    counted=True,
)
IN_RESPONSE: Final = {"response_id": "resp_1"}
REALTIME: Final = Blocks(
    first=[{"type": "response.created", "event_id": "e", "response": {"id": "resp_1", "output": []}}],
    opened=lambda at, item: {**RESPONSES.opened(at, item), **IN_RESPONSE},
    more=lambda at, item, text: {**_delta(at, item, text), **IN_RESPONSE, **known(call_id=item.id)},
    ended=lambda at, item: [{**payload, **IN_RESPONSE} for payload in _items(at, item)],
    finished=lambda reason: [
        {
            "type": "response.done",
            "response": {
                **_response(reason),
                **({"status_details": {"reason": "max_output_tokens"}} if reason == "length" else {}),
            },
        }
    ],
    slot="output_index",
)
CONVERSE: Final = Blocks(
    first=[{"messageStart": {"role": "assistant"}}],
    opened=lambda at, item: {
        "contentBlockStart": {**at, "start": {"toolUse": known(toolUseId=item.id, name=item.name)}}
    },
    more=lambda at, item, text: {"contentBlockDelta": {**at, "delta": {"toolUse": {"input": text}}}},
    ended=lambda at, item: [{"contentBlockStop": at}],
    finished=lambda reason: [
        {"messageStop": {"stopReason": {"tool_calls": "tool_use", "length": "max_tokens"}[reason]}}
    ],
    slot="contentBlockIndex",
)
COHERE: Final = Blocks(
    first=[{"type": "message-start", "id": "m", "delta": {"message": {"role": "assistant"}}}],
    opened=lambda at, item: {
        "type": "tool-call-start",
        **at,
        "delta": {
            "message": {
                "tool_calls": known(
                    id=item.id, type="function", function={"name": item.name, "arguments": ""}
                )
            }
        },
    },
    more=lambda at, item, text: {
        "type": "tool-call-delta",
        **at,
        "delta": {"message": {"tool_calls": {"function": {"arguments": text}}}},
    },
    ended=lambda at, item: [{"type": "tool-call-end", **at}],
    finished=lambda reason: [
        {
            "type": "message-end",
            "delta": {"finish_reason": {"tool_calls": "TOOL_CALL", "length": "MAX_TOKENS"}[reason]},
        }
    ],
    done=[DONE],
)
INTERACTIONS: Final = Blocks(
    first=[{"event_type": "interaction.created", "interaction": {"id": "i", "status": "in_progress"}}],
    opened=lambda at, item: {
        "event_type": "step.start",
        **at,
        "step": known(type="function_call", id=item.id, name=item.name, arguments={}),
    },
    more=lambda at, item, text: {
        "event_type": "step.delta",
        **at,
        "delta": {"type": "arguments_delta", "arguments": text},
    },
    ended=lambda at, item: [{"event_type": "step.stop", **at}],
    finished=lambda reason: [
        {
            "event_type": "interaction.completed",
            "interaction": {
                "id": "i",
                "status": {"tool_calls": "requires_action", "length": "incomplete"}[reason],
            },
        }
    ],
    done=[DONE],
)


def chat(steps: Sequence[Any]) -> list[Any]:
    return repeated([], steps, lambda step: chat_payloads([step]))


def dashscope(steps: Sequence[Any]) -> list[Any]:
    said = [entry for step in steps if isinstance(step, list) for entry in step]
    if AGAIN in steps or LOST in steps or any("t" in entry for entry in said):
        raise CannotSay  # it has custom calls not at all, and numbers its events on the way
    return list(dashscope_payloads(step for step in steps if step != "DONE"))


def whole(step: Any) -> list[Payload]:
    """Calls that are said at once, with arguments that are an object."""
    calls = []
    for entry in step:
        arguments = entry.get("a")
        try:
            value = json.loads(arguments) if isinstance(arguments, str) else arguments
        except ValueError:
            raise CannotSay from None
        if not isinstance(value, dict) or not entry.get("n"):
            raise CannotSay
        calls.append({**known(id=entry.get("id") or None), "name": entry["n"], "args": value})
    return calls


def gemini(steps: Sequence[Any]) -> list[Any]:
    reasons = {"FIN tool_calls": "FIN STOP", "FIN length": "FIN MAX_TOKENS"}

    def write(step: Any) -> Iterator[Any]:
        if step != "DONE":
            yield from gemini_payloads([reasons[step] if isinstance(step, str) else whole(step)])

    return repeated([], steps, write)


def gemini_live(steps: Sequence[Any]) -> list[Any]:
    def write(step: Any) -> Iterator[Any]:
        if step == "FIN length":
            raise CannotSay
        if step == "FIN tool_calls":
            yield {"serverContent": {"turnComplete": True}}
        elif not isinstance(step, str):
            yield {"toolCall": {"functionCalls": whole(step)}}

    return repeated([{"setupComplete": {}}], steps, write)


def ollama(steps: Sequence[Any]) -> list[Any]:
    def write(step: Any) -> Iterator[Any]:
        if isinstance(step, str):
            if step != "DONE":
                reason = {"FIN tool_calls": "stop", "FIN length": "length"}[step]
                yield {"model": "m", "message": {"content": ""}, "done": True, "done_reason": reason}
            return
        calls = [
            {**known(id=call.get("id")), "function": {"name": call["name"], "arguments": call["args"]}}
            for call in whole(step)
        ]
        yield {"model": "m", "message": {"content": "", "tool_calls": calls}, "done": False}

    return repeated([], steps, write)


def xai(steps: Sequence[Any]) -> list[Any]:
    reasons = {"FIN tool_calls": "REASON_TOOL_CALLS", "FIN length": "REASON_MAX_LEN"}

    def write(step: Any) -> Iterator[Any]:
        if isinstance(step, str):
            if step != "DONE":
                yield {"id": "A", "outputs": [{"delta": {}, "finish_reason": reasons[step]}]}
            return
        calls = [
            {
                **known(id=call.get("id")),
                "type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL",
                "function": {"name": call["name"], "arguments": json.dumps(call["args"])},
            }
            for call in whole(step)
        ]
        yield {"id": "A", "outputs": [{"delta": {"role": "ROLE_ASSISTANT", "tool_calls": calls}}]}

    return repeated([], steps, write)


WRITERS: Final[dict[str, Callable[[Sequence[Any]], list[Any]]]] = {
    "openai-chat": chat,
    "mistral": chat,
    "groq": chat,
    "dashscope": dashscope,
    "anthropic": ANTHROPIC,
    "openai-responses": RESPONSES,
    "openai-realtime": REALTIME,
    "bedrock-converse": CONVERSE,
    "cohere": COHERE,
    "gemini-interactions": INTERACTIONS,
    "gemini": gemini,
    "gemini-live": gemini_live,
    "ollama": ollama,
    "xai": xai,
}
