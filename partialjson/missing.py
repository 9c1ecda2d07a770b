"""``MISSING``: there is no value (yet). JSON's ``null`` is ``None``; this is not."""

from __future__ import annotations

from typing import Final


class Missing:
    """The type of ``MISSING``, which is its only instance, false, and itself when copied or pickled."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
