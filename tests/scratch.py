"""Small projects: our own build and ``_engine.py`` around a toy machine, quick to compile, easy to break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import partialjson

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = Path(partialjson.__file__).parent

_TOY: Final = {
    "__init__.py": "",
    "_machine/__init__.py": "",
    "_machine/grammar.py": """
class Machine:
    def feed(self, text: str) -> int:
        return len(text)
""",
    "_machine/states.py": "",
    "_machine/liberties.py": """
from partialjson._machine.grammar import Machine

class Forgiving(Machine):
    pass
""",
}


def toy_project(folder: Path) -> Path:
    if not (ROOT / "setup.py").exists():
        pytest.skip("the files of the build are not here")
    pytest.importorskip("setuptools", minversion="77")
    pytest.importorskip("mypyc")
    for name in ("setup.py", "pyproject.toml", "MANIFEST.in", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name, source in _TOY.items():
        file = folder / "partialjson" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, "utf-8")
    for name in ("_engine.py", "py.typed"):
        shutil.copy(PACKAGE / name, folder / "partialjson")
    return folder


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in ``folder``, with the package there and not the one under test."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("CC", "PARTIALJSON_PURE")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def build(folder: Path, *command: str, **environment: str) -> str:
    """Run ``setup.py``, which must succeed, and return what it said on standard error."""
    done = python(folder, "setup.py", "--quiet", *command, **environment)
    assert done.returncode == 0, done.stderr
    return done.stderr
