"""What the README and the pages of docs show is run, and says only what is so."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
README: Final = ROOT / "README.md"
if not README.exists():
    pytest.skip("the README is not here", allow_module_level=True)
TEXT: Final = README.read_text("utf-8")
PAGES: Final = sorted((ROOT / "docs").glob("*.md"))
DEFINITIONS: Final = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}
    for name in ("get_weather", "send_mail")
]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """What the blocks take for granted: an SDK's client, here of a server on this machine."""
    openai = pytest.importorskip("openai")
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    loopback = importlib.import_module("loopback")
    with (
        loopback.replaying("openai.sse") as address,
        openai.OpenAI(base_url=address, api_key="none") as client,
    ):
        yield {"__name__": "readme", "client": client, "messages": [], "definitions": DEFINITIONS}


@pytest.mark.parametrize("page", [README, *PAGES], ids=lambda page: page.name)
def test_every_python_block_does_what_it_shows(page: Path, names: dict[str, object]) -> None:
    """The blocks of a page share their names; what they print is in their comments ``#>``."""
    text = page.read_text("utf-8")
    blocks = list(re.finditer(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    assert len(blocks) == text.count("```py")
    for block in blocks:
        line = text.count("\n", 0, block.start(1))
        code = compile("\n" * line + block[1], str(page), "exec")  # with the line numbers of the page
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, names)
        assert printed.getvalue().splitlines() == re.findall(r"^#> ?(.*)$", block[1], re.MULTILINE)


def test_the_readme_has_examples() -> None:
    assert TEXT.count("```python") > 8


def test_the_promises_are_numbered_and_proved() -> None:
    section = TEXT.split("## What is promised")[1].split("\n## ")[0]
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", section, re.MULTILINE)]
    assert numbers == list(range(1, 21))
    waiting = {int(number) for number in re.findall(r"Number (\d+) waits for a part", section)}
    tests = ast.parse((ROOT / "tests" / "test_promises.py").read_text("utf-8"))
    names = [node.name for node in ast.walk(tests) if isinstance(node, ast.FunctionDef)]
    proved = {int(found[1]) for found in (re.match(r"test_promise_(\d+)_", name) for name in names) if found}
    assert proved | waiting == set(numbers)
    assert not proved & waiting


def test_what_the_readme_points_at_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:docs|examples|tests|\.ci)/[\w./]*)`", TEXT):
        assert (ROOT / path).exists(), path


def test_the_commands_exist() -> None:
    pytest.importorskip("click")
    from partialjson.cli.commands import partialjson

    shown = set(re.findall(r"`partialjson (\w+)", TEXT))
    assert shown == set(partialjson.commands)
