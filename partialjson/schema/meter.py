"""What one validation may cost: keywords applied, and characters quoted in errors.

``$ref`` fan-out makes 3^10 steps of ten short definitions, and each error of jsonschema quotes the whole
value it is about: both are bounded in proportion to the value, with room for the widest real schemas.
"""

from __future__ import annotations

from contextvars import ContextVar

from partialjson.schema.regex import Pattern
from partialjson.schema.values import nodes
from partialjson.schema.verdict import SchemaFault

STEPS = 100_000
"""Keywords applied to one value of whatever size: about a second of jsonschema."""
STEPS_PER_NODE = 100
"""Keywords more for every node: a union of twenty models applies some sixty to a leaf."""
QUOTED = 50_000_000
"""Characters quoted in the errors of one value, kept in memory until the verdict is dropped."""
QUOTED_PER_CHARACTER = 200
"""Characters more for each of the value: every container above may quote it, some keywords each."""
NODE_CHARACTERS = 10
"""What a node counts for, its punctuation and member name included."""


class Meter:
    """What is left to spend on one value; raises ``SchemaFault`` (``"steps"``) when nothing is."""

    def __init__(self, value: object, name_patterns: tuple[Pattern, ...]) -> None:
        self._name_patterns = name_patterns
        everything = nodes(value)
        self._weights: dict[int, int] = {}
        for node in reversed(everything):
            if isinstance(node, dict):
                self._weights[id(node)] = NODE_CHARACTERS + sum(map(self._weight, node.values()))
            elif isinstance(node, list):
                self._weights[id(node)] = NODE_CHARACTERS + sum(map(self._weight, node))
        self._steps = STEPS + STEPS_PER_NODE * len(everything)
        self._quoted = QUOTED + QUOTED_PER_CHARACTER * self._weight(value)

    def step(self) -> None:
        """One keyword is applied."""
        self._steps -= 1
        if self._steps < 0:
            raise SchemaFault("steps", "validating this value against this schema takes too many steps")

    def quote(self, characters: int) -> None:
        """So many characters are quoted in an error."""
        self._quoted -= characters
        if self._quoted < 0:
            raise SchemaFault("steps", "the errors of this value against this schema are too long")

    def quote_value(self, node: object) -> None:
        """An error may quote this part of the value."""
        self.quote(self._weight(node))

    def match_names(self, node: object) -> None:
        """Any pattern for names may be asked of this object's, by ``re`` itself."""
        length = max(map(len, node), default=0) if isinstance(node, dict) else 0
        if not all(pattern.is_cheap(length) for pattern in self._name_patterns):
            raise SchemaFault("pattern", "a member name cannot be matched in bounded time")

    def _weight(self, node: object) -> int:
        return len(node) if isinstance(node, str) else self._weights.get(id(node), NODE_CHARACTERS)


current: ContextVar[Meter] = ContextVar("current")
"""The meter of the validation that is going on."""
