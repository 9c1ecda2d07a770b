"""Violations while the value is still being written.

``EarlyValidator`` reads the parser's edits and reports a violation at the first one after which no
continuation can satisfy the schema: a wrong kind of value when it appears, a string that is no prefix of
any ``enum`` candidate, an item too many; what can still come right waits until its value closes, and the
little that is not decided here (``compile.py``) is asked of jsonschema when the whole value does. It is
sound before it is early: what it reports, the final verdict will find too, as long as no member name is
repeated. After a ``Reset`` it is silent.

How it works: the open containers are a stack of locations, the last of which may be an open string, and
each location knows the ``Rules`` (``plan.py``) at work there. A rule that holds without a condition
reports. Rules under ``anyOf``, ``not``, ``if`` and the like belong to a ``Branch`` (``branches.py``).
Where nothing is asked of a value, whatever is in it, there is no location, and its edits cost next to
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from partialjson.edits import Done, Edit, Grow, Put
from partialjson.errors import Path
from partialjson.schema.branches import GROUPS, Branch, Contained, Dependent, Group, Match
from partialjson.schema.causes import UNTOLD, Cause, MemberName, worded
from partialjson.schema.final import is_function, takes_whole_value
from partialjson.schema.plan import KINDS, PREFIX, Choice, Claim, Plan, Rules, Watch
from partialjson.schema.values import frozen
from partialjson.schema.verdict import SchemaFault, Violation
from partialjson.schema.words import Unread

if TYPE_CHECKING:
    from partialjson.schema.compile import Document

REPORTED = 100
"""Violations reported of one value, as many as ``Limits.anomalies``; then silence."""
AT_WORK = 1_000
"""Rules at work at one location. With more, ``oneOf`` within ``oneOf`` has exploded; then silence."""

_CURABLE = ("anyOf", "oneOf")
"""Keywords that ``coercing`` may satisfy by reading a string, somewhere in the value, as another type."""
_PROBE = Claim("propertyNames", None, ())
"""Of a probe nobody asks what it claims."""


class _Location:
    """An open container or string, or a scalar for as long as it is judged."""

    __slots__ = (
        *("path", "holder", "value", "is_kept", "at_work", "groups", "broken"),
        *("count", "names", "contained", "dependents", "distinct"),  # containers
        *("pieces", "prefix", "is_watched"),  # strings; their count is of characters
    )

    def __init__(self, path: Path, holder: _Location | None, value: object) -> None:
        self.path = path
        self.holder = holder
        self.value = value
        self.is_kept: bool = holder is not None and holder.is_kept
        self.at_work: list[tuple[Rules, Branch | None]] = []
        self.groups: list[Group] = []
        self.broken: set[Claim] = set()
        self.count = 0
        if isinstance(value, str):
            self.pieces: list[str] = []
            self.prefix = ""
            self.is_watched = False
        elif isinstance(value, dict | list):
            self.value = type(value)()  # the edit's own container is not ours to fill
            self.names: set[str | int] = set()
            self.contained: list[Contained] = []
            self.dependents: dict[str | int, list[Dependent]] = {}
            self.distinct: set[object] | None = None


class EarlyValidator:
    """Watches one value. ``tool`` is what ``validator_for`` takes; a function that takes the whole value
    tells nothing in advance.

    ``formats`` as for ``validator_for``. ``coerced``: the final verdict is one of ``coercing``, for which
    a string of the wrong type is not yet a violation.

    Raises what ``validator_for`` raises for the tool, and nothing afterwards.
    """

    __slots__ = (
        *(
            "_coerced",
            "_document",
            "_found",
            "_has_judged_all",
            "_offset",
            "_outside",
            "_reported",
            "_silent",
        ),
        *("_stack", "_text"),
    )

    def __init__(self, tool: object, *, formats: bool = False, coerced: bool = False) -> None:
        self._document = _document(tool, formats)
        self._coerced = coerced
        self._stack: list[_Location | None] = []
        self._text: _Location | None = None
        self._offset: int | None = None
        self._found: list[Violation] = []
        self._reported = 0
        self._has_judged_all = True
        self._outside = _Location((), None, [])
        document = self._document
        if document is not None and document.root is not None:
            self._outside.at_work = [(document.root.as_only_item(), None)]
        self._outside.is_kept = document is not None and document.is_known and not document.exact
        self._silent = not self._outside.at_work and not self._outside.is_kept

    def feed(self, edits: Iterable[Edit], offset: int | None = None) -> list[Violation]:
        """The violations that have become certain with these edits; each is reported once.

        ``offset`` counts the characters read when the edits were made; the violations carry it.
        """
        if self._silent or not edits:
            return []
        self._offset = offset
        for edit in edits:
            if type(edit) is Grow:
                if self._text is not None:
                    self._grow(self._text, edit.text)
            elif type(edit) is Put:
                self._put(edit.path, edit.value)
            elif type(edit) is Done:
                self._done(len(edit.path))
            else:
                self._silent = True
        if not self._found:
            return []
        found, self._found = self._found, []
        return found

    # -- edits ----------------------------------------------------------------------------------

    def _put(self, path: Path, value: object) -> None:
        self._text = None
        depth = len(path)
        holder = self._stack[depth - 1] if depth else self._outside
        location = self._begin(path, holder, value) if holder is not None else None
        if isinstance(value, str):
            self._stack[depth:] = [location]
            self._text = location
            if value and location is not None:
                self._grow(location, value)
        elif isinstance(value, dict | list):
            self._stack[depth:] = [location]

    def _grow(self, location: _Location, text: str) -> None:
        location.pieces.append(text)
        if not location.is_watched:
            return
        location.count += len(text)
        if len(location.prefix) < PREFIX:
            location.prefix = (location.prefix + text)[:PREFIX]
        for rules, branch in location.at_work:
            if branch is not None and branch.dead:
                continue
            for watch, claim in rules.watches:
                if claim not in location.broken and watch(location.prefix, location.count):
                    self._break(location, branch, claim, _enough(watch, location.prefix))

    def _done(self, depth: int) -> None:
        location = self._stack[depth] if depth < len(self._stack) else None
        if location is not None:
            self._stack[depth] = None
            if location is self._text:
                location.value = "".join(location.pieces)
            self._end(location)
        self._text = None

    # -- locations ------------------------------------------------------------------------------

    def _begin(self, path: Path, holder: _Location, value: object) -> _Location | None:
        """A value appears in a container: judge it if it is a scalar, watch it if anything is asked."""
        step = path[-1] if path else 0
        kind = type(value)
        holder.count += 1
        if isinstance(step, str):
            holder.names.add(step)
            for dependent in holder.dependents.get(step, ()):
                dependent.appeared(self)
        location = _Location(path, holder, value) if holder.is_kept or holder.contained else None
        for rules, branch in holder.at_work:
            if branch is not None and branch.dead:
                continue
            if rules.most or rules.names:
                self._admit(rules, branch, holder, step)
            plan = rules.children[step if isinstance(step, str) or step < rules.prefix else rules.prefix]
            asked = plan[kind] if plan is not None else None
            if asked is None:
                continue
            for claim in asked.refusals:
                self._refuse(branch, claim, path, value)
            if kind not in _OPEN and not asked.choices:
                for test, claim in asked.checks:
                    if test(value):
                        self.fail(branch, Cause(claim, path, value))
                continue
            if location is None:
                location = _Location(path, holder, value)
            self._engage(location, asked, branch)
        if kind not in KINDS:
            self._has_judged_all = False
        if location is not None:
            for contained in holder.contained:
                if contained.owner is None or not contained.owner.dead:
                    self._branch_out(location, Match(contained, path))
            if kind not in _OPEN:
                self._end(location)
        return location

    def _admit(self, rules: Rules, branch: Branch | None, holder: _Location, step: str | int) -> None:
        """One member or item more."""
        for bound, claim in rules.most:
            if holder.count - 1 <= bound < holder.count:
                self.fail(branch, Cause(claim, holder.path, UNTOLD))
        for plan in rules.names:
            self._name(plan, branch, holder.path, str(step))

    def _engage(self, location: _Location, rules: Rules, branch: Branch | None) -> None:
        """Put rules to work at a location, with all that runs beside them."""
        location.at_work.append((rules, branch))
        if len(location.at_work) > AT_WORK:
            self._silent = True
            return
        if isinstance(location.value, str):
            location.is_watched |= bool(rules.watches)
        elif rules.unique or rules.checks:
            location.is_kept = True
            if rules.unique and location.distinct is None:
                location.distinct = set()
        if rules.contains:
            location.contained += [Contained(rule, branch, location.path) for rule in rules.contains]
        for choice in rules.choices:
            group = GROUPS[choice.role](choice, branch, location.path)
            if isinstance(group, Dependent):
                location.dependents.setdefault(choice.name, []).append(group)
            self._branch_out(location, group)

    def _branch_out(self, location: _Location, group: Group) -> None:
        location.groups.append(group)
        for branch, plan in zip(group.branches, group.choice.plans, strict=True):
            asked = plan[type(location.value)] if plan is not None else None
            if asked is not None:
                for claim in asked.refusals:
                    self._refuse(branch, claim, location.path, location.value)
                self._engage(location, asked, branch)

    def _end(self, location: _Location) -> None:
        """The value at a location is complete."""
        value = location.value
        for rules, branch in location.at_work:
            if branch is not None and branch.dead:
                continue
            for bound, claim in rules.least:
                if location.count < bound:
                    self.fail(branch, Cause(claim, location.path, UNTOLD))
            for trigger, wanted, claim in rules.required:
                if trigger is None or trigger in location.names:
                    for name in wanted:
                        if name not in location.names:
                            self.fail(branch, Cause(claim, location.path, name))
            for test, claim in rules.checks:
                if test(value):
                    self._break(location, branch, claim, value)
        if isinstance(value, dict | list):
            for contained in location.contained:
                contained.settle(self)
        for group in reversed(location.groups):
            group.settle(self)
        if location.holder is not None and location.holder.is_kept:
            self._keep(location.holder, location.path[-1] if location.path else 0, value)

    def _keep(self, holder: _Location, step: str | int, value: object) -> None:
        """Add a value to what holds it, where that is needed as a whole or its items are compared."""
        if holder is self._outside:
            self._ask_jsonschema(value)
            return
        if isinstance(holder.value, dict):
            holder.value[step] = value
            return
        if isinstance(holder.value, list):
            holder.value.append(value)
        if holder.distinct is not None:
            key = frozen(value)
            if key in holder.distinct:
                for rules, branch in holder.at_work:
                    for claim in rules.unique:
                        self._break(holder, branch, claim, UNTOLD)
            holder.distinct.add(key)

    # -- rules ----------------------------------------------------------------------------------

    def is_exact(self) -> bool:
        """Whether what breaks no rule is valid for certain."""
        return self._has_judged_all and self._document is not None and self._document.exact

    def fail(self, branch: Branch | None, cause: Cause) -> None:
        """A rule is broken for certain: in a branch, or for the value as a whole."""
        if branch is None:
            self._report(cause)
        elif not branch.dead:
            branch.dead, branch.cause = True, cause
            branch.group.died(self, cause)

    def _break(self, location: _Location, branch: Branch | None, claim: Claim, value: object) -> None:
        """As ``fail``, for what is asked more than once of one location."""
        if branch is None:
            if claim in location.broken:
                return
            location.broken.add(claim)
        self.fail(branch, Cause(claim, location.path, value))

    def _refuse(self, branch: Branch | None, claim: Claim, path: Path, value: object) -> None:
        if claim.lifted:
            step = path[-1]
            self.fail(branch, Cause(claim, path[:-1], MemberName(step) if isinstance(step, str) else step))
        else:
            self.fail(branch, Cause(claim, path, Unread() if value == "" else value))

    def _name(self, plan: Plan, branch: Branch | None, path: Path, name: str) -> None:
        """``propertyNames``: the name is a whole string at once."""
        location = _Location(path, None, name)
        probe = Group(Choice("propertyNames", _PROBE, (plan,)), None, path)
        self._branch_out(location, probe)
        self._grow(location, name)
        self._end(location)
        cause = probe.branches[0].cause
        if cause is not None:
            self.fail(branch, cause._replace(value=MemberName(name)))

    def _ask_jsonschema(self, value: object) -> None:
        """The last word on a whole value of a document that is not exact."""
        from partialjson.schema import bounded

        if self._reported or self._silent or self._coerced or self._document is None:
            return
        try:
            violations = bounded.violations(self._document.schema, value, formats=self._document.formats)
        except SchemaFault:  # nobody can say; the final verdict will be this fault
            return
        self._found += [replace(violation, offset=self._offset) for violation in violations[:REPORTED]]
        self._reported += len(self._found)

    def _report(self, cause: Cause) -> None:
        claim, path, value, _ = cause
        is_curable = claim.keyword in _CURABLE or (claim.keyword == "type" and isinstance(value, str))
        if self._silent or (self._coerced and is_curable):
            return
        text = worded(cause)
        self._found.append(Violation(path, claim.keyword, text, self._offset, claim.schema_path, text))
        self._reported += 1
        self._silent |= self._reported == REPORTED


def _enough(watch: Watch, prefix: str) -> str:
    """The shortest prefix that breaks the rule, so that it is quoted alike however the text was cut."""
    lengths = range(1, len(prefix) + 1)
    return next((prefix[:length] for length in lengths if watch(prefix[:length], length)), prefix)


_OPEN = frozenset({str, dict, list})


def _document(tool: object, formats: bool) -> Document | None:
    """The tool's schema, compiled; ``None`` where it has none to tell."""
    if is_function(tool) and takes_whole_value(tool):
        return None
    from partialjson.schema import bounded, compile

    if isinstance(tool, Mapping | bool):
        return compile.document(bounded.source(tool), formats)
    from partialjson.schema import lax, models

    adapter = models.parameters_adapter(tool) if is_function(tool) else models.adapter(tool)
    return compile.document(lax.accepted(adapter), False)
