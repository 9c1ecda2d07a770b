"""The part of ``Parser`` that runs once per fragment, compiled with the machine: an interpreted method
in front of it would cost as much as the machine itself does for a short fragment."""

from __future__ import annotations

from partialjson._machine.grammar import Machine
from partialjson._native import mypyc_attr


@mypyc_attr(allow_interpreted_subclasses=True)
class Face:
    """A machine behind the methods that every fragment needs."""

    _machine: Machine

    def feed(self, chunk: object) -> None:
        """Read a fragment: ``str``, or UTF-8 bytes cut anywhere. An empty one never means the end.

        Raises ``SyntaxFault`` where neither the grammar nor the dialect has a meaning for a character
        (never with ``LENIENT``) and ``LimitExceeded``. What was read before stays readable; later feeds
        raise the same. Raises ``ValueError`` after ``close()``, ``TypeError`` for anything else.
        """
        self._machine.feed(chunk)

    @property
    def value(self) -> object:
        """The value as far as it is known, live: free to read, not to keep. ``MISSING`` where there
        is none yet."""
        return self._machine.root

    def snapshot(self) -> object:
        """The value as it is now. What is handed out is never changed again by the parser and shares
        every finished part with its neighbours: plain dicts and lists, to be treated as read-only."""
        return self._machine.snapshot()
