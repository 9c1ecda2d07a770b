"""The loop behind ``demo`` and ``watch``: bytes in, a board, and what is shown of it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Final

from rich.console import Console, RenderableType
from rich.live import Live

from partialjson.calls import Event
from partialjson.cli.board import Board
from partialjson.cli.lines import Lines
from partialjson.cli.picture import final_picture, live_picture, summary

_PICTURES_PER_SECOND: Final = 15
_READ: Final = 65_536
_PIECE: Final = 48


def arriving(file: io.BufferedReader) -> Iterator[bytes]:
    """What is in a file or comes out of a pipe, as soon as there is any."""
    while data := file.read1(_READ):
        yield data


def paced(data: bytes, bytes_per_second: float) -> Iterator[bytes]:
    """The bytes as a connection of that speed would deliver them: cut without regard to anything."""
    due = time.monotonic()
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]
        due += _PIECE / bytes_per_second
        time.sleep(max(0.0, due - time.monotonic()))


def watch_live(source: Iterable[bytes], board: Board, console: Console) -> bool:
    """Show the stream as a moving picture, and the whole of it at the end. False: the user stopped it."""
    lock = Lock()  # the picture is drawn by a thread of its own, also while nothing arrives

    def picture() -> RenderableType:
        with lock:
            return live_picture(board, console.width, console.height)

    with Live(
        console=console,
        get_renderable=picture,
        refresh_per_second=_PICTURES_PER_SECOND,
        transient=True,
    ):
        ended = _run(source, board, lock, lambda events: None)
    console.print(final_picture(board, console.width))
    return ended


def watch_lines(source: Iterable[bytes], board: Board, write: Callable[[str], None]) -> bool:
    """Tell the stream line by line. False: the user stopped it."""
    lines = Lines(board.accumulator)

    def tell(events: list[Event]) -> None:
        for line in lines.take(events):
            write(line)

    ended = _run(source, board, Lock(), tell)
    for line in lines.rest():
        write(line)
    write(summary(board))
    return ended


def _run(source: Iterable[bytes], board: Board, lock: Lock, tell: Callable[[list[Event]], None]) -> bool:
    try:
        for data in source:
            with lock:
                events = board.feed(data)
            tell(events)
    except KeyboardInterrupt:
        with lock:
            events = board.abort()
        tell(events)
        return False
    with lock:
        events = board.close()
    tell(events)
    return True
