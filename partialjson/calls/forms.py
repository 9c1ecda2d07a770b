"""Forms: how state is written down as plain JSON data, and read back from data that is not trusted.

A ``Form`` is two functions. What ``read`` gives is of the type that ``write`` takes, or it raises
``CheckpointError``; it never runs anything that the data names. A ``Record`` is a table: the attributes
of an object that are kept, and the form of each.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar

from partialjson.errors import CheckpointError

_LARGEST = 1 << 60
_DEEPEST = 64

Kept = TypeVar("Kept")


class Form(NamedTuple):
    """``write`` makes plain JSON data of a value, ``read`` a value of such data."""

    write: Callable[[Any], object]
    read: Callable[[object], Any]


def refuse(what: str) -> NoReturn:
    """Raise ``CheckpointError``: the data is not what a checkpoint has there."""
    raise CheckpointError(f"no checkpoint, or a damaged one: {what}")


def check(condition: object, what: str) -> None:
    """Raise ``CheckpointError`` unless the condition holds."""
    if not condition:
        refuse(what)


def _as_it_is(what: str, accepts: Callable[[object], bool]) -> Form:
    def read(data: object) -> object:
        check(accepts(data), f"expected {what}")
        return data

    return Form(lambda value: value, read)


def _is_number(data: object) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool) and -_LARGEST <= data <= _LARGEST


TEXT = _as_it_is("text", lambda data: isinstance(data, str))
FLAG = _as_it_is("true or false", lambda data: isinstance(data, bool))
INTEGER = _as_it_is("an integer", lambda data: type(data) is int)
COUNT = _as_it_is("a count", lambda data: type(data) is int and data >= 0)
NUMBER = _as_it_is("a number", _is_number)
PART = _as_it_is("an integer or a text", lambda data: isinstance(data, int | str))


def one_of(words: Iterable[str]) -> Form:
    """One of these words."""
    known = frozenset(words)
    return _as_it_is("one of the words there are", lambda data: isinstance(data, str) and data in known)


def maybe(form: Form) -> Form:
    """The same, or None."""
    return Form(
        lambda value: None if value is None else form.write(value),
        lambda data: None if data is None else form.read(data),
    )


def array(data: object, length: int | None = None) -> list[object]:
    """The data, if it is an array, and of this length."""
    if not isinstance(data, list) or length not in (None, len(data)):
        refuse("expected an array" if length is None else f"expected an array of {length}")
    return data


def object_of(data: object) -> dict[str, object]:
    """The data, if it is an object."""
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        refuse("expected an object")
    return data


def many(form: Form) -> Form:
    """A list."""
    return Form(
        lambda values: [form.write(value) for value in values],
        lambda data: [form.read(item) for item in array(data)],
    )


def fixed(*forms: Form) -> Form:
    """A tuple, each item with a form of its own."""
    return Form(
        lambda values: [form.write(value) for form, value in zip(forms, values, strict=True)],
        lambda data: tuple(
            form.read(item) for form, item in zip(forms, array(data, len(forms)), strict=True)
        ),
    )


def named(form: Form) -> Form:
    """A dictionary whose keys are texts."""
    return Form(
        lambda values: {name: form.write(value) for name, value in values.items()},
        lambda data: {name: form.read(item) for name, item in object_of(data).items()},
    )


def pairs(key: Form, form: Form) -> Form:
    """A dictionary with other keys than texts."""
    pair = fixed(key, form)
    return Form(
        lambda values: [pair.write(item) for item in values.items()],
        lambda data: dict(pair.read(item) for item in array(data)),
    )


def _read_path(data: object) -> tuple[str | int, ...]:
    steps = array(data)
    check(all(isinstance(step, str) or (type(step) is int and step >= 0) for step in steps), "path")
    return tuple(steps)  # type: ignore[arg-type]


PATH = Form(list, _read_path)


def _read_bytes(data: object) -> bytes:
    try:
        return str(TEXT.read(data)).encode("latin-1")
    except UnicodeEncodeError:
        refuse("expected bytes")


BYTES = Form(lambda value: value.decode("latin-1"), _read_bytes)


def _read_half(data: object) -> str:
    if data is None:
        return ""
    check(type(data) is int and 0xD800 <= data < 0xDC00, "half a character")
    return chr(data)  # type: ignore[arg-type]


HALF = Form(lambda half: ord(half) if half else None, _read_half)
"""The first half of a surrogate pair, or nothing: no text, because it cannot be encoded."""


def plain(value: object, depth: int = 0) -> object:
    """The value as plain JSON data. Bytes become Base64, as they are in all wires' JSON; what is nothing
    that JSON has, or stands deeper than 64 containers, becomes the name of its type."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, bytes | bytearray):
        return b64encode(value).decode()
    if depth < _DEEPEST:
        if isinstance(value, Mapping):
            return {str(plain(str(name))): plain(member, depth + 1) for name, member in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item, depth + 1) for item in value]
    return type(value).__name__


def _read_plain(data: object, depth: int = 0) -> object:
    if isinstance(data, dict) and depth <= _DEEPEST:
        return {name: _read_plain(item, depth + 1) for name, item in object_of(data).items()}
    if isinstance(data, list) and depth <= _DEEPEST:
        return [_read_plain(item, depth + 1) for item in data]
    finite = isinstance(data, float) and math.isfinite(data)
    check(data is None or isinstance(data, str | bool | int) or finite, "expected plain data")
    return data


PLAIN = Form(plain, _read_plain)


class Record(Generic[Kept]):
    """The attributes of an object that are kept."""

    def __init__(self, **forms: Form) -> None:
        self.forms: Mapping[str, Form] = forms

    def write(self, kept: Kept) -> dict[str, object]:
        """The object's state."""
        return {name: form.write(getattr(kept, name)) for name, form in self.forms.items()}

    def fill(self, kept: Kept, data: object) -> Kept:
        """Put an object into a state that was written; members that are not of this record may stand
        beside. Raises ``CheckpointError``, and leaves an object that is of no use."""
        found = object_of(data)
        for name, form in self.forms.items():
            check(name in found, name)
            try:
                setattr(kept, name, form.read(found[name]))
            except CheckpointError as fault:
                raise CheckpointError(f"{fault} ({name})") from None
        return kept
