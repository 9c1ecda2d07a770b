"""The states of the machine, and what the strict grammar expects in each.

The order of the numbers matters: up to END the machine is between tokens, where white space may
stand; up to FIRST_ELEMENT a value may begin; from STRING to LAST_STRING it is inside a string, from
MINUS to EXPONENT inside a number.
"""

from __future__ import annotations

from typing import Final

ROOT: Final = 0  # nothing was read yet: a value
VALUE: Final = 1  # after a colon: a value
ELEMENT: Final = 2  # after a comma in an array: a value
FIRST_ELEMENT: Final = 3  # after "[": a value or "]"
NAME: Final = 4  # after a comma in an object: a member name
FIRST_NAME: Final = 5  # after "{": a member name or "}"
COLON: Final = 6  # after a member name
NEXT_ELEMENT: Final = 7  # after a value in an array: "," or "]"
NEXT_MEMBER: Final = 8  # after a value in an object: "," or "}"
END: Final = 9  # the root is finished

STRING: Final = 10
ESCAPE: Final = 11  # after a backslash
HEX: Final = 12  # inside the four digits of a \\u escape
PAIR: Final = 13  # after a high surrogate: the backslash of its partner is hoped for
PAIR_ESCAPE: Final = 14  # after that backslash: a "u" is hoped for
# Only in a dialect:
QUOTED: Final = 15  # inside a string in other quotes
BYTE_ESCAPE: Final = 16  # inside the two digits of a \\x escape
NUL_ESCAPE: Final = 17  # after \\0
CONTINUATION: Final = 18  # after a backslash and a carriage return
IDENTIFIER: Final = 19  # inside a name without quotes (JSON5)
IDENTIFIER_ESCAPE: Final = 20  # after a backslash in it
LAST_STRING: Final = IDENTIFIER_ESCAPE

MINUS: Final = 21
ZERO: Final = 22
INTEGER: Final = 23
POINT: Final = 24
FRACTION: Final = 25
EXPONENT_MARK: Final = 26
EXPONENT_SIGN: Final = 27
EXPONENT: Final = 28

LITERAL: Final = 29  # inside true, false or null

# Only in a dialect:
HEXADECIMAL: Final = 30  # inside a hexadecimal number (JSON5)
WORD: Final = 31  # inside a name or value without quotes
SLASH: Final = 32  # after a slash that may begin a comment
LINE_COMMENT: Final = 33
BLOCK_COMMENT: Final = 34
STAR: Final = 35  # in a block comment, after a star
PROSE: Final = 36  # in text before the value
OPENER: Final = 37  # behind an opening bracket in prose, which is judged
FENCE: Final = 38  # in the back-ticks of a code fence
INFO: Final = 39  # in the info string of a code fence
TAG: Final = 40  # in a tag such as <think>
REASONING: Final = 41  # behind that tag
TAIL: Final = 42  # in text behind the value

EXPECTED: Final[dict[int, tuple[str, ...]]] = {
    ROOT: ("a value",),
    VALUE: ("a value",),
    ELEMENT: ("a value",),
    FIRST_ELEMENT: ("a value", "']'"),
    NAME: ("a member name",),
    FIRST_NAME: ("a member name", "'}'"),
    COLON: ("':'",),
    NEXT_ELEMENT: ("','", "']'"),
    NEXT_MEMBER: ("','", "'}'"),
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
    BYTE_ESCAPE: ("a hexadecimal digit",),
}
