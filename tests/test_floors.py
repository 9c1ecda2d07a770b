"""Nothing imports upward, the two stairs meet only on the landing, and few rooms need more than Python.

``HOUSE`` is the plan. Every module and package of ``partialjson`` has its place in it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import partialjson

PACKAGE: Final = Path(partialjson.__file__).parent

# From the roof down. Left of the bar: the text stair; right of it: the byte stair; no bar: open to both.
HOUSE: Final = """
__init__ __main__
testing compat
cli
stream trace
calls
views schema                       | providers
parser                             | wire
dialects _checkpoint _completion   |
edits                              | fragment
_engine                            |
_machine                           |
errors limits missing _native
"""

# Before the machine is imported, the engine must have chosen which one runs.
DOORS: Final = {"_machine": "_engine"}

# Where something is imported that does not come with Python. All else runs on the standard library.
FURNISHED: Final = {
    "cli": {"click", "rich"},
    "schema": {
        "attrs",
        "jsonschema",
        "jsonschema_rs",
        "jsonschema_specifications",
        "pydantic",
        "referencing",
    },
    "testing": {"hypothesis"},
    "views": {"ijson", "pydantic"},
}

# What only type checkers and the compiler read; test_exports.py shows that it is not loaded.
BLUEPRINTS: Final = {"mypy_extensions"}


class Place(NamedTuple):
    floor: int
    """Counted from the ground."""
    stair: str
    """``"text"``, ``"byte"``, or ``""`` where both may come."""

    def is_below(self, other: Place) -> bool:
        return self.floor < other.floor and (not self.stair or not other.stair or self.stair == other.stair)


def places(house: str) -> dict[str, Place]:
    found = {}
    for floor, row in enumerate(reversed(house.strip().split("\n"))):
        text, bar, byte = row.partition("|")
        found.update(dict.fromkeys(text.split(), Place(floor, "text" if bar else "")))
        found.update(dict.fromkeys(byte.split(), Place(floor, "byte")))
    return found


PLACES: Final = places(HOUSE)


class Import(NamedTuple):
    line: int
    name: str
    """Dotted and absolute: a module, or what is imported from it."""


def imports(source: str, package: tuple[str, ...]) -> Iterator[Import]:
    """All imports of a module in ``package``, also those in functions and under ``TYPE_CHECKING``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*above, *filter(None, [node.module])))
            for alias in node.names:
                yield Import(node.lineno, f"{start}.{alias.name}")


def room(name: str) -> str:
    """The module or package directly under ``partialjson`` that a dotted name leads to."""
    step = [*name.split("."), ""][1]
    return step if step in PLACES else "__init__"


def faults(package: Path) -> list[str]:
    found = []
    for file in sorted(package.rglob("*.py")):
        relative = file.relative_to(package)
        here = relative.parts[0].removesuffix(".py")
        if here not in PLACES:
            found.append(f"{relative}: has no place in the house")
            continue
        passed = {here}
        for line, name in sorted(imports(file.read_text("utf-8"), ("partialjson", *relative.parts[:-1]))):
            top = name.partition(".")[0]
            there = room(name)
            passed.add(there)
            if top in sys.stdlib_module_names | BLUEPRINTS or (top == "partialjson" and there == here):
                continue
            if top != "partialjson":
                if top not in FURNISHED.get(here, ()):
                    found.append(f"{relative}:{line}: {here} imports {top}")
            elif not PLACES[there].is_below(PLACES[here]) or DOORS.get(there, here) not in passed:
                found.append(f"{relative}:{line}: {here} imports {there}")
    return found


def test_nothing_imports_upward() -> None:
    assert faults(PACKAGE) == []


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {file.parent for file in PACKAGE.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


SOUND: Final = {
    "__init__.py": "from partialjson.calls import ToolCallAccumulator",
    "_engine.py": "import partialjson._machine.grammar",
    "_machine/__init__.py": "",
    "_machine/grammar.py": "from partialjson import errors, limits\nfrom .states import ROOT",
    "_machine/states.py": "",
    "calls/__init__.py": "from ..parser import Parser\nimport partialjson.wire",
    "errors.py": "import json",
    "limits.py": "from __future__ import annotations",
    "parser.py": "from partialjson._engine import Machine\nfrom partialjson._machine import states",
    "schema/__init__.py": "def validate():\n    import jsonschema",
    "wire/__init__.py": "from partialjson import errors",
}


def build(folder: Path, files: dict[str, str]) -> Path:
    for name, source in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, "utf-8")
    return folder


def test_a_sound_house_has_no_faults(tmp_path: Path) -> None:
    assert faults(build(tmp_path, SOUND)) == []


@pytest.mark.parametrize(
    ("name", "source", "fault"),
    [
        ("errors.py", "from partialjson.parser import Parser", "errors.py:1: errors imports parser"),
        ("errors.py", "def late():\n    import partialjson.calls", "errors.py:2: errors imports calls"),
        ("parser.py", "from .calls import Call", "parser.py:1: parser imports calls"),
        ("wire/__init__.py", "from .. import calls", "wire/__init__.py:1: wire imports calls"),
        ("wire/__init__.py", "from partialjson import MISSING", "wire/__init__.py:1: wire imports __init__"),
        ("wire/__init__.py", "import partialjson", "wire/__init__.py:1: wire imports __init__"),
        ("limits.py", "import partialjson.errors", "limits.py:1: limits imports errors"),
        ("schema/__init__.py", "import partialjson.wire", "schema/__init__.py:1: schema imports wire"),
        ("parser.py", "import partialjson._machine", "parser.py:1: parser imports _machine"),
        ("calls/__init__.py", "import pydantic", "calls/__init__.py:1: calls imports pydantic"),
        ("cellar.py", "", "cellar.py: has no place in the house"),
    ],
)
def test_a_turned_import_is_a_fault(tmp_path: Path, name: str, source: str, fault: str) -> None:
    assert faults(build(tmp_path, SOUND | {name: source})) == [fault]
