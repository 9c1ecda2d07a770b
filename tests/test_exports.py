"""The public names: all of them, each from one place, and what ``import partialjson`` loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import partialjson

PUBLIC: Final = {
    "Parser", "loads", "Document", "Dialect", "STRICT", "JSON5", "LENIENT", "Limits", "MISSING",
    "Put", "Grow", "Done", "Reset", "Repair",
    "ToolCallAccumulator", "Fragment", "Policy", "Report",
    "CallStarted", "CallAdvanced", "CallReset", "CallFinished", "CallFailed", "EarlyViolation", "Anomaly",
    "TextAdvanced", "ReasoningAdvanced", "OutputAdvanced", "OutputFinished", "OutputFailed", "TurnFinished",
    "iter_events", "aiter_events",
    "PartialJSONError", "SyntaxFault", "LimitExceeded", "InvalidArguments", "CheckpointError",
    "COMPILED",
}  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert set(vars(partialjson)["__all__"]) == PUBLIC
    assert set(dir(partialjson)) >= PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_is_there_and_where_its_module_says(name: str) -> None:
    value = getattr(partialjson, name)
    home = getattr(value, "__module__", "")
    assert home.startswith("partialjson.") or not callable(value)
    assert vars(partialjson)[name] is value, "the second look is a plain attribute"


def test_a_type_checker_sees_the_same_names_from_the_same_places() -> None:
    source = Path(partialjson.__file__).read_text("utf-8")
    branch = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    seen = {
        alias.name: statement.module
        for statement in branch.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert seen == {name: f"partialjson.{home}" for name, home in vars(partialjson)["_HOMES"].items()}


def test_what_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Praser'"):
        getattr(partialjson, "Praser")  # noqa: B009
    with pytest.raises(ImportError):
        exec("from partialjson import Praser")


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter loads for ``statement``, beyond those it starts with."""
    code = f"import sys; before = set(sys.modules); {statement}; print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def foreign(modules: set[str]) -> set[str]:
    return {
        top
        for name in modules
        if (top := name.partition(".")[0]) not in {*sys.stdlib_module_names, "partialjson"}
    }


def test_the_import_loads_nothing_but_itself() -> None:
    assert {name for name in loaded_by("import partialjson") if name.startswith("partialjson")} == {
        "partialjson"
    }


def test_all_names_together_need_the_standard_library_alone() -> None:
    assert foreign(loaded_by("from partialjson import *")) == set()


def test_a_parser_loads_neither_calls_nor_the_byte_stair() -> None:
    loaded = loaded_by("from partialjson import Parser; Parser().feed('[1')")
    assert "partialjson.parser" in loaded
    assert (
        loaded & {f"partialjson.{room}" for room in ("calls", "fragment", "providers", "schema", "wire")}
        == set()
    )
