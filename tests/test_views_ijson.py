"""ijson's functions over our events. ijson's own Python backend is the oracle."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import io
import itertools
import json
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

ijson = pytest.importorskip("ijson", "3.5")
oracle = pytest.importorskip("ijson.backends.python")

from partialjson.dialects import LENIENT, STRICT  # noqa: E402
from partialjson.errors import LimitExceeded, SyntaxFault  # noqa: E402
from partialjson.limits import Limits  # noqa: E402
from partialjson.missing import MISSING  # noqa: E402
from partialjson.parser import Parser  # noqa: E402
from partialjson.testing import broken_texts, cuts, json_texts  # noqa: E402
from partialjson.views import ijson as ours  # noqa: E402

Events: TypeAlias = list[tuple[str, Any]]

TEXTS: Final = json_texts(repeated_names=True)
PLAN: Final = (
    '{"plan": "two steps", "steps": [{"id": 1, "files": ["a.py", "b.py"], "cost": 0.5},'
    ' {"id": 2, "files": [], "cost": 1e3, "done": null}], "ok": true, "": {"": [[1], {}]}, "a.b": "\\u20ac"}'
)
PREFIXES: Final = (
    "",
    "steps",
    "steps.item",
    "steps.item.files",
    "steps.item.files.item",
    "ok",
    ".",
    "a.b",
    "no",
)


def push(module: Any, chunks: Iterable[bytes], **options: Any) -> tuple[Events, str]:
    """The events of ``chunks``, and the name of the error, if any."""
    events = ijson.sendable_list()
    coroutine = module.basic_parse_coro(events, **options)
    try:
        for chunk in filter(None, chunks):
            coroutine.send(chunk)
        coroutine.close()
    except ijson.JSONError as error:
        return list(events), type(error).__name__
    return list(events), ""


def without_names(events: Events) -> Events:
    return [event for event in events if event[0] != "map_key"]


def bytes_of(fragments: Iterable[str]) -> list[bytes]:
    return [fragment.encode("utf-8") for fragment in fragments]


# -- with STRICT: as ijson ----------------------------------------------------------------------


@given(TEXTS.map(str.encode).flatmap(cuts), st.booleans())
def test_valid_documents_give_ijsons_events(chunks: list[bytes], use_float: bool) -> None:
    expected = list(oracle.basic_parse(b"".join(chunks), use_float=use_float))
    for dialect in (STRICT, LENIENT):
        events, error = push(ours, chunks, dialect=dialect, use_float=use_float)
        assert repr(events) == repr(expected)
        assert error == ""


@given(broken_texts(TEXTS).flatmap(cuts))
def test_broken_documents_are_refused_where_ijson_was(fragments: list[str]) -> None:
    text = "".join(fragments)
    try:
        json.loads(text, parse_constant=lambda name: json.loads("refused"))
        valid = True
    except ValueError:
        valid = False
    events, error = push(ours, bytes_of(fragments), dialect=STRICT)
    assert (error == "") == valid
    try:
        expected, refusal = push(oracle, [text.encode()])
    except json.JSONDecodeError:  # the Python backend lets one through for a control character
        assume(False)
    if valid:
        assert repr(events) == repr(expected)
        assert refusal == ""
    together = zip(without_names(events), without_names(expected), strict=False)
    assert all(repr(one) == repr(other) for one, other in together)


@given(TEXTS, st.data())
def test_a_document_that_is_cut_is_incomplete(text: str, data: st.DataObject) -> None:
    text = text.strip(" \t\n\r")
    assume(text[0] in '[{"tfn')
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    chunks = data.draw(cuts(cut.encode()))
    assert push(ours, chunks, dialect=STRICT)[1] == "IncompleteJSONError"
    assert push(oracle, [cut.encode()])[1]  # inside a number it has another name


@pytest.mark.parametrize("text", ["", " ", "[1] ", "[1] {", "1 2", "[1]]", '"a""b"', "nul"])
def test_many_values_end_as_in_ijson(text: str) -> None:
    expected, error = push(oracle, [text.encode()], multiple_values=True)
    events, name = push(ours, [text.encode()], multiple_values=True, dialect=STRICT)
    assert events == expected
    assert bool(name) == bool(error)
    assert (name == "IncompleteJSONError") == (error == "IncompleteJSONError")


@pytest.mark.parametrize("text", [b"", b" ", b"[", b"tru", b"-", b'"\xe2\x82', b'{"a"'])
def test_where_only_the_end_is_missing_the_error_says_so(text: bytes) -> None:
    with pytest.raises(ijson.IncompleteJSONError, match=r"^expected .*, got the end of the input$"):
        list(ours.basic_parse(text, dialect=STRICT))


@pytest.mark.parametrize(
    "text", [b"[1 2]", b"[1]]", b'"\xff"', b"1\xe2", b"\xef\xbb\xbf1", b'"\x01"', b"[01]"]
)
def test_what_is_broken_is_no_incomplete_document(text: bytes) -> None:
    with pytest.raises(ijson.JSONError) as caught:
        list(ours.basic_parse(text, dialect=STRICT))
    assert type(caught.value) is ijson.JSONError


def test_an_error_says_where_and_keeps_its_cause() -> None:
    with pytest.raises(ijson.JSONError, match=r"got 'x' at line 2 column 3") as caught:
        list(ours.basic_parse(b'{"a":\n  x}', dialect=STRICT))
    assert isinstance(caught.value.__cause__, SyntaxFault)


# -- with LENIENT: what is broken works ---------------------------------------------------------


@given(broken_texts(TEXTS).flatmap(cuts))
def test_events_of_any_text_build_the_parsers_value(fragments: list[str]) -> None:
    events, error = push(ours, bytes_of(fragments), use_float=True)
    assert error == ""
    builder = ijson.ObjectBuilder()
    builder.value = None  # ijson 3.5 has none without events
    for event, value in events:
        builder.event(event, value)
    kinds = [event.partition("_")[0] for event, _ in events]
    assert kinds.count("start") == kinds.count("end")
    parser = Parser(LENIENT)
    parser.feed("".join(fragments))
    value = parser.close().value
    assert repr(builder.value) == repr(None if value is MISSING else value)


@given(broken_texts(TEXTS).flatmap(cuts))
def test_any_cut_gives_the_same_events(fragments: list[str]) -> None:
    whole = push(ours, bytes_of(["".join(fragments)]))
    assert repr(push(ours, bytes_of(fragments))) == repr(whole)


def test_items_of_broken_documents() -> None:
    text = 'So:\n```json\n{steps: [{"id": 1, "text": "a",}, {"id": 2 "text": \'b\'}, {"id": 3, "text": "c'
    assert list(ours.items(text.encode(), "steps.item")) == [
        {"id": 1, "text": "a"},
        {"id": 2, "text": "b"},
        {"id": 3, "text": "c"},
    ]
    assert list(ours.items(b"prose alone", "")) == []


def test_a_dialect_that_takes_no_guesses_closes_nothing() -> None:
    text = b"{'a': [1, 2,],"
    assert list(ours.items(text, "a")) == [[1, 2]]
    pieces = ours.items(text, "a", dialect=LENIENT.only("none", "form"))
    assert next(pieces) == [1, 2]
    with pytest.raises(ijson.IncompleteJSONError):
        next(pieces)


def test_a_string_comes_when_it_is_whole() -> None:
    events = ijson.sendable_list()
    coroutine = ours.basic_parse_coro(events)
    for chunk in (b'["one', b" two", b'" ', b","):
        coroutine.send(chunk)
        seen = [value for event, value in events if event == "string"]
        assert seen == (["one two"] if chunk == b"," else [])


# -- options ------------------------------------------------------------------------------------


def test_numbers() -> None:
    text = b"[1, -0, 1.10, 1E400, 123456789012345678901234567890]"
    assert repr(list(ours.items(text, ""))) == repr(list(oracle.items(text, "")))
    assert list(ours.items(b"[1.5, 1E400]", "item", use_float=True)) == [1.5, float("inf")]


@pytest.mark.parametrize("text", [b"[1, // one\n2]", b"/* a */[1, 2]", b"[1/**/,2] // end"])
def test_comments(text: bytes) -> None:
    assert list(ours.items(text, "", dialect=STRICT, allow_comments=True)) == [[1, 2]]
    assert list(ours.items(text, "")) == [[1, 2]]
    with pytest.raises(ijson.JSONError):
        list(ours.items(text, "", dialect=STRICT))


def test_limits_are_errors_of_ijson() -> None:
    with pytest.raises(ijson.JSONError, match="depth") as caught:
        list(ours.basic_parse(b"[" * 200))
    assert isinstance(caught.value.__cause__, LimitExceeded)
    assert len(list(ours.basic_parse(b"[" * 200, limits=Limits.none()))) == 400
    for dialect in (STRICT, LENIENT):  # here the number counts at the end only
        with pytest.raises(ijson.JSONError, match="nodes"):
            list(ours.basic_parse(b"1", dialect=dialect, limits=Limits(nodes=0)))


def test_events_before_an_error_are_delivered() -> None:
    events = ours.basic_parse(b'[1, "a", }', dialect=STRICT)
    assert list(itertools.islice(events, 3)) == [("start_array", None), ("number", 1), ("string", "a")]
    with pytest.raises(ijson.JSONError):
        next(events)


def test_an_unknown_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="no_such_option"):
        ours.basic_parse_coro(ijson.sendable_list(), no_such_option=True)


# -- all functions, all styles, all sources -----------------------------------------------------

FUNCTIONS: Final[dict[str, list[tuple[str, ...]]]] = {
    "basic_parse": [()],
    "parse": [()],
    "items": [(prefix,) for prefix in PREFIXES],
    "kvitems": [(prefix,) for prefix in PREFIXES],
}
CALLS: Final = [(name, arguments) for name, all_arguments in FUNCTIONS.items() for arguments in all_arguments]
DATA: Final = PLAN.encode()
CHUNKS: Final = [DATA[start : start + 7] for start in range(0, len(DATA), 7)]


class AsyncFile:
    def __init__(self, data: Any) -> None:
        self.file = io.BytesIO(data) if isinstance(data, bytes) else io.StringIO(data)

    async def read(self, size: int) -> Any:
        return self.file.read(size)


async def drip(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def gathered(results: Any) -> list[Any]:
    if not hasattr(results, "__aiter__"):
        return list(results)

    async def gather() -> list[Any]:
        return [result async for result in results]

    return asyncio.run(gather())


SOURCES: Final[dict[str, Callable[[Any], Any]]] = {
    "bytes": lambda module: DATA,
    "file": lambda module: io.BytesIO(DATA),
    "iterable": lambda module: module.from_iter(CHUNKS),
    "asynchronous file": lambda module: AsyncFile(DATA),
    "asynchronous iterable": lambda module: module.from_iter(drip(CHUNKS)),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_every_source(source: str, name: str, arguments: tuple[str, ...]) -> None:
    make = SOURCES[source]
    expected = gathered(getattr(oracle, name)(make(ijson), *arguments, buf_size=5))
    assert repr(gathered(getattr(ours, name)(make(ours), *arguments, buf_size=5))) == repr(expected)
    style = "_async" if source.startswith("asynchronous") else "_gen"
    if source != "bytes":
        assert repr(gathered(getattr(ours, name + style)(make(ours), *arguments))) == repr(expected)


@pytest.mark.parametrize("source", [PLAN, io.StringIO(PLAN), AsyncFile(PLAN)], ids=["str", "file", "async"])
def test_text_works_with_ijsons_warning(source: Any) -> None:
    with pytest.warns(DeprecationWarning, match="ijson works by reading bytes"):
        assert gathered(ours.items(source, "steps.item.id")) == [1, 2]


@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_pushing(name: str, arguments: tuple[str, ...]) -> None:
    expected = list(getattr(oracle, name)(DATA, *arguments))
    results = ijson.sendable_list()
    coroutine = getattr(ours, name + "_coro")(results, *arguments)
    for chunk in CHUNKS:
        coroutine.send(chunk)
    coroutine.close()
    assert repr(results) == repr(expected)


def test_events_as_a_source() -> None:
    assert list(ours.parse(ours.basic_parse(DATA))) == list(oracle.parse(DATA))
    for prefix in PREFIXES:
        assert list(ours.items(ours.parse(DATA), prefix)) == list(oracle.items(DATA, prefix))
        assert list(ours.kvitems(ours.parse(DATA), prefix)) == list(oracle.kvitems(DATA, prefix))


def test_the_type_of_maps() -> None:
    assert type(next(ours.items(DATA, "steps.item", map_type=OrderedDict))) is OrderedDict
    assert type(dict(ours.kvitems(DATA, "", map_type=OrderedDict))[""]) is OrderedDict


def test_what_is_no_source_is_refused_as_by_ijson() -> None:
    for module in (ours, oracle):
        with pytest.raises(ValueError, match="Unknown source type"):
            module.basic_parse(1)


def test_the_names_are_ijsons() -> None:
    theirs = {name for name, value in vars(ijson).items() if callable(value) and not name.startswith("_")}
    assert theirs - {"get_backend"} <= set(ours.__all__)
    assert set(ours.__all__) <= theirs | {name for name in vars(oracle) if name.endswith("_gen")}
    for name in FUNCTIONS:
        for style in ("", "_coro", "_gen", "_async"):
            mine, other = (getattr(module, name + style) for module in (ours, oracle))
            assert inspect.signature(mine) == inspect.signature(other)
    for name in ("JSONError", "IncompleteJSONError", "ObjectBuilder", "coroutine", "sendable_list"):
        assert getattr(ours, name) is getattr(ijson, name)


# -- the end ------------------------------------------------------------------------------------


def test_an_empty_chunk_of_an_iterable_is_not_the_end() -> None:
    assert list(ours.items(ours.from_iter([b"", b"[1,", b"", b"2]", b""]), "item")) == [1, 2]
    assert gathered(ours.items(ours.from_iter(drip([b"", b"[1,", b"", b"2]"])), "item")) == [1, 2]


def test_an_empty_chunk_sent_is_the_end_as_in_ijson() -> None:
    for module in (ours, oracle):
        events = ijson.sendable_list()
        coroutine = module.basic_parse_coro(events)
        coroutine.send(b"[1]")
        for _ in range(2):
            with pytest.raises(StopIteration):
                coroutine.send(b"")
        with pytest.raises(StopIteration):
            coroutine.send(b"[2]")
        coroutine.close()
        assert events == [("start_array", None), ("number", 1), ("end_array", None)]


def test_after_an_error_a_coroutine_is_over() -> None:
    for module, options in ((ours, {"dialect": STRICT}), (oracle, {})):
        coroutine = module.basic_parse_coro(ijson.sendable_list(), **options)
        with pytest.raises(ijson.JSONError):
            coroutine.send(b"} ")
        with pytest.raises(StopIteration):
            coroutine.send(b"[]")
        coroutine.close()


def test_closing_twice_is_closing_once() -> None:
    events = ijson.sendable_list()
    coroutine = ours.basic_parse_coro(events)
    coroutine.send(b"[")
    coroutine.close()
    coroutine.close()
    assert events == [("start_array", None), ("end_array", None)]


@pytest.mark.parametrize("text", [b'{"a": [1, "b', b"", b"[1, 2]"])
def test_what_is_dropped_prints_nothing(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    coroutine = ours.items_coro(ijson.sendable_list(), "a", dialect=STRICT)
    if text:
        coroutine.send(text)
    events = ours.basic_parse(ours.from_iter([text or b" ", b"[1"]), dialect=STRICT)
    with contextlib.suppress(ijson.JSONError):
        next(events)
    del coroutine, events
    gc.collect()
    assert unraisable == []
