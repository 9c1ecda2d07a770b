"""The specification of edits as a slow function: what the tree is after them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from partialjson.edits import Edit, Grow, Put, Reset
from partialjson.missing import MISSING


def rebuild(edits: Iterable[Edit], start: object = None) -> object:
    """The value that ``edits`` build, from ``start`` on (changed in place where it is a container).

    A ``Put`` of a container is built upon as a new one, so that the edits stay as they were.
    Raises ``LookupError`` or ``TypeError`` where an edit does not fit the tree before it.
    """
    # One member that holds the root lets every edit, the root's own too, go through its parent.
    top: dict[str, Any] = {"root": start}
    for edit in edits:
        parent: Any = top
        *steps, last = ("root", *edit.path)
        for step in steps:
            parent = parent[step]
        if isinstance(edit, Put):
            value = edit.value.copy() if isinstance(edit.value, (dict, list)) else edit.value
            if isinstance(parent, list) and last == len(parent):
                parent.append(value)
            else:
                parent[last] = value
        elif isinstance(edit, Grow):
            parent[last] += edit.text
        elif isinstance(edit, Reset):
            # The value begins anew with the next edit, in its old place among the members (json.loads).
            parent[last] = MISSING
    return top["root"]
