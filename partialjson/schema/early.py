"""Violations while the value is still being written.

``EarlyValidator`` reads the parser's edits and reports a violation at the first one after which no
continuation can satisfy the schema: a wrong kind of value when it appears, a string that is no prefix of
any ``enum`` candidate, an item too many; what can still come right waits until its value closes. It is
sound before it is early: what it reports, the final verdict will find too, as long as no member name is
repeated. After a ``Reset`` it is silent.

How it works: the open containers are a stack of locations, the last of which may be an open string, and
each location knows the ``Rules`` (``plan.py``) at work there. A rule that holds without a condition
reports. Rules under ``anyOf``, ``not``, ``if`` and the like belong to a ``Branch`` (``branches.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from partialjson.edits import Done, Edit, Grow, Put
from partialjson.errors import Path, pointer, quote
from partialjson.schema.branches import GROUPS, Branch, Cause, Contained, Dependent, Group, Match
from partialjson.schema.final import is_function, takes_whole_value
from partialjson.schema.plan import KINDS, PREFIX, Choice, Claim, Plan, Rules
from partialjson.schema.values import frozen
from partialjson.schema.verdict import Violation
from partialjson.schema.words import advice, names

if TYPE_CHECKING:
    from partialjson.schema.compile import Document

REPORTED = 100
"""Violations reported of one value, as many as ``Limits.anomalies``; then silence."""
_CURABLE = ("anyOf", "oneOf")
"""Keywords that ``coercing`` may satisfy by reading a string, somewhere in the value, as another type."""

AT_WORK = 1_000
"""Rules at work at one location. With more, ``oneOf`` within ``oneOf`` has exploded; then silence."""

_NO_CLAIM = Claim("propertyNames", None, ())
"""Of a probe nobody asks what it claims."""


class _Name(str):
    """A member name that is itself the value that breaks a rule."""

    __slots__ = ()


class _Location:
    """An open container or string, or a scalar for as long as it is judged."""

    __slots__ = (
        "at_work",
        "broken",
        "contained",
        "count",
        "dependents",
        "distinct",
        "groups",
        "holder",
        "is_kept",
        "is_watched",
        "names",
        "path",
        "pieces",
        "prefix",
        "value",
    )

    def __init__(self, path: Path, holder: _Location | None, value: object) -> None:
        self.path = path
        self.holder = holder
        # The edit's own container is not ours to fill.
        self.value = type(value)() if isinstance(value, dict | list) else value
        self.at_work: list[tuple[Rules, Branch | None]] = []
        self.groups: list[Group] = []
        self.contained: list[Contained] = []
        self.dependents: dict[str, list[Dependent]] = {}
        self.is_kept: bool = holder is not None and holder.is_kept
        self.is_watched = False
        self.count = 0
        self.names: set[str] = set()
        self.pieces: list[str] = []
        self.prefix = ""
        self.distinct: set[object] = set()
        self.broken: set[Claim] = set()


class EarlyValidator:
    """Watches one value. ``tool`` is what ``validator_for`` takes; a function that takes the whole value
    tells nothing in advance.

    ``formats`` as for ``validator_for``. ``coerced``: the final verdict is one of ``coercing``, for which
    a string of the wrong type is not yet a violation.

    Raises what ``validator_for`` raises for the tool, and nothing afterwards.
    """

    def __init__(self, tool: object, *, formats: bool = False, coerced: bool = False) -> None:
        self._document = _document(tool, formats)
        self._root = self._document.root if self._document is not None else None
        self._silent = self._root is None
        self._judged = True
        self._coerced = coerced
        self._stack: list[_Location | None] = []
        self._text: _Location | None = None
        self._offset: int | None = None
        self._found: list[Violation] = []
        self._reported = 0

    def feed(self, edits: Iterable[Edit], offset: int | None = None) -> list[Violation]:
        """The violations that have become certain with these edits; each is reported once.

        ``offset`` counts the characters read when the edits were made; the violations carry it.
        """
        self._found = []
        self._offset = offset
        for edit in edits:
            if self._silent:
                break
            if isinstance(edit, Grow):
                if self._text is not None:
                    self._grow(self._text, edit.text)
            elif isinstance(edit, Put):
                self._put(edit.path, edit.value)
            elif isinstance(edit, Done):
                self._done(len(edit.path))
            else:
                self._silent = True
        return self._found

    def is_exact(self) -> bool:
        """Whether what breaks no rule is valid for certain."""
        return self._judged and self._document is not None and self._document.exact

    def fail(self, branch: Branch | None, cause: Cause) -> None:
        """A rule is broken for certain: in a branch, or for the value as a whole."""
        if branch is None:
            self._report(cause)
        elif not branch.dead:
            branch.dead, branch.cause = True, cause
            branch.group.died(self, cause)

    def _report(self, cause: Cause) -> None:
        claim = cause.claim
        if self._coerced and (
            claim.keyword in _CURABLE or (claim.keyword == "type" and isinstance(cause.value, str))
        ):
            return
        text = _worded(cause)
        self._found.append(Violation(cause.path, claim.keyword, text, self._offset, claim.schema_path, text))
        self._reported += 1
        if self._reported == REPORTED:
            self._silent = True

    # -- edits ----------------------------------------------------------------------------------

    def _put(self, path: Path, value: object) -> None:
        depth = len(path)
        holder = self._stack[depth - 1] if depth else None
        location = self._begin(path, holder, value) if holder is not None or not depth else None
        self._text = None
        if isinstance(value, str | dict | list):
            self._stack[depth:] = [location]
            if isinstance(value, str) and location is not None:
                self._text = location
                if value:
                    self._grow(location, value)

    def _grow(self, location: _Location, text: str) -> None:
        location.pieces.append(text)
        if not location.is_watched:
            return
        location.count += len(text)
        if len(location.prefix) < PREFIX:
            location.prefix = (location.prefix + text)[:PREFIX]
        for rules, branch in location.at_work:
            for watch, claim in rules.watches:
                if watch(location.prefix, location.count):
                    self._break(location, branch, claim, location.prefix)

    def _done(self, depth: int) -> None:
        location = self._stack[depth] if depth < len(self._stack) else None
        if location is not None:
            self._stack[depth] = None
            if location is self._text:
                self._text = None
                location.value = "".join(location.pieces)
            self._end(location)

    # -- locations ------------------------------------------------------------------------------

    def _begin(self, path: Path, holder: _Location | None, value: object) -> _Location | None:
        """A value appears: refuse its kind, judge it if it is a scalar, and watch it if need be."""
        kind = type(value)
        if kind not in KINDS:
            self._judged = False
        is_scalar = kind not in (str, dict, list)
        location = None
        if holder is not None and (holder.is_kept or holder.contained):
            location = _Location(path, holder, value)
        for plan, branch in self._plans(holder, path):
            rules = plan[kind]
            if rules is None:
                continue
            for claim in rules.refusals:
                self._refuse(branch, claim, path, value)
            if is_scalar and not rules.choices:
                self._check(rules, branch, path, value)
                continue
            if location is None:
                location = _Location(path, holder, value)
            self._engage(location, rules, branch)
        if location is None:
            return None
        if holder is not None:
            for contained in holder.contained:
                self._match(location, contained)
        if is_scalar:
            self._end(location)
        return location

    def _plans(self, holder: _Location | None, path: Path) -> Iterable[tuple[Plan, Branch | None]]:
        """The plans for a value that appears at this path, by the rules at work in what holds it."""
        if holder is None:
            return [(self._root, None)] if self._root is not None else []
        step = path[-1]
        if isinstance(step, str):
            holder.names.add(step)
            holder.count = len(holder.names)
            for dependent in holder.dependents.get(step, ()):
                dependent.appeared(self)
        else:
            holder.count += 1
        found = []
        for rules, branch in holder.at_work:
            if branch is not None and branch.dead:
                continue
            for bound, claim in rules.most:
                if holder.count - 1 <= bound < holder.count:
                    self.fail(branch, Cause(claim, holder.path, None))
            for plan_of_names in rules.names:
                self._name(plan_of_names, branch, holder.path, str(step))
            plan = rules.children[step if isinstance(step, str) else min(step, rules.prefix)]
            if plan is not None:
                found.append((plan, branch))
        return found

    def _engage(self, location: _Location, rules: Rules, branch: Branch | None) -> None:
        """Put rules to work at a location, with all that runs beside them."""
        location.at_work.append((rules, branch))
        if len(location.at_work) > AT_WORK:
            self._silent = True
            return
        location.is_watched |= bool(rules.watches)
        location.is_kept |= bool(rules.unique) or (bool(rules.checks) and not isinstance(location.value, str))
        location.contained += [Contained(rule, branch, location.path) for rule in rules.contains]
        for choice in rules.choices:
            group = GROUPS[choice.role](choice, branch, location.path)
            if isinstance(group, Dependent):
                location.dependents.setdefault(choice.name, []).append(group)
            self._branch_out(location, group)

    def _branch_out(self, location: _Location, group: Group) -> None:
        location.groups.append(group)
        for branch, plan in zip(group.branches, group.choice.plans, strict=True):
            rules = plan[type(location.value)] if plan is not None else None
            if rules is not None:
                for claim in rules.refusals:
                    self._refuse(branch, claim, location.path, location.value)
                self._engage(location, rules, branch)

    def _match(self, location: _Location, contained: Contained) -> None:
        if contained.owner is None or not contained.owner.dead:
            self._branch_out(location, Match(contained, location.path))

    def _end(self, location: _Location) -> None:
        """The value at a location is complete."""
        for rules, branch in location.at_work:
            if branch is not None and branch.dead:
                continue
            for bound, claim in rules.least:
                if location.count < bound:
                    self.fail(branch, Cause(claim, location.path, None))
            for trigger, wanted, claim in rules.required:
                if trigger is None or trigger in location.names:
                    for name in wanted:
                        if name not in location.names:
                            self.fail(branch, Cause(claim, location.path, name))
            self._check(rules, branch, location.path, location.value, location.broken)
        for contained in location.contained:
            contained.settle(self)
        for group in reversed(location.groups):
            group.settle(self)
        if location.holder is not None and location.holder.is_kept:
            self._keep(location.holder, location.path[-1], location.value)

    # -- rules ----------------------------------------------------------------------------------

    def _check(
        self, rules: Rules, branch: Branch | None, path: Path, value: object, broken: Collection[Claim] = ()
    ) -> None:
        for test, claim in rules.checks:
            if claim not in broken and test(value):
                self.fail(branch, Cause(claim, path, value))

    def _break(self, location: _Location, branch: Branch | None, claim: Claim, value: object) -> None:
        """As ``fail``, for what is asked more than once of one location."""
        if branch is not None:
            self.fail(branch, Cause(claim, location.path, value))
        elif claim not in location.broken:
            location.broken.add(claim)
            self.fail(None, Cause(claim, location.path, value))

    def _refuse(self, branch: Branch | None, claim: Claim, path: Path, value: object) -> None:
        if claim.lifted:
            step = path[-1]
            self.fail(branch, Cause(claim, path[:-1], _Name(step) if isinstance(step, str) else step))
        else:
            self.fail(branch, Cause(claim, path, value))

    def _name(self, plan: Plan, branch: Branch | None, path: Path, name: str) -> None:
        """``propertyNames``: the name is a whole string at once."""
        probe = Group(Choice("propertyNames", _NO_CLAIM, (plan,)), None, path)
        location = _Location(path, None, name)
        self._branch_out(location, probe)
        self._grow(location, name)
        self._end(location)
        cause = probe.branches[0].cause
        if cause is not None:
            self.fail(branch, cause._replace(value=_Name(name)))

    def _keep(self, holder: _Location, step: str | int, value: object) -> None:
        """Add a complete value to what holds it, where that is needed as a whole, or its items compared."""
        if isinstance(holder.value, dict):
            holder.value[step] = value
            return
        if isinstance(holder.value, list):
            holder.value.append(value)
        if any(rules.unique for rules, _ in holder.at_work):
            key = frozen(value)
            if key in holder.distinct:
                for rules, branch in holder.at_work:
                    for claim in rules.unique:
                        self._break(holder, branch, claim, None)
            holder.distinct.add(key)


def _document(tool: object, formats: bool) -> Document | None:
    """The tool's schema, compiled; ``None`` where it has none."""
    if isinstance(tool, Mapping | bool):
        from partialjson.schema import bounded, compile

        return compile.document(bounded.source(tool), formats)
    if is_function(tool) and takes_whole_value(tool):
        return None
    from partialjson.schema import lax

    return lax.document(tool)


def _worded(cause: Cause) -> str:
    """The cause in a few words, which quote at most 32 characters of the value."""
    claim, path, value, because = cause
    if because is not None:
        inside = pointer(because.path[len(path) :])
        place = f"{quote(inside)} " if inside else ""
        return f"matches no alternative: {place}{_worded(because)}"
    if claim.keyword in ("required", "dependentRequired", "dependencies"):
        return f"{quote(str(value))} is a required property"
    if claim.lifted:
        what = "member " + names([value]) if isinstance(value, str) else f"item {value}"
        return f"must not have the {what}"
    text = advice(claim.keyword, claim.expected, value)
    return f"has the member name {names([value])}, which {text}" if isinstance(value, _Name) else text
