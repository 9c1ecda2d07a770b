"""``docs/providers.md`` names all wires, text dialects and anomalies that there are, and no others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from partialjson.calls import SEVERITY
from partialjson.calls.judgement import INFERRED
from partialjson.providers import PROVIDERS, TEXT_DIALECTS
from tests.wires import table

PAGE: Final = Path(__file__).parents[1] / "docs" / "providers.md"
if not PAGE.exists():
    pytest.skip("the documents are not here", allow_module_level=True)
SECTIONS: Final = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.S | re.M))


def rows(section: str) -> list[list[str]]:
    """The cells of a section's tables, without the heads."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_every_wire_has_its_row() -> None:
    named = {name for row in rows("The wires") for name in re.findall(r"`([a-z-]+)`", row[0])}
    assert named == {provider.name for provider in PROVIDERS}


def test_every_text_dialect_has_its_row() -> None:
    found = {row[0].strip("`"): row[2] for row in rows("Calls in the text of local models")}
    assert set(found) == set(TEXT_DIALECTS)
    for name, form in found.items():
        if "`" in form:
            assert form.strip("`").replace("\\|", "|").startswith(TEXT_DIALECTS[name].begin)


def test_every_anomaly_has_its_row() -> None:
    found = {row[0].strip("`"): row[1] for row in rows("Anomalies")}
    assert found == {code: severity + "*" * (code in INFERRED) for code, severity in SEVERITY.items()}
    assert f"{['no', 'one', 'two', 'three', 'four', 'five'][len(INFERRED)]} warnings" in SECTIONS["Anomalies"]


def test_the_outcomes_of_habits_are_anomalies_that_there_are() -> None:
    for row in rows("Whose text it is"):
        for code in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row[1]):
            assert code in SEVERITY or code in {provider.name for provider in PROVIDERS}


def test_what_cannot_be_detected_is_tested() -> None:
    assert "tests/data/calls/battery.json" in SECTIONS["What cannot be detected"]
    assert any("undetectable" in row for row in table("calls/battery.json"))
