"""How early the early violations are.

Small schemas are tried on every text of a small universe: which prefixes could have been reported, and
which were. Tools are tried on arguments with one keyword broken at one place.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import permutations, product
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from benchmarks.mutants import broken, instance, put
from partialjson.dialects import STRICT
from partialjson.parser import Parser
from partialjson.schema import EarlyValidator, SchemaFault, tools_from, validator_for

DATA: Final = Path(__file__).parents[1] / "tests" / "data" / "schema"
STREAMS: Final = os.environ.get("PARTIALJSON_STREAMS")
"""A directory with a file ``requests.jsonl``: requests as they were sent, a line each."""


def reported_at(schema: Any, text: str) -> int:
    """After how many characters; more than there are where it never is."""
    parser = Parser(STRICT)
    tell = EarlyValidator(schema).watch(parser)
    for read, character in enumerate(text, 1):
        parser.feed(character)
        if tell():
            return read
    parser.close()
    return len(text) if tell() else len(text) + 1


# -- everything in a small universe ------------------------------------------------------------------


class Tried(NamedTuple):
    """Of one schema and all texts: the prefixes that could have been reported, those that were, and after
    how many characters each invalid text was."""

    hopeless: set[str]
    reported: set[str]
    invalid: dict[str, int]


def tried(schema: Any) -> Tried:
    """What can be said of a prefix is said of all texts that begin with it, the longer ones included."""
    validate = validator_for(schema)
    short, longer = universe()
    valid = [text for text in (*short, *longer) if validate(json.loads(text)).valid]
    hopeful = {text[:length] for text in valid for length in range(len(text) + 1)}
    known = {text: reported_at(schema, text) for text in short}
    return Tried(
        {text[:length] for text in short for length in range(len(text) + 1)} - hopeful,
        {text[:length] for text, read in known.items() for length in range(read, len(text) + 1)},
        {text: read for text, read in known.items() if text not in hopeful},
    )


@cache
def universe() -> tuple[list[str], list[str]]:
    """The texts, and those that go on where they are full: one item more, one member more."""
    scalars: list[Any] = [None, True, 0, 1, "", "a", "b", "ab"]
    inner = [*scalars, [], {}]
    some: list[Any] = [None, 1, "a", []]
    arrays = [list(items) for length in range(3) for items in product(inner, repeat=length)]
    names = ((), ("a",), ("b",), ("a", "b"), ("b", "a"), ("ab",))
    objects = [member for each in names for member in _objects(each, some)]
    nested: list[Any] = [
        [[None]],
        [["a"]],
        [[[]]],
        [{"a": 1}],
        {"a": [1]},
        {"a": {"b": 1}},
        {"a": {"a": "a"}},
    ]
    longer: list[Any] = [[*array, last] for array in arrays if len(array) == 2 for last in some]
    longer += [member for each in permutations(("a", "b", "ab")) for member in _objects(each, some)]
    return _texts([*scalars, *arrays, *objects, *nested]), _texts(longer)


def _objects(names: tuple[str, ...], values: list[Any]) -> Iterator[dict[str, Any]]:
    for members in product(values, repeat=len(names)):
        yield dict(zip(names, members, strict=True))


def _texts(values: Iterable[Any]) -> list[str]:
    return [json.dumps(value, separators=(",", ":")) for value in values]


def small() -> dict[str, list[Any]]:
    """Small schemas, by their keyword."""
    found: dict[str, list[Any]] = json.loads((DATA / "small.json").read_text("utf-8"))
    return found


# -- tools --------------------------------------------------------------------------------------------


class Score(NamedTuple):
    """What became of one text: reported after so many of so many characters, or not at all."""

    keyword: str
    """The one that was broken; ``""`` where none was."""
    valid: bool
    read: int
    length: int


def scores(schema: Any, rounds: int) -> Iterator[Score]:
    """Arguments of a tool, each also with one keyword broken at one place."""
    random = Random(json.dumps(schema))
    validate = validator_for(schema)
    for _ in range(rounds):
        value = instance(schema, schema, random)
        changes = [("", (), value), *broken(schema, schema, value)]
        for keyword, path, wrong in changes:
            changed = put(value, path, wrong)
            text = json.dumps(changed, ensure_ascii=random.random() < 0.5)
            yield Score(keyword, validate(changed).valid, reported_at(schema, text), len(text))


def samples() -> dict[str, Any]:
    """The schemas of tools of ours."""
    found: dict[str, Any] = json.loads((DATA / "samples.json").read_text("utf-8"))
    return found


def requested() -> dict[str, Any]:
    """The schemas of all tools of the recorded requests, each once."""
    found: dict[str, Any] = {}
    if STREAMS is None:
        return found
    for line in (Path(STREAMS) / "requests.jsonl").read_text("utf-8").splitlines():
        request = json.loads(line)
        try:
            tools = tools_from(request.get("tools") or (request.get("toolConfig") or {}).get("tools"))
        except SchemaFault:
            continue
        for tool in tools.values():
            if tool.source is not None:
                found.setdefault(json.dumps(tool.source, sort_keys=True), tool.source)
    return found


# -- the tables ---------------------------------------------------------------------------------------


def small_rows() -> Iterator[list[str]]:
    """A header, then a row for each keyword."""
    yield ["small schemas", "hopeless", "reported", "missed", *_EARLINESS]
    for keyword, schemas in small().items():
        yield small_row(keyword, [tried(schema) for schema in schemas])


def small_row(keyword: str, results: list[Tried]) -> list[str]:
    """What became of the schemas for one keyword."""
    hopeless = sum(len(result.hopeless) for result in results)
    missed = sum(len(result.hopeless - result.reported) for result in results)
    reads = [(read, len(text)) for result in results for text, read in result.invalid.items()]
    return [keyword, str(hopeless), str(hopeless - missed), str(missed), *_earliness(reads)]


def tool_rows(rounds: int) -> Iterator[list[str]]:
    """A header, then a row for each keyword that was broken."""
    found: Mapping[str, list[tuple[int, int]]] = defaultdict(list)
    schemas = [*samples().values(), *requested().values()]
    for schema in schemas:
        for score in scores(schema, rounds):
            if not score.valid:
                found[score.keyword].append((score.read, score.length))
    yield [f"{len(schemas)} tools", "reported", *_EARLINESS]
    everything = [each for keyword in sorted(found) for each in found[keyword]]
    for keyword, reads in [*sorted(found.items()), ("all", everything)]:
        reported = sum(read <= length for read, length in reads) / len(reads)
        yield [keyword, f"{reported:.1%}", *_earliness(reads)]


_EARLINESS: Final = ("invalid texts", "before the end", "not written")


def _earliness(reads: list[tuple[int, int]]) -> list[str]:
    """How many texts; the share reported before the last character; the mean share of the text that need
    not have been written."""
    early = sum(read < length for read, length in reads) / len(reads)
    saved = sum(max(0, length - read) / length for read, length in reads) / len(reads)
    return [str(len(reads)), f"{early:.1%}", f"{saved:.1%}"]
