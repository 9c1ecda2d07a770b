"""json_repair's functions over ``LENIENT``: ``from partialjson.compat import json_repair``.

``loads``, ``load``, ``from_file`` and ``repair_json``, with the parameters of json_repair 0.64. What they
answer is the same for valid JSON and for most of what is broken. Where it is not, the reason is one
of these; ``tests/data/compat/json_repair.json`` has both answers for nearly 200 texts.

what is cut
    A name, literal or number that the end of the input cuts is left out, as is an escape: shown as
    text it would be another value at the next fragment. ``{"ok": tru`` is ``{}``, not ``{"ok": "tru"}``;
    ``{"a": [{"b`` is ``{"a": [{}]}``, not ``{"a": [["b"]]}``.
several values
    The first one counts. json_repair makes a list, but lets a value replace one that looks like it:
    ``{"a": 1}{"a": 2}`` is ``{"a": 1}``, not ``{"a": 2}``. ``Parser(many=True)`` reads them all.
values in prose
    What a ``<think>`` text quotes and a citation (``see [1]: {...}``) are no values.
no value
    A member without a value is left out: nobody wrote its ``""``. ``{"a": }`` is ``{}``, not ``{"a": ""}``.
    So is what stands without a colon in an object: ``{"a", "b"}`` is ``{}``, not ``["a", "b"]``.
no number
    What only begins as a number is text, whole: ``[12:30]`` is ``["12:30"]``, not ``[12, 30]``.
other spellings
    Back-ticks, guillemets and triple quotes are quotes; ``=>`` is a colon, and one may be missing before
    any value; names may have spaces and ``$``; ``0x1F`` is 31; ``undefined`` is ``null``, ``nULL`` is text;
    ``True`` and ``None`` may stand alone.
quotes in text
    A quote that cannot be the closing one is text, and so is its partner: ``[""Quoted""]`` is
    ``["\\"Quoted\\""]``, not ``["Quoted"]``.
a missing quote
    The text goes on to the next quote that fits: ``["a, "b"]`` is ``["a, \\"b"]``, not ``["a, ", "b"]``.
    json_repair looks back over the whole text; here what was shown is never taken back.
half a character
    An unpaired surrogate is U+FFFD, so that every answer can be encoded.

Every answer is the same however the input came (json_repair: ``stream_stable``), and what was done is
known exactly: ``partialjson.Parser`` has the ``status`` and the ``repairs`` with place, path and loss.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Final, TextIO, TypeAlias

from partialjson import parser
from partialjson.edits import Repair
from partialjson.errors import pointer, quote
from partialjson.missing import MISSING

__all__ = ["JSONReturnType", "from_file", "load", "loads", "repair_json"]

JSONReturnType: TypeAlias = dict[str, Any] | list[Any] | str | float | int | bool | None

_CHUNK: Final = 1024 * 1024
_WINDOW: Final = 10  # characters of context on either side, as in json_repair


def loads(
    json_str: str | bytes,
    skip_json_loads: bool = False,
    logging: bool = False,
    stream_stable: bool = False,
    strict: bool = False,
    schema: None = None,
    schema_repair_mode: str = "standard",
) -> Any:
    """The value of a text, or ``""`` where it holds none.

    ``logging`` asks for a pair: the value and the repairs, each as ``{"text": what was done and where,
    "context": the text around}``. ``skip_json_loads`` and ``stream_stable`` change nothing: valid JSON
    means the same without them, and every answer is stable.

    Raises ``TypeError`` for ``strict``, ``schema`` and ``schema_repair_mode``, which mean something to
    json_repair alone, and ``LimitExceeded`` (a ``ValueError``) for what is too large or too deep.
    """
    _refuse(strict, schema, schema_repair_mode)
    if logging:
        return _read([json_str if isinstance(json_str, str) else str(json_str, "utf-8", "replace")], True)
    return _shown(parser.loads(json_str))


def load(
    fd: TextIO,
    skip_json_loads: bool = False,
    logging: bool = False,
    chunk_length: int = 0,
    strict: bool = False,
    schema: None = None,
    schema_repair_mode: str = "standard",
) -> Any:
    """``loads`` for an open text file, which is read ``chunk_length`` characters at a time (0: 1 Mi)."""
    _refuse(strict, schema, schema_repair_mode)
    return _read(_chunks(fd, chunk_length or _CHUNK), logging)


def from_file(
    filename: str | PathLike[str],
    skip_json_loads: bool = False,
    logging: bool = False,
    chunk_length: int = 0,
    strict: bool = False,
    schema: None = None,
    schema_repair_mode: str = "standard",
) -> Any:
    """``load`` for a file by its name; it is read as UTF-8 (RFC 8259 section 8.1)."""
    with Path(filename).open(encoding="utf-8", errors="replace", newline="") as fd:
        return load(fd, skip_json_loads, logging, chunk_length, strict, schema, schema_repair_mode)


def repair_json(
    json_str: str | bytes = "",
    return_objects: bool = False,
    skip_json_loads: bool = False,
    logging: bool = False,
    json_fd: TextIO | None = None,
    chunk_length: int = 0,
    stream_stable: bool = False,
    strict: bool = False,
    schema: None = None,
    schema_repair_mode: str = "standard",
    **json_dumps_args: Any,
) -> Any:
    """``loads``, or ``load`` where ``json_fd`` is given, and the value as JSON: ``""`` where there is none.

    With ``return_objects`` or ``logging`` it is what those functions answer. ``json_dumps_args`` are
    for ``json.dumps``.
    """
    options = (strict, schema, schema_repair_mode)
    if json_fd is None:
        answer = loads(json_str, skip_json_loads, logging, stream_stable, *options)
    else:
        answer = load(json_fd, skip_json_loads, logging, chunk_length, *options)
    if return_objects or logging:
        return answer
    return "" if answer == "" else json.dumps(answer, **json_dumps_args)


def _refuse(strict: bool, schema: object, schema_repair_mode: str) -> None:
    if strict:
        raise TypeError('strict is json_repair\'s own; narrow the dialect: LENIENT.only("none", "form")')
    if schema is not None or schema_repair_mode != "standard":
        raise TypeError("schema is json_repair's own; check the value with partialjson.schema")


def _chunks(file: TextIO, length: int) -> Iterator[str]:
    while chunk := file.read(length):
        yield chunk


def _read(chunks: Iterable[str], logging: bool) -> Any:
    reader = parser.Parser()
    kept = []
    for chunk in chunks:
        reader.feed(chunk)
        if logging:
            kept.append(chunk)
    document = reader.close()
    value = _shown(document.value)
    if not logging:
        return value
    text = "".join(kept)
    return value, [_entry(repair, text) for repair in document.repairs]


def _shown(value: object) -> Any:
    return "" if value is MISSING else value


def _entry(repair: Repair, text: str) -> dict[str, str]:
    return {
        "text": f"{repair.kind} ({repair.loss}) at {repair.start}, in {quote(pointer(repair.path))}",
        "context": text[max(repair.start - _WINDOW, 0) : repair.end + _WINDOW],
    }
