"""The states of the machine, and what each expects.

The order of the numbers matters: up to END the machine is between tokens, where white space may
stand; from STRING to PAIR_ESCAPE it is inside a string, from MINUS to EXPONENT inside a number.
"""

from __future__ import annotations

from typing import Final

ROOT: Final = 0  # a value is expected, nothing was read yet
VALUE: Final = 1  # a value is expected: after a colon, or after a comma in an array
ITEM: Final = 2  # after "[": a value or "]"
NAME: Final = 3  # after a comma in an object: a member name
FIRST_NAME: Final = 4  # after "{": a member name or "}"
COLON: Final = 5  # after a member name
NEXT_ITEM: Final = 6  # after a value in an array: "," or "]"
NEXT_MEMBER: Final = 7  # after a value in an object: "," or "}"
END: Final = 8  # the root is finished
STRING: Final = 9  # inside a string
ESCAPE: Final = 10  # after a backslash
HEX: Final = 11  # inside the four digits of a \u escape
PAIR: Final = 12  # after the escape of a high surrogate: a backslash is hoped for
PAIR_ESCAPE: Final = 13  # after that backslash: a "u" is hoped for
MINUS: Final = 14
ZERO: Final = 15
INTEGER: Final = 16
POINT: Final = 17
FRACTION: Final = 18
EXPONENT_MARK: Final = 19
EXPONENT_SIGN: Final = 20
EXPONENT: Final = 21
LITERAL: Final = 22  # inside true, false or null
FORGIVING: Final = 32  # from here on the states belong to liberties.py

STATES: Final[dict[str, int]] = {
    "root": ROOT,
    "value": VALUE,
    "item": ITEM,
    "name": NAME,
    "first-name": FIRST_NAME,
    "colon": COLON,
    "next-item": NEXT_ITEM,
    "next-member": NEXT_MEMBER,
    "end": END,
    "string": STRING,
    "escape": ESCAPE,
    "hex": HEX,
    "minus": MINUS,
    "zero": ZERO,
    "integer": INTEGER,
    "point": POINT,
    "fraction": FRACTION,
    "exponent-mark": EXPONENT_MARK,
    "exponent-sign": EXPONENT_SIGN,
    "exponent": EXPONENT,
    "literal": LITERAL,
}

EXPECTED: Final[dict[int, tuple[str, ...]]] = {
    ROOT: ("a value",),
    VALUE: ("a value",),
    ITEM: ("a value", "']'"),
    NAME: ("a member name",),
    FIRST_NAME: ("a member name", "'}'"),
    COLON: ("':'",),
    NEXT_ITEM: ("','", "']'"),
    NEXT_MEMBER: ("','", "'}'"),
    END: (),
    STRING: ("a character of the string", "'\"'"),
    ESCAPE: ("an escape character",),
    HEX: ("a hexadecimal digit",),
    PAIR: ("a character of the string", "'\"'"),
    PAIR_ESCAPE: ("an escape character",),
    MINUS: ("a digit",),
    ZERO: ("'.'", "'e'", "the end of the number"),
    INTEGER: ("a digit", "'.'", "'e'", "the end of the number"),
    POINT: ("a digit",),
    FRACTION: ("a digit", "'e'", "the end of the number"),
    EXPONENT_MARK: ("a digit", "'+'", "'-'"),
    EXPONENT_SIGN: ("a digit",),
    EXPONENT: ("a digit", "the end of the number"),
}
