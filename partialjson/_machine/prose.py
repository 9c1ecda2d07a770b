"""Text around the value: prose, code fences, reasoning, and what follows.

In prose the value is looked for at the next opening bracket, and the bracket is *judged* by what
follows it: ``see [1] and {x}: {"a": 1}``. At most 64 characters are held back for that, and they are
the only ones that the machine ever reads twice. A number or literal at the root is *held* until the
end of the input, for it may be prose too: ``3 results: {...}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partialjson._machine.grammar import NO_TEXTS, Machine
from partialjson._machine.rules import Rule, encodable
from partialjson._machine.states import END, FENCE, INFO, OPENER, PROSE, REASONING, ROOT, TAG, TAIL

if TYPE_CHECKING:
    from mypy_extensions import i64

_PROSE_RUN: Final = re.compile(r"[^{\[`<]*")
_INFO_RUN: Final = re.compile(r"[A-Za-z0-9_+.-]*")
_TAIL_RUN: Final = re.compile(r"[^{\[]*")
_JSON_FENCES: Final = frozenset(("", "json", "json5", "jsonc", "jsonl", "javascript", "js", "text", "txt"))
_REASONING_TAGS: Final = frozenset(("think", "thinking", "thought", "reasoning", "reflection", "scratchpad"))
_JUDGED: Final = 64  # characters behind an opening bracket in prose that may be looked at
LEAD: Final = 40  # characters of prose that may turn out to be a word: True, None, NaN
_LONGEST_TAG: Final = 16
_SPACE: Final = " \t\n\r"
_MARKS: Final = {"closing-fence": "`", "extra-closer": "}])", "extra-comma": ","}
_ARRAY_WORDS: Final = frozenset(
    ("true", "false", "null", "nan", "True", "False", "None", "Null", "NaN", "TRUE", "FALSE", "NULL", "NONE")
)

# How an opening bracket in prose is judged, character by character.
_REJECT: Final = 0
_ACCEPT: Final = 1
_OBJECT: Final = 2  # behind "{"
_OBJECT_NAME: Final = 3  # in a name without quotes
_OBJECT_COLON: Final = 4  # behind that name
_ARRAY: Final = 5  # behind "["
_ARRAY_NUMBER: Final = 6  # in a number that is the first element
_ARRAY_WORD: Final = 7  # in a word that is the first element
_CITATION: Final = 8  # behind "[1]"
_NESTED: Final = 9  # behind "[["
JUDGEMENTS: Final = range(_OBJECT, _NESTED + 1)
_PLAUSIBLE_END: Final = frozenset((_NESTED, _OBJECT, _ARRAY, _ARRAY_NUMBER, _CITATION))


def _judge(judgement: i64, judged: str, c: str) -> i64:
    """What to think of an opening bracket, behind which ``judged`` was read, after one more character."""
    if judgement == _OBJECT:
        if c in " \t\n\r":
            return _OBJECT
        if c in "\"'}\u201c":
            return _ACCEPT
        return _OBJECT_NAME if c.isalpha() or c in "_$" else _REJECT
    if judgement == _OBJECT_NAME:
        if c.isalnum() or c in "_$-":
            return _OBJECT_NAME
        return _OBJECT_COLON if c in " \t\n\r" else _ACCEPT if c == ":" else _REJECT
    if judgement == _OBJECT_COLON:
        return _OBJECT_COLON if c in " \t\n\r" else _ACCEPT if c == ":" else _REJECT
    if judgement == _ARRAY:
        if c in " \t\n\r":
            return _ARRAY
        if c == "[":
            return _NESTED
        if c in "\"'\u201c]":
            return _ACCEPT
        if c == "{":
            return _OBJECT
        if c.isdigit() or c == "-":
            return _ARRAY_NUMBER
        return _ARRAY_WORD if c in "tfnTFN" else _REJECT
    if judgement == _ARRAY_NUMBER:
        if c.isdigit() or c in ".eE+- \t\n\r":
            return _ARRAY_NUMBER
        return _ACCEPT if c == "," else _CITATION if c == "]" else _REJECT
    if judgement == _ARRAY_WORD:
        if c.isalpha():
            return _ARRAY_WORD
        return _ACCEPT if c in ",]" and judged[1:].lstrip() in _ARRAY_WORDS else _REJECT
    if judgement == _NESTED:
        return _NESTED if c in " \t\n\r[" else _ACCEPT if c in "\"'{]-\u201c" or c.isdigit() else _REJECT
    return _CITATION if c in " \t" else _REJECT


class Prose(Machine):
    """The machine that finds the value in a text."""

    def __init__(
        self,
        limits: tuple[int, int, int, int, int, int, int],
        number: Callable[[str], object] | None,
        many: bool,
    ) -> None:
        super().__init__(limits, number, many)
        self.mark: i64 = 0  # where the comment, the fence, the tag or the judged bracket began
        self.prose_start: i64 = -1
        self.prose_end: i64 = 0
        self.lead: str = ""  # the first characters of the prose
        self.ticks: i64 = 0
        self.info: str = ""
        self.tag: str = ""
        self.judgement: i64 = 0
        self.judged: str = ""  # what was read behind the bracket that is judged
        self.tail: list[str] = NO_TEXTS
        self.tail_start: i64 = 0
        self.tail_rule: Rule = (0, "", "")
        self.accepted: bool = False  # the bracket at which the value begins was judged
        self.in_token: bool = False  # inside a special token: <|im_end|>

    def loss_of(self, kind: str) -> str | None:
        """The loss of a kind of liberty, or None where the dialect does not take it."""
        return None

    # -- actions ----------------------------------------------------------------------------

    def _begin_prose(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """Text before the value; a number or literal that was read there belongs to it."""
        if self.state != ROOT:
            self.prose_start = self.token_start
            self.prose_end = self.token_start + len(self.token)
            self.lead = self.token + " " if self.held else self.token
        self.token = ""
        self.held = False
        self.state = PROSE
        return i

    def _begin_judgement(self, c: str, at: i64) -> None:
        self.mark = at
        self.judged = c
        self.judgement = _OBJECT if c == "{" else _ARRAY
        self.state = OPENER

    def _begin_tail(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        self.tail_start = self.offset + i
        self.tail_rule = rule
        self.tail = self.tail.copy()
        self.state = TAIL
        return i

    # -- readers ----------------------------------------------------------------------------

    def _prose(self, text: str, i: i64, stop: i64) -> None:
        """``text[i:stop]`` is prose."""
        piece = text[i:stop]
        self._count_lines(text, i, stop)
        spoken = piece.rstrip(_SPACE)
        if spoken:
            if self.prose_start < 0:
                self.prose_start = self.offset + i + len(piece) - len(piece.lstrip(_SPACE))
            self.prose_end = self.offset + i + len(spoken)
        if len(self.lead) <= LEAD:
            self.lead += piece[: LEAD + 1 - len(self.lead)]

    def _end_prose(self) -> None:
        if self.prose_start >= 0:
            self.repair("prose", "form", self.prose_start, self.prose_end)
        self.prose_start = -1
        self.lead = ""

    def _back_to_prose(self, lead: str, end: i64) -> None:
        """What began at ``mark`` and reads ``lead`` is prose after all."""
        if self.prose_start < 0:
            self.prose_start = self.mark
        self.prose_end = end
        if len(self.lead) <= LEAD:
            self.lead += lead[: LEAD + 1 - len(self.lead)]
        self.state = PROSE

    def _read_prose(self, text: str, i: i64, n: i64) -> i64:
        match = _PROSE_RUN.match(text, i)
        assert match is not None
        stop = match.end()
        self._prose(text, i, stop)
        if stop == n:
            return n
        c = text[stop]
        self.mark = self.offset + stop
        if c == "`":
            self.ticks = 0
            self.state = FENCE
            return stop
        if c == "<":
            self.tag = ""
            self.state = TAG
            return stop + 1
        if self.loss_of("bracket-in-prose") is None:
            self._accept("")
            return stop
        self._begin_judgement(c, self.mark)
        return stop + 1

    def _read_fence(self, text: str, i: i64, n: i64) -> i64:
        if text[i] == "`":
            self.ticks += 1
            return i + 1
        if self.ticks < 3:
            self._back_to_prose("`" * self.ticks, self.offset + i)
        else:
            self.info = ""
            self.state = INFO
        return i

    def _read_info(self, text: str, i: i64, n: i64) -> i64:
        match = _INFO_RUN.match(text, i)
        assert match is not None
        stop = match.end()
        if len(self.info) < LEAD:
            self.info += text[i:stop]
        if stop < n:
            self._end_fence(self.offset + stop)
        return stop

    def _end_fence(self, end: i64) -> None:
        """A code fence and its info string are read."""
        if self.info.lower() not in _JSON_FENCES or self.loss_of("code-fence") is None:
            self._back_to_prose("`" * min(self.ticks, LEAD), end)
            return
        self._end_prose()
        self.repair("code-fence", "none", self.mark, end)
        self.last = end - 1
        self.state = ROOT

    def _read_tag(self, text: str, i: i64, n: i64) -> i64:
        c = text[i]
        if c == ">" and self.tag.lower() in _REASONING_TAGS and self.loss_of("reasoning"):
            self._end_prose()
            self.prose_start = self.mark
            self.tag = f"</{self.tag.lower()}>"
            self.judgement = 0
            self.state = REASONING
            return i + 1
        if len(self.tag) >= _LONGEST_TAG or not c.isalpha():
            self._back_to_prose("<" + self.tag, self.offset + i)
            if c != "<":
                return i
            self.mark = self.offset + i
            self.tag = ""
            self.state = TAG
            return i + 1
        self.tag += c
        return i + 1

    def _read_reasoning(self, text: str, i: i64, n: i64) -> i64:
        """Look for the closing tag; ``judgement`` counts how much of it was read."""
        closing = self.tag
        matched = self.judgement
        start = i
        while i < n:
            if matched == 0:
                i = text.find("<", i)
                if i < 0:
                    break
            c = text[i].lower()
            if c == closing[matched]:
                matched += 1
                i += 1
                if matched == len(closing):
                    self._count_lines(text, start, i)
                    self.repair("reasoning", "form", self.prose_start, self.offset + i)
                    self.prose_start = -1
                    self.last = self.offset + i - 1
                    self.state = ROOT
                    return i
            elif c == "<":
                matched = 1
                i += 1
            else:
                matched = 0
        self._count_lines(text, start, n)
        self.judgement = matched
        return n

    def _read_opener(self, text: str, i: i64, n: i64) -> i64:
        c = text[i]
        judgement = _judge(self.judgement, self.judged, c)
        if judgement == _ACCEPT:
            self._accept(self.judged)
            return i
        if judgement == _REJECT or len(self.judged) > _JUDGED:
            self.repair("bracket-in-prose", "guess", self.mark, self.offset + i)
            self._back_to_prose(self.judged, self.offset + i)
            return i
        self.judgement = judgement
        self.judged += c
        return i + 1

    def _accept(self, judged: str) -> None:
        """The bracket begins the value: read it, and what was looked at behind it, for the first time."""
        here = self.offset
        self._end_prose()
        self.judged = ""
        self.offset = self.mark
        self.last = self.mark - 1
        self.state = ROOT
        self.accepted = True
        self._run(judged, len(judged))
        self.offset = here

    def _read_tail(self, text: str, i: i64, n: i64) -> i64:
        """Behind the value. A mark (a closing fence, a comma) or a special token is itself, and text is no
        value; the rules are asked again where something else begins."""
        kind = self.tail_rule[1]
        start = i
        if kind == "special-token" or kind in _MARKS:
            marks = _MARKS.get(kind, "")
            while i < n and (self._in_mark(text[i], marks) or not self._begins_tail(ord(text[i]))):
                i += 1
        elif kind == "trailing-value" or kind == "text-behind-scalar":
            i = n
        else:
            match = _TAIL_RUN.match(text, i + 1 if self.offset + i == self.tail_start else i)
            assert match is not None
            i = match.end()
        if i > start:
            piece = text[start:i]
            self.tail.append(piece)
            spoken = piece.rstrip(_SPACE)
            if spoken:
                self.prose_end = self.offset + start + len(spoken)
        if i < n:
            self._end_tail()
            self.state = END
            return self._refused(ord(text[i]), i, text)
        return n

    def _in_mark(self, c: str, marks: str) -> bool:
        """Whether the marks or, without any, the special token or the white space behind it go on."""
        if c.isspace():
            self.in_token = False
            return True
        if marks:
            return c in marks
        inside = self.in_token or c == "<"
        self.in_token = inside and c != ">"
        return inside

    def _begins_tail(self, c: i64) -> bool:
        """Whether something else begins behind the value; what the rules would skip there is kept."""
        return True

    def _end_tail(self) -> None:
        self.repair(self.tail_rule[1], self.tail_rule[2], self.tail_start, self.prose_end)

    def _end_of_text(self) -> bool:
        """The input ends. Answers whether it was prose to the end: one word of it may be the value."""
        if self.state == OPENER:
            if self.judgement in _PLAUSIBLE_END:
                self._accept(self.judged)
            else:
                self._back_to_prose(self.judged, self.offset)
        elif self.state == INFO:
            self._end_fence(self.offset)
        elif self.state == FENCE:
            self._back_to_prose("`" * min(self.ticks, LEAD), self.offset)
        elif self.state == TAG:
            self._back_to_prose("<" + self.tag, self.offset)
        elif self.state == REASONING:
            self.repair("reasoning", "form", self.prose_start, self.offset)
            self.state = ROOT
        elif self.state == TAIL:
            self._end_tail()
        return self.state == PROSE

    def trailing(self) -> str:
        return encodable("".join(self.tail))

    def finished(self) -> bool:
        return self.state == TAIL or super().finished()

    def liberties_taken(self) -> bool:
        return self.state == TAIL or super().liberties_taken()
