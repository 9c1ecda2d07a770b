"""The public face: ``Parser``, ``Document``, ``loads``."""

from __future__ import annotations

import copy
import json
import math
import pickle
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson import parser as public
from partialjson.dialects import JSON5, LENIENT, STRICT, Dialect
from partialjson.edits import Done, Grow, Put, Repair, Reset, merged
from partialjson.errors import LimitExceeded, SyntaxFault
from partialjson.limits import Limits
from partialjson.missing import MISSING
from partialjson.testing import cuts, json_values
from tests import specification
from tests.readings import DIALECTS, read, replayed, said
from tests.texts import texts, valid_texts

if TYPE_CHECKING:
    from tests.twins import Twin

# -- feed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda data: memoryview(data)[::1]])
def test_feed_takes_whatever_holds_bytes(engine: Twin, make: Any) -> None:
    parser = engine.parser.Parser()
    for byte in '{"é": "😀"}'.encode():
        parser.feed(make(bytes([byte])))
    assert parser.close().value == {"é": "😀"}


def test_feed_takes_subclasses_of_str(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed(type("Text", (str,), {})("[1]"))
    assert parser.value == [1]


@pytest.mark.parametrize("chunk", [None, 1, ["["], {"a": 1}, object()])
def test_feed_takes_nothing_else_and_goes_on(engine: Twin, chunk: object) -> None:
    parser = engine.parser.Parser()
    parser.feed("[1")
    with pytest.raises(TypeError, match="str or bytes"):
        parser.feed(chunk)
    parser.feed("2]")
    assert parser.close().value == [12]


def test_feed_takes_str_and_bytes_in_turn(engine: Twin) -> None:
    parser = engine.parser.Parser()
    for chunk in ('["a', b"b", "\u00e9", "\u00e9".encode(), '"]'):
        parser.feed(chunk)
    assert parser.close() == engine.parser.Document(["ab\u00e9\u00e9"], "complete")


@pytest.mark.parametrize(
    "nothing", ["", b"", bytearray(), memoryview(b"")], ids=["str", "bytes", "bytearray", "memoryview"]
)
@given(data=st.data())
def test_an_empty_feed_never_means_the_end(engine: Twin, nothing: Any, data: st.DataObject) -> None:
    text = data.draw(valid_texts()).encode()
    parser = engine.parser.Parser()
    for fragment in data.draw(cuts(text)):
        parser.feed(nothing)
        parser.feed(fragment)
        parser.feed(nothing)
        assert parser.status != "truncated"
    assert parser.close().status == "complete"


def test_text_behind_a_half_character_shows_that_it_was_cut(engine: Twin) -> None:
    parser = engine.parser.Parser()
    for chunk in ('["', b"\xf0\x9f", 'x"]'):
        parser.feed(chunk)
    document = parser.close()
    assert document.value == ["\ufffdx"]
    assert [repair.kind for repair in document.repairs] == ["invalid-utf8"]


def test_errors_repeat(engine: Twin) -> None:
    parser = engine.parser.Parser(STRICT)
    with pytest.raises(SyntaxFault) as first:
        parser.feed('{"a": 1, 2}')
    for chunk in ('"b": 2}', b"", ""):
        with pytest.raises(SyntaxFault) as again:
            parser.feed(chunk)
        assert said(again.value) == said(first.value)
    assert (parser.value, parser.status, parser.offset) == ({"a": 1}, "invalid", 0)
    document = parser.close()
    assert (document.value, document.status, document.error) == ({"a": 1}, "invalid", first.value)


# -- the value on the way ---------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", [STRICT, LENIENT])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", MISSING),
        (" ", MISSING),
        ("nul", MISSING),
        ("-", MISSING),
        ('"', ""),
        ('"a\\', "a"),
        ('"\\ud83d', ""),
        ('"\\ud83d\\ude0', ""),
        ('"\\ud83d\\ude00', "😀"),
        ("[", []),
        ("[-1.5e", []),
        ("[1 ", [1]),
        ("[true", [True]),
        ('{"a', {}),
        ('{"a"', {}),
        ('{"a":', {}),
        ('{"a":"', {"a": ""}),
        ('{"a":{', {"a": {}}),
        ('{"a":nul', {}),
        ('{"a":null', {"a": None}),
    ],
)
def test_what_is_known_is_shown(engine: Twin, text: str, shown: object, dialect: Dialect) -> None:
    parser = engine.parser.Parser(dialect)
    parser.feed(text)
    assert repr(parser.value) == repr(parser.snapshot()) == repr(shown)
    assert parser.status == "incomplete"


def test_null_is_none_and_nothing_is_missing(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed("null")
    assert parser.close().value is None
    assert engine.parser.Parser().close().value is MISSING


def test_snapshots_share_what_is_finished(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"steps": [{"a": 1}, {"b": [2')
    old = parser.snapshot()
    parser.feed("]}, {")
    new = parser.snapshot()
    assert old == {"steps": [{"a": 1}, {"b": []}]}
    assert new == {"steps": [{"a": 1}, {"b": [2]}, {}]}
    assert old["steps"][0] is new["steps"][0]
    assert old["steps"] is not new["steps"]


def test_a_snapshot_of_what_did_not_change_is_the_same(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"a": [1, 2')
    old = parser.snapshot()
    parser.feed("34")
    assert parser.snapshot() is old
    parser.feed("]")
    assert parser.snapshot() is not old


def test_the_live_value_is_one_object(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"a": [')
    value = parser.value
    parser.feed("1]}")
    assert parser.value is value
    assert parser.close().value is value


@pytest.mark.parametrize(
    ("text", "open_path"),
    [
        ("", None),
        ("1", None),
        ('"', ()),
        ('"a"', None),
        ("[", ()),
        ("[1", ()),
        ('["a', (0,)),
        ('["a",', ()),
        ('[1, {"b": "', (1, "b")),
        ('{"a', ()),
        ('{"a": ', ()),
        ('{"a": {}', ()),
        ('{"a": {}}', None),
    ],
)
@pytest.mark.parametrize("dialect", [STRICT, LENIENT])
def test_open_path_is_the_one_path_that_grows(
    engine: Twin, text: str, open_path: object, dialect: Dialect
) -> None:
    parser = engine.parser.Parser(dialect)
    parser.feed(text)
    assert parser.open_path == open_path


def test_a_closing_quote_in_doubt_leaves_the_string_open(engine: Twin) -> None:
    parser = engine.parser.Parser(LENIENT)
    parser.feed('{"a": "he said "')
    assert parser.open_path == ("a",)
    parser.feed('hi" to me"}')
    assert parser.value == {"a": 'he said "hi" to me'}


@pytest.mark.parametrize(
    ("path", "done"),
    [
        ((), False),
        (("a",), True),
        (("a", 0), True),
        (("a", 1, "b"), True),
        (("c",), False),
        (("c", 0), True),
        (("c", 1), False),
        (("d",), False),
        (("a", 2), False),
        (("a", -1), False),
        (("a", "0"), False),
        (("a", 0, 0), False),
        ((0,), False),
    ],
)
def test_is_done(engine: Twin, path: Any, done: bool) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"a": [1, {"b": null}], "c": ["x", "y')
    assert parser.is_done(path) is done


def test_nothing_is_done_where_nothing_is(engine: Twin) -> None:
    parser = engine.parser.Parser()
    assert not parser.is_done(())
    parser.feed("[]")
    assert parser.is_done(())


# -- status, expected, offset ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "text", "before", "after"),
    [
        (STRICT, "", "incomplete", "truncated"),
        (STRICT, "12", "incomplete", "complete"),
        (STRICT, "1.", "incomplete", "truncated"),
        (STRICT, '{"a": 1}', "complete", "complete"),
        (STRICT, '{"a": 1', "incomplete", "truncated"),
        (STRICT, '{"a": 1,}', "invalid", "invalid"),
        (LENIENT, "", "incomplete", "truncated"),
        (LENIENT, "12", "incomplete", "complete"),
        (LENIENT, '{"a": 1}', "complete", "complete"),
        (LENIENT, '{"a": 1,}', "repaired", "repaired"),
        (LENIENT, '{"a": 1', "incomplete", "truncated"),
        (LENIENT, '{a: 1, "b', "incomplete", "truncated"),
        (LENIENT, '{"a": 1} thanks', "repaired", "repaired"),
        (LENIENT, "No JSON here.", "incomplete", "truncated"),
        (JSON5, "{a: 1,}", "repaired", "repaired"),
        (JSON5, "{'a': Infinity", "incomplete", "truncated"),
        (JSON5, "{a b}", "invalid", "invalid"),
    ],
)
def test_status(engine: Twin, dialect: Dialect, text: str, before: str, after: str) -> None:
    parser = engine.parser.Parser(dialect)
    with suppress(SyntaxFault):
        parser.feed(text)
    assert parser.status == before
    assert parser.close().status == parser.status == after


def test_a_limit_truncates(engine: Twin) -> None:
    parser = engine.parser.Parser(limits=Limits(depth=1))
    with pytest.raises(LimitExceeded) as fault:
        parser.feed("[1, [2]]")
    document = parser.close()
    assert (document.value, document.status, document.error) == ([1], "truncated", fault.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"a value"}),
        ("[", {"a value", "']'"}),
        ("{", {"a member name", "'}'"}),
        ('{"a"', {"':'"}),
        ('{"a": 1', {"a digit", "'.'", "'e'", "the end of the number"}),
        ("[tr", {"'u' of 'true'"}),
        ("[]", set()),
    ],
)
def test_expected(engine: Twin, text: str, expected: set[str]) -> None:
    parser = engine.parser.Parser(STRICT)
    parser.feed(text)
    assert parser.expected == expected


def test_offset_counts_characters(engine: Twin) -> None:
    for chunks in (["é", "😀"], ["é".encode(), "😀".encode()[:2], "😀".encode()[2:]]):
        parser = engine.parser.Parser()
        parser.feed('"')
        for chunk in chunks:
            parser.feed(chunk)
        assert parser.offset == 3


# -- edits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fragments", "edits"),
    [
        (["1"], [Put((), 1)]),
        (['"'], [Put((), "")]),
        (['""'], [Put((), ""), Done(())]),
        (['"a', 'b"'], [Put((), ""), Grow((), "a"), Grow((), "b"), Done(())]),
        (["[]"], [Put((), []), Done(())]),
        (
            ['{"a": [1, tr', "ue]}"],
            [Put((), {}), Put(("a",), []), Put(("a", 0), 1), Put(("a", 1), True), Done(("a",)), Done(())],
        ),
        (
            ['{"a": [1], "a": "x"}'],
            [
                *(Put((), {}), Put(("a",), []), Put(("a", 0), 1), Done(("a",))),
                *(Reset(("a",)), Put(("a",), ""), Grow(("a",), "x"), Done(("a",)), Done(())),
            ],
        ),
        (['["a\\nb\\u00e9c"'], [Put((), []), Put((0,), ""), Grow((0,), "a\nbéc"), Done((0,))]),
    ],
)
@pytest.mark.parametrize("dialect", [STRICT, LENIENT])
def test_edits(engine: Twin, fragments: list[str], edits: list[object], dialect: Dialect) -> None:
    parser = engine.parser.Parser(dialect)
    found = parser.edits()
    assert found == []
    for fragment in fragments:
        parser.feed(fragment)
        found += parser.edits()
    parser.close()
    assert found + parser.edits() == edits


@given(text=texts(), data=st.data())
def test_one_grow_per_string_and_feed(engine: Twin, text: str, data: st.DataObject) -> None:
    parser = engine.parser.Parser()
    parser.edits()
    for fragment in data.draw(cuts(text)):
        parser.feed(fragment)
        edits = parser.edits()
        assert merged(edits) == edits


@given(text=valid_texts(), data=st.data())
def test_edits_from_the_middle_are_those_from_the_start(engine: Twin, text: str, data: st.DataObject) -> None:
    """Where no name is repeated: what a value was before is not recorded."""
    start, middle = engine.parser.Parser(), engine.parser.Parser()
    edits = start.edits()
    cut = data.draw(st.integers(0, len(text)))
    for parser in (start, middle):
        parser.feed(text[:cut])
    recorded = middle.edits()
    for parser in (start, middle):
        parser.feed(text[cut:])
        parser.close()
    edits += start.edits()
    recorded += middle.edits()
    if not start.notices or all(notice.kind != "duplicate-name" for notice in start.notices):
        assert repr(merged(recorded)) == repr(merged(edits))
    else:
        assert repr(replayed(recorded)) == repr(replayed(edits))


def test_loads_meets_the_depth_also_in_what_a_repeated_name_replaces(engine: Twin) -> None:
    deep = "[" * 128 + "]" * 128
    for text in (f'{{"a": {deep}, "a": 1}}', f'[{deep}, {{"a": "{"[" * 200}"}}]'):
        with pytest.raises(LimitExceeded, match="depth"):
            engine.parser.loads(text)
    brackets = {"a": "[{" * 200, "b": [[], {}]}
    assert engine.parser.loads(json.dumps(brackets)) == brackets


def test_what_is_open_comes_last_when_the_recording_begins(engine: Twin) -> None:
    """Also where its name came before: views take a growth for one of the value that came last."""
    parser = engine.parser.Parser()
    parser.feed('{"a": [1], "b": 2, "a": "x')
    assert parser.edits() == [
        Put((), {}),
        Put(("a",), None),
        Put(("b",), 2),
        Reset(("a",)),
        Put(("a",), ""),
        Grow(("a",), "x"),
    ]


def test_edits_do_not_change_with_the_tree(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"a": [')
    edits = parser.edits()
    parser.feed("1]}")
    assert edits == [Put((), {}), Put(("a",), [])]


# -- close, Document ------------------------------------------------------------------------------


def test_close_is_idempotent(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"a": [1')
    document = parser.close()
    assert parser.close() is document
    assert document.value == {"a": [1]}
    assert document.status == "truncated"


@given(text=texts(), dialect=st.sampled_from(DIALECTS))
def test_close_never_raises(engine: Twin, text: str, dialect: Dialect) -> None:
    parser = engine.parser.Parser(dialect)
    with suppress(SyntaxFault):
        parser.feed(text)
    assert parser.close() is parser.close()


@pytest.mark.parametrize("chunk", ["", " ", b"", b"1"])
def test_a_closed_parser_is_closed(engine: Twin, chunk: Any) -> None:
    parser = engine.parser.Parser()
    parser.feed("[1]")
    document = parser.close()
    with pytest.raises(ValueError, match="closed"):
        parser.feed(chunk)
    assert parser.close() == document
    assert parser.snapshot() == [1]


def test_a_document_tells_everything(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('Sure: {"a": 1, "a": 2,} Done.')
    assert parser.close() == engine.parser.Document(
        {"a": 2},
        "repaired",
        (
            Repair("prose", 0, 5, (), "form"),
            Repair("trailing-comma", 21, 22, (), "none"),
            Repair("trailing-text", 24, 29, (), "form"),
        ),
        (Repair("duplicate-name", 15, 18, ("a",), "none"),),
        "Done.",
    )


def test_repairs_and_notices_can_be_read_on_the_way(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{a: "\\ud800x", ')
    assert [repair.kind for repair in parser.repairs] == ["unquoted-name"]
    assert parser.notices == (Repair("lone-surrogate", 5, 6, ("a",), "none"),)


# -- fork -----------------------------------------------------------------------------------------


@given(text=texts(), other=texts(), dialect=st.sampled_from(DIALECTS), many=st.booleans(), data=st.data())
def test_a_fork_goes_its_own_way(
    engine: Twin, text: str, other: str, dialect: Dialect, many: bool, data: st.DataObject
) -> None:
    """Fork, let the original read something else, and the fork reads on as the original would have."""
    cut = data.draw(st.integers(0, len(text)))
    original = engine.parser.Parser(dialect, many=many)
    with suppress(SyntaxFault):
        original.feed(text[:cut])
        seen = repr(original.snapshot())
        twin = original.fork()
        with suppress(SyntaxFault):
            original.feed(other)
        document = original.close()
        assert repr(twin.value) == seen
        for rest, parser, result in ((text[cut:], twin, text), (None, original, text[:cut] + other)):
            with suppress(SyntaxFault):
                if rest is not None:
                    parser.feed(rest)
            expected = read(engine, [result], dialect, many=many)
            found = parser.close()
            assert repr(found.value) == expected.value
            assert (found.status, found.repairs, found.notices, found.trailing) == expected[1:5]
            assert repr(parser.values()) == expected.values
        assert original.close() is document


def test_a_fork_shares_what_is_finished_and_records_on(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('[[1], "a')
    edits = parser.edits()
    twin = parser.fork()
    twin.feed('b"]')
    parser.feed('c"]')
    assert twin.value[0] is parser.value[0]
    assert replayed(edits + twin.edits()) == [[1], "ab"]
    assert replayed(edits + parser.edits()) == [[1], "ac"]


def test_a_fork_of_a_closed_parser_is_closed(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed("[1")
    document = parser.close()
    assert parser.fork().close() == document
    with pytest.raises(ValueError, match="closed"):
        parser.fork().feed("2")


def test_a_copy_is_a_fork(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('["a')
    for twin in (copy.copy(parser), copy.deepcopy(parser)):
        twin.feed('b"]')
        assert twin.value == ["ab"]
    assert parser.value == ["a"]


# -- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("literal", "python", "decimal"),
    [
        ("0", 0, 0),
        ("-0", 0, 0),
        ("-0.0", -0.0, Decimal("-0.0")),
        ("12", 12, 12),
        ("1.10", 1.1, Decimal("1.10")),
        ("1E+2", 100.0, Decimal("1E+2")),
        ("0.1e-7", 1e-8, Decimal("0.1e-7")),
        ("1e400", math.inf, Decimal("1e400")),
        ("-1e400", -math.inf, Decimal("-1e400")),
        ("1e-400", 0.0, Decimal("1e-400")),
        ("9" * 400, int("9" * 400), int("9" * 400)),
        ("0.1234567890123456789012", 0.1234567890123456789012, Decimal("0.1234567890123456789012")),
    ],
)
@pytest.mark.parametrize("dialect", [STRICT, LENIENT])
def test_numbers(engine: Twin, literal: str, python: object, decimal: object, dialect: Dialect) -> None:
    for numbers, value in (("python", python), ("decimal", decimal), (str, literal), (float, float(literal))):
        parser = engine.parser.Parser(dialect, numbers=numbers)
        parser.feed(f"[{literal}]")
        assert repr(parser.close().value) == repr([value])


@pytest.mark.parametrize(
    ("literal", "noticed"),
    [
        ("0.1", False),
        ("1.50000000000000000000", False),
        ("1234567890.1234567", False),
        ("0.30000000000000004", False),
        ("0.300000000000000041", True),
        ("1e400", True),
        ("1e-400", True),
        ("0e-400", False),
        ("0.0", False),
        ("9007199254740993", False),
    ],
)
def test_what_a_double_cannot_hold_is_noticed(engine: Twin, literal: str, noticed: bool) -> None:
    parser = engine.parser.Parser()
    parser.feed(f'{{"n": {literal}}}')
    wanted = (Repair("number-precision", 6, 6 + len(literal), ("n",), "none"),)
    assert parser.close().notices == (wanted if noticed else ())
    exact = engine.parser.Parser(numbers="decimal")
    exact.feed(f'{{"n": {literal}}}')
    assert exact.close().notices == ()


def test_numbers_in_foreign_forms_reach_the_callable_as_json(engine: Twin) -> None:
    literals: list[str] = []
    parser = engine.parser.Parser(numbers=literals.append)
    parser.feed("[+1, .5, 5., 007, 0x1F, 1_000, -.5e3]")
    parser.close()
    assert [json.loads(literal) for literal in literals] == [1, 0.5, 5.0, 7, 31, 1000, -500.0]


@pytest.mark.parametrize("numbers", [None, "float", "Decimal", 1])
def test_numbers_must_be_known(engine: Twin, numbers: Any) -> None:
    with pytest.raises(ValueError, match="numbers must be"):
        engine.parser.Parser(numbers=numbers)


@pytest.mark.parametrize(
    ("dialect", "literal"), [(STRICT, "12"), (JSON5, "0xC"), (LENIENT, "0xC"), (LENIENT, "+12")]
)
def test_what_a_callable_raises_stops_the_parser(engine: Twin, dialect: Dialect, literal: str) -> None:
    class NoNumber(Exception):
        pass

    def refuse(literal: str) -> object:
        raise NoNumber(literal)

    parser = engine.parser.Parser(dialect, numbers=refuse)
    parser.feed(f'["a", {literal}')
    for chunk in (", ", "3", ""):
        with pytest.raises(NoNumber, match="12"):
            parser.feed(chunk)
    document = parser.close()
    assert (document.value, document.status) == (["a"], "truncated")
    assert isinstance(document.error, NoNumber)
    at_the_end = engine.parser.Parser(dialect, numbers=refuse)
    at_the_end.feed(literal)
    assert isinstance(at_the_end.close().error, NoNumber)


# -- many -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", [STRICT, LENIENT])
@pytest.mark.parametrize(
    ("text", "values", "value", "status"),
    [
        ("", [], MISSING, "complete"),
        ("\n", [], MISSING, "complete"),
        ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}], MISSING, "complete"),
        ('{"a": 1}{"a": 2}', [{"a": 1}, {"a": 2}], MISSING, "complete"),
        ("1 2\n3", [1, 2, 3], MISSING, "complete"),
        ('"a""b"[]null true', ["a", "b", [], None, True], MISSING, "complete"),
        ('[1]\n["a', [[1]], ["a"], "truncated"),
        ("1 -", [1], MISSING, "truncated"),
    ],
)
def test_many(
    engine: Twin, dialect: Dialect, text: str, values: list[object], value: object, status: str
) -> None:
    parser = engine.parser.Parser(dialect, many=True)
    found = []
    for character in text:
        parser.feed(character)
        found += parser.values()
    document = parser.close()
    assert (found + parser.values(), document.value, document.status) == (values, value, status)


@pytest.mark.parametrize("text", ["1,2, 3", "1,2,3,", ",1\n,2,\n3"])
def test_many_reads_values_between_commas(engine: Twin, text: str) -> None:
    for fragments in ([text], text):
        reading = read(engine, fragments, many=True)
        assert (reading.values, reading.status) == ("[1, 2, 3]", "repaired")
        assert {(repair.kind, repair.loss) for repair in reading.repairs} == {("extra-comma", "none")}


def test_many_shows_the_value_in_progress(engine: Twin) -> None:
    parser = engine.parser.Parser(many=True)
    parser.feed('{"a": 1}\n{"b": [2, ')
    assert (parser.value, parser.values(), parser.values()) == ({"b": [2]}, [{"a": 1}], [])


@given(values=st.lists(json_values(max_leaves=5), max_size=5), data=st.data())
def test_many_reads_json_lines(engine: Twin, values: list[object], data: st.DataObject) -> None:
    text = "".join(json.dumps(value) + "\n" for value in values)
    for dialect in (STRICT, LENIENT):
        reading = read(engine, data.draw(cuts(text)), dialect, many=True)
        assert (reading.values, reading.status, reading.repairs) == (repr(values), "complete", ())


@given(values=st.lists(json_values(max_leaves=5), max_size=5))
def test_many_records_one_value_after_the_other(engine: Twin, values: list[object]) -> None:
    parser = engine.parser.Parser(many=True)
    parser.edits()
    for value in values:
        parser.feed(json.dumps(value) + "\n")
        assert repr(replayed(parser.edits())) == repr(value)


def test_many_counts_nodes_in_each_document(engine: Twin) -> None:
    parser = engine.parser.Parser(many=True, limits=Limits(nodes=3))
    parser.feed("[1, 2]" * 10)
    with pytest.raises(LimitExceeded):
        parser.feed("[1, 2, 3]")
    assert parser.values() == [[1, 2]] * 10


# -- loads ----------------------------------------------------------------------------------------


@given(text=texts(), dialect=st.sampled_from(DIALECTS))
def test_loads_is_feed_and_close(engine: Twin, text: str, dialect: Dialect) -> None:
    for whole in (text, specification.paired(text).encode()):
        reading = read(engine, [whole], dialect)
        if reading.error:
            with pytest.raises(SyntaxFault) as fault:
                engine.parser.loads(whole, dialect)
            assert said(fault.value) == reading.error
        else:
            assert repr(engine.parser.loads(whole, dialect)) == reading.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, "x", null, true]}', {"a": [1, 2.5, "x", None, True]}),
        ('{"a": [1, 2', {"a": [1, 2]}),
        (b'{"a": "\xc3\xa9"}', {"a": "é"}),
        ('{"a": "\\ud83d"}', {"a": "\ufffd"}),
        ('{"a": "\ud83d"}', {"a": "\ufffd"}),
        ("{'a': NaN", {"a": math.nan}),
        ("", MISSING),
        ("null", None),
    ],
)
def test_loads(engine: Twin, text: str | bytes, value: object) -> None:
    assert repr(engine.parser.loads(text)) == repr(value)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("[" * 129 + "]" * 129, "depth"),
        ('{"' + "k" * 4097 + '": 1}', "key"),
        ("[" + "1" * 4301 + "]", "number"),
        ("[" + " " * 4097 + "]", "whitespace"),
        ("[" + "1," * 250_000 + "1]", "nodes"),
        ('"' + "x" * 8 * 1024 * 1024 + '"', "text"),
    ],
)
def test_loads_keeps_the_limits(engine: Twin, text: str, limit: str) -> None:
    with pytest.raises(LimitExceeded) as fault:
        engine.parser.loads(text)
    assert fault.value.limit == limit


def test_loads_raises_where_strict_refuses(engine: Twin) -> None:
    with pytest.raises(SyntaxFault):
        engine.parser.loads("[1,]", STRICT)
    assert engine.parser.loads("[1,", STRICT) == [1]


# -- copies and prints ----------------------------------------------------------------------------


def test_results_can_be_pickled_copied_and_compared() -> None:
    parser = public.Parser(limits=Limits(text=30))
    parser.feed('{"a": [1, "\\ud83dx",], "a": 2}')
    with pytest.raises(LimitExceeded):
        parser.feed("  ")
    document = parser.close()
    for twin in (copy.copy(document), copy.deepcopy(document), pickle.loads(pickle.dumps(document))):
        assert repr(twin) == repr(document)
        assert (twin.value, twin.repairs, twin.notices) == (
            document.value,
            document.repairs,
            document.notices,
        )


def test_a_document_is_one_as_deep_as_the_limits_allow(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"a":[' * 64)
    for document in (parser.fork().close(), parser.close()):
        json.dumps(document.value)
        copy.deepcopy(document.value)
        assert document == document.__class__(*(getattr(document, name) for name in document.__slots__))
        assert len(repr(document)) > 64


def test_a_parser_prints_where_it_stands_and_nothing_it_read(engine: Twin) -> None:
    parser = engine.parser.Parser()
    parser.feed('{"secret": "swordfish')
    assert repr(parser) == "<Parser LENIENT, incomplete at offset 21>"


def test_what_was_dropped_half_way_is_silent(engine: Twin, capfd: pytest.CaptureFixture[str]) -> None:
    parser = engine.parser.Parser(limits=Limits.none())
    parser.feed('[{"a":' * 50_000)
    del parser
    assert capfd.readouterr() == ("", "")
