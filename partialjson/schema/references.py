# mypy: disable-error-code="import-untyped"
"""Where a ``$ref`` leads: inside the document, or nowhere. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from jsonschema_specifications import REGISTRY
from referencing import Resource
from referencing._core import Resolver
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, specification_with

from partialjson.errors import quote
from partialjson.schema.verdict import SchemaFault

DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"

Place: TypeAlias = tuple[Resource[Any], Resolver[Any]]
"""A schema, and the resolver for the references in it."""


def document(schema: Any) -> Place:
    """The whole schema; its resolver knows the specifications' own metaschemas too."""
    dialect = schema.get("$schema") if isinstance(schema, dict) else None
    resource = specification_with(dialect or "", default=DRAFT202012).create_resource(schema)
    return resource, REGISTRY.resolver_with_root(resource)


def subschemas(schema: Any) -> Iterator[tuple[dict[str, Any], Resolver[Any]]]:
    """Every schema object of the document, with the resolver for the references in it."""
    pending = [document(schema)]
    while pending:
        resource, resolver = pending.pop()
        if isinstance(resource.contents, dict):
            yield resource.contents, resolver
        for part in resource.subresources():
            pending.append((part, resolver.in_subresource(part)))


def referred(contents: dict[str, Any], resolver: Resolver[Any]) -> list[Place]:
    """Where the references of one schema object lead. Raises ``SchemaFault`` (``"reference"``)."""
    places = []
    for keyword in ("$ref", "$dynamicRef"):
        reference = contents.get(keyword)
        if isinstance(reference, str):
            try:
                resolved = resolver.lookup(reference)
            except Unresolvable as error:
                raise unresolvable(error) from error
            specification = specification_with(DRAFT_2020_12)
            places.append((specification.create_resource(resolved.contents), resolved.resolver))
    return places


def unresolvable(error: Unresolvable) -> SchemaFault:
    """The typed fault for what ``referencing`` could not resolve."""
    return SchemaFault("reference", f"the reference {quote(error.ref)} leads nowhere in this document")
