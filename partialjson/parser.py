"""The public face of the machine: ``Parser``, ``Document``, ``loads``.

What holds for every parser, in every dialect, however the input is cut, is the list of promises in
the README. In short: text only grows, types never change, numbers and literals appear whole, a
member appears with its value, and what is done never changes again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias

from partialjson import _checkpoint
from partialjson._completion import completion
from partialjson._engine import Face, Forgiving, Machine
from partialjson.dialects import DIALECTS, LENIENT, Dialect
from partialjson.edits import Done, Edit, Grow, Loss, Put, Repair, Reset
from partialjson.errors import CheckpointError, Path
from partialjson.limits import Limits

Status: TypeAlias = Literal["incomplete", "complete", "repaired", "truncated", "invalid"]
Numbers: TypeAlias = Literal["python", "decimal"] | Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose input has ended."""

    value: object
    """The value, ``MISSING`` where there was none; ``null`` is ``None``."""
    status: Status
    """``"complete"``, ``"repaired"``, ``"truncated"`` (closed before its end) or ``"invalid"``."""
    repairs: tuple[Repair, ...] = ()
    """Every liberty that was taken, in the order of the text."""
    notices: tuple[Repair, ...] = ()
    """What is valid but worth knowing: ``duplicate-name``, ``lone-surrogate``, ``number-precision``."""
    trailing: str = ""
    """The text behind the value."""
    repairs_beyond: int = 0
    """How many repairs there were beyond ``Limits.repairs``."""
    notices_beyond: int = 0
    """How many notices there were beyond ``Limits.repairs``."""
    error: Exception | None = field(default=None, compare=False)
    """The ``SyntaxFault`` or ``LimitExceeded`` that stopped the parser, if one did."""


def _exact(literal: str) -> object:
    """Integers as ``int``, all other numbers as ``Decimal``: no digit is lost."""
    return Decimal(literal) if any(mark in literal for mark in ".eE") else int(Decimal(literal))


_UNLIMITED = 1 << 60
_Bounds: TypeAlias = tuple[int, int, int, int, int, int, int]


def _bounds(limits: Limits) -> _Bounds:
    def bound(limit: int | None) -> int:
        return _UNLIMITED if limit is None else min(limit, _UNLIMITED)

    return (
        bound(limits.depth),
        bound(limits.nodes),
        bound(limits.repairs),
        bound(limits.text),
        bound(limits.key),
        bound(limits.number),
        bound(limits.whitespace),
    )


_DEFAULT_LIMITS = Limits()
_DEFAULT_BOUNDS = _bounds(_DEFAULT_LIMITS)


def _conversion(numbers: Numbers) -> Callable[[str], object]:
    if numbers == "decimal":
        return _exact
    if callable(numbers):
        return numbers
    raise ValueError(f'numbers must be "python", "decimal" or a callable, not {numbers!r}')


class Parser(Face):
    """An incremental JSON parser.

    ``dialect`` says what is forgiven (``STRICT``, ``JSON5``, ``LENIENT`` or one of your own),
    ``limits`` what is too much. ``numbers`` is ``"python"`` (``int`` and ``float``, as ``json.loads``),
    ``"decimal"`` (``int`` and ``Decimal``, exact) or a callable that is given the literal's text. With
    ``many`` the input is a sequence of values (JSON Lines, concatenated values): finished ones leave
    through ``values()``, and ``value`` is the one in progress.

    One parser reads one stream and is used by one thread at a time.
    """

    __slots__ = ("_document", "_numbers", "dialect", "limits")

    if TYPE_CHECKING:

        def feed(self, chunk: str | bytes | bytearray | memoryview) -> None:  # type: ignore[override]
            ...

    def __init__(
        self,
        dialect: Dialect = LENIENT,
        *,
        limits: Limits = _DEFAULT_LIMITS,
        numbers: Numbers = "python",
        many: bool = False,
    ) -> None:
        bounds = _DEFAULT_BOUNDS if limits is _DEFAULT_LIMITS else _bounds(limits)
        number = None if numbers == "python" else _conversion(numbers)
        rules = dialect.rules
        self._machine = (
            Machine(bounds, number, many) if rules is None else Forgiving(bounds, number, many, rules)
        )
        self.dialect = dialect
        self.limits = limits
        self._numbers = numbers if isinstance(numbers, str) else None
        self._document: Document | None = None

    @property
    def status(self) -> Status:
        """``"incomplete"`` (a prefix of something valid), ``"complete"``, ``"repaired"`` (complete after
        repairs), ``"truncated"`` (closed before its end, or stopped by a limit) or ``"invalid"`` (no
        continuation can be valid)."""
        status: Status = self._machine.status()  # type: ignore[assignment]
        return status

    @property
    def open_path(self) -> Path | None:
        """The path of the innermost value that is still growing, or None."""
        return self._machine.open_path()

    @property
    def expected(self) -> frozenset[str]:
        """What the strict grammar would accept next, in words; empty behind a finished value."""
        return frozenset(self._machine.expected())

    @property
    def error(self) -> Exception | None:
        """The ``SyntaxFault`` or ``LimitExceeded`` that stopped the parser, if one did."""
        return self._machine.error

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The liberties taken so far."""
        return _notes(self._machine.repairs)

    @property
    def notices(self) -> tuple[Repair, ...]:
        """What is valid but worth knowing, so far."""
        return _notes(self._machine.notices)

    @property
    def offset(self) -> int:
        """How many characters of the decoded text have been read."""
        return self._machine.offset

    def is_done(self, path: Path) -> bool:
        """Whether there is a value at ``path`` and it can no longer change."""
        return self._machine.is_done(path)

    def edits(self) -> list[Edit]:
        """What happened to the tree since the last call, at most one ``Grow`` per string and feed.

        The first call answers with the edits that build the current tree and starts the recording.
        """
        return [_EDITS[kind](path, payload) for kind, path, payload in self._machine.record()]

    def values(self) -> list[object]:
        """The values that were finished since the last call (``many=True``)."""
        finished = self._machine.values
        self._machine.values = []
        return finished

    def close(self) -> Document:
        """The input has ended. Calling it again answers with the same document; it never raises."""
        if self._document is None:
            machine = self._machine
            machine.close()
            self._document = Document(
                machine.root,
                self.status,
                _notes(machine.repairs),
                _notes(machine.notices),
                machine.trailing(),
                machine.repairs_beyond,
                machine.notices_beyond,
                machine.error,
            )
        return self._document

    def completion(self) -> str:
        """The shortest text that closes the document now.

        The text so far and this one parse to a value that extends the snapshot by at most the one
        pending token or member. Empty behind a finished value, and after an error.
        """
        return completion(self._machine)

    def fork(self) -> Parser:
        """An independent parser in the same state; finished parts of the tree are shared."""
        twin = Parser(self.dialect, limits=self.limits)
        twin._numbers = self._numbers
        twin._machine = _checkpoint.fork(self._machine)
        twin._document = self._document
        return twin

    def checkpoint(self) -> dict[str, object]:
        """The state of the parser as plain JSON data (never pickle), to go on in another process.

        Raises ``TypeError`` where ``numbers`` is a callable whose results have no JSON form.
        """
        return {
            "dialect": self.dialect.name,
            "limits": asdict(self.limits),
            "numbers": self._numbers,
            "many": self._machine.many,
            "machine": _checkpoint.write(self._machine),
        }

    @classmethod
    def restore(
        cls,
        checkpoint: object,
        *,
        dialect: Dialect | None = None,
        numbers: Callable[[str], object] | None = None,
    ) -> Parser:
        """The parser that ``checkpoint()`` described: what is fed to it goes on identically.

        A dialect of your own and a ``numbers`` callable are not in the data and have to be given again.
        Raises ``CheckpointError`` for anything that is no checkpoint, or a damaged one.
        """
        kept = checkpoint if isinstance(checkpoint, Mapping) else {}
        name, limits, written = kept.get("dialect"), kept.get("limits"), kept.get("machine")
        if not isinstance(written, Mapping) or not isinstance(limits, Mapping) or not isinstance(name, str):
            raise CheckpointError("no checkpoint: it lacks the dialect, the limits or the machine")
        dialect = dialect or DIALECTS.get(name)
        if dialect is None or dialect.name != name:
            raise CheckpointError("the checkpoint is of another dialect: give it to restore()")
        known: dict[object, Numbers] = {"python": "python", "decimal": "decimal"}
        if numbers is not None:
            known[None] = numbers
        if not isinstance(kept.get("numbers"), str | NoneType) or kept.get("numbers") not in known:
            raise CheckpointError(
                "the checkpoint is of a parser with its own numbers: give them to restore()"
            )
        try:
            bounds = Limits(**limits)
        except (TypeError, ValueError) as fault:
            raise CheckpointError(f"no checkpoint, or a damaged one: {fault}") from None
        parser = cls(dialect, limits=bounds, numbers=known[kept["numbers"]], many=kept.get("many") is True)
        _checkpoint.read(parser._machine, written)
        return parser

    def __reduce__(self) -> tuple[Callable[..., Parser], tuple[object, ...]]:
        numbers = self._machine.number if self._numbers is None else None
        return _restored, (self.checkpoint(), self.dialect, numbers)

    def __copy__(self) -> Parser:
        return self.fork()

    def __deepcopy__(self, memo: object) -> Parser:
        return self.fork()

    def __repr__(self) -> str:
        return f"<Parser {self.dialect.name}, {self.status} at offset {self._machine.offset}>"


def _restored(
    checkpoint: dict[str, object], dialect: Dialect, numbers: Callable[[str], object] | None
) -> Parser:
    return Parser.restore(checkpoint, dialect=dialect, numbers=numbers)


def _done(path: Path, payload: object) -> Edit:
    return Done(path)


def _reset(path: Path, payload: object) -> Edit:
    return Reset(path)


_EDITS: tuple[Callable[[Path, Any], Edit], ...] = (Put, Grow, _done, _reset)


def _notes(notes: list[tuple[str, int, int, Path, str]]) -> tuple[Repair, ...]:
    return tuple([_note(*note) for note in notes])


def _note(kind: str, start: int, end: int, path: Path, loss: str) -> Repair:
    known: Loss = loss  # type: ignore[assignment]
    return Repair(kind, start, end, path, known)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def loads(text: str | bytes, dialect: Dialect = LENIENT) -> object:
    """The value of a JSON text, whole or cut; ``MISSING`` where there is none.

    Raises ``SyntaxFault`` where the dialect has no meaning for a character (never with ``LENIENT``)
    and ``LimitExceeded``. Of a cut text the part that is known is answered in every dialect.
    """
    if isinstance(text, str) and _may_be_plain(text):
        try:
            value: object = _PLAIN.decode(text)
        except (ValueError, RecursionError):
            pass
        else:
            openers = text.count("[") + text.count("{")
            if openers <= _DEPTH or not _may_be_deeper(value, openers):
                return value
    parser = Parser(dialect)
    parser.feed(text)
    return parser.close().value


def _may_be_plain(text: str) -> bool:
    """Whether a look from outside shows that no limit but the depth can be passed, and no character be
    replaced; a longer look costs more than it saves."""
    length, limits = len(text), _DEFAULT_BOUNDS
    escapes = "\\" in text
    if escapes and ("\\ud" in text or "\\uD" in text):
        return False
    if not text.isascii() and _SURROGATE.search(text) is not None:
        return False
    if length <= min(limits[4:]):
        return True
    return (
        length <= limits[3]
        # "[1,1,1": a node is two characters at least
        and (length < 2 * limits[1] or text.count(",") + text.count("[") + text.count("{") < limits[1])
        and _never_far(text, _QUOTE if '"' in text else _COMMA)
    )


def _never_far(text: str, mark: re.Pattern[str]) -> bool:
    """Whether ``mark``, which stands in no name and no number, is in every stretch of half the smallest
    limit: then none of them is too long, and no white space."""
    half = min(_DEFAULT_BOUNDS[4:]) // 2
    return all(mark.search(text, start, start + half) for start in range(0, len(text) - half, half))


def _may_be_deeper(value: object, openers: int) -> bool:
    """Whether more arrays and objects than are allowed may stand in one another: of what the value of a
    repeated name replaced, there is only the number of brackets in the text."""
    level = [value] if isinstance(value, (dict, list)) else []
    depth = 0
    while level and depth <= _DEPTH:
        depth += 1
        openers -= len(level)
        level = [
            item
            for container in level
            for item in (container.values() if type(container) is dict else container)
            if type(item) is dict or type(item) is list
        ]
    return depth + openers > _DEPTH


_DEPTH = _DEFAULT_BOUNDS[0]
_PLAIN = json.JSONDecoder(parse_constant=_refuse_constant)
_QUOTE = re.compile(r'[^\\]"')
_COMMA = re.compile(",")
_SURROGATE = re.compile("[\ud800-\udfff]")
