"""Events of OpenAI's Responses and Realtime, written short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tests.wires import DONE

_ITEMS: Final = {"a": ("function_call", "arguments"), "t": ("custom_tool_call", "input")}
_STAGES: Final = {"delta": "delta", "restated": "done"}


def responses_payloads(stream: Iterable[Any]) -> Iterator[Any]:
    """Events of the Responses API, numbered.

    A list is a step of a call: ``"added"``, ``"delta"``, ``"restated"`` or ``"over"``, and what it says
    (``i`` output index, ``item`` the item's id, ``id`` call id, ``n`` name, ``a`` arguments or ``t`` the
    free text of a custom call, ``s`` status, ``#`` sequence number; what is null is not there).
    ``"START x"`` begins the response x, ``"END x completed"`` or ``"END x incomplete:reason"`` ends it.
    A mapping is a payload.
    """
    for number, step in enumerate(stream):
        if step == DONE:
            yield DONE
        elif isinstance(step, list):
            yield {**_step(*step), "sequence_number": step[1].get("#", number)}
        else:
            event = step if isinstance(step, dict) else _lifecycle(*step.split())
            yield {"sequence_number": number, **event}


def realtime_payloads(stream: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Server events of the Realtime API: the same, each of the response ``r`` (``resp_1``)."""
    for number, step in enumerate(stream):
        event = {"event_id": f"event_{number}"}
        if isinstance(step, list):
            stage, said = step
            event |= _step(stage, said) | {"response_id": said.get("r", "resp_1")}
            if stage in _STAGES and "id" in said:
                event["call_id"] = said["id"]
        elif isinstance(step, dict):
            event |= step
        else:
            event |= _lifecycle(*step.split())
            if step.startswith("END"):
                event["type"] = "response.done"
                event["response"]["status_details"] = event["response"].pop("incomplete_details")
        yield event


def _lifecycle(word: str, id: str, end: str = "in_progress") -> dict[str, Any]:
    status, _, reason = end.partition(":")
    details = {"reason": reason} if reason else None
    response = {"id": id, "status": status, "output": [], "incomplete_details": details}
    return {"type": "response.created" if word == "START" else f"response.{status}", "response": response}


def _step(step: str, said: Mapping[str, Any]) -> dict[str, Any]:
    letter = "t" if "t" in said else "a"
    item, text = _ITEMS[letter]
    place = {"output_index": said.get("i", 0)}
    item_id = said.get("item", f"fc_{said.get('i', 0)}")
    if step in _STAGES:
        member = "delta" if step == "delta" else text
        event = {"type": f"response.{item}_{text}.{_STAGES[step]}", "item_id": item_id, **place}
        return _present({**event, member: said.get(letter)})
    status = said.get("s", "in_progress" if step == "added" else "completed")
    body = {"type": item, "id": item_id, "call_id": said.get("id"), "name": said.get("n"), "status": status}
    whole = _present({**body, text: said.get(letter, "")})
    stage = "added" if step == "added" else "done"
    return _present({"type": f"response.output_item.{stage}", **place, "item": whole})


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
