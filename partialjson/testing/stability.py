"""The stability meter: what a reader sees while a document streams in, and how much of it was false.

It feeds any parser every prefix of a document and compares each state it shows with what it showed
before and with the finished document. It knows nothing of our parser, so that a stack of your own
can be measured with it: a function of the text so far, whatever is behind it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from importlib.resources import files
from typing import NamedTuple

from partialjson.errors import Path
from partialjson.missing import MISSING


@dataclass(frozen=True, slots=True)
class Stability:
    """What ``measure_stability`` counted; every field but the first two and the last two is a fault.

    A *state* is what the parser shows after a prefix; a *path* of it is the place of any value in
    it, the root and the containers included. Numbers whose last digit is not there yet are judged
    by ``numbers_changed`` alone.
    """

    documents: int
    """Documents measured."""
    states: int
    """Prefixes fed: all lengths from 1 character to the whole, of each document."""
    exceptions: int
    """States in which the parser raised; the reader goes on seeing what was shown before."""
    vanished: int
    """Paths that one state shows and the next does not."""
    flipped: int
    """Paths shown as another type (RFC 8259: object, array, string, number, boolean, null) than when
    they were last shown."""
    rewritten: int
    """Strings shown that do not begin with what was last shown at their path."""
    numbers_changed: int
    """Numbers shown that differ from what was last shown at their path: 1, then 12, then 120."""
    wrong_values: int
    """Values shown, in all states, that the finished document does not hold at their path: of another
    type, a string that is no prefix of the finished one, another boolean."""
    wrong_paths: int
    """Paths shown, in all states, that the finished document does not have."""
    lone_surrogates: int
    """States that cannot be encoded as UTF-8."""
    finals_wrong: int
    """Documents whose last state is not what ``json.loads`` gives (``30.0`` is not ``30``)."""
    text_shown: int
    """Characters of string values shown, in all states, as far as they are right."""
    text_possible: int
    """What ``text_shown`` is when each character is shown as soon as it is decided: an escape with
    its last character, a surrogate pair with the last one of its second half."""

    @property
    def faults(self) -> int:
        """The sum of all faults: 0 for a parser whose states can be put on a screen as they are."""
        return sum(getattr(self, name) for name in _FAULTS)


_FAULTS = tuple(field.name for field in fields(Stability))[2:-2]


def documents() -> dict[str, str]:
    """The documents that ship with the meter, each of another kind: name -> JSON text."""
    folder = files("partialjson.testing") / "documents"
    return {
        entry.name.removesuffix(".json"): entry.read_bytes().decode()
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
    }


def by_prefix(start: Callable[[], Callable[[str], object]]) -> Callable[[str], object]:
    """Make an incremental parser a function of prefixes, as ``measure_stability`` takes it.

    ``start()`` begins a document and returns the function that takes the next fragment and returns
    the value so far. A prefix that continues the one before is fed as its new part only.
    """
    fed = ""
    feed = start()

    def parse_prefix(prefix: str) -> object:
        nonlocal fed, feed
        if not prefix.startswith(fed):
            fed = ""
            feed = start()
        fragment = prefix[len(fed) :]
        fed = prefix
        return feed(fragment)

    return parse_prefix


def measure_stability(
    parse_prefix: Callable[[str], object], texts: str | Iterable[str] | None = None
) -> Stability:
    """Feed ``parse_prefix`` every prefix of every text, and count (see ``Stability``).

    ``parse_prefix`` takes the text so far and returns the value to show; ``MISSING``, and ``None``
    where the document is not ``null``, mean that there is nothing to show yet. The prefixes come in
    order, so that an incremental parser can be wrapped with ``by_prefix``. ``texts`` are valid JSON
    documents, by default those of ``documents()``. The cost is quadratic in the length of a text.

    Raises ``ValueError`` for a text that is not valid JSON, repeats a member name (whose value
    lawfully changes) or holds half a surrogate pair (which no value can show).
    """
    if texts is None:
        texts = documents().values()
    elif isinstance(texts, str):
        texts = (texts,)
    counts = Counter[str]()
    for text in texts:
        counts.update(_measure(parse_prefix, text))
    return Stability(**{field.name: counts[field.name] for field in fields(Stability)})


class _Leaf(NamedTuple):
    """A value without what is in it; containers and null have no value of their own."""

    kind: str
    value: object


_Shown = dict[Path, _Leaf]

# In the order of the questions: a bool is an int in Python.
_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((str,), "string"),
    ((bool,), "boolean"),
    ((int, float, Decimal), "number"),
    ((dict,), "object"),
    ((list,), "array"),
    ((type(None),), "null"),
)


def _measure(parse_prefix: Callable[[str], object], text: str) -> Counter[str]:
    root = _loads(text)
    final = _flatten(root)
    counts = Counter(documents=1, states=len(text), text_possible=_text_possible(text))
    shown: _Shown = {}
    last: _Shown = {}
    for end in range(1, len(text) + 1):
        try:
            value = parse_prefix(text[:end])
        except Exception:
            # Any exception of a parser under measurement is a result, not a fault of the meter.
            counts["exceptions"] += 1
            continue
        previous = shown
        shown = {} if value is MISSING or (value is None and root is not None) else _flatten(value)
        counts["vanished"] += len(previous.keys() - shown.keys())
        counts["lone_surrogates"] += not _encodable(shown)
        for path, leaf in shown.items():
            if path in last:
                counts[_change(last[path], leaf)] += 1
            fault = _fault(leaf, final.get(path))
            counts[fault] += 1
            if leaf.kind == "string" and not fault:
                counts["text_shown"] += len(str(leaf.value))
        last.update(shown)
    counts["finals_wrong"] += _exact(shown) != _exact(final)
    return counts


def _change(old: _Leaf, new: _Leaf) -> str:
    """The name of the fault in showing ``new`` where ``old`` was shown last, or ``""``."""
    if new.kind != old.kind:
        return "flipped"
    if new.kind == "number" and new.value != old.value:
        return "numbers_changed"
    if new.kind == "string" and not str(new.value).startswith(str(old.value)):
        return "rewritten"
    return ""


def _fault(shown: _Leaf, final: _Leaf | None) -> str:
    """The name of the fault in showing ``shown`` where the document ends with ``final``, or ``""``."""
    if final is None:
        return "wrong_paths"
    if shown.kind != final.kind:
        return "wrong_values"
    if shown.kind == "string" and not str(final.value).startswith(str(shown.value)):
        return "wrong_values"
    if shown.kind == "boolean" and shown.value != final.value:
        return "wrong_values"
    return ""


def _flatten(root: object) -> _Shown:
    """Every path of the value, the root's first."""
    shown: _Shown = {}
    waiting: list[tuple[Path, object]] = [((), root)]
    while waiting:
        path, value = waiting.pop()
        kind = next((name for types, name in _KINDS if isinstance(value, types)), type(value).__name__)
        if isinstance(value, dict):
            waiting.extend(((*path, key), item) for key, item in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, index), item) for index, item in enumerate(value))
        shown[path] = _Leaf(kind, None if isinstance(value, (dict, list)) else value)
    return shown


def _exact(shown: _Shown) -> dict[Path, tuple[_Leaf, type]]:
    """With the types of Python, to which ``1 == 1.0``."""
    return {path: (leaf, type(leaf.value)) for path, leaf in shown.items()}


def _encodable(shown: _Shown) -> bool:
    try:
        for path, leaf in shown.items():
            "".join(step for step in path if isinstance(step, str)).encode()
            if isinstance(leaf.value, str):
                leaf.value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _loads(text: str) -> object:
    def unique(members: list[tuple[str, object]]) -> dict[str, object]:
        result = dict(members)
        if len(result) < len(members):
            raise ValueError("a document to measure must not repeat a member name")
        return result

    root: object = json.loads(text, object_pairs_hook=unique)
    if not _encodable(_flatten(root)):
        raise ValueError("a document to measure must not hold half a surrogate pair")
    return root


# A string of a valid document, with the colon after it where it is a member name; and what inside
# it decides one character: a pair of escapes, an escape, or the character itself.
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
_PIECE = re.compile(r"\\u[dD][89abAB]..\\u....|\\u....|\\.|.", re.DOTALL)


def _text_possible(text: str) -> int:
    """See ``Stability.text_possible``: a character decided at offset e is shown from state e on."""
    return sum(
        len(text) - (string.start(1) + piece.end()) + 1
        for string in _STRING.finditer(text)
        if string[2] is None
        for piece in _PIECE.finditer(string[1])
    )
