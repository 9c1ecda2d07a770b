"""The limits: each has a name, a default, and the reason for the number.

Exceeding one is a typed outcome (``LimitExceeded``, or a failed call) at the same offset
however the input is cut. RFC 8259 section 9 allows a parser to set them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one document, one turn and one transport; ``None`` switches a limit off."""

    depth: int | None = 128
    """Open arrays and objects. ``orjson.dumps`` gives up at 254 and ``copy.deepcopy`` at 498:
    what is handed out must survive downstream."""
    text: int | None = 8 * 1024 * 1024
    """Characters in one document; eight times the largest model outputs known."""
    nodes: int | None = 250_000
    """Values in one document. A node costs up to 34 bytes per input character, so a bound on the
    text alone is no bound on memory."""
    key: int | None = 4_096
    """Characters in one member name."""
    number: int | None = 4_300
    """Characters in one number literal, checked before ``int()``: CPython's own limit on digits,
    set against quadratic conversion (CVE-2020-10735)."""
    whitespace: int | None = 4_096
    """White space in a row outside strings. Models in JSON mode have sent 63,000 spaces."""
    repairs: int | None = 100
    """Repairs (and notices) kept; further ones are counted."""
    anomalies: int | None = 100
    """Anomalies kept for one accumulator; further ones are counted."""
    calls: int | None = 128
    """Tool calls in one turn."""
    choices: int | None = 16
    """Choices in one turn."""
    name: int | None = 256
    """Characters in a tool name or an id."""
    sse_line: int | None = 1024 * 1024
    """Bytes in one line of a stream of server-sent events."""
    sse_event: int | None = 8 * 1024 * 1024
    """Bytes in one server-sent event, and in one record of any other wire."""
    sse_event_lines: int | None = 10_000
    """Lines in one server-sent event: empty ``data:`` lines weigh nothing in a byte count."""
    idle_events: int | None = 10_000
    """Events in a row that carry no content (heartbeats, comments, empty deltas)."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"Limits.{field.name} must be an int or None, not {type(value).__name__}")
            if value < 0:
                raise ValueError(f"Limits.{field.name} must not be negative, not {value}")

    @classmethod
    def none(cls) -> Limits:
        """No limits at all: for trusted input only."""
        return cls(**{field.name: None for field in fields(cls)})
