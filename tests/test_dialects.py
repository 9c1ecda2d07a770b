"""The dialects: every row does what it says, and the cases in ``data/dialects`` come out as written there.

A file holds cases of one kind, a case is a text (or ``hex``, its bytes) and everything that comes of
it: value (none where it is missing; ``python`` where JSON has no word for it), status, repairs as
``[kind, start, end, path, loss]``, trailing text, and notices where there are any. ``only_at_the_end``
says that more text would change the value: ``[1]`` may be a citation.
"""

from __future__ import annotations

import json
import runpy
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson import dialects
from partialjson.dialects import JSON5, LENIENT, STRICT, Dialect, Liberty
from partialjson.edits import Loss, Repair
from partialjson.missing import MISSING
from tests.readings import Reading, read
from tests.texts import texts

if TYPE_CHECKING:
    from tests.twins import Twin

DATA: Final = Path(__file__).parent / "data" / "dialects"
LOSSES: Final[tuple[Loss, ...]] = ("none", "form", "guess")
PAGE_MAKER: Final = Path(__file__).parents[1] / "docs" / "make_dialects_page.py"
CUT_INPUT: Final = "cut-input"
"""No liberty: it says that the end was missing."""


def cases(dialect: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}: {case.get('input', case.get('hex'))!a:.60}")
        for file in sorted((DATA / dialect).glob("*.json"))
        for case in json.loads(file.read_text("utf-8"))
    ]


def text_of(case: dict[str, Any]) -> str | bytes:
    return bytes.fromhex(case["hex"]) if "hex" in case else case["input"]


def notes(rows: list[Any]) -> tuple[Repair, ...]:
    return tuple(Repair(kind, start, end, tuple(path), loss) for kind, start, end, path, loss in rows)


def written(case: dict[str, Any]) -> dict[str, object]:
    return {
        "value": case.get("python") or repr(case.get("value", MISSING)),
        "status": case["status"],
        "repairs": notes(case["repairs"]),
        "trailing": case["trailing"],
        "notices": notes(case.get("notices", [])),
    }


def found(reading: Reading) -> dict[str, object]:
    return {name: getattr(reading, name) for name in ("value", "status", "repairs", "trailing", "notices")}


def check(engine: Twin, dialect: Dialect, case: dict[str, Any]) -> None:
    """Whole, one character at a time, byte by byte, and with something after it."""
    text = text_of(case)
    assert found(read(engine, [text], dialect)) == written(case)
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    assert found(read(engine, [data[i : i + 1] for i in range(len(data))], dialect)) == written(case)
    if isinstance(text, str):
        assert found(read(engine, list(text), dialect)) == written(case)
    whole = case["status"] != "truncated" and isinstance(case.get("value"), (dict, list))
    if dialect is LENIENT and whole and not case.get("only_at_the_end"):
        longer = read(engine, [text, "\nThat is all."], dialect)
        assert longer.value == written(case)["value"]
        assert longer.trailing.endswith("That is all.")
        assert {repair.kind for repair in longer.repairs} >= {repair[0] for repair in case["repairs"]}


@pytest.mark.parametrize("case", cases("lenient"))
def test_lenient(engine: Twin, case: dict[str, Any]) -> None:
    check(engine, LENIENT, case)


@pytest.mark.parametrize("case", cases("json5"))
def test_json5(engine: Twin, case: dict[str, Any]) -> None:
    check(engine, JSON5, case)


@pytest.mark.parametrize(("name", "dialect"), [("lenient", LENIENT), ("json5", JSON5)])
def test_every_liberty_has_a_case_and_every_case_names_a_liberty(name: str, dialect: Dialect) -> None:
    taken = {repair[0] for case in cases(name) for repair in case.values[0]["repairs"]}
    assert taken - {CUT_INPUT} == {row.kind for row in dialect.liberties}


# -- the tables -----------------------------------------------------------------------------------

ROWS: Final = [
    pytest.param(dialect, row, id=f"{dialect.name} {row.kind}: {row.example!a}")
    for dialect in (JSON5, LENIENT)
    for row in dialect.liberties
    if row.example
]


@pytest.mark.parametrize(("dialect", "row"), ROWS)
def test_an_example_shows_the_liberty(engine: Twin, dialect: Dialect, row: Liberty) -> None:
    reading = read(engine, [row.example], dialect)
    assert (row.kind, row.loss) in {(repair.kind, repair.loss) for repair in reading.repairs}
    assert reading.value != repr(MISSING)


@pytest.mark.parametrize(("dialect", "row"), ROWS)
def test_strict_refuses_the_example(engine: Twin, dialect: Dialect, row: Liberty) -> None:
    assert read(engine, [row.example], STRICT).status in ("invalid", "truncated")


@pytest.mark.parametrize("dialect", [JSON5, LENIENT], ids=lambda dialect: dialect.name)
def test_a_kind_has_one_loss_and_an_example(dialect: Dialect) -> None:
    losses: dict[str, set[str]] = {}
    for row in dialect.liberties:
        losses.setdefault(row.kind, set()).add(row.loss)
        assert row.loss in LOSSES
    assert {kind: sorted(found) for kind, found in losses.items() if len(found) > 1} == {}
    with_example = {row.kind for row in dialect.liberties if row.example}
    assert set(losses) - with_example <= {"invalid-utf8"}, "of which no str can be an example"


@pytest.mark.parametrize("dialect", [JSON5, LENIENT], ids=lambda dialect: dialect.name)
def test_every_row_can_be_reached(dialect: Dialect) -> None:
    """No earlier row for the same situations and characters hides a row whole."""
    for index, row in enumerate(dialect.liberties):
        if row.situations:
            others = dialect.liberties[:index]
            assert any(
                not any(
                    situation in earlier.situations.split() and code in earlier.codes() for earlier in others
                )
                for situation in row.situations.split()
                for code in row.codes()
            ) or row.action in ("open-word", "to-word"), row


@given(text=texts())
def test_complete_is_what_strict_calls_complete(engine: Twin, text: str) -> None:
    """And a liberty that was taken is told, with a place in the text."""
    strict = read(engine, [text], STRICT).status == "complete"
    for dialect in (LENIENT, JSON5):
        reading = read(engine, [text], dialect)
        assert (reading.status == "complete") == strict
        assert reading.status != "repaired" or reading.repairs
        assert all(0 <= repair.start <= repair.end <= len(text) for repair in reading.repairs)


# -- dialects of one's own ------------------------------------------------------------------------


def test_only_keeps_the_rows_with_that_loss() -> None:
    for count in range(4):
        for losses in combinations(LOSSES, count):
            dialect = LENIENT.only(*losses)
            assert {row.loss for row in dialect.liberties} == set(losses)
            assert dialect.liberties == tuple(row for row in LENIENT.liberties if row.loss in losses)


def test_without_drops_the_rows_of_that_kind() -> None:
    dialect = LENIENT.without("comment", "tuple")
    assert {row.kind for row in LENIENT.liberties} - {row.kind for row in dialect.liberties} == {
        "comment",
        "tuple",
    }


@given(text=texts())
def test_a_dialect_without_liberties_is_strict(engine: Twin, text: str) -> None:
    assert read(engine, [text], LENIENT.only()) == read(engine, [text], STRICT)


def test_rows_of_ones_own_come_first(engine: Twin) -> None:
    decimal_comma = Liberty("pipe", "form", "next-element", "|", "next-by", "[1 | 2]")
    piped = STRICT.extended("PIPED", [decimal_comma])
    reading = read(engine, ["[1 | 2]"], piped)
    assert (reading.value, reading.repairs) == ("[1, 2]", (Repair("pipe", 3, 4, (), "form"),))
    assert read(engine, ["[1 ; 2]"], piped).status == "invalid"
    assert piped.name == "PIPED"


def test_words_of_ones_own(engine: Twin) -> None:
    words = {**LENIENT.words, "yes": (True, "yes-or-no", "form"), "no": (False, "yes-or-no", "form")}
    rows = (
        Liberty("yes-or-no", "form", "value", dialects.LETTER, "open-word", '{"a": yes}'),
        *LENIENT.liberties,
    )
    dialect = Dialect("YAMLISH", rows, words, LENIENT.guesses)
    reading = read(engine, ['{"a": yes, "b": no, "c": maybe}'], dialect)
    assert reading.value == "{'a': True, 'b': False, 'c': 'maybe'}"
    assert [repair.kind for repair in reading.repairs] == ["yes-or-no", "yes-or-no", "unquoted-string"]


@pytest.mark.parametrize(
    "row",
    [
        Liberty("x", "none", "no-such-situation", "x", "skip"),
        Liberty("x", "none", "value", "x", "no-such-action"),
    ],
)
def test_a_row_must_name_what_there_is(row: Liberty) -> None:
    with pytest.raises((ValueError, KeyError), match="no-such"):
        STRICT.extended("WRONG", [row])


@given(st.lists(st.sampled_from(LENIENT.liberties), unique=True, max_size=5))
def test_dialects_can_be_compared_and_hashed(rows: list[Liberty]) -> None:
    one, other = Dialect("ONE", tuple(rows)), Dialect("ONE", tuple(rows))
    assert one == other
    assert hash(one) == hash(other)
    assert (one == Dialect("ONE")) == (not rows)


def test_a_dialect_prints_its_name() -> None:
    assert [repr(dialect) for dialect in (STRICT, JSON5, LENIENT)] == [
        "<Dialect STRICT>",
        "<Dialect JSON5>",
        "<Dialect LENIENT>",
    ]


def test_the_page_about_dialects_is_what_they_say() -> None:
    script = runpy.run_path(str(PAGE_MAKER))
    assert script["PAGE"].read_text("utf-8") == script["page"](), "python docs/make_dialects_page.py"
