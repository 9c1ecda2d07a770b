"""xAI: OpenAI's Chat Completions over HTTP, and a form of its own over gRPC.

https://docs.x.ai/docs/guides/streaming-response

Over HTTP there is nothing to read otherwise, and ``provider="auto"`` takes it for ``openai-chat``. Over
gRPC, as ``MessageToDict`` writes the chunks, choices are ``outputs`` and each call is whole in one chunk::

    {"id": "A", "outputs": [{"delta": {"role": "ROLE_ASSISTANT", "tool_calls": [
        {"id": "call_A", "type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL",
         "function": {"name": "f", "arguments": "{\\"x\\": 1}"}}]}}], "usage": {"prompt_tokens": 7}}
    {"id": "A", "outputs": [{"delta": {"role": "ROLE_ASSISTANT"}, "finish_reason": "REASON_TOOL_CALLS"}]}

Where xAI runs the tools itself, outputs are steps of one answer: the call, with a type that names the
tool; a finish that is none; its result, with ``"ROLE_TOOL"`` and the call again; and so on to the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from partialjson.fragment import CallKind, Fragment, Mode
from partialjson.providers import openai_chat
from partialjson.providers.memory import Memory, flag, text_or_none
from partialjson.providers.openai_chat import OPENAI_CHAT, function_history
from partialjson.providers.table import Finish, Payload, mapping, mappings

FINISHES: Mapping[str, Finish] = {
    **openai_chat.FINISHES,
    "REASON_TOOL_CALLS": "tool_calls",
    "REASON_STOP": "stop",
    "REASON_MAX_LEN": "length",
    "REASON_MAX_CONTEXT": "length",
    "REASON_TIME_LIMIT": "failed",
}

_NOT_OVER = ("REASON_INVALID", "", None)  # the enumeration's default, which some write out
_CLIENTS = ("TOOL_CALL_TYPE_CLIENT_SIDE_TOOL", "TOOL_CALL_TYPE_INVALID", None)


def _kinds(value: object) -> bool:
    return value in ([], ["function"], ["server"], ["function", "server"], ["server", "function"])


class Reader(Memory):
    """Reads one stream."""

    kept: ClassVar = {"response": text_or_none, "stepwise": flag, "wanted": _kinds}

    def __init__(self) -> None:
        self.response: str | None = None
        """The id of the response that is being read."""
        self.stepwise = False
        """A result of xAI's own tools was there: outputs are steps, not choices."""
        self.wanted: list[CallKind] = []
        """Whose tools were called, each kind once: that only xAI's own are wanted is no end of the answer."""

    def __call__(self, chunk: Payload) -> list[Fragment]:
        """What one chunk says; or a whole response, that was not streamed."""
        if "outputs" not in chunk:
            return openai_chat.payload(chunk)
        found: list[Fragment] = []
        response = chunk.get("id")
        if isinstance(response, str) and response != self.response:
            self.response, self.stepwise = response, False
            self.wanted.clear()
            found.append(Fragment("start", id=response))
        for output in mappings(chunk.get("outputs"), "outputs", found):
            self._output(output, found)
        if usage := chunk.get("usage"):
            found.append(Fragment("usage", usage))
        return found

    def _output(self, output: Payload, found: list[Fragment]) -> None:
        message = mapping(output.get("delta") or output.get("message"), "delta", found)
        result = message.get("role") == "ROLE_TOOL"
        self.stepwise = self.stepwise or result
        choice = 0 if self.stepwise else output.get("index", 0)
        if not result:
            if thought := _either(message, "reasoning_content", "reasoningContent"):
                found.append(Fragment("reasoning", thought, choice=choice))
            if text := message.get("content"):
                found.append(Fragment("text", text, choice=choice))
        for call in mappings(_either(message, "tool_calls", "toolCalls"), "tool_calls", found):
            self._call(call, result, choice, found)
        reason = _either(output, "finish_reason", "finishReason")
        if reason not in _NOT_OVER and not (reason == "REASON_TOOL_CALLS" and self.wanted == ["server"]):
            found.append(Fragment("finish", reason, choice=choice))

    def _call(self, call: Payload, again: bool, choice: object, found: list[Fragment]) -> None:
        body = mapping(call.get("function"), "function", found)
        kind: CallKind = "function" if call.get("type") in _CLIENTS else "server"
        id, name, arguments = call.get("id"), body.get("name"), body.get("arguments")
        mode: Mode = "snapshot" if again else "delta"
        found.append(Fragment("call", arguments, None, id, name, choice, mode, kind))
        if not again:
            found.append(Fragment("end", id=id, choice=choice))
            if kind not in self.wanted:
                self.wanted.append(kind)


def _either(message: Payload, name: str, json_name: str) -> object:
    """A member under its name or under the one that ProtoJSON gives it."""
    return message.get(name, message.get(json_name))


XAI = replace(
    OPENAI_CHAT,
    name="xai",
    matches=lambda chunk: "outputs" in chunk,
    reader=Reader,
    finishes=FINISHES,
    numbers_calls=False,
    history=function_history,
)
