"""The loops: a source in, events out, and the source closed exactly once, however it ends.

::

    with iter_events(response, tools=tools) as events:
        for event in events:
            ...
    events.report.raise_for_errors()

A source is any iterable (for ``aiter_events`` also any asynchronous one) of bytes, text, mappings or
SDK objects, or a context manager that gives one, as the SDKs' stream helpers do.
"""

from __future__ import annotations

import inspect
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from types import TracebackType
from typing import Any

from partialjson.calls import Event, Policy, Report, ToolCallAccumulator
from partialjson.calls.assembly import DEFAULT_LIMITS
from partialjson.calls.policy import BALANCED
from partialjson.dialects import LENIENT, Dialect
from partialjson.limits import Limits
from partialjson.providers import Provider

_LEFT = "the events were not read to their end"


class _Events:
    """What both loops share: the accumulator, the events that wait, and the error that waits behind them."""

    def __init__(self, accumulator: ToolCallAccumulator) -> None:
        self.accumulator = accumulator
        self._waiting: deque[Event] = deque()
        self._error: Exception | None = None
        self._over = False

    @property
    def report(self) -> Report:
        """What came of the stream. Before its end there is none: raises ``RuntimeError``."""
        if not self._over:
            raise RuntimeError("there is no report before the end of the stream")
        return self.accumulator.close()

    def _feed(self, payload: object) -> None:
        self._waiting.extend(self.accumulator.feed(payload))

    def _end(self, error: Exception | None = None) -> None:
        """The source is exhausted, or broke: its last events come first, then the error."""
        self._over = True
        self._error = error
        self._waiting.extend(self.accumulator.close().events)

    def _abort(self) -> None:
        if not self._over:
            self._over = True
            self.accumulator.abort(_LEFT)

    def _raise_error(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error


class EventStream(_Events):
    """The events of a source: iterate over it, in a ``with`` block or without."""

    def __init__(self, source: Any, accumulator: ToolCallAccumulator) -> None:
        super().__init__(accumulator)
        self._source = source
        self._manager: Any = None
        self._iterator: Iterator[object] | None = None
        self._closed = False

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        while not self._waiting:
            if self._over:
                self._raise_error()
                raise StopIteration
            try:
                payload = next(self._opened())
            except StopIteration:
                self._finish()
            except Exception as error:  # the source's own: it goes on to the caller, behind the last events
                self._finish(error)
            except BaseException:
                self.close()
                raise
            else:
                self._feed(payload)
        return self._waiting.popleft()

    def __enter__(self) -> EventStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop, and close the source. What is open fails as ``"aborted"``. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._abort()
        with ExitStack() as stack:  # each is closed, whatever the others raise
            if self._manager is not None:
                stack.push(self._manager)
            elif hasattr(self._source, "close"):
                stack.callback(self._source.close)
            close = getattr(self._iterator, "close", None)
            if close is not None and self._iterator is not self._source:
                stack.callback(close)

    def __del__(self) -> None:
        self.close()

    def _opened(self) -> Iterator[object]:
        if self._iterator is None:
            source = self._source
            if not hasattr(source, "__iter__") and hasattr(source, "__enter__"):
                source = source.__enter__()
                self._manager = self._source
            self._iterator = iter(source)
        return self._iterator

    def _finish(self, error: Exception | None = None) -> None:
        self._end(error)
        try:
            self.close()
        except Exception as fault:  # the source's own again
            self._error = self._error or fault


class AsyncEventStream(_Events):
    """The events of an asynchronous source: iterate over it, in an ``async with`` block or without.

    Cancelling the task that waits for an event closes the source: there is no going on after that.
    """

    def __init__(self, source: Any, accumulator: ToolCallAccumulator) -> None:
        super().__init__(accumulator)
        self._source = source
        self._manager: Any = None
        self._iterator: AsyncIterator[object] | None = None
        self._closed = False

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while not self._waiting:
            if self._over:
                self._raise_error()
                raise StopAsyncIteration
            try:
                payload = await anext(await self._opened())
            except StopAsyncIteration:
                await self._finish()
            except Exception as error:  # the source's own: it goes on to the caller, behind the last events
                await self._finish(error)
            except BaseException:
                await self.aclose()
                raise
            else:
                self._feed(payload)
        return self._waiting.popleft()

    async def __aenter__(self) -> AsyncEventStream:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop, and close the source. What is open fails as ``"aborted"``. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._abort()
        async with AsyncExitStack() as stack:  # each is closed, whatever the others raise
            if self._manager is not None:
                stack.push_async_exit(self._manager)
            else:
                stack.push_async_callback(_close_source, self._source)
            if self._iterator is not self._source:
                stack.push_async_callback(_close_source, self._iterator)

    async def _opened(self) -> AsyncIterator[object]:
        if self._iterator is None:
            if inspect.isawaitable(self._source):
                self._source = await self._source
            source = self._source
            if not hasattr(source, "__aiter__") and hasattr(source, "__aenter__"):
                source = await source.__aenter__()
                self._manager = self._source
            self._iterator = aiter(source) if hasattr(source, "__aiter__") else _asynchronous(source)
        return self._iterator

    async def _finish(self, error: Exception | None = None) -> None:
        self._end(error)
        try:
            await self.aclose()
        except Exception as fault:  # the source's own again
            self._error = self._error or fault


async def _asynchronous(source: Iterable[object]) -> AsyncIterator[object]:
    for payload in source:
        yield payload


async def _close_source(source: object) -> None:
    """Close a source that can be closed, in its own way."""
    close = getattr(source, "aclose", None) or getattr(source, "close", None)
    if close is not None:
        result = close()
        if inspect.isawaitable(result):
            await result


def iter_events(
    source: object,
    provider: str | Provider = "auto",
    *,
    tools: Mapping[str, object] | Iterable[object] | None = None,
    output: object = None,
    dialect: Dialect = LENIENT,
    policy: Policy = BALANCED,
    limits: Limits = DEFAULT_LIMITS,
    clock: Callable[[], float] = time.monotonic,
    accumulator: ToolCallAccumulator | None = None,
) -> EventStream:
    """The events of a source; all else is as in ``ToolCallAccumulator``. An ``accumulator`` that is given
    goes on, with its own options.

    The source is closed when it is exhausted, when it raises, and when the ``with`` block is left; what
    was still open then is ``"aborted"``, and ``report`` tells. An error of the source comes out behind
    the events that it caused.
    """
    accumulator = accumulator or ToolCallAccumulator(
        provider, tools=tools, output=output, dialect=dialect, policy=policy, limits=limits, clock=clock
    )
    return EventStream(source, accumulator)


def aiter_events(
    source: object,
    provider: str | Provider = "auto",
    *,
    tools: Mapping[str, object] | Iterable[object] | None = None,
    output: object = None,
    dialect: Dialect = LENIENT,
    policy: Policy = BALANCED,
    limits: Limits = DEFAULT_LIMITS,
    clock: Callable[[], float] = time.monotonic,
    accumulator: ToolCallAccumulator | None = None,
) -> AsyncEventStream:
    """The same for an asynchronous source; an awaitable that gives one will do, and any plain iterable."""
    accumulator = accumulator or ToolCallAccumulator(
        provider, tools=tools, output=output, dialect=dialect, policy=policy, limits=limits, clock=clock
    )
    return AsyncEventStream(source, accumulator)
