"""Draws a board for a terminal: calls side by side, fields as they grow, verdicts below them.

While the stream goes on, a picture has to fit the screen: what is growing is at the end of things, so
it is always the end that is shown. The last picture shows all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from partialjson.calls import ToolCall
from partialjson.cli.board import Board, Voice
from partialjson.cli.printable import printable, printable_lines, shortened
from partialjson.cli.verdicts import too_late, verdict
from partialjson.cli.writing import scalar
from partialjson.errors import Path, pointer
from partialjson.missing import MISSING

CURSOR: Final = "▌"
_NARROWEST: Final = 36
"""Characters that a panel needs; with fewer for each, panels go below each other."""
_LONGEST_NAME: Final = 20
_MOST_ROWS: Final = 500
_LONGEST_TEXT: Final = 1_000
_ANOMALIES: Final = 5
_VIOLATIONS: Final = 3

_VOICES: Final[Mapping[Voice, str]] = {"reasoning": "dim italic", "text": "", "refusal": "yellow"}
_SCALARS: Final[Mapping[type, str]] = {bool: "magenta", type(None): "magenta", int: "cyan", float: "cyan"}


class Tail:
    """The last lines of something."""

    def __init__(self, what: RenderableType, height: int) -> None:
        self.what = what
        self.height = height

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self.what, options.update(height=None), pad=False)
        for line in lines[-self.height :]:
            yield from line
            yield Segment.line()


def final_picture(board: Board, width: int) -> RenderableType:
    """All there is, as long as it may be."""
    status = Text(summary(board), "dim")
    return Group(*_speeches(board), *_shelves(board, width, _MOST_ROWS), *_anomalies(board), status)


def live_picture(board: Board, width: int, height: int) -> RenderableType:
    """What fits on a screen of that many characters and lines."""
    speeches = Group(*_speeches(board))
    status = Text(summary(board), "dim", no_wrap=True, overflow="ellipsis")
    room = height - 2  # the status, and the line behind everything
    calls = len(board.accumulator.calls)
    if not calls:
        return Group(Tail(speeches, room), status)
    for_speeches = max(1, room // 4)
    room -= for_speeches
    shelves = -(-calls // _columns(calls, width))
    rows = max(1, room // shelves - 2)
    return Group(Tail(speeches, for_speeches), Tail(Group(*_shelves(board, width, rows)), room), status)


def _speeches(board: Board) -> Iterator[Text]:
    for voice, pieces in board.speeches:
        said = "".join(pieces).strip()
        if said:
            yield Text(printable_lines(_cropped(said, board.report is None)), _VOICES[voice])


def _columns(calls: int, width: int) -> int:
    return max(1, min(calls, width // _NARROWEST))


def _shelves(board: Board, width: int, rows: int) -> Iterator[Table]:
    """The calls, as many beside each other as there is room for, each with so many rows at most."""
    calls = board.accumulator.calls
    columns = _columns(len(calls), width)
    for start in range(0, len(calls), columns):
        shelf = Table.grid(expand=True)
        for _ in range(columns):
            shelf.add_column(ratio=1)
        shelf.add_row(*(_panel(board, call, rows) for call in calls[start : start + columns]))
        yield shelf


def _panel(board: Board, call: ToolCall, rows: int) -> Panel:
    open_path = call.open_path
    outcome = board.outcomes.get(call.key)
    early = board.violations.get(call.key, [])
    broken = {event.violation.path for event in early}
    below: list[Text] = []
    if outcome is None:
        mark, style = ("✗", "red") if early else (CURSOR, "blue")
        foot = printable(pointer(open_path)) if open_path else ""
        below += [Text(too_late(event), "red") for event in early[:_VIOLATIONS]]
    else:
        words = verdict(outcome)
        mark, style, foot = words.mark, words.style, printable(call.id)
        below += [Text(), Text(f"{mark} {words.headline}", f"bold {style}")]
        below += [Text(detail, style) for detail in words.details]
        broken |= {error.path for error in getattr(outcome, "errors", ())}
    content = Group(_form(call.partial, open_path, broken, rows), *below)
    name = printable(call.name) if call.name else "…"
    return Panel(
        Tail(content, rows),
        title=Text(f"{mark} {shortened(name, _NARROWEST)}", f"bold {style}"),
        title_align="left",
        subtitle=Text(shortened(foot, _NARROWEST), "dim"),
        subtitle_align="right",
        border_style=style,
    )


def _form(value: object, open_path: Path | None, broken: set[Path], rows: int) -> RenderableType:
    """The last rows of a value as a form: a mark, the name, the value."""
    if value is MISSING:
        return Text("…", "dim")
    form = Table.grid(padding=(0, 1))
    form.add_column(no_wrap=True)
    form.add_column(no_wrap=True, max_width=_LONGEST_NAME, overflow="ellipsis")
    form.add_column(overflow="fold")
    for path, node in reversed(list(islice(backwards(value), rows))):
        is_open = open_path is not None and path == open_path[: len(path)]
        shown = _node(node, is_open)
        if path == open_path:
            shown.append(CURSOR, "bold yellow")
        form.add_row(_mark(path in broken, is_open), _name(path), shown)
    return form


def backwards(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """The nodes of a value with their paths, from the last one: whoever wants the end need not go
    through all. An object or array at the root is not one of them."""
    if isinstance(value, dict):
        for name in reversed(value):
            yield from backwards(value[name], (*path, name))
    elif isinstance(value, list):
        for index in range(len(value) - 1, -1, -1):
            yield from backwards(value[index], (*path, index))
    if path or not isinstance(value, dict | list):
        yield path, value


def _mark(is_broken: bool, is_open: bool) -> Text:
    if is_broken:
        return Text("✗", "bold red")
    return Text(" ") if is_open else Text("✓", "green")


def _name(path: Path) -> Text:
    if not path:
        return Text()
    indent = "  " * (len(path) - 1)
    step = path[-1]
    if isinstance(step, int):
        return Text(f"{indent}[{step}]", "dim")
    return Text(indent + shortened(printable(step), 4 * _LONGEST_NAME), "bold")


def _node(node: object, is_open: bool) -> Text:
    if isinstance(node, str):
        return Text(printable_lines(_cropped(node, is_open)))
    if isinstance(node, dict | list):
        return Text("" if node else scalar(node), "dim")
    return Text(scalar(node), _SCALARS.get(type(node), ""))


def _cropped(text: str, is_open: bool) -> str:
    """The beginning of a text, or its end where it is still growing."""
    if len(text) <= _LONGEST_TEXT:
        return text
    if is_open:
        return "…" + text[-_LONGEST_TEXT:]
    return f"{text[:_LONGEST_TEXT]}… ({len(text) - _LONGEST_TEXT:,} more characters)"


def _anomalies(board: Board) -> Iterator[Text]:
    for anomaly in board.anomalies[:_ANOMALIES]:
        detail = f": {printable(anomaly.detail)}" if anomaly.detail else ""
        yield Text(f"! {anomaly.severity} {anomaly.code}{detail}", "yellow")
    if len(board.anomalies) > _ANOMALIES:
        yield Text(f"! and {len(board.anomalies) - _ANOMALIES} more", "yellow")


def summary(board: Board) -> str:
    """The stream in numbers."""
    told = [
        f"{board.accumulator.provider or 'no known wire'}",
        f"{board.bytes:,} bytes",
        f"{board.events:,} events",
        f"{board.busy * 1000:,.0f} ms of work in {board.elapsed:,.1f} s",
    ]
    if board.report is not None:
        finished, failed = len(board.report.finished), len(board.report.failed)
        told.insert(0, f"{finished} finished, {failed} failed")
    return " · ".join(told)
