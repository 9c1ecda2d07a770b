"""The shortest text that closes a document as it stands."""

from __future__ import annotations

from typing import Any

from partialjson._engine import states
from partialjson._machine.grammar import Machine

_MISSING = {
    states.ROOT: "0",
    states.VALUE: "0",
    states.ELEMENT: "0",
    states.COLON: ":0",
    states.MINUS: "0",
    states.POINT: "0",
    states.EXPONENT_MARK: "0",
    states.EXPONENT_SIGN: "0",
}
"""What the grammar still wants in a state before the containers can be closed."""

_STRINGS = range(states.STRING, states.LAST_STRING + 1)
_CLOSERS = {"\u201c": "\u201d", "\u201e": "\u201c", "\u2018": "\u2019", "\u00ab": "\u00bb"}


def completion(machine: Machine) -> str:
    """See ``Parser.completion``."""
    if machine.error is not None:
        return ""
    state = machine.state
    if state in _STRINGS:
        text = _escape(machine) + _quote(machine)
        if machine.in_name:
            text = _escape(machine) + _new(machine, machine.text) + _quote(machine) + _MISSING[states.COLON]
    elif state == states.LITERAL:
        text = machine.literal[len(machine.token) :]
    elif state == states.NAME:
        text = f'"{_new(machine, "")}":0'
    elif state in _MISSING:
        text = _MISSING[state]
    else:
        text = _foreign(machine)
    closers = ["}" if isinstance(container, dict) else "]" for container in reversed(machine.spine)]
    return text + "".join(closers)


def _new(machine: Machine, name: str) -> str:
    """What makes the beginning of a name a name that the object does not have: often nothing."""
    if name not in machine.obj:
        return ""
    return next(str(number) for number in range(len(machine.obj) + 1) if f"{name}{number}" not in machine.obj)


def _escape(machine: Machine) -> str:
    """The rest of an escape; half a surrogate pair gets its partner (RFC 8259 section 7)."""
    state = machine.state
    if state == states.ESCAPE:
        return "\\"
    if state == states.PAIR:
        return "\\udc00"
    if state == states.PAIR_ESCAPE:
        return "udc00"
    if state != states.HEX:
        return ""
    left = 4 - machine.hex_digits
    lowest = machine.hex << (4 * left)
    highest = lowest + (1 << (4 * left)) - 1
    if machine.high and highest >= 0xDC00 and lowest <= 0xDFFF:
        return f"{max(lowest, 0xDC00):04x}"[machine.hex_digits :]
    digits = f"{lowest:04x}"[machine.hex_digits :]
    return digits + "\\udc00" if 0xD800 <= lowest <= 0xDBFF else digits


def _quote(machine: Any) -> str:
    """What closes the string that is open."""
    quote: str = getattr(machine, "quote", "")
    if machine.state == states.BYTE_ESCAPE:
        zeros: str = "0" * (2 - machine.byte_digits)
        return zeros + (quote or '"')
    if machine.state in (states.IDENTIFIER, states.IDENTIFIER_ESCAPE):
        return "" if machine.state == states.IDENTIFIER else "u0061"
    rest = quote[machine.quotes :] if len(quote) == 3 else quote
    return _CLOSERS.get(rest, rest) or '"'


def _foreign(machine: Any) -> str:
    """In the states of a dialect."""
    state: int = machine.state
    if state == states.HEXADECIMAL:
        return "0" if machine.token.endswith("x") else ""
    if state == states.WORD:
        return ":0" if machine.word_is_name else ""
    if state in (states.LINE_COMMENT, states.SLASH):
        return ("/" if state == states.SLASH else "") + "\n" + _before(machine)
    if state in (states.BLOCK_COMMENT, states.STAR):
        return ("*/" if state == states.BLOCK_COMMENT else "/") + _before(machine)
    if state == states.REASONING:
        return str(machine.tag[machine.judgement :]) + "0"
    if state in (states.FENCE, states.INFO):
        return "\n[]"
    return "[]" if state in (states.PROSE, states.TAG) else ""


def _before(machine: Any) -> str:
    """What the state that a comment interrupts still wants."""
    if machine.before == states.NAME:
        return f'"{_new(machine, "")}":0'
    return _MISSING.get(machine.before, "")
