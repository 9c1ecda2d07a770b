"""STRICT accepts and refuses what ``json.loads`` does, with the same value.

Exceptions:
- NaN, Infinity and -Infinity, which ``json.loads`` accepts and RFC 8259 section 6 does not have:
  refused.
- Half a surrogate pair as an escape: ``json.loads`` gives what cannot be encoded, STRICT U+FFFD
  and a notice (RFC 8259 section 8.2 leaves it open).
- Limits: ours are typed and switched off here; CPython's own (digits of an int, recursion) are
  not part of the grammar, so inputs that meet them are passed over.
"""

from __future__ import annotations

import json
import re

from partialjson.dialects import STRICT
from partialjson.errors import SyntaxFault
from partialjson.limits import Limits
from partialjson.parser import Parser

SEEDS = "texts"

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def check(data: bytes) -> None:
    """See the module."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        assert _strict(data) is None, "accepted what is not UTF-8"
        return
    try:
        expected = _loads(text)
    except RecursionError:
        return
    assert _strict(text) == expected, f"{_strict(text)} is not {expected}"
    assert _strict(data) == expected


def _strict(text: str | bytes) -> str | None:
    """``repr`` of the value, or None where the text is refused."""
    parser = Parser(STRICT, limits=Limits.none())
    try:
        parser.feed(text)
    except SyntaxFault:
        assert parser.close().status == "invalid"
        return None
    document = parser.close()
    assert document.status in {"complete", "invalid", "truncated"}, document.status
    assert document.repairs == ()
    return repr(document.value) if document.status == "complete" else None


def _loads(text: str) -> str | None:
    def refuse(constant: str) -> object:
        raise ValueError(constant)

    try:
        value = json.loads(text, parse_constant=refuse)
    except ValueError:
        return None
    return repr(_paired(value))


def _paired(value: object) -> object:
    if isinstance(value, str):
        return _HALF_PAIR.sub("\ufffd", value)
    if isinstance(value, list):
        return [_paired(item) for item in value]
    if isinstance(value, dict):
        return {_HALF_PAIR.sub("\ufffd", name): _paired(item) for name, item in value.items()}
    return value
