"""The machine behind the parser: the grammar of RFC 8259 whole, nothing quadratic, both engines alike."""

from __future__ import annotations

import faulthandler
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partialjson._engine import states
from partialjson.dialects import LENIENT, STRICT, Dialect
from partialjson.errors import LimitExceeded, SyntaxFault
from partialjson.limits import Limits
from partialjson.missing import MISSING
from tests import specification
from tests.readings import read, said

if TYPE_CHECKING:
    from tests.twins import Twin

RFC: Final = Path(__file__).parent / "data" / "rfc8259"

# -- the grammar, production by production --------------------------------------------------------


def productions(kind: str) -> list[Any]:
    return [
        pytest.param(
            *((case, None) if kind == "cut" else case),
            id=f"{production['production'].split(' =')[0]:.20}: {case!a}",
        )
        for production in json.loads((RFC / "grammar.json").read_text("utf-8"))
        for case in production[kind]
    ]


def three_ways(text: str) -> Iterator[list[str | bytes]]:
    yield [text]
    yield list(text)
    data = text.encode("utf-8", "surrogatepass")
    yield [data[i : i + 1] for i in range(len(data))]
    for size in (2, 3):
        yield [text[i : i + size] for i in range(0, len(text), size)]


@pytest.mark.parametrize(("text", "value"), productions("valid"))
def test_valid(engine: Twin, text: str, value: object) -> None:
    for fragments in three_ways(text):
        reading = read(engine, fragments, STRICT)
        assert (reading.value, reading.status, reading.error) == (repr(value), "complete", None)
    assert read(engine, [text, " \n"], STRICT).status == "complete"
    assert read(engine, [text, " x"], STRICT).error is not None


@pytest.mark.parametrize(("text", "offset"), productions("invalid"))
def test_invalid(engine: Twin, text: str, offset: int) -> None:
    first = read(engine, [text], STRICT)
    assert first.status == "invalid"
    assert first.error
    assert first.error[:2] == ("SyntaxFault", offset)
    for fragments in three_ways(text):
        assert read(engine, fragments, STRICT) == first
    assert read(engine, [text, "]}"], STRICT) == first
    assert read(engine, [text[:offset]], STRICT).status != "invalid"


@pytest.mark.parametrize(("text", "_"), productions("cut"))
def test_cut(engine: Twin, text: str, _: None) -> None:
    for fragments in three_ways(text):
        reading = read(engine, fragments, STRICT)
        assert (reading.status, reading.error) == ("truncated", None)
    assert specification.is_prefix(text)


# -- what the grammar leaves open -----------------------------------------------------------------


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param(choice, id=f"{choice['section']} {choice['question']:.50}")
        for choice in json.loads((RFC / "choices.json").read_text("utf-8"))
    ],
)
def test_choice(engine: Twin, choice: dict[str, Any]) -> None:
    given = choice.get("input", [])
    text = given if isinstance(given, str) else "".join(piece * count for piece, count in given)
    data = bytes.fromhex(choice.get("hex", "")) or text
    size = 1 if len(data) < 100 else 997
    for fragments in ([data], [data[i : i + size] for i in range(0, len(data), size)]):
        parser = engine.parser.Parser(STRICT)
        error = None
        for fragment in fragments:
            try:
                parser.feed(fragment)
            except (SyntaxFault, LimitExceeded) as fault:
                error = fault
                break
        document = parser.close()
        assert document.error is error
        assert document.status == choice["status"]
        assert [
            [note.kind, note.start, note.end, list(note.path)] for note in document.notices
        ] == choice.get("notices", [])
        assert getattr(error, "limit", None) == choice.get("limit")
        assert getattr(error, "offset", None) == choice.get("offset")
        if "depth" in choice:
            assert repr(document.value).count("[") == choice["depth"]
        elif "length" in choice:
            assert len(document.value) == choice["length"]
        else:
            assert repr(document.value) == (choice.get("python") or repr(choice.get("value", MISSING)))


# -- every short text -----------------------------------------------------------------------------

SYMBOLS: Final = ("{", "}", "[", "]", ",", ":", '"', "\\", "-", "0", "1", ".", "e", "t", "true", " ", "\n")
LENGTH: Final = int(os.environ.get("PARTIALJSON_EXHAUSTIVE", "5" if "CI" in os.environ else "4"))
"""How many symbols the texts have at most. There are 1.4 million of 5: half a minute, compiled."""


@pytest.mark.slow
@pytest.mark.parametrize("length", range(LENGTH + 1))
def test_every_short_text_is_read_as_the_standard_library_does(engine: Twin, length: int) -> None:
    if length > 4 and engine.name == "interpreted":
        pytest.skip("it would take minutes, and the compiled machine is the same file")
    parsers = engine.parser.Parser
    for symbols in product(SYMBOLS, repeat=length):
        text = "".join(symbols)
        try:
            expected = repr(specification.loads(text))
        except ValueError:
            expected = None
        for fragments in ((text,), text):
            parser = parsers(STRICT)
            try:
                for fragment in fragments:
                    parser.feed(fragment)
            except SyntaxFault:
                assert expected is None, text
                continue
            document = parser.close()
            assert (repr(document.value) if document.status == "complete" else None) == expected, text


@pytest.mark.parametrize("length", range(4))
def test_every_shorter_text_is_refused_where_it_can_no_longer_be_valid(engine: Twin, length: int) -> None:
    for symbols in product(SYMBOLS, repeat=length):
        text = "".join(symbols)
        error = read(engine, [text], STRICT).error
        assert (error[1] if error else None) == specification.refused_at(text), text


EXPECTATIONS: Final = {
    "a value": '{["-0123456789tfn',
    "a member name": '"',
    "a digit": "0123456789",
    "a hexadecimal digit": "0123456789abcdefABCDEF",
    "an escape character": '"\\/bfnrtu',
    "a character of the string": "".join(map(chr, [0x20, 0x21, *range(0x23, 0x7F)])),
    "the end of the number": " \t\n\r,]}",
    "'e'": "eE",
}
PRINTABLE: Final = "".join(map(chr, range(0x20, 0x7F)))


@pytest.mark.parametrize("length", range(4))
def test_expected_is_what_can_follow(engine: Twin, length: int) -> None:
    """Each expectation is met by some character, and each character that can follow by some expectation."""
    seen = set()
    for symbols in product(SYMBOLS, repeat=length):
        text = "".join(symbols)
        parser = engine.parser.Parser(STRICT)
        try:
            parser.feed(text)
        except SyntaxFault:
            continue
        expected = parser.expected
        state = (text[-1:], expected, specification.still_open(text))
        if state in seen:
            continue
        seen.add(state)
        following = {character for character in PRINTABLE if specification.is_prefix(text + character)}
        meant = {word: EXPECTATIONS.get(word, word[1]) for word in expected}
        for characters in meant.values():
            assert following & set(characters), (text, expected)
        assert following - {" "} <= set("".join(meant.values())), (text, expected)


def test_every_state_of_the_grammar_says_what_it_expects() -> None:
    numbers = {
        name: value for name, value in vars(states).items() if name.isupper() and isinstance(value, int)
    }
    grammar = {
        value
        for name, value in numbers.items()
        if value <= states.PAIR_ESCAPE or name in ("MINUS", "EXPONENT")
    }
    assert grammar - {states.END} <= set(states.EXPECTED)
    assert len(numbers) - 1 == len(set(numbers.values())), "LAST_STRING is the one alias"


# -- numbers --------------------------------------------------------------------------------------


@given(st.integers(-(10**5000), 10**5000))
@example(0)
@example(-(10**4300))
@example(10**511)
@example(10**512)
@example(10**1024 - 1)
def test_integers_are_exact_at_any_length(engine: Twin, number: int) -> None:
    parser = engine.parser.Parser(limits=Limits.none())
    parser.feed(digits(number))
    assert parser.close().value == number


def digits(number: int) -> str:
    """``str(number)``, where CPython's own limit would stop it."""
    sign, number = ("-", -number) if number < 0 else ("", number)
    pieces = []
    while number >= 10**100:
        number, piece = divmod(number, 10**100)
        pieces.append(f"{piece:0100}")
    return sign + str(number) + "".join(reversed(pieces))


# -- hostile texts --------------------------------------------------------------------------------

UNBOUNDED: Final = replace(Limits.none(), repairs=100)
"""Nothing is too long; but a note holds its path, so that notes without end would not be linear."""

MILLION: Final = 1_000_000
K62: Final = 62_000
HOSTILE: Final = {
    "backslashes in a string": '"' + "\\" * MILLION,
    "backslashes": "\\" * MILLION,
    "backslashes as a value": '{"a":' + "\\" * MILLION,
    "spaces": " " * MILLION,
    "spaces behind a closing quote": '{"a": "b"' + " " * MILLION + "c",
    "line feeds": "[" + "\n" * MILLION,
    "line feeds in a string": '["' + "\n" * MILLION,
    "no-break spaces": "[" + "\u00a0" * 200_000,
    "tiny names": "{" + ",".join(f'"{i:x}":1' for i in range(MILLION // 8)) + "}",
    "tiny elements": "[" + "1," * (MILLION // 2) + "1]",
    "one name again and again": "{" + '"a":{"b":"c"},' * K62,
    "open arrays": "[" * 100_000,
    "open objects": '{"a":' * 100_000,
    "closed arrays": "[" * 100_000 + "]" * 100_000,
    "closed objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "objects in arrays": '[{"a":' * K62,
    "wrong closers": "[{" * K62 + "]" * K62,
    "braces for brackets": "[" * K62 + "}" * K62,
    "brackets for braces": '{"a":' * K62 + "]" * K62,
    "arrays behind names": "{[" * K62,
    "tuples": "[" + "(" * 100_000,
    "empty tuples": "[" + "()" * K62,
    "digits": "1" * MILLION,
    "digits in an array": "[" + "1" * MILLION + "]",
    "a long fraction": "[0." + "1" * MILLION + "]",
    "a long exponent": "[1e" + "1" * MILLION + "]",
    "hexadecimal digits": "[0x" + "f" * 100_000 + "]",
    "underscores": "[1" + "_" * MILLION + "]",
    "minus signs": "[" + "-" * MILLION,
    "points": "[" + "." * MILLION,
    "fences": "```" * K62,
    "fences that say json": "```json\n" * K62,
    "opening brackets in prose": "see " + "[" * MILLION,
    "references in prose": "see " + "[1] " * K62,
    "braces in prose": "see " + "{x " * K62,
    "half closing tags": "<think>" + "</think" * K62,
    "opening tags": "<think>" * K62,
    "tags": "<think></think>" * K62,
    "angles": "<" * MILLION,
    "quotes": '"' * K62,
    "quotes in an array": '["' + '"' * K62,
    "quotes and spaces": '["' + '" ' * K62,
    "quotes and letters": '["' + '"x' * K62,
    "quotes and commas": '["' + '",x' * K62,
    "single quotes": "['" + "' " * K62,
    "triple quotes": '["""' + '""' * K62 + "x",
    "half surrogate pairs": '["' + "\\ud83d" * K62,
    "half surrogate pairs as characters": '["' + "\ud83d" * K62,
    "cut escapes": '["' + "\\u" * K62,
    "cut byte escapes": '["' + "\\x" * K62,
    "commas": "[" + "," * MILLION,
    "colons": '{"a"' + ":" * MILLION,
    "missing commas": "[" + "true " * K62,
    "missing closers": "[" + '{"a":1 ' * K62,
    "slashes": "[" + "/ " * K62,
    "line comments": "[" + "//\n" * K62,
    "stars": "[/*" + "*" * MILLION,
    "ellipses": "[" + "...," * K62,
    "words": "[" + "word " * K62,
    "parentheses in a word": "[a" + ")" * K62,
    "byte order marks": "\ufeff" * MILLION,
    "JSON Lines": '{"a":1}\n' * K62,
    "prose": "a: b, " * K62,
}


@pytest.fixture
def watchdog() -> Iterator[None]:
    """A minute for what takes a second or two: what is quadratic here takes an hour."""
    faulthandler.dump_traceback_later(60, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.slow
@pytest.mark.usefixtures("watchdog")
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("dialect", [LENIENT, STRICT], ids=lambda dialect: dialect.name)
def test_hostile_texts_are_read_in_linear_time(engine: Twin, name: str, dialect: Dialect) -> None:
    text = HOSTILE[name]
    results = []
    for size in (len(text), 7):
        parser = engine.parser.Parser(dialect, limits=UNBOUNDED)
        error = None
        try:
            for start in range(0, len(text), size):
                parser.feed(text[start : start + size])
        except SyntaxFault as fault:
            error = said(fault)
        document = parser.close()
        results.append(
            (
                document.status,
                document.repairs,
                document.repairs_beyond,
                document.notices,
                len(document.trailing),
                error,
            )
        )
    assert results[0] == results[1]
    assert dialect is STRICT or error is None


@pytest.mark.usefixtures("watchdog")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_meet_the_limits_at_one_place(engine: Twin, name: str) -> None:
    text = HOSTILE[name][:200_000]
    results = []
    for size in (len(text), 7):
        parser = engine.parser.Parser()
        try:
            for start in range(0, len(text), size):
                parser.feed(text[start : start + size])
        except LimitExceeded:
            pass
        document = parser.close()
        results.append((repr(document.error), document.status, document.repairs, repr(document.value)))
    assert results[0] == results[1]


@pytest.mark.slow
@pytest.mark.usefixtures("watchdog")
def test_hostile_texts_in_random_pieces(engine: Twin) -> None:
    """The pieces of all hostile texts, a hundred characters of each, in any order and any cut."""
    rng = random.Random(0)
    for _ in range(200):
        names = rng.choices(list(HOSTILE), k=3)
        text = "".join(
            HOSTILE[name][start : start + 40] for name in names for start in (0, rng.randint(0, 9999))
        )
        cut = sorted(rng.choices(range(len(text)), k=20))
        fragments = [text[start:stop] for start, stop in zip([0, *cut], [*cut, None], strict=True)]
        assert read(engine, fragments) == read(engine, [text])
