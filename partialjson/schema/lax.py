"""What pydantic accepts."""

from __future__ import annotations


def document(tool: object) -> None:
    return None
