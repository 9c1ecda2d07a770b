"""The distribution: what is built with and without a C compiler, what a wheel holds, what it asks for."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

import pytest

from tests import scratch
from tests.test_floors import FURNISHED

COMPILED_FILES: Final = re.compile(r"_machine/.*\.(so|pyd|hash)$")


def wheel(folder: Path, **environment: str) -> tuple[str, list[str]]:
    """The name of the wheel that is built in ``folder``, and what of the package it holds."""
    shutil.rmtree(folder / "dist", ignore_errors=True)
    scratch.build(folder, "bdist_wheel", **environment)
    (built,) = (folder / "dist").iterdir()
    with zipfile.ZipFile(built) as archive:
        names = [name for name in archive.namelist() if name.startswith("partialjson/")]
    return built.name, names


def compiled_files(names: list[str]) -> list[str]:
    return [name for name in names if COMPILED_FILES.search(name)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return scratch.toy_project(tmp_path)


@pytest.mark.slow
def test_with_a_compiler_the_machine_is_compiled_and_its_files_stand_beside(project: Path) -> None:
    if not shutil.which("cc"):
        pytest.skip("no C compiler here")
    name, files = wheel(project)
    assert f"-cp3{sys.version_info.minor}-" in name
    modules = {file.stem for file in project.glob("partialjson/_machine/*.py")} - {"__init__"}
    stems = {Path(file).name.partition(".")[0] for file in compiled_files(files)}
    assert stems == {*modules, "compiled", "compiled__mypyc"}
    assert {f"partialjson/_machine/{module}.py" for module in modules} < set(files)


@pytest.mark.slow
def test_without_a_compiler_the_build_succeeds_and_holds_nothing_compiled(project: Path) -> None:
    wheel(project)  # what an earlier build left behind must not come in
    grammar = project / "partialjson/_machine/grammar.py"
    grammar.write_text(grammar.read_text("utf-8").replace("len(text)", "-1"), "utf-8")
    _, files = wheel(project, CC="/bin/false")
    assert compiled_files(files) == []
    assert "partialjson/_machine/grammar.py" in files


@pytest.mark.slow
def test_all_is_compiled_or_nothing(project: Path) -> None:
    """The library compiles, one of the modules that load it does not."""
    compiler = project / "cc"
    compiler.write_text('#!/bin/sh\ncase "$*" in *_machine/states.c*) exit 1 ;; esac\nexec cc "$@"\n')
    compiler.chmod(0o755)
    _, files = wheel(project, CC=str(compiler))
    assert compiled_files(files) == []


def test_pure_on_request(project: Path) -> None:
    name, files = wheel(project, PARTIALJSON_PURE="1")
    assert name.endswith("-py3-none-any.whl")
    assert compiled_files(files) == []


def test_pure_where_mypyc_cannot_be_had(project: Path) -> None:
    (project / "mypyc.py").write_text("raise ImportError('no mypyc here')")
    name, files = wheel(project)
    assert name.endswith("-py3-none-any.whl")
    assert compiled_files(files) == []


def test_pure_where_mypyc_refuses(project: Path) -> None:
    (project / "partialjson/_machine/grammar.py").write_text("class Machine:\n    feed: int = 'no number'\n")
    name, _ = wheel(project)
    assert name.endswith("-py3-none-any.whl")


@pytest.mark.slow
def test_a_pure_editable_install_turns_off_what_was_compiled_before(project: Path) -> None:
    scratch.build(project, "build_ext", "--inplace")
    report = ("-c", "import partialjson._engine as engine; print(engine.COMPILED)")
    compiled = scratch.python(project, *report).stdout
    scratch.build(project, "editable_wheel", PARTIALJSON_PURE="1")
    assert scratch.python(project, *report).stdout == "False\n", compiled


def test_the_wheel_holds_every_file_of_the_package(project: Path) -> None:
    shutil.rmtree(project / "partialjson")
    shutil.copytree(
        scratch.PACKAGE,
        project / "partialjson",
        ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.hash"),
    )
    _, files = wheel(project, PARTIALJSON_PURE="1")
    files_here = {
        file.relative_to(project).as_posix()
        for file in (project / "partialjson").rglob("*")
        if file.is_file()
    }
    assert set(files) == files_here
    assert "partialjson/py.typed" in files


@pytest.fixture
def requirements() -> list[str]:
    try:
        return distribution("partialjson-stream").requires or []
    except PackageNotFoundError:
        pytest.skip("partialjson-stream is not installed")


def test_all_that_is_imported_is_asked_for(requirements: list[str]) -> None:
    asked_for = {re.split(r"[^\w-]", requirement)[0].replace("-", "_") for requirement in requirements}
    assert set().union(*FURNISHED.values()) - asked_for == set()


def test_every_requirement_has_a_lower_bound(requirements: list[str]) -> None:
    assert [
        item for item in requirements if ">=" not in item and not item.startswith("partialjson-stream[")
    ] == []
