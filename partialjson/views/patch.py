"""The edits as messages to another process: JSON Patch (RFC 6902), and a compact form for browsers.

**JSON Patch** is what every platform has a client for, and it has no operation that appends to a
string: one that grows is restated whole in each ``replace``, so that a text of ``n`` pieces costs
O(n²). It is for clients that are there already. (``append`` was proposed for python-json-patch, in its
pull requests 170 and 171, and is in no release.)

**The compact form** says each character once. A message is a JSON array with one item for each edit;
*depth* is the number of steps in a value's path, 0 for the root:

=======================  =======================================================================
``"text"``               the last value, which is a string, grows by ``text``
``[depth, step, value]`` a value appears at ``step``, a name or an index (``""`` for the root), of
                         the last container one level up
``depth``                the last value, or the container around it at ``depth``, is final
``[depth, step]``        a repeated name: its value begins anew with the next item
=======================  =======================================================================

So ``{"a": [1, "hi"]}`` is ``[[0,"",{}],[1,"a",[]],[2,0,1],[2,1,""],"hi",2,1,0]``. No item holds a path, so
that all messages together are never longer than a few times the text, whatever it is. (The ``p``,
``o``, ``v`` objects that ChatGPT streams leave out a path only where it is the one before: under long
names they are not linear.) Names and indexes differ by type, and no name is special. A client::

    function replica() {
      const spine = [{}]; // what holds the root, then the containers down to the last value
      let depth, step, last;
      const set = (value) => // not by assignment, which has another meaning for "__proto__"
        Object.defineProperty(spine[depth], step, {
          value, configurable: true, enumerable: true, writable: true });
      return (message) => {
        for (const item of message) {
          if (typeof item === "string") set((last += item));
          if (item.length === 3 && typeof item === "object") {
            [depth, step, last] = item;
            set((spine[depth + 1] = last));
          }
        }
        return spine[0][""]; // the value so far
      };
    }

In Python a ``CompactReader`` gives the edits back, and a ``Replica`` their value.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from partialjson.edits import Done, Edit, Grow, Put, Reset, merged
from partialjson.errors import Path, pointer, quote
from partialjson.missing import MISSING

CompactItem: TypeAlias = str | int | list[Any]
"""One item of a message in the compact form: JSON data."""


class JSONPatch:
    """Writes edits as operations of RFC 6902.

    ``Put`` is an ``add``, of the root too, or a ``replace`` where a repeated name resets the value
    before it; ``Grow`` is a ``replace`` with the whole text so far; ``Done`` is nothing. The values are
    the parser's: what JSON cannot say (``Decimal``, NaN) is left to the caller's encoder.
    """

    __slots__ = ("_path", "_reset", "_text")

    def __init__(self) -> None:
        self._path: Path | None = None  # of the value that came last,
        self._text = ""  # and what it says if it is a string
        self._reset: Path | None = None

    def feed(self, edits: Iterable[Edit]) -> list[dict[str, object]]:
        """The operations for the edits that follow those fed before.

        Raises ``ValueError`` where a string grows that did not come last: the edits have a gap.
        """
        operations: list[dict[str, object]] = []
        for edit in merged([*edits]):  # so that each batch puts a text together once
            if isinstance(edit, Put):
                verb = "replace" if edit.path == self._reset else "add"
                operations.append({"op": verb, "path": pointer(edit.path), "value": _fresh(edit.value)})
                self._path = edit.path
                self._text = ""
                self._reset = None
            elif isinstance(edit, Grow):
                if edit.path != self._path:
                    raise ValueError(f"a string grows that did not come last: {quote(pointer(edit.path))}")
                self._text += edit.text
                if not operations:
                    operations.append({"op": "replace", "path": pointer(edit.path)})
                operations[-1]["value"] = self._text
            elif isinstance(edit, Reset):
                self._reset = edit.path
        return operations


def to_json_patch(edits: Iterable[Edit]) -> list[dict[str, object]]:
    """The operations (RFC 6902) for edits from the first one on; what follows needs a ``JSONPatch``."""
    return JSONPatch().feed(edits)


def to_compact(edits: Iterable[Edit]) -> list[CompactItem]:
    """A message in the compact form: any edits, as they come, without knowledge of those before."""
    return [_item(edit) for edit in merged([*edits])]


def _item(edit: Edit) -> CompactItem:
    if isinstance(edit, Grow):
        return edit.text
    depth = len(edit.path)
    if isinstance(edit, Done):
        return depth
    step = edit.path[-1] if edit.path else ""
    return [depth, step, _fresh(edit.value)] if isinstance(edit, Put) else [depth, step]


class CompactReader:
    """Reads messages in the compact form: the edits again, with neighbouring ``Grow``s joined."""

    __slots__ = ("_path",)

    def __init__(self) -> None:
        self._path: Path = ()  # of the value that came last

    def feed(self, message: Iterable[CompactItem]) -> list[Edit]:
        """The edits of the next message. Raises ``ValueError`` for what is none of the four forms."""
        return [self._edit(item) for item in message]

    def _edit(self, item: CompactItem) -> Edit:
        above = len(self._path) + 1
        match item:
            case str():
                return Grow(self._path, item)
            case bool():
                pass
            case int() if 0 <= item < above:
                return Done(self._path[:item])
            case [int(depth), str() | int() as step, *value] if 0 <= depth <= above and len(value) < 2:
                path = (*self._path[: depth - 1], step) if depth else ()
                if not value:
                    return Reset(path)
                self._path = path
                return Put(path, value[0])
        raise ValueError(f"no edit in the compact form: {quote(repr(item))}")


class Replica:
    """The value that edits build, in another place than the parser's."""

    __slots__ = ("_spine", "_step")

    def __init__(self) -> None:
        self._spine: list[Any] = [{}]  # what holds the root, then the containers down to the last value
        self._step: str | int = ""

    @property
    def value(self) -> object:
        """The value so far, live; ``MISSING`` where there is none yet."""
        return self._spine[0].get("", MISSING)

    def feed(self, edits: Iterable[Edit]) -> object:
        """Do what the edits say, and answer with ``value``.

        Raises ``LookupError`` or ``TypeError`` where an edit does not fit those before it.
        """
        for edit in edits:
            if isinstance(edit, Put):
                self._put(edit.path, _fresh(edit.value))
            elif isinstance(edit, Grow):
                self._grow(edit.text)
        return self.value

    def _put(self, path: Path, value: object) -> None:
        spine = self._spine
        step = path[-1] if path else ""
        parent = spine[len(path)]
        if isinstance(parent, list) and step == len(parent):
            parent.append(value)
        else:
            parent[step] = value
        self._step = step
        spine[len(path) + 1 :] = [value]

    def _grow(self, piece: str) -> None:
        # The local name is the only reference to the text, so that += need not copy it.
        spine, step = self._spine, self._step
        text = spine.pop()
        spine[-1][step] = ""
        text += piece
        spine[-1][step] = text
        spine.append(text)


def _fresh(value: object) -> object:
    """A container for the receiver to fill: the edit's own stays empty."""
    return value.copy() if isinstance(value, (dict, list)) else value
