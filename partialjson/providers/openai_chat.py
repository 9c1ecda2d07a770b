"""OpenAI Chat Completions, and the many servers that speak it.

https://platform.openai.com/docs/api-reference/chat-streaming

Server-sent events, closed by ``data: [DONE]``. A call is opened under its ``index`` and continued by
fragments that carry the index alone; nothing says that one call is over, only ``finish_reason``
that all are::

    {"choices": [{"index": 0, "delta": {"tool_calls": [
        {"index": 0, "id": "call_A", "type": "function", "function": {"name": "f", "arguments": ""}}]}}]}
    {"choices": [{"index": 0, "delta": {"tool_calls": [
        {"index": 0, "function": {"arguments": "{\\"x\\":"}}]}}]}
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}
    {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 9}}

Compatible servers leave out the index or the id, repeat the name, send arguments as an object,
report errors as ``{"error": ...}`` with status 200 (vLLM: ``{"object": "error"}``), put usage into
``x_groq``, or send the whole ``message``, MiniMax also behind its pieces. The ``content`` of Mistral and
Databricks may be a list of parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from partialjson.fragment import CallKind, Fragment
from partialjson.providers.table import Finish, Payload, Provider, Said, mapping, mappings, word

FINISHES: Mapping[str, Finish] = {
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "stop": "stop",
    "length": "length",
    "model_length": "length",  # Mistral
    "model_context_window_exceeded": "length",  # Z.ai
    "eos": "stop",  # Together
    "eos_token": "stop",  # Text Generation Inference
    "stop_sequence": "stop",  # the same
    "content_filter": "rejected",
    "sensitive": "rejected",  # Z.ai
    "error": "failed",
    "network_error": "failed",  # Z.ai
    "insufficient_system_resource": "failed",  # DeepSeek
    "abort": "cancelled",  # vLLM, SGLang
}


_FUNCTION: CallKind = "function"
_CUSTOM: CallKind = "custom"
_ARGUMENTS: Mapping[CallKind, str] = {_FUNCTION: "arguments", _CUSTOM: "input"}
_TEXTS = {"text", "reasoning", "refusal"}
_THOUGHTS: Mapping[str, str] = {"thinking": "thinking", "reasoning": "summary"}


def payload(chunk: Payload) -> list[Fragment]:
    """What one chunk says."""
    found: list[Fragment] = []
    for choice in mappings(chunk.get("choices"), "choices", found):
        index = choice.get("index", 0)
        delta = choice.get("delta")
        if delta is None:
            found += _whole(mapping(choice.get("message"), "message", found), index)
        else:
            _read(mapping(delta, "delta", found), index, found)
        if reason := choice.get("finish_reason"):
            found.append(Fragment("finish", reason, choice=index))
        if usage := choice.get("usage"):  # Moonshot
            found.append(Fragment("usage", usage))
    usage = chunk.get("usage")
    if usage is None and "x_groq" in chunk:
        usage = mapping(chunk["x_groq"], "x_groq", found).get("usage")
    if usage:
        found.append(Fragment("usage", usage))
    if error := chunk.get("error"):
        found.append(Fragment("error", error))
    elif chunk.get("object") == "error":
        found.append(Fragment("error", chunk))
    elif not found and chunk and "choices" not in chunk:
        found.append(Fragment("unknown", chunk.get("type") or ", ".join(map(str, chunk))))
    return found


def _read(delta: Payload, choice: object, found: list[Fragment]) -> None:
    for member, value in delta.items():
        if value and (read := _DELTA.get(member)) is not None:
            read(value, choice, found)


def _whole(message: Payload, choice: object) -> list[Fragment]:
    """A message that was not streamed; or was, and comes again as a whole (MiniMax)."""
    said: list[Fragment] = []
    _read(message, choice, said)
    kinds = [fragment.kind for fragment in said]
    return [
        fragment._replace(mode="snapshot")
        if fragment.kind in _TEXTS and kinds.count(fragment.kind) == 1
        else fragment
        for fragment in said
    ]


def _content(content: object, choice: object, found: list[Fragment]) -> None:
    if isinstance(content, str):
        found.append(Fragment("text", content, choice=choice))
        return
    for part in mappings(content, "content", found):
        kind = word(part.get("type"))
        if kind in _THOUGHTS:
            thoughts = _THOUGHTS[kind]
            for thought in mappings(part.get(thoughts), f"content[].{thoughts}", found):
                found.append(Fragment("reasoning", thought.get("text"), choice=choice))
        elif kind == "text":
            found.append(Fragment("text", part.get("text"), choice=choice))


def _refusal(text: object, choice: object, found: list[Fragment]) -> None:
    found.append(Fragment("refusal", text, choice=choice))


def _reasoning(text: object, choice: object, found: list[Fragment]) -> None:
    thought = Fragment("reasoning", text, choice=choice)
    if thought not in found:  # some servers send it under two names
        found.append(thought)


def _tool_calls(calls: object, choice: object, found: list[Fragment]) -> None:
    for call in mappings(calls, "tool_calls", found):
        if call.get("custom") is not None or call.get("type") == "custom":
            body = mapping(call.get("custom"), "custom", found)
            argument, kind = body.get("input"), _CUSTOM
        else:
            body = mapping(call.get("function"), "function", found)
            argument, kind = body.get("arguments"), _FUNCTION
        # Gemini's compatible endpoint wants its thought signature back with the call.
        meta = {"extra_content": call["extra_content"]} if "extra_content" in call else None
        name, slot, id = body.get("name"), call.get("index"), call.get("id")
        if id == "null":  # what mistralai's models fill in where there is none
            id = None
        if id or name or meta or argument not in (None, ""):  # else it opens no call, and adds to none
            found.append(Fragment("call", argument, slot, id, name, choice, "delta", kind, meta))


def _function_call(call: object, choice: object, found: list[Fragment]) -> None:
    """The predecessor of tool calls: one for each choice, without index or id."""
    body = mapping(call, "function_call", found)
    found.append(Fragment("call", body.get("arguments"), "function_call", None, body.get("name"), choice))


_DELTA: Mapping[str, Callable[[object, object, list[Fragment]], None]] = {
    "content": _content,
    "refusal": _refusal,
    "reasoning_content": _reasoning,  # DeepSeek, Qwen, Z.ai
    "reasoning": _reasoning,  # OpenRouter, Groq, Ollama
    "reasoning_text": _reasoning,  # GitHub Copilot
    "tool_calls": _tool_calls,
    "function_call": _function_call,
}


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The assistant's message."""
    message: dict[str, object] = {"role": "assistant", "content": text or None}
    if said:
        message["tool_calls"] = [
            {"id": call.id, "type": call.kind, call.kind: _said(call), **call.meta} for call in said
        ]
    return message


def _said(call: Said) -> dict[str, object]:
    arguments = call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments)
    return {"name": call.name, _ARGUMENTS[call.kind]: arguments}


def function_history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The same for those who took this form over without custom calls."""
    message: dict[str, object] = {"role": "assistant", "content": text}
    if said:
        message["tool_calls"] = function_calls(said)
    return message


def function_calls(said: Sequence[Said]) -> list[dict[str, object]]:
    """The calls of such a message."""
    functions = [call._replace(kind=_FUNCTION, arguments=function_arguments(call)) for call in said]
    return [{"id": call.id, "type": call.kind, call.kind: _said(call)} for call in functions]


def function_arguments(call: Said) -> dict[str, object]:
    """The call's arguments as an object: where there are no custom calls, free text becomes one."""
    return call.arguments if isinstance(call.arguments, dict) else {"input": call.arguments}


def _matches(chunk: Payload) -> bool:
    return "choices" in chunk or chunk.get("object") == "error" or ("error" in chunk and "type" not in chunk)


OPENAI_CHAT = Provider(
    name="openai-chat",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    whole_names=False,
    numbers_calls=True,
    history=history,
    longest_id=40,
    derived={
        # openai.lib.streaming.chat
        "chunk": "chunk",
        "content.delta": None,
        "content.done": None,
        "refusal.delta": None,
        "refusal.done": None,
        "tool_calls.function.arguments.delta": None,
        "tool_calls.function.arguments.done": None,
        "logprobs.content.delta": None,
        "logprobs.content.done": None,
        "logprobs.refusal.delta": None,
        "logprobs.refusal.done": None,
    },
)
