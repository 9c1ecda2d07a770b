# mypy: disable-error-code="import-untyped"
"""Where a ``$ref`` leads: inside the document, or nowhere. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema_specifications import REGISTRY
from referencing import Resource
from referencing._core import Resolver
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, specification_with

from partialjson.errors import quote
from partialjson.schema.verdict import SchemaFault


def document(schema: Any) -> tuple[Resource[Any], Resolver[Any]]:
    """The schema as a resource, and the resolver that knows it and the specifications' own metaschemas."""
    dialect = schema.get("$schema") if isinstance(schema, dict) else None
    resource = specification_with(dialect or "", default=DRAFT202012).create_resource(schema)
    return resource, REGISTRY.resolver_with_root(resource)


def check_references(schema: Any) -> None:
    """Resolve every reference once, so that a dangling one is known before the first value.

    Raises ``SchemaFault`` (``"reference"``).
    """
    for contents, resolver in _subschemas(schema):
        for keyword in ("$ref", "$dynamicRef"):
            reference = contents.get(keyword)
            if isinstance(reference, str):
                try:
                    resolver.lookup(reference)
                except Unresolvable as error:
                    raise unresolvable(error) from error


def unresolvable(error: Unresolvable) -> SchemaFault:
    """The typed fault for what ``referencing`` could not resolve."""
    return SchemaFault("reference", f"the reference {quote(error.ref)} leads nowhere in this document")


def _subschemas(schema: Any) -> Iterator[tuple[dict[str, Any], Resolver[Any]]]:
    pending = [document(schema)]
    while pending:
        resource, resolver = pending.pop()
        if isinstance(resource.contents, dict):
            yield resource.contents, resolver
        for part in resource.subresources():
            pending.append((part, resolver.in_subresource(part)))
