"""Streams of the wires, written short: what the tests of providers, calls and streams share."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zlib import crc32

DATA: Final = Path(__file__).parent / "data"
DONE: Final = "[DONE]"


def table(name: str) -> list[dict[str, Any]]:
    """The rows of a file of cases."""
    rows: list[dict[str, Any]] = json.loads((DATA / name).read_text("utf-8"))
    return rows


def chat_payloads(stream: Iterable[Any]) -> Iterator[Any]:
    """Chunks of Chat Completions.

    A list is one chunk's calls (``i`` index, ``id``, ``n`` name, ``a`` arguments, ``t`` the free text of a
    custom call; what is not there is absent). ``"FIN x"`` is a finish reason, ``"DONE"`` the end marker.
    A mapping has ``choice``, ``calls`` and ``finish``, or a whole ``payload``.
    """
    for step in stream:
        if step == "DONE":
            yield DONE
        elif isinstance(step, str):
            yield _chunk({}, finish=step.removeprefix("FIN "))
        elif isinstance(step, list):
            yield _chunk({"tool_calls": [_call(call) for call in step]})
        elif "payload" in step:
            yield step["payload"]
        else:
            calls = {"tool_calls": [_call(call) for call in step["calls"]]} if "calls" in step else {}
            yield _chunk(calls, step.get("choice", 0), step.get("finish"))


def _chunk(delta: dict[str, Any], choice: int = 0, finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "choices": [{"index": choice, "delta": delta, "finish_reason": finish}],
    }


def _call(short: Mapping[str, Any]) -> dict[str, Any]:
    kind, argument = ("custom", "input") if "t" in short else ("function", "arguments")
    body = {
        name: short[key] for key, name in (("n", "name"), ("a", argument), ("t", argument)) if key in short
    }
    address = {name: short[key] for key, name in (("i", "index"), ("id", "id")) if key in short}
    return {**address, "type": kind, kind: body}


def gemini_payloads(stream: Iterable[Any]) -> Iterator[Any]:
    """Chunks of Gemini.

    A list is one chunk's calls, each what a part has as its ``functionCall``. ``"FIN x"`` is a finish
    reason. A mapping is a whole payload.
    """
    for step in stream:
        if isinstance(step, str):
            yield {"candidates": [{"finishReason": step.removeprefix("FIN ")}]}
        elif isinstance(step, list):
            yield {"candidates": [{"content": {"parts": [{"functionCall": call} for call in step]}}]}
        else:
            yield step


def sse(payloads: Iterable[Any]) -> bytes:
    """The payloads as server-sent events; text goes as it is."""
    events = []
    for payload in payloads:
        name = payload.get("type") if isinstance(payload, Mapping) else None
        data = payload if isinstance(payload, str) else json.dumps(payload)
        events.append((f"event: {name}\n" if isinstance(name, str) else "") + f"data: {data}\n\n")
    return "".join(events).encode()


def dashscope_payloads(stream: Iterable[Any]) -> Iterator[Any]:
    """Events of DashScope, numbered by their ``id`` as its table numbers them.

    A list is one event's calls, as in ``chat_payloads``; ``"FIN x"`` a finish reason; text is what was
    said. A mapping has ``say``, ``think``, ``calls``, ``finish`` and ``choice``; or a whole ``payload``; or
    ``again``: an event, counted from 0, comes once more.
    """
    events: list[dict[str, Any]] = []
    for step in stream:
        if isinstance(step, str):
            finish = step.startswith("FIN ")
            step = {"finish": step.removeprefix("FIN ")} if finish else {"say": step}
        elif isinstance(step, list):
            step = {"calls": step}
        if "again" in step:
            yield events[step["again"]]
        elif "payload" in step:
            yield step["payload"]
        else:
            message: dict[str, Any] = {"role": "assistant", "content": step.get("say", "")}
            if "think" in step:
                message["reasoning_content"] = step["think"]
            if "calls" in step:
                message["tool_calls"] = [_call(call) for call in step["calls"]]
            choice = {
                "index": step.get("choice", 0),
                "message": message,
                "finish_reason": step.get("finish", "null"),
            }
            events.append({"output": {"choices": [choice]}, "request_id": "R", "id": len(events)})
            yield events[-1]


def dashscope_sse(payloads: Iterable[Mapping[str, Any]]) -> bytes:
    """The payloads as DashScope's events, which are numbered from 1."""
    events = []
    for payload in payloads:
        body = {name: value for name, value in payload.items() if name != "id"}
        kind = "result" if "output" in body else "error"
        data = json.dumps(body, ensure_ascii=False)
        events.append(f"id:{payload.get('id', 0) + 1}\nevent:{kind}\n:HTTP_STATUS/200\ndata:{data}\n\n")
    return "".join(events).encode()


def json_lines(payloads: Iterable[Any]) -> bytes:
    """The payloads, each on a line."""
    return "".join(json.dumps(payload, ensure_ascii=False) + "\n" for payload in payloads).encode()


def invoke_payloads(stream: Iterable[Any]) -> Iterator[Any]:
    """Bedrock's chunks around events of Anthropic's; its own failures go as they are."""
    for event in stream:
        yield (
            {"chunk": {"bytes": b64encode(json.dumps(event).encode()).decode()}} if "type" in event else event
        )


def eventstream(payloads: Iterable[Mapping[str, Any]]) -> bytes:
    """The payloads as messages of an AWS event stream, named after their one member."""
    messages = []
    for payload in payloads:
        ((name, body),) = payload.items()
        kind = "exception" if name.endswith("Exception") else "event"
        headers = {":message-type": kind, f":{kind}-type": name, ":content-type": "application/json"}
        messages.append(_aws_message(headers, json.dumps(body).encode()))
    return b"".join(messages)


def _aws_message(headers: Mapping[str, str], body: bytes) -> bytes:
    block = b"".join(
        struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", 7, len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", len(block) + len(body) + 16, len(block))
    message = prelude + struct.pack(">I", crc32(prelude)) + block + body
    return message + struct.pack(">I", crc32(message))
