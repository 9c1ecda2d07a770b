"""Shows one field of a document while it is being written, and nothing else: what a chat window does.

The edits say where text grows, so that nothing is parsed twice and nothing is compared.

Prints::

    Take a coat: it will rain in Ulm.
    the field is complete
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from partialjson import Done, Grow, Parser
from partialjson.errors import Path

FRAGMENTS = ['{"to": "ana", "te', 'xt": "Take a co', "at: it will", ' rain in Ulm.", "urg', 'ent": false}']


def growth(fragments: Iterable[str], path: Path) -> Iterator[str]:
    """The text of the string at ``path``, piece by piece, as it arrives."""
    parser = Parser()
    parser.edits()  # starts the recording
    for fragment in fragments:
        parser.feed(fragment)
        for edit in parser.edits():
            match edit:
                case Grow(path=where, text=text) if where == path:
                    yield text
                case Done(path=where) if where == path:
                    yield "\nthe field is complete\n"


for piece in growth(FRAGMENTS, ("text",)):
    print(piece, end="", flush=True)
