"""One response of the provider, and each of its choices."""

from __future__ import annotations

from partialjson.calls.assembly import Assembly
from partialjson.calls.characters import join_halves, repair_halves
from partialjson.calls.identity import Book
from partialjson.calls.markup import Markup
from partialjson.fragment import Mode
from partialjson.providers.table import Finish


class Prose:
    """Text that is only shown: kept in pieces, in whole characters."""

    __slots__ = ("_held", "_pieces", "_room", "overflowed")

    def __init__(self, limit: int | None) -> None:
        self.overflowed = False
        """The limit was passed just now; what is beyond it was dropped."""
        self._pieces: list[str] = []
        self._held = ""
        self._room = limit

    def add(self, text: str, mode: Mode = "delta") -> str:
        """Take in a fragment; what it adds to the text."""
        if mode == "cumulative" or mode == "snapshot":
            so_far = self.text
            text = text[len(so_far) :] if text.startswith(so_far) else ""
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
        """All of it. Asking again costs nothing."""
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

    __slots__ = ("calls", "choices", "errors", "number", "over", "owes_finish", "response", "usage")

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
        self.owes_finish = False
        """Payloads came, and nobody aborted: that no reason is given for its end would be odd."""

    @property
    def started(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.choices or self.usage or self.errors)
