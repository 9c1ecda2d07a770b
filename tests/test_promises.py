"""The promises of the README, each under its number.

What is promised of every input is tested with every input that the strategies of ``texts.py`` can
think of, with the compiled and the interpreted machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.work import counting, work_on
from partialjson.dialects import LENIENT, STRICT, Dialect
from partialjson.edits import Edit, Reset
from partialjson.errors import LimitExceeded, SyntaxFault
from partialjson.limits import Limits
from partialjson.missing import MISSING
from partialjson.testing import cuts
from partialjson.views.patch import to_json_patch
from tests import specification
from tests.readings import DIALECTS, continues, nodes, read, replayed, said, touched_when_final
from tests.texts import byte_texts, texts, valid_texts

if TYPE_CHECKING:
    from tests.twins import Twin

dialects = st.sampled_from(DIALECTS)


def steps(engine: Twin, text: str, dialect: Dialect = LENIENT) -> Iterator[tuple[Any, Any, list[Edit]]]:
    """The parser, a snapshot and the new edits after each character and after the end."""
    parser = engine.parser.Parser(dialect)
    parser.edits()
    for character in text:
        parser.feed(character)
        yield parser, parser.snapshot(), parser.edits()
    value = parser.close().value
    yield parser, value, parser.edits()


# -- 1. Any cut gives the same --------------------------------------------------------------------


@given(text=texts(), dialect=dialects, many=st.booleans(), data=st.data())
def test_promise_01_any_cut_gives_the_same(
    engine: Twin, text: str, dialect: Dialect, many: bool, data: st.DataObject
) -> None:
    whole = read(engine, [text], dialect, many=many)
    assert read(engine, data.draw(cuts(text)), dialect, many=many) == whole


@given(text=texts(), dialect=dialects, data=st.data())
def test_promise_01_bytes_give_the_same_as_their_text(
    engine: Twin, text: str, dialect: Dialect, data: st.DataObject
) -> None:
    encoded = specification.paired(text).encode()
    assert read(engine, data.draw(cuts(encoded)), dialect) == read(engine, [encoded.decode()], dialect)


@given(encoded=byte_texts(), dialect=dialects, data=st.data())
def test_promise_01_any_cut_of_bytes_gives_the_same(
    engine: Twin, encoded: bytes, dialect: Dialect, data: st.DataObject
) -> None:
    assert read(engine, data.draw(cuts(encoded)), dialect) == read(engine, [encoded], dialect)


@given(text=texts(), dialect=dialects, data=st.data())
def test_promise_01_recording_from_the_middle_gives_the_same(
    engine: Twin, text: str, dialect: Dialect, data: st.DataObject
) -> None:
    """The first call of ``edits`` answers with what builds the tree as it is then."""
    middle = data.draw(st.integers(0, len(text)))
    parser = engine.parser.Parser(dialect)
    edits: list[Edit] = []
    with suppress(SyntaxFault):
        parser.feed(text[:middle])
        edits += parser.edits()
        parser.feed(text[middle:])
    value = parser.close().value
    edits += parser.edits()
    assert repr(replayed(edits)) == repr(value)
    assert touched_when_final(edits) == []


# -- 2. STRICT is RFC 8259 ------------------------------------------------------------------------


@given(text=valid_texts())
def test_promise_02_strict_accepts_what_the_grammar_does(engine: Twin, text: str) -> None:
    reading = read(engine, [text], STRICT)
    assert reading.value == repr(specification.loads(text))
    assert (reading.status, reading.repairs, reading.trailing, reading.error) == ("complete", (), "", None)


@given(text=texts())
def test_promise_02_strict_refuses_what_the_grammar_does_where_it_does(engine: Twin, text: str) -> None:
    reading = read(engine, [text], STRICT)
    refused_at = specification.refused_at(text)
    if refused_at is not None:
        assert reading.status == "invalid"
        assert reading.error
        assert reading.error[:2] == ("SyntaxFault", refused_at)
    else:
        assert reading.status == ("complete" if specification.is_valid(text) else "truncated")
        assert reading.error is None


@given(text=valid_texts())
def test_promise_02_strict_shows_what_is_known(engine: Twin, text: str) -> None:
    parser = engine.parser.Parser(STRICT)
    for end, character in enumerate(text, 1):
        parser.feed(character)
        assert repr(parser.snapshot()) == repr(specification.shown(text[:end])), text[:end]


# -- 3. Valid JSON means the same in every dialect ------------------------------------------------


@given(text=valid_texts(), dialect=dialects, data=st.data())
def test_promise_03_valid_json_means_the_same_in_every_dialect(
    engine: Twin, text: str, dialect: Dialect, data: st.DataObject
) -> None:
    fragments = data.draw(cuts(text))
    assert read(engine, fragments, dialect) == read(engine, fragments, STRICT)


@given(text=valid_texts(), dialect=dialects)
def test_promise_03_valid_json_looks_the_same_on_the_way(engine: Twin, text: str, dialect: Dialect) -> None:
    """But for a number or a literal at the root, which a patient dialect holds back until the end."""
    strict = [repr(snapshot) for _, snapshot, _ in steps(engine, text, STRICT)]
    seen = [repr(snapshot) for _, snapshot, _ in steps(engine, text, dialect)]
    if isinstance(specification.loads(text), (dict, list, str)):
        assert seen == strict
    else:
        assert set(seen) <= {repr(MISSING), strict[-1]}


# -- 4. LENIENT never refuses a text --------------------------------------------------------------


@given(text=texts())
def test_promise_04_lenient_never_refuses_and_tells_every_liberty(engine: Twin, text: str) -> None:
    reading = read(engine, [text])
    strict = read(engine, [text], STRICT)
    assert reading.error is None
    assert (reading.status == "complete") == (strict.status == "complete")
    if reading.status == "repaired":
        assert reading.repairs
    for note in (*reading.repairs, *reading.notices):
        assert 0 <= note.start <= note.end <= len(text)


@given(encoded=byte_texts())
def test_promise_04_lenient_never_refuses_bytes(engine: Twin, encoded: bytes) -> None:
    """What is no UTF-8 is U+FFFD, as many as ``bytes.decode`` makes, and reported."""
    reading = read(engine, [encoded + b"."])
    assert reading.error is None
    seen = read(engine, [(encoded + b".").decode(errors="replace")])
    assert (reading.value, reading.trailing) == (seen.value, seen.trailing)


@given(text=texts())
def test_promise_04_no_text_behind_the_value_is_dropped(engine: Twin, text: str) -> None:
    reading = read(engine, [text])
    assert specification.paired(text).endswith(reading.trailing)
    again = read(engine, [text, "\nand more"])
    if reading.trailing:
        assert again.trailing == reading.trailing + "\nand more"


@given(text=texts(), losses=st.sets(st.sampled_from(("none", "form", "guess"))))
def test_promise_04_a_narrowed_dialect_takes_no_other_liberty(
    engine: Twin, text: str, losses: set[str]
) -> None:
    reading = read(engine, [text], LENIENT.only(*losses))  # type: ignore[arg-type]
    assert {repair.loss for repair in reading.repairs if repair.kind != "cut-input"} <= losses


@given(text=texts(), data=st.data())
def test_promise_04_a_dialect_without_a_liberty_does_not_take_it(
    engine: Twin, text: str, data: st.DataObject
) -> None:
    taken = {repair.kind for repair in read(engine, [text]).repairs} - {"cut-input"}
    if taken:
        kind = data.draw(st.sampled_from(sorted(taken)))
        reading = read(engine, [text], LENIENT.without(kind))
        assert kind not in {repair.kind for repair in reading.repairs}


# -- 5. Only forward, 6. Done is final, 7. Edits rebuild the tree ---------------------------------


@given(text=texts(), dialect=st.sampled_from((LENIENT, LENIENT.only("none", "form"))))
def test_promise_05_only_forward(engine: Twin, text: str, dialect: Dialect) -> None:
    last: Any = MISSING
    try:
        for _, snapshot, edits in steps(engine, text, dialect):
            if not any(isinstance(edit, Reset) for edit in edits):
                assert continues(last, snapshot), (last, snapshot)
            last = snapshot
    except SyntaxFault:
        assert dialect is not LENIENT


@given(text=texts())
def test_promise_06_done_is_final(engine: Twin, text: str) -> None:
    edits = [edit for *_, new in steps(engine, text) for edit in new]
    assert touched_when_final(edits) == []


@given(text=texts())
def test_promise_06_what_is_done_stays_so(engine: Twin, text: str) -> None:
    final: dict[Any, str] = {}
    for parser, snapshot, edits in steps(engine, text):
        resets = [edit.path for edit in edits if isinstance(edit, Reset)]
        final = {
            path: value
            for path, value in final.items()
            if not any(path[: len(reset)] == reset for reset in resets)
        }
        seen = {path: repr(value) for path, value in nodes(snapshot)}
        for path, value in final.items():
            assert seen[path] == value
            assert parser.is_done(path)
        final |= {path: value for path, value in seen.items() if parser.is_done(path)}
        assert parser.open_path is None or not parser.is_done(parser.open_path)


@given(text=texts(), dialect=dialects, data=st.data())
def test_promise_07_edits_rebuild_the_tree(
    engine: Twin, text: str, dialect: Dialect, data: st.DataObject
) -> None:
    parser = engine.parser.Parser(dialect)
    edits = parser.edits()
    with suppress(SyntaxFault):
        for fragment in data.draw(cuts(text)):
            parser.feed(fragment)
            edits += parser.edits()
            assert repr(replayed(edits)) == repr(parser.value)
    value = parser.close().value
    assert repr(replayed(edits + parser.edits())) == repr(value)


@given(text=texts())
def test_promise_07_the_json_patch_rebuilds_it_in_a_client_that_is_not_ours(engine: Twin, text: str) -> None:
    parser = engine.parser.Parser()
    edits = parser.edits()
    parser.feed(text)
    value = parser.close().value
    operations = to_json_patch(edits + parser.edits())
    rebuilt = jsonpatch.apply_patch(None, operations) if operations else MISSING
    assert repr(rebuilt) == repr(value)


# -- 8. A snapshot never changes ------------------------------------------------------------------


@given(text=texts(), data=st.data())
def test_promise_08_a_snapshot_never_changes(engine: Twin, text: str, data: st.DataObject) -> None:
    parser = engine.parser.Parser()
    kept = []
    for fragment in data.draw(cuts(text)):
        parser.feed(fragment)
        snapshot = parser.snapshot()
        kept.append((snapshot, repr(snapshot)))
        assert repr(parser.value) == repr(snapshot)
    value = parser.close().value
    kept.append((value, repr(value)))
    assert [repr(snapshot) for snapshot, _ in kept] == [seen for _, seen in kept]


@given(text=texts())
def test_promise_08_unchanged_subtrees_keep_their_identity(engine: Twin, text: str) -> None:
    last: dict[Any, Any] = {}
    for parser, snapshot, edits in steps(engine, text):
        now = dict(nodes(snapshot))
        if not any(isinstance(edit, Reset) for edit in edits):
            for path, value in last.items():
                assert now[path] is value, path
        last = {path: value for path, value in now.items() if parser.is_done(path)}


# -- 9. Linear ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted() -> tuple[Any, Any]:
    return counting()


@given(text=texts(), repetitions=st.integers(1, 40), size=st.integers(1, 9))
def test_promise_09_each_character_is_read_a_few_times_at_most(
    counted: tuple[Any, Any], text: str, repetitions: int, size: int
) -> None:
    """Work counted in the interpreted machine: 4 looks at each character, and 64 for each feed."""
    make, work = counted
    assert work_on(make(), work, text * repetitions + ".", size) <= 1


@given(text=texts())
def test_promise_09_a_snapshot_copies_only_what_is_open(engine: Twin, text: str) -> None:
    last: dict[Any, Any] = {}
    open_path: Any = None
    for parser, snapshot, edits in steps(engine, text):
        now = dict(nodes(snapshot))
        copied = {path for path, value in last.items() if now.get(path) is not value}
        if not any(isinstance(edit, Reset) for edit in edits):
            assert all(open_path is not None and open_path[: len(path)] == path for path in copied)
        last, open_path = now, parser.open_path


# -- 10. No half characters -----------------------------------------------------------------------


@given(text=texts(), dialect=st.sampled_from((LENIENT, LENIENT.only("none", "form"))))
def test_promise_10_no_half_characters(engine: Twin, text: str, dialect: Dialect) -> None:
    try:
        for parser, snapshot, edits in steps(engine, text, dialect):
            _encode([snapshot, edits, parser.repairs, parser.notices, parser.open_path])
    except SyntaxFault:
        assert dialect is not LENIENT
        return
    document = parser.close()
    _encode([document.value, document.trailing, document.repairs, document.notices])


def _encode(visible: object) -> None:
    for path, value in nodes(visible):
        "".join(step for step in path if isinstance(step, str)).encode()
        (value if isinstance(value, str) else str(value)).encode()


# -- 14. Nothing is lost (the text) ---------------------------------------------------------------


@given(text=texts(), dialect=dialects)
def test_promise_14_what_was_read_before_an_error_stays(engine: Twin, text: str, dialect: Dialect) -> None:
    reading = read(engine, [text], dialect)
    if reading.error is None or reading.error[0] != "SyntaxFault":
        return
    offset = reading.error[1]
    assert isinstance(offset, int)
    parser = engine.parser.Parser(dialect)
    parser.feed(text[:offset])
    assert repr(parser.value) == reading.value
    assert parser.repairs == reading.repairs
    for more in (text[offset:], " "):
        with pytest.raises(SyntaxFault) as fault:
            parser.feed(more)
        assert said(fault.value) == reading.error
        assert repr(parser.value) == reading.value


# -- 17. Every limit has a name and a default -----------------------------------------------------

_FIELDS = ("depth", "text", "nodes", "key", "number", "whitespace", "repairs")


@given(
    text=texts(),
    dialect=dialects,
    small=st.dictionaries(st.sampled_from(_FIELDS), st.integers(0, 6), min_size=1, max_size=2),
    data=st.data(),
)
def test_promise_17_a_limit_is_met_at_the_same_offset_for_any_cut(
    engine: Twin, text: str, dialect: Dialect, small: dict[str, int], data: st.DataObject
) -> None:
    limits = Limits(**small)
    whole = read(engine, [text], dialect, limits)
    assert read(engine, data.draw(cuts(text)), dialect, limits) == whole
    if whole.error and whole.error[0] == "LimitExceeded":
        _, name, allowed, offset, path = whole.error
        assert (name, allowed) in small.items()
        assert isinstance(offset, int)
        assert 0 <= offset <= len(text)
        assert whole.status == "truncated"
        "".join(step for step in path if isinstance(step, str)).encode()  # type: ignore[attr-defined]


@given(text=texts(), data=st.data())
def test_promise_17_what_was_read_before_a_limit_stays(engine: Twin, text: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(("depth", "text", "nodes", "key", "number", "whitespace")))
    parser = engine.parser.Parser(limits=Limits(**{name: data.draw(st.integers(0, 6))}))
    try:
        parser.feed(text)
    except LimitExceeded as fault:
        first = said(fault)
    else:
        return
    value = repr(parser.value)
    with pytest.raises(LimitExceeded) as again:
        parser.feed("]}")
    assert said(again.value) == first
    assert (repr(parser.value), parser.status) == (value, "truncated")
