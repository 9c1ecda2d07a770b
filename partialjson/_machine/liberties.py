"""What a dialect may do where the strict grammar has no meaning for a character.

The dialect's *rules* say, for a situation and a character, which action to take, under which name
and with which loss: they are asked here and nowhere else, after the grammar has refused, so that
valid text cannot be changed by any dialect. An action answers at once (a comma is missing: go on as
if it were there) or leads into a state of its own (a comment, a word, prose), whose reader reads on.

This file holds what is guessed: missing and wrong punctuation, words without quotes, and quotes that
do not end their string. A closing quote is *doubted* (``pending``) until the next character fits. If
it does not fit, the quote belonged to the text, which then goes on. A string in which that happened
is doubted behind a comma too: ``"he said "hi", and left"``. What was shown is never taken back.

This file does not know which dialects there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partialjson._machine.grammar import NO_TEXTS
from partialjson._machine.prose import LEAD
from partialjson._machine.rules import (
    ANY,
    DOUBTED_COMMA,
    DOUBTED_ELEMENT,
    DOUBTED_MEMBER,
    END_SCALAR,
    HELD,
    ROOT_TOKEN,
    SPAN,
    Rule,
    Rules,
    class_of,
    encodable,
)
from partialjson._machine.spelling import Spelling
from partialjson._machine.states import (
    BLOCK_COMMENT,
    BYTE_ESCAPE,
    COLON,
    CONTINUATION,
    ELEMENT,
    END,
    FENCE,
    FIRST_ELEMENT,
    FIRST_NAME,
    HEXADECIMAL,
    IDENTIFIER,
    IDENTIFIER_ESCAPE,
    INFO,
    LAST_STRING,
    LINE_COMMENT,
    LITERAL,
    MINUS,
    NAME,
    NEXT_ELEMENT,
    NEXT_MEMBER,
    NUL_ESCAPE,
    OPENER,
    POINT,
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
from partialjson.errors import Path
from partialjson.missing import MISSING

_NUMBER: Final = re.compile(
    r"([+-]?)(?:0[xX]([0-9a-fA-F][0-9a-fA-F_]*)|(\d[\d_]*)?(?:\.([\d_]*))?(?:[eE]([+-]?\d+))?)", re.ASCII
)

if TYPE_CHECKING:
    from mypy_extensions import i64
_VALUE_RUN: Final = re.compile(r'[^,}\]\n\r"/#);]*')
_NAME_RUN: Final = re.compile(r'[^:=,}\]{\[\n\r"]*')
_SEARCHED: Final = 256  # containers among which a closing bracket looks for its own
_NO_DEPTHS: Final[list[int]] = []
_ELLIPSES: Final = frozenset(("...", "\u2026"))
_WORDS: Final = ("true", "false", "null", "True", "False", "None", "undefined", "NaN", "Infinity")


class Forgiving(Spelling):
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
        self.patient = rules[3]

        self.reopened: bool = False  # a closing quote of the open string turned out to be text
        self.gap: list[str] = NO_TEXTS  # what was read since the doubted quote, in earlier chunks
        self.gap_start: i64 = 0
        self.grew: bool = False  # the doubted string grew in the chunk that is being read
        self.unfit: bool = False  # it holds a bracket that closes nothing
        self.repairs_before: i64 = 0  # how many repairs there were when the doubt began,
        self.beyond_before: i64 = 0  # and how many beyond the limit
        self.word: list[str] = NO_TEXTS  # the name or value without quotes that is open
        self.word_is_name: bool = False
        self.tuples: list[int] = _NO_DEPTHS  # depths at which a list was opened by a parenthesis

    def blank(self) -> Forgiving:
        return Forgiving(self.limits, self.number, self.many, self.rules)

    # -- asking the rules -------------------------------------------------------------------

    def _refused(self, c: i64, i: i64, text: str) -> i64:
        state = self.state
        situation = state
        if self.pending:
            if state == NEXT_ELEMENT:
                situation = DOUBTED_ELEMENT
            elif state == NEXT_MEMBER:
                situation = DOUBTED_MEMBER
            else:
                situation = DOUBTED_COMMA
        elif self.depth == 0 and self.patient and MINUS <= state <= LITERAL:
            situation = ROOT_TOKEN
        elif state == END:
            situation = HELD if self.held else self._behind_the_value()
        rule = self._rule(situation, c)
        if rule is None:
            return super()._refused(c, i, text)
        return _ACTIONS[rule[0]](self, rule, c, i, text)

    def _behind_the_value(self) -> i64:
        return END_SCALAR if self.patient and isinstance(self.root, str) else END

    def _begins_tail(self, c: i64) -> bool:
        rule = self._rule(self._behind_the_value(), c)
        return rule is None or rule[0] == _BEGIN_TAIL

    def _rule(self, situation: i64, c: i64) -> Rule | None:
        table = self.table
        base = situation * SPAN
        rule = table.get(base + c)
        if rule is None:
            rule = table.get(base + class_of(c))
            if rule is None:
                rule = table.get(base + ANY)
        return rule

    def loss_of(self, kind: str) -> str | None:
        return self.rules[2].get(kind)

    def repair(self, kind: str, loss: str, start: i64, end: i64) -> None:
        if STRING <= self.state <= LAST_STRING:
            self._show()
        super().repair(kind, loss, start, end)

    def _forgive(self, text: str, i: i64, n: i64) -> i64:
        return _READERS[self.state](self, text, i, n)

    def _undecodable(self) -> None:
        loss = self.loss_of("invalid-utf8")
        if loss is None:
            super()._undecodable()
            return
        self.repair("invalid-utf8", loss, self.offset, self.offset + 1)
        self._text("\ufffd")

    # -- punctuation: (rule, character, its index, text) -> the index to go on from -------------

    def _skip(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """The character means nothing here."""
        at = self.offset + i
        repairs = self.repairs
        if repairs and repairs[-1][2] == at and repairs[-1][0] == rule[1] and len(repairs) < self.max_notes:
            kind, start, _, path, loss = repairs[-1]
            repairs[-1] = (kind, start, at + 1, path, loss)
        else:
            self._note(rule, i, 0, 1)
        return i + 1

    def _next(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A comma is missing."""
        self._separate(rule, i, 0)
        return i

    def _next_by(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """Another character stands for the comma."""
        self._separate(rule, i, 1)
        return i + 1

    def _separate(self, rule: Rule, i: i64, width: i64) -> None:
        if self.pending:
            self._settle()
        self._note(rule, i, 0, width)
        self.comma = self.offset + i
        self.state = NAME if self.in_object else ELEMENT

    def _next_object(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``{`` behind a member: in an array of objects the object before it was not closed."""
        if self.depth < 2 or not isinstance(self.spine[-2], list):
            return self._stray(c, i, text)
        if self.pending:
            self._settle()
        self._note(rule, i, 0, 0)
        self.pop()
        self.state = ELEMENT
        return i

    def _stray(self, c: i64, i: i64, text: str) -> i64:
        loss = self.loss_of("stray-text")
        if loss is None:
            self._refuse(i, self.expected(), chr(c))
            return i
        return self._skip((0, "stray-text", loss), c, i, text)

    def _colon(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A colon is missing, or stands in the name: ``{"a: "b"}``."""
        name = self.key.rstrip()
        loss = self.loss_of("colon-in-name")
        if name[-1:] == ":" and loss is not None:
            name = name[:-1].rstrip()
            self.key = self.names.setdefault(name, name)
            self.repair("colon-in-name", loss, self.offset + i, self.offset + i)
        else:
            self._note(rule, i, 0, 0)
        self.state = VALUE
        return i

    def _colon_by(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """Another character stands for the colon."""
        self._note(rule, i, 0, 1)
        self.state = VALUE
        return i + 1

    def _no_value(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A comma where the member's value should be: the member is dropped."""
        self._note(rule, i, 0, 0)
        self.comma = self.offset + i
        self.state = NAME
        return i + 1

    def _close(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A closing bracket that the grammar does not want here.

        It ends the innermost container of its kind and all that is open inside; where there is none
        it stands for the right bracket.
        """
        at = self.offset + i
        right = 0x7D if self.in_object else 0x29 if self._in_tuple() else 0x5D
        if c != right and self.pending and (c == 0x29 or not self._has_open(c == 0x7D)):
            self.unfit = True  # f("x") in a string: the quote is in doubt still
            return self._stray(c, i, text)
        if c != right and (c == 0x29 or self.loss_of("wrong-closer") is None):
            return self._stray(c, i, text)
        if self.pending:
            self._settle()
        if c == right:
            comma = self.state == NAME or self.state == ELEMENT
            if c == 0x29 and not comma and len(self.arr) == 1:  # ("a") is no tuple in Python
                loss = self.loss_of("parentheses")
                if loss is None:
                    self._refuse(i, ("','",), ")")
                    return i
                self.repair("parentheses", loss, at, at + 1)
            else:
                self.repair(rule[1], rule[2], self.comma if comma else at, self.comma + 1 if comma else at)
        else:
            self.repair("wrong-closer", "guess", at, at + 1)
            if self._has_open(c == 0x7D):
                while self.in_object != (c == 0x7D):
                    self.pop()
        self.pop()
        self.state = self._after_value()
        return i + 1

    def _has_open(self, an_object: bool) -> bool:
        """Whether an object (or an array) is among the innermost open containers."""
        for level in range(self.depth - 1, max(self.depth - _SEARCHED, 0) - 1, -1):
            if isinstance(self.spine[level], dict) == an_object:
                return True
        return False

    def _in_tuple(self) -> bool:
        """Whether a parenthesis opened the last container of the spine."""
        while self.tuples and self.tuples[-1] > self.depth:
            self.tuples.pop()
        return bool(self.tuples) and self.tuples[-1] == self.depth

    def _open_tuple(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        self._note(rule, i, 0, 1)
        if self.pending:
            self._settle()
        self._in_tuple()
        self.push([], self.offset + i)
        if self.tuples:
            self.tuples.append(self.depth)
        else:
            self.tuples = [self.depth]
        self.state = FIRST_ELEMENT
        return i + 1

    def _judge_tuple(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A parenthesis at the very beginning: of a tuple, or of prose."""
        judges = self.loss_of("prose") and self.loss_of("bracket-in-prose")
        if self.accepted or not judges:
            return self._open_tuple(rule, c, i, text)
        self._begin_judgement("(", self.offset + i)
        return i + 1

    def _slash_alone(self, i: i64, c: str) -> i64:
        """The slash before ``text[i]``, which may be in an earlier chunk, began no comment."""
        before = self.before
        self.state = before
        if before == ROOT and self.loss_of("prose"):
            self._back_to_prose("/", self.mark + 1)
        elif before == END and self.loss_of("trailing-text"):
            self.tail_rule = (0, "trailing-text", "form")
            self.tail_start = self.mark
            self.prose_end = self.mark + 1
            self.tail = ["/"]
            self.state = TAIL
        elif VALUE <= before <= FIRST_NAME and self.loss_of("unquoted-string"):
            self.word_is_name = before >= NAME
            self.token_start = self.mark
            self.word = ["/"]
            self.state = WORD
        elif COLON <= before <= NEXT_MEMBER and self.loss_of("stray-text"):
            self.repair("stray-text", "guess", self.mark, self.mark + 1)
        else:
            return super()._slash_alone(i, c)
        return i

    # -- words without quotes ---------------------------------------------------------------

    def _open_word(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        self.word_is_name = self.state == NAME or self.state == FIRST_NAME
        self.token_start = self.offset + i
        self.word = [chr(c)]
        self.state = WORD
        return i + 1

    def _to_word(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """What began as a number or literal is none."""
        self.word_is_name = False
        self.word = [self.token]
        self.token = ""
        self.state = WORD
        return i

    def _end_token(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        if self.whole_number() or not self.patient:
            return super()._end_token(rule, c, i, text)
        return self._to_word(rule, c, i, text)

    def _read_word(self, text: str, i: i64, n: i64) -> i64:
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
            spaced = self.word[-1][-1:].isspace()
            if c == ")":
                ends = self._in_tuple()
            elif c == "/" or c == "#":
                ends = spaced
            elif c == ";":
                ends = _NUMBER.fullmatch("".join(self.word).rstrip()) is not None
            else:
                ends = True
            if ends:
                self._end_word("".join(self.word))
                # A quote right behind it is its closing quote: the opening one is missing.
                return stop + 1 if c == '"' and not spaced else stop
            self.word.append(c)
            i = stop + 1
        return i

    def _end_word(self, word: str) -> None:
        self.word = NO_TEXTS
        token = word.rstrip()
        start = self.token_start
        end = start + len(token)
        token = encodable(token)
        self.last = max(end, start + 1) - 1
        if self.pending:
            self._settle()
        if token in _ELLIPSES and self.loss_of("ellipsis"):
            self.repair("ellipsis", "guess", start, end)
            self.state = NEXT_MEMBER if self.in_object else NEXT_ELEMENT
        elif self.word_is_name:
            loss = self.loss_of("unquoted-name")
            if loss is None:
                self._refuse(start - self.offset, ("a member name",), token)
                return
            self.repair("unquoted-name", loss, start, end)
            if len(token) > self.max_key:
                self.exceed("key", self.max_key, start + self.max_key)
            self.key = self.names.setdefault(token, token)
            self.key_start = start
            self.key_end = end
            self.state = COLON
        elif not self._known_word(token):
            loss = self.loss_of("unquoted-string")
            if loss is None:
                self._refuse(start - self.offset, ("a value",), token)
                return
            self.repair("unquoted-string", loss, start, end)
            self.string_start = start
            self.shown = False
            self.grow(token, start)
            self.done()
            self.state = self._after_value()

    def _known_word(self, token: str) -> bool:
        """A constant or number in a foreign spelling is put; answers whether it is one."""
        known = self.rules[1].get(token)
        start = self.token_start
        self.last = start + len(token) - 1
        if known is not None:
            self.repair(known[1], known[2], start, start + len(token))
            value = known[0]
        else:
            match = _NUMBER.fullmatch(token)
            if match is None:
                return False
            sign, hexadecimal, whole, fraction, exponent = match.groups()
            # 02134 may be a code, 010 octal, and 1,000 one number.
            kind = "leading-zeros" if whole and whole[0] == "0" and len(whole) > 1 else "number-form"
            loss = self.loss_of(kind)
            if loss is None:
                return False
            if len(token) > self.max_number:
                self.exceed("number", self.max_number, start + self.max_number)
            if hexadecimal:
                size = int(hexadecimal.replace("_", ""), 16)
                value = self.whole(-size if sign == "-" else size)
            elif whole or (fraction and fraction.strip("_")):
                literal = (whole or "").replace("_", "").lstrip("0") or "0"
                if fraction is not None:
                    literal += "." + (fraction.replace("_", "") or "0")
                if exponent is not None:
                    literal += "e" + exponent
                integer = fraction is None and exponent is None
                value = self.convert("-" + literal if sign == "-" else literal, integer)
            else:
                return False
            self.repair(kind, loss, start, start + len(token))
        self.put(value, start)
        self.state = self._after_value()
        return True

    # -- doubt ------------------------------------------------------------------------------

    def _start_string(self, i: i64) -> None:
        super()._start_string(i)
        self.reopened = False

    def _doubt(self, i: i64, grew: bool) -> None:
        if len(self.quote) == 3:
            self.done()
            return
        self.pending = True
        self.grew = grew
        self.unfit = False
        self.repairs_before = len(self.repairs)
        self.beyond_before = self.repairs_beyond
        self.gap = NO_TEXTS
        self.gap_start = self.offset + i

    def _believe(self) -> None:
        if not self.reopened:
            self._settle()

    def _settle(self) -> None:
        self.pending = False
        self.done()

    def _keep_gap(self, text: str, n: i64) -> None:
        self.grew = False
        piece = text[max(self.gap_start - self.offset, 0) :]
        if self.gap:
            self.gap.append(piece)
        elif piece:
            self.gap = [piece]

    def _reopen(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """The doubted quote belonged to the text, and so did what followed it: no repair was done there."""
        if len(self.repairs) > self.repairs_before:
            self.repairs = self.repairs[: self.repairs_before]
        self.repairs_beyond = self.beyond_before
        self.joins = self.recording and self.grew
        gap = "".join(self.gap) + text[max(self.gap_start - self.offset, 0) : i]
        self._add(self.closer + encodable(gap))
        self.pending = False
        self.reopened = True
        self.token = ""
        self.state = self.resume
        self.repair(rule[1], rule[2], self.gap_start - 1, self.gap_start)
        return i

    def _quote_after_comma(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """Behind a comma a quote like the doubted one speaks for it."""
        loss = self.loss_of("quotes")
        if chr(c) != self.closer or loss is None or not (self.state == NAME or self.state == ELEMENT):
            return self._reopen(rule, c, i, text)
        self._settle()
        return self._open_quotes((0, "quotes", loss), c, i, text)

    def _quote_after_quote(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A quote behind a doubted one: three in a row, the real closing quote, or a new string."""
        adjacent = self.offset + i == self.gap_start
        if adjacent and chr(c) == self.closer and not self.reopened and not self.unfit:
            loss = self.loss_of("triple-quotes")
            if self.text == "" and loss is not None:
                self.repair("triple-quotes", loss, self.string_start, self.string_start + 3)
                self.pending = False
                self.quote = chr(c) * 3
                self.state = self.resume = QUOTED
                return i + 1
        elif adjacent or self.unfit:
            self._reopen(rule, c, i, text)
            if chr(c) == self.closer:
                self.state = self._end_string(i + 1)
                return i + 1
            return i
        return self._value_after_quote(rule, c, i, text)

    def _value_after_quote(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """What could begin a value or a name behind a doubted quote: apart from it, it does."""
        loss = self.loss_of("missing-comma")
        if loss is None or (self.offset + i == self.gap_start and c != 0x22):
            return self._reopen(rule, c, i, text)
        return self._next((0, "missing-comma", loss), c, i, text)

    def place(self) -> Path:
        if self.state == WORD and self.word_is_name:
            return self.container_path()
        return super().place()

    # -- the end ----------------------------------------------------------------------------

    def _cut_escape(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``\\u`` or ``\\x`` with too few digits stands for itself."""
        if self.state == BYTE_ESCAPE:
            written = f"\\x{self.byte:x}" if self.byte_digits else "\\x"
        else:
            if self.high:
                self._lone()
            written = f"\\u{self.hex:0{self.hex_digits}x}" if self.hex_digits else "\\u"
        self._note(rule, i, len(written), 0)
        self._add(written)
        self.state = self.resume
        return i

    def whole_number(self) -> bool:
        if self.state == POINT and not self.patient:
            return self.led != self.token_start and self._rule(POINT, 0x2C) is not None
        return super().whole_number()

    def _end_of_input(self) -> None:
        if self.state == SLASH and self.loss_of("stray-text"):
            self.state = self.before
            self.repair("stray-text", "guess", self.mark, self.mark + 1)
        elif self.state == LINE_COMMENT or (LINE_COMMENT < self.state <= STAR and self.patient):
            self._end_comment(self.offset)
        if self.state == WORD:
            self._cut_word()
        if self.pending:
            self._settle()
        if self._end_of_text():
            self.token_start = self.prose_start
            lead = self.lead.strip()
            if not lead or len(self.lead) > LEAD or not self._known_word(lead):
                self._end_prose()
                self.state = ROOT
        if self.held:
            self.held = False
            self.put(self.held_value, self.token_start)
        elif self.state == HEXADECIMAL and self.depth == 0 and self.token[-1] != "x":
            self._end_hexadecimal()
        elif self.whole_number():
            self._end_cut_number()
        self.truncated = not self.finished() and not (self.many and self.state == ROOT)
        if self.truncated and self.root is not MISSING and self.patient:
            self.repair("cut-input", "guess", self.offset, self.offset)

    def _end_cut_number(self) -> None:
        """The input ends in a number that is whole as it stands."""
        self.last = self.offset - 1
        if self.depth:
            loss = self.loss_of("cut-number")
            if loss is None:
                return
            self.repair("cut-number", loss, self.token_start, self.offset)
        elif self.state == POINT:
            self.repair("number-form", "none", self.offset - 1, self.offset)
        self.put(self.convert(self.token, self.state < POINT), self.token_start)
        self.state = self._after_value()

    def _cut_word(self) -> None:
        """The input ends in a word: it counts unless it may be the beginning of another one."""
        word = "".join(self.word)
        token = word.rstrip()
        if self.word_is_name or any(known != token and known.startswith(token) for known in _WORDS):
            self.word = NO_TEXTS
        else:
            self._end_word(word)


ACTIONS: Final[dict[str, Callable[[Forgiving, Rule, i64, i64, str], i64]]] = {
    "skip": Forgiving._skip,
    "next": Forgiving._next,
    "next-by": Forgiving._next_by,
    "next-object": Forgiving._next_object,
    "colon": Forgiving._colon,
    "colon-by": Forgiving._colon_by,
    "no-value": Forgiving._no_value,
    "close": Forgiving._close,
    "open-tuple": Forgiving._open_tuple,
    "judge-tuple": Forgiving._judge_tuple,
    "open-quotes": Forgiving._open_quotes,
    "open-word": Forgiving._open_word,
    "open-identifier": Forgiving._open_identifier,
    "open-comment": Forgiving._open_comment,
    "to-word": Forgiving._to_word,
    "end-token": Forgiving._end_token,
    "sign": Forgiving._sign,
    "leading-point": Forgiving._leading_point,
    "trailing-point": Forgiving._trailing_point,
    "hexadecimal": Forgiving._hexadecimal,
    "constant": Forgiving._constant,
    "reopen": Forgiving._reopen,
    "quote-after-quote": Forgiving._quote_after_quote,
    "quote-after-comma": Forgiving._quote_after_comma,
    "value-after-quote": Forgiving._value_after_quote,
    "keep": Forgiving._keep,
    "escape-itself": Forgiving._escape_itself,
    "escape-kept": Forgiving._escape_kept,
    "escape-byte": Forgiving._escape_byte,
    "escape-tab": Forgiving._escape_tab,
    "escape-nul": Forgiving._escape_nul,
    "continue-line": Forgiving._continue_line,
    "cut-escape": Forgiving._cut_escape,
    "begin-prose": Forgiving._begin_prose,
    "begin-tail": Forgiving._begin_tail,
}
"""The actions by name; a rule holds the position of its action."""

_ACTIONS: Final[list[Callable[[Forgiving, Rule, i64, i64, str], i64]]] = list(ACTIONS.values())
_BEGIN_TAIL: Final = list(ACTIONS).index("begin-tail")

_READERS: Final[dict[int, Callable[[Forgiving, str, i64, i64], i64]]] = {
    QUOTED: Forgiving._read_quoted,
    BYTE_ESCAPE: Forgiving._read_byte_escape,
    NUL_ESCAPE: Forgiving._read_nul_escape,
    CONTINUATION: Forgiving._read_continuation,
    IDENTIFIER: Forgiving._read_identifier,
    IDENTIFIER_ESCAPE: Forgiving._read_identifier_escape,
    HEXADECIMAL: Forgiving._read_hexadecimal,
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
