"""The picture of a board: it fits, it is harmless, and it shows what there is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

from partialjson.cli.board import Board
from partialjson.cli.picture import backwards, final_picture, live_picture
from tests.cli_streams import HOSTILE, board_of, call, sse

SCHEMA = {"properties": {"priority": {"enum": ["low", "high"]}, "n": {"type": "integer"}}}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)
streams = st.builds(
    lambda texts, said, cut: sse({"content": said}, *texts)[: None if cut is None else -cut],
    st.lists(st.dictionaries(st.text(max_size=30), json_values, max_size=5).map(json.dumps), max_size=9).map(
        lambda texts: [call(text, index=index) for index, text in enumerate(texts)]
    ),
    st.text(max_size=2_000),
    st.none() | st.integers(1, 300),
)


def drawn(picture: RenderableType, width: int, height: int = 24) -> list[str]:
    console = Console(width=width, height=height, color_system=None, highlight=False, force_terminal=True)
    with console.capture() as capture:
        console.print(picture)
    return capture.get().split("\n")[:-1]


def whole(board: Board, width: int = 80) -> str:
    return "\n".join(drawn(final_picture(board, width), width))


@given(streams, st.integers(20, 200), st.integers(6, 60), st.booleans())
def test_a_live_picture_fits_the_screen(stream: bytes, width: int, height: int, close: bool) -> None:
    board = board_of(stream, tools={"send": SCHEMA}, close=close)
    lines = drawn(live_picture(board, width, height), width, height)
    assert len(lines) < height
    assert max(map(cell_len, lines)) <= width


@given(json_values)
def test_backwards_is_the_tree_turned_round(value: Any) -> None:
    def forwards(value: Any, path: tuple[Any, ...] = ()) -> Any:
        if path or not isinstance(value, dict | list):
            yield path, value
        steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        for step in steps:
            yield from forwards(value[step], (*path, step))

    assert list(backwards(value)) == list(forwards(value))[::-1]


def test_calls_stand_side_by_side_where_there_is_room() -> None:
    stream = sse(call('{"n": 1}'), call('{"priority": "urgent"}', index=1))
    board = board_of(stream, tools={"send": SCHEMA})
    (titles,) = [line for line in drawn(final_picture(board, 80), 80) if line.startswith("╭")]
    assert titles.count("send") == 2
    assert len([line for line in drawn(final_picture(board, 60), 60) if line.startswith("╭")]) == 2


def test_what_grows_what_is_done_and_what_is_wrong() -> None:
    stream = sse(call('{"n": 1, "steps": [{"do": "x"}, {"do": "read the'), finish=None)
    board = board_of(stream, close=False)
    lines = drawn(live_picture(board, 80, 24), 80)
    rows = [line.strip("│ ") for line in lines]
    for row in ("✓ n      1", "steps", "✓   [0]", "✓     do x", "[1]", "do read the▌"):
        assert row in rows, rows
    assert "/steps/1/do" in lines[-2]
    assert "finished" not in "".join(lines)


def test_an_early_violation_is_shown_while_the_call_goes_on() -> None:
    stream = sse(call('{"priority": "urgent", "n": [1'), finish=None)
    lines = drawn(live_picture(board_of(stream, tools={"send": SCHEMA}, close=False), 80, 24), 80)
    assert lines[0].startswith("╭─ ✗ send")
    assert lines[1].startswith("│ ✗ priority urgent")
    assert any("can no longer become valid: /priority" in line for line in lines)


def test_of_many_early_violations_a_few_are_told() -> None:
    schema = {"additionalProperties": {"type": "null"}}
    stream = sse(call(json.dumps({f"n{number}": number for number in range(20)})[:-1]), finish=None)
    board = board_of(stream, tools={"send": schema}, close=False)
    assert len(board.violations["call_0"]) > 3
    assert "\n".join(drawn(live_picture(board, 100, 60), 100)).count("can no longer become valid") == 3


def test_the_verdict_and_the_broken_field() -> None:
    board = board_of(
        sse(call('{"n": 1}', name="good"), call('{"priority": "urgent"}', index=1)),
        tools={"good": SCHEMA, "send": SCHEMA},
    )
    picture = whole(board)
    assert "✓ finished, executable" in picture
    assert "✗ failed: invalid" in picture
    assert "✗ priority urgent" in picture
    assert "'urgent' is not one of" in picture
    assert "1 finished, 1 failed · openai-chat · " in picture


def test_a_cut_call_shows_where_it_stops() -> None:
    picture = whole(board_of(sse(call('{"n": 1, "text": "Hello wor'), finish=None)))
    assert "✗ failed: cut" in picture
    assert "Hello wor▌" in picture
    assert "! error truncated-stream" in picture


def test_a_call_without_a_name_or_a_value() -> None:
    delta = {"tool_calls": [{"index": 0, "id": "c", "function": {"arguments": ""}}]}
    board = board_of(sse(delta, finish=None), close=False)
    assert "▌ …" in "\n".join(drawn(live_picture(board, 80, 24), 80))


def test_free_text_of_a_custom_call() -> None:
    delta = {
        "tool_calls": [{"index": 0, "id": "c", "type": "custom", "custom": {"name": "sh", "input": "ls\nls"}}]
    }
    picture = whole(board_of(sse(delta)))
    assert re.search(r"✓\s+ls\s+│\n│\s+ls ", picture), picture


@pytest.mark.parametrize("close", [False, True])
def test_nothing_in_a_picture_steers_a_terminal(close: bool) -> None:
    arguments = json.dumps({HOSTILE: HOSTILE, "n": [HOSTILE], "priority": "\x1b[2J"})
    stream = sse(
        {"reasoning_content": HOSTILE, "content": HOSTILE},
        call(arguments, name=HOSTILE, id=HOSTILE),
        call("{" + HOSTILE, index=1, id=f"b{HOSTILE}"),
        finish=HOSTILE if close else None,
    )
    board = board_of(f"data: {HOSTILE}\n\n".encode() + stream, tools={"send": SCHEMA}, close=close)
    for picture in (final_picture(board, 80), live_picture(board, 80, 24)):
        text = "".join(drawn(picture, 80))
        assert re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
        assert "52;c" in text


def test_markup_is_only_text() -> None:
    picture = whole(board_of(sse({"content": "[bold]:smile:[/bold]"}, call('{"[red]a": "[link=x]b"}'))))
    assert "[bold]:smile:[/bold]" in picture
    assert "[red]a" in picture
    assert "[link=x]b" in picture


def test_a_flood_is_drawn_in_part() -> None:
    many = json.dumps({"t": "x" * 500_000, "list": list(range(100_000))})
    board = board_of(sse(*(call(many, index=index) for index in range(3))), close=False)
    assert len(drawn(live_picture(board, 80, 24), 80)) < 24
    assert len(drawn(final_picture(board, 80), 80)) < 2_000


def test_of_a_long_text_the_end_is_shown_while_it_grows_and_then_the_beginning() -> None:
    text = "begin " + "x" * 5_000 + " end"
    growing = whole(board_of(sse(call(json.dumps({"t": text})[:-2]), finish=None), close=False))
    assert " end▌" in growing
    assert "begin" not in growing
    finished = whole(board_of(sse(call(json.dumps({"t": text})))), width=2_000)
    assert "t begin" in finished
    assert "… (4,010 more characters)" in finished
