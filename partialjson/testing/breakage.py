"""How models break JSON, as data: each row makes a valid text into one of the broken kinds.

The kinds are those that LENIENT forgives. A row says what to look for (a regular expression) and
what to put there; it is applied to one of its matches, wherever that is: inside a string it makes
an unusual string, which is a case too.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Breakage(NamedTuple):
    """One way to break a text: at a match of ``pattern``, ``template`` (as in ``Match.expand``) is put."""

    kind: str
    pattern: re.Pattern[str]
    template: str

    def places(self, text: str) -> list[re.Match[str]]:
        """Where in ``text`` this can be done."""
        return list(self.pattern.finditer(text))


_ROWS: tuple[tuple[str, str, str], ...] = (
    # around the value
    ("byte order mark", r"\A", "\ufeff"),
    ("prose before", r"\A", "Sure! Here is the result: "),
    ("prose with a bracket before", r"\A", "As noted [1], "),
    ("prose after", r"\Z", "\nLet me know if you need {more}."),
    ("fence", r"(?s)\A(.*)\Z", r"```json\n\1\n```"),
    ("bare fence", r"(?s)\A(.*)\Z", r"```\n\1\n```"),
    ("open fence", r"\A", "```json\n"),
    ("thinking", r"\A", "<think>maybe {x: 1}?</think>\n"),
    ("special token", r"\Z", "<|im_end|>"),
    ("second value", r"(?s)\A(.*)\Z", r"\1\n\1"),
    # commas and colons
    ("trailing comma", r"(?=[}\]])", ","),
    ("doubled comma", r",", ",,"),
    ("leading comma", r"(?<=[{\[])", ","),
    ("missing comma", r",", " "),
    ("missing colon", r":", " "),
    ("doubled colon", r":", "::"),
    ("equals for a colon", r":", " ="),
    ("arrow for a colon", r":", " =>"),
    # comments
    ("line comment", r"(?<=[,{\[])", " // why\n"),
    ("block comment", r"(?<=[,:{\[])", " /* why */ "),
    ("hash comment", r"(?<=[,{\[])", " # why\n"),
    # quotes
    ("single quotes", r'"([^"\\\']*)"', r"'\1'"),
    ("back-ticks", r'"([^"\\`]*)"', r"`\1`"),
    ("typographic quotes", r'"([^"\\]*)"', "\u201c\\1\u201d"),
    ("bare word", r'"(\w+)"', r"\1"),
    ("missing closing quote", r'(?<=\w)"', ""),
    ("missing opening quote", r'"(?=\w)', ""),
    ("unescaped inner quotes", r"(?<=\w) (?=\w)", ' "so" '),
    # literals
    ("Python True", r"\btrue\b", "True"),
    ("Python False", r"\bfalse\b", "False"),
    ("Python None", r"\bnull\b", "None"),
    ("undefined", r"\b(?:null|true|\d+)\b", "undefined"),
    ("NaN", r"\b(?:null|\d+)\b", "NaN"),
    ("Infinity", r"-?\b\d+\b", "-Infinity"),
    # numbers
    ("plus sign", r"(?<![\w.+-])(?=\d)", "+"),
    ("no integer part", r"(?<![\w.+-])\d+(?=\.)", ""),
    ("no fraction digits", r"(?<=\d)(?=[,\]}\s])", "."),
    ("leading zeros", r"(?<![\w.+-])(?=\d)", "00"),
    ("hexadecimal", r"(?<![\w.+-])\d+\b", "0x1F"),
    ("underscores", r"(?<=\d)(?=\d)", "_"),
    # string contents
    ("raw newline", r"\\n|(?<=\w) (?=\w)", "\n"),
    ("raw tab", r"\\t|(?<=\w) (?=\w)", "\t"),
    ("control character", r"(?<=\w)(?=\w)", "\x01"),
    ("invalid escape", r"(?<=\w)(?=\w)", r"\\x41\\'\\$"),
    ("escape cut short", r"(?<=\w)(?=\w)", r"\\u12"),
    ("half a surrogate pair", r"(?<=\w)(?=\w)", r"\\ud83d"),
    # structure
    ("wrong closer", r"\]", "}"),
    ("wrong closer", r"\}", "]"),
    ("missing closer", r"[}\]]", ""),
    ("extra closer", r"[}\]]", r"\g<0>\g<0>"),
    ("tuple", r"\[([^\[\]]*)\]", r"(\1)"),
    ("ellipsis", r"(?<=,)|(?=\])", " ... "),
    ("repeated name", r'("\w+"\s*:\s*\d+)', r"\1, \1"),
    ("cut", r"(?s)(?<=.).+\Z", ""),
)

BREAKAGES: tuple[Breakage, ...] = tuple(
    Breakage(kind, re.compile(pattern), template) for kind, pattern, template in _ROWS
)
"""Every way to break a text that this module knows."""


def break_at(breakage: Breakage, place: re.Match[str]) -> str:
    """The text that ``place`` was found in, broken there."""
    text = place.string
    return text[: place.start()] + place.expand(breakage.template) + text[place.end() :]
