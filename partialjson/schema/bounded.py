"""jsonschema in bounded time: its verdict and its errors, or a ``SchemaFault``; nothing is fetched.

jsonschema decides. What is added here keeps a hostile schema or value from holding it up:

- an empty registry, so that a remote ``$ref`` is an error (left alone, jsonschema 4.26 fetches it);
- a meter on every keyword, because ``$ref`` fan-out makes 3^10 steps of ten short definitions;
- ``uniqueItems`` by hashing and patterns by ``regex.search`` (``keywords.py``);
- Python's own recursion limit, turned into a typed outcome.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any

import attrs
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import SchemaError, best_match
from referencing import Registry
from referencing.exceptions import Unresolvable

from partialjson.errors import pointer, quote
from partialjson.schema import fast, regex
from partialjson.schema.keywords import Errors, Keyword, bounded_keywords
from partialjson.schema.references import referred, subschemas, unresolvable
from partialjson.schema.values import nodes
from partialjson.schema.verdict import SchemaFault, Validator, Verdict, Violation
from partialjson.schema.words import advice, names

STEPS = 50_000
"""Steps for one value of whatever size: about half a second of jsonschema."""
STEPS_PER_NODE = 200
"""Steps more for every node of the value: the widest real unions apply some 100 keywords to one."""
WEIGHT_PER_STEP = 10_000
"""Nodes and characters that cost a step more: an error quotes all that stands under it."""


def compiled(schema: Mapping[str, Any] | bool, *, formats: bool = False) -> Validator:
    """The validator for a JSON Schema: Draft 2020-12, or the one that its ``$schema`` names.

    ``formats`` makes ``format`` an assertion; by the specification it is an annotation. Compiled
    validators are cached by content.

    Raises ``SchemaFault`` where it is no JSON Schema of its draft, or a ``$ref`` leads out of it.
    """
    return _compiled(source(schema), formats)


def source(schema: Mapping[str, Any] | bool) -> str:
    """The schema as JSON text, member order kept: the key of a cache, and a private copy."""
    try:
        return json.dumps(schema)
    except (TypeError, ValueError) as error:
        raise SchemaFault("invalid", f"a JSON Schema is JSON data: {error}") from error
    except RecursionError as error:
        raise SchemaFault("depth", "the schema is too deep") from error


@lru_cache(maxsize=256)
def _compiled(text: str, formats: bool) -> Validator:
    try:
        schema = json.loads(text)
        draft = validators.validator_for(schema, default=Draft202012Validator)
        draft.check_schema(schema)
        name_patterns = _checked(schema)
    except SchemaError as error:
        place = quote(pointer(tuple(error.path)))
        raise SchemaFault("invalid", f"no valid JSON Schema at {place}: {quote(error.message)}") from error
    except RecursionError as error:
        raise SchemaFault("depth", "the schema is too deep") from error
    checker = draft.FORMAT_CHECKER if formats else None
    jsonschema = _metered(draft)(schema, registry=Registry(), format_checker=checker)
    accept = None if formats else fast.acceptor(schema)

    def validate(value: object) -> Verdict:
        if accept is not None and accept(value):
            return Verdict(True, value)
        return _validate(jsonschema, name_patterns, value)

    return validate


def _checked(schema: Any) -> tuple[regex.Pattern, ...]:
    """Follow every reference and compile every pattern once; return the patterns for member names."""
    name_patterns: list[regex.Pattern] = []
    for contents, resolver in subschemas(schema):
        referred(contents, resolver)
        name_patterns += map(regex.compiled, contents.get("patternProperties", ()))
        if "pattern" in contents:
            regex.compiled(contents["pattern"])
    return tuple(name_patterns)


def _validate(jsonschema: Any, name_patterns: tuple[regex.Pattern, ...], value: object) -> Verdict:
    token = _meter.set(_Meter(value, name_patterns))
    try:
        errors = tuple(map(_violation, jsonschema.iter_errors(value)))
    except Unresolvable as error:
        raise unresolvable(error) from error
    except RecursionError as error:
        raise SchemaFault("depth", "the value is too deep, or a reference leads to itself") from error
    finally:
        _meter.reset(token)
    return Verdict(not errors, value, errors)


class _Meter:
    """The steps left for one value. A step is one keyword, or the cost of quoting so much in an error."""

    def __init__(self, value: object, name_patterns: tuple[regex.Pattern, ...]) -> None:
        self._name_patterns = name_patterns
        all_nodes = nodes(value)
        self._weights: dict[int, int] = {}
        for node in reversed(all_nodes):
            if isinstance(node, dict):
                self._weights[id(node)] = 1 + sum(map(self._weight, node.values()))
            elif isinstance(node, list):
                self._weights[id(node)] = 1 + sum(map(self._weight, node))
        self._left = STEPS + STEPS_PER_NODE * (len(all_nodes) + self._weight(value) // WEIGHT_PER_STEP)

    def spend(self, instance: object) -> None:
        self._left -= 1 + self._weight(instance) // WEIGHT_PER_STEP
        if self._left < 0:
            raise SchemaFault("steps", "validating this value against this schema takes too many steps")

    def check_names(self, instance: object) -> None:
        """Refuse names that ``re`` may be slow with: ``unevaluatedProperties`` asks it alone."""
        length = max(map(len, instance), default=0) if isinstance(instance, dict) else 0
        if not all(pattern.is_cheap(length) for pattern in self._name_patterns):
            raise SchemaFault("pattern", "a member name cannot be matched in bounded time")

    def _weight(self, node: object) -> int:
        return len(node) if isinstance(node, str) else self._weights.get(id(node), 1)


_meter: ContextVar[_Meter] = ContextVar("_meter")


def _counted(keyword: Keyword) -> Keyword:
    def count(validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        _meter.get().spend(instance)
        return keyword(validator, value, instance, schema)

    return count


def _with_names_checked(keyword: Keyword) -> Keyword:
    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        _meter.get().check_names(instance)
        return keyword(validator, value, instance, schema)

    return check


@cache
def _metered(draft: Any) -> Any:
    """The draft's validator class with every keyword on the meter."""
    extend: Callable[..., Any] = validators.extend
    keywords = {**draft.VALIDATORS, **bounded_keywords(draft.VALIDATORS)}
    if "unevaluatedProperties" in keywords:
        keywords["unevaluatedProperties"] = _with_names_checked(keywords["unevaluatedProperties"])
    metered = extend(draft, {name: _counted(keyword) for name, keyword in keywords.items()})
    fields = [(field.name, field.alias) for field in attrs.fields(metered) if field.init]

    def evolve(self: Any, **changes: Any) -> Any:
        for name, alias in fields:
            changes.setdefault(alias, getattr(self, name))
        standard = validators.validator_for(changes["schema"], default=draft)
        return _metered(standard)(**changes)

    # jsonschema's own `evolve` leaves this class where a subschema names its `$schema`, as the
    # root does when a reference leads back to it: past the meter, and to a registry that fetches.
    metered.evolve = evolve
    return metered


def _violation(error: Any) -> Violation:
    return Violation(
        path=tuple(error.absolute_path),
        keyword=error.validator or "false",
        message=error.message,
        schema_path=tuple(error.absolute_schema_path),
        advice=_advice(error),
        cause=error,
    )


def _advice(error: Any) -> str:
    """Of an ``anyOf`` or ``oneOf``, what its most likely branch lacks."""
    likely = best_match([error]) or error
    text = _reason(likely)
    inside = pointer(tuple(likely.absolute_path)[len(error.absolute_path) :])
    return f"{quote(inside)} {text}" if inside else text


def _reason(error: Any) -> str:
    keyword, instance = error.validator or "false", error.instance
    text = advice(keyword, error.validator_value, instance)
    if keyword in ("required", "dependentRequired", "dependencies"):
        return str(error.message)  # quotes the schema alone
    if keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        return f"must not have the members {names([name for name in instance if name not in known])}"
    if "propertyNames" in error.absolute_schema_path:
        return f"has the member name {names([instance])}, which {text}"
    return text
