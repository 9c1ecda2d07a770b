"""jsonschema in bounded time: its verdict and its errors, or a ``SchemaFault``; nothing is fetched.

jsonschema decides. What is added here keeps a hostile schema or value from holding it up:

- an empty registry, so that a remote ``$ref`` is an error (left alone, jsonschema 4.26 fetches it);
- a meter on every keyword (``meter.py``);
- ``uniqueItems`` by hashing, patterns by ``regex.search`` (``keywords.py``);
- Python's own recursion limit, turned into a typed outcome.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote as percent_encoded

import attrs
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import SchemaError, ValidationError, best_match
from referencing import Registry

from partialjson.errors import Path, pointer, quote
from partialjson.schema import fast, regex
from partialjson.schema.keywords import bounded_keywords
from partialjson.schema.meter import Meter, current
from partialjson.schema.references import References
from partialjson.schema.verdict import SchemaFault, Validator, Verdict, Violation
from partialjson.schema.words import advice, names

_TOO_DEEP = "the value is too deep for this schema"


class Prepared(NamedTuple):
    """A schema that can be used: our own copy of it, jsonschema's validator, the patterns for names."""

    schema: Any
    validator: Any
    name_patterns: tuple[regex.Pattern, ...]

    def errors(self, value: object) -> list[ValidationError]:
        """jsonschema's errors. Raises ``SchemaFault`` where they would take too long or too much."""
        meter = Meter(value, self.name_patterns)
        token = current.set(meter)
        errors = []
        try:
            for error in self.validator.iter_errors(value):
                meter.quote(len(error.message))
                errors.append(error)
        except RecursionError as error:
            raise SchemaFault("depth", _TOO_DEEP) from error
        except BaseException as error:
            # Where Python's stack ends inside rpds, which `referencing` uses, its Rust panics instead.
            if type(error).__name__ == "PanicException":
                raise SchemaFault("depth", _TOO_DEEP) from error
            raise
        finally:
            current.reset(token)
        return errors


def compiled(schema: Mapping[str, Any] | bool, *, formats: bool = False) -> Validator:
    """The validator for a JSON Schema: Draft 2020-12, or the one that its ``$schema`` names.

    ``formats`` makes ``format`` an assertion; by the specification it is an annotation. Compiled
    validators are cached by content.

    Raises ``SchemaFault`` where it is no JSON Schema of its draft, or a ``$ref`` leads out of it.
    """
    return _compiled(source(schema), formats)


@lru_cache(maxsize=256)
def _compiled(text: str, formats: bool) -> Validator:
    prepared = prepare(text, formats)
    accept = None if formats else fast.acceptor(prepared.schema)

    def validate(value: object) -> Verdict:
        if accept is not None and accept(value):
            return Verdict(True, value)
        errors = tuple(map(_violation, prepared.errors(value)))
        return Verdict(not errors, value, errors)

    return validate


def source(schema: Mapping[str, Any] | bool) -> str:
    """The schema as JSON text, member order kept: the key of a cache, and a private copy.

    Raises ``SchemaFault`` where it is no JSON data.
    """
    try:
        try:
            # Every call asks, and this takes a fifth of the time.
            return _source(marshal.dumps(schema))  # type: ignore[arg-type]
        except ValueError:
            return json.dumps(schema)
    except (TypeError, ValueError) as error:
        raise SchemaFault("invalid", f"a JSON Schema is JSON data: {error}") from error
    except RecursionError as error:
        raise SchemaFault("depth", "the schema is too deep") from error


@lru_cache(maxsize=256)
def _source(marshalled: bytes) -> str:
    return json.dumps(marshal.loads(marshalled))


@lru_cache(maxsize=256)
def prepare(text: str, formats: bool = False) -> Prepared:
    """The schema of a JSON text, checked. Raises ``SchemaFault`` as ``compiled`` does."""
    try:
        schema = json.loads(text)
        draft = validators.validator_for(schema, default=Draft202012Validator)
        draft.check_schema(schema)
        references = References(schema)
        places = references.reachable(draft.check_schema)
        references.check_cycles(places)
        name_patterns = _patterns([contents for contents, _ in places])
    except SchemaError as error:
        place = quote(pointer(tuple(error.path)))
        raise SchemaFault("invalid", f"no valid JSON Schema at {place}: {quote(error.message)}") from error
    except OverflowError as error:  # `re` counts repetitions to 2^32 and no further
        raise SchemaFault("pattern", f"no regular expression: {error}") from error
    except RecursionError as error:
        raise SchemaFault("depth", "the schema is too deep") from error
    checker = draft.FORMAT_CHECKER if formats else None
    validator = _metered(draft)(schema, registry=Registry(), format_checker=checker)
    return Prepared(schema, validator, name_patterns)


def violations(schema: Any, value: object, *, formats: bool) -> list[Violation]:
    """What jsonschema finds wrong with a value. Raises ``SchemaFault`` as a validator does."""
    return list(map(_violation, prepare(source(schema), formats).errors(value)))


def oracle(schema: Any, path: Path, keyword: str) -> Callable[[object], bool]:
    """Whether jsonschema finds that a value breaks this keyword of the schema at this place.

    The function raises ``SchemaFault`` as a validator does.
    """
    prepared = prepare(source(schema))
    reference = {"$ref": "#" + percent_encoded(pointer(path))}
    part = prepared._replace(validator=prepared.validator.evolve(schema=reference))
    return lambda value: any(error.validator == keyword for error in part.errors(value))


def _patterns(subschemas: list[dict[str, Any]]) -> tuple[regex.Pattern, ...]:
    """Compile every pattern once; return those for member names."""
    for contents in subschemas:
        if "pattern" in contents:
            regex.compiled(contents["pattern"])
    return tuple(
        regex.compiled(name) for contents in subschemas for name in contents.get("patternProperties", ())
    )


@cache
def _metered(draft: Any) -> Any:
    """The draft's validator class with every keyword on the meter."""
    extend: Callable[..., Any] = validators.extend
    metered = extend(draft, bounded_keywords(draft.VALIDATORS))
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
    likely = best_match([error]) if error.validator in ("anyOf", "oneOf") else error
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
