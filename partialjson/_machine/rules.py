"""The form of a dialect's rules: what is asked where the strict grammar refuses a character."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64

# Situations that the rules tell apart although the grammar's state is the same.
DOUBTED_ELEMENT: Final = 48  # NEXT_ELEMENT behind a closing quote that is doubted
DOUBTED_MEMBER: Final = 49  # NEXT_MEMBER behind one
DOUBTED_COMMA: Final = 50  # any other state behind one
ROOT_TOKEN: Final = 51  # inside a number or literal at the root
HELD: Final = 52  # END behind a scalar that is held
END_SCALAR: Final = 53  # END behind a string

# Classes of characters, in the place of a code point.
SPAN: Final = 0x110008
LETTER: Final = 0x110000
DIGIT: Final = 0x110001
SPACE: Final = 0x110002  # what Unicode calls white space and JSON does not
CONTROL: Final = 0x110003
OTHER: Final = 0x110004
ANY: Final = 0x110005

Rule = tuple[int, str, str]
"""Action, kind, loss."""
Rules = tuple[dict[int, Rule], dict[str, tuple[object, str, str]], dict[str, str], bool]
"""The rules by ``situation * SPAN + character``; words by spelling, each with value, kind and loss; the
loss of each kind that is allowed; and whether the dialect guesses: then closing quotes, and scalars at
the root, wait for what follows them."""

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def class_of(c: i64) -> i64:
    if c < 0x20:
        return CONTROL
    character = chr(c)
    if character.isalpha() or c == 0x5F or c == 0x24:
        return LETTER
    if character.isdigit():
        return DIGIT
    return SPACE if character.isspace() or c == 0xFEFF else OTHER


def encodable(text: str) -> str:
    """The text with halves of surrogate pairs joined, and those that stay alone as U+FFFD."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
