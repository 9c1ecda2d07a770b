"""Small projects: our own build and ``_engine.py`` around a toy machine, quick to compile, easy to break."""

from __future__ import annotations

import ast
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

_MACHINE: Final = """
class Machine:
    def feed(self, text: str) -> int:
        return len(text)
"""


def _toy_machine() -> dict[str, str]:
    """By file name: every module and class that the engine imports from the machine, and no more."""
    wanted: dict[str, list[str]] = {"__init__": [], "grammar": []}
    for node in ast.walk(ast.parse((PACKAGE / "_engine.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("partialjson._machine"):
            names = [alias.name for alias in node.names]
            if node.module == "partialjson._machine":
                wanted.update({name: wanted.get(name, []) for name in names})
            else:
                wanted.setdefault(str(node.module).rpartition(".")[2], []).extend(names)
    sources = {}
    for module, names in wanted.items():
        heirs = [f"class {name}(Machine):\n    pass\n" for name in names if name != "Machine"]
        head = "from partialjson._machine.grammar import Machine\n" if heirs else ""
        sources[f"{module}.py"] = _MACHINE if module == "grammar" else "\n\n".join([head, *heirs])
    return sources


def toy_project(folder: Path) -> Path:
    if not (ROOT / "setup.py").exists():
        pytest.skip("the files of the build are not here")
    pytest.importorskip("setuptools", minversion="77")
    pytest.importorskip("mypyc")
    for name in ("setup.py", "pyproject.toml", "MANIFEST.in", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    package = folder / "partialjson"
    (package / "_machine").mkdir(parents=True)
    (package / "__init__.py").touch()
    for name, source in _toy_machine().items():
        (package / "_machine" / name).write_text(source, "utf-8")
    for name in ("_engine.py", "py.typed"):
        shutil.copy(PACKAGE / name, package)
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
