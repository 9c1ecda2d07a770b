"""`partialjson.testing`: what it finds, what it lets pass, and that its own oracles are right."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from partialjson.edits import Done, Grow, Put, Reset
from partialjson.parser import Parser
from partialjson.testing import (
    BREAKAGES,
    Stability,
    assert_any_cut,
    break_at,
    broken_texts,
    by_prefix,
    cuts,
    documents,
    json_texts,
    json_values,
    measure_stability,
    rebuild,
    shrink,
    split,
)

# -- strategies -----------------------------------------------------------------------------------


@given(json_values())
def test_values_are_json(value: object) -> None:
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    assert json.loads(text.encode()) == value


def _members_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@given(json_texts())
def test_texts_are_json_without_repeated_names_or_half_pairs(text: str) -> None:
    value = json.loads(text, object_pairs_hook=_members_once)
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "spelling", ["\\u", "\\n", "\t", "\r", "e+", ".", "-0", "[]", "{ }", "true", "null"], ids=repr
)
def test_texts_have_every_spelling(spelling: str) -> None:
    _assert_found(json_texts(), lambda text: spelling in str(text))


def test_texts_go_beyond_the_first_plane() -> None:
    _assert_found(json_texts(), lambda text: max(str(text)) > "\uffff")


def test_texts_repeat_names_and_halve_pairs_on_request() -> None:
    def repeats(text: str) -> bool:
        try:
            json.loads(text, object_pairs_hook=_members_once)
        except AssertionError:
            return True
        return False

    def halves(text: str) -> bool:
        try:
            str(json.loads(text)).encode()
        except UnicodeEncodeError:
            return True
        return False

    _assert_found(json_texts(repeated_names=True), repeats)
    _assert_found(json_texts(lone_surrogates=True), halves)


@given(st.data())
def test_cuts_join_to_the_text(data: st.DataObject) -> None:
    text = data.draw(json_texts())
    assert "".join(data.draw(cuts(text))) == text
    assert b"".join(data.draw(cuts(text.encode()))) == text.encode()


@pytest.mark.parametrize(
    "cut",
    [["", "ab"], ["ab", ""], ["a", "b"], ["ab"], ["a", "", "b"]],
    ids=["before", "after", "in two", "whole", "empty"],
)
def test_cuts_of_every_kind(cut: list[str]) -> None:
    _assert_found(cuts("ab"), lambda drawn: drawn == cut)


@given(broken_texts())
def test_broken_texts_are_text(text: str) -> None:
    assert isinstance(text, str)


def test_most_broken_texts_are_broken() -> None:
    _assert_found(broken_texts(), _refused)


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.kind)
def test_every_breakage_breaks_a_document(breakage: object) -> None:
    assert any(
        _refused(break_at(row, place))
        for row in BREAKAGES
        if row is breakage
        for text in documents().values()
        for place in row.places(text)
    )


def _refused(text: str) -> bool:
    """Whether the text is no JSON, or repeats a name, or holds half a surrogate pair."""

    def refuse(constant: str) -> object:
        raise ValueError(constant)

    try:
        value = json.loads(text, object_pairs_hook=_members_once, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, AssertionError):
        return True
    return False


def _assert_found(strategy: st.SearchStrategy[object], wanted: Callable[[object], bool]) -> None:
    find(strategy, wanted, settings=settings(max_examples=5_000, database=None, phases=[Phase.generate]))


def test_only_the_strategies_need_hypothesis() -> None:
    script = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import partialjson.testing as testing\n"
        "testing.measure_stability, testing.assert_any_cut\n"
        "try: testing.json_texts\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "partialjson.testing.json_texts needs Hypothesis: pip install hypothesis"


# -- cutting and shrinking ------------------------------------------------------------------------


def test_any_cut_passes_what_does_not_look_at_the_cut() -> None:
    assert_any_cut("".join, '{"a": 1}')
    assert_any_cut(b"".join, "é😀".encode())
    assert_any_cut("".join, "")


def _chunk_with(part: str) -> Callable[[Iterable[str]], bool]:
    return lambda fragments: any(part in fragment for fragment in fragments)


@pytest.mark.parametrize(
    ("fn", "smallest"),
    [
        (_chunk_with("cd"), "cut into 2 fragments: ['abc', 'def']"),
        (lambda fragments: "" in list(fragments), "cut into 2 fragments: ['', 'abcdef']"),
        (lambda fragments: len(list(fragments)) > 3, "cut into 4 fragments: "),
        (lambda fragments: {len(part) for part in fragments} == {1}, "cut into 6 fragments: ['a', 'b', "),
        (
            lambda fragments: _chunk_with("ab")(pieces := list(fragments)) or _chunk_with("ef")(pieces),
            "cut into 3 fragments: ",
        ),
    ],
    ids=["in one place", "an empty fragment", "many fragments", "one by one", "in two places"],
)
def test_any_cut_shows_the_smallest_cut(fn: Callable[[Iterable[str]], object], smallest: str) -> None:
    with pytest.raises(AssertionError, match="cut into") as caught:
        assert_any_cut(fn, "abcdef")
    assert str(caught.value).startswith(smallest)


def test_any_cut_shows_what_only_a_cut_raises() -> None:
    with pytest.raises(AssertionError, match="raised: UnicodeDecodeError") as caught:
        assert_any_cut(lambda fragments: "".join(part.decode() for part in fragments), "é".encode())
    assert isinstance(caught.value.__cause__, UnicodeDecodeError)


def test_any_cut_raises_what_the_whole_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        assert_any_cut(lambda fragments: 1 // 0, "ab")


@given(st.lists(st.integers(0, 50)), st.sets(st.integers(0, 50), min_size=1))
def test_shrink_leaves_the_culprits_alone(noise: list[int], culprits: set[int]) -> None:
    items = noise + sorted(culprits)
    random.Random(0).shuffle(items)
    assert sorted(shrink(items, lambda rest: culprits <= set(rest))) == sorted(culprits)


def test_shrink_tries_again_what_became_possible() -> None:
    failing = ("abcde", "abde", "bde")
    assert "".join(shrink("abcde", lambda rest: "".join(rest) in failing)) == "bde"


def test_shrink_may_leave_nothing() -> None:
    assert shrink("abc", lambda rest: True) == []


@given(st.text(), st.lists(st.integers(0, 20)))
def test_split_joins(text: str, positions: list[int]) -> None:
    assert "".join(split(text, sorted(min(position, len(text)) for position in positions))) == text


# -- replaying edits ------------------------------------------------------------------------------


def test_rebuild() -> None:
    opened = Put((), {})
    edits = [
        opened,
        Put(("a",), []),
        Put(("a", 0), 1),
        Put(("a", 1), ""),
        Grow(("a", 1), "x"),
        Grow(("a", 1), "y"),
        Done(("a", 1)),
        Done(("a",)),
        Put(("b",), "old"),
        Reset(("b",)),
        Put(("b",), None),
        Done(()),
    ]
    assert rebuild(edits) == {"a": [1, "xy"], "b": None}
    assert opened == Put((), {}), "the edits stay as they were"
    assert rebuild(edits[4:6], {"a": [1, ""]}) == {"a": [1, "xy"]}


def test_rebuild_refuses_what_does_not_fit() -> None:
    with pytest.raises(LookupError):
        rebuild([Put((), []), Put((1,), 0)])
    with pytest.raises(TypeError):
        rebuild([Put((), 1), Grow((), "x")])


# -- the stability meter --------------------------------------------------------------------------


def _counts(states: dict[str, object], text: str) -> dict[str, int]:
    """What the meter says of a parser that shows ``states``, each from its prefix on."""

    def parse_prefix(prefix: str) -> object:
        state = next(value for start, value in reversed(states.items()) if prefix.startswith(start))
        if isinstance(state, Exception):
            raise state
        return state

    found = measure_stability(parse_prefix, text)
    names = (
        "exceptions",
        "vanished",
        "flipped",
        "rewritten",
        "numbers_changed",
        "wrong_values",
        "wrong_paths",
        "lone_surrogates",
        "finals_wrong",
    )
    counts = {name: getattr(found, name) for name in names if getattr(found, name)}
    assert found.faults == sum(counts.values())
    assert (found.documents, found.states) == (1, len(text))
    return counts


# The text, what is shown from which prefix on, and what the meter counts.
_METER = {
    "right": ('["a"]', {"": [], '["a': ["a"]}, {}),
    "late": ('["a"]', {"": None, '["a"]': ["a"]}, {}),
    "raises": ('["a"]', {"": ValueError(), '["': [], '["a': ["a"]}, {"exceptions": 1}),
    "raises, the reader keeps what was shown": (
        "[1] ",
        {"": [1], "[1": ValueError(), "[1]": [1]},
        {"exceptions": 1},
    ),
    "vanishes": ("[[]]", {"": [[]], "[[": [], "[[]": [[]]}, {"vanished": 1}),
    "vanishes with all that is in it": ("[[]]", {"": [[]], "[[": None, "[[]": [[]]}, {"vanished": 2}),
    "flips": ("[[]] ", {"": [], "[[": {}, "[[]": [[]]}, {"flipped": 2, "wrong_values": 1}),
    "flips after a gap": (
        "[[]] ",
        {"": [[]], "[[": [], "[[]": [{}], "[[]]": [[]]},
        {"vanished": 1, "flipped": 2, "wrong_values": 1},
    ),
    "rewrites": ('["ab"]', {"": [], '["a': ["ab"], '["ab': ["a"], '["ab"': ["ab"]}, {"rewritten": 1}),
    "is no prefix": ('["ab"]', {"": [], '["a': ["b"], '["ab': ["ab"]}, {"wrong_values": 1, "rewritten": 1}),
    "changes a number": ("[12] ", {"": [], "[1": [1], "[12": [12]}, {"numbers_changed": 1}),
    "guesses a boolean": ("[true]", {"": [], "[t": [False], "[true": [True]}, {"wrong_values": 3}),
    "puts a placeholder": (
        '{"a":[]}',
        {"": {}, '{"a"': {"a": None}, '{"a":[': {"a": []}},
        {"wrong_values": 2, "flipped": 1},
    ),
    "shows half a name": (
        '{"ab":1}',
        {"": {}, '{"a': {"a": 1}, '{"ab"': {}, '{"ab":1}': {"ab": 1}},
        {"wrong_paths": 2, "vanished": 1},
    ),
    "shows half a pair": (
        '["\\ud83d\\ude00"]',
        {"": [], '["\\ud83d\\ude0': ["\ud83d"], '["\\ud83d\\ude00': ["\U0001f600"]},
        {"lone_surrogates": 1, "wrong_values": 1, "rewritten": 1},
    ),
    "ends wrong": ("[1]", {"": [], "[1]": [1.0]}, {"finals_wrong": 1}),
    "ends with less": ("[[]]", {"": []}, {"finals_wrong": 1}),
}


@pytest.mark.parametrize("case", _METER, ids=str)
def test_the_meter_counts(case: str) -> None:
    text, states, counts = _METER[case]
    assert _counts(dict(states), text) == counts


def test_none_is_a_value_where_the_document_is_null() -> None:
    assert measure_stability(lambda prefix: None, "null").faults == 0


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ('"ab"', 3 + 2),
        ('"\\n"', 2),
        ('"\\u00e9"', 2),
        ('"\\ud83d\\ude00"', 2),
        ('"\\u00e9\\u00e9"', 8 + 2),
        ('{"name" : "a"}', 3),
        ('["\\\\","a"]', 7 + 3),
    ],
)
def test_text_possible(text: str, possible: int) -> None:
    assert measure_stability(json.loads, text).text_possible == possible


@given(json_texts())
def test_our_parser_shows_all_that_is_possible(text: str) -> None:
    found = measure_stability(by_prefix(_start), text)
    assert found.text_shown == found.text_possible


def test_our_parser_has_no_faults() -> None:
    found = measure_stability(by_prefix(_start))
    assert (found.faults, found.text_shown) == (0, found.text_possible)


def _start() -> Callable[[str], object]:
    parser = Parser()

    def feed(fragment: str) -> object:
        parser.feed(fragment)
        return parser.snapshot()

    return feed


def test_documents_are_of_many_kinds() -> None:
    texts = documents()
    assert len(texts) >= 12
    assert measure_stability(json.loads).documents == len(texts)


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '"\\ud83d"', "[1"], ids=["repeated name", "half a pair", "no JSON"]
)
def test_the_meter_refuses_what_it_cannot_judge(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        measure_stability(json.loads, text)


def test_by_prefix_feeds_only_what_is_new() -> None:
    fed: list[list[str]] = []

    def start() -> Callable[[str], object]:
        fed.append([])
        return fed[-1].append

    parse_prefix = by_prefix(start)
    for prefix in ("a", "abc", "abc", "b"):
        parse_prefix(prefix)
    assert fed == [["a", "bc", ""], ["b"]]


def test_stability_of_a_parser_that_shows_nothing() -> None:
    found = measure_stability(lambda prefix: None, ["[1]", '"ab"'])
    assert found == Stability(
        documents=2,
        states=7,
        exceptions=0,
        vanished=0,
        flipped=0,
        rewritten=0,
        numbers_changed=0,
        wrong_values=0,
        wrong_paths=0,
        lone_surrogates=0,
        finals_wrong=2,
        text_shown=0,
        text_possible=5,
    )
