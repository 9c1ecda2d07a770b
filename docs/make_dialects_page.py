"""Writes ``docs/dialects.md`` from the dialects themselves, and from the tested answers about RFC 8259.

python docs/make_dialects_page.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from partialjson import JSON5, LENIENT, Dialect, Parser

PAGE: Final = Path(__file__).with_name("dialects.md")
CHOICES: Final = Path(__file__).parents[1] / "tests" / "data" / "rfc8259" / "choices.json"

INTRODUCTION: Final = """\
# Dialects: what is forgiven

`STRICT` is RFC 8259; what that leaves open is at the end of this page. Another dialect is a table of
liberties, asked only where the strict grammar has no meaning for a character: so valid JSON means the same in
every dialect, and costs the same.

Each liberty that was taken is a `Repair(kind, start, end, path, loss)`. Its loss is `none` where nothing the
model wrote changed its meaning, `form` where the form was wrong and the meaning is plain, `guess` where
another reading was possible. `LENIENT.only("none", "form")` takes no guesses, `LENIENT.without("prose")`
leaves out a kind, `LENIENT.extended(name, rows)` puts your own rows (`partialjson.dialects.Liberty`) first.

The tables below are written from the dialects themselves, and each example was read by its dialect.
"""

UNDECIDABLE: Final = """\
## How the undecidable is decided

Once, by what has been read, and never revised: what was shown stays on the screen.

* A number or a literal at the root may be the beginning of prose (`3 results: {"a": 1}`). It is committed at
  the end of the input only.
* After prose an opening bracket is judged by what follows it, 64 characters at most:
  `see [1] and {x}: {"a": 1}`.
* A closing quote is believed when the next character that is not white space fits behind it. Until then the
  string is not `Done`, though its text is shown. If the next character does not fit, the quote was text:
  `{"a": "he said "hi" to me"}`.
* A closing bracket closes the innermost container that it can close; what stands open inside is closed with
  it.
* Text behind the value is kept in `Document.trailing`, whatever it is.
* A name or a value without quotes ends where the grammar goes on, or at the end of the line.
"""


def page() -> str:
    """The page as the dialects have it now."""
    parts = [INTRODUCTION, "## LENIENT\n", *_table(LENIENT), "", UNDECIDABLE, "## JSON5\n", *_table(JSON5)]
    return "\n".join([*parts, "\n## STRICT: what RFC 8259 leaves open\n", *_choices(), ""])


def _choices() -> Iterator[str]:
    yield "| section | question | answer |"
    yield "|---|---|---|"
    for choice in json.loads(CHOICES.read_text("utf-8")):
        yield f"| {choice['section']} | {choice['question']} | {choice['answer']} |"


def _table(dialect: Dialect) -> Iterator[str]:
    """One row for each kind, with the examples of its liberties."""
    yield "| kind | loss | what needs it | is read as |"
    yield "|---|---|---|---|"
    examples: dict[tuple[str, str], dict[str, None]] = {}
    for row in dialect.liberties:
        found = examples.setdefault((row.kind, row.loss), {})
        if row.example:
            found[row.example] = None
    for (kind, loss), texts in examples.items():
        shown = " <br> ".join(_code(text) for text in texts)
        values = " <br> ".join(_code(repr(_read(text, dialect))) for text in texts)
        yield f"| `{kind}` | {loss} | {shown} | {values} |"


def _read(text: str, dialect: Dialect) -> object:
    parser = Parser(dialect)
    parser.feed(text)
    return parser.close().value


def _code(text: str) -> str:
    """The text as code in a table's cell; what cannot be seen is written as an escape."""
    visible = "".join(c if c.isprintable() and c != "\u00a0" else ascii(c)[1:-1] for c in text)
    return "`` " + visible.replace("|", "\\|") + " ``"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
