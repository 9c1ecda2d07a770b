"""What all tests share: how hard Hypothesis tries, and the machine under test."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.twins import Twin

# What Hypothesis remembers of failures is kept, but not in the working tree.
os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir(), "partialjson-hypothesis"))
)

EXAMPLES: Final = {"quick": 20, "dev": 100, "ci": 100, "thorough": 2_000}
"""Examples per property; the environment variable ``HYPOTHESIS_PROFILE`` names the one to use."""

for _profile, _examples in EXAMPLES.items():
    settings.register_profile(
        _profile,
        max_examples=_examples,
        deadline=None,  # slow is not wrong: the interpreted machine may share its core
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=False,  # each run looks elsewhere,
        print_blob=True,  # and says how to look there again
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))


@pytest.fixture(params=["compiled", "interpreted"], scope="session")
def engine(request: pytest.FixtureRequest) -> Twin:
    """Each of the two machines, with the parser over it."""
    from tests import twins

    if request.param == "interpreted":
        return twins.interpreted()
    if reason := twins.why_not_compiled():
        pytest.skip(f"no compiled machine: {reason}")
    return twins.compiled()
