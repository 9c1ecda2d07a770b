"""Whole characters: a server may cut its text between the halves of a surrogate pair.

The envelope of each fragment is JSON of its own, so one half arrives as ``"\\ud83d"`` and the other
with the next fragment. A half is held back until its other half comes, and is U+FFFD if it never does.
"""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_HIGH = re.compile("[\ud800-\udbff]$")


def join_halves(held: str, text: str) -> tuple[str, str]:
    """The text with ``held`` before it, able to be encoded, and the half to hold back (or ``""``)."""
    if not held and _SURROGATE.search(text) is None:
        return text, ""
    text = held + text
    held = text[-1] if _HIGH.search(text) else ""
    return repair_halves(text[: len(text) - len(held)]), held


def repair_halves(text: str) -> str:
    """The text with its surrogate pairs joined and single halves replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
