"""The promises of the README, each under its number.

What is promised of every input is tested with every input that the strategies of ``texts.py`` can
think of, with the compiled and the interpreted machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import jsonpatch
import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field, ValidationError

from benchmarks.work import counting, work_on
from partialjson.calls import CallFinished, ToolCallAccumulator
from partialjson.dialects import JSON5, LENIENT, STRICT, Dialect
from partialjson.edits import Edit, Reset, merged
from partialjson.errors import LimitExceeded, SyntaxFault
from partialjson.limits import Limits
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.schema import EarlyValidator, SchemaFault, validator_for
from partialjson.testing import cuts, json_values
from partialjson.views.patch import to_json_patch
from tests import specification, twins
from tests.readings import DIALECTS, continues, nodes, read, replayed, said, touched_when_final
from tests.test_schema_generator import schemas
from tests.test_schema_generator import values as schema_values
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
    for record in (*reading.repairs, *reading.notices):
        assert 0 <= record.start <= record.end <= len(text)


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


# -- 11. Only the provider's word finishes a call -------------------------------------------------

objects = st.dictionaries(st.text(max_size=3), json_values(max_leaves=4), min_size=1, max_size=3)
calls = st.lists(objects, min_size=1, max_size=4)


def finished(events: Iterable[object]) -> list[CallFinished]:
    return [event for event in events if isinstance(event, CallFinished)]


@given(values=calls, data=st.data())
def test_promise_11_only_the_providers_word_finishes_a_call(
    values: list[object], data: st.DataObject
) -> None:
    accumulator = ToolCallAccumulator()
    for number, value in enumerate(values):
        for fragment in data.draw(cuts(json.dumps(value))):
            assert not finished(accumulator.add(f"call_{number}", fragment, name="tool"))
    ended = data.draw(st.sets(st.sampled_from(range(len(values)))))
    for number in ended:
        (event,) = finished(accumulator.end(f"call_{number}"))
        assert (event.arguments, event.executable) == (values[number], True)
    report = accumulator.close()
    assert {event.id for event in report.finished} == {f"call_{number}" for number in ended}
    assert [event.reason for event in report.failed] == ["cut"] * (len(values) - len(ended))
    assert not any(hasattr(holder, "arguments") for holder in (*report.calls, *report.failed))


@given(text=texts())
def test_promise_11_a_guess_is_finished_but_not_executable(text: str) -> None:
    accumulator = ToolCallAccumulator()
    accumulator.add("A", text, name="tool")
    for event in finished(accumulator.end("A")):
        assert event.executable == (not event.reasons)
        if any(repair.loss == "guess" for repair in event.repairs):
            assert not event.executable


# -- 12. One bad call never harms another ---------------------------------------------------------

WIRE_NAMES = st.sampled_from(
    [
        *("choices", "delta", "tool_calls", "index", "id", "function", "name", "arguments", "type"),
        *("finish_reason", "content_block", "content_block_delta", "partial_json", "input", "error"),
        *("message", "usage", "content"),
    ]
)
payloads = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WIRE_NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WIRE_NAMES, inner, max_size=4),
    max_leaves=10,
)


@given(good=calls, bad=texts(), data=st.data())
def test_promise_12_one_bad_call_never_harms_another(
    good: list[object], bad: str, data: st.DataObject
) -> None:
    """The bad text comes between all fragments of the good ones."""
    accumulator = ToolCallAccumulator()
    for number, value in enumerate(good):
        for fragment in data.draw(cuts(json.dumps(value))):
            accumulator.add(f"call_{number}", fragment, name="good")
            accumulator.add("bad", bad, name="bad")
    accumulator.end("bad")
    for number, value in enumerate(good):
        (event,) = finished(accumulator.end(f"call_{number}"))
        assert (event.arguments, event.executable) == (value, True)


@given(stream=st.lists(payloads | byte_texts() | texts() | st.just(object()), max_size=8))
def test_promise_12_feed_never_raises(stream: list[object]) -> None:
    accumulator = ToolCallAccumulator()
    for payload in stream:
        accumulator.feed(payload)
    report = accumulator.close()
    assert {call.state for call in report.calls} <= {"finished", "failed"}
    json.dumps(report.to_json()).encode()


# -- 13. Any interleaving gives the same calls ----------------------------------------------------


@given(values=calls, data=st.data())
def test_promise_13_any_interleaving_gives_the_same_calls(values: list[object], data: st.DataObject) -> None:
    waiting = [
        [{"index": number, "id": f"call_{number}", "function": {"name": f"tool_{number}", "arguments": ""}}]
        + [
            {"index": number, "function": {"arguments": fragment}}
            for fragment in data.draw(cuts(json.dumps(value)))
        ]
        for number, value in enumerate(values)
    ]
    accumulator = ToolCallAccumulator()
    while any(waiting):
        queue = data.draw(st.sampled_from([queue for queue in waiting if queue]))
        delta = {"tool_calls": [queue.pop(0)]}
        assert not finished(
            accumulator.feed({"object": "chat.completion.chunk", "choices": [{"delta": delta}]})
        )
    ending = {"delta": {}, "finish_reason": "tool_calls"}
    accumulator.feed({"object": "chat.completion.chunk", "choices": [ending]})
    report = accumulator.close()
    assert {event.id: (event.name, event.arguments) for event in report.finished} == {
        f"call_{number}": (f"tool_{number}", value) for number, value in enumerate(values)
    }
    assert report.failed == ()


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
    before = parser.snapshot()
    # The refused character may itself have ended a number or a word, with a repair, before it was refused.
    assert reading.repairs[: len(parser.repairs)] == parser.repairs
    for more in (text[offset:], " "):
        with pytest.raises(SyntaxFault) as fault:
            parser.feed(more)
        assert said(fault.value) == reading.error
        assert repr(parser.value) == reading.value
        assert continues(before, parser.value)


@given(values=calls, limit=st.integers(0, 30), data=st.data())
def test_promise_14_the_raw_text_of_every_call_can_be_read_at_any_time(
    values: list[object], limit: int, data: st.DataObject
) -> None:
    """Of text that only continues; a limit cuts it off and counts what it cut."""
    accumulator = ToolCallAccumulator(dialect=STRICT, limits=Limits(text=limit))
    sent = {f"call_{number}": "" for number in range(len(values))}
    for number, value in enumerate(values):
        text = json.dumps(value)
        for fragment in data.draw(cuts(text[: data.draw(st.integers(1, len(text)))])):
            sent[f"call_{number}"] += fragment
            accumulator.add(f"call_{number}", fragment, name="tool")
            for call in accumulator.calls:
                assert sent[call.id].startswith(call.raw)
                assert len(call.raw) + call.lost == len(sent[call.id])
    before = {call.key: call.raw for call in accumulator.calls}
    report = data.draw(st.sampled_from((accumulator.close, accumulator.abort)))()
    assert {call.key: call.raw for call in report.calls} == before
    assert {event.key: event.raw for event in report.failed} == before


# -- 15. Early violation is sound -----------------------------------------------------------------


@given(schema=schemas(), value=schema_values(), data=st.data())
def test_promise_15_no_early_violation_of_what_passes_in_the_end(
    schema: Any, value: Any, data: st.DataObject
) -> None:
    try:
        early = EarlyValidator(schema)
    except SchemaFault as fault:  # a reference to itself
        note(str(fault))
        return
    parser = Parser(STRICT)
    violations = early.feed(parser.edits())
    for fragment in data.draw(cuts(json.dumps(value))):
        parser.feed(fragment)
        violations += early.feed(parser.edits())
    parser.close()
    violations += early.feed(parser.edits())
    if violations:
        assert not Draft202012Validator(schema).is_valid(value)


# -- 16. The final verdict is the validator's own -------------------------------------------------


@given(schema=schemas(), value=schema_values())
def test_promise_16_the_final_verdict_is_jsonschemas_own(schema: Any, value: Any) -> None:
    try:
        verdict = validator_for(schema)(value)
    except SchemaFault as fault:  # a reference to itself, a pattern that takes too long
        note(str(fault))
        return
    errors = list(Draft202012Validator(schema).iter_errors(value))
    assert [(error.path, error.schema_path, error.message) for error in verdict.errors] == [
        (tuple(error.absolute_path), tuple(error.absolute_schema_path), error.message) for error in errors
    ]
    assert verdict.valid == (not errors)


@given(value=json_values(max_leaves=5) | st.fixed_dictionaries({"city": st.text(), "days": st.integers()}))
def test_promise_16_the_final_verdict_is_pydantics_own(value: Any) -> None:
    class Weather(BaseModel):
        city: str
        days: int = Field(1, ge=1)

    verdict = validator_for(Weather)(value)
    instance, errors = None, []
    try:
        instance = Weather.model_validate_json(json.dumps(value))
    except ValidationError as refusal:
        errors = refusal.errors()
    assert verdict.valid == (not errors)
    assert verdict.value == (value if errors else instance)
    assert [(error.path, error.keyword, error.message) for error in verdict.errors] == [
        (error["loc"], error["type"], error["msg"]) for error in errors
    ]


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


# -- 18. A checkpoint is plain JSON data ----------------------------------------------------------


@given(text=texts(), dialect=st.sampled_from((STRICT, JSON5, LENIENT)), many=st.booleans(), data=st.data())
def test_promise_18_what_is_restored_goes_on_identically(
    engine: Twin, text: str, dialect: Dialect, many: bool, data: st.DataObject
) -> None:
    """Written down and read back after every fragment, in a parser that never saw the text before."""
    whole = read(engine, [text], dialect, many=many)
    parser = engine.parser.Parser(dialect, many=many)
    edits = parser.edits()
    values: list[object] = []
    with suppress(SyntaxFault):
        for fragment in data.draw(cuts(text)):
            parser = engine.parser.Parser.restore(json.loads(json.dumps(parser.checkpoint())))
            parser.feed(fragment)
            edits += parser.edits()
            values += parser.values()
    document = parser.close()
    edits += parser.edits()
    values += parser.values()
    assert (repr(document.value), document.status, document.repairs, document.notices) == whole[:4]
    assert (document.trailing, repr(merged(edits)), repr(values)) == (
        whole.trailing,
        whole.edits,
        whole.values,
    )


# -- 20. Compiled equals interpreted --------------------------------------------------------------


@pytest.fixture(scope="module")
def both() -> tuple[Twin, Twin]:
    if reason := twins.why_not_compiled():
        pytest.skip(f"no compiled machine: {reason}")
    return twins.compiled(), twins.interpreted()


@given(
    encoded=byte_texts(),
    dialect=dialects,
    small=st.dictionaries(st.sampled_from(_FIELDS), st.integers(0, 30), max_size=2),
    numbers=st.sampled_from(("python", "decimal", str)),
    many=st.booleans(),
    data=st.data(),
)
def test_promise_20_compiled_equals_interpreted(
    both: tuple[Twin, Twin],
    encoded: bytes,
    dialect: Dialect,
    small: dict[str, int],
    numbers: Any,
    many: bool,
    data: st.DataObject,
) -> None:
    """Also in the errors, their positions, and in what can be seen between the fragments."""
    fragments = data.draw(cuts(encoded))
    limits = Limits(**small)
    compiled, interpreted = (
        read(engine, fragments, dialect, limits, numbers=numbers, many=many) for engine in both
    )
    assert compiled == interpreted
    parsers = [engine.parser.Parser(dialect, limits=limits, numbers=numbers, many=many) for engine in both]
    for fragment in fragments:
        for parser in parsers:
            with suppress(SyntaxFault, LimitExceeded):
                parser.feed(fragment)
        ours, theirs = (
            (repr(p.value), p.status, p.open_path, p.expected, p.offset, p.repairs, p.notices, p.completion())
            for p in parsers
        )
        assert ours == theirs
    if isinstance(numbers, str):
        assert parsers[0].checkpoint() == parsers[1].checkpoint()
