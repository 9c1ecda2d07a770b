"""The JSON Schema of what a pydantic type accepts, and of no less.

pydantic's own JSON Schema says what a type means. What its validator accepts is more: ``"28"`` for an
integer, ``1`` for a boolean, a member under another alias, whatever a ``before`` validator can make
something of. A violation reported early must not be one of these, so the schema is made anew from the
validator's core schema: ``ROWS`` knows the core types that are sure to refuse something, and what; all
others accept everything.

Core types: https://docs.pydantic.dev/latest/api/pydantic_core_schema/. What lax mode accepts in JSON:
https://docs.pydantic.dev/latest/concepts/conversion_table/.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import Enum
from functools import lru_cache
from itertools import chain
from math import inf, isfinite, nextafter
from typing import Any, NamedTuple, TypeAlias

from pydantic import TypeAdapter

Core: TypeAlias = dict[str, Any]
Schema: TypeAlias = dict[str, Any] | bool

SCALAR = ["string", "number", "boolean"]
BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
TRANSFORMED = frozenset({"str_strip_whitespace", "str_to_lower", "str_to_upper"})
BY_NAME = frozenset({"populate_by_name", "validate_by_name", "validate_by_alias"})
LOOSE = TRANSFORMED | BY_NAME | {"coerce_numbers_to_str"}
"""Settings of a configuration under which a validator accepts more. One of them anywhere counts
everywhere: which configuration a part is under depends on how pydantic puts the parts together."""


@lru_cache(maxsize=256)
def accepted(adapter: TypeAdapter[Any]) -> str:
    """The schema, as JSON text, of the JSON values that an adapter may accept."""
    core = adapter.core_schema
    return json.dumps(_Reader(core).document(core))


class _Context(NamedTuple):
    """What the model around a core schema says: convert nothing; allow no other members."""

    strict: bool = False
    closed: bool = False


class _Reader:
    """Reads one core schema."""

    def __init__(self, core: Any) -> None:
        nodes = list(_nodes(core))
        configs = [node["config"] for node in nodes if isinstance(node.get("config"), dict)]
        self.loose = {name for config in configs for name in LOOSE if config.get(name) is not None}
        self.omits = any(node.get("on_error") == "omit" for node in nodes)
        lists = [node["definitions"] for node in nodes if node.get("type") == "definitions"]
        self.definitions: dict[str, Core] = {each["ref"]: each for each in chain.from_iterable(lists)}
        self.names = {reference: str(number) for number, reference in enumerate(self.definitions)}

    def document(self, core: Any) -> Schema:
        """The whole schema."""
        definitions = {
            self.names[name]: self.read(each, _Context()) for name, each in self.definitions.items()
        }
        return {"$defs": definitions, "allOf": [self.read(core, _Context())]}

    def read(self, core: Any, context: _Context) -> Schema:
        """The schema of what this core schema may accept."""
        row = ROWS.get(core["type"])
        if row is None:
            return True
        return row(self, core, context._replace(strict=core.get("strict", context.strict) is True))

    def has_default(self, core: Core) -> bool:
        """Whether a member or an item may be missing."""
        seen: set[int] = set()
        while core["type"] != "default":
            if id(core) in seen:
                return False
            seen.add(id(core))
            inner = self.definitions.get(core.get("schema_ref", ""), core.get("schema"))
            if not isinstance(inner, dict):
                return False
            core = inner
        return True


def _nodes(core: Any) -> Iterator[Core]:
    pending = [core]
    for node in pending:  # grows while it is read
        if isinstance(node, dict):
            yield node
            pending += [value for key, value in node.items() if key not in ("metadata", "serialization")]
        elif isinstance(node, list | tuple):
            pending += node


def _within(reader: _Reader, core: Core, context: _Context) -> Schema:
    """A schema around another one, which is asked first: ``after`` validators, custom errors, defaults."""
    return True if core.get("on_error", "raise") != "raise" else reader.read(core["schema"], context)


def _nullable(reader: _Reader, core: Core, context: _Context) -> Schema:
    return {"anyOf": [{"type": "null"}, reader.read(core["schema"], context)]}


def _union(reader: _Reader, core: Core, context: _Context) -> Schema:
    choices = core["choices"].values() if core["type"] == "tagged-union" else core["choices"]
    # A choice of a union may come with a label, and a tag may stand for another tag.
    cores = [choice[0] if isinstance(choice, tuple) else choice for choice in choices]
    return {"anyOf": [reader.read(each, context) if isinstance(each, dict) else True for each in cores]}


def _chain(reader: _Reader, core: Core, context: _Context) -> Schema:
    return reader.read(core["steps"][0], context)


def _json_branch(reader: _Reader, core: Core, context: _Context) -> Schema:
    return reader.read(core["json_schema"], context)


def _lax_branch(reader: _Reader, core: Core, context: _Context) -> Schema:
    return {"anyOf": [reader.read(core[each], context) for each in ("lax_schema", "strict_schema")]}


def _reference(reader: _Reader, core: Core, context: _Context) -> Schema:
    name = reader.names.get(core["schema_ref"])
    return True if name is None else {"$ref": f"#/$defs/{name}"}


def _configured(reader: _Reader, core: Core, context: _Context) -> Schema:
    """``model`` and ``dataclass``: what their ``schema`` accepts, under their own configuration."""
    config = core.get("config", {})
    closed = config.get("extra_fields_behavior") == "forbid"
    return (
        True
        if core.get("custom_init")
        else reader.read(core["schema"], _Context(config.get("strict") is True, closed))
    )


def _typed_dict(reader: _Reader, core: Core, context: _Context) -> Schema:
    config = core.get("config", {})
    closed = config.get("extra_fields_behavior") == "forbid"
    total = core.get("total", True)
    fields = {name: {"required": total, **field} for name, field in core["fields"].items()}
    return _object(reader, core, fields, _Context(config.get("strict") is True, closed))


def _model_fields(reader: _Reader, core: Core, context: _Context) -> Schema:
    return _object(reader, core, core["fields"], context)


def _dataclass_fields(reader: _Reader, core: Core, context: _Context) -> Schema:
    fields = {field["name"]: field for field in core["fields"] if field.get("init", True)}
    return _object(reader, core, fields, context)


def _object(reader: _Reader, core: Core, fields: dict[str, Core], context: _Context) -> Schema:
    properties: dict[str, Schema] = {}
    required = []
    closed = core.get("extra_behavior", "forbid" if context.closed else "ignore") == "forbid"
    for name, field in fields.items():
        alias = field.get("validation_alias", name)
        if not isinstance(alias, str) or (alias != name and not BY_NAME.isdisjoint(reader.loose)):
            closed = False  # the value may stand at several places
            continue
        properties[alias] = reader.read(field["schema"], _Context(context.strict))
        if field.get("required", True) and not reader.has_default(field["schema"]):
            required.append(alias)
    schema: Core = {"type": "object", "properties": properties, "required": required}
    if closed:
        schema["additionalProperties"] = False
    return schema


def _dict(reader: _Reader, core: Core, context: _Context) -> Schema:
    # Two names may be read as the same key, so that a maximum is not yet passed.
    values = reader.read(core["values_schema"], context) if "values_schema" in core else True
    return {"type": "object", "additionalProperties": values, "minProperties": core.get("min_length") or 0}


def _array(reader: _Reader, core: Core, context: _Context) -> Schema:
    items = reader.read(core["items_schema"], context) if "items_schema" in core else True
    schema: Core = {"type": "array", "items": items, "minItems": core.get("min_length") or 0}
    # Of equal items a set keeps one, so that a maximum is not yet passed.
    if core["type"] == "list" and core.get("max_length") is not None and not reader.omits:
        schema["maxItems"] = core["max_length"]
    return schema


def _tuple(reader: _Reader, core: Core, context: _Context) -> Schema:
    items = core["items_schema"]
    variadic = core.get("variadic_item_index")
    schema: Core = {"type": "array"}
    if items[:variadic]:
        schema["prefixItems"] = [reader.read(item, context) for item in items[:variadic]]
    if variadic is None and not reader.omits:
        schema["minItems"] = sum(not reader.has_default(item) for item in items)
        schema["maxItems"] = len(items)
    elif variadic is not None and variadic == len(items) - 1:
        schema["items"] = reader.read(items[variadic], context)
    return schema


def _none(reader: _Reader, core: Core, context: _Context) -> Schema:
    return {"type": "null"}


def _bool(reader: _Reader, core: Core, context: _Context) -> Schema:
    return {"type": "boolean"} if context.strict else {"type": SCALAR}


def _int(reader: _Reader, core: Core, context: _Context) -> Schema:
    # A bound is none for a string or a boolean, in JSON Schema.
    bounds = {keyword: core[name] for name, keyword in BOUNDS.items() if core.get(name) is not None}
    return {"type": "integer" if context.strict else ["integer", "string", "boolean"], **bounds}


def _float(reader: _Reader, core: Core, context: _Context) -> Schema:
    # An integer becomes the nearest float before it is compared, which may be the bound itself.
    bounds = {
        "maximum": nextafter(core.get("le", inf), inf),
        "exclusiveMaximum": core.get("lt", inf),
        "minimum": nextafter(core.get("ge", -inf), -inf),
        "exclusiveMinimum": core.get("gt", -inf),
    }
    finite = {name: float(bound) for name, bound in bounds.items() if isfinite(bound)}
    return {"type": "number" if context.strict else SCALAR, **finite}


def _str(reader: _Reader, core: Core, context: _Context) -> Schema:
    if "coerce_numbers_to_str" in reader.loose or core.get("coerce_numbers_to_str"):
        return {"type": SCALAR}
    schema: Core = {"type": "string"}
    changed = any(core.get(name.removeprefix("str_")) for name in TRANSFORMED)
    if not changed and TRANSFORMED.isdisjoint(reader.loose):
        schema["minLength"] = core.get("min_length") or 0
        if core.get("max_length") is not None:
            schema["maxLength"] = core["max_length"]
    return schema


def _text(reader: _Reader, core: Core, context: _Context) -> Schema:
    return {"type": "string"}


def _scalar(reader: _Reader, core: Core, context: _Context) -> Schema:
    return {"type": SCALAR}


def _literal(reader: _Reader, core: Core, context: _Context) -> Schema:
    expected = core["expected"]
    if all(type(each) in (str, type(None)) for each in expected):
        return {"enum": expected}
    if all(type(each) in (str, type(None), int, bool) for each in expected):
        # Of `Literal[1]`, pydantic takes `true` for a 1 under some circumstances.
        texts = [each for each in expected if isinstance(each, str | None)]
        return {"anyOf": [{"type": ["number", "boolean"]}, {"enum": texts}]}
    return True


def _enum(reader: _Reader, core: Core, context: _Context) -> Schema:
    values = [member.value for member in core["members"]]
    missing = getattr(core["cls"]._missing_, "__func__", None)
    is_plain = missing is vars(Enum)["_missing_"].__func__ and all(type(value) is str for value in values)
    return {"enum": values} if is_plain else True


ROWS: dict[str, Callable[[_Reader, Core, _Context], Schema]] = {
    "default": _within,
    "function-after": _within,
    "custom-error": _within,
    "nullable": _nullable,
    "union": _union,
    "tagged-union": _union,
    "chain": _chain,
    "json-or-python": _json_branch,
    "lax-or-strict": _lax_branch,
    "definitions": _within,
    "definition-ref": _reference,
    "model": _configured,
    "model-fields": _model_fields,
    "dataclass": _configured,
    "dataclass-args": _dataclass_fields,
    "typed-dict": _typed_dict,
    "dict": _dict,
    "list": _array,
    "set": _array,
    "frozenset": _array,
    "tuple": _tuple,
    "none": _none,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "str": _str,
    "bytes": _text,
    "json": _text,
    "url": _text,
    "multi-host-url": _text,
    "uuid": _text,
    "decimal": _scalar,
    "date": _scalar,
    "time": _scalar,
    "datetime": _scalar,
    "timedelta": _scalar,
    "literal": _literal,
    "enum": _enum,
}
"""The core types that refuse something for certain, whatever the settings."""
