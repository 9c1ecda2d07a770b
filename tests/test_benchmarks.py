"""The benchmarks run, measure what they say, and judge as they should. No time is tested."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks import (
    accumulators,
    call_cases,
    cases,
    documents,
    earliness,
    early_cases,
    engines,
    hostile,
    memory,
    payloads,
    peers,
    timing,
    work,
)
from benchmarks.budgets import Budget, budgets
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.timing import Cell, Effort, Key, measure
from partialjson.parser import Parser

TINY = (
    Sizes(
        call=(48, 1024),
        string=(256, 512),
        shape=(256, 512),
        whole=(256,),
        fragments=(50, 100),
        interleaved=(10, 20),
    ),
    Effort(rounds=1, batch=0, slow=0.01, patience=0.05),
)


@pytest.mark.slow
def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "PEERS", peers.PEERS[:1])
    monkeypatch.setattr(memory, "_STREAMS", 5)
    for streams in ("DICTS", "SSE"):
        ours = {"partialjson": accumulators.ours}
        monkeypatch.setattr(accumulators, streams, {"openai": ours, "anthropic": ours})
    target = tmp_path / "numbers.json"
    assert command.main(["--quick", "--json", str(target)], quick=TINY) == 0
    printed = capsys.readouterr().out
    found = json.loads(target.read_text())
    assert found["cells"]
    assert all(budget["verdict"] in {"pass", "MISS", "not measured"} for budget in found["budgets"])
    for table in (cases.CALL, cases.STRING, cases.ENGINES, cases.WHOLE, cases.EDITS, *cases.SHAPE_TABLES):
        assert table in printed
    ours = [cell for cell in found["cells"] if cell["subject"].startswith("partialjson")]
    assert all(isinstance(cell["result"], float) for cell in ours)


def test_the_stability_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    absent = peers.Text("absent", "no_such_module_at_all", lambda module: module)
    monkeypatch.setattr("benchmarks.stability.PEERS", (absent,))
    assert command.main(["--stability"]) == 0
    header, ours, theirs = capsys.readouterr().out.splitlines()
    assert header.split()[:2] == ["parser", "exceptions"]
    assert set(ours.split()[1:-2]) == {"0"}
    assert "not installed" in theirs


def test_the_tables_of_earliness(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earliness, "small", lambda: {"maxItems": [{"maxItems": 0}]})
    monkeypatch.setattr(earliness, "STREAMS", None)
    assert command.main(["--earliness", "--quick"]) == 0
    header, row, _, _, *tools = capsys.readouterr().out.splitlines()
    assert header.startswith("small schemas")
    result = earliness.tried({"maxItems": 0})
    missed = result.hopeless - result.reported
    counted = [len(result.hopeless), len(result.reported), len(missed), len(result.invalid)]
    assert row.split()[:5] == ["maxItems", *map(str, counted)]
    assert {line.split()[0] for line in tools if line} >= {"type", "enum", "required", "all"}


def test_earliness_is_counted_from_the_end() -> None:
    assert earliness.reported_at({"type": "array"}, '"abc"') == 1
    assert earliness.reported_at({"maxLength": 2}, '"abc"') == 4
    assert earliness.reported_at({"minLength": 2}, '"a"') == 3
    assert earliness.reported_at({"maximum": 2}, "10") == 2
    assert earliness.reported_at({"type": "string"}, '"abc"') == 6
    assert earliness._earliness([(1, 5), (5, 5), (6, 5)]) == ["3", "33.3%", f"{0.8 / 3:.1%}"]


@pytest.mark.parametrize("table", early_cases.CALLS)
def test_what_is_watched_is_valid(table: str) -> None:
    document, schema = early_cases.CALLS[table]
    pieces = documents.fragments(document(2000))
    assert early_cases.watched(pieces, schema) == early_cases.edited(pieces, schema)
    with pytest.raises(AssertionError, match="additionalProperties"):
        early_cases.watched(["{", '"nonsense": 1', *pieces], schema)


@pytest.mark.parametrize(
    "shape", [documents.ticket, documents.tool_call, documents.long_string, *documents.SHAPES.values()]
)
@pytest.mark.parametrize("size", [48, 1024, 30_000])
def test_documents_are_json_of_about_that_size(shape: object, size: int) -> None:
    text = shape(size)  # type: ignore[operator]
    json.loads(text)
    if size > 1024:
        assert abs(len(text) - size) < size * 0.05


def test_fragments_join_and_are_the_same_each_time() -> None:
    text = documents.tool_call(1024)
    pieces = documents.fragments(text)
    assert "".join(pieces) == text
    assert {len(piece) for piece in pieces[:-1]} == set(range(1, 8))
    assert pieces == documents.fragments(text)


@pytest.mark.parametrize("peer", peers.PEERS, ids=lambda peer: peer.name)
def test_a_peer_reads_the_document(peer: peers.Peer) -> None:
    pytest.importorskip(peer.module)
    text = documents.tool_call(1024)
    assert peer.stream()(documents.fragments(text)) == json.loads(text)
    assert peer.parse_prefix()(text) == json.loads(text)


@pytest.mark.parametrize(
    "stream", [cases.feed_alone, cases.live_value, cases.snapshot, cases.edits_each, peers.at_the_end]
)
def test_our_streams_read_the_document(stream: cases.Stream) -> None:
    text = documents.tool_call(1024)
    assert stream(documents.fragments(text)) == json.loads(text)


@pytest.mark.parametrize(
    ("streams", "subjects"),
    [(payloads.DICTS, accumulators.DICTS), (payloads.SSE, accumulators.SSE)],
    ids=["dicts", "sse"],
)
@pytest.mark.parametrize("wire", payloads.DICTS)
def test_an_accumulator_reads_the_stream(streams: Any, subjects: Any, wire: str) -> None:
    text = documents.tool_call(1024)
    stream = streams[wire](documents.fragments(text))
    for load in subjects[wire].values():
        try:
            run = load()
        except ModuleNotFoundError:
            continue
        found = run(stream)
        assert (json.loads(found) if isinstance(found, str) else found) == json.loads(text)


def test_calls_that_are_added() -> None:
    calls = [documents.fragments(documents.tool_call(1024), low=4, high=4)] * 3
    turns = accumulators.turns(calls)
    wanted = {f"call_{number}": json.loads(documents.tool_call(1024)) for number in range(3)}
    assert accumulators.added(turns) == accumulators.parsed(turns) == wanted


def test_the_interpreted_parser_leaves_the_other_in_place() -> None:
    twin = engines.interpreted()
    assert sys.modules["partialjson.parser"].Parser is Parser
    assert cases.live_value(["[1", "2]"], twin) == [12]


def test_measure_predicts_what_it_has_no_patience_for() -> None:
    ran = []

    def cell(subject: str, size: int, seconds: float) -> Cell:
        def run() -> None:
            ran.append((subject, size))
            end = process_time() + seconds
            while process_time() < end:
                pass

        return Cell(Key("table", str(size), subject), lambda: run, size)

    effort = Effort(rounds=1, batch=0, slow=0.02, patience=0.05)
    cells = [cell("slow", 1, 0.03), cell("quick", 1, 0), cell("slow", 2, 9), cell("quick", 2, 0)]
    results = measure(cells, effort)
    assert results[Key("table", "2", "slow")] == ">0.05 s"
    assert ("slow", 2) not in ran
    assert ran.count(("slow", 1)) == 2, "one run to warm up, and one is enough of what is slow"
    assert ran.count(("quick", 2)) == 2, "one that says how often to repeat it, and one in the round"


def test_measure_says_why_there_is_no_time() -> None:
    def absent() -> object:
        raise ModuleNotFoundError

    cells = [
        Cell(Key("table", "1", "absent"), absent, 1),  # type: ignore[arg-type]
        Cell(Key("table", "1", "raises"), lambda: lambda: [][0], 1),
    ]
    assert list(measure(cells, TINY[1]).values()) == ["not installed", "IndexError"]


def test_measure_repeats_short_runs() -> None:
    ran = []
    effort = Effort(rounds=2, batch=0.01, slow=1, patience=1)
    measure([Cell(Key("table", "1", "short"), lambda: lambda: ran.append(1), 1)], effort)
    assert len(ran) > 20


A, B = Key("table", "1", "a"), Key("table", "1", "b")


@pytest.mark.parametrize(
    ("measured", "reference", "growth", "value"),
    [
        (3.0, 2.0, None, 1.5),
        (8.0, 2.0, 2.0, 2.0),
        (4.0, 2.0, 2.0, 1.0),
        ("not installed", 2.0, None, None),
        (2.0, ">5 s", None, None),
    ],
)
def test_a_budget_is_a_ratio_or_an_exponent(
    measured: timing.Result, reference: timing.Result, growth: float | None, value: float | None
) -> None:
    budget = Budget("title", A, B, 1.0, growth)
    assert budget.value({A: measured, B: reference}) == value


def test_every_budget_is_about_cells_that_are_measured() -> None:
    for sizes, _ in (FULL, QUICK):
        keys = {
            cell.key
            for table in (*cases.TABLES, *call_cases.TABLES, *early_cases.TABLES)
            for cell in table(sizes)
        }
        for budget in budgets(sizes):
            assert {budget.measured, budget.reference} <= keys, budget.title


def test_memory_is_that_of_each_stream() -> None:
    class Hoard:
        def __init__(self) -> None:
            self.kept: list[bytearray] = []

        def feed(self, size: int) -> None:
            self.kept.append(bytearray(size))

    assert 30_000 <= memory.bytes_held(Hoard, [10_000] * 3) <= 31_000


def test_the_table_of_work(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "texts", lambda size: {"a tool call": documents.tool_call(size)})
    assert command.main(["--work", "--quick"]) == 0
    _, row = capsys.readouterr().out.splitlines()
    assert row.startswith("a tool call")


@pytest.mark.parametrize(
    ("source", "read", "copied"),
    [
        ("text[2]", 1, 0),
        ("text[2:5]", 0, 3),
        ("text[2:]", 0, 6),
        ("text + 'xy'", 0, 10),
        ("text.find('d')", 4, 0),
        ("text.find('x', 2)", 6, 0),
        ("text.rfind('g')", 2, 0),
        ("text.count('a', 2, 5)", 3, 0),
        ("text.startswith('ab')", 2, 0),
        ("text.startswith('ab', 7)", 0, 0),
        ("text.startswith(('ab', 'c'), 2)", 3, 0),
        ("' a '.strip()", 3, 1),
        ("text.rstrip()", 2, 8),
        ("''.join([text, text])", 0, 16),
        ("text.upper()", 8, 8),
        ("RUN.match(text, 1)", 3, 0),
        ("RUN.search(text)", 3, 0),
        ("RUN.sub('', text)", 8, 6),
        ("float('12')", 2, 0),
        ("[1, 2][0] + {'a': 1}['a']", 0, 0),
        ("grow(text)", 0, 2),
        ("Box(text).grow()", 0, 10),
    ],
)
def test_work_is_counted(source: str, read: int, copied: int) -> None:
    module = (
        "import re\nRUN = re.compile('[bc]+')\n"
        "def grow(text: str) -> str:\n    text += 'xy'\n    return text\n"
        "class Box:\n"
        "    def __init__(self, text: str) -> None:\n        self.text: str = text\n"
        "    def grow(self) -> str:\n        self.text += 'xy'\n        return self.text\n"
        f"result = {source}\n"
    )
    counted = work.Work()
    plain: dict[str, object] = {"text": "abcdefgh"}
    rewritten = plain | work.counters(counted)
    exec(module, plain)
    exec(work.rewritten(module, "module"), rewritten)
    assert (counted.read, counted.copied) == (read, copied)
    assert repr(rewritten["result"]) == repr(plain["result"])


def test_what_has_no_price_cannot_be_counted() -> None:
    with pytest.raises(KeyError, match="title"):
        exec(work.rewritten("'a'.title()", "module"), work.counters(work.Work()))


@pytest.fixture(scope="module")
def counting() -> tuple[type[Parser], work.Work]:
    return work.counting()


@pytest.mark.parametrize("name", hostile.texts(1000))
@pytest.mark.parametrize("cut", [1, 4, 4096])
def test_nothing_is_read_over_and_over(counting: tuple[type[Parser], work.Work], name: str, cut: int) -> None:
    make, counted = counting
    assert work.work_on(make(), counted, hostile.texts(5000)[name], cut) <= 1
