"""The other parsers, each driven as its documentation says, to show its value after each fragment."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from partialjson.testing import by_prefix


@dataclass(frozen=True)
class Peer(ABC):
    """A parser that can show a value before the text is whole."""

    name: str
    module: str
    """What is imported. A peer whose module is missing is shown as not installed."""
    make: Callable[[Any], Any]
    """Takes the module and gives what the subclass says."""

    @abstractmethod
    def stream(self) -> Callable[[Sequence[str]], object]:
        """A function that takes all fragments, reads the value after each and returns the last one.

        Raises ``ModuleNotFoundError`` where the peer is not installed.
        """

    @abstractmethod
    def parse_prefix(self) -> Callable[[str], object]:
        """The same parser for the stability meter."""

    def load(self) -> Any:
        """What ``make`` makes of the module."""
        return self.make(import_module(self.module))


class Text(Peer):
    """Parses everything again at each fragment: ``make`` gives a function of the str so far."""

    def stream(self) -> Callable[[Sequence[str]], object]:
        """See ``Peer``."""
        parse = self.load()

        def run(fragments: Sequence[str]) -> object:
            text = ""
            value = None
            for fragment in fragments:
                text += fragment
                value = parse(text)
            return value

        return run

    def parse_prefix(self) -> Callable[[str], object]:
        """See ``Peer``."""
        parse: Callable[[str], object] = self.load()
        return parse


class Bytes(Peer):
    """The same for a function of the bytes so far."""

    def stream(self) -> Callable[[Sequence[str]], object]:
        """See ``Peer``."""
        parse = self.load()

        def run(fragments: Sequence[str]) -> object:
            data = b""
            value = None
            for fragment in fragments:
                data += fragment.encode()
                value = parse(data)
            return value

        return run

    def parse_prefix(self) -> Callable[[str], object]:
        """See ``Peer``."""
        parse = self.load()
        return lambda prefix: parse(prefix.encode())


class Incremental(Peer):
    """Keeps a state: ``make`` gives a function that begins a document.

    That one returns a function that takes a fragment and returns the value so far.
    """

    def stream(self) -> Callable[[Sequence[str]], object]:
        """See ``Peer``."""
        start = self.load()

        def run(fragments: Sequence[str]) -> object:
            feed = start()
            value = None
            for fragment in fragments:
                value = feed(fragment)
            return value

        return run

    def parse_prefix(self) -> Callable[[str], object]:
        """See ``Peer``."""
        return by_prefix(self.load())


def _streaming_json_parser(module: Any) -> Callable[[], Callable[[str], object]]:
    def start() -> Callable[[str], object]:
        feed = module.StreamingJsonParser().feed
        return lambda fragment: feed(fragment).value

    return start


def _partial_json_stream(module: Any) -> Callable[[], Callable[[str], object]]:
    def start() -> Callable[[str], object]:
        parser = module.JsonStreamParser()

        def feed(fragment: str) -> object:
            parser.push(fragment)
            return parser.snapshot().value

        return feed

    return start


def _jsonriver(module: Any) -> Callable[[], Callable[[str], object]]:
    """jsonriver is asynchronous but waits for nothing: its coroutine is stepped by hand."""

    class Source:
        """Suspends, in the one way a coroutine can, whenever there is no fragment."""

        def __init__(self) -> None:
            self.waiting: list[str] = []

        def __aiter__(self) -> AsyncIterator[str]:
            return self

        async def __anext__(self) -> str:
            while not self.waiting:
                await _Pause()
            return self.waiting.pop()

    def start() -> Callable[[str], object]:
        source = Source()
        shown: list[object] = [None]

        async def read() -> None:
            async for value in module.parse(source):
                shown[0] = value

        reading = read()
        reading.send(None)

        def feed(fragment: str) -> object:
            source.waiting.append(fragment)
            reading.send(None)
            return shown[0]

        return feed

    return start


class _Pause:
    def __await__(self) -> Any:
        yield


def _ijson(module: Any) -> Callable[[], Callable[[str], object]]:
    """ijson has events only; its own builder makes the value of them."""

    def start() -> Callable[[str], object]:
        events = module.sendable_list()
        parser = module.basic_parse_coro(events)
        builder = module.ObjectBuilder()

        def feed(fragment: str) -> object:
            parser.send(fragment.encode())
            for event, value in events:
                builder.event(event, value)
            del events[:]
            return getattr(builder, "value", None)

        return feed

    return start


JITER = Bytes("jiter", "jiter", lambda module: partial(module.from_json, partial_mode="trailing-strings"))

PEERS: tuple[Peer, ...] = (
    JITER,
    Text("partial-json-parser", "partial_json_parser", lambda module: module.loads),
    Text("json_repair", "json_repair", lambda module: partial(module.loads, stream_stable=True)),
    Text("langchain-core", "langchain_core.utils.json", lambda module: module.parse_partial_json),
    Incremental("jsonriver", "jsonriver", _jsonriver),
    Incremental("streaming-json-parser", "streaming_json_parser", _streaming_json_parser),
    Incremental("partial-json-stream", "partial_json_stream", _partial_json_stream),
    Incremental("ijson, built", "ijson", _ijson),
)


def floor() -> Callable[[Sequence[str]], object]:
    """What no Python program can avoid. Needs orjson."""
    loads = import_module("orjson").loads

    def run(fragments: Sequence[str]) -> object:
        parts: list[str] = []
        append = parts.append
        for fragment in fragments:
            append(fragment)
        return loads("".join(parts))

    return run


def at_the_end(fragments: Sequence[str]) -> object:
    """The standard library, which shows nothing before the end."""
    parts: list[str] = []
    for fragment in fragments:
        parts.append(fragment)
    return json.loads("".join(parts))
