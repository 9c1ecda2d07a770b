"""The loop: bytes as they arrive, until the end or until the user has seen enough."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from threading import Timer

import pytest
from rich.console import Console

from partialjson import ToolCallAccumulator
from partialjson.cli.board import Board
from partialjson.cli.watching import arriving, paced, watch_lines, watch_live
from tests.cli_streams import call, sse

STREAM = sse({"content": "Hello."}, call('{"n": 1}'))


def new_board() -> Board:
    return Board(ToolCallAccumulator())


def impatient() -> Iterator[bytes]:
    yield STREAM[:-80]
    raise KeyboardInterrupt


def test_bytes_come_as_soon_as_they_are_there() -> None:
    reading, writing = os.pipe()
    too_late = Timer(10, os.close, [writing])  # ends a wait that should not be
    too_late.start()
    with open(reading, "rb") as file:
        pieces = arriving(file)
        os.write(writing, b"one")
        assert next(pieces) == b"one"
        os.write(writing, b"two")
        assert next(pieces) == b"two"
        too_late.cancel()
        os.close(writing)
        assert list(pieces) == []


def test_a_pace_delivers_everything_in_its_time() -> None:
    begin = time.monotonic()
    assert b"".join(paced(STREAM, 10_000)) == STREAM
    assert time.monotonic() - begin > len(STREAM) / 10_000 * 0.9


def test_lines() -> None:
    lines: list[str] = []
    assert watch_lines([STREAM], new_board(), lines.append)
    assert lines[0] == "text       Hello."
    assert lines[-1].startswith("1 finished, 0 failed · openai-chat")


def test_the_user_stops_the_lines() -> None:
    lines: list[str] = []
    assert not watch_lines(impatient(), new_board(), lines.append)
    assert any("failed: aborted" in line for line in lines)


@pytest.mark.parametrize("stopped", [False, True])
def test_the_moving_picture_leaves_the_last_one_behind(stopped: bool) -> None:
    console = Console(width=80, height=24, force_terminal=True, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        ended = watch_live(impatient() if stopped else [STREAM[:50], STREAM[50:]], new_board(), console)
    assert ended is not stopped
    last = capture.get().rpartition("\x1b[")[2]
    assert "Hello." in last
    assert ("failed: aborted" if stopped else "finished, executable") in last
