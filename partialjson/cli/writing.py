"""Writes a value back as JSON, with every number as it stood in the text."""

from __future__ import annotations

import json
from collections.abc import Iterator


class Literal(str):
    """A number by its digits: ``1.10`` stays ``1.10``, and ``1e400`` does not become infinite."""

    __slots__ = ()


def json_text(value: object) -> str:
    """The value as indented JSON (RFC 8259). NaN and the infinities, which JSON has not, become null."""
    return "".join(_pieces(value, "\n"))


def scalar(value: object) -> str:
    """Anything but a ``Literal`` on one line; where JSON has no word for it, in Python's."""
    return json.dumps(value, ensure_ascii=False)


def _pieces(value: object, line: str) -> Iterator[str]:
    """``line`` is a line break and the indentation behind it."""
    if isinstance(value, dict) and value:
        separator = "{"
        for name, member in value.items():
            yield f"{separator}{line}  {scalar(name)}: "
            yield from _pieces(member, line + "  ")
            separator = ","
        yield line + "}"
    elif isinstance(value, list) and value:
        separator = "["
        for element in value:
            yield f"{separator}{line}  "
            yield from _pieces(element, line + "  ")
            separator = ","
        yield line + "]"
    elif isinstance(value, Literal):
        yield str(value)
    elif isinstance(value, float):  # the dialect's NaN and infinities: all other numbers are literals
        yield "null"
    else:
        yield scalar(value)
