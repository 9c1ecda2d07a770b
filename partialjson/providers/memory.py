"""What a reader remembers, on the few wires where a payload means another thing after others.

A memory is plain JSON data, so that a stream can be left at any payload and gone on with elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import ClassVar

from partialjson.errors import CheckpointError


class Memory:
    """The base of such a reader. Its attributes named in ``kept`` are all that it knows."""

    kept: ClassVar[Mapping[str, Callable[[object], bool]]]
    """The attributes, and what their values may be."""

    def checkpoint(self) -> dict[str, object]:
        """What ``restore`` needs to go on from here, as plain JSON data."""
        return {name: deepcopy(getattr(self, name)) for name in self.kept}

    def restore(self, data: object) -> None:
        """Go on where ``checkpoint`` was taken. Raises ``CheckpointError``, and has then changed nothing."""
        if not isinstance(data, dict) or data.keys() != self.kept.keys():
            raise CheckpointError(f"not the memory of a {type(self).__module__.rpartition('.')[2]} stream")
        for name, may_be in self.kept.items():
            if not may_be(data[name]):
                raise CheckpointError(f"{name}: a {type(data[name]).__name__} that has no business there")
        for name in self.kept:
            setattr(self, name, deepcopy(data[name]))


def text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def flag(value: object) -> bool:
    return isinstance(value, bool)


def flag_or_none(value: object) -> bool:
    return value is None or isinstance(value, bool)
