"""A tool's name, which some servers send in pieces, some again with every fragment, and some growing."""

from __future__ import annotations

from collections.abc import Collection


def joined_name(known: str, piece: str, tools: Collection[str], *, repeated_id: bool) -> str | None:
    """The name that a piece makes of the name so far; None where it can only be another name.

    The tools that there are decide what can be decided. A piece that came with the call's id again is a
    repetition rather than a continuation.
    """
    whole = piece in tools or piece.startswith(known)
    if known + piece in tools or not (whole or repeated_id):
        return known + piece
    return piece if whole else None


def is_final(name: str, tools: Collection[str]) -> bool:
    """Whether no tool has a longer name that this could be the beginning of, and one has this."""
    return [tool for tool in tools if tool.startswith(name)] == [name]
