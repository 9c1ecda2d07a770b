"""Foreign spellings: other quotes and escapes, comments, JSON5's names and numbers.

Nothing here is a guess: each has one meaning, as JSON5 (https://spec.json5.org) or JavaScript or
Python gives it. Which of them a dialect allows is in its rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partialjson._machine.prose import Prose
from partialjson._machine.rules import Rule
from partialjson._machine.states import (
    BLOCK_COMMENT,
    BYTE_ESCAPE,
    CONTINUATION,
    ESCAPE,
    EXPONENT_MARK,
    FIRST_NAME,
    FRACTION,
    HEXADECIMAL,
    IDENTIFIER,
    IDENTIFIER_ESCAPE,
    LINE_COMMENT,
    LITERAL,
    MINUS,
    NAME,
    NUL_ESCAPE,
    POINT,
    QUOTED,
    SLASH,
    STAR,
    STRING,
)

if TYPE_CHECKING:
    from mypy_extensions import i64

QUOTED_RUN: Final[dict[str, re.Pattern[str]]] = {
    opener: re.compile(rf"[^\\\x00-\x1f\ud800-\udfff{closers}]*")
    for opener, closers in {
        '"': '"',
        "'": "'",
        "`": "`",
        "\u201c": '\u201c\u201d"',
        "\u201d": '\u201d"',
        "\u201e": '\u201c\u201d"',
        "\u00ab": "\u00bb",
        "\u2018": "\u2019'",
        "\u2019": "\u2019'",
        "\u00b4": "\u00b4'",
    }.items()
}
_LINE_RUN: Final = re.compile(r"[^\n\r\u2028\u2029]*")
_HEXADECIMAL_RUN: Final = re.compile(r"[0-9a-fA-F]*")
_IDENTIFIER_RUN: Final = re.compile(r"[^\s:/\\\x00-\x20\u00a0\ufeff]*")
_DIGITS: Final = "0123456789abcdef"


class Spelling(Prose):
    """The machine that reads foreign spellings."""

    def __init__(
        self,
        limits: tuple[int, int, int, int, int, int, int],
        number: Callable[[str], object] | None,
        many: bool,
    ) -> None:
        super().__init__(limits, number, many)
        self.resume: i64 = STRING  # the state of the open string's plain characters
        self.quote: str = ""  # what opened it, if it was no quotation mark
        self.closer: str = '"'  # what closed it
        self.quotes: i64 = 0  # how many of three closing quotes were read
        self.byte: i64 = 0
        self.byte_digits: i64 = 0
        self.led: i64 = -1  # where the number began that got a digit before its point
        self.before: i64 = 0  # the state that a comment interrupts
        self.comment: Rule = (0, "", "")

    def _start_string(self, i: i64) -> None:
        super()._start_string(i)
        self.resume = STRING
        self.quote = ""
        self.closer = '"'

    def _string_state(self) -> i64:
        return self.resume

    def _note(self, rule: Rule, i: i64, before: i64, after: i64) -> None:
        """A repair of the characters from ``before`` ahead of ``text[i]`` to ``after`` behind it."""
        self.repair(rule[1], rule[2], self.offset + i - before, self.offset + i + after)

    # -- strings: (rule, character, its index, text) -> the index to go on from -----------------

    def _open_quotes(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A string in other quotes begins."""
        self._note(rule, i, 0, 1)
        self.in_name = self.state == NAME or self.state == FIRST_NAME
        self._start_string(i)
        self.quote = chr(c)
        self.state = self.resume = QUOTED
        return i + 1

    def _read_quoted(self, text: str, i: i64, n: i64) -> i64:
        triple = len(self.quote) == 3
        match = QUOTED_RUN[self.quote[0]].match(text, i)
        assert match is not None
        stop = match.end()
        c = 0 if stop == n else ord(text[stop])
        closes = stop < n and c >= 0x20 and c != 0x5C and not 0xD800 <= c <= 0xDFFF
        if self.quotes and (stop > i or not closes):
            self._add(self.quote[0] * self.quotes)
            self.quotes = 0
        if stop > i:
            self._add(text[i:stop])
            if stop == n:
                return n
        if closes:
            if triple and self.quotes < 2:
                self.quotes += 1
                return stop + 1
            self.quotes = 0
            self.closer = chr(c)
            self.state = self._end_string(stop + 1)
            return stop + 1
        if c == 0x5C:
            self.state = ESCAPE
            return stop + 1
        if c < 0x20:
            return self._refused(c, stop, text)
        self.state = self._code_unit(c, self.offset + stop)
        return stop + 1

    def _keep(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A control character stands in a string as itself."""
        self._note(rule, i, 0, 1)
        self._add(chr(c))
        self._count_lines(text, i, i + 1)
        return i + 1

    # -- escapes ----------------------------------------------------------------------------

    def _escape_itself(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """The backslash means nothing."""
        self._note(rule, i, 1, 1)
        self.state = self.resume
        if 0xD800 <= c <= 0xDFFF:
            return i
        self._add(chr(c))
        return i + 1

    def _escape_kept(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """The backslash stands for itself: ``C:\\dir``."""
        self._note(rule, i, 1, 0)
        self._add("\\")
        self.state = self.resume
        return i

    def _escape_tab(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``\\v``: a vertical tab."""
        self._note(rule, i, 1, 1)
        self._add("\v")
        self.state = self.resume
        return i + 1

    def _escape_nul(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``\\0``, behind which no digit may stand."""
        self._note(rule, i, 1, 1)
        self._add("\0")
        self.state = NUL_ESCAPE
        return i + 1

    def _read_nul_escape(self, text: str, i: i64, n: i64) -> i64:
        if text[i].isdigit():
            self._refuse(i, ("no digit",), text[i])
        self.state = self.resume
        return i

    def _escape_byte(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``\\x41``"""
        self.comment = rule
        self.byte = 0
        self.byte_digits = 0
        self.state = BYTE_ESCAPE
        return i + 1

    def _read_byte_escape(self, text: str, i: i64, n: i64) -> i64:
        digit = _DIGITS.find(text[i].lower())
        if digit < 0:
            return self._refused(ord(text[i]), i, text)
        self.byte = self.byte * 16 + digit
        self.byte_digits += 1
        if self.byte_digits == 2:
            self._note(self.comment, i, 3, 1)
            self._add(chr(self.byte))
            self.byte = self.byte_digits = 0
            self.state = self.resume
        return i + 1

    def _continue_line(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A line ends behind a backslash: the string goes on as if it did not."""
        self._note(rule, i, 1, 1)
        self._count_lines(text, i, i + 1)
        self.state = CONTINUATION if c == 0x0D else self.resume
        return i + 1

    def _read_continuation(self, text: str, i: i64, n: i64) -> i64:
        self.state = self.resume
        if text[i] != "\n":
            return i
        self._count_lines(text, i, i + 1)
        return i + 1

    # -- names without quotes, as ECMAScript's identifiers -----------------------------------

    def _open_identifier(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        if not chr(c).isidentifier() and c != 0x24 and c != 0x5C:
            self._refuse(i, self.expected(), chr(c))
        self.comment = rule
        self.in_name = True
        self._start_string(i)
        self.state = self.resume = IDENTIFIER
        return i

    def _code_unit(self, unit: i64, start: i64) -> i64:
        if self.resume == IDENTIFIER:
            character = chr(unit)
            first = not self.piece and not self.text
            if (
                not (character if first else "_" + character).isidentifier()
                and character not in "$\u200c\u200d"
            ):
                self._refuse(start - self.offset, ("a character of the name",), character)
        return super()._code_unit(unit, start)

    def _read_identifier(self, text: str, i: i64, n: i64) -> i64:
        match = _IDENTIFIER_RUN.match(text, i)
        assert match is not None
        stop = match.end()
        for position in range(i, stop):
            c = text[position]
            if not ("_" + c).isidentifier() and c not in "$\u200c\u200d":
                stop = position
                break
        if stop > i:
            self._add(text[i:stop])
        if stop == n:
            return n
        c = text[stop]
        if c == "\\":
            self.state = IDENTIFIER_ESCAPE
            return stop + 1
        if c not in ":/" and not c.isspace() and c != "\ufeff":
            self._refuse(stop, ("a character of the name", "':'"), c)
        self._note(self.comment, stop, self.offset + stop - self.string_start, 0)
        self.state = self._end_string(stop)
        return stop

    def _read_identifier_escape(self, text: str, i: i64, n: i64) -> i64:
        if text[i] != "u":
            self._refuse(i, ("'u'",), text[i])
        return self._begin_hex(i)

    # -- numbers ----------------------------------------------------------------------------

    def _sign(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``+1``"""
        self._note(rule, i, 0, 1)
        self.token_start = self.offset + i
        self.token = ""
        self.state = MINUS
        return i + 1

    def _leading_point(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``.5`` and ``-.5``"""
        self._note(rule, i, 0, 1)
        if self.state != MINUS:
            self.token_start = self.offset + i
            self.token = ""
        self.token += "0."
        self.led = self.token_start
        self.state = POINT
        return i + 1

    def _trailing_point(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``5.`` and ``5.e3``, but not a point alone."""
        if self.led == self.token_start:
            self._refuse(i, self.expected(), chr(c))
        self._note(rule, i, 1, 0)
        self.token += "0"
        if c == 0x65 or c == 0x45:
            self.token += "e"
            self.state = EXPONENT_MARK
            return i + 1
        self.state = FRACTION
        self.last = self.offset + i - 1
        self.state = self._end_number()
        return i

    def _end_token(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """A number ends at a character that the grammar does not let follow it."""
        if not self.whole_number():
            self._refuse(i, self.expected(), chr(c))
        self.last = self.offset + i - 1
        self.state = self._end_number()
        return i

    def _hexadecimal(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``0x1F``"""
        self._note(rule, i, 1, 1)
        self.token += "x"
        self.state = HEXADECIMAL
        return i + 1

    def _read_hexadecimal(self, text: str, i: i64, n: i64) -> i64:
        match = _HEXADECIMAL_RUN.match(text, i)
        assert match is not None
        stop = match.end()
        self.token += text[i:stop]
        if len(self.token) > self.max_number:
            self.exceed("number", self.max_number, self.token_start + self.max_number)
        if stop < n:
            if self.token[-1] == "x" or not (text[stop] in ",]}/\ufeff" or text[stop].isspace()):
                self._refuse(stop, ("a hexadecimal digit",), text[stop])
            self.last = self.offset + stop - 1
            self._end_hexadecimal()
        return stop

    def _end_hexadecimal(self) -> None:
        sign, _, digits = self.token.partition("0x")
        self.state = self._scalar(self.whole(-int(digits, 16) if sign else int(digits, 16)))

    def whole(self, value: int) -> object:
        """An integer that was not spelled in decimal digits, as ``numbers`` wants it."""
        if self.number is None:
            return value
        from decimal import Decimal  # its text has no limit on digits

        return self.convert(f"{Decimal(value):f}", True)

    def _constant(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        """``Infinity`` and ``NaN``, with or without a sign."""
        if self.state != MINUS:
            self.token_start = self.offset + i
            self.token = ""
        self.literal = self.token + ("NaN" if c == 0x4E else "Infinity")
        self.comment = rule
        self.state = LITERAL
        return i

    def _scalar(self, value: object) -> i64:
        if self.state == LITERAL and self.literal[-1] != "e" and self.literal[-1] != "l":
            self.repair(self.comment[1], self.comment[2], self.token_start, self.last + 1)
        return super()._scalar(value)

    # -- comments ---------------------------------------------------------------------------

    def _open_comment(self, rule: Rule, c: i64, i: i64, text: str) -> i64:
        self.before = self.state
        self.comment = rule
        self.mark = self.offset + i
        self.state = SLASH if c == 0x2F else LINE_COMMENT
        return i + 1

    def _read_slash(self, text: str, i: i64, n: i64) -> i64:
        c = text[i]
        if c == "/" or c == "*":
            self.state = LINE_COMMENT if c == "/" else BLOCK_COMMENT
            return i + 1
        return self._slash_alone(i, c)

    def _slash_alone(self, i: i64, c: str) -> i64:
        """The slash before ``text[i]`` began no comment."""
        self._refuse(i, ("'/'", "'*'"), c)
        return i

    def _read_line_comment(self, text: str, i: i64, n: i64) -> i64:
        match = _LINE_RUN.match(text, i)
        assert match is not None
        stop = match.end()
        if stop < n:
            self._end_comment(self.offset + stop)
        return stop

    def _read_block_comment(self, text: str, i: i64, n: i64) -> i64:
        stop = text.find("*", i)
        end = n if stop < 0 else stop
        self._count_lines(text, i, end)
        if stop < 0:
            return n
        self.state = STAR
        return stop + 1

    def _read_star(self, text: str, i: i64, n: i64) -> i64:
        if text[i] == "/":
            self._end_comment(self.offset + i + 1)
            return i + 1
        if text[i] == "*":
            return i + 1
        self.state = BLOCK_COMMENT
        return i

    def _end_comment(self, end: i64) -> None:
        self.last = end - 1
        self.state = self.before
        self.repair(self.comment[1], self.comment[2], self.mark, end)
