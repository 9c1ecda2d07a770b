"""What is installed, and which machine runs: what a report of a fault should begin with."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version

from partialjson._engine import COMPILED, WHY_INTERPRETED

DISTRIBUTION = "partialjson-stream"

# Extras for those who work on the library itself.
_WORKSHOP = frozenset({"bench", "dev", "fuzz", "test"})
_REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+)[^;]*(?:;.*\bextra\s*==\s*["'](?P<extra>[\w-]+)["'])?""")


def own_version() -> str:
    """The version that was installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "(not installed)"


def information() -> Iterator[tuple[str, str]]:
    """Names and what there is to say of them."""
    yield "partialjson", own_version()
    yield "machine", "compiled" if COMPILED else f"interpreted: {WHY_INTERPRETED}"
    yield "python", f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    for name, extra in _requirements():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "not installed"
        yield name, found + (f" (extra {extra})" if extra else "")


def _requirements() -> Iterator[tuple[str, str | None]]:
    try:
        requirements = distribution(DISTRIBUTION).requires or ()
    except PackageNotFoundError:
        return
    for requirement in requirements:
        match = _REQUIREMENT.match(requirement)
        if match and match["extra"] not in _WORKSHOP:
            yield match["name"], match["extra"]
