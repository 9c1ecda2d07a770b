"""json_repair's functions over our parser, against recorded answers and, where it is there, json_repair."""

from __future__ import annotations

import inspect
import io
import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.compat import json_repair as ours
from partialjson.errors import LimitExceeded
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.testing import broken_texts, json_texts

CASES: Final[dict[str, list[dict[str, Any]]]] = json.loads(
    (Path(__file__).parent / "data" / "compat" / "json_repair.json").read_text("utf-8")
)
"""Texts by subject; where json_repair answers otherwise, what it answers, and ``why``."""

ROWS: Final = [case for cases in CASES.values() for case in cases]
DIFFERENT: Final = [case for case in ROWS if "why" in case]
DOCUMENTATION: Final = inspect.getdoc(ours) or ""


def value_of(text: str) -> Any:
    """The slow way: the parser's own answer."""
    parser = Parser()
    for character in text:
        parser.feed(character)
    value = parser.close().value
    return "" if value is MISSING else value


@pytest.mark.parametrize("case", ROWS, ids=lambda case: repr(case["text"]))
def test_the_value(case: dict[str, Any]) -> None:
    assert repr(ours.loads(case["text"])) == repr(case["value"])


def test_there_are_enough_cases_of_each_kind() -> None:
    assert len({case["text"] for case in ROWS}) == len(ROWS) > 150
    assert sum("why" not in case for case in ROWS) > 100
    assert min(map(len, CASES.values())) >= 3


def test_every_difference_has_a_reason_that_is_documented() -> None:
    reasons = re.findall(r"^([a-z ]+)\n    \S", DOCUMENTATION, re.MULTILINE)
    assert {case["why"] for case in DIFFERENT} == set(reasons)
    for case in ROWS:
        assert ("json_repair" in case) == ("why" in case)
        assert repr(case.get("json_repair")) != repr(case["value"]) or "why" not in case


def test_the_examples_of_the_documentation() -> None:
    recorded = {case["text"]: case for case in DIFFERENT}
    examples = re.findall(r"``(\S[^`]*)`` is\s+``([^`]+)``, not ``([^`]+)``", DOCUMENTATION)
    assert len(examples) == 8
    for text, mine, theirs in examples:
        assert ours.loads(text) == json.loads(mine) == recorded[text]["value"]
        assert json.loads(theirs) == recorded[text]["json_repair"]


# -- json_repair itself -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def original() -> Any:
    module = pytest.importorskip("json_repair")
    version = metadata.version("json_repair")
    if not version.startswith("0.64."):
        pytest.skip(f"the answers were recorded with json_repair 0.64, not {version}")
    return module


def test_the_recorded_answers_are_json_repairs(original: Any) -> None:
    for case in ROWS:
        assert repr(original.loads(case["text"])) == repr(case.get("json_repair", case["value"])), case


@pytest.mark.parametrize("name", ["loads", "load", "from_file", "repair_json"])
def test_the_parameters_are_json_repairs(original: Any, name: str) -> None:
    def parameters(function: Any) -> list[tuple[str, Any]]:
        return [
            (parameter.name, parameter.default)
            for parameter in inspect.signature(function).parameters.values()
        ]

    assert parameters(getattr(ours, name)) == parameters(getattr(original, name))
    assert set(ours.__all__) == set(original.__all__)


# -- the functions agree ------------------------------------------------------------------------


@given(json_texts(repeated_names=True))
def test_valid_texts_are_read_as_by_json(text: str) -> None:
    assert repr(ours.loads(text)) == repr(json.loads(text))
    assert ours.loads(text, logging=True)[1] == []


@given(broken_texts(), st.integers(0, 9))
def test_all_functions_read_the_same(text: str, chunk_length: int) -> None:
    value = repr(value_of(text))
    assert repr(ours.loads(text)) == value
    assert repr(ours.loads(text, True, stream_stable=True)) == value
    assert repr(ours.loads(text.encode())) == value
    assert repr(ours.load(io.StringIO(text), chunk_length=chunk_length)) == value
    assert repr(ours.repair_json(text, return_objects=True)) == value
    assert repr(ours.repair_json(return_objects=True, json_fd=io.StringIO(text))) == value
    together, log = ours.repair_json(text, logging=True)
    assert repr(together) == value
    assert ours.load(io.StringIO(text), logging=True, chunk_length=chunk_length)[1] == log


@given(broken_texts())
def test_repaired_text_is_the_value_as_json(text: str) -> None:
    value = value_of(text)
    assert ours.repair_json(text) == ("" if value == "" else json.dumps(value))
    assert ours.repair_json(json_fd=io.StringIO(text)) == ours.repair_json(text)


def test_arguments_for_json_dumps() -> None:
    assert (
        ours.repair_json("{b: '\u20ac', a: 1", ensure_ascii=False, sort_keys=True)
        == '{"a": 1, "b": "\u20ac"}'
    )
    assert ours.repair_json() == ""


def test_a_file_is_read_as_utf8(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_bytes('{"name": "Zo\u00eb\r\n", "cut": "'.encode() + b"\xe2\x82")
    assert ours.from_file(file) == ours.from_file(str(file), chunk_length=1)
    assert ours.from_file(file) == {"name": "Zo\u00eb\r\n", "cut": "\ufffd"}


def test_the_log_says_what_and_where() -> None:
    value, log = ours.loads('{"a": [1, {"text": \'x\'}]}', logging=True)
    assert value == {"a": [1, {"text": "x"}]}
    assert log == [
        {"text": "quotes (none) at 19, in '/a/1/text'", "context": " {\"text\": 'x'}]}"},
    ]
    assert ours.loads("{a: 1, b: 2222222222}", logging=True)[1][0]["context"] == "{a: 1, b: 22"
    assert ours.loads(b"[1,]", logging=True) == ours.loads("[1,]", logging=True)


@pytest.mark.parametrize(
    "options",
    [{"strict": True}, {"schema": {}}, {"schema": False}, {"schema_repair_mode": "salvage"}],
    ids=repr,
)
def test_what_is_not_supported_says_so(options: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text("[]")
    for read in (
        lambda: ours.loads("[]", **options),
        lambda: ours.repair_json("[]", **options),
        lambda: ours.load(io.StringIO("[]"), **options),
        lambda: ours.from_file(tmp_path / "file.json", **options),
    ):
        with pytest.raises(TypeError, match="json_repair's own"):
            read()


def test_what_is_too_deep_is_a_value_error_as_there() -> None:
    for logging in (False, True):
        with pytest.raises(LimitExceeded, match="depth"):
            ours.loads("[" * 200, logging=logging)
    assert issubclass(LimitExceeded, ValueError)
