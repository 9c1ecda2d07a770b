"""What the machine does to the tree, in four words, and what it forgave.

Replaying the edits from the first one rebuilds the tree, so that a view (a JSON Patch, a
subscription, a validator) needs to know nothing of the parser. Containers start empty
(``Put(path, {})``), strings start empty and grow, numbers, ``true``, ``false`` and ``null``
appear whole and never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from partialjson.errors import Path

Loss: TypeAlias = Literal["none", "form", "guess"]


@dataclass(frozen=True, slots=True)
class Put:
    """A value appears at ``path``: ``{}``, ``[]``, ``""``, a number, ``True``, ``False`` or ``None``."""

    path: Path
    value: object


@dataclass(frozen=True, slots=True)
class Grow:
    """The open string at ``path`` grows by ``text`` (never empty)."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The string, array or object at ``path`` is final."""

    path: Path


@dataclass(frozen=True, slots=True)
class Reset:
    """A repeated member name: the value at ``path`` is dropped and begins anew."""

    path: Path


Edit: TypeAlias = Put | Grow | Done | Reset


@dataclass(frozen=True, slots=True)
class Repair:
    """A liberty that was taken with the characters ``start`` to ``end`` of the decoded text.

    ``kind`` names the liberty (a row of the dialect's table). ``loss`` is ``"none"`` (nothing the
    model wrote changed meaning), ``"form"`` (the form was wrong, the meaning is plain) or
    ``"guess"`` (another reading was possible). The same record carries notices.
    """

    kind: str
    start: int
    end: int
    path: Path
    loss: Loss


def merged(edits: list[Edit]) -> list[Edit]:
    """The edits with neighbouring ``Grow``s of one path joined: equal however the text was cut."""
    result: list[Edit] = []
    texts: list[str] = []
    for edit in edits:
        last = result[-1] if result else None
        if isinstance(edit, Grow) and isinstance(last, Grow) and last.path == edit.path:
            texts.append(edit.text)
            continue
        if len(texts) > 1 and isinstance(last, Grow):
            result[-1] = Grow(last.path, "".join(texts))
        texts = [edit.text] if isinstance(edit, Grow) else []
        result.append(edit)
    if len(texts) > 1:
        result[-1] = Grow(result[-1].path, "".join(texts))
    return result
