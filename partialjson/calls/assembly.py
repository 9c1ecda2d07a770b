"""One text that arrives in pieces, and the parser that reads it: the common half of a call and an output.

What is applied goes into the parser and is ``text``. What arrives is ``raw``: the same, and what was
kept without being applied (late text, a value that was restated). What restates the text word for word
is not kept twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from partialjson.calls.characters import join_halves, repair_halves
from partialjson.calls.reconcile import SEEDS, Reading, begins_like_a_seed, reconcile, settle
from partialjson.dialects import Dialect
from partialjson.edits import Edit
from partialjson.errors import LimitExceeded, Path, SyntaxFault
from partialjson.fragment import Mode
from partialjson.limits import Limits
from partialjson.missing import MISSING
from partialjson.parser import Document, Parser
from partialjson.schema.verdict import Violation

DEFAULT_LIMITS = Limits()
_CLOSERS = frozenset("}] \n\r\t")
_SEED_LENGTH = 16  # as long as a seed and the white space around it can be
_NO_VIOLATIONS: tuple[Violation, ...] = ()

Tell = Callable[[], Sequence[Violation]]
"""Says what has become certain since it was last asked."""


class Early(Protocol):
    """A validator that watches a parser (``partialjson.schema.EarlyValidator``)."""

    def watch(self, parser: Parser) -> Tell: ...


class Assembly:
    """A JSON text, or a free one (``dialect=None``), of one choice in one turn."""

    __slots__ = (
        "_again",
        "_applied",
        "_arrived",
        "_base",
        "_closed",
        "_cumulative",
        "_feed",
        "_held",
        "_limits",
        "_make_early",
        "_parser",
        "_place",
        "_plain",
        "_received",
        "_replayed",
        "_seeded",
        "_seen",
        "_tell",
        "_trailing",
        "_twin",
        "choice",
        "dialect",
        "fault",
        "length",
        "lost",
        "retold",
        "steady",
        "turn",
    )

    def __init__(self, dialect: Dialect | None, limits: Limits, choice: int, turn: int) -> None:
        self.dialect = dialect
        self.choice = choice
        self.turn = turn
        self.fault: SyntaxFault | LimitExceeded | None = None
        """What stopped the parser, if anything did."""
        self.length = 0
        """Characters applied."""
        self.lost = 0
        """Characters that were not even kept: those beyond ``Limits.text`` that came after the end."""
        self.steady = False
        """The value is open, and nothing odd has happened: a shorter delta can only continue it."""
        self._limits = limits
        self._applied: list[str] = []
        self._received = self._applied  # one list, until they differ
        self._arrived = 0
        """Characters in ``raw``, once that is not ``text``."""
        self._held = ""
        self._cumulative = False
        self._replayed = 0
        self._seeded = False
        self._trailing = False
        self._twin: Parser | None = None
        self._seen: int | None = None
        """Up to how many characters the edits were read; None where they never were."""
        self._base = 0
        """Where the text of the present response begins; what is before it came before a cut."""
        self._again: int | None = None
        """How much of the text a stream has repeated, after a cut; None where none does, or it is done."""
        self.retold = False
        """A stream tells all of it again."""
        self._closed = False
        self._place: Path | None = None
        """What was open when it was closed."""
        self._make_early: Callable[[], Early] | None = None
        self._tell: Tell | None = None
        self._plain = True
        """All that was received was applied, and nobody watches: ``advance`` has no more to do."""
        self._parse_anew()

    # What there is

    @property
    def text(self) -> str:
        """The text as it was applied."""
        return _joined(self._applied)

    @property
    def raw(self) -> str:
        """Everything that arrived, in order."""
        return _joined(self._received)

    @property
    def partial(self) -> object:
        """The value so far, a snapshot; ``MISSING`` where there is none. Of a free text, the text."""
        return self.text if self._parser is None else self._parser.snapshot()

    @property
    def open_path(self) -> Path | None:
        """The path of the innermost value that is still growing, or was when the text was over; or None."""
        return self._place if self._parser is None or self._closed else self._parser.open_path

    @property
    def complete(self) -> bool:
        """Whether the value is whole by its grammar, whatever the provider says."""
        return self._parser is not None and self._parser.is_done(())

    @property
    def holds_value(self) -> bool:
        """Whether some value inside, or the whole, is whole by its grammar."""
        if self._parser is None:
            return False
        path, value = self._parser.open_path, self._parser.value
        if path is None:
            return value is not MISSING
        for step in path:
            if not isinstance(value, dict | list) or len(value) > 1:
                return True  # what stands beside the open one is over
            value = value[step]  # type: ignore[index]
        return isinstance(value, dict | list) and bool(value)

    @property
    def blank(self) -> bool:
        """Whether nothing but white space was applied."""
        return not self.length or not self.text.strip()

    def take_edits(self) -> list[Edit]:
        """The edits since the last call; the first call builds the tree."""
        self._seen = self.length
        if self._parser is None:
            return []
        if self._tell is None:
            return self._parser.edits()
        if self._twin is None:  # the recording belongs to the early validator: it takes a second one
            self._twin = Parser(self._parser.dialect, limits=self._limits)
            self._read_twice(self.text)
        return self._twin.edits()

    # What arrives

    def advance(self, text: str) -> Sequence[Violation]:
        """Apply more text, which is not empty. What the parser refuses is kept in ``fault`` and ``raw``."""
        self._applied.append(text)
        self.length += len(text)
        try:
            self._feed(text)
        except (SyntaxFault, LimitExceeded) as fault:
            self.fault = fault
            self.steady = False
        if text[-1] in _CLOSERS and self.steady and self.complete:
            self.steady = False
        return _NO_VIOLATIONS if self._plain else self._advanced(text)

    def _advanced(self, text: str) -> Sequence[Violation]:
        """The rest of ``advance``, where something is not as it mostly is."""
        if self._received is not self._applied:
            self._received.append(text)
            self._arrived += len(text)
        if self._tell is None:
            return _NO_VIOLATIONS
        if self._twin is not None:
            self._read_twice(text)
        return self._tell() if self.fault is None else _NO_VIOLATIONS

    def _read_twice(self, text: str) -> None:
        if self._twin is not None:
            with suppress(SyntaxFault, LimitExceeded):  # which we know of: it is our own fault
                self._twin.feed(text)

    def whole_characters(self, text: str) -> str:
        """The text with what was held back of the last, and without half a character at its end."""
        if self._held or not text.isascii():
            text, self._held = join_halves(self._held, text)
            self.steady = self.steady and not self._held
        return text

    def release(self) -> str:
        """What was held back, where nothing follows: the half stands for a whole one, U+FFFD."""
        half, self._held = self._held, ""
        return repair_halves(half)

    def read(self, text: str, mode: Mode, *, drops_repeats: bool = False) -> Reading:
        """What the fragment is, given what came before. Nothing is applied yet."""
        whole = mode in ("snapshot", "cumulative")
        if self._again is not None and not (whole and text.startswith(self.text)):
            seed = not self._again and (mode == "seed" or text.strip() in SEEDS)
            return self._repeated(text, 0 if whole or self._cumulative else self._again, seed)
        self._again = None
        if mode == "exact":
            return Reading("append", text)
        if not self.length:
            self._seeded = mode == "seed"
            return Reading("append", text)
        if mode == "delta" and (text.isspace() or self._only_continues(text)):
            return Reading("append", text)
        if whole:
            return settle(self.text, self.text[: self._base] + text)
        if self._trailing:
            return Reading("append", text)
        if self._parser is None:
            return Reading("append", text)
        so_far = self.text
        if self._replayed:
            if so_far.startswith(text, self._replayed):
                self._replayed = (self._replayed + len(text)) % len(so_far)
                return Reading("drop")
            text = so_far[: self._replayed] + text
            self._replayed = 0
        reading = reconcile(
            so_far,
            text,
            complete=self.complete,
            seeded=self._seeded,
            cumulative=self._cumulative,
            drops_repeats=drops_repeats,
        )
        if reading.action == "replay":
            self._replayed = len(text)
        elif reading.code == "cumulative":
            self._cumulative = True
        elif reading.code == "trailing-data":
            self._trailing = True
        elif reading.action == "append":
            self._seeded = False
        return reading

    @property
    def behind(self) -> bool:
        """Whether a stream repeats the text, and has not come to its end yet."""
        return self._again is not None

    def _repeated(self, text: str, at: int, seed: bool) -> Reading:
        """What the text is that should repeat ours from there on: nothing new, more, or another one. Of a
        seed ours may have got rid."""
        known = self.text
        if known.startswith(text, at):
            said = at + len(text)
            self._again = said if said < len(known) else None
            return Reading("drop")
        if seed and not text.startswith(known):
            return Reading("drop")
        self._again = None
        if text.startswith(known[at:]):
            return Reading("append", text[len(known) - at :])
        return Reading("replace", known[:at] + text, "snapshot-mismatch")

    def cut_short(self) -> Reading:
        """The stream that repeats the text has ended it before its end."""
        again, self._again = self._again, None
        return Reading("replace", self.text[:again], "snapshot-mismatch")

    def go_on(self, *, repeats: bool) -> None:
        """What comes next is of another stream, that continues the text or repeats it."""
        self._held = ""
        self._replayed = 0
        self._base = 0 if repeats else self.length
        self._again = 0 if repeats and self.length else None
        self.retold = repeats
        self.steady = False

    def reopen(self) -> None:
        """The text is not over after all."""
        text, raw, seen = self.text, self.raw, self._seen
        self._applied = []
        self._received = self._applied
        self._arrived = 0
        self.length = 0
        self.fault = None
        self._closed = False
        self.steady = False
        self._parse_anew()
        self._twin = None
        self._plain = True
        if self._make_early is not None:
            self.watch(self._make_early)
        self.rebuild(text, raw, seen=seen, closed=False)

    def restated_by(self, text: str) -> bool:
        """Whether a snapshot says what the text said."""
        return settle(self.text, text).text == ""

    def trail(self, text: str) -> Reading:
        """Take this text, and what follows, for something behind the value."""
        self._trailing = True
        return Reading("append", text, "trailing-data")

    def settle_down(self) -> None:
        """Find out whether shorter fragments may skip ``read`` from here on."""
        # A scalar may end anywhere; in a container, only a bracket ends the value.
        inside = self._parser is None or isinstance(self._parser.value, dict | list)
        self.steady = inside and self.fault is None and not self._held and self._only_continues("")

    def _only_continues(self, text: str) -> bool:
        """Whether a delta is too short to restate the text, and comes where there is nothing else to be."""
        return (
            len(text) < self.length
            and not self._replayed
            and not self.behind
            and not self.complete
            and (self.length > _SEED_LENGTH or not begins_like_a_seed(self.text))
        )

    def keep(self, text: str) -> None:
        """Keep text in ``raw`` without applying it, up to ``Limits.text``."""
        self._part_ways()
        if not text.isascii():
            text = repair_halves(text)
        limit = self._limits.text
        kept = text if limit is None else text[: max(0, limit - self._arrived)]
        self._received.append(kept)
        self._arrived += len(kept)
        self.lost += len(text) - len(kept)

    def replace(self, text: str) -> Sequence[Violation]:
        """Begin anew with ``text``; what was there before stays in ``raw``."""
        self._part_ways()
        self._applied = []
        self.length = 0
        self.fault = None
        self._replayed = 0
        self._cumulative = False
        self._seeded = False
        self._trailing = False
        self._parse_anew()
        self._twin = None
        self._seen = None
        self._base = 0
        if self._make_early is not None:
            self.watch(self._make_early)
        return self.advance(text) if text else _NO_VIOLATIONS

    def watch(self, make_early: Callable[[], Early]) -> Sequence[Violation]:
        """Have the edits, those that built the tree included, watched by an early validator."""
        if self._parser is None:
            return _NO_VIOLATIONS
        self._plain = False
        self._make_early = make_early
        self._tell = make_early().watch(self._parser)
        return self._tell()

    def finish(self) -> Document:
        """The text is over. Of a free text, the text is the value."""
        if self._held and not self._closed:
            self.advance(self.release())
        if self._parser is None:
            return Document(self.text, "complete")
        if not self._closed:
            self._place = self._parser.open_path
            self._closed = True
        return self._parser.close()

    def rebuild(self, text: str, raw: str, *, seen: int | None, closed: bool) -> None:
        """Take in, as the first, what another assembly had: the same text leads to the same state, however
        it came. ``seen``: up to where the edits were read. What violates a schema was told then."""
        read = 0 if seen is None else seen
        for start, end in ((0, read), (read, len(text))):
            if start < end:
                self.advance(text[start:end])
            if end == seen:
                self.take_edits()
                seen = None
        if raw != text:
            self._part_ways()
            self._received = [raw]
            self._arrived = len(raw)
        if closed:
            self.finish()

    def _parse_anew(self) -> None:
        self._parser: Parser | None = None
        self._feed: Callable[[str], None] = _ignore
        if self.dialect is not None:
            standard = self._limits is DEFAULT_LIMITS  # which the parser has at hand
            self._parser = Parser(self.dialect) if standard else Parser(self.dialect, limits=self._limits)
            self._feed = self._parser.feed

    def _part_ways(self) -> None:
        """From here on, what is received and what is applied are two lists."""
        if self._received is self._applied:
            self._received = self._applied.copy()
            self._arrived = self.length
            self._plain = False


def _ignore(text: str) -> None:
    """What is no JSON is not parsed."""


def _joined(pieces: list[str]) -> str:
    """The pieces as one text, which replaces them: asking again costs nothing."""
    if len(pieces) > 1:
        pieces[:] = ["".join(pieces)]
    return pieces[0] if pieces else ""
