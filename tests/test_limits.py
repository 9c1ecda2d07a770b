"""The limits of a text: each by its name, at the first character too many, with all before it kept."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from partialjson.dialects import LENIENT, STRICT, Dialect
from partialjson.errors import LimitExceeded
from partialjson.limits import Limits
from partialjson.missing import MISSING
from tests.readings import read, said

if TYPE_CHECKING:
    from tests.twins import Twin

NAMES = tuple(field.name for field in fields(Limits))


def fragmentations(text: str) -> Iterator[list[str | bytes]]:
    yield [text]
    yield list(text)
    yield [text[i : i + 3] for i in range(0, len(text), 3)]
    data = text.encode()
    yield [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize("dialect", [STRICT, LENIENT], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(
    ("limits", "text", "offset", "path", "value"),
    [
        ({"depth": 0}, "[", 0, (), MISSING),
        ({"depth": 0}, " {", 1, (), MISSING),
        ({"depth": 2}, '[{"a": [', 7, (0, "a"), [{}]),
        ({"depth": 2}, "[[1], [[2]]]", 7, (1, 0), [[1], []]),
        ({"text": 0}, " ", 0, (), MISSING),
        ({"text": 5}, '["é😀xy', 5, (0,), ["é😀x"]),
        ({"text": 5}, "[1]   ", 5, (), [1]),
        ({"text": 7}, '{"a": 12}', 7, ("a",), {}),
        ({"nodes": 0}, "[]", 0, (), MISSING),
        ({"nodes": 0}, '"a', 0, (), MISSING),
        ({"nodes": 2}, "[1, 2, 3]", 4, (1,), [1]),
        ({"nodes": 2}, '{"a": "b", "c": "d', 16, ("c",), {"a": "b"}),
        ({"nodes": 2}, '[{"a": [', 7, (0, "a"), [{}]),
        ({"nodes": 1}, "[true", 1, (0,), []),
        ({"key": 0}, '{"": 1, "a": 2}', 9, (), {"": 1}),
        ({"key": 3}, '{"abc": 1, "abcd": 2}', 15, (), {"abc": 1}),
        ({"key": 3}, '{"ab\\u00e9\\u00e9"}', 5, (), {}),  # as if unescaped
        ({"key": 2}, '{"é😀x', 4, (), {}),
        ({"number": 3}, "[123, -123]", 9, (1,), [123]),
        ({"number": 3}, "[1e10]", 4, (0,), []),
        ({"number": 3}, "[1.55, ", 4, (0,), []),
        ({"number": 3}, "1234", 3, (), MISSING),
        ({"whitespace": 0}, "[1, 2]", 3, (1,), [1]),
        ({"whitespace": 2}, "[ \n 1]", 3, (0,), []),
        ({"whitespace": 2}, '{"a"\t\t:   1}', 9, ("a",), {}),
        ({"whitespace": 2}, '["   "]   ', 9, (), ["   "]),
        ({"whitespace": 2}, "   ", 2, (), MISSING),
    ],
)
def test_a_limit_is_met_at_the_first_character_too_many(
    engine: Twin,
    dialect: Dialect,
    limits: dict[str, int],
    text: str,
    offset: int,
    path: object,
    value: object,
) -> None:
    ((name, allowed),) = limits.items()
    for fragments in fragmentations(text):
        reading = read(engine, fragments, dialect, Limits(**limits))
        assert reading.error == ("LimitExceeded", name, allowed, offset, path), fragments
        assert (reading.value, reading.status) == (repr(value), "truncated")


@pytest.mark.parametrize("dialect", [STRICT, LENIENT], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"depth": 2}, '[{"a": 1}, [2]]'),
        ({"text": 3}, "[1]"),
        ({"nodes": 3}, "[1, 2]"),
        ({"key": 3}, '{"abc": "abcd"}'),
        ({"key": 1}, '{"\\u00e9": 1}'),
        ({"number": 3}, "[123, 1.5, 1e9, -12]"),
        ({"whitespace": 2}, '[  1,\n\n"    "  ]  '),
    ],
)
def test_what_is_just_within_a_limit_passes(
    engine: Twin, dialect: Dialect, limits: dict[str, int], text: str
) -> None:
    for fragments in fragmentations(text):
        reading = read(engine, fragments, dialect, Limits(**limits))
        assert (reading.status, reading.error) == ("complete", None)


@pytest.mark.parametrize(
    ("limits", "text", "offset", "value"),
    [
        ({"key": 3}, "{abcd: 1}", 4, {}),
        ({"key": 3}, "{'abcd': 1}", 5, {}),
        ({"number": 3}, "[0x1FF]", 4, []),
        ({"number": 3}, "[+1_000]", 4, []),
        ({"nodes": 2}, "[a, b]", 4, ["a"]),
        ({"nodes": 2}, "['a', 'b']", 6, ["a"]),
        ({"depth": 1}, "[(1)]", 1, []),
        ({"depth": 0}, "Sure: [1,", 6, MISSING),
        ({"whitespace": 3}, "```json\n    [1]", 10, MISSING),
    ],
)
def test_liberties_have_the_same_limits(
    engine: Twin, limits: dict[str, int], text: str, offset: int, value: object
) -> None:
    ((name, allowed),) = limits.items()
    for fragments in fragmentations(text):
        reading = read(engine, fragments, LENIENT, Limits(**limits))
        assert reading.error
        assert reading.error[:4] == ("LimitExceeded", name, allowed, offset), fragments
        assert (reading.value, reading.status) == (repr(value), "truncated")


@pytest.mark.parametrize(
    ("limits", "text", "value"),
    [
        ({"nodes": 0}, "12", MISSING),
        ({"nodes": 1}, "[12", []),
        ({"nodes": 1}, "[word", []),
        ({"number": 2}, "123", MISSING),
        ({"number": 3}, "[0x1F", []),
    ],
)
def test_a_limit_met_by_the_end_is_an_error_of_the_document(
    engine: Twin, limits: dict[str, int], text: str, value: object
) -> None:
    """What is known only at the end may be too much then; closing never raises."""
    ((name, allowed),) = limits.items()
    for fragments in fragmentations(text):
        parser = engine.parser.Parser(limits=Limits(**limits))
        with suppress(LimitExceeded):
            for fragment in fragments:
                parser.feed(fragment)
        document = parser.close()
        assert (repr(document.value), document.status) == (repr(value), "truncated")
        assert isinstance(document.error, LimitExceeded)
        assert (document.error.limit, document.error.allowed) == (name, allowed)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_repairs_and_notices_beyond_the_limit_are_counted(engine: Twin, kept: int) -> None:
    text = "{" + "'a': 1, " * 5 + "}"
    for fragments in fragmentations(text):
        parser = engine.parser.Parser(limits=Limits(repairs=kept))
        for fragment in fragments:
            parser.feed(fragment)
        document = parser.close()
        assert (document.value, document.status) == ({"a": 1}, "repaired")
        assert (len(document.repairs), document.repairs_beyond) == (kept, 6 - kept)
        assert (len(document.notices), document.notices_beyond) == (min(kept, 4), 4 - min(kept, 4))


def test_a_limit_stops_for_good(engine: Twin) -> None:
    parser = engine.parser.Parser(limits=Limits(depth=1))
    parser.edits()
    with pytest.raises(LimitExceeded) as first:
        parser.feed('["a", [')
    for chunk in ('"b"]', b"]", ""):
        with pytest.raises(LimitExceeded) as again:
            parser.feed(chunk)
        assert said(again.value) == said(first.value)
    assert (parser.value, parser.snapshot(), parser.status) == (["a"], ["a"], "truncated")
    assert parser.is_done((0,))
    assert len(parser.edits()) == 4


def test_one_document_of_many_does_not_count_against_the_next(engine: Twin) -> None:
    parser = engine.parser.Parser(STRICT, many=True, limits=Limits(depth=1, nodes=2))
    parser.feed("[1]\n[2]\n[3]\n")
    assert parser.values() == [[1], [2], [3]]


# -- the settings themselves ----------------------------------------------------------------------


def test_every_limit_has_a_default_and_a_reason() -> None:
    source = inspect.getsource(Limits)
    for name in NAMES:
        assert isinstance(getattr(Limits(), name), int)
        assert f"    {name}: int | None = " in source
    assert source.count('    """') >= len(NAMES)


def test_none_switches_every_limit_off() -> None:
    assert {getattr(Limits.none(), name) for name in NAMES} == {None}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("value", "error"), [(-1, ValueError), (1.5, TypeError), ("1", TypeError), (True, TypeError)]
)
def test_a_limit_is_a_natural_number_or_none(name: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=name):
        Limits(**{name: value})
    assert getattr(Limits(**{name: None}), name) is None
    assert getattr(Limits(**{name: 0}), name) == 0


def test_limits_are_a_frozen_value() -> None:
    limits = Limits(depth=3)
    for twin in (copy.copy(limits), copy.deepcopy(limits), pickle.loads(pickle.dumps(limits))):
        assert twin == limits
    assert hash(Limits(depth=3)) == hash(limits) != hash(Limits())
    with pytest.raises(AttributeError):
        limits.depth = 4  # type: ignore[misc]
