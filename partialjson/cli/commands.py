"""The commands: arguments in, an exit status out. What they do stands in the modules beside."""

from __future__ import annotations

import io
import json
import sys
from importlib.resources import files
from typing import Any

import click
from rich.console import Console

from partialjson.calls import Report, ToolCallAccumulator
from partialjson.cli import texts
from partialjson.cli.board import Board
from partialjson.cli.information import information, own_version
from partialjson.cli.printable import printable, printable_lines
from partialjson.cli.watching import arriving, paced, watch_lines, watch_live
from partialjson.cli.writing import json_text
from partialjson.dialects import STRICT
from partialjson.missing import MISSING
from partialjson.providers import PROVIDERS

_SAMPLES = files("partialjson.cli") / "samples"
_DEMO_BYTES_PER_SECOND = 4_000
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it

_FILE = click.File("rb")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(own_version(), prog_name="partialjson", message="%(prog)s %(version)s")
def partialjson() -> None:
    """Tool calls and JSON of language models, read while they are being written.

    FILE may be "-": standard input.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a mark that the terminal lacks is no reason to stop
            stream.reconfigure(errors="replace")


@partialjson.command()
@click.option("--speed", default=1.0, type=click.FloatRange(min=0, min_open=True), help="2 is twice as fast.")
def demo(speed: float) -> None:
    """Play a bundled stream: two tool calls, one of which breaks its schema."""
    stream = (_SAMPLES / "demo.sse").read_bytes()
    tools = json.loads((_SAMPLES / "demo.tools.json").read_text("utf-8"))
    board = Board(ToolCallAccumulator(tools=tools))
    if _is_terminal():
        ended = watch_live(paced(stream, _DEMO_BYTES_PER_SECOND * speed), board, _console())
    else:
        ended = watch_lines([stream], board, click.echo)
    click.echo("\nOne call breaks its schema on purpose. Your own stream: partialjson watch FILE")
    sys.exit(0 if ended else _INTERRUPTED)


@partialjson.command()
@click.argument("file", type=_FILE)
@click.option(
    "--provider",
    default="auto",
    show_default=True,
    type=click.Choice(["auto", *(provider.name for provider in PROVIDERS)]),
    help="The wire format.",
)
@click.option("--tools", type=_FILE, help="Tool definitions as JSON: a list, a mapping, or a request.")
def watch(file: io.BufferedReader, provider: str, tools: io.BufferedReader | None) -> None:
    """Show a provider's stream as it arrives.

    FILE is a response body as it came: server-sent events, JSON lines.

    Exit status: 0 all calls are valid, 1 a call failed, the provider reported an error, or nothing was
    recognised, 2 the command was used wrongly.
    """
    try:
        accumulator = ToolCallAccumulator(provider, tools=None if tools is None else _tools(tools.read()))
    except (TypeError, ValueError) as fault:
        raise click.BadParameter(printable_lines(str(fault)), param_hint="--tools") from None
    board = Board(accumulator)
    if _is_terminal():
        ended = watch_live(arriving(file), board, _console())
    else:
        ended = watch_lines(arriving(file), board, click.echo)
    sys.exit(int(_failed(board.report)) if ended else _INTERRUPTED)


@partialjson.command()
@click.argument("file", type=_FILE, default="-")
@click.option("--dialect", default="lenient", show_default=True, type=click.Choice(list(texts.DIALECTS)))
@click.option(
    "--only",
    type=click.Choice(list(texts.LOSSES)),
    help="Accept only repairs that lose nothing (none), or at most the form (form).",
)
def repair(file: io.BufferedReader, dialect: str, only: str | None) -> None:
    """Print the JSON that a text holds or begins; on standard error what was repaired.

    Exit status: 0 there is a value, 1 there is none, 2 the command was used wrongly.
    """
    chosen = texts.DIALECTS[dialect]
    if only is not None:
        chosen = chosen.only(*texts.LOSSES[only])
    reading = texts.read(file.read(), chosen)
    for row in (*texts.repair_table(reading), *texts.notes(reading, _name(file))):
        click.echo(row, err=True)
    if reading.refusal is not None:
        click.echo(texts.refusal(reading, _name(file)), err=True)
        sys.exit(1)
    if reading.document.value is MISSING:
        click.echo("there is no JSON value", err=True)
        sys.exit(1)
    if reading.document.status == "truncated":
        click.echo("the text stops before its value does", err=True)
    # JSON is UTF-8, whatever the terminal's encoding (RFC 8259 section 8.1).
    sys.stdout.buffer.write(printable_lines(json_text(reading.document.value)).encode() + b"\n")


@partialjson.command()
@click.argument("file", type=_FILE, default="-")
def check(file: io.BufferedReader) -> None:
    """Say whether a text is JSON by RFC 8259, and where it is not.

    Exit status: 0 it is, 1 it is not, 2 the command was used wrongly.
    """
    reading = texts.read(file.read(), STRICT, to_the_end=True)
    for line in texts.notes(reading, _name(file)):
        click.echo(line)
    if reading.refusal is not None:
        click.echo(texts.refusal(reading, _name(file)))
        sys.exit(1)
    click.echo(f"{printable(_name(file))}: valid JSON")


@partialjson.command()
def info() -> None:
    """Say what is installed, and which machine runs."""
    for name, found in information():
        click.echo(f"{name:<26} {found}")


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False)


def _is_terminal() -> bool:
    return sys.stdout.isatty() and not _console().is_dumb_terminal


def _tools(data: bytes) -> Any:
    """The tools in a file: definitions, or a request that has them. Raises ``ValueError``."""
    tools = json.loads(data)
    if isinstance(tools, dict) and isinstance(tools.get("tools"), list):
        return tools["tools"]
    return tools


def _failed(report: Report | None) -> bool:
    return report is None or report.table is None or bool(report.failed or report.errors)


def _name(file: io.BufferedReader) -> str:
    return str(getattr(file, "name", "<stdin>"))  # standard input may be replaced by what has no name
