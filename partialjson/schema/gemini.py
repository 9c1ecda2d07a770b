"""Gemini's subset of OpenAPI, read as JSON Schema.

https://ai.google.dev/api/caching#Schema: upper-case types, ``nullable``, 64-bit numbers as strings,
``defs`` and ``ref`` without the dollar. Lower-case types and snake_case names occur too: the service
takes both, and so do its SDKs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


def to_json_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema in JSON Schema's words. What Gemini does not know is kept as it is."""
    result: dict[str, Any] = {}
    for name, value in schema.items():
        keyword, translate = _KEYWORDS.get(name, (name, _same))
        result[keyword] = translate(value)
    if result.get("type") == "type_unspecified":
        del result["type"]
    return _nullable(result) if result.pop("nullable", False) else result


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema opened for ``null`` in place, so that its errors stay as plain as they were."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    additions = {"type": "null", "enum": None, "anyOf": {"type": "null"}}
    for keyword, null in additions.items():
        if keyword in schema:
            given = schema[keyword]
            schema[keyword] = [*(given if isinstance(given, list) else [given]), null]
    return schema


def _same(value: Any) -> Any:
    return value


def _type(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _schema(value: Any) -> Any:
    return to_json_schema(value) if isinstance(value, Mapping) else value


def _schemas(value: Any) -> Any:
    return [_schema(item) for item in value] if isinstance(value, list) else value


def _members(value: Any) -> Any:
    return {name: _schema(item) for name, item in value.items()} if isinstance(value, Mapping) else value


def _reference(value: Any) -> Any:
    return value.replace("#/defs/", "#/$defs/", 1) if isinstance(value, str) else value


_KEYWORDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "type": ("type", _type),
    "items": ("items", _schema),
    "properties": ("properties", _members),
    "additionalProperties": ("additionalProperties", _schema),
    "additional_properties": ("additionalProperties", _schema),
    "anyOf": ("anyOf", _schemas),
    "any_of": ("anyOf", _schemas),
    "defs": ("$defs", _members),
    "$defs": ("$defs", _members),
    "ref": ("$ref", _reference),
    "maxItems": ("maxItems", _integer),
    "max_items": ("maxItems", _integer),
    "minItems": ("minItems", _integer),
    "min_items": ("minItems", _integer),
    "maxLength": ("maxLength", _integer),
    "max_length": ("maxLength", _integer),
    "minLength": ("minLength", _integer),
    "min_length": ("minLength", _integer),
    "maxProperties": ("maxProperties", _integer),
    "max_properties": ("maxProperties", _integer),
    "minProperties": ("minProperties", _integer),
    "min_properties": ("minProperties", _integer),
}
