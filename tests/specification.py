"""RFC 8259 as slow functions over ``json.loads``: what STRICT must say, to be checked by reading."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from partialjson.missing import MISSING

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")
_OPEN_NUMBER: Final = re.compile(r"(-?[0-9][-+.eE0-9]*|-)\Z")
# Behind whole escapes: half a pair, if there is one, and an escape that has just begun.
_OPEN_ESCAPE: Final = re.compile(
    r"(?<!\\)((?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}|[\ud800-\udbff])?(?:\\(?:u[0-9a-fA-F]{0,3})?)?\Z"
)


def loads(text: str) -> Any:
    """``json.loads`` without what RFC 8259 does not have, every half of a surrogate pair as U+FFFD.

    Raises ``ValueError``.
    """
    return paired(json.loads(text, parse_constant=_refuse, object_pairs_hook=_joined))


def _joined(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Names that become the same are one name, and the last value wins."""
    return {paired(name): value for name, value in members}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def paired(value: Any) -> Any:
    """The value without halves of surrogate pairs."""
    if isinstance(value, str):
        return _HALF_PAIR.sub("\ufffd", value)
    if isinstance(value, list):
        return [paired(item) for item in value]
    if isinstance(value, dict):
        return {paired(name): paired(item) for name, item in value.items()}
    return value


def is_valid(text: str) -> bool:
    """Whether RFC 8259 has the text."""
    try:
        loads(text)
    except ValueError:
        return False
    return True


def still_open(text: str) -> tuple[bool, str]:
    """Whether a string is open at the end of the text, and the brackets that close the rest."""
    in_string = escaped = False
    closers = ""
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "{[":
            closers = ("}" if character == "{" else "]") + closers
        elif character in "}]":
            closers = closers[1:]
    return in_string, closers


def shown(prefix: str) -> Any:
    """What is known of the value once ``prefix`` of a valid text was read.

    It is the longest beginning of it that a quote and brackets can close. What a number is will be
    known behind it, and what an escape is with its last character; half a pair waits for the other.
    """
    in_string, _ = still_open(prefix)
    prefix = _OPEN_ESCAPE.sub(r"\1", prefix) if in_string else _OPEN_NUMBER.sub("", prefix)
    for length in range(len(prefix), -1, -1):
        in_string, closers = still_open(prefix[:length])
        closed = prefix[:length] + '"' * in_string + closers
        if is_valid(closed):
            return loads(closed)
    return MISSING


_IN_STRING: Final = tuple(
    escape + '"' + member for escape in ("", "n", "0", "00", "000", "0000") for member in ("", ":0")
)
_ELSEWHERE: Final = ("", "0", ":0", '"":0', *("rue", "ue", "e", "alse", "lse", "se", "ull", "ll", "l"))


def is_prefix(text: str) -> bool:
    """Whether some continuation makes the text valid; if one does, one of these and the brackets do."""
    in_string, closers = still_open(text)
    return any(is_valid(text + end + closers) for end in (_IN_STRING if in_string else _ELSEWHERE))


def refused_at(text: str) -> int | None:
    """The offset of the first character that no valid text has there, or None."""
    return next((end for end in range(len(text)) if not is_prefix(text[: end + 1])), None)
