"""Violations while the value is still being written.

``EarlyValidator`` reads the parser's edits and reports a violation at the first one after which no
continuation can satisfy the schema: a wrong kind of value when it appears, a string that is no prefix of
any ``enum`` candidate, an item too many; what can still come right waits until its value closes, and the
little that is not decided here (``compile.py``) is asked of jsonschema when the whole value does. It is
sound before it is early: what it reports, the final verdict will find too, as long as no member name is
repeated. After a ``Reset`` it is silent.

How it works: the open containers are a stack of locations, beside which there may be an open string, and
each location knows the ``Rules`` (``plan.py``) at work there. A rule that holds without a condition
reports. Rules under ``anyOf``, ``not``, ``if`` and the like belong to a ``Branch`` (``branches.py``).

What it costs is the loop over the edits, so that is short. Where nothing is asked of a value, whatever is
in it, there is no location, and its edits are passed over. Where only one set of rules is at work and
they are direct, members and items are judged on the spot. All else goes the long way, through ``_begin``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from partialjson.edits import Done, Edit, Grow, Put
from partialjson.errors import Path
from partialjson.schema.branches import GROUPS, Branch, Contained, Dependent, Group, Match
from partialjson.schema.causes import UNTOLD, Cause, MemberName, worded
from partialjson.schema.final import is_function, takes_whole_value
from partialjson.schema.plan import KINDS, Choice, Claim, Plan, Rules, Watch
from partialjson.schema.values import frozen
from partialjson.schema.verdict import SchemaFault, Violation
from partialjson.schema.words import Unread

if TYPE_CHECKING:
    from partialjson.parser import Parser
    from partialjson.schema.compile import Document

REPORTED = 100
"""Violations reported of one value, as many as ``Limits.anomalies``; then silence."""
AT_WORK = 1_000
"""Rules at work at one location. With more, ``oneOf`` within ``oneOf`` has exploded; then silence."""

PUT: Final = 0
GROW: Final = 1
DONE: Final = 2
RESET: Final = 3
"""The kinds of entries in the parser's own log: (kind, path, value or text or None)."""
_Entry = tuple[int, Path, Any]

_CURABLE = ("anyOf", "oneOf")
"""Keywords that ``coercing`` may satisfy by reading a string, somewhere in the value, as another type."""
_PROBE = Claim("propertyNames", None, ())
"""Of a probe nobody asks what it claims."""
_NOTHING: Final[tuple[Violation, ...]] = ()
_UNBROKEN: Final[frozenset[Claim]] = frozenset()


class _Location:
    """An open container or string of which something is asked, or a scalar for as long as it is judged."""

    __slots__ = (
        *("path", "holder", "value", "at_work", "groups", "broken", "is_kept", "count"),
        *("steps", "contained", "dependents", "distinct"),  # of containers
    )

    def __init__(self, path: Path, holder: _Location | None, value: object) -> None:
        self.path = path
        self.holder = holder
        self.value = value
        self.at_work: list[tuple[Rules, Branch | None]] = []
        self.groups: list[Group] = []
        self.broken = _UNBROKEN
        self.is_kept: bool = holder is not None and holder.is_kept
        self.count = 0
        if isinstance(value, dict | list):
            self.value = type(value)()  # the edit's own container is not ours to fill
            self.steps: set[str | int] = set()
            self.contained: list[Contained] = []
            self.dependents: dict[str | int, list[Dependent]] = {}
            self.distinct: set[object] | None = None

    def is_direct(self) -> bool:
        """Whether direct rules are alone at work here."""
        if len(self.at_work) != 1 or self.groups or self.is_kept:
            return False
        ((rules, branch),) = self.at_work
        return branch is None and rules.are_direct


_Frame: TypeAlias = tuple[_Location | None, Rules | None, list[str | int]]
"""What is open around the innermost container."""


class EarlyValidator:
    """Watches one value. ``tool`` is what ``validator_for`` takes; a function that takes the whole value
    tells nothing in advance.

    ``formats`` as for ``validator_for``. ``coerced``: the final verdict is one of ``coercing``, for which
    a string of the wrong type is not yet a violation. Without ``scalars``, nothing is said of a value that
    is neither an object nor an array: it may yet be read as one.

    Raises what ``validator_for`` raises for the tool, and nothing afterwards.
    """

    __slots__ = (
        *("_coerced", "_document", "_edits", "_feed", "_found", "_has_judged_all", "_offset", "_outside"),
        *("_parser", "_reported", "_scalars", "_silent"),
    )

    def __init__(
        self, tool: object, *, formats: bool = False, coerced: bool = False, scalars: bool = True
    ) -> None:
        self._document = _document(tool, formats)
        self._coerced = coerced
        self._scalars = scalars
        self._feed: Callable[[], Sequence[Violation]] | None = None
        self._edits: list[_Entry] = []
        self._offset: int | None = None
        self._parser: Parser | None = None
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
        if self._feed is None:
            self._feed = self._watching(self._edits).__next__
        for edit in edits:
            if isinstance(edit, Grow):
                self._edits.append((GROW, edit.path, edit.text))
            elif isinstance(edit, Put):
                is_text = isinstance(edit.value, str)  # in the log, strings begin empty
                self._edits.append((PUT, edit.path, "" if is_text else edit.value))
                if is_text and edit.value:
                    self._edits.append((GROW, edit.path, edit.value))
            else:
                self._edits.append((DONE if isinstance(edit, Done) else RESET, edit.path, None))
        self._offset = offset
        return list(self._feed())

    def watch(self, parser: Parser) -> Callable[[], Sequence[Violation]]:
        """A function to call after each fragment: the violations that have become certain with what the
        parser has read since the last call, or before the first one.

        It takes the place of ``feed``, and is cheaper: no object is made of an edit. It uses up the edits,
        so whoever else wants ``parser.edits()`` needs a parser of their own.
        """
        if self._silent:  # nothing is asked
            return list
        self._parser = parser
        machine = parser._machine
        so_far = machine.record()
        machine.log.extend(so_far)
        return self._watching(machine.log).__next__

    def _watching(self, log: list[_Entry]) -> Iterator[Sequence[Violation]]:
        """Each step takes what was logged. (A generator keeps its variables at hand from one to the next.)

        The open container is under ``direct`` rules, and ``steps`` are what it has; or it is a
        ``location``; or nothing is asked of it. The open string, of which so much was ``said``, is under
        direct rules, ``spoken``; or it is a location, ``text``; or nothing is asked of it.
        """
        stack: list[_Frame] = []
        location: _Location | None = self._outside
        direct: Rules | None = None
        steps: list[str | int] = []
        text: _Location | None = None
        spoken: Rules | None = None
        said = ""
        is_open = False
        inner: _Location | None
        asked: Rules | None
        while not self._silent:
            if not log:
                yield _NOTHING
                continue
            try:
                for edit, path, value in log:
                    if edit == GROW:
                        if spoken is not None:
                            said += value
                            for watch, _ in spoken.watches:
                                if watch(said):
                                    text = self._listen(path, spoken, said)
                                    spoken = None
                                    break
                        elif text is not None:
                            said += value
                            self._hear(text, said)
                    elif edit == PUT:
                        kind = type(value)
                        asked = inner = None
                        if direct is not None:
                            step = path[-1]
                            steps.append(step)
                            if direct.most and len(steps) > direct.fullest:
                                self._admit(direct, None, path[:-1], step, len(steps))
                            asked = direct.children[step][kind]
                            if asked is not None:
                                if not asked.are_direct:
                                    inner, asked = self._judge(path, value, asked), None
                                elif asked.checks and kind not in _OPEN:
                                    for test, claim in asked.checks:
                                        if test(value):
                                            self.fail(None, Cause(claim, path, value))
                        elif location is not None:
                            inner = self._begin(path, location, value)
                            if inner is not None and inner.is_direct():
                                asked, inner = inner.at_work[0][0], None
                        if kind is str:
                            is_open = not value
                            text = inner
                            spoken = asked
                            said = ""
                        elif (kind is dict or kind is list) and not value:
                            stack.append((location, direct, steps))
                            location, direct, steps = inner, asked, []
                    elif edit == DONE:
                        if is_open:
                            is_open = False
                            if spoken is not None:
                                for test, claim in spoken.checks:
                                    if test(said):
                                        self.fail(None, Cause(claim, path, said))
                            elif text is not None:
                                text.value = said
                                self._end(text)
                        else:
                            if direct is None:
                                if location is not None:
                                    self._end(location)
                            elif len(steps) < direct.fewest or (
                                direct.wanted and not direct.wanted.issubset(steps)
                            ):
                                self._lack(direct, None, path, len(steps), set(steps))
                            location, direct, steps = stack.pop()
                    else:
                        self._silent = True
            except RecursionError:  # the final verdict will be a fault: too deep for this schema
                self._silent = True
            log.clear()
            if self._found:
                found, self._found = self._found, []
                yield found
            else:
                yield _NOTHING
        while True:
            log.clear()
            yield _NOTHING

    # -- locations ------------------------------------------------------------------------------

    def _listen(self, path: Path, spoken: Rules, said: str) -> _Location:
        """An open string that has broken one of the direct rules for it."""
        location = _Location(path, None, "")
        self._engage(location, spoken, None)
        self._hear(location, said)
        return location

    def _judge(self, path: Path, value: object, asked: Rules) -> _Location | None:
        """A value of which direct rules ask this, and which is a string or cannot be judged by it alone."""
        location = _Location(path, None, value)
        for claim in asked.refusals:
            self._refuse(None, claim, path, value)
        self._engage(location, asked, None)
        return self._begun(location)

    def _begin(self, path: Path, holder: _Location, value: object) -> _Location | None:
        """A value appears in a location: judge it if it is a scalar, watch it if anything is asked."""
        step = path[-1] if path else 0
        kind = type(value)
        if not path and not self._scalars and kind not in (dict, list):
            self._silent = True
            return None
        holder.count += 1
        holder.steps.add(step)
        for dependent in holder.dependents.get(step, ()):
            dependent.appeared(self)
        location = _Location(path, holder, value) if holder.is_kept or holder.contained else None
        for rules, branch in holder.at_work:
            if branch is not None and branch.dead:
                continue
            if rules.most or rules.names:
                self._admit(rules, branch, holder.path, step, holder.count)
            asked = rules.children[step][kind]
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
        if location is None:
            self._has_judged_all &= kind in KINDS
            return None
        for contained in holder.contained:
            if contained.owner is None or not contained.owner.dead:
                self._branch_out(location, Match(contained, path))
        return self._begun(location)

    def _begun(self, location: _Location) -> _Location | None:
        """The location, with all its rules at work; a scalar is complete with that."""
        kind = type(location.value)
        if kind in _OPEN:
            return location
        self._has_judged_all &= kind in KINDS
        self._end(location)
        return None

    def _hear(self, location: _Location, said: str) -> None:
        """An open string has grown to this."""
        for rules, branch in location.at_work:
            if branch is not None and branch.dead:
                continue
            for watch, claim in rules.watches:
                if claim not in location.broken and watch(said):
                    self._break(location, branch, claim, _enough(watch, said))

    def _admit(self, rules: Rules, branch: Branch | None, path: Path, step: str | int, count: int) -> None:
        """One member or item more, the last of so many."""
        for bound, claim in rules.most:
            if count - 1 <= bound < count:
                self.fail(branch, Cause(claim, path, UNTOLD))
        for plan in rules.names:
            self._name(plan, branch, path, str(step))

    def _lack(
        self, rules: Rules, branch: Branch | None, path: Path, count: int, steps: Container[str | int]
    ) -> None:
        """A container is complete, with so many members or items."""
        for bound, claim in rules.least:
            if count < bound:
                self.fail(branch, Cause(claim, path, UNTOLD))
        for trigger, wanted, claim in rules.required:
            if trigger is None or trigger in steps:
                for name in wanted:
                    if name not in steps:
                        self.fail(branch, Cause(claim, path, name))

    def _engage(self, location: _Location, rules: Rules, branch: Branch | None) -> None:
        """Put rules to work at a location, with all that runs beside them."""
        location.at_work.append((rules, branch))
        if len(location.at_work) > AT_WORK:
            self._silent = True
            return
        if rules.unique or (rules.checks and not isinstance(location.value, str)):
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
            if rules.least or rules.required:
                self._lack(rules, branch, location.path, location.count, location.steps)
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
            location.broken |= {claim}
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
        self._hear(location, name)
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
        offset = self._place()
        self._found += [replace(violation, offset=offset) for violation in violations[:REPORTED]]
        self._reported += len(self._found)

    def _report(self, cause: Cause) -> None:
        claim, path, value, _ = cause
        is_curable = claim.keyword in _CURABLE or (claim.keyword == "type" and isinstance(value, str))
        if self._silent or (self._coerced and is_curable):
            return
        text = worded(cause)
        self._found.append(Violation(path, claim.keyword, text, self._place(), claim.schema_path, text))
        self._reported += 1
        self._silent |= self._reported == REPORTED

    def _place(self) -> int | None:
        return self._offset if self._parser is None else self._parser.offset


def _enough(watch: Watch, said: str) -> str:
    """The shortest prefix that breaks the rule, so that it is quoted alike however the text was cut."""
    return said[: bisect_left(range(len(said)), True, key=lambda length: watch(said[:length]))]


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
