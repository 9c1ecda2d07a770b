"""One invariant per module."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast


class Target(Protocol):
    """What a target module has."""

    __name__: str
    SEEDS: str

    def check(self, data: bytes, /) -> None:
        """Raise, whatever it is, where the invariant does not hold for ``data``."""


NAMES: tuple[str, ...] = tuple(sorted(module.name for module in iter_modules(__path__)))
"""The targets there are."""


def load(name: str) -> Target:
    """The target with this name."""
    return cast("Target", import_module(f"{__name__}.{name}"))


def folder(target: Target) -> Path:
    """Where the seeds of the target are, one file each."""
    return Path(__file__).parent.parent / "seeds" / target.SEEDS


def seeds(target: Target, only: str = "") -> list[bytes]:
    """The seeds of the target whose names hold ``only``, in the order of their names."""
    return [path.read_bytes() for path in sorted(folder(target).iterdir()) if only in path.name]
