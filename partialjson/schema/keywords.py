"""jsonschema's keywords on the meter, and in bounded form those that can take too long; same errors.

``uniqueItems`` compares all items with all, and a pattern may backtrack for ever. Where ``re`` is sure
to be quick, jsonschema's own keyword does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from jsonschema.exceptions import ValidationError

from partialjson.schema import regex
from partialjson.schema.meter import current
from partialjson.schema.values import frozen
from partialjson.schema.verdict import SchemaFault

Errors: TypeAlias = Iterable[ValidationError] | None
Keyword: TypeAlias = Callable[[Any, Any, Any, Any], Errors]
"""jsonschema's own form: (validator, value of the keyword, instance, schema) to errors."""


_DIGITS: Final = 5_000
"""Of a Decimal as a fraction, which may have many more than the text it was read from."""

LEAVES = frozenset(
    [
        *("const", "dependentRequired", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maximum"),
        *("maxItems", "maxLength", "maxProperties", "minimum", "minItems", "minLength", "minProperties"),
        *("multipleOf", "pattern", "required", "type", "uniqueItems"),
    ]
)
"""The keywords that apply no other schema: their few errors can be had at once, and counted."""


def bounded_keywords(keywords: Mapping[str, Keyword]) -> dict[str, Keyword]:
    """A draft's keywords, bounded and on the meter."""
    bounded = {name: _BOUNDS[name](own) if name in _BOUNDS else own for name, own in keywords.items()}
    return {name: _leaf(own) if name in LEAVES else _branch(own) for name, own in bounded.items()}


def _leaf(own: Keyword) -> Keyword:
    def leaf(validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        meter = current.get()
        meter.step()
        errors = list(own(validator, value, instance, schema) or ())
        meter.quote(sum(len(error.message) for error in errors))
        return errors

    return leaf


def _branch(own: Keyword) -> Keyword:
    # No generator of our own around jsonschema's: it would take a frame for each level of the value,
    # of which Python has a thousand. So what the errors would quote is counted before they come.
    def branch(validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        meter = current.get()
        meter.step()
        meter.quote_value(instance)
        return own(validator, value, instance, schema)

    return branch


def multiple_of(value: Any, divisor: Any) -> bool:
    """``multipleOf`` as jsonschema counts it, also where it raises: ``1e400``, ``10**400`` and Decimals."""
    if value - value != 0:  # infinite, or not a number
        return False
    if isinstance(value, Decimal):
        if abs(value.adjusted()) > _DIGITS:
            raise SchemaFault("steps", "a number has too large an exponent for 'multipleOf'")
        return Fraction(value) % Fraction(divisor) == 0
    if not isinstance(divisor, float):
        return bool(value % divisor == 0)
    try:
        quotient = value / divisor
        return bool(int(quotient) == quotient)
    except OverflowError:
        return Fraction(value) % Fraction(divisor) == 0


def _multiple_of(own: Keyword) -> Keyword:
    def check(validator: Any, divisor: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if validator.is_type(instance, "number") and not multiple_of(instance, divisor):
            yield ValidationError(f"{instance!r} is not a multiple of {divisor}")

    return check


def _unique_items(own: Keyword) -> Keyword:
    def unique_items(validator: Any, unique: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not unique or not validator.is_type(instance, "array"):
            return
        if len(set(map(frozen, instance))) < len(instance):
            yield ValidationError(f"{instance!r} has non-unique elements")

    return unique_items


def _pattern(own: Keyword) -> Keyword:
    def pattern(validator: Any, expression: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if validator.is_type(instance, "string") and not regex.search(expression, instance):
            yield ValidationError(f"{instance!r} does not match {expression!r}")

    return pattern


def _pattern_properties(own: Keyword) -> Keyword:
    def pattern_properties(validator: Any, rows: Any, instance: Any, schema: Any) -> Errors:
        if not validator.is_type(instance, "object") or _cheap(rows, instance):
            return own(validator, rows, instance, schema)
        return (
            error
            for expression, subschema in rows.items()
            for name, member in instance.items()
            if regex.search(expression, name)
            for error in validator.descend(member, subschema, path=name, schema_path=expression)
        )

    return pattern_properties


def _additional_properties(own: Keyword) -> Keyword:
    def additional_properties(validator: Any, allowed: Any, instance: Any, schema: Any) -> Errors:
        rows = schema.get("patternProperties", {})
        if not validator.is_type(instance, "object") or _cheap(rows, instance):
            return own(validator, allowed, instance, schema)
        extras = [name for name in instance if name not in schema.get("properties", {})]
        extras = [name for name in extras if not any(regex.search(row, name) for row in rows)]
        if allowed is False and extras:
            verb = "does" if len(extras) == 1 else "do"
            joined, patterns = (", ".join(map(repr, sorted(each))) for each in (extras, rows))
            return [ValidationError(f"{joined} {verb} not match any of the regexes: {patterns}")]
        return (error for name in extras for error in validator.descend(instance[name], allowed, path=name))

    return additional_properties


def _unevaluated_properties(own: Keyword) -> Keyword:
    def unevaluated_properties(validator: Any, allowed: Any, instance: Any, schema: Any) -> Errors:
        # It follows references to find the patterns that apply, and asks `re` itself.
        current.get().match_names(instance)
        return own(validator, allowed, instance, schema)

    return unevaluated_properties


def _additional_items(own: Keyword) -> Keyword:
    def additional_items(validator: Any, allowed: Any, instance: Any, schema: Any) -> Errors:
        # jsonschema asks for the length of `items` where it is `true` or `false`.
        return own(validator, allowed, instance, schema) if isinstance(schema.get("items"), list) else None

    return additional_items


def _cheap(patterns: Iterable[str], names: Iterable[str]) -> bool:
    length = max(map(len, names), default=0)
    return all(regex.compiled(pattern).is_cheap(length) for pattern in patterns)


_BOUNDS: dict[str, Callable[[Keyword], Keyword]] = {
    "multipleOf": _multiple_of,
    "uniqueItems": _unique_items,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalItems": _additional_items,
    "additionalProperties": _additional_properties,
    "unevaluatedProperties": _unevaluated_properties,
}
