"""What the errors say, and that it is safe to print and to send on."""

from __future__ import annotations

import copy
import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.dialects import STRICT
from partialjson.errors import (
    CheckpointError,
    InvalidArguments,
    LimitExceeded,
    PartialJSONError,
    SyntaxFault,
    pointer,
    quote,
)
from partialjson.parser import Parser

FAULT = SyntaxFault(7, 2, 3, ("a", 0), ("','", "']'"), ";")
ERRORS = (
    FAULT,
    LimitExceeded("depth", 128, 300, ("a", "b", 1)),
    LimitExceeded("text", 10, 10),
    InvalidArguments("call_1: 'city' is required", ["the event"]),
    CheckpointError("no checkpoint"),
)

paths = st.lists(st.text() | st.integers(0), max_size=3).map(tuple)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_is_ours_and_a_value_error(error: PartialJSONError) -> None:
    assert isinstance(error, PartialJSONError)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_can_be_copied_and_pickled(error: PartialJSONError) -> None:
    for twin in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)


def test_a_syntax_fault_is_one_readable_sentence() -> None:
    assert str(FAULT) == "expected ',' or ']', got ';' at line 2 column 3 (offset 7), at '/a/0'"
    assert FAULT.expected == {"','", "']'"}
    assert (
        str(SyntaxFault(0, 1, 1, (), (), "x"))
        == "expected nothing more, got 'x' at line 1 column 1 (offset 0)"
    )
    assert ", got the end of the input at" in str(SyntaxFault(0, 1, 1, (), ("a value",), ""))


def test_a_limit_says_its_name_its_value_and_the_place() -> None:
    assert [str(error) for error in ERRORS[1:3]] == [
        "limit 'depth' (128) exceeded at offset 300, at '/a/b/1'",
        "limit 'text' (10) exceeded at offset 10",
    ]


def test_invalid_arguments_hold_the_failures() -> None:
    assert ERRORS[3].failures == ("the event",)  # type: ignore[union-attr]
    assert str(ERRORS[3]) == "call_1: 'city' is required"


@given(found=st.characters(), path=paths)
def test_messages_are_short_printable_ascii(found: str, path: tuple[str | int, ...]) -> None:
    for error in (SyntaxFault(0, 1, 1, path, ("a value",), found), LimitExceeded("key", 1, 2, path)):
        message = str(error)
        assert message.isascii()
        assert message.isprintable()
        assert len(message) < 400


@given(st.text(st.characters()))
def test_quote_is_at_most_32_characters_of_the_text(text: str) -> None:
    quoted = quote(text)
    assert quoted.isascii()
    assert quoted.isprintable()
    if len(text) <= 32:
        assert quoted == ascii(text)
    else:
        assert quoted == ascii(text[:29]) + "..."


@pytest.mark.parametrize(
    ("path", "expected"),
    [((), ""), (("",), "/"), (("a/b", 0), "/a~1b/0"), (("m~n", "~1"), "/m~0n/~01"), (("é", "-"), "/é/-")],
)
def test_pointer_is_rfc_6901(path: tuple[str | int, ...], expected: str) -> None:
    assert pointer(path) == expected


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("x", 0, 1, 1),
        ("[1 x", 3, 1, 4),
        ("[\n1,\n x", 6, 3, 2),
        ("[\r\n\r\nx", 5, 3, 1),
        ("[\r\r x", 4, 1, 5),
        ("[\n\n\n\n]\n\n\n\n x", 11, 9, 2),
        ('["é😀", x', 7, 1, 8),
    ],
)
def test_lines_and_columns(text: str, offset: int, line: int, column: int) -> None:
    """Lines end with a line feed; columns, like offsets, count characters."""
    for fragments in ([text], list(text), [text.encode()], [bytes([byte]) for byte in text.encode()]):
        parser = Parser(STRICT)
        with suppress(SyntaxFault):
            for fragment in fragments:
                parser.feed(fragment)
        fault = parser.close().error
        assert isinstance(fault, SyntaxFault)
        assert (fault.offset, fault.line, fault.column) == (offset, line, column)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("x", ()),
        ("[x", (0,)),
        ("[1, x", (1,)),
        ("[1 x", ()),
        ('{"a": x', ("a",)),
        ('{"a": 1, x', ()),
        ('{"a": {"b": [1, {"c": "\t', ("a", "b", 1, "c")),
        ('{"a" x', ("a",)),
        ('{"a\t', ()),
    ],
)
def test_the_path_is_where_the_parser_stood(text: str, path: object) -> None:
    with pytest.raises(SyntaxFault) as fault:
        Parser(STRICT).feed(text)
    assert fault.value.path == path
