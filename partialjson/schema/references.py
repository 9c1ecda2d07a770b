# mypy: disable-error-code="import-untyped"
"""Where a ``$ref`` leads: inside the document, or nowhere. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from jsonschema_specifications import REGISTRY
from referencing import Resource, Specification
from referencing._core import Resolver
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, specification_with

from partialjson.errors import quote
from partialjson.schema.verdict import SchemaFault

DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"

Place: TypeAlias = tuple[Any, Resolver[Any]]
"""A schema, an object or a boolean, and the resolver for the references in it."""

REFERENCES = ("$ref", "$dynamicRef")

IN_PLACE = ("not", "if", "then", "else", "allOf", "anyOf", "oneOf", "dependentSchemas", "dependencies")
"""The keywords that apply other schemas to the same value: 2020-12 core, section 10.2, and draft 7's."""


def reachable(schema: Any, check: Callable[[Any], object] = bool) -> list[Place]:
    """Every schema object that a value can meet, each once.

    ``check`` is called with each of those that only a reference makes a schema, because it stands at a
    place of the author's own: the metaschema, applied to the document, does not come there.

    Raises ``SchemaFault`` (``"reference"``).
    """
    resource, resolver = _document(schema)
    places = list(_walk(resource, resolver))
    draft = _draft(schema)
    known = {id(contents) for contents, _ in places}
    for place in places:  # grows while it is read
        for contents, resolver in referred(*place):
            if isinstance(contents, dict) and id(contents) not in known:
                check(contents)
                hidden = _walk(draft.create_resource(contents), resolver)
                fresh = [each for each in hidden if id(each[0]) not in known]
                known.update(id(each[0]) for each in fresh)
                places += fresh
    return places


def root(schema: Any) -> Place:
    """The whole schema."""
    resource, resolver = _document(schema)
    return resource.contents, resolver


def inner(contents: Any, resolver: Resolver[Any]) -> Place:
    """A schema that stands in another one, whose resolver is given."""
    return contents, resolver.in_subresource(_resource(contents))


def unfolded(schema: Any) -> Iterator[Place]:
    """Every schema object as often as something leads to it: without end where the schema is recursive."""
    pending = [_document(schema)]
    while pending:
        for place in _walk(*pending.pop()):
            yield place
            pending += [(_resource(contents), resolver) for contents, resolver in referred(*place)]


def referred(
    contents: dict[str, Any], resolver: Resolver[Any], keywords: Iterable[str] = REFERENCES
) -> list[Place]:
    """Where the references of one schema object lead.

    Raises ``SchemaFault`` (``"reference"``), also where it is to something that is no schema.
    """
    places = []
    for keyword in keywords:
        reference = contents.get(keyword)
        if isinstance(reference, str):
            try:
                resolved = resolver.lookup(reference)
            except (Unresolvable, ValueError, TypeError) as error:
                # The latter two: `referencing` takes any pointer into an array for a number.
                raise unresolvable(reference) from error
            if not isinstance(resolved.contents, dict | bool):
                raise unresolvable(reference)
            places.append((resolved.contents, resolved.resolver))
    return places


def unresolvable(reference: str) -> SchemaFault:
    """The typed fault for what ``referencing`` could not resolve."""
    return SchemaFault("reference", f"the reference {quote(reference)} leads nowhere in this document")


def check_cycles(places: Iterable[Place]) -> None:
    """Refuse a schema that applies itself to the same value again, and so would never be done with it.

    ``{"$ref": "#"}`` does; a tree, whose references stand at its members, does not (2020-12 core,
    section 9.4.1). Raises ``SchemaFault`` (``"depth"``).
    """
    finished: dict[int, bool] = {}
    for start in places:
        path = [(0, iter([start]))]
        while path:
            for contents, resolver in path[-1][1]:
                known = finished.get(id(contents))
                if known is False:
                    raise SchemaFault("depth", "a reference leads back to where it stands")
                if known is None:
                    finished[id(contents)] = False
                    path.append((id(contents), iter(_in_place(contents, resolver))))
                    break
            else:
                finished[path.pop()[0]] = True


def _in_place(contents: dict[str, Any], resolver: Resolver[Any]) -> Iterator[Place]:
    for target in referred(contents, resolver):
        if isinstance(target[0], dict):
            yield target
    for keyword in IN_PLACE:
        value = contents.get(keyword)
        if keyword.startswith("depend") and isinstance(value, dict):
            value = list(value.values())
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield inner(part, resolver)


def _walk(resource: Resource[Any], resolver: Resolver[Any]) -> Iterator[Place]:
    """The schema objects in this one, and itself, by the specification's own keywords."""
    pending = [(resource, resolver)]
    while pending:
        resource, resolver = pending.pop()
        pending += [(part, resolver.in_subresource(part)) for part in resource.subresources()]
        if isinstance(resource.contents, dict):
            yield resource.contents, resolver


def _document(schema: Any) -> tuple[Resource[Any], Resolver[Any]]:
    """The whole schema; its resolver knows the specifications' own metaschemas too."""
    resource = _resource(schema)
    return resource, REGISTRY.resolver_with_root(resource)


def _resource(contents: Any) -> Resource[Any]:
    return _draft(contents).create_resource(contents)


def _draft(contents: Any) -> Specification[Any]:
    dialect = contents.get("$schema") if isinstance(contents, dict) else None
    return specification_with(dialect or "", default=DRAFT202012)
