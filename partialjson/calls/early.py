"""Violations while the arguments are being written, where it is certain what is being written."""

from __future__ import annotations

from partialjson.edits import Edit, Put
from partialjson.schema import EarlyValidator, Violation


class EarlyWatch:
    """Watches one value, once it is an object or an array.

    A string may turn out to hold the arguments, and null to mean ``{}``: the policy decides that at
    the end, so before the end neither is a violation.
    """

    __slots__ = ("_silent", "_validator")

    def __init__(self, tool: object) -> None:
        self._validator = EarlyValidator(tool)
        self._silent: bool | None = None

    def feed(self, edits: list[Edit], *, offset: int | None = None) -> list[Violation]:
        """The violations that these edits make certain, at ``offset`` characters of the text."""
        if self._silent is None and edits:
            first = edits[0]
            self._silent = not (isinstance(first, Put) and isinstance(first.value, dict | list))
        return [] if self._silent else self._validator.feed(edits, offset)
