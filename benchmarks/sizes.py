"""How large the cases are, and how long each is tried."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.timing import Effort

KB = 1024
MB = 1024 * KB


@dataclass(frozen=True)
class Sizes:
    """Ascending; growth is read off the last two."""

    call: tuple[int, ...]
    """Characters of a tool call's arguments."""
    string: tuple[int, ...]
    """Characters of the document that is one string."""
    shape: tuple[int, ...]
    """Characters of the documents of one kind throughout."""
    whole: tuple[int, ...]
    """Characters of the texts that are not streamed."""
    fragments: tuple[int, ...]
    """One-character fragments of one call."""
    interleaved: tuple[int, ...]
    """Fragments of each of 64 calls that take turns."""


FULL = (
    Sizes(
        call=(48, KB, 10 * KB, 300 * KB),
        string=(KB, 16 * KB, 512 * KB, MB),
        shape=(KB, 32 * KB, 64 * KB),
        whole=(KB, 10 * KB, 300 * KB),
        fragments=(58_333, 116_667),
        interleaved=(1_000, 2_000),
    ),
    Effort(rounds=7, batch=0.02, slow=1.0, patience=5.0),
)
QUICK = (
    Sizes(
        call=(48, KB, 10 * KB),
        string=(KB, 16 * KB, 32 * KB),
        shape=(KB, 4 * KB, 8 * KB),
        whole=(KB, 10 * KB),
        fragments=(2_000, 4_000),
        interleaved=(50, 100),
    ),
    Effort(rounds=3, batch=0.005, slow=0.05, patience=0.3),
)
