"""DashScope (Alibaba Cloud Model Studio), its own API.

https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-dashscope

Server-sent events, numbered by their ``id`` from 1 on. Whether an event has what is new or all there is
so far is a parameter of the request, ``incremental_output``, and not to be read from the answer, nor
does the official client keep to what the server does: it may put the events together itself::

    {"output": {"choices": [{"message": {"role": "assistant", "content": "", "tool_calls": [
        {"index": 0, "id": "call_A", "type": "function",
         "function": {"name": "f", "arguments": "{\\"x\\""}}]}, "finish_reason": "null"}]},
     "usage": {"input_tokens": 7, "output_tokens": 9}, "request_id": "A"}

    {"index": 0, "id": "", "type": "function", "function": {"arguments": ": 1}"}}   # what is new
    {"index": 0, "id": "call_A", "type": "function",
     "function": {"name": "f", "arguments": "{\\"x\\": 1}"}}                        # all there is so far

The older form has ``output.text`` in place of choices. An error has a ``code``. Nothing marks the end
but ``finish_reason``, which is the word ``"null"`` until then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import ClassVar, cast

from partialjson.fragment import Fragment, Kind, Mode
from partialjson.providers.memory import Memory, flag_or_none, text_or_none
from partialjson.providers.openai_chat import function_history
from partialjson.providers.table import Finish, Payload, Provider, is_a, mapping, mappings
from partialjson.wire import Frame

FINISHES: Mapping[str, Finish] = {"tool_calls": "tool_calls", "stop": "stop", "length": "length"}

_NOT_OVER = ("null", "", None)
_TEXTS: Mapping[str, Kind] = {"reasoning_content": "reasoning", "content": "text"}
_LARGEST_INDEX = 64
_PROOF = 2
_LONGEST_NUMBER = 9


def decode(frame: Frame) -> object:
    """The payload, with the event's number from 0 on as its ``id``. Raises ``ValueError``."""
    payload = json.loads(frame.data)
    number = frame.id if frame.id.isascii() and len(frame.id) <= _LONGEST_NUMBER else ""
    if isinstance(payload, dict) and "output" in payload and number.isdigit() and int(number):
        return {**payload, "id": int(number) - 1}
    return payload


_KEY = re.compile(r"(?:text|reasoning) [0-9]{1,2}").fullmatch


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(part, str) for pair in value.items() for part in pair)


def _held(value: object) -> bool:
    return _texts(value) and all(map(_KEY, cast(dict[str, str], value)))


def _counts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) and type(grown) is int for key, grown in value.items()
    )


class Reader(Memory):
    """Reads one stream, and finds out which of the two it is.

    It is one that restates where a call that is named again begins with all that was there before, or a
    text does and grows, twice; it is the other where one does not. Until then a text may be either
    (``"1"``, then ``"1."``), and is held back; at the finish it is taken for restated, which is what the
    provider does where nothing is asked.
    """

    kept: ClassVar = {
        "response": text_or_none,
        "restates": flag_or_none,
        "before": _texts,
        "held": _held,
        "grown": _counts,
    }

    def __init__(self) -> None:
        self.response: str | None = None
        """The ``request_id`` of the response that is being read."""
        self.restates: bool | None = None
        """Whether events restate all there is so far; None while that is open."""
        self.before: dict[str, str] = {}
        """Each text as it came last, while it is open."""
        self.held: dict[str, str] = {}
        """The texts that are held back: all that is due if it is new."""
        self.grown: dict[str, int] = {}
        """How often a text was the old one and more."""

    def __call__(self, payload: Payload) -> list[Fragment]:
        """What one event says; a whole response, that was not streamed, is the only one."""
        found: list[Fragment] = []
        response = payload.get("request_id")
        if isinstance(response, str) and response != self.response:
            self.response, self.restates = response, None
            self._forget()
            found.append(Fragment("start", id=response))
        output = mapping(payload.get("output"), "output", found)
        choices = mappings(output.get("choices"), "output.choices", found)
        if not choices and "text" in output:
            choices = [{"message": {"content": output["text"]}, "finish_reason": output.get("finish_reason")}]
        for choice in choices:
            self._choice(choice, found)
        if usage := payload.get("usage"):
            found.append(Fragment("usage", usage))
        if payload.get("code"):
            found.append(Fragment("error", payload))
        elif error := payload.get("error"):  # of a gateway
            found.append(Fragment("error", error))
        return found

    def _choice(self, choice: Payload, found: list[Fragment]) -> None:
        index, reason = choice.get("index", 0), choice.get("finish_reason")
        message = mapping(choice.get("message"), "message", found)
        for member, kind in _TEXTS.items():
            if (text := message.get(member)) is not None:
                self._text(kind, _flat(text, found), index, found)
        for call in mappings(message.get("tool_calls"), "tool_calls", found):
            self._call(call, index, found)
        if reason not in _NOT_OVER:
            if self.held:
                self._settle(True, found)
            found.append(Fragment("finish", reason, choice=index))

    def _text(self, kind: Kind, text: object, choice: object, found: list[Fragment]) -> None:
        if self.restates is None and isinstance(text, str) and _is_index(choice):
            key = f"{kind} {choice}"
            before = self.before.get(key, "")
            self.before[key] = text
            if not text.startswith(before):
                self._settle(False, found)
            elif before:
                held = self.held.pop(key, "")
                grown = self.grown[key] = self.grown.get(key, 0) + (text != before)
                if grown < _PROOF:
                    self.held[key] = held + text
                    return
                self._settle(True, found)
        if text != "":
            found.append(Fragment(kind, text, choice=choice, mode=self._mode))

    def _call(self, call: Payload, choice: object, found: list[Fragment]) -> None:
        body = mapping(call.get("function"), "function", found)
        slot, id, name, arguments = call.get("index"), call.get("id"), body.get("name"), body.get("arguments")
        id = id or None  # it is empty where an event continues the call
        if self.restates is None and isinstance(arguments, str) and _is_index(choice) and _is_index(slot):
            key = f"call {choice} {slot}"
            before = self.before.get(key)
            self.before[key] = arguments
            if before:
                self._settle(bool(name) and arguments.startswith(before), found)
        found.append(Fragment("call", arguments, slot, id, name, choice, self._mode))

    @property
    def _mode(self) -> Mode:
        return "cumulative" if self.restates else "delta"

    def _settle(self, restates: bool, found: list[Fragment]) -> None:
        """It is decided: what was held back is due."""
        self.restates = restates
        for key, text in self.held.items():
            kind, _, choice = key.partition(" ")
            due = self.before.get(key, "") if restates else text
            found.append(Fragment(cast(Kind, kind), due, choice=int(choice), mode=self._mode))
        self._forget()

    def _forget(self) -> None:
        for texts in (self.before, self.held, self.grown):
            texts.clear()


def _is_index(value: object) -> bool:
    """Whether it is a number that counts something: what else may stand there is nothing to go by."""
    return type(value) is int and 0 <= value <= _LARGEST_INDEX


def _flat(content: object, found: list[Fragment]) -> object:
    """The text of a message, which models that see and hear give as a list of parts."""
    if not isinstance(content, list | tuple):
        return content
    texts = [part["text"] for part in mappings(content, "content", found) if "text" in part]
    found.extend(is_a(text, "content[].text", "text") for text in texts if not isinstance(text, str))
    return "".join(text for text in texts if isinstance(text, str))


def _matches(payload: Payload) -> bool:
    return "request_id" in payload and ("output" in payload or "code" in payload)


DASHSCOPE = Provider(
    name="dashscope",
    matches=_matches,
    reader=Reader,
    finishes=FINISHES,
    decode=decode,
    numbers_calls=True,
    sequence="id",
    history=function_history,
)
