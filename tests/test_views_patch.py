"""The messages rebuild the tree in clients that are not ours: ``jsonpatch``, and JavaScript."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partialjson.dialects import LENIENT, STRICT, Dialect
from partialjson.edits import Done, Edit, Grow, Put, Reset, merged
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.testing import assert_any_cut, broken_texts, cuts, json_texts
from partialjson.views import patch
from partialjson.views.patch import CompactReader, JSONPatch, Replica, to_compact, to_json_patch

TEXTS: Final = st.one_of(
    json_texts(repeated_names=True, lone_surrogates=True),
    broken_texts(json_texts(repeated_names=True)),
)
FRAGMENTS: Final = TEXTS.flatmap(cuts)

NAMES: Final = [
    "",
    "/",
    "~",
    "~1",
    "~0",
    "a/b~c",
    "-",
    "0",
    "1",
    "01",
    "__proto__",
    "constructor",
    "\u20ac\n\0",
]
NAMED: Final = json.dumps(
    {name: [{name: ["x", {"0": "y"}], "length": 3}, "abc", 0.5, None] for name in NAMES}, ensure_ascii=False
)


def steps(
    fragments: Iterable[str], dialect: Dialect = LENIENT, *, many: bool = False
) -> Iterator[tuple[list[Edit], object]]:
    """After each fragment, and after the end: the edits since the last one, and the value."""
    parser = Parser(dialect, many=many)
    parser.edits()
    for fragment in fragments:
        parser.feed(fragment)
        yield parser.edits(), parser.value
    parser.close()
    yield parser.edits(), parser.value


def wire(message: object) -> Any:
    """Through JSON text and back, as to another process."""
    return json.loads(json.dumps(message))


def same(one: object, other: object) -> bool:
    """Equal, also where NaN is, and with the names in the same order; ``True`` is not 1."""
    return repr(one) == repr(other)


def shows(value: object, expected: object) -> bool:
    return same(value, None if expected is MISSING else expected)


# -- JSON Patch ---------------------------------------------------------------------------------


@given(FRAGMENTS)
def test_json_patch_replays_in_a_client_that_is_not_ours(fragments: list[str]) -> None:
    writer = JSONPatch()
    document: Any = None
    for edits, value in steps(fragments):
        document = jsonpatch.apply_patch(document, wire(writer.feed(edits)))
        assert shows(document, value)


@given(FRAGMENTS)
def test_json_patch_of_a_whole_stream_is_one_operation_a_value(fragments: list[str]) -> None:
    edits = [edit for step, _ in steps(fragments) for edit in step]
    operations = to_json_patch(edits)
    assert len(operations) == sum(isinstance(edit, Put) for edit in edits)
    *_, (_, value) = steps(fragments)
    assert shows(jsonpatch.apply_patch(None, wire(operations)), value)


def test_a_string_that_grows_is_restated() -> None:
    writer = JSONPatch()
    assert [writer.feed(edits) for edits, _ in steps(['{"a": "Hel', "lo", ' you"}'], STRICT)] == [
        [{"op": "add", "path": "", "value": {}}, {"op": "add", "path": "/a", "value": "Hel"}],
        [{"op": "replace", "path": "/a", "value": "Hello"}],
        [{"op": "replace", "path": "/a", "value": "Hello you"}],
        [],
    ]


def test_a_repeated_name_is_replaced() -> None:
    assert [
        operation["op"] for operation in to_json_patch(next(steps(['{"a": 1, "b": 2, "a": {}}']))[0])
    ] == [
        "add",
        "add",
        "add",
        "replace",
    ]


def test_the_next_of_many_documents_is_added_to_anew() -> None:
    document: Any = None
    writer = JSONPatch()
    for edits, _ in steps(['{"a": 1, "a": 2} ', '{"a": 3', "}"], many=True):
        document = jsonpatch.apply_patch(document, wire(writer.feed(edits)))
    assert document == {"a": 3}


def test_a_gap_in_the_edits_is_refused() -> None:
    first, second, _ = (edits for edits, _ in steps(['["a', 'b"]']))
    with pytest.raises(ValueError, match="'/0'"):
        to_json_patch(second)
    with pytest.raises(ValueError, match="''"):
        to_json_patch([*first, Grow((), "text")])


# -- the compact form ---------------------------------------------------------------------------


@given(FRAGMENTS)
def test_the_compact_form_is_read_back_as_the_edits(fragments: list[str]) -> None:
    reader = CompactReader()
    for edits, _ in steps(fragments):
        assert same(reader.feed(wire(to_compact(edits))), merged(edits))


@given(FRAGMENTS)
def test_a_replica_has_the_parsers_value_after_each_message(fragments: list[str]) -> None:
    reader, replica = CompactReader(), Replica()
    for edits, value in steps(fragments):
        assert same(replica.feed(reader.feed(wire(to_compact(edits)))), value)


@given(FRAGMENTS, st.integers(0, 10))
def test_a_replica_can_join_late(fragments: list[str], late: int) -> None:
    parser, replica = Parser(), Replica()
    for number, fragment in enumerate(fragments):
        parser.feed(fragment)
        if number >= late:
            assert same(replica.feed(parser.edits()), parser.value)


def test_any_cut_gives_the_same_messages_when_they_are_joined() -> None:
    def joined(fragments: Iterable[str]) -> list[Edit]:
        reader = CompactReader()
        return merged(
            [edit for edits, _ in steps(fragments) for edit in reader.feed(wire(to_compact(edits)))]
        )

    assert_any_cut(joined, NAMED)


def test_one_value_after_another_in_one_replica() -> None:
    reader, replica = CompactReader(), Replica()
    seen = [
        replica.feed(reader.feed(to_compact(edits)))
        for edits, _ in steps(["[1]\n", '{"a": "b', '"}'], many=True)
    ]
    assert seen == [[1], {"a": "b"}, {"a": "b"}, {"a": "b"}]


def size(messages: Iterable[object]) -> int:
    return sum(
        len(json.dumps(message, separators=(",", ":"), ensure_ascii=False)) for message in messages if message
    )


LONG: Final = "n" * 4_000
SHAPES: Final[dict[str, Callable[[int], str]]] = {
    "one long string": lambda n: json.dumps("a" * n),
    "escapes": lambda n: '"' + "\\n" * (n // 2) + '"',
    "a wide array": lambda n: json.dumps([0] * (n // 3)),
    "small members": lambda n: json.dumps({str(i): 1 for i in range(n // 10)}),
    "members under a long name": lambda n: json.dumps({LONG: {str(i): 1 for i in range(n // 10)}}),
    "members under long names": lambda n: json.dumps({LONG: {LONG: {LONG: [""] * (n // 4)}}}),
    "deep": lambda n: "[" * 100 + "[]," * (n // 3),
    "deep and shallow": lambda n: "[" + ("[" * 50 + "]" * 50 + ",") * (n // 100),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("length", [1, 4, 1 << 30])
def test_the_messages_together_are_linear_in_the_text(shape: str, length: int) -> None:
    text = SHAPES[shape](20_000)
    fragments = [text[start : start + length] for start in range(0, len(text), length)]
    assert size(to_compact(edits) for edits, _ in steps(fragments)) <= 8 * len(text) + 16


@given(FRAGMENTS)
def test_the_messages_together_are_never_much_longer_than_the_text(fragments: list[str]) -> None:
    # The most dear: a control character, raw in the text, alone in its fragment.
    assert size(to_compact(edits) for edits, _ in steps(fragments)) <= 12 * sum(map(len, fragments)) + 16


def test_the_message_of_the_documentation() -> None:
    assert patch.__doc__ is not None
    text, message = re.findall(r"``(\{.*?\})`` is ``(\[\[.*?\])``", patch.__doc__)[0]
    edits = [edit for step, _ in steps([text]) for edit in step]
    assert json.loads(message) == to_compact(edits)


@pytest.mark.parametrize(
    "item",
    [None, True, 1.5, {}, -1, 3, [], [1], [1, None], [1, 0.5, 0], [3, "a", 0], [-1, "a", 0], [1, "a", 0, 0]],
    ids=repr,
)
def test_what_is_no_item_is_refused(item: Any) -> None:
    reader = CompactReader()
    assert reader.feed([[0, "", {}], [1, "a", 0]]) == [Put((), {}), Put(("a",), 0)]
    with pytest.raises(ValueError, match="no edit in the compact form"):
        reader.feed([item])


@pytest.mark.parametrize(
    "edits",
    [
        [Grow((), "text")],
        [Put(("a",), 1)],
        [Put((), 1), Grow((), "text")],
        [Put((), 1), Put(("a",), 1)],
        [Put((), []), Put((1,), 1)],
        [Put((), []), Put(("a",), 1)],
    ],
    ids=repr,
)
def test_edits_that_fit_nowhere_are_refused(edits: list[Edit]) -> None:
    with pytest.raises((LookupError, TypeError)):
        Replica().feed(edits)


def test_a_replica_without_a_value_says_so() -> None:
    assert Replica().value is MISSING
    assert Replica().feed([]) is MISSING


# -- both ---------------------------------------------------------------------------------------


def test_names_and_indexes_are_never_mixed_up() -> None:
    writer, reader, replica = JSONPatch(), CompactReader(), Replica()
    document: Any = None
    for edits, value in steps(NAMED):
        document = jsonpatch.apply_patch(document, wire(writer.feed(edits)))
        assert shows(document, value)
        assert same(replica.feed(reader.feed(wire(to_compact(edits)))), value)
    assert document == json.loads(NAMED)


def test_clients_do_not_change_the_edits() -> None:
    edits = [edit for step, _ in steps([NAMED]) for edit in step]
    before = repr(edits)
    jsonpatch.apply_patch(None, to_json_patch(edits))
    Replica().feed(CompactReader().feed(to_compact(edits)))
    Replica().feed(edits)
    assert repr(edits) == before


def test_neighbouring_growths_are_one() -> None:
    edits = [Put((), ""), *[Grow((), "a")] * 3]
    assert to_compact(edits) == [[0, "", ""], "aaa"]
    assert to_json_patch(edits) == [{"op": "add", "path": "", "value": "aaa"}]


def test_every_kind_of_edit_has_a_form() -> None:
    assert to_compact(
        [Put((), {}), Put(("a",), ""), Done(("a",)), Reset(("a",)), Put(("a",), 1), Done(())]
    ) == [
        [0, "", {}],
        [1, "a", ""],
        1,
        [1, "a"],
        [1, "a", 1],
        0,
    ]


# -- JavaScript ---------------------------------------------------------------------------------

DRIVER: Final = """
for (const document of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  const feed = replica();
  console.log(JSON.stringify(document.map((message) => JSON.stringify(feed(message)) ?? null)));
}
"""


def test_the_client_of_the_documentation_rebuilds_the_tree() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node to run JavaScript")
    assert patch.__doc__ is not None
    client = textwrap.dedent(patch.__doc__.split("A client::\n")[1].split("\nIn Python")[0])
    texts = [
        NAMED,
        '{"a": 1, "b": {"c": "x"}, "a": "again", "b": [[], {}, "abc"]}',
        'Sure: ```json\n{"__proto__": {"polluted": true}, steps: [{"text": "two\nlines"}, null',
        '"a text alone, \\ud83d\\ude00"',
        "",
    ]
    streams, expected = [], []
    for text in texts:
        stream, values = [], []
        for edits, value in steps(text):
            stream.append(to_compact(edits))
            values.append(None if value is MISSING else json.dumps(value))
        streams.append(stream)
        expected.append(values)
    done = subprocess.run(
        [node, "-e", client + DRIVER], input=json.dumps(streams), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[text and json.loads(text) for text in values] for values in seen] == [
        [text and json.loads(text) for text in values] for values in expected
    ]
