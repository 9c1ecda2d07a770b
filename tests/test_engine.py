"""``_engine.py``: what was compiled runs where it is what the Python files say; elsewhere these run."""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

import pytest

from tests import scratch, twins

REPORT = """
import partialjson._engine as engine, partialjson._machine.grammar as grammar
print(engine.COMPILED, grammar.__file__.endswith(".py"), engine.Machine().feed("abc"), engine.WHY_INTERPRETED)
"""


class Run(NamedTuple):
    compiled: str
    python_file: str
    result: str
    reason: str
    warned: str


def run(folder: Path, **environment: str) -> Run:
    done = scratch.python(folder, "-c", REPORT, **environment)
    assert done.returncode == 0, done.stderr
    compiled, python_file, result, reason = done.stdout.strip().split(" ", 3)
    return Run(compiled, python_file, result, reason, done.stderr)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy project, compiled where its sources stand, as an editable install does."""
    folder = scratch.toy_project(tmp_path_factory.mktemp("built"))
    said = scratch.build(folder, "build_ext", "--inplace")
    if not list(folder.glob("partialjson/_machine/*.hash")):
        pytest.skip(f"no compiler: {said}")
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return shutil.copytree(built, tmp_path / "project", symlinks=True)


def test_what_was_compiled_runs_compiled(project: Path) -> None:
    assert run(project) == ("True", "False", "3", "None", "")


@pytest.mark.parametrize(("value", "pure"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_the_environment_can_ask_for_the_python_files(project: Path, value: str, pure: bool) -> None:
    wanted = (
        ("False", "True", "3", "PARTIALJSON_PURE is set", "") if pure else ("True", "False", "3", "None", "")
    )
    assert run(project, PARTIALJSON_PURE=value) == wanted


def test_an_edited_source_runs_at_once_and_says_so_once(project: Path) -> None:
    grammar = project / "partialjson/_machine/grammar.py"
    grammar.write_text(grammar.read_text("utf-8").replace("len(text)", "-1"), "utf-8")
    edited = run(project)
    assert edited[:4] == ("False", "True", "-1", "grammar.py was edited after it was compiled")
    assert edited.warned.count("RuntimeWarning: partialjson runs interpreted: grammar.py was edited") == 1


def test_any_edited_source_turns_all_compiled_ones_off(project: Path) -> None:
    with (project / "partialjson/_machine/liberties.py").open("a") as liberties:
        liberties.write("# a comment\n")
    assert run(project)[:4] == ("False", "True", "3", "liberties.py was edited after it was compiled")


def test_an_edit_that_was_compiled_runs_compiled(project: Path) -> None:
    grammar = project / "partialjson/_machine/grammar.py"
    grammar.write_text(grammar.read_text("utf-8").replace("len(text)", "len(text) + 1"), "utf-8")
    scratch.build(project, "build_ext", "--inplace")
    assert run(project) == ("True", "False", "4", "None", "")


def test_times_mean_nothing(project: Path) -> None:
    for file in project.glob("partialjson/_machine/*"):
        os.utime(file, (0, 0) if file.suffix == ".so" else None)
    assert run(project).compiled == "True"


def test_extensions_without_hashes_do_not_run(project: Path) -> None:
    for stamp in project.glob("partialjson/_machine/*.hash"):
        stamp.unlink()
    assert run(project) == ("False", "True", "3", "nothing was compiled", "")


def test_hashes_without_extensions_are_no_compiled_machine(project: Path) -> None:
    for extension in project.glob(f"partialjson/_machine/*{EXTENSION_SUFFIXES[0]}"):
        extension.unlink()
    assert run(project) == ("False", "True", "3", "the extensions are missing", "")


def test_the_twins_are_what_they_say() -> None:
    assert isinstance(twins.interpreted().machine.Machine.feed, FunctionType)
    if not twins.why_not_compiled():
        assert not isinstance(twins.compiled().machine.Machine.feed, FunctionType)
        assert not isinstance(twins.compiled().machine.Forgiving.feed, FunctionType)


def test_importing_the_twin_leaves_the_package_as_it_was() -> None:
    import partialjson._engine
    import partialjson.parser

    before = (partialjson._engine, partialjson.parser, sys.modules["partialjson._machine.grammar"])
    twins.interpreted.cache_clear()
    twin = twins.interpreted()
    assert (partialjson._engine, partialjson.parser, sys.modules["partialjson._machine.grammar"]) == before
    assert sys.modules["partialjson.parser"] is partialjson.parser
    assert twin.parser.loads("[1") == [1] or twins.why_not_compiled()


def test_what_a_twin_pickles_it_gets_back() -> None:
    for twin in (twins.interpreted(), *([] if twins.why_not_compiled() else [twins.compiled()])):
        parser = twin.parser.Parser()
        parser.feed("[1, 2")
        assert type(pickle.loads(pickle.dumps(parser))) is twin.parser.Parser
