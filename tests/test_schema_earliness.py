"""How early the early violations are, and promise 15 where everything can be tried.

Small schemas are tried on every text of a small universe: a prefix is reported only if no text of the
universe that begins with it is valid. Tools, samples of ours and those of recorded requests, are tried on
valid arguments and on arguments with one keyword broken. `python -m tests.test_schema_earliness` prints
both tables.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from partialjson.dialects import STRICT
from partialjson.errors import Path as JSONPath
from partialjson.parser import Parser
from partialjson.schema import EarlyValidator, SchemaFault, tools_from, validator_for

DATA = Path(__file__).parent / "data" / "schema"
SMALL = json.loads((DATA / "small.json").read_text("utf-8"))
SAMPLES = json.loads((DATA / "samples.json").read_text("utf-8"))
STREAMS = os.environ.get("PARTIALJSON_STREAMS")


# -- everything in a small universe ------------------------------------------------------------------


def universe() -> list[Any]:
    scalars: list[Any] = [None, True, 0, 1, "", "a", "b", "ab"]
    inner = [*scalars, [], {}]
    some: list[Any] = [None, 1, "a", []]
    arrays = [list(items) for length in range(3) for items in product(inner, repeat=length)]
    objects = [
        dict(zip(names, members, strict=True))
        for names in ((), ("a",), ("b",), ("a", "b"), ("b", "a"), ("ab",))
        for members in product(some, repeat=len(names))
    ]
    nested = [[one] for one in ([None], ["a"], [[]], {"a": 1})] + [
        {"a": one} for one in ([1], {"b": 1}, {"a": "a"})
    ]
    return [*scalars, *arrays, *objects, *nested]


class Tried(NamedTuple):
    """Of one schema, the prefixes that could have been reported, and those that were."""

    hopeless: set[str]
    reported: set[str]


def tried(schema: Any, texts: list[str]) -> Tried:
    validate = validator_for(schema)
    hopeful = {
        text[:length] for text in texts if validate(json.loads(text)).valid for length in range(len(text) + 1)
    }
    reported = {text[:length] for text in texts for length in range(reported_at(schema, text), len(text) + 1)}
    return Tried({text[:length] for text in texts for length in range(len(text) + 1)} - hopeful, reported)


def reported_at(schema: Any, text: str) -> int:
    """After how many characters; more than there are where it never is."""
    early = EarlyValidator(schema)
    parser = Parser(STRICT)
    parser.edits()
    for read, character in enumerate(text, 1):
        parser.feed(character)
        if early.feed(parser.edits(), read):
            return read
    parser.close()
    return len(text) if early.feed(parser.edits(), len(text)) else len(text) + 1


TEXTS = [json.dumps(value, separators=(",", ":")) for value in universe()]


@pytest.mark.parametrize("keyword", SMALL)
def test_15_no_prefix_is_reported_that_can_still_become_valid(keyword: str) -> None:
    for schema in SMALL[keyword]:
        hopeless, reported = tried(schema, TEXTS)
        assert reported <= hopeless, schema
        whole = {text for text in TEXTS if text in hopeless}
        assert whole <= reported, schema


# -- tools --------------------------------------------------------------------------------------------


def instance(schema: Any, root: Any, random: Random, depth: int = 0) -> Any:
    """A value that the schema should accept, for the keywords that tools use."""
    if schema in (True, {}):
        return random.choice([None, 1, "x"])
    if "$ref" in schema:
        target = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return instance(target, root, random, depth)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return instance(random.choice(schema[keyword]), root, random, depth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return random.choice(schema["enum"])
    kind = schema.get("type", "object")
    return MAKERS[random.choice(kind) if isinstance(kind, list) else kind](schema, root, random, depth)


def _object(schema: Any, root: Any, random: Random, depth: int) -> Any:
    required = schema.get("required", [])
    names = [
        name for name in schema.get("properties", {}) if name in required or random.random() < 0.7 - depth / 4
    ]
    value = {name: instance(schema["properties"][name], root, random, depth + 1) for name in names}
    rest = schema.get("additionalProperties")
    while isinstance(rest, dict) and len(value) < max(1, schema.get("minProperties", 1)):
        value[f"name {len(value)}"] = instance(rest, root, random, depth + 1)
    return value


def _array(schema: Any, root: Any, random: Random, depth: int) -> Any:
    least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
    size = least if depth > 3 else random.randint(least, most)
    items = [instance(schema.get("items", True), root, random, depth + 1) for _ in range(size)]
    return (
        items if not schema.get("uniqueItems") else [f"{item} {number}" for number, item in enumerate(items)]
    )


def _number(schema: Any, root: Any, random: Random, depth: int) -> Any:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return random.randint(least, schema.get("maximum", least + 20))


def _string(schema: Any, root: Any, random: Random, depth: int) -> Any:
    words = random.choice(["", "oslo", 'some words, "quoted"', "\u00e5se\nand more"])[
        : schema.get("maxLength", 99)
    ]
    if "pattern" in schema or len(words) < schema.get("minLength", 0):
        return "a/b"
    return words


MAKERS: Any = {
    "object": _object,
    "array": _array,
    "integer": _number,
    "number": _number,
    "string": _string,
    "boolean": lambda *_: True,
    "null": lambda *_: None,
}


def broken(schema: Any, root: Any, value: Any, path: JSONPath = ()) -> Iterator[tuple[str, JSONPath, Any]]:
    """One keyword broken at one place: its name, the path, and what to put there."""
    while "$ref" in schema:
        target = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    for keyword in ("anyOf", "oneOf"):
        for branch in schema.get(keyword, []):
            if validator_for({**branch, "$defs": root.get("$defs", {})})(value).valid:
                yield from broken(branch, root, value, path)
    for keyword, expected in schema.items():
        if keyword in BREAKERS:
            yield from ((keyword, path, wrong) for wrong in BREAKERS[keyword](expected, value))
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from broken(inner, root, value[name], (*path, name))
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, item in enumerate(value):
            yield from broken(schema["items"], root, item, (*path, index))


BREAKERS: Any = {
    "type": lambda _, value: [[]] if not isinstance(value, list) else [{}],
    "enum": lambda expected, value: [f"{value}x", "zzz"] if isinstance(value, str) else [],
    "const": lambda expected, value: [f"{value}x"],
    "minimum": lambda expected, value: [expected - 1] if isinstance(value, int) else [],
    "maximum": lambda expected, value: [expected + 1] if isinstance(value, int) else [],
    "exclusiveMinimum": lambda expected, value: [expected] if isinstance(value, int) else [],
    "minLength": lambda expected, value: [value[: expected - 1]] if isinstance(value, str) else [],
    "maxLength": lambda expected, value: ["x" * (expected + 9)] if isinstance(value, str) else [],
    "pattern": lambda expected, value: ["A B"],
    "minItems": lambda expected, value: [value[: expected - 1]] if isinstance(value, list) else [],
    "maxItems": lambda expected, value: (
        [(value * 9 or [None] * 9)[: expected + 2]] if isinstance(value, list) else []
    ),
    "uniqueItems": lambda expected, value: [[*value, value[0], "more"]] if value else [],
    "required": lambda expected, value: [
        {key: value[key] for key in value if key != name} for name in expected
    ],
    "additionalProperties": lambda expected, value: [{"zzz": [], **value}, {**value, "zzz": []}],
    "minProperties": lambda expected, value: [{}],
    "maxProperties": lambda expected, value: [{f"n{number}": "x" for number in range(expected + 2)}],
}


def put(value: Any, path: JSONPath, new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def requested() -> dict[str, Any]:
    """The schemas of all tools of the recorded requests, each once."""
    found = {}
    for line in (Path(STREAMS or "") / "requests.jsonl").read_text("utf-8").splitlines():
        request = json.loads(line)
        try:
            tools = tools_from(request.get("tools") or (request.get("toolConfig") or {}).get("tools"))
        except SchemaFault:
            continue
        for tool in tools.values():
            if tool.source is not None:
                found.setdefault(json.dumps(tool.source, sort_keys=True), tool.source)
    return found


class Score(NamedTuple):
    """What became of one text: reported after so many of so many characters, or not at all."""

    keyword: str
    valid: bool
    read: int
    length: int


def scores(schema: Any, rounds: int) -> Iterator[Score]:
    random = Random(json.dumps(schema))
    validate = validator_for(schema)
    for _ in range(rounds):
        value = instance(schema, schema, random)
        changes = [("", (), value), *broken(schema, schema, value)]
        for keyword, path, wrong in changes:
            changed = put(value, path, wrong)
            text = json.dumps(changed, ensure_ascii=random.random() < 0.5)
            yield Score(keyword, validate(changed).valid, reported_at(schema, text), len(text))


def check(schemas: dict[str, Any], rounds: int) -> None:
    found = [score for schema in schemas.values() for score in scores(schema, rounds)]
    assert all(score.valid for score in found if score.keyword == "")
    assert not [score for score in found if score.valid and score.read <= score.length]
    wrong = [score for score in found if not score.valid]
    caught = [score for score in wrong if score.read <= score.length]
    assert len(wrong) > len(schemas)
    assert len(caught) == len(wrong)


def test_15_sample_tools_valid_and_with_one_keyword_broken() -> None:
    check(SAMPLES, 15)


@pytest.mark.skipif(not STREAMS, reason="PARTIALJSON_STREAMS names no directory of recorded streams")
def test_15_the_tools_of_recorded_requests() -> None:
    found = requested()
    assert len(found) > 70
    check(found, 5)


# -- the tables ---------------------------------------------------------------------------------------


def print_small() -> None:
    print(f"{'keyword':24}{'hopeless':>10}{'reported':>10}{'missed':>8}   prefixes of {len(TEXTS)} texts")
    for keyword, small in SMALL.items():
        results = [tried(schema, TEXTS) for schema in small]
        hopeless = sum(len(result.hopeless) for result in results)
        missed = sum(len(result.hopeless - result.reported) for result in results)
        print(f"{keyword:24}{hopeless:10}{hopeless - missed:10}{missed:8}")


def print_tools() -> None:
    schemas = {**SAMPLES, **(requested() if STREAMS else {})}
    found: dict[str, list[Score]] = defaultdict(list)
    for schema in schemas.values():
        for score in scores(schema, 20):
            if not score.valid:
                found[score.keyword].append(score)
    print(f"\n{'keyword broken':24}{'texts':>8}{'reported':>10}{'before the end':>16}{'not written':>13}")
    everything = [score for keyword in sorted(found) for score in found[keyword]]
    for keyword, group in [*sorted(found.items()), ("all", everything)]:
        caught = [score for score in group if score.read <= score.length]
        early = sum(score.read < score.length for score in caught) / len(group)
        saved = sum(1 - min(score.read / score.length, 1) for score in group) / len(group)
        print(f"{keyword:24}{len(group):8}{len(caught) / len(group):10.1%}{early:16.1%}{saved:13.1%}")


if __name__ == "__main__":
    print_small()
    print_tools()
