"""Values for a schema, and the same with one keyword broken at one place: what verdicts are tried on."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from partialjson.errors import Path
from partialjson.schema import validator_for


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


def broken(schema: Any, root: Any, value: Any, path: Path = ()) -> Iterator[tuple[str, Path, Any]]:
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
    "type": lambda _, value: [[] if isinstance(value, dict) else {}, "some words", 1.5, True, None],
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


def put(value: Any, path: Path, new: Any) -> Any:
    """A copy of the value with ``new`` at ``path``."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy
