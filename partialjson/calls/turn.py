"""One response of the provider, and each of its choices."""

from __future__ import annotations

from partialjson.calls.assembly import Assembly
from partialjson.calls.characters import join_halves, repair_halves
from partialjson.calls.identity import Book
from partialjson.calls.markup import Markup
from partialjson.fragment import Mode
from partialjson.providers.table import Finish

_MOST_PARTS = 1024
_LONGEST_PART = 64


class Prose:
    """Text that is only shown: kept in pieces, in whole characters."""

    __slots__ = (
        *("_again", "_base", "_held", "_last", "_lengths", "_pieces", "_room", "_run", "_told"),
        *("departed", "differs", "overflowed"),
    )

    def __init__(self, limit: int | None) -> None:
        self.overflowed = False
        """The limit was passed just now; what is beyond it was dropped."""
        self.differs = False
        """What was shown was restated differently just now; it stays."""
        self.departed: int | None = None
        """From this character on, what was to be repeated was just now not what had been shown."""
        self._pieces: list[str] = []
        self._told = ""
        """What was shown before a cut, while a stream repeats it."""
        self._again = 0
        """How much of that it has repeated."""
        self._base = 0
        """Where the text of the present response begins; what is before it came before a cut."""
        self._held = ""
        self._room = limit
        self._lengths: dict[int | str, int] = {}
        """How many characters each part of the text has, on wires that tell its parts."""
        self._last: int | str | None = None
        """The part that was added to last."""
        self._run = 0
        """How many characters it has behind those of other parts."""

    def add(self, text: str, mode: Mode = "delta", part: object = None) -> str:
        """Take in a fragment, of the text or of one part of it; what it adds to the text."""
        if not isinstance(part, int | str) or (isinstance(part, str) and len(part) > _LONGEST_PART):
            part = None
        if mode == "cumulative" or mode == "snapshot":
            text = self._rest(text, part)
        text = self._kept(text)
        if text and part is not None:
            self._run = len(text) + (self._run if part == self._last else 0)
            self._last = part
            if part in self._lengths or len(self._lengths) < _MOST_PARTS:
                self._lengths[part] = self._lengths.get(part, 0) + len(text)
        return self._untold(text) if self._told else text

    def _untold(self, text: str) -> str:
        """What of the text was not shown before the cut."""
        at, told = self._again, self._told
        self._again += len(text)
        if self._again < len(told) and told.startswith(text, at):
            return ""
        self._told = ""
        if text.startswith(told[at:]):
            return text[len(told) - at :]
        self.departed = at
        return text

    def settle(self) -> None:
        """The response is over; it may have repeated less than what was shown before the cut."""
        if self._told:
            self._told = ""
            self.departed = self._again

    def go_on(self, *, repeats: bool) -> None:
        """What comes next is of another stream, that continues the text or repeats it."""
        self._held = ""
        text, own = self.text, self.own
        self._pieces = [] if repeats or not text else [text]
        self._told = text if repeats else ""
        if self._room is not None:
            self._room += len(own) - (0 if repeats else len(text))
        self._again = 0
        self._base = 0 if repeats else len(text)
        self._lengths.clear()
        self._last = None
        self._run = 0

    def _rest(self, text: str, part: int | str | None) -> str:
        """What a restatement adds behind what is shown. The past cannot be changed."""
        half, self._held = self._held, ""
        shown = self.own
        known = len(shown) - self._base if part is None else self._lengths.get(part, 0)
        apart = known != (self._run if part == self._last else 0)
        if part is not None and (apart or (not known and len(self._lengths) >= _MOST_PARTS)):
            self.differs = len(text) != known  # other text came between
            return ""
        self.differs = len(text) < known or not shown.endswith(text[:known])
        if self.differs:
            self._held = half
            return ""
        return text[known:]

    def _kept(self, text: str) -> str:
        """Take in new text: whole characters, up to the limit."""
        if self._held or not text.isascii():
            text, self._held = join_halves(self._held, text)
        if self._room is not None:
            if len(text) > self._room:
                self.overflowed = True
                text = text[: self._room]
            self._room -= len(text)
        if text:
            self._pieces.append(text)
        return text

    @property
    def text(self) -> str:
        """All that was shown. Asking again costs nothing."""
        return self._told or self.own

    @property
    def own(self) -> str:
        """What the present stream said, and one that it continues."""
        if len(self._pieces) > 1:
            self._pieces[:] = ["".join(self._pieces)]
        whole = self._pieces[0] if self._pieces else ""
        return whole + repair_halves(self._held)


class Choice:
    """One of the answers of a turn."""

    __slots__ = (
        "answered",
        "book",
        "finish",
        "heard",
        "index",
        "markup",
        "meaning",
        "output",
        "reasoning",
        "refusal",
        "text",
    )

    def __init__(self, index: int, text_limit: int | None) -> None:
        self.index = index
        self.book = Book()
        self.text = Prose(text_limit)
        self.reasoning = Prose(text_limit)
        self.refusal = Prose(text_limit)
        self.heard = Prose(text_limit)
        """The text with the calls in it, where a text dialect is read."""
        self.markup: Markup | None = None
        """Reads the text dialect."""
        self.output: Assembly | None = None
        """The structured answer, where one is expected."""
        self.answered = False
        """The structured answer has its verdict."""
        self.finish: str | None = None
        """The provider's finish reason."""
        self.meaning: Finish | None = None
        """The same in our vocabulary."""


class Turn:
    """One response: its choices, and what belongs to all of them."""

    __slots__ = (
        *("adopts", "calls", "choices", "errors", "number", "over", "owes_finish", "response", "usage"),
    )

    def __init__(self, number: int, response: str | None) -> None:
        self.number = number
        self.response = response
        self.choices: dict[int, Choice] = {}
        self.usage: dict[str, object] = {}
        self.errors: list[object] = []
        """The provider's error objects, as they came."""
        self.calls = 0
        """How many calls were opened in it."""
        self.over = False
        self.adopts = False
        """After a cut: the next response goes on with this turn."""
        self.owes_finish = False
        """Payloads came, and nobody aborted: that no reason is given for its end would be odd."""

    @property
    def waits(self) -> bool:
        """Whether its provider had more to say: some choice has no finish, and there was no error."""
        unfinished = any(choice.finish is None for choice in self.choices.values())
        return unfinished and not self.over and not self.errors

    @property
    def started(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.choices or self.usage or self.errors)
