"""From a schema to plans: each keyword is a row of ``ROWS``.

A row says which kinds of value it is about, and how it adds to their rules. No row claims more than
jsonschema would. What cannot be decided here adds nothing and makes the document inexact: then a value
that breaks no rule is not yet known to be valid.

What a schema asks of the same value without a condition (``$ref``, ``allOf``) is taken together with it.
Alternatives that the kind of value rules out are dropped: of ``anyOf: [{"type": "string"}, {"type":
"null"}]`` nothing is left to run, and of ``anyOf: [{"$ref": "#/$defs/line"}, {"type": "null"}]`` only the
line, as if it stood there alone.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from jsonschema import (
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
    validators,
)

from partialjson.errors import Path
from partialjson.schema import bounded, regex
from partialjson.schema.keywords import multiple_of
from partialjson.schema.plan import KINDS, PREFIX, Children, Choice, Claim, Contains, Part, Plan, Rules, Watch
from partialjson.schema.references import REFERENCES, References, referred
from partialjson.schema.values import frozen
from partialjson.schema.verdict import SchemaFault

PLANS = 5_000
"""Plans of one document. More would need schemas whose parts meet in ever new combinations."""


@lru_cache(maxsize=256)
def document(text: str, formats: bool) -> Document:
    """The compiled document of a schema's JSON text. Raises ``SchemaFault`` where it cannot be used."""
    return Document(bounded.prepare(text, formats).schema, formats=formats)


class Document:
    """One schema document, compiled as values come.

    ``exact`` is whether a value that breaks no rule is valid for certain. ``root`` is ``None`` where
    nothing is asked, or nothing can be decided in advance: in drafts 3 and 4, in documents that mix
    drafts or refer to a metaschema. ``is_known`` is whether jsonschema knows the draft at all.
    """

    def __init__(self, schema: Any, *, formats: bool = False) -> None:
        draft: Any = validators.validator_for(schema, default=Draft202012Validator)
        self._references = References(schema)
        subschemas = [contents for contents, _ in self._references.reachable()]
        dialects = {contents["$schema"] for contents in subschemas if "$schema" in contents}
        one_resource = all("$id" not in contents or contents is schema for contents in subschemas)
        self._plans: dict[Hashable, Plan | None] = {}
        # Across resources, what a `$dynamicRef` means depends on the way that led to it.
        self._followed = REFERENCES if one_resource else ("$ref",)
        self._rows = [row for row in ROWS if any(name in draft.VALIDATORS for name in row.keywords)]
        self.schema = schema
        self.formats = formats
        self.paths = dict(_paths(schema))
        self.modern = draft is Draft202012Validator
        self.counted = draft in (Draft201909Validator, Draft202012Validator)
        self.checker: Any = draft.FORMAT_CHECKER if formats else None
        self.is_known = dialects <= {draft.META_SCHEMA["$schema"], draft.META_SCHEMA["$schema"].rstrip("#")}
        # A reference to a metaschema leads out of the document, where no keyword has a path.
        is_own = all(id(contents) in self.paths for contents in subschemas)
        is_decidable = draft in DRAFTS and self.is_known and is_own
        self.exact = is_decidable and UNDECIDED.difference(self._followed).isdisjoint(chain(*subschemas))
        root = self.plan([Part(*self._references.root, ())]) if is_decidable else None
        is_idle = root is None or all(root[kind] is None for kind in KINDS)
        self.root = None if is_idle else root

    def plan(self, parts: Iterable[Part]) -> Plan | None:
        """The plan for all these schemas at once; the same for the same schemas."""
        parts = [part for part in parts if part.contents is not True]
        key = tuple(
            (part.path, part.claim) if part.contents is False else id(part.contents) for part in parts
        )
        if key not in self._plans:
            if len(self._plans) >= PLANS:
                self.exact = False
                return None
            self._plans[key] = Plan(self, parts) if parts else None
        return self._plans[key]

    def rules(self, kind: type, parts: list[Part]) -> Rules | None:
        """What these schemas together ask of a kind of value."""
        rules = Rules()
        rules.children = Children(self, rules)
        pending = list(parts)
        seen: set[int] = set()
        for part in pending:  # grows while it is read
            contents = part.contents
            if contents is False:
                rules.refusals.append(part.claim or Claim("false", False, part.path))
            elif isinstance(contents, dict) and id(contents) not in seen:
                seen.add(id(contents))
                pending += self._unconditional(part)
                if not (self._references.ref_alone and "$ref" in contents):
                    for row in self._rows:
                        if kind in row.kinds and any(name in contents for name in row.keywords):
                            pending += row.add(Site(self, rules, kind, part)) or ()
        return None if rules.are_idle() else rules.finished(kind)

    def _unconditional(self, part: Part) -> Iterable[Part]:
        contents = part.contents
        for keyword in self._followed:
            for target, resolver in referred(contents, part.resolver, [keyword]):
                yield Part(target, resolver, self.paths.get(id(target), (*part.path, keyword)))
        if not (self._references.ref_alone and "$ref" in contents):
            for index, schema in enumerate(contents.get("allOf", ())):
                yield self.inner(part, schema, "allOf", index)

    def inner(self, part: Part, schema: Any, *steps: str | int) -> Part:
        """The schema at these steps below another one."""
        path = self.paths.get(id(schema), (*part.path, *steps))
        return Part(*self._references.inner(schema, part.resolver), path)


class Site(NamedTuple):
    """Where a row adds: these rules for this kind of value, on behalf of this schema."""

    document: Document
    rules: Rules
    kind: type
    part: Part

    def claim(self, keyword: str, expected: object = None, *, lifted: bool = False) -> Claim:
        if expected is None:
            expected = self.part.contents[keyword]
        return Claim(keyword, expected, (*self.part.path, keyword), lifted)

    def inner(self, schema: Any, *steps: str | int) -> Part:
        return self.document.inner(self.part, schema, *steps)

    def plan(self, schema: Any, *steps: str | int) -> Plan | None:
        return self.document.plan([self.inner(schema, *steps)])


class Row(NamedTuple):
    """How keywords, one or several that mean something together, add to the rules of these kinds.

    What ``add`` returns are more schemas for the same value.
    """

    keywords: tuple[str, ...]
    kinds: tuple[type, ...]
    add: Callable[[Site], Iterable[Part] | None]


def _type(site: Site) -> None:
    wanted = site.part.contents["type"]
    allowed = {wanted} if isinstance(wanted, str) else set(wanted)
    if allowed.isdisjoint(KINDS[site.kind]):
        if site.kind is float and "integer" in allowed:
            site.rules.checks.append((_is_fraction, site.claim("type")))
        else:
            site.rules.refusals.append(site.claim("type"))


def _is_fraction(number: float) -> bool:
    return not number.is_integer()


def _enum(site: Site) -> None:
    _candidates(site, site.part.contents["enum"], site.claim("enum"))


def _const(site: Site) -> None:
    constant = site.part.contents["const"]
    _candidates(site, [constant], Claim("const", constant, (*site.part.path, "const")))


def _candidates(site: Site, candidates: list[Any], claim: Claim) -> None:
    alike = [value for value in candidates if KINDS[type(value)][-1] == KINDS[site.kind][-1]]
    if not alike:
        site.rules.refusals.append(claim)
    elif site.kind is str:
        texts = frozenset(alike)
        site.rules.watches.append((_no_prefix_of(sorted(texts)), claim))
        site.rules.checks.append((lambda text: text not in texts, claim))
    elif site.kind in (dict, list):
        literal = _literal_object if site.kind is dict else _literal_array
        plans = [
            site.plan(literal(value, site.document.modern), claim.keyword, index)
            for index, value in enumerate(alike)
        ]
        site.rules.choices.append(Choice("anyOf", claim, tuple(plans)))
    else:
        known = {frozen(value) for value in alike}
        site.rules.checks.append((lambda value: frozen(value) not in known, claim))


def _no_prefix_of(candidates: list[str]) -> Watch:
    """Whether no candidate begins with the prefix: the first one that does not come before it tells."""
    longest = max(map(len, candidates))

    def watch(said: str) -> bool:
        if len(said) > longest:
            return True
        prefix = said[:PREFIX]
        index = bisect_left(candidates, prefix)
        return index == len(candidates) or not candidates[index].startswith(prefix)

    return watch


def _literal_object(value: dict[str, Any], modern: bool) -> dict[str, Any]:
    members = {name: {"const": member} for name, member in value.items()}
    return {"properties": members, "required": list(value), "additionalProperties": False}


def _literal_array(value: list[Any], modern: bool) -> dict[str, Any]:
    items = [{"const": item} for item in value]
    rest = {"prefixItems": items, "items": False} if modern else {"items": items, "additionalItems": False}
    return {**rest, "minItems": len(value)}


def _compared(keyword: str, breaks: Callable[[Any, Any], bool]) -> Row:
    def add(site: Site) -> None:
        bound = site.part.contents[keyword]
        site.rules.checks.append((lambda number: breaks(number, bound), site.claim(keyword)))

    return Row((keyword,), (int, float), add)


def _is_no_multiple(number: Any, divisor: Any) -> bool:
    return not multiple_of(number, divisor)


def _is_shorter(text: str, least: int) -> bool:
    return len(text) < least


def _does_not_match(text: str, pattern: str) -> bool:
    try:
        return not regex.search(pattern, text)
    except SchemaFault:  # nobody can say; the final verdict will be this fault
        return False


def _of_text(keyword: str, breaks: Callable[[str, Any], bool]) -> Row:
    def add(site: Site) -> None:
        expected = site.part.contents[keyword]
        site.rules.checks.append((lambda text: breaks(text, expected), site.claim(keyword)))

    return Row((keyword,), (str,), add)


def _max_length(site: Site) -> None:
    most = site.part.contents["maxLength"]
    site.rules.watches.append((lambda said: len(said) > most, site.claim("maxLength")))


def _format(site: Site) -> None:
    checker, name = site.document.checker, site.part.contents["format"]
    if checker is not None:
        site.rules.checks.append((lambda value: not checker.conforms(value, name), site.claim("format")))


def _most(keyword: str, kind: type) -> Row:
    def add(site: Site) -> None:
        site.rules.most.append((site.part.contents[keyword], site.claim(keyword)))

    return Row((keyword,), (kind,), add)


def _least(keyword: str, kind: type) -> Row:
    def add(site: Site) -> None:
        site.rules.least.append((site.part.contents[keyword], site.claim(keyword)))

    return Row((keyword,), (kind,), add)


def _required(site: Site) -> None:
    site.rules.required.append((None, site.part.contents["required"], site.claim("required")))


def _dependent_required(site: Site) -> None:
    for name, others in site.part.contents["dependentRequired"].items():
        site.rules.required.append((name, others, site.claim("dependentRequired")))


def _dependent_schemas(site: Site) -> None:
    for name, schema in site.part.contents["dependentSchemas"].items():
        _depend(site, "dependentSchemas", name, schema)


def _dependencies(site: Site) -> None:
    for name, dependency in site.part.contents["dependencies"].items():
        if isinstance(dependency, list):
            site.rules.required.append((name, dependency, site.claim("dependencies")))
        else:
            _depend(site, "dependencies", name, dependency)


def _depend(site: Site, keyword: str, name: str, schema: Any) -> None:
    plan = site.plan(schema, keyword, name)
    if plan is not None and plan[dict] is not None:
        site.rules.choices.append(Choice("dependentSchemas", site.claim(keyword), (plan,), name))


def _members(site: Site) -> None:
    contents = site.part.contents
    properties = contents.get("properties", {})
    members = {name: site.inner(schema, "properties", name) for name, schema in properties.items()}
    patterns = [
        (regex.compiled(pattern), site.inner(schema, "patternProperties", pattern))
        for pattern, schema in contents.get("patternProperties", {}).items()
    ]
    rest = _rest(site, "additionalProperties")

    def find(name: str) -> list[Part]:
        try:
            found = [part for pattern, part in patterns if pattern.search(name)]
        except SchemaFault:  # nobody can say; the final verdict will be this fault
            return []
        if name in members:
            found.append(members[name])
        return found or rest

    site.rules.parts.append(find)


def _rest(site: Site, keyword: str) -> list[Part]:
    """The schema for what no other keyword is about; ``false`` is a claim about the whole."""
    if keyword not in site.part.contents:
        return []
    part = site.inner(site.part.contents[keyword], keyword)
    return [part._replace(claim=site.claim(keyword, lifted=True))]


def _items(site: Site) -> None:
    contents = site.part.contents
    if site.document.modern:
        prefix, rest = "prefixItems", _rest(site, "items")
    elif isinstance(contents.get("items"), list):
        prefix, rest = "items", _rest(site, "additionalItems")
    else:  # here `false` is a claim about each item
        prefix, rest = "", [part._replace(claim=None) for part in _rest(site, "items")]
    schemas = contents.get(prefix, [])
    parts = [[site.inner(schema, prefix, index)] for index, schema in enumerate(schemas)]
    site.rules.prefix = max(site.rules.prefix, len(parts))
    site.rules.parts.append(lambda index: parts[index] if index < len(parts) else rest)


def _contains(site: Site) -> None:
    contents = site.part.contents
    bounds = contents if site.document.counted else {}
    least, most = bounds.get("minContains", 1), bounds.get("maxContains", float("inf"))
    too_few = site.claim("minContains" if "minContains" in bounds else "contains")
    too_many = site.claim("maxContains", most)
    plan = site.plan(contents["contains"], "contains")
    site.rules.contains.append(Contains(plan, least, most, too_few, too_many))


def _unique(site: Site) -> None:
    if site.part.contents["uniqueItems"]:
        site.rules.unique.append(site.claim("uniqueItems"))


def _names(site: Site) -> None:
    plan = site.plan(site.part.contents["propertyNames"], "propertyNames")
    if plan is not None:
        site.rules.names.append(plan)


def _unevaluated(keyword: str, kind: type) -> Row:
    def add(site: Site) -> None:
        document = site.document
        judge = bounded.oracle(document.schema, document.paths[id(site.part.contents)], keyword)

        def breaks(value: object) -> bool:
            try:
                return judge(value)
            except SchemaFault:  # too many steps for a verdict
                document.exact = False
                return False

        site.rules.checks.append((breaks, site.claim(keyword)))

    return Row((keyword,), (kind,), add)


def _alternatives(role: str) -> Row:
    def add(site: Site) -> Iterable[Part] | None:
        plans = [site.plan(schema, role, index) for index, schema in enumerate(site.part.contents[role])]
        rules = [plan[site.kind] if plan is not None else None for plan in plans]
        alive = [plan for plan, its in zip(plans, rules, strict=True) if its is None or not its.refusals]
        if not alive:
            site.rules.refusals.append(site.claim(role))
            return None
        if len(alive) == 1:
            return alive[0].parts if alive[0] is not None else None
        if role == "oneOf" or None not in rules:
            site.rules.choices.append(Choice(role, site.claim(role), tuple(alive)))
        return None

    return Row((role,), tuple(KINDS), add)


def _not(site: Site) -> None:
    plan = site.plan(site.part.contents["not"], "not")
    rules = plan[site.kind] if plan is not None else None
    if rules is None and site.document.exact:
        site.rules.refusals.append(site.claim("not"))
    elif rules is not None and not rules.refusals:
        site.rules.choices.append(Choice("not", site.claim("not"), (plan,)))


def _if(site: Site) -> Iterable[Part] | None:
    contents = site.part.contents
    plans = tuple(site.plan(contents.get(keyword, True), keyword) for keyword in ("if", "then", "else"))
    condition, then, otherwise = (plan[site.kind] if plan is not None else None for plan in plans)
    if condition is not None and condition.refusals:
        return plans[2].parts if plans[2] is not None else None
    if condition is None and site.document.exact:
        return plans[1].parts if plans[1] is not None else None
    if then is not None or otherwise is not None:
        site.rules.choices.append(Choice("if", site.claim("if"), plans))
    return None


ROWS = (
    Row(("type",), tuple(KINDS), _type),
    Row(("enum",), tuple(KINDS), _enum),
    Row(("const",), tuple(KINDS), _const),
    _compared("minimum", operator.lt),
    _compared("maximum", operator.gt),
    _compared("exclusiveMinimum", operator.le),
    _compared("exclusiveMaximum", operator.ge),
    _compared("multipleOf", _is_no_multiple),
    Row(("maxLength",), (str,), _max_length),
    _of_text("minLength", _is_shorter),
    _of_text("pattern", _does_not_match),
    Row(("format",), (str,), _format),
    _most("maxItems", list),
    _least("minItems", list),
    Row(("uniqueItems",), (list,), _unique),
    Row(("contains",), (list,), _contains),
    Row(("items", "prefixItems", "additionalItems"), (list,), _items),
    _unevaluated("unevaluatedItems", list),
    _most("maxProperties", dict),
    _least("minProperties", dict),
    Row(("required",), (dict,), _required),
    Row(("propertyNames",), (dict,), _names),
    Row(("properties", "patternProperties", "additionalProperties"), (dict,), _members),
    Row(("dependentRequired",), (dict,), _dependent_required),
    Row(("dependentSchemas",), (dict,), _dependent_schemas),
    Row(("dependencies",), (dict,), _dependencies),
    _unevaluated("unevaluatedProperties", dict),
    _alternatives("anyOf"),
    _alternatives("oneOf"),
    Row(("not",), tuple(KINDS), _not),
    Row(("if",), tuple(KINDS), _if),
)
"""All keywords that assert something, but for ``$ref``, ``$dynamicRef`` and ``allOf`` (see ``rules``)."""

UNDECIDED = frozenset({"$dynamicRef", "$recursiveRef"})
"""What may lead to another schema than it says, depending on the way that led to it."""
DRAFTS = (Draft6Validator, Draft7Validator, Draft201909Validator, Draft202012Validator)


def _paths(schema: Any) -> Iterable[tuple[int, Path]]:
    """Where each object stands in the document, by identity."""
    pending: list[tuple[Any, Path]] = [(schema, ())]
    for value, path in pending:  # grows while it is read
        if isinstance(value, dict):
            yield id(value), path
            pending += [(member, (*path, name)) for name, member in value.items()]
        elif isinstance(value, list):
            pending += [(item, (*path, index)) for index, item in enumerate(value)]
