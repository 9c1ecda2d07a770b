"""What all tests share: how hard Hypothesis tries, and the machine under test."""

from __future__ import annotations

import math
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

if TYPE_CHECKING:
    from tests.twins import Twin

# What Hypothesis remembers of failures is kept, but not in the working tree.
os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir(), "partialjson-hypothesis"))
)

EXAMPLES: Final = {"quick": 20, "dev": 100, "ci": 100, "thorough": 2_000}
"""Examples per property; the environment variable ``HYPOTHESIS_PROFILE`` names the one to use."""
PROMISED: Final = 2_000
"""Examples in CI for each promise about the parser, shared among its properties and the two machines."""
PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev")

for _profile, _examples in EXAMPLES.items():
    settings.register_profile(
        _profile,
        max_examples=_examples,
        deadline=None,  # slow is not wrong: the interpreted machine may share its core
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=_profile == "ci",  # CI judges the change alone; the others look elsewhere each time,
        print_blob=True,  # and say how to look there again
    )
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Give each promise about the parser its examples."""
    if PROFILE != "ci":
        return
    promises: dict[str, list[pytest.Function]] = defaultdict(list)
    for item in items:
        promise = re.match(r"test_promise_(0\d|10|17|18|20)", item.name)
        if promise and isinstance(item, pytest.Function) and is_hypothesis_test(item.function):
            promises[promise[0]].append(item)
    for properties in promises.values():
        examples = max(EXAMPLES[PROFILE], math.ceil(PROMISED / len(properties)))
        for function in {item.function for item in properties}:
            settings(max_examples=examples)(function)


@pytest.fixture(params=["compiled", "interpreted"], scope="session")
def engine(request: pytest.FixtureRequest) -> Twin:
    """Each of the two machines, with the parser over it."""
    from tests import twins

    if request.param == "interpreted":
        return twins.interpreted()
    if reason := twins.why_not_compiled():
        pytest.skip(f"no compiled machine: {reason}")
    return twins.compiled()
