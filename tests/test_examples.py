"""Every example runs, and prints what its docstring says."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Final

import pytest

EXAMPLES: Final = Path(__file__).parents[1] / "examples"
SDKS: Final = ("anthropic", "openai")
PROGRAMS: Final = sorted(EXAMPLES.glob("*.py"))

if not EXAMPLES.exists():
    pytest.skip("the examples are not here", allow_module_level=True)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_an_example_prints_what_it_says(program: Path) -> None:
    source = program.read_text("utf-8")
    for sdk in SDKS:
        if f"from {sdk} import" in source and importlib.util.find_spec(sdk) is None:
            pytest.skip(f"{sdk} is not installed")
    _, announced, shown = (ast.get_docstring(ast.parse(source)) or "").partition("Prints::\n")
    path = os.pathsep.join(filter(None, [str(EXAMPLES.parent), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == textwrap.dedent(shown).lstrip("\n") + "\n" * bool(announced)


def test_there_are_examples() -> None:
    assert len(PROGRAMS) > 5
