"""Schemas and values to test with: small ones over a small alphabet, so that they often meet.

`schemas()` knows every keyword of Draft 2020-12, `schemas(modern=False)` of draft 7; `values()` are JSON
values of the same alphabet. (hypothesis-jsonschema, which makes values of draft 7, does not run with
current versions of Hypothesis.)
"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for
from referencing import Registry

NAMES = st.sampled_from(["a", "b", "ab", ""])
TEXTS = st.sampled_from(["", "a", "b", "ab", "ba", "aab", "\u00e9", "\U0001f600"])
NUMBERS = st.sampled_from([0, 1, -1, 2, 3, 1.0, 0.5, 2.5, -0.0, 10**20, 1e20])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
PATTERNS = st.sampled_from(["a", "^a", "b$", "^(a|b)*$", "^a+b?$", "^$", "(a+)+b"])
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
COUNTS = st.integers(0, 3)
DEFINITIONS = ("x", "y")


def values(leaves: int = 6) -> st.SearchStrategy[Any]:
    """JSON values of the small alphabet."""
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=leaves,
    )


def _keywords(schema: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    some = st.lists(schema, min_size=1, max_size=3)
    members = st.dictionaries(NAMES, schema, max_size=3)
    names = st.lists(NAMES, max_size=2, unique=True)
    return {
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "enum": st.lists(values(3), min_size=1, max_size=3),
        "const": values(3),
        "multipleOf": st.sampled_from([1, 2, 0.5, 1.5]),
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "exclusiveMinimum": NUMBERS,
        "exclusiveMaximum": NUMBERS,
        "minLength": COUNTS,
        "maxLength": COUNTS,
        "pattern": PATTERNS,
        "format": st.sampled_from(["date", "ipv4", "regex", "nonsense"]),
        "minItems": COUNTS,
        "maxItems": COUNTS,
        "uniqueItems": st.booleans(),
        "items": schema,
        "prefixItems": some,
        "contains": schema,
        "minContains": COUNTS,
        "maxContains": COUNTS,
        "minProperties": COUNTS,
        "maxProperties": COUNTS,
        "required": names,
        "properties": members,
        "patternProperties": st.dictionaries(PATTERNS, schema, max_size=2),
        "additionalProperties": schema,
        "propertyNames": schema,
        "dependentRequired": st.dictionaries(NAMES, names, max_size=2),
        "dependentSchemas": members,
        "unevaluatedProperties": schema,
        "unevaluatedItems": schema,
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": schema,
        "if": schema,
        "then": schema,
        "else": schema,
        "$ref": st.sampled_from(["#", *(f"#/$defs/{name}" for name in DEFINITIONS)]),
        "$dynamicRef": st.sampled_from(["#/$defs/x", "#node"]),
    }


def _older_keywords(schema: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """Those of draft 7, with its own `items`; what stands beside a `$ref` is ignored there."""
    rows = {name: row for name, row in _keywords(schema).items() if name in Draft7Validator.VALIDATORS}
    names = st.lists(NAMES, max_size=2, unique=True)
    return {
        **rows,
        **dict.fromkeys(("then", "else", "additionalItems"), schema),
        # With a boolean, jsonschema's `additionalItems` raises a TypeError.
        "items": schema.filter(lambda inner: not isinstance(inner, bool))
        | st.lists(schema, min_size=1, max_size=3),
        "dependencies": st.dictionaries(NAMES, schema | names, max_size=2),
    }


KEYWORDS = {True: _keywords, False: _older_keywords}
COMPANIONS = {
    "if": ("then", "else"),
    "then": ("if",),
    "else": ("if",),
    "minContains": ("contains",),
    "maxContains": ("contains",),
    "additionalProperties": ("properties", "patternProperties"),
    "unevaluatedProperties": ("properties", "allOf", "anyOf"),
    "unevaluatedItems": ("prefixItems", "contains"),
    "items": ("prefixItems", "additionalItems"),
    "additionalItems": ("items",),
}
"""Keywords that mean something together only."""


@st.composite
def subschemas(draw: st.DrawFn, depth: int, first: str | None = None, *, modern: bool = True) -> Any:
    """A schema without definitions; `first` is a keyword that it has."""
    if first is None and draw(st.integers(0, 9)) == 0:
        return draw(st.booleans())
    inner = subschemas(depth - 1, modern=modern) if depth > 0 else SHALLOW
    rows = KEYWORDS[modern](inner)
    chosen = {first} if first else set()
    chosen |= draw(st.sets(st.sampled_from(sorted(rows)), min_size=0 if first else 1, max_size=3))
    for keyword in sorted(chosen):
        companions = [each for each in COMPANIONS.get(keyword, ()) if each in rows]
        chosen |= set(draw(st.sets(st.sampled_from(companions)))) if companions else set()
    return {keyword: draw(rows[keyword]) for keyword in draw(st.permutations(sorted(chosen)))}


SHALLOW = (
    st.booleans()
    | st.builds(lambda name: {"type": name}, TYPES)
    | st.builds(lambda value: {"const": value}, SCALARS)
)


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2, first: str | None = None, *, modern: bool = True) -> Any:
    """A whole schema, with definitions where something refers to them."""
    schema = draw(subschemas(depth, first, modern=modern))
    if isinstance(schema, dict) and any(sign in repr(schema) for sign in ("$ref", "$dynamicRef")):
        definitions = {name: draw(subschemas(1, modern=modern)) for name in DEFINITIONS}
        definitions["node"] = {"$dynamicAnchor": "node", **draw(st.sampled_from([{}, {"type": "integer"}]))}
        schema["$defs"] = definitions
    if isinstance(schema, dict) and not modern:
        schema["$schema"] = Draft7Validator.META_SCHEMA["$schema"]
    return schema


def judge(schema: Any) -> Any:
    """jsonschema itself, the oracle. It fetches nothing."""
    return validator_for(schema, default=Draft202012Validator)(schema, registry=Registry())


def errors_of(schema: Any, value: Any) -> list[ValidationError] | None:
    """jsonschema's own errors; ``None`` where it goes round in circles (``"$ref": "#"`` is generated too)."""
    try:
        return list(judge(schema).iter_errors(value))
    except RecursionError:
        return None
    except BaseException as error:
        # Where Python's stack ends in rpds, its Rust panics instead.
        if type(error).__name__ == "PanicException":
            return None
        raise


@given(schemas() | schemas(modern=False))
def test_what_is_generated_is_a_schema(schema: Any) -> None:
    judge(schema).check_schema(schema)


@given(schemas(), values())
def test_the_oracle_can_judge_it(schema: Any, value: Any) -> None:
    errors_of(schema, value)
