"""The commands as a shell sees them: what they print where, and their exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partialjson.cli.commands import partialjson
from tests.cli_streams import HOSTILE, call, sse

TOOLS = [{"type": "function", "function": {"name": "send", "parameters": {"required": ["to"]}}}]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command line in a folder with these files; ``stdin`` is what it reads there."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"", **files: bytes) -> Result:
        for name, data in files.items():
            Path(name).write_bytes(data)
        result = CliRunner().invoke(partialjson, arguments, input=stdin, prog_name="partialjson")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


# demo and watch


def test_the_demo_tells_its_story_and_succeeds(run: Callable[..., Result]) -> None:
    result = run("demo")
    assert result.exit_code == 0
    assert "✓ call     send_message (call_msg) finished, executable" in result.stdout
    assert "✗ call     create_ticket (call_tkt) failed: invalid" in result.stdout
    assert "/priority: 'urgent' is not one of" in result.stdout


@pytest.mark.parametrize(
    ("stream", "status"),
    [
        (sse(call('{"to": "ana"}')), 0),
        (sse({"content": "Hello."}, finish="stop"), 0),
        (sse(call('{"to": "ana"}'), call("{}", index=1)), 1),
        (sse(call('{"to": "a'), finish=None), 1),
        (sse(call('{"to": "ana"}', name="other")), 1),
        (b'data: {"error": {"message": "overloaded"}}\n\n', 1),
        (b"<html>no stream</html>", 1),
        (b"", 1),
    ],
)
def test_watch_has_the_verdict_as_its_status(run: Callable[..., Result], stream: bytes, status: int) -> None:
    tools = json.dumps(TOOLS).encode()
    from_file = run("watch", "stream", "--tools", "tools", stream=stream, tools=tools)
    from_pipe = run("watch", "-", "--tools", "tools", stdin=stream)
    assert from_file.exit_code == from_pipe.exit_code == status
    assert without_times(from_file.stdout) == without_times(from_pipe.stdout)


def without_times(text: str) -> str:
    return text.rpartition(" · ")[0]


@pytest.mark.parametrize(
    "tools",
    [TOOLS, {"tools": TOOLS, "model": "m"}, {"send": {"required": ["to"]}}],
    ids=["definitions", "a request", "schemas by name"],
)
def test_tools_may_be_written_in_several_ways(run: Callable[..., Result], tools: object) -> None:
    definitions = json.dumps(tools).encode()
    assert run("watch", "-", "--tools", "t", stdin=sse(call("{}")), t=definitions).exit_code == 1
    assert run("watch", "-", "--tools", "t", stdin=sse(call('{"to": 1}'))).exit_code == 0


def test_a_named_provider(run: Callable[..., Result]) -> None:
    assert run("watch", "-", "--provider", "openai-chat", stdin=sse(call("{}"))).exit_code == 0
    assert run("watch", "-", "--provider", "anthropic", stdin=sse(call("{}"))).exit_code == 0
    assert run("watch", "-", "--provider", "nobody").exit_code == 2


@pytest.mark.parametrize("tools", [b"{", b"[1]", b"7", b'{"f": {"type": "no type"}}', b"\xff", b'["f"]'])
def test_tools_that_are_none_are_wrong_usage(run: Callable[..., Result], tools: bytes) -> None:
    result = run("watch", "-", "--tools", "t", t=tools)
    assert result.exit_code == 2
    assert "--tools" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("watch",),
        ("watch", "nowhere"),
        ("check", "nowhere"),
        ("repair", "--only", "all"),
        ("fly",),
        ("demo", "--speed", "0"),
    ],
)
def test_wrong_usage(run: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


# repair


def test_repair_prints_json_and_tells_what_it_did(run: Callable[..., Result]) -> None:
    result = run("repair", stdin=b"Sure: {'price': 1.10, 'tags': ['a', 'b',]")
    assert result.exit_code == 0
    assert result.stdout == '{\n  "price": 1.10,\n  "tags": [\n    "a",\n    "b"\n  ]\n}\n'
    assert "1:1        form   prose                'Sure:'" in result.stderr
    assert result.stderr.endswith("the text stops before its value does\n")


def test_repair_says_nothing_of_what_is_right(run: Callable[..., Result]) -> None:
    result = run("repair", "f", f=b'{"a": [1, 2]}')
    assert json.loads(result.stdout) == {"a": [1, 2]}
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("options", "text", "status"),
    [
        ((), b"hello", 1),
        ((), b"", 1),
        ((), b"null", 0),
        (("--only", "none"), b"{'a': 1,}", 0),
        (("--only", "none"), b'{"a": NaN}', 1),
        (("--only", "form"), b'{"a": NaN}', 0),
        (("--only", "form"), b'{"a": hello}', 1),
        (("--dialect", "json5"), b"{a: .5,}", 0),
        (("--dialect", "json5"), b"Sure: {}", 1),
        (("--dialect", "strict"), b"[1,]", 1),
        (("--dialect", "strict"), b"[1]", 0),
    ],
)
def test_repair_succeeds_where_there_is_a_value(
    run: Callable[..., Result], options: tuple[str, ...], text: bytes, status: int
) -> None:
    result = run("repair", *options, stdin=text)
    assert result.exit_code == status
    assert bool(result.stdout) is not bool(status)
    assert not status or result.stderr


def test_what_repair_prints_is_harmless_and_means_the_same(run: Callable[..., Result]) -> None:
    result = run("repair", stdin=json.dumps({"a": HOSTILE}, ensure_ascii=False).encode())
    assert json.loads(result.stdout) == {"a": HOSTILE}
    assert not set(result.stdout) & set("\x1b\x07\x9b\x7f\u202e\u2066")


# check


def test_check_accepts_json(run: Callable[..., Result]) -> None:
    result = run("check", "f", f=b' {"a": 1e5} \n')
    assert (result.exit_code, result.stdout, result.stderr) == (0, "f: valid JSON\n", "")


def test_check_says_where(run: Callable[..., Result]) -> None:
    result = run("check", "f", f=b'{"a": 1,\n "b": }')
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == "f:2:7: expected a value, got '}', at /b\n"


def test_check_reads_standard_input(run: Callable[..., Result]) -> None:
    assert run("check", stdin=b"[1,]").stdout == "<stdin>:1:4: expected a value, got ']', at /1\n"
    assert run("check", "-", stdin=b"[1]").exit_code == 0


# info


def test_info(run: Callable[..., Result]) -> None:
    result = run("info")
    assert result.exit_code == 0
    assert "machine" in result.stdout
    assert sys.version.split()[0] in result.stdout


def test_version_and_help(run: Callable[..., Result]) -> None:
    assert run("--version").stdout.startswith("partialjson ")
    for command in ("demo", "watch", "repair", "check", "info"):
        assert command in run("-h").stdout
        assert run(command, "--help").exit_code == 0
