# mypy: disable-error-code="import-untyped"
"""Where a ``$ref`` leads: inside the document, or nowhere. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from jsonschema_specifications import REGISTRY
from referencing import Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT3, DRAFT4, DRAFT6, DRAFT7, DRAFT202012, specification_with

from partialjson.errors import quote
from partialjson.schema.verdict import SchemaFault

DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"

Resolver: TypeAlias = Any
"""``referencing``'s resolver, which has no public name: it knows the base URI of a schema."""
Place: TypeAlias = tuple[Any, Resolver]
"""A schema, an object or a boolean, and the resolver for the references in it."""

REFERENCES = ("$ref", "$dynamicRef")

IN_PLACE = ("not", "if", "then", "else", "allOf", "anyOf", "oneOf", "dependentSchemas", "dependencies")
"""The keywords that apply other schemas to the same value: 2020-12 core, section 10.2, and draft 7's."""


class References:
    """The references of one schema document, by the rules of its draft."""

    def __init__(self, schema: Any) -> None:
        dialect = schema.get("$schema") if isinstance(schema, dict) else None
        self._draft = specification_with(dialect or "", default=DRAFT202012)
        # Until draft 7, what stands beside a `$ref` is ignored.
        self.ref_alone = self._draft in (DRAFT3, DRAFT4, DRAFT6, DRAFT7)
        resource = self._draft.create_resource(schema)
        # This registry knows the specifications' own metaschemas, and retrieves nothing.
        self.root: Place = (schema, REGISTRY.resolver_with_root(resource))

    def inner(self, contents: Any, resolver: Resolver) -> Place:
        """A schema that stands in another one, whose resolver is given."""
        return contents, resolver.in_subresource(self._resource(contents))

    def reachable(self, check: Callable[[Any], object] = bool) -> list[Place]:
        """Every schema object that a value can meet, each once.

        ``check`` is called with each of those that only a reference makes a schema, because it stands at
        a place of the author's own: the metaschema, applied to the document, does not come there.

        Raises ``SchemaFault`` (``"reference"``).
        """
        places = list(self._walk(self.root))
        known = {id(contents) for contents, _ in places}
        for place in places:  # grows while it is read
            for target in referred(*place):
                if isinstance(target[0], dict) and id(target[0]) not in known:
                    check(target[0])
                    fresh = [each for each in self._walk(target) if id(each[0]) not in known]
                    known.update(id(contents) for contents, _ in fresh)
                    places += fresh
        return places

    def unfolded(self) -> Iterator[Place]:
        """Every schema object as often as something leads to it: without end where it leads to itself."""
        pending = [self.root]
        while pending:
            for place in self._walk(pending.pop()):
                yield place
                pending += referred(*place)

    def check_cycles(self, places: Iterable[Place]) -> None:
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
                        path.append((id(contents), iter(self._in_place(contents, resolver))))
                        break
                else:
                    finished[path.pop()[0]] = True

    def _in_place(self, contents: dict[str, Any], resolver: Resolver) -> Iterator[Place]:
        for target in referred(contents, resolver):
            if isinstance(target[0], dict):
                yield target
        if self.ref_alone and "$ref" in contents:
            return
        for keyword in IN_PLACE:
            value = contents.get(keyword)
            if keyword.startswith("depend") and isinstance(value, dict):
                value = list(value.values())
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict):
                    yield self.inner(part, resolver)

    def _walk(self, place: Place) -> Iterator[Place]:
        """The schema objects in this one, and itself, by the draft's own keywords."""
        pending = [place]
        while pending:
            contents, resolver = pending.pop()
            if isinstance(contents, dict):
                yield contents, resolver
                inner = [part.contents for part in self._resource(contents).subresources()]
                pending += [self.inner(part, resolver) for part in inner if isinstance(part, dict)]

    def _resource(self, contents: Any) -> Resource[Any]:
        return Resource.from_contents(contents, default_specification=self._draft)


def referred(
    contents: dict[str, Any], resolver: Resolver, keywords: Iterable[str] = REFERENCES
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
