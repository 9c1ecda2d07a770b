"""What a dialect may do where the strict grammar has no meaning for a character.

The dialect's *rules* say, for a state and a character, which action to take, under which name and
with which loss: they are asked here and nowhere else, after the grammar has refused, so that valid
text cannot be changed by any dialect. An action either answers at once (a comma is missing: go on as
if it were there) or leads into a state of its own (a comment, a word without quotes, prose), whose
reader stands further down.

How the undecidable is decided. Nothing is read twice, but for at most 64 characters behind an opening
bracket in prose; and what was shown is never taken back:

* A number or literal at the root is *held* until the end of the input: ``3 results: {...}``.
* A closing quote is *doubted* (``pending``) until the next character fits. If it does not fit, the
  quote belonged to the text, which then goes on. A string in which that happened once is doubted
  behind a comma too: ``"he said "hi", and left"``.
* An opening bracket in prose is *judged* by what follows it: ``see [1] and {x}: {"a": 1}``.

This file does not know which dialects there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from partialjson._machine.grammar import Machine
from partialjson._machine.states import (
    BLOCK_COMMENT,
    BYTE_ESCAPE,
    COLON,
    CONTINUATION,
    ELEMENT,
    END,
    ESCAPE,
    FENCE,
    FIRST_ELEMENT,
    FIRST_NAME,
    INFO,
    LINE_COMMENT,
    LITERAL,
    MINUS,
    NAME,
    NEXT_ELEMENT,
    NEXT_MEMBER,
    OPENER,
    PROSE,
    QUOTED,
    REASONING,
    ROOT,
    SLASH,
    STAR,
    STRING,
    TAG,
    TAIL,
    VALUE,
    WORD,
)
from partialjson.missing import MISSING

# Situations that the rules tell apart although the grammar's state is the same.
DOUBTED_ELEMENT: Final = 48  # NEXT_ELEMENT behind a closing quote that is doubted
DOUBTED_MEMBER: Final = 49  # NEXT_MEMBER behind one
DOUBTED_COMMA: Final = 50  # any other state behind one
ROOT_TOKEN: Final = 51  # inside a number or literal at the root
HELD: Final = 52  # END behind a scalar that is held

# Classes of characters, in the place of a code point.
SPAN: Final = 0x110008
LETTER: Final = 0x110000
DIGIT: Final = 0x110001
SPACE: Final = 0x110002  # what Unicode calls white space and JSON does not
CONTROL: Final = 0x110003
ANY: Final = 0x110004

Rule = tuple[int, str, str]  # action, kind, loss
Rules = tuple[dict[int, Rule], dict[str, tuple[object, str, str]], bool]
"""The rules by ``situation * SPAN + character``, the words by spelling, and whether doubt is allowed."""

_NUMBER: Final = re.compile(
    r"([+-]?)(?:0[xX]([0-9a-fA-F][0-9a-fA-F_]*)|(\d[\d_]*)?(?:\.([\d_]*))?(?:[eE]([+-]?\d+))?)", re.ASCII
)
_VALUE_RUN: Final = re.compile(r'[^,}\]\n\r"/#)]*')
_NAME_RUN: Final = re.compile(r'[^:=,}\]{\[\n\r"]*')
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_LINE_RUN: Final = re.compile(r"[^\n\r]*")
_PROSE_RUN: Final = re.compile(r"[^{\[`<]*")
_INFO_RUN: Final = re.compile(r"[A-Za-z0-9_+.-]*")
_TRIPLE: Final = '"""'
_QUOTED_RUN: Final[dict[str, re.Pattern[str]]] = {
    opener: re.compile(rf"[^\\\x00-\x1f\ud800-\udfff{closers}]*")
    for opener, closers in {
        '"': '"',
        "'": "'",
        "`": "`",
        "\u201c": '\u201c\u201d"',
        "\u201e": '\u201c\u201d"',
        "\u00ab": "\u00bb",
        "\u2018": "\u2019'",
    }.items()
}
_JSON_FENCES: Final = frozenset(("", "json", "json5", "jsonc", "jsonl", "javascript", "js", "text", "txt"))
_REASONING_TAGS: Final = frozenset(("think", "thinking", "thought", "reasoning", "reflection", "scratchpad"))
_ELLIPSES: Final = frozenset(("...", "\u2026"))
_JUDGED: Final = 64  # characters behind an opening bracket in prose that may be looked at
_LEAD: Final = 40  # characters of prose that may turn out to be a word: True, None, NaN
_LONGEST_TAG: Final = 16


class Forgiving(Machine):
    """The machine with a dialect's rules."""

    def __init__(
        self,
        limits: tuple[int, int, int, int, int, int, int],
        number: Callable[[str], object] | None,
        many: bool,
        rules: Rules,
    ) -> None:
        super().__init__(limits, number, many)
        self.rules: Rules = rules
        self.table: dict[int, Rule] = rules[0]
        self.words: dict[str, tuple[object, str, str]] = rules[1]
        self.patient = rules[2]

        self.quote: str = ""  # what opened the open string, if it was no quotation mark
        self.closer: str = '"'  # what closed it
        self.quotes: int = 0  # how many of the three closing quotes were read
        self.reopened: bool = False  # a closing quote of it turned out to be text
        self.gap: list[str] = []  # what was read since the doubted quote, in earlier chunks
        self.gap_start: int = 0
        self.byte: int = 0
        self.byte_digits: int = 0

        self.word: list[str] = []  # the unquoted name or value that is open
        self.word_is_name: bool = False
        self.before: int = 0  # the state that a comment interrupts
        self.comment: Rule = (0, "", "")
        self.tuples: list[int] = []  # depths at which a list was opened by a parenthesis
        self.mark: int = 0  # where the comment, the fence, the tag or the judged bracket began

        self.prose_start: int = -1
        self.prose_end: int = 0
        self.prose_loss: str = "form"
        self.lead: str = ""  # the first characters of the prose
        self.ticks: int = 0
        self.info: str = ""
        self.tag: str = ""
        self.judgement: int = 0
        self.judged: str = ""  # what was read behind the bracket that is judged
        self.tail: list[str] = []
        self.tail_start: int = 0
        self.tail_rule: Rule = (0, "", "")

    def blank(self) -> Machine:
        return Forgiving(self.limits, self.number, self.many, self.rules)

    # -- asking the rules -------------------------------------------------------------------

    def _refused(self, c: int, i: int, text: str) -> int:
        state = self.state
        situation = state
        if self.pending:
            if state == NEXT_ELEMENT:
                situation = DOUBTED_ELEMENT
            elif state == NEXT_MEMBER:
                situation = DOUBTED_MEMBER
            else:
                situation = DOUBTED_COMMA
        elif self.depth == 0 and MINUS <= state <= LITERAL:
            situation = ROOT_TOKEN
        elif state == END and self.held:
            situation = HELD
        table = self.table
        base = situation * SPAN
        rule = table.get(base + c)
        if rule is None:
            rule = table.get(base + _class_of(c))
            if rule is None:
                rule = table.get(base + ANY)
                if rule is None:
                    return super()._refused(c, i, text)
        return _ACTIONS[rule[0]](self, rule, c, i, text)

    def _forgive(self, text: str, i: int, n: int) -> int:
        return _READERS[self.state](self, text, i, n)

    def _undecodable(self) -> None:
        rule = self.table.get(STRING * SPAN + 0xFFFD)
        if rule is None:
            super()._undecodable()
            return
        self.repair(rule[1], rule[2], self.offset, self.offset + 1)
        self._text("\ufffd")

    # -- actions: (rule, character, its index, text) -> the index to go on from ---------------

    def _skip(self, rule: Rule, c: int, i: int, text: str) -> int:
        """The character means nothing here."""
        at = self.offset + i
        repairs = self.repairs
        if repairs and repairs[-1][2] == at and repairs[-1][0] == rule[1] and len(repairs) < self.max_notes:
            kind, start, _, path, loss = repairs[-1]
            repairs[-1] = (kind, start, at + 1, path, loss)
        else:
            self.repair(rule[1], rule[2], at, at + 1)
        return i + 1

    def _next(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A comma is missing."""
        self._separate(rule, self.offset + i, self.offset + i)
        return i

    def _next_by(self, rule: Rule, c: int, i: int, text: str) -> int:
        """Another character stands for the comma."""
        self._separate(rule, self.offset + i, self.offset + i + 1)
        return i + 1

    def _separate(self, rule: Rule, start: int, end: int) -> None:
        if self.pending:
            self._settle()
        self.repair(rule[1], rule[2], start, end)
        self.comma = start
        self.state = NAME if self.in_object else ELEMENT

    def _next_object(self, rule: Rule, c: int, i: int, text: str) -> int:
        """``{`` behind a member: in an array of objects the object before it was not closed."""
        if self.depth < 2 or not isinstance(self.spine[-2], list):
            return self._skip(rule, c, i, text)
        if self.pending:
            self._settle()
        at = self.offset + i
        self.repair(rule[1], rule[2], at, at)
        self.pop()
        self.state = ELEMENT
        return i

    def _colon(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A colon is missing."""
        self.repair(rule[1], rule[2], self.offset + i, self.offset + i)
        self.state = VALUE
        return i

    def _colon_by(self, rule: Rule, c: int, i: int, text: str) -> int:
        """Another character stands for the colon."""
        self.repair(rule[1], rule[2], self.offset + i, self.offset + i + 1)
        self.state = VALUE
        return i + 1

    def _no_value(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A comma where the member's value should be: the member is dropped."""
        self.repair(rule[1], rule[2], self.offset + i, self.offset + i)
        self.comma = self.offset + i
        self.state = NAME
        return i + 1

    def _close(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A closing bracket that the grammar does not want here.

        It ends the innermost container of its kind and all that is open inside; where there is none
        it stands for the right bracket.
        """
        at = self.offset + i
        if self.pending:
            self._settle()
        depth = self.depth
        while self.tuples and self.tuples[-1] > depth:
            self.tuples.pop()
        in_tuple = bool(self.tuples) and self.tuples[-1] == depth
        wanted = 0x7D if self.in_object else 0x29 if in_tuple else 0x5D
        if c == wanted:
            start = self.comma if self.state == NAME or self.state == ELEMENT else at
            self.repair(rule[1], rule[2], start, start + 1 if start < at else at)
        elif c == 0x29:
            return self._skip((0, "stray-text", "guess"), c, i, text)
        else:
            self.repair("wrong-closer", "guess", at, at + 1)
            level = depth - 1
            while level >= 0 and isinstance(self.spine[level], dict) != (c == 0x7D):
                level -= 1
            while level >= 0 and self.depth > level + 1:
                self.pop()
        self.pop()
        self.state = self._after_value()
        return i + 1

    def _open_tuple(self, rule: Rule, c: int, i: int, text: str) -> int:
        self.repair(rule[1], rule[2], self.offset + i, self.offset + i + 1)
        if self.pending:
            self._settle()
        while self.tuples and self.tuples[-1] > self.depth:
            self.tuples.pop()
        self.push([], self.offset + i)
        self.tuples.append(self.depth)
        self.state = FIRST_ELEMENT
        return i + 1

    def _open_quotes(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A string in other quotes begins."""
        self.repair(rule[1], rule[2], self.offset + i, self.offset + i + 1)
        self.in_name = self.state == NAME or self.state == FIRST_NAME
        self._start_string(i)
        self.quote = chr(c)
        self.state = QUOTED
        return i + 1

    def _open_word(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A name or value without quotes begins."""
        self.word_is_name = self.state == NAME or self.state == FIRST_NAME
        self.token_start = self.offset + i
        self.word.append(chr(c))
        self.state = WORD
        return i + 1

    def _to_word(self, rule: Rule, c: int, i: int, text: str) -> int:
        """What began as a number or literal is none."""
        self.word_is_name = False
        self.word.append(self.token)
        self.token = ""
        self.state = WORD
        return i

    def _end_token(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A number ends at a character that the grammar does not let follow it."""
        if not self.whole_number():
            return self._to_word(rule, c, i, text)
        self.last = self.offset + i - 1
        self.state = self._end_number()
        return i

    def _open_comment(self, rule: Rule, c: int, i: int, text: str) -> int:
        self.before = self.state
        self.comment = rule
        self.mark = self.offset + i
        self.state = SLASH if c == 0x2F else LINE_COMMENT
        return i + 1

    def _reopen(self, rule: Rule, c: int, i: int, text: str) -> int:
        """The doubted quote belonged to the text, and so did what followed it."""
        quote_at = self.gap_start - 1
        self.gap.append(text[max(self.gap_start - self.offset, 0) : i])
        self._add(self.closer + _encodable("".join(self.gap)))
        self.pending = False
        self.reopened = True
        self.token = ""
        self.state = self._string_state()
        self.repair(rule[1], rule[2], quote_at, quote_at + 1)
        return i

    def _quote_after_quote(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A quote behind a doubted one: three in a row, the real closing quote, or a new string."""
        if self.offset + i == self.gap_start and chr(c) == self.closer:
            if self.text == "" and not self.reopened:
                self.repair("triple-quotes", "none", self.string_start, self.string_start + 3)
                self.pending = False
                self.quote = chr(c) * 3
                self.quotes = 0
                self.state = QUOTED
                return i + 1
            if self.reopened:
                self._reopen(rule, c, i, text)
                self.closer = chr(c)
                self.state = self._end_string(i + 1)
                return i + 1
        elif self.offset + i == self.gap_start:
            return self._reopen(rule, c, i, text)
        return self._next((0, "missing-comma", "form"), c, i, text)

    def _value_after_quote(self, rule: Rule, c: int, i: int, text: str) -> int:
        """What could begin a value behind a doubted quote: apart from it, it does."""
        if self.offset + i == self.gap_start:
            return self._reopen(rule, c, i, text)
        return self._next((0, "missing-comma", "form"), c, i, text)

    def _keep(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A control character stands in a string as itself."""
        at = self.offset + i
        self.repair(rule[1], rule[2], at, at + 1)
        self._add(chr(c))
        if c == 0x0A:
            self.line += 1
            self.line_start = at + 1
        return i + 1

    def _escape_itself(self, rule: Rule, c: int, i: int, text: str) -> int:
        """The backslash means nothing."""
        self.repair(rule[1], rule[2], self.offset + i - 1, self.offset + i + 1)
        self._add(chr(c))
        self.state = self._string_state()
        return i + 1

    def _escape_kept(self, rule: Rule, c: int, i: int, text: str) -> int:
        """The backslash stands for itself: ``C:\\dir``."""
        self.repair(rule[1], rule[2], self.offset + i - 1, self.offset + i)
        self._add("\\")
        self.state = self._string_state()
        return i

    def _escape_byte(self, rule: Rule, c: int, i: int, text: str) -> int:
        self.repair(rule[1], rule[2], self.offset + i - 1, self.offset + i + 3)
        self.byte = 0
        self.byte_digits = 0
        self.state = BYTE_ESCAPE
        return i + 1

    def _escape_control(self, rule: Rule, c: int, i: int, text: str) -> int:
        """``\\v`` and ``\\0`` of JSON5."""
        self.repair(rule[1], rule[2], self.offset + i - 1, self.offset + i + 1)
        self._add("\v" if c == 0x76 else "\0")
        self.state = self._string_state()
        return i + 1

    def _continue_line(self, rule: Rule, c: int, i: int, text: str) -> int:
        """A line ends behind a backslash: the string goes on as if it did not."""
        at = self.offset + i
        self.repair(rule[1], rule[2], at - 1, at + 1)
        if c == 0x0D:
            self.state = CONTINUATION
            return i + 1
        if c == 0x0A:
            self.line += 1
            self.line_start = at + 1
        self.state = self._string_state()
        return i + 1

    def _cut_escape(self, rule: Rule, c: int, i: int, text: str) -> int:
        """``\\u`` with less than four digits stands for itself."""
        if self.high:
            self._lone()
        at = self.offset + i
        self.repair(rule[1], rule[2], at - 2 - self.hex_digits, at)
        self._add(f"\\u{self.hex:0{self.hex_digits}x}" if self.hex_digits else "\\u")
        self.state = self._string_state()
        return i

    def _begin_prose(self, rule: Rule, c: int, i: int, text: str) -> int:
        """Text before the value; a number or literal that was read there belongs to it."""
        if self.state != ROOT:
            self.prose_start = self.token_start
            self.prose_end = self.token_start + len(self.token)
            self.lead = self.token + " " if self.held else self.token
        self.prose_loss = rule[2]
        self.token = ""
        self.held = False
        self.state = PROSE
        return i

    def _byte_order_mark(self, rule: Rule, c: int, i: int, text: str) -> int:
        """U+FEFF is a byte order mark at the very beginning only (RFC 8259 section 8.1)."""
        if self.offset + i:
            return self._begin_prose((0, "prose", "form"), c, i, text)
        return self._skip(rule, c, i, text)

    def _begin_tail(self, rule: Rule, c: int, i: int, text: str) -> int:
        self.tail_start = self.offset + i
        self.tail_rule = rule
        self.state = TAIL
        return i

    # -- doubt ------------------------------------------------------------------------------

    def _start_string(self, i: int) -> None:
        super()._start_string(i)
        self.quote = ""
        self.closer = '"'
        self.reopened = False

    def _string_state(self) -> int:
        return QUOTED if self.quote else STRING

    def _doubt(self, i: int) -> None:
        if len(self.quote) == 3:
            self.done()
            return
        self.pending = True
        self.gap.clear()
        self.gap_start = self.offset + i

    def _believe(self) -> None:
        if not self.reopened:
            self._settle()

    def _settle(self) -> None:
        self.pending = False
        self.done()

    def _keep_gap(self, text: str, n: int) -> None:
        self.gap.append(text[max(self.gap_start - self.offset, 0) :])

    # -- readers of the dialect's own states: (text, index, length) -> the index to go on from ----

    def _read_quoted(self, text: str, i: int, n: int) -> int:
        triple = len(self.quote) == 3
        match = _QUOTED_RUN[self.quote[0]].match(text, i)
        assert match is not None
        stop = match.end()
        if stop > i:
            if self.quotes:
                self._add(self.quote[0] * self.quotes)
                self.quotes = 0
            self._add(text[i:stop])
            if stop == n:
                return n
        c = ord(text[stop])
        if c != 0x5C and c >= 0x20 and not 0xD800 <= c <= 0xDFFF:
            if triple and self.quotes < 2:
                self.quotes += 1
                return stop + 1
            self.quotes = 0
            self.closer = chr(c)
            self.state = self._end_string(stop + 1)
            return stop + 1
        if self.quotes:
            self._add(self.quote[0] * self.quotes)
            self.quotes = 0
        if c == 0x5C:
            self.state = ESCAPE
            return stop + 1
        if c < 0x20:
            return self._refused(c, stop, text)
        self.state = self._code_unit(c, self.offset + stop)
        return stop + 1

    def _read_byte_escape(self, text: str, i: int, n: int) -> int:
        digit = "0123456789abcdef".find(text[i].lower())
        if digit < 0:
            self._add(f"\\x{self.byte:x}" if self.byte_digits else "\\x")
            self.state = self._string_state()
            return i
        self.byte = self.byte * 16 + digit
        self.byte_digits += 1
        if self.byte_digits == 2:
            self._add(chr(self.byte))
            self.state = self._string_state()
        return i + 1

    def _read_continuation(self, text: str, i: int, n: int) -> int:
        self.line += 1
        self.line_start = self.offset + i
        self.state = self._string_state()
        if text[i] == "\n":
            self.line_start += 1
            return i + 1
        return i

    def _read_word(self, text: str, i: int, n: int) -> int:
        run = _NAME_RUN if self.word_is_name else _VALUE_RUN
        while i < n:
            match = run.match(text, i)
            assert match is not None
            stop = match.end()
            if stop > i:
                self.word.append(text[i:stop])
            if stop == n:
                return n
            c = text[stop]
            if c == ")":
                ends = bool(self.tuples) and self.tuples[-1] == self.depth
            elif c == "/" or c == "#":
                ends = self.word[-1][-1:].isspace()
            else:
                ends = True
            if ends:
                self._end_word("".join(self.word))
                return stop
            self.word.append(c)
            i = stop + 1
        return i

    def _end_word(self, word: str) -> None:
        self.word.clear()
        token = word.rstrip()
        start = self.token_start
        end = start + len(token)
        token = _encodable(token)
        self.last = max(end, start + 1) - 1
        if self.pending:
            self._settle()
        if token in _ELLIPSES:
            self.repair("ellipsis", "guess", start, end)
            self.state = NEXT_MEMBER if self.in_object else NEXT_ELEMENT
        elif self.word_is_name:
            self.repair("unquoted-name", "none", start, end)
            if len(token) > self.max_key:
                self.exceed("key", self.max_key, start + self.max_key)
            self.key = self.names.setdefault(token, token)
            self.key_start = start
            self.key_end = end
            self.state = COLON
        elif not self._known_word(token):
            self.repair("unquoted-string", "guess", start, end)
            self.string_start = start
            self.shown = False
            self.grow(token, start)
            self.done()
            self.state = self._after_value()

    def _known_word(self, token: str) -> bool:
        """A constant or number in a foreign spelling is put; answers whether it is one."""
        known = self.words.get(token)
        if known is not None:
            self.repair(known[1], known[2], self.token_start, self.token_start + len(token))
            self.token = token
            self.put(known[0], self.token_start)
            self.state = self._after_value()
            return True
        match = _NUMBER.fullmatch(token)
        if match is None:
            return False
        sign, hexadecimal, whole, fraction, exponent = match.groups()
        if not hexadecimal and not whole and not (fraction and fraction.strip("_")):
            return False
        if len(token) > self.max_number:
            self.exceed("number", self.max_number, self.token_start + self.max_number)
        self.repair("number-form", "none", self.token_start, self.token_start + len(token))
        literal = "-" if sign == "-" else ""
        if hexadecimal:
            literal += str(int(hexadecimal.replace("_", ""), 16))
        else:
            literal += (whole or "").replace("_", "").lstrip("0") or "0"
            if fraction is not None:
                literal += "." + (fraction.replace("_", "") or "0")
            if exponent is not None:
                literal += "e" + exponent
        self.put(self.convert(literal, fraction is None and exponent is None), self.token_start)
        self.state = self._after_value()
        return True

    def _read_slash(self, text: str, i: int, n: int) -> int:
        c = text[i]
        if c == "/" or c == "*":
            self.state = LINE_COMMENT if c == "/" else BLOCK_COMMENT
            return i + 1
        self._slash_alone()
        return i

    def _slash_alone(self) -> None:
        """The slash began no comment."""
        self.state = self.before
        if self.before == ROOT:
            self._back_to_prose("/", self.mark + 1)
        elif VALUE <= self.before <= FIRST_NAME:
            self.word_is_name = self.before >= NAME
            self.token_start = self.mark
            self.word.append("/")
            self.state = WORD
        elif self.before == END:
            self.tail_start = self.mark
            self.tail_rule = (0, "trailing-text", "form")
            self.tail.append("/")
            self.state = TAIL
        else:
            self.repair("stray-text", "guess", self.mark, self.mark + 1)

    def _read_line_comment(self, text: str, i: int, n: int) -> int:
        match = _LINE_RUN.match(text, i)
        assert match is not None
        stop = match.end()
        if stop < n:
            self._end_comment(self.offset + stop)
        return stop

    def _read_block_comment(self, text: str, i: int, n: int) -> int:
        stop = text.find("*", i)
        end = n if stop < 0 else stop
        self._count_lines(text, i, end)
        if stop < 0:
            return n
        self.state = STAR
        return stop + 1

    def _read_star(self, text: str, i: int, n: int) -> int:
        if text[i] == "/":
            self._end_comment(self.offset + i + 1)
            return i + 1
        self.state = BLOCK_COMMENT if text[i] != "*" else STAR
        return i + 1 if text[i] == "*" else i

    def _end_comment(self, end: int) -> None:
        self.last = end - 1
        self.state = self.before
        self.repair(self.comment[1], self.comment[2], self.mark, end)

    # -- prose ------------------------------------------------------------------------------

    def _prose(self, text: str, i: int, stop: int) -> None:
        """``text[i:stop]`` is prose."""
        piece = text[i:stop]
        self._count_lines(text, i, stop)
        spoken = piece.rstrip()
        if spoken:
            if self.prose_start < 0:
                self.prose_start = self.offset + i + len(piece) - len(piece.lstrip())
            self.prose_end = self.offset + i + len(spoken)
        if len(self.lead) <= _LEAD:
            self.lead += piece[: _LEAD + 1 - len(self.lead)]

    def _end_prose(self) -> None:
        if self.prose_start >= 0:
            self.repair("prose", self.prose_loss, self.prose_start, self.prose_end)
        self.prose_start = -1
        self.lead = ""

    def _back_to_prose(self, lead: str, end: int) -> None:
        """What began at ``mark`` and reads ``lead`` is prose after all."""
        if self.prose_start < 0:
            self.prose_start = self.mark
        self.prose_end = end
        if len(self.lead) <= _LEAD:
            self.lead += lead[: _LEAD + 1 - len(self.lead)]
        self.state = PROSE

    def _read_prose(self, text: str, i: int, n: int) -> int:
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
        self.judged = c
        self.judgement = _OBJECT if c == "{" else _ARRAY
        self.state = OPENER
        return stop + 1

    def _read_fence(self, text: str, i: int, n: int) -> int:
        if text[i] == "`":
            self.ticks += 1
            return i + 1
        if self.ticks < 3:
            self._back_to_prose("`" * self.ticks, self.offset + i)
        else:
            self.info = ""
            self.state = INFO
        return i

    def _read_info(self, text: str, i: int, n: int) -> int:
        match = _INFO_RUN.match(text, i)
        assert match is not None
        stop = match.end()
        if len(self.info) < _LEAD:
            self.info += text[i:stop]
        if stop < n:
            self._end_fence(self.offset + stop)
        return stop

    def _end_fence(self, end: int) -> None:
        """A code fence and its info string are read."""
        if self.info.lower() not in _JSON_FENCES:
            self._back_to_prose("`" * min(self.ticks, _LEAD), end)
            return
        self._end_prose()
        self.repair("code-fence", "none", self.mark, end)
        self.last = end - 1
        self.state = ROOT

    def _read_tag(self, text: str, i: int, n: int) -> int:
        c = text[i]
        if c == ">" and self.tag.lower() in _REASONING_TAGS:
            self._end_prose()
            self.prose_start = self.mark
            self.tag = f"</{self.tag.lower()}>"
            self.judgement = 0
            self.state = REASONING
            return i + 1
        if len(self.tag) >= _LONGEST_TAG or not c.isalpha():
            self._back_to_prose("<" + self.tag, self.offset + i)
            return i
        self.tag += c
        return i + 1

    def _read_reasoning(self, text: str, i: int, n: int) -> int:
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

    def _read_opener(self, text: str, i: int, n: int) -> int:
        c = text[i]
        judgement = _judge(self.judgement, c)
        if judgement == _ACCEPT:
            self._accept(self.judged)
            return i
        if judgement == _REJECT or len(self.judged) > _JUDGED:
            self.prose_loss = "guess"
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
        self._run(judged, len(judged))
        self.offset = here

    def _read_tail(self, text: str, i: int, n: int) -> int:
        self.tail.append(text[i:])
        return n

    # -- readings and the end ---------------------------------------------------------------

    def trailing(self) -> str:
        return _encodable("".join(self.tail))

    def finished(self) -> bool:
        if SLASH <= self.state <= STAR:
            return self.before == END and not self.held
        return self.state == TAIL or super().finished()

    def _end_of_input(self) -> None:
        self._end_token_states()
        if self.pending:
            self._settle()
        if self.state == OPENER:
            if self.judgement in _PLAUSIBLE_END:
                self._accept(self.judged)
            else:
                self._back_to_prose(self.judged, self.offset)
        if self.state == INFO:
            self._end_fence(self.offset)
        if self.state in (PROSE, FENCE, TAG):
            if self.state != PROSE:
                self._back_to_prose("", self.offset)
            self.token_start = self.prose_start
            if not self.lead.strip() or len(self.lead) > _LEAD or not self._known_word(self.lead.strip()):
                self._end_prose()
                self.state = ROOT
        elif self.state == REASONING:
            self.repair("reasoning", "form", self.prose_start, self.offset)
            self.state = ROOT
        elif self.state == TAIL:
            end = self.offset
            self.repair(self.tail_rule[1], self.tail_rule[2], self.tail_start, end)
        if self.held:
            self.held = False
            self.put(self.held_value, self.token_start)
        elif self.whole_number():
            if self.depth:
                self.repair("cut-number", "guess", self.token_start, self.offset)
            else:
                self.patient = False
            self.state = self._end_number()
        self.truncated = not self.finished() and not (self.many and self.state == ROOT)
        if self.truncated and self.root is not MISSING:
            self.repair("cut-input", "guess", self.offset, self.offset)

    def _end_token_states(self) -> None:
        """The input ends inside a comment or a word."""
        if self.state == SLASH:
            self._slash_alone()
        elif LINE_COMMENT <= self.state <= STAR:
            self._end_comment(self.offset)
        if self.state != WORD:
            return
        word = "".join(self.word)
        token = word.rstrip()
        if self.word_is_name or any(known != token and known.startswith(token) for known in _WORDS):
            self.word.clear()
        else:
            self._end_word(word)


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
_PLAUSIBLE_END: Final = frozenset((_OBJECT, _ARRAY, _ARRAY_NUMBER, _CITATION))
_WORDS: Final = ("true", "false", "null", "True", "False", "None", "undefined", "NaN", "Infinity")


def _judge(judgement: int, c: str) -> int:
    """What to think of an opening bracket after one more character."""
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
        if c in " \t\n\r[":
            return _ARRAY
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
        return _ACCEPT if c in ",]" else _REJECT
    return _CITATION if c in " \t" else _ACCEPT if c in ",]" else _REJECT


def _encodable(text: str) -> str:
    """The text with halves of surrogate pairs joined, and those that stay alone as U+FFFD."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _class_of(c: int) -> int:
    if c < 0x20:
        return CONTROL
    character = chr(c)
    if character.isalpha() or c == 0x5F or c == 0x24:
        return LETTER
    if character.isdigit():
        return DIGIT
    return SPACE if character.isspace() or c == 0xFEFF else ANY


ACTIONS: Final = (
    "skip",
    "next",
    "next-by",
    "next-object",
    "colon",
    "colon-by",
    "no-value",
    "close",
    "open-tuple",
    "open-quotes",
    "open-word",
    "to-word",
    "end-token",
    "open-comment",
    "reopen",
    "quote-after-quote",
    "value-after-quote",
    "keep",
    "escape-itself",
    "escape-kept",
    "escape-byte",
    "escape-control",
    "continue-line",
    "cut-escape",
    "begin-prose",
    "byte-order-mark",
    "begin-tail",
)
"""The names of the actions; a rule holds the position."""

_ACTIONS: Final[list[Callable[[Forgiving, Rule, int, int, str], int]]] = [
    Forgiving._skip,
    Forgiving._next,
    Forgiving._next_by,
    Forgiving._next_object,
    Forgiving._colon,
    Forgiving._colon_by,
    Forgiving._no_value,
    Forgiving._close,
    Forgiving._open_tuple,
    Forgiving._open_quotes,
    Forgiving._open_word,
    Forgiving._to_word,
    Forgiving._end_token,
    Forgiving._open_comment,
    Forgiving._reopen,
    Forgiving._quote_after_quote,
    Forgiving._value_after_quote,
    Forgiving._keep,
    Forgiving._escape_itself,
    Forgiving._escape_kept,
    Forgiving._escape_byte,
    Forgiving._escape_control,
    Forgiving._continue_line,
    Forgiving._cut_escape,
    Forgiving._begin_prose,
    Forgiving._byte_order_mark,
    Forgiving._begin_tail,
]

_READERS: Final[dict[int, Callable[[Forgiving, str, int, int], int]]] = {
    QUOTED: Forgiving._read_quoted,
    BYTE_ESCAPE: Forgiving._read_byte_escape,
    CONTINUATION: Forgiving._read_continuation,
    WORD: Forgiving._read_word,
    SLASH: Forgiving._read_slash,
    LINE_COMMENT: Forgiving._read_line_comment,
    BLOCK_COMMENT: Forgiving._read_block_comment,
    STAR: Forgiving._read_star,
    PROSE: Forgiving._read_prose,
    FENCE: Forgiving._read_fence,
    INFO: Forgiving._read_info,
    TAG: Forgiving._read_tag,
    REASONING: Forgiving._read_reasoning,
    OPENER: Forgiving._read_opener,
    TAIL: Forgiving._read_tail,
}
