"""The other accumulators of tool calls, and ours, each reading what there is after every payload."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any

from partialjson.calls import CallAdvanced, ToolCallAccumulator
from partialjson.parser import Parser

Run = Callable[[Sequence[Any]], object]
"""Takes a whole stream, payload by payload, and returns what came of it."""


def ours() -> Run:
    """``feed``: dicts, or bytes off the wire, of any provider. The partial arguments are read after each."""

    def run(payloads: Sequence[Any]) -> object:
        accumulator = ToolCallAccumulator()
        feed = accumulator.feed
        partial: object = None
        for payload in payloads:
            for event in feed(payload):
                if type(event) is CallAdvanced:
                    partial = event.partial
        return partial

    return run


Turns = Sequence[tuple[str, str]]
"""Ids of calls and fragments of them, in the order in which they come."""


def turns(calls: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """The fragments of all calls, one of each in turn."""
    return [(f"call_{number}", piece) for row in zip(*calls, strict=True) for number, piece in enumerate(row)]


def added(turns: Turns) -> dict[str, object]:
    """``add``, and the value of every call at the end."""
    accumulator = ToolCallAccumulator()
    add = accumulator.add
    for id, fragment in turns:
        add(id, fragment)
    return {call.id: call.partial for call in accumulator.calls}


def parsed(turns: Turns) -> dict[str, object]:
    """The same with nothing but parsers, whose live value is read after each fragment."""
    parsers: dict[str, Parser] = {}
    value: object = None
    for id, fragment in turns:
        parser = parsers.get(id)
        if parser is None:
            parser = parsers[id] = Parser()
        parser.feed(fragment)
        value = parser.value
    assert value is not None
    return {id: parser.value for id, parser in parsers.items()}


_STRICT_TOOL = {
    "type": "function",
    "function": {"name": "edit_file", "strict": True, "parameters": {"type": "object", "properties": {}}},
}


def openai_dicts(**options: Any) -> Run:
    """``ChatCompletionStreamState``; with a strict tool it parses the arguments too."""
    state_type = import_module("openai.lib.streaming.chat").ChatCompletionStreamState
    chunk_type = import_module("openai.types.chat").ChatCompletionChunk

    def run(payloads: Sequence[Any]) -> object:
        state = state_type(**options)
        for payload in payloads:
            state.handle_chunk(chunk_type.model_validate(payload))
        return state.current_completion_snapshot.choices[0].message.tool_calls[0].function.arguments

    return run


def openai_sse() -> Run:
    """The same over the client's own ``Stream``."""
    openai = import_module("openai")
    state_type = import_module("openai.lib.streaming.chat").ChatCompletionStreamState
    chunk_type = import_module("openai.types.chat").ChatCompletionChunk
    client = openai.OpenAI(api_key="-", base_url="http://localhost")

    def run(body: Sequence[Any]) -> object:
        state = state_type()
        for chunk in openai.Stream(cast_to=chunk_type, response=_Response(body), client=client):
            state.handle_chunk(chunk)
        return state.current_completion_snapshot.choices[0].message.tool_calls[0].function.arguments

    return run


def anthropic_dicts() -> Run:
    """What ``MessageStream`` does with each event."""
    accumulate = import_module("anthropic.lib.streaming._messages").accumulate_event

    def run(payloads: Sequence[Any]) -> object:
        snapshot = None
        buffers: dict[int, bytes] = {}
        for payload in payloads:
            snapshot = accumulate(event=payload, current_snapshot=snapshot, json_bufs=buffers)
        return None if snapshot is None else snapshot.content[0].input

    return run


def anthropic_sse() -> Run:
    """``MessageStream`` over the client's own ``Stream``."""
    anthropic = import_module("anthropic")
    message_stream = import_module("anthropic.lib.streaming").MessageStream
    event_type = import_module("anthropic.types").RawMessageStreamEvent
    client = anthropic.Anthropic(api_key="-", base_url="http://localhost")

    def run(body: Sequence[Any]) -> object:
        raw = anthropic.Stream(cast_to=event_type, response=_Response(body), client=client)
        stream = message_stream(raw, output_format=anthropic.NOT_GIVEN)
        for _ in stream:
            pass
        return stream.current_message_snapshot.content[0].input

    return run


def langchain_dicts() -> Run:
    """The sum of ``AIMessageChunk``s, as langchain-openai makes them; ``tool_calls`` is read after each."""
    chunk_type = import_module("langchain_core.messages").AIMessageChunk

    def run(payloads: Sequence[Any]) -> object:
        total: Any = None
        calls: Any = None
        for payload in payloads:
            delta = payload["choices"][0]["delta"]
            parts = [
                {
                    "index": call["index"],
                    "id": call.get("id"),
                    "name": call["function"].get("name"),
                    "args": call["function"]["arguments"],
                }
                for call in delta.get("tool_calls", ())
            ]
            chunk = chunk_type(content=delta.get("content") or "", tool_call_chunks=parts)
            total = chunk if total is None else total + chunk
            calls = total.tool_calls
        return calls[0]["args"]

    return run


class _Response:
    """As much of an HTTP response as the clients' streams read."""

    request = None
    status_code = 200
    http_version = "HTTP/1.1"

    def __init__(self, body: Sequence[bytes]) -> None:
        self.headers: dict[str, str] = {}
        self.body = body

    def iter_bytes(self) -> Iterator[bytes]:
        return iter(self.body)

    def close(self) -> None:
        pass


DICTS: dict[str, dict[str, Callable[[], Run]]] = {
    "openai": {
        "partialjson": ours,
        "openai": openai_dicts,
        "openai, strict tool": partial(openai_dicts, input_tools=[_STRICT_TOOL]),
        "langchain-core": langchain_dicts,
    },
    "anthropic": {"partialjson": ours, "anthropic": anthropic_dicts},
}
SSE: dict[str, dict[str, Callable[[], Run]]] = {
    "openai": {"partialjson": ours, "openai": openai_sse},
    "anthropic": {"partialjson": ours, "anthropic": anthropic_sse},
}
