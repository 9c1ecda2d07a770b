"""The strict grammar of RFC 8259: characters in, changes of the tree out.

``feed`` walks over each character once, in one loop over integer states (``states.py`` says what
each means). Where the grammar has no meaning for a character ``_refused`` is asked, and nowhere
else: here it raises ``SyntaxFault``; the subclass in ``liberties.py`` looks into the dialect's table
instead. So valid text means the same in every dialect, and tolerance costs nothing on valid text.

Text becomes visible once per feed (``_flush``), numbers and literals when they are whole. No method
recurses.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partialjson._machine.states import (
    COLON,
    ELEMENT,
    END,
    ESCAPE,
    EXPECTED,
    EXPONENT,
    EXPONENT_MARK,
    EXPONENT_SIGN,
    FIRST_ELEMENT,
    FIRST_NAME,
    FRACTION,
    HEX,
    INTEGER,
    LAST_STRING,
    LITERAL,
    MINUS,
    NAME,
    NEXT_ELEMENT,
    NEXT_MEMBER,
    PAIR,
    PAIR_ESCAPE,
    POINT,
    ROOT,
    STRING,
    VALUE,
    ZERO,
)
from partialjson._machine.tree import Tree
from partialjson.errors import PartialJSONError, Path, SyntaxFault
from partialjson.missing import MISSING

if TYPE_CHECKING:
    from mypy_extensions import i64

# One regular expression per run; each is a single character class, so its cost is linear.
_TEXT_RUN: Final = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]*')
_SPACE_RUN: Final = re.compile(r"[ \t\n\r]*")
_SHORT_RUN: Final = 16  # characters looked at one by one before a regular expression takes over
# What is rarely needed begins as one of these, never filled, so that a new machine costs little.
NO_TEXTS: Final[list[str]] = []
_NO_VALUES: Final[list[object]] = []
_PIECE: Final = 512  # digits that any limit of CPython lets ``int`` read at once
_EXPONENT_PART: Final = re.compile(r"[eE].*")

_ESCAPES: Final[dict[int, str]] = {
    0x22: '"',
    0x5C: "\\",
    0x2F: "/",
    0x62: "\b",
    0x66: "\f",
    0x6E: "\n",
    0x72: "\r",
    0x74: "\t",
}
_LITERALS: Final[dict[int, str]] = {0x74: "true", 0x66: "false", 0x6E: "null"}
NAN: Final = float("nan")
_INFINITY: Final = float("inf")
CONSTANTS: Final[dict[str, object]] = {
    "true": True,
    "false": False,
    "null": None,
    # Only in a dialect:
    "NaN": NAN,
    "-NaN": NAN,
    "Infinity": _INFINITY,
    "-Infinity": -_INFINITY,
}


def whole_number(literal: str) -> int:
    """``int(literal)`` for any length, also where CPython's limit on digits is set lower."""
    try:
        return int(literal)
    except ValueError:
        value = _joined([int(piece) for piece in _pieces(literal.lstrip("+-"))])
        return -value if literal[0] == "-" else value


def _pieces(digits: str) -> list[str]:
    first = len(digits) % _PIECE
    starts = range(first, len(digits), _PIECE)
    return [digits[:first] or "0"] + [digits[start : start + _PIECE] for start in starts]


def _joined(pieces: list[int]) -> int:
    """The number that has these digits, joined pair by pair: long products are the cheap ones."""
    base = 10**_PIECE
    while len(pieces) > 1:
        if len(pieces) % 2:
            pieces.insert(0, 0)
        pieces = [pieces[i] * base + pieces[i + 1] for i in range(0, len(pieces), 2)]
        base *= base
    return pieces[0]


class Machine(Tree):
    """The strict grammar over the tree."""

    def __init__(
        self,
        limits: tuple[int, int, int, int, int, int, int],
        number: Callable[[str], object] | None,
        many: bool,
    ) -> None:
        """``limits`` are depth, nodes, notes, text, key, number and white space, in this order."""
        super().__init__(limits[0], limits[1], limits[2])
        self.limits: tuple[int, int, int, int, int, int, int] = limits
        self.max_text: i64 = limits[3]
        self.max_key: i64 = limits[4]
        self.max_number: i64 = limits[5]
        self.max_space: i64 = limits[6]
        self.number: Callable[[str], object] | None = number
        self.many: bool = many

        self.state: i64 = ROOT
        self.offset: i64 = 0  # characters before the chunk that is being read
        self.last: i64 = -1  # the last character that was no white space between tokens
        self.comma: i64 = 0  # the last comma between tokens
        self.line: i64 = 1
        self.line_start: i64 = 0
        self.undecoded: bytes = b""
        self.closed: bool = False
        self.truncated: bool = False
        self.values: list[object] = [] if many else _NO_VALUES  # finished ones, where there may be many
        self.names: dict[str, str] = {}  # equal member names of one document are one object

        self.in_name: bool = False  # the string that is open is a member name
        self.piece: str = ""  # what was read of the open string and is not visible yet:
        self.parts: list[str] = NO_TEXTS  # its first part, and the others
        self.string_start: i64 = 0
        self.hex: i64 = 0
        self.hex_digits: i64 = 0
        self.high: i64 = 0  # a high surrogate that waits for its partner
        self.high_start: i64 = 0
        self.token: str = ""  # the number or literal that is open
        self.token_start: i64 = 0
        self.literal: str = ""
        self.pending: bool = False  # a closing quote was read but is not believed yet
        self.patient: bool = False  # closing quotes, and scalars at the root, wait for belief
        self.held: bool = False  # a scalar at the root waits for belief
        self.held_value: object = None

    def blank(self) -> Machine:
        """A new machine with the same settings."""
        return Machine(self.limits, self.number, self.many)

    # -- input ------------------------------------------------------------------------------

    def feed(self, chunk: object) -> None:
        """Read a fragment: ``str``, or UTF-8 as ``bytes``, ``bytearray`` or ``memoryview``."""
        if isinstance(chunk, str):
            if self.plain:
                n = len(chunk)
                if self.offset + n <= self.max_text:
                    self._run(chunk, n)
                    return
            elif self.undecoded:
                if not chunk:
                    return
                self._decode(b"", True)
            self._text(chunk)
        elif isinstance(chunk, bytes):
            self._decode(chunk, False)
        elif isinstance(chunk, (bytearray, memoryview)):
            self._decode(bytes(chunk), False)
        else:
            raise TypeError(f"feed() takes str or bytes, not {type(chunk).__name__}")

    def _decode(self, chunk: bytes, final: bool) -> None:
        data = self.undecoded + chunk if self.undecoded else chunk
        self.undecoded = b""
        while True:
            try:
                text, used = utf_8_decode(data, "strict", final)
            except UnicodeDecodeError as fault:
                if fault.start:
                    self._text(data[: fault.start].decode("utf-8"))
                self._check_open()
                self._undecodable()
                data = data[fault.end :]
                continue
            self._text(text)
            if used < len(data):
                self.undecoded = data[used:]
                self.plain = False
            return

    def _undecodable(self) -> None:
        """Bytes that are not UTF-8 (RFC 3629) stand where the next character should."""
        self._refuse(0, ("valid UTF-8",), "\ufffd")

    def _check_open(self) -> None:
        if self.error is not None:
            raise self.error
        if self.closed:
            raise ValueError("the parser is closed")
        self.plain = True

    def _text(self, text: str) -> None:
        self._check_open()
        while len(text) > self.max_text - self.offset:
            room = self.max_text - self.offset
            end = self.max_text
            self._run(text[:room], room)
            if self.max_text == end:
                self.exceed("text", self.limits[3], self.offset)
            text = text[room:]
        self._run(text, len(text))

    # -- the loop ---------------------------------------------------------------------------

    def _run(self, text: str, n: i64) -> None:
        i: i64 = 0
        c: i64 = 0
        start: i64 = 0
        stop: i64 = 0
        state = self.state
        while i < n:
            if state == STRING:
                start = i
                stop = n if n - i < _SHORT_RUN else i + _SHORT_RUN
                c = 0
                while i < stop:
                    c = ord(text[i])
                    if c == 0x22 or c == 0x5C or c < 0x20 or 0xD800 <= c <= 0xDFFF:
                        break
                    i += 1
                else:
                    if i < n:
                        match = _TEXT_RUN.match(text, i)
                        assert match is not None
                        i = match.end()
                        if i < n:
                            c = ord(text[i])
                if i > start:
                    self._add(text[start:i])
                    if i == n:
                        break
                if c == 0x22:
                    i += 1
                    state = self._end_string(i)
                elif c == 0x5C:
                    i += 1
                    state = ESCAPE
                elif c < 0x20:
                    self.state = state
                    i = self._refused(c, i, text)
                    state = self.state
                else:
                    state = self._code_unit(c, self.offset + i)
                    i += 1
                continue

            c = ord(text[i])
            if state <= END:
                if c == 0x20 or c == 0x0A or c == 0x0D or c == 0x09:
                    if c == 0x0A:
                        self.line += 1
                        self.line_start = self.offset + i + 1
                    i += 1
                    if i < n and ord(text[i]) <= 0x20:
                        match = _SPACE_RUN.match(text, i)
                        assert match is not None
                        stop = match.end()
                        if stop > i:
                            self._count_lines(text, i, stop)
                            i = stop
                    if self.offset + i - 1 - self.last > self.max_space:
                        self.state = state
                        self.exceed("whitespace", self.max_space, self.last + 1 + self.max_space)
                    continue
                self.last = self.offset + i
                if c == 0x22:
                    if state <= FIRST_ELEMENT:
                        self.in_name = False
                    elif state <= FIRST_NAME:
                        self.in_name = True
                    else:
                        self.state = state
                        i = self._refused(c, i, text)
                        state = self.state
                        continue
                    self.state = state
                    self._start_string(i)
                    i += 1
                    state = STRING
                elif c == 0x2C:
                    if state == NEXT_MEMBER:
                        state = NAME
                    elif state == NEXT_ELEMENT:
                        state = ELEMENT
                    else:
                        self.state = state
                        i = self._refused(c, i, text)
                        state = self.state
                        continue
                    self.comma = self.last
                    if self.pending:
                        self._believe()
                    i += 1
                elif c == 0x3A and state == COLON:
                    state = VALUE
                    i += 1
                elif (c == 0x7D and (state == NEXT_MEMBER or state == FIRST_NAME)) or (
                    c == 0x5D and (state == NEXT_ELEMENT or state == FIRST_ELEMENT)
                ):
                    if self.pending:
                        self._settle()
                    self.pop()
                    i += 1
                    state = self._after_value()
                elif state <= FIRST_ELEMENT and (c == 0x7B or c == 0x5B):
                    self.state = state
                    if self.pending:
                        self._settle()
                    if c == 0x7B:
                        self.push({}, self.last)
                        state = FIRST_NAME
                    else:
                        self.push([], self.last)
                        state = FIRST_ELEMENT
                    i += 1
                elif state <= FIRST_ELEMENT and (0x30 <= c <= 0x39 or c == 0x2D):
                    self.token_start = self.offset + i
                    self.token = ""
                    state = INTEGER if c > 0x30 else ZERO if c == 0x30 else MINUS
                    i = self._number(text, i, i + 1, n, state)
                    state = self.state
                elif state <= FIRST_ELEMENT and (c == 0x74 or c == 0x66 or c == 0x6E):
                    self.token_start = self.offset + i
                    self.literal = _LITERALS[c]
                    self.token = ""
                    state = LITERAL
                else:
                    self.state = state
                    i = self._refused(c, i, text)
                    state = self.state
            elif state == ESCAPE:
                if c == 0x75:
                    i = self._begin_hex(i)
                    state = HEX
                else:
                    escaped = _ESCAPES.get(c)
                    if escaped is None:
                        self.state = state
                        i = self._refused(c, i, text)
                        state = self.state
                    else:
                        self._add(escaped)
                        state = self._string_state()
                        i += 1
            elif state == HEX:
                if 0x30 <= c <= 0x39:
                    digit = c - 0x30
                elif 0x41 <= c <= 0x46:
                    digit = c - 0x37
                elif 0x61 <= c <= 0x66:
                    digit = c - 0x57
                else:
                    self.state = state
                    i = self._refused(c, i, text)
                    state = self.state
                    continue
                self.hex = self.hex * 16 + digit
                self.hex_digits += 1
                i += 1
                if self.hex_digits == 4:
                    state = self._code_unit(self.hex, self.offset + i - 6)
            elif MINUS <= state <= EXPONENT:
                i = self._number(text, i, i, n, state)
                state = self.state
            elif state == LITERAL:
                literal = self.literal
                length = len(literal)
                position = len(self.token)
                while i < n and position < length and ord(text[i]) == ord(literal[position]):
                    i += 1
                    position += 1
                if position == length:
                    self.last = self.offset + i - 1
                    self.state = state
                    self.token = literal
                    state = self._scalar(CONSTANTS[literal])
                    continue
                self.token = literal[:position]
                if i == n:
                    break
                self.state = state
                i = self._refused(ord(text[i]), i, text)
                state = self.state
            elif state == PAIR:
                if c == 0x5C:
                    state = PAIR_ESCAPE
                    i += 1
                elif 0xDC00 <= c <= 0xDFFF:
                    state = self._code_unit(c, self.offset + i)
                    i += 1
                else:
                    self._lone()
                    state = self._string_state()
            elif state == PAIR_ESCAPE:
                if c == 0x75:
                    i = self._begin_hex(i)
                    state = HEX
                else:
                    self._lone()
                    state = ESCAPE
            else:
                self.state = state
                i = self._forgive(text, i, n)
                state = self.state
        self.state = state
        if self.piece:
            self._flush()
        elif STRING <= state <= LAST_STRING and not self.shown and not self.in_name:
            self.grow("", self.string_start)
        if self.pending:
            self._keep_gap(text, n)
        self.offset += n
        if MINUS <= state <= EXPONENT and len(self.token) > self.max_number:
            self.exceed("number", self.max_number, self.token_start + self.max_number)

    def _number(self, text: str, start: i64, i: i64, n: i64, state: i64) -> i64:
        """Read on in a number; ``text[start:i]`` of it has been classified already."""
        while i < n:
            c = ord(text[i])
            if 0x30 <= c <= 0x39:
                if state == INTEGER or state == FRACTION or state == EXPONENT:
                    pass
                elif state == MINUS:
                    state = ZERO if c == 0x30 else INTEGER
                elif state == POINT:
                    state = FRACTION
                elif state == EXPONENT_MARK or state == EXPONENT_SIGN:
                    state = EXPONENT
                else:
                    break
            elif c == 0x2E and (state == INTEGER or state == ZERO):
                state = POINT
            elif (c == 0x65 or c == 0x45) and (state == INTEGER or state == ZERO or state == FRACTION):
                state = EXPONENT_MARK
            elif (c == 0x2B or c == 0x2D) and state == EXPONENT_MARK:
                state = EXPONENT_SIGN
            else:
                break
            i += 1
        self.token = self.token + text[start:i] if self.token else text[start:i]
        self.state = state
        if i == n:
            return i
        if len(self.token) > self.max_number:
            self.exceed("number", self.max_number, self.token_start + self.max_number)
        c = ord(text[i])
        if (
            (c == 0x2C or c == 0x7D or c == 0x5D or c == 0x20 or c == 0x0A or c == 0x0D or c == 0x09)
            and state != MINUS
            and (state <= INTEGER or state == FRACTION or state == EXPONENT)
        ):
            self.last = self.offset + i - 1
            self.state = self._end_number()
            return i
        return self._refused(c, i, text)

    # -- tokens -----------------------------------------------------------------------------

    def _start_string(self, i: i64) -> None:
        if self.pending:
            self._settle()
        if not self.in_name and self.nodes >= self.max_nodes:
            self.exceed("nodes", self.max_nodes, self.offset + i)
        self.string_start = self.offset + i
        self.shown = False
        self.text = ""

    def _string_state(self) -> i64:
        """The state of the open string's plain characters."""
        return STRING

    def _add(self, piece: str) -> None:
        """The open string goes on with ``piece``, which is not empty."""
        if not self.piece:
            self.piece = piece
        elif self.parts:
            self.parts.append(piece)
        else:
            self.parts = [piece]

    def _flush(self) -> None:
        """What was read of the open string becomes visible (or, in a name, is put together)."""
        piece = self.piece
        self.piece = ""
        if self.parts:
            piece += "".join(self.parts)
            self.parts = NO_TEXTS
        if not self.in_name:
            self.grow(piece, self.string_start)
            return
        self.text += piece
        if len(self.text) > self.max_key:
            self.exceed("key", self.max_key, self.string_start + 1 + self.max_key)

    def _end_string(self, i: i64) -> i64:
        """The closing quote was read; ``i`` is behind it. Answers the state that follows."""
        self.state = STRING
        grew = self.piece != ""
        if self.piece:
            self._flush()
        elif not self.shown and not self.in_name:
            self.grow("", self.string_start)
        self.last = self.offset + i - 1
        if self.in_name:
            self.in_name = False
            self.key = self.names.setdefault(self.text, self.text)
            self.key_start = self.string_start
            self.key_end = self.last + 1
            return COLON
        if self.patient and self.depth:
            self._doubt(i, grew)
        elif self.recording:
            self.done()
        return self._after_value()

    def _after_value(self) -> i64:
        """The state that follows a value."""
        if self.depth:
            return NEXT_MEMBER if self.in_object else NEXT_ELEMENT
        if not self.many:
            return END
        self.values.append(self.root)
        self.root = MISSING
        self.nodes = 0
        self.max_text = self.last + 1 + self.limits[3]  # each document has its own limit
        return ROOT

    def _begin_hex(self, i: i64) -> i64:
        """The four digits of an escape begin behind ``text[i]``."""
        self.hex = 0
        self.hex_digits = 0
        self.state = HEX
        return i + 1

    def _code_unit(self, unit: i64, start: i64) -> i64:
        """A code unit of UTF-16 is whole: halves of a pair wait for each other (RFC 8259 section 7).

        It comes from an escape, or stands in the text itself: some servers cut UTF-16, not characters.
        """
        if self.high:
            if 0xDC00 <= unit <= 0xDFFF:
                self._add(chr(0x10000 + ((self.high - 0xD800) << 10) + (unit - 0xDC00)))
                self.high = 0
                return self._string_state()
            self._lone()
        if 0xD800 <= unit <= 0xDBFF:
            self.high = unit
            self.high_start = start
            return PAIR
        if 0xDC00 <= unit <= 0xDFFF:
            self.high_start = start
            self._lone()
        else:
            self._add(chr(unit))
        return self._string_state()

    def _lone(self) -> None:
        """Half a pair stays alone: it becomes U+FFFD, so that every value can be encoded."""
        self.high = 0
        self._show()
        path = self.container_path() if self.in_name else self.path()
        self._add("\ufffd")
        self.notice("lone-surrogate", self.high_start, self.high_start + 1, path)

    def _show(self) -> None:
        """The open string has its place before anything is said about its text."""
        if self.in_name:
            if self.piece:
                self._flush()
        elif not self.shown:
            self.grow("", self.string_start)

    def _end_number(self) -> i64:
        return self._scalar(self.convert(self.token, self.state <= INTEGER))

    def convert(self, literal: str, integer: bool) -> object:
        """The number that a literal of the grammar means."""
        number = self.number
        if number is not None:
            try:
                return number(literal)
            except Exception as error:  # the caller's own: it stops the parser, as a fault of the text does
                self.fail(error)
        if integer:
            return whole_number(literal)
        value = float(literal)
        if len(literal) > 19 or value == 0.0 or value - value != 0.0:
            self._check_precision(literal, value)
        return value

    def _check_precision(self, literal: str, value: float) -> None:
        """Notice a literal that a double cannot hold: out of range, or over 17 significant digits."""
        digits = _EXPONENT_PART.sub("", literal).replace(".", "").strip("-0")
        if len(digits) > 17 or value - value != 0.0 or (digits and value == 0.0):
            self.notice("number-precision", self.token_start, self.last + 1, self.place())

    def _scalar(self, value: object) -> i64:
        """A number or a literal is whole. Answers the state that follows."""
        if self.pending:
            self._settle()
        if self.depth == 0 and self.patient and not self.many:
            self.held = True
            self.held_value = value
            return END
        self.put(value, self.token_start)
        return self._after_value()

    # -- refusal ----------------------------------------------------------------------------

    def _refused(self, c: i64, i: i64, text: str) -> i64:
        """The grammar has no meaning for ``c`` at ``text[i]`` in ``self.state``.

        Answers where to read on; in this class there is no such place.
        """
        self._refuse(i, self.expected(), chr(c))
        return i

    def _refuse(self, i: i64, expected: tuple[str, ...], found: str) -> None:
        offset = self.offset + i
        if STRING <= self.state <= LAST_STRING:
            self._show()
            if self.piece:
                self._flush()
        column = offset - self.line_start + 1
        self.fail(SyntaxFault(offset, self.line, column, self.place(), expected, found))

    def expected(self) -> tuple[str, ...]:
        """What the grammar would accept next, in words."""
        if self.state == LITERAL and len(self.token) < len(self.literal):
            return (f"{self.literal[len(self.token)]!r} of {self.literal!r}",)
        return EXPECTED.get(self.state, ())

    def exceed(self, limit: str, allowed: i64, offset: i64) -> None:
        if self.piece and not self.in_name and STRING <= self.state <= LAST_STRING:
            self._flush()
        super().exceed(limit, allowed, offset)

    def _count_lines(self, text: str, start: i64, stop: i64) -> None:
        lines = text.count("\n", start, stop)
        if lines:
            self.line += lines
            self.line_start = self.offset + text.rfind("\n", start, stop) + 1

    # -- what only a forgiving machine does -------------------------------------------------

    def _forgive(self, text: str, i: i64, n: i64) -> i64:
        """Read on in a state of the dialect's own."""
        raise AssertionError(f"no such state: {self.state}")

    def _doubt(self, i: i64, grew: bool) -> None:
        """A closing quote ends at ``i``; what follows may show that it was none. ``grew`` says whether
        the string grew in this chunk."""

    def _believe(self) -> None:
        """What follows a closing quote that was doubted speaks for it."""

    def _settle(self) -> None:
        """A closing quote that was doubted is believed for good."""

    def _keep_gap(self, text: str, n: i64) -> None:
        """The chunk ends while a closing quote is doubted."""

    # -- readings ---------------------------------------------------------------------------

    def place(self) -> Path:
        if self.depth == 0:
            return ()
        state = self.state
        if NAME <= state <= FIRST_NAME or NEXT_ELEMENT <= state <= NEXT_MEMBER or self.in_name:
            return self.container_path()
        if self.in_object:
            return (*self.container_path(), self.key)
        in_slot = STRING <= state <= LAST_STRING and self.shown
        return (*self.container_path(), len(self.arr) - 1 if in_slot else len(self.arr))

    def open_path(self) -> Path | None:
        if self.pending or (STRING <= self.state <= LAST_STRING and self.shown and not self.in_name):
            return self.path()
        return self.container_path() if self.depth else None

    def status(self) -> str:
        """See ``Parser.status``."""
        if isinstance(self.error, SyntaxFault):
            return "invalid"
        if self.error is not None or self.truncated:
            return "truncated"
        if not self.closed and not self.finished():
            return "incomplete"
        return "repaired" if self.liberties_taken() else "complete"

    def liberties_taken(self) -> bool:
        return bool(self.repairs) or self.repairs_beyond > 0

    def finished(self) -> bool:
        """Whether the value is whole and believed."""
        return self.state == END and not self.held

    def trailing(self) -> str:
        """The text behind the value."""
        return ""

    # -- the end ----------------------------------------------------------------------------

    def close(self) -> None:
        """The input has ended."""
        if self.closed:
            return
        if not self._stopped():
            if self.undecoded:
                self._cut_character()
            if not self._stopped():
                try:
                    self._end_of_input()
                except Exception as error:
                    if not self._stopped_by(error):
                        raise
        self.closed = True
        self.plain = False
        self.names = {}

    def _stopped(self) -> bool:
        return self.error is not None

    def _stopped_by(self, error: Exception) -> bool:
        return error is self.error

    def _cut_character(self) -> None:
        """The input ends inside a UTF-8 sequence. In a string the string is cut anyway."""
        self.undecoded = b""
        if not STRING <= self.state <= LAST_STRING:
            try:
                self._undecodable()
            except PartialJSONError as error:
                self.error = error

    def _end_of_input(self) -> None:
        if self.depth == 0 and self.whole_number():
            self.last = self.offset - 1
            self.state = self._end_number()
        self.truncated = not self.finished() and not (self.many and self.state == ROOT)

    def whole_number(self) -> bool:
        """Whether the number that is open could end here."""
        state = self.state
        return ZERO <= state <= INTEGER or state == FRACTION or state == EXPONENT
