"""What a model wrote, made safe for a terminal.

A terminal obeys what it is shown: OSC 52 writes to the clipboard, OSC 8 hides where a link leads, and
a bidirectional override shows text in another order than it has (CVE-2021-42574). So nothing that
came from a stream, a file or a schema is printed but through here.
"""

from __future__ import annotations

import re

# General categories Cc, Cf, Cs, Zl and Zp of Unicode 16, without the two joiners (U+200C, U+200D) that
# Persian, Indic scripts and emoji are written with. A test compares this with ``unicodedata``.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """The text on one line, its controls and invisible characters written as ``\\u001b``.

    These are the escapes of JSON (RFC 8259 section 7): a JSON text stays the same JSON text, as long as
    it has no white space but blanks.
    """
    return _UNSAFE.sub(_escape, text)


def printable_lines(text: str) -> str:
    """The same with its line breaks kept, and blanks for tabs."""
    lines = text.replace("\r\n", "\n").replace("\t", "    ").split("\n")
    return "\n".join(map(printable, lines))


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters of the text, the last of them an ellipsis where there were more."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _escape(match: re.Match[str]) -> str:
    encoded = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{encoded[i]:02x}{encoded[i + 1]:02x}" for i in range(0, len(encoded), 2))
