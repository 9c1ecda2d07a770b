"""``re.search`` in bounded time.

Python's ``re`` backtracks: ``^(a+)+$`` takes half a second for 24 characters and twice as long for each
one more. Here a pattern's worst case is estimated from its syntax tree. Where that is small for the
length of the text, ``re`` itself answers. Elsewhere a Thompson automaton does, whose steps are
characters times states; its letters and assertions are still matched by ``re``, one at a time, so that
both read a pattern alike. What an automaton cannot express (look-around, back-references) and ``re``
cannot promise to finish is refused.

Theory: R. Cox, "Regular Expression Matching Can Be Simple And Fast", https://swtch.com/~rsc/regexp/.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from partialjson.errors import quote
from partialjson.schema.verdict import SchemaFault

if sys.version_info >= (3, 11):
    from re import _compiler, _constants, _parser
else:
    import sre_compile as _compiler
    import sre_constants as _constants
    import sre_parse as _parser

_parse: Callable[[str], Any] = _parser.parse
_Items: Any = _parser.SubPattern
BACKTRACKING_STEPS = 10_000_000
"""Steps that ``re`` may take in the worst case: some tenths of a second."""
LENGTH = 2**24
"""Characters; a longer text is always left to the automaton."""
AUTOMATON_STEPS = 5_000_000
"""Characters times states: a second or two."""
STATES = 2_000
"""States of one automaton: ``(a{1,1000}){1,1000}`` would have a million."""


def search(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text, as ``re.search`` would say.

    Raises ``SchemaFault`` (``"pattern"``) where nobody can say so in bounded time.
    """
    return compiled(pattern).search(text)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Pattern:
    """The pattern, made ready. Raises ``SchemaFault`` (``"pattern"``) where ``re`` refuses it."""
    return Pattern(pattern)


class Pattern:
    """One regular expression: ``re``'s, and an automaton for the same, built when first needed."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        try:
            self._re = re.compile(pattern)
            self.tree = _parse(pattern)
        except (re.error, OverflowError) as error:
            raise SchemaFault("pattern", f"no regular expression: {quote(pattern)}: {error}") from error
        self._automaton: Automaton | None = None

        self._cheap_to = 1
        while self._cheap_to < LENGTH and self._steps(2 * self._cheap_to) <= BACKTRACKING_STEPS:
            self._cheap_to *= 2

    def is_cheap(self, length: int) -> bool:
        """Whether ``re`` is sure to be quick with any text of this length."""
        return length <= self._cheap_to

    def _steps(self, length: int) -> float:
        """At most how many steps ``re`` takes."""
        first = self.tree[0] if len(self.tree) else None
        starts = 1 if first in _ANCHORS else length + 1
        return starts * _ways(self.tree, length) * (length + 1)

    def search(self, text: str) -> bool:
        """As the function ``search``."""
        if self.is_cheap(len(text)):
            return self._re.search(text) is not None
        if self._automaton is None:
            self._automaton = Automaton(self.pattern, self.tree)
        return self._automaton.search(text)


_ANCHORS = (
    (_constants.AT, _constants.AT_BEGINNING),
    (_constants.AT, _constants.AT_BEGINNING_STRING),
)
_LETTERS = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN)
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, getattr(_constants, "POSSESSIVE_REPEAT", None))
"""``x*``, ``x*?`` and, since Python 3.11, ``x*+``."""


def _ways(items: Iterable[Any], length: int) -> float:
    """At most how many ways there are to match the items against a text of this length."""
    ways = 1.0
    for operator, argument in items:
        if operator in _REPEATS:
            least, most, body = argument
            times = min(most, length)
            once = _ways(body, length)
            ways *= max(1, times - least + 1) * _power(once, times)
        elif operator is _constants.BRANCH:
            ways *= sum(_ways(branch, length) for branch in argument[1])
        elif isinstance(argument, tuple):  # a group or an assertion: the parts stand last
            parts = [_ways(part, length) for part in argument if isinstance(part, _Items)]
            ways *= max(1.0, sum(parts))
        elif isinstance(argument, _Items):  # an atomic group
            ways *= _ways(argument, length)
    return ways


def _power(base: float, exponent: int) -> float:
    try:
        return base**exponent
    except OverflowError:
        return float("inf")


class Automaton:
    """A nondeterministic automaton, built from the end of the pattern to its start.

    A state is a letter (a test on one character and what follows), an assertion (a test on a place),
    or a fork. State 0 is the end.
    """

    def __init__(self, pattern: str, tree: Any) -> None:
        self._pattern = pattern
        self.tree = tree
        self._letters: dict[int, tuple[Callable[[str], object], int]] = {}
        self._assertions: dict[int, tuple[Callable[[str, int], object], int]] = {}
        self._forks: dict[int, tuple[int, ...]] = {}
        self._size = 1
        if tree.state.flags & re.MULTILINE:
            raise self._refusal()
        self._start = self._build(tree, 0)

    def search(self, text: str) -> bool:
        if len(text) * self._size > AUTOMATON_STEPS:
            raise self._refusal()
        states: set[int] = set()
        for place in range(len(text) + 1):
            letters = self._reach({*states, self._start}, text, place)
            if 0 in letters:
                return True
            states = set()
            for state in letters:
                test, after = self._letters[state]
                if place < len(text) and test(text[place]):
                    states.add(after)
        return False

    def _reach(self, states: set[int], text: str, place: int) -> set[int]:
        """The letters (and perhaps the end) that these states lead to without reading a character."""
        pending, letters = list(states), set()
        while pending:
            state = pending.pop()
            if state in self._forks:
                after: tuple[int, ...] = self._forks[state]
            elif state in self._assertions:
                test, follower = self._assertions[state]
                after = (follower,) if test(text, place) else ()
            else:
                letters.add(state)
                continue
            fresh = [each for each in after if each not in states]
            states.update(fresh)
            pending.extend(fresh)
        return letters

    def _build(self, items: Any, after: int) -> int:
        for item in reversed(items):
            after = self._build_one(item, after)
        return after

    def _build_one(self, item: tuple[Any, Any], after: int) -> int:
        operator, argument = item
        if operator in _LETTERS:
            return self._letter(item, after)
        if operator is _constants.AT:
            state = self._state()
            self._assertions[state] = (self._matcher(item).match, after)
            return state
        if operator is _constants.BRANCH:
            return self._fork([self._build(branch, after) for branch in argument[1]])
        if operator is _constants.SUBPATTERN and not argument[1] and not argument[2]:
            return self._build(argument[3], after)
        if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            least, most, body = argument
            return self._repeat(least, most, body, after)
        raise self._refusal()

    def _repeat(self, least: int, most: int, body: Any, after: int) -> int:
        if most is _constants.MAXREPEAT:
            entry = self._fork([after])
            self._forks[entry] = (self._build(body, entry), after)
        else:
            entry = after
            for _ in range(most - least):
                entry = self._fork([self._build(body, entry), after])
        for _ in range(least):
            entry = self._build(body, entry)
        return entry

    def _letter(self, item: tuple[Any, Any], after: int) -> int:
        state = self._state()
        self._letters[state] = (lru_cache(maxsize=256)(self._matcher(item).match), after)
        return state

    def _fork(self, targets: list[int]) -> int:
        state = self._state()
        self._forks[state] = tuple(targets)
        return state

    def _state(self) -> int:
        if self._size >= STATES:
            raise self._refusal()
        self._size += 1
        return self._size - 1

    def _matcher(self, item: tuple[Any, Any]) -> re.Pattern[str]:
        single = _Items(self.tree.state, [item])
        pattern: re.Pattern[str] = _compiler.compile(single, self.tree.state.flags)
        return pattern

    def _refusal(self) -> SchemaFault:
        return SchemaFault("pattern", f"cannot be matched in bounded time: {quote(self._pattern)}")
