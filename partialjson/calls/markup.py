"""Calls between marks in the visible text, cut out of it as it arrives.

Theory of operation. The text goes through one small machine; its states are methods, which take the
text and a place in it and return the place up to which they have read. Text that may be the beginning
of a mark is held back until more comes. Where arguments stand, the model's own characters go on as
they are: no JSON is read here but its strings and brackets, so that a mark inside a string is text,
and the names of an object's members.

What is not here: what becomes of a call, which the ledger decides as on any other wire.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from re import Pattern

from partialjson.fragment import Fragment
from partialjson.parser import loads
from partialjson.providers.text import ARGUMENTS, IDS, NAMES, TextDialect

_QUOTES: Mapping[str, Pattern[str]] = {'"': re.compile(r'[^"\\]*'), "'": re.compile(r"[^'\\]*")}
_BESIDE = frozenset(" \t\r\n,;[]")
"""What may stand between two objects."""
_ROLES: Mapping[str, frozenset[str]] = {"name": NAMES, "id": IDS, "awaited": ARGUMENTS}
"""What the members of an object say; arguments begin with the first character that is not blank."""
IN_TEXT = "text:"
"""How the slots of calls begin that stand in the text."""
_PART = "\0part"
"""A mark may begin here: the next text tells."""


class Markup:
    """The text of one choice."""

    __slots__ = (
        "_collecting",
        "_depth",
        "_dialect",
        "_escaped",
        "_expecting",
        "_first",
        "_held",
        "_marks",
        "_open",
        "_quote",
        "_role",
        "_start",
        "_state",
        "_word",
        "calls",
    )

    def __init__(self, dialect: TextDialect) -> None:
        marks = (dialect.begin, dialect.end, dialect.head, *dialect.silent)
        self.calls = 0
        """How many were opened."""
        self._dialect = dialect
        self._marks = tuple(mark for mark in marks if mark is not None)
        self._first = re.compile(f"[{re.escape(''.join({mark[0] for mark in self._marks}))}]")
        self._state = "outside"
        self._held = ""
        self._open: list[str] = []
        """The slots of the calls since the last begin mark."""
        self._word = ""
        """What is collected: a member's name, or a string that is not an argument."""
        self._role = ""
        """What the value is that is being read: name, id, arguments, or nothing of interest."""
        self._depth = 0
        self._quote = ""
        self._escaped = False
        self._expecting = True
        """A value may begin here, so that a single quote is one."""
        self._start: int | None = None
        """Where in the text at hand the arguments begin, or go on."""

    def feed(self, text: str) -> list[Fragment]:
        """What this text adds: ``text``, ``call``, ``end`` and ``unclosed`` fragments."""
        found: list[Fragment] = []
        text, self._held = self._held + text, ""
        self._start = 0 if self._role == "arguments" else None
        at = 0
        while at < len(text):
            at = _STATES[self._state](self, text, at, found)
        self._argue(text, len(text) - len(self._held), found)
        return found

    def close(self) -> list[Fragment]:
        """The text is over: what was held back, and the calls that nobody closed."""
        found: list[Fragment] = []
        held, self._held = self._held, ""
        if self._role == "arguments":
            self._start = 0
            self._argue(held, len(held), found)
        else:
            self._say(self._word + held if self._state == "naming" else held, found)
        self._leave_open(found)
        self._state, self._role, self._word = "outside", "", ""
        return found

    # States

    def _outside(self, text: str, at: int, found: list[Fragment]) -> int:
        for candidate in self._first.finditer(text, at):
            place = candidate.start()
            mark = self._mark(text, place)
            if mark == _PART:
                self._say(text[at:place], found)
                self._held = text[place:]
                return len(text)
            if mark == self._dialect.begin or mark in self._dialect.silent:
                self._say(text[at:place], found)
                return self._marked(mark, text, place, found)
        self._say(text[at:], found)
        return len(text)

    def _between(self, text: str, at: int, found: list[Fragment]) -> int:
        mark = self._mark(text, at)
        if mark == _PART:
            self._held = text[at:]
            return len(text)
        if mark:
            return self._marked(mark, text, at, found)
        if text[at] == "{":
            self._open_call(found)
            self._state, self._depth, self._role, self._expecting = "value", 1, "", True
        elif text[at] not in _BESIDE:
            if self._dialect.end is not None:
                found.append(Fragment("reject", "between marks: expected an object"))
                self._leave_open(found)
            self._state = "outside"
            return at
        return at + 1

    def _naming(self, text: str, at: int, found: list[Fragment]) -> int:
        """The name, up to the mark behind it."""
        for candidate in self._first.finditer(text, at):
            place = candidate.start()
            mark = self._mark(text, place)
            if mark == _PART:
                self._word += text[at:place]
                self._held = text[place:]
                return len(text)
            if mark:
                word, self._word = self._word + text[at:place], ""
                said = self._dialect.naming.fullmatch(word)
                names = said.groupdict() if said is not None else {"name": word}
                self._open_call(found, name=names["name"], id=names.get("id"))
                if mark != self._dialect.head:
                    return self._marked(mark, text, place, found)
                self._state, self._depth, self._role, self._expecting = "value", 0, "awaited", True
                return place + len(mark)
        self._word += text[at:]
        return len(text)

    def _value(self, text: str, at: int, found: list[Fragment]) -> int:
        """Outside of strings: brackets, and the members of the object that holds name and arguments."""
        character = text[at]
        whole = self._dialect.head is not None
        if self._first.match(text, at) and (whole or character != "["):
            mark = self._mark(text, at)
            if mark == _PART:
                self._held = text[at:]
                return len(text)
            if mark and mark != self._dialect.head:
                self._argue(text, at, found)
                return self._marked(mark, text, at, found)
        if self._role == "awaited" and not character.isspace():
            self._role, self._start = "arguments", at
        if character == '"' or (character == "'" and self._expecting):
            self._quote, self._state = character, "string"
            self._word = ""
        elif character in "{[":
            self._depth += 1
        elif character in "}]":
            self._depth -= 1
            if not self._depth and (not whole or self._dialect.end is None):
                self._argue(text, at + 1 if whole else at, found)
                self._role, self._state = "", "between"
        elif self._depth == 1 and not whole:
            if character == ":":
                name = _read(self._word)
                self._role = next((role for role, names in _ROLES.items() if name in names), "other")
            elif character == ",":
                self._argue(text, at, found)
                self._role = ""
        if not character.isspace():
            self._expecting = character in "{[,:"
        return at + 1

    def _string(self, text: str, at: int, found: list[Fragment]) -> int:
        if self._escaped:
            self._escaped = False
            end = at + 1
        else:
            run = _QUOTES[self._quote].match(text, at)
            end = at if run is None else run.end()
            if end < len(text):
                if text[end] == "\\":
                    self._escaped = True
                else:
                    self._state = "value"
                end += 1
        if self._role != "arguments":
            closed = self._state == "value"
            self._word += text[at : end - closed]
            if closed and self._role in ("name", "id"):
                said = _read(self._word)
                name, id = (said, None) if self._role == "name" else (None, said)
                found.append(Fragment("call", None, self._open[-1], id, name, mode="exact"))
                self._role = "other"
        return end

    # What they have in common

    def _mark(self, text: str, at: int) -> str:
        """The mark that stands there; ``_PART`` where one may; nothing where none can."""
        for mark in self._marks:
            if text.startswith(mark, at):
                return mark
        left = len(text) - at
        if any(left < len(mark) and mark.startswith(text[at:]) for mark in self._marks):
            return _PART
        return ""

    def _marked(self, mark: str, text: str, at: int, found: list[Fragment]) -> int:
        """What a mark means; the place behind it."""
        self._role = ""
        if mark == self._dialect.end:
            found += [Fragment("end", slot=slot) for slot in self._open]
            self._open.clear()
            self._state = "outside"
        elif mark == self._dialect.begin:
            self._leave_open(found)
            self._state, self._word = "between" if self._dialect.head is None else "naming", ""
        elif mark in self._dialect.silent:
            self._leave_open(found)
            self._state = "outside"
        return at + len(mark)

    def _leave_open(self, found: list[Fragment]) -> None:
        """Calls without their end mark, on a dialect that has one."""
        if self._dialect.end is not None:
            found += [Fragment("unclosed", slot=slot) for slot in self._open]
        self._open.clear()

    def _open_call(self, found: list[Fragment], name: str | None = None, id: str | None = None) -> None:
        slot = f"{IN_TEXT}{self.calls}"
        self.calls += 1
        self._open.append(slot)
        found.append(Fragment("call", slot=slot, name=name, id=id))

    def _argue(self, text: str, end: int, found: list[Fragment]) -> None:
        """The arguments go on up to there."""
        if self._start is not None and self._start < end:
            found.append(Fragment("call", text[self._start : end], self._open[-1], mode="exact"))
        self._start = None

    def _say(self, text: str, found: list[Fragment]) -> None:
        if text:
            found.append(Fragment("text", text))


def _read(word: str) -> str:
    """What the inside of a JSON string says."""
    value = loads(f'"{word}"') if "\\" in word else word
    return value if isinstance(value, str) else word


_STATES: Mapping[str, Callable[[Markup, str, int, list[Fragment]], int]] = {
    "outside": Markup._outside,
    "between": Markup._between,
    "naming": Markup._naming,
    "value": Markup._value,
    "string": Markup._string,
}
