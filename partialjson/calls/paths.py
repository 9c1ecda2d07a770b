"""Arguments that come value by value, each with its path (Vertex ``partialArgs``), written as JSON text.

So there is one road for all arguments: text into a parser. Values must come in the order of a text:
containers on the way to a value are opened, those beside it are closed, and what was closed is over.
"""

from __future__ import annotations

import json
import re

from partialjson.errors import PartialJSONError, Path, pointer, quote

_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]'"*\s]+)
    |\[\s*(?:(?P<index>0|[1-9]\d{0,8})
        |'(?P<single>(?:[^'\\]|\\.)*)'
        |"(?P<double>(?:[^"\\]|\\.)*)")\s*\]""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)


class PathMismatch(PartialJSONError, ValueError):
    """A value that cannot stand at its path, after what was written."""


def path_of(text: str) -> Path:
    """The path that a JSON Path (RFC 9535) names, if it names one place (a "singular query").

    Wider than the RFC in that the name behind a dot may have other characters than letters, digits and
    ``_``. Raises ``PathMismatch``.
    """
    steps: list[str | int] = []
    at = 1
    while at < len(text) and text[0] == "$" and (match := _STEP.match(text, at)):
        steps.append(_step(match, text))
        at = match.end()
    if not steps or at < len(text):
        raise PathMismatch(f"not the path of one value: {quote(text)}")
    return tuple(steps)


def _step(match: re.Match[str], text: str) -> str | int:
    name, index, single, double = match.groups()
    if name is not None:
        return name
    if index is not None:
        return int(index)
    if single is not None:  # JSON's string, but that the two quotes have changed places
        double = single.replace("\\'", "'").replace('"', '\\"')
    try:
        return str(json.loads(f'"{double}"'))
    except ValueError as error:
        raise PathMismatch(f"not the path of one value: {quote(text)}") from error


class PathWriter:
    """Writes one document."""

    __slots__ = ("_in_string", "_path", "_used")

    def __init__(self) -> None:
        self._path: Path = ()
        """Where the last value was written."""
        self._used: list[set[str] | int] = []
        """For each open container, the root first: the names of an object, the length of an array."""
        self._in_string = False

    def write(self, path: Path | str, value: object, *, more: bool = False) -> str:
        """The text that adds a value, or a piece of a string of which ``more`` follows.

        Raises ``PathMismatch``, and has then written nothing.
        """
        if not path:
            raise PathMismatch("no path: the arguments themselves are an object")
        if isinstance(path, str):
            path = path_of(path)
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise PathMismatch(f"no JSON value at {quote(pointer(path))}") from error
        more = more and isinstance(value, str)
        if self._in_string and path == self._path and isinstance(value, str):
            self._in_string = more
            return text[1:-1] if more else text[1:]
        shared = self._check(path)
        written = ['"' if self._in_string else "", self._closers(shared + 1)]
        del self._used[shared + 1 :]
        if self._used:
            written.append(",")
        for depth in range(shared, len(path)):
            step = path[depth]
            if depth == len(self._used):
                self._used.append(set() if isinstance(step, str) else 0)
                written.append("{" if isinstance(step, str) else "[")
            used = self._used[depth]
            if isinstance(used, set) and isinstance(step, str):
                used.add(step)
                written += (json.dumps(step, ensure_ascii=False), ":")
            else:
                self._used[depth] = int(step) + 1
        self._path, self._in_string = path, more
        written.append(text[:-1] if more else text)
        if text[-1].isdigit():
            written.append(" ")  # nobody else could know that the number is whole
        return "".join(written)

    def close(self) -> str:
        """The text that ends the document, if anything was written. What comes after begins another."""
        text = ('"' if self._in_string else "") + self._closers(0)
        self._path, self._in_string = (), False
        self._used.clear()
        return text

    def _closers(self, depth: int) -> str:
        return "".join("}" if isinstance(used, set) else "]" for used in reversed(self._used[depth:]))

    def _check(self, path: Path) -> int:
        """How many steps the path shares with the last one, if it may come after it."""
        shared = 0
        while shared < min(len(path), len(self._path)) and path[shared] == self._path[shared]:
            shared += 1
        if shared == len(path) or (self._used and shared == len(self._path)):
            raise PathMismatch(f"there is a value at {quote(pointer(path))} or above")
        step = path[shared]
        if self._used:
            used = self._used[shared]
            if isinstance(used, set) != isinstance(step, str) or (
                step in used if isinstance(used, set) else step != used
            ):
                raise PathMismatch(f"{quote(pointer(path))} does not follow {quote(pointer(self._path))}")
        elif step != 0 and not isinstance(step, str):
            raise PathMismatch(f"{quote(pointer(path))} is not the first item")
        if any(step != 0 for step in path[shared + 1 :] if not isinstance(step, str)):
            raise PathMismatch(f"{quote(pointer(path))} is not the first item")
        return shared
