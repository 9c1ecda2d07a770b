"""What is installed."""

from __future__ import annotations

from importlib import metadata
from types import SimpleNamespace

import pytest

from partialjson import COMPILED
from partialjson.cli import information

REQUIREMENTS = [
    "pydantic>=2.8",
    'click>=8.1; extra == "cli"',
    'no-such-package>=1; python_version < "4" and extra == "fast"',
    'pytest>=8.2; extra == "test"',
]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(requires=REQUIREMENTS)
    monkeypatch.setattr(information, "distribution", lambda name: found)


@pytest.mark.usefixtures("installed")
def test_what_is_needed_and_what_is_optional() -> None:
    told = dict(information.information())
    assert told["pydantic"] == metadata.version("pydantic")
    assert told["click"] == f"{metadata.version('click')} (extra cli)"
    assert told["no-such-package"] == "not installed (extra fast)"
    assert "pytest" not in told


def test_which_machine_runs() -> None:
    told = dict(information.information())
    assert told["machine"].startswith("compiled" if COMPILED else "interpreted: ")


def test_the_version_is_the_distributions() -> None:
    try:
        expected = metadata.version("partialjson-stream")
    except metadata.PackageNotFoundError:
        expected = "(not installed)"
    assert information.own_version() == expected
