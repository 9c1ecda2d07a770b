"""The documents that are streamed, of any size, and how they are cut. All written for this purpose."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import count

_PROSE = (
    "The committee read the draft twice, changed a word in the second paragraph and asked for a figure. "
    'Nobody could say "why" at once; the answer came a day later.\n'
)


def fragments(text: str, low: int = 1, high: int = 7, seed: int = 1) -> list[str]:
    """The text in pieces of ``low`` to ``high`` characters, the same ones for the same seed."""
    rng = random.Random(seed)
    pieces = []
    start = 0
    while start < len(text):
        end = start + rng.randint(low, high)
        pieces.append(text[start:end])
        start = end
    return pieces


def tool_call(size: int) -> str:
    """The arguments of a tool call as models write them: mixed, and nested three deep."""
    if size < 100:
        return '{"city": "Paris", "unit": "celsius", "days": 3}'
    head = '{"path": "src/report/render.py", "dry_run": false, "edits": ['
    return _repeat(head, _edit, '], "summary": null}', size)


def ticket(size: int) -> str:
    """The arguments of a tool call that files a ticket: some short values, sentences, and many steps."""
    head = (
        '{"title": "Nightly export is empty", "priority": "high", "labels": ["export", "nightly"], '
        f'"estimate": 3.5, "description": {json.dumps(_PROSE * (size // 500))}, "steps": ['
    )
    return _repeat(head, _step, "]}", size)


def long_string(size: int) -> str:
    """One string, as in a tool call that writes a file."""
    overhead = len('{"text": ""}')
    prose = json.dumps(_PROSE)[1:-1]
    body = prose * (size // len(prose) + 1)
    return '{"text": "' + body[: size - overhead].rstrip("\\") + '"}'


def flat_object(size: int) -> str:
    """Many members side by side: the widest open container."""
    return _repeat("{", lambda i: f'"field_{i}": "value {i}"', "}", size)


def array_of_objects(size: int) -> str:
    """Rows of a table."""
    return _repeat(
        "[", lambda i: f'{{"id": {i}, "name": "row {i}", "ok": true, "score": {i / 8}}}', "]", size
    )


def deep_nesting(size: int) -> str:
    """Chains of 100 containers in each other: below every peer's limit, and ours (128)."""
    chain = '{"a": [' * 50 + "1" + "]}" * 50
    return _repeat("[", lambda i: chain, "]", size)


SHAPES: dict[str, Callable[[int], str]] = {
    "flat object": flat_object,
    "array of objects": array_of_objects,
    "deep nesting": deep_nesting,
}


def label(size: int) -> str:
    """48 -> ``48 B``, 10 * 1024 -> ``10 KB``."""
    for unit in ("B", "KB"):
        if size < 1024:
            return f"{size} {unit}"
        size //= 1024
    return f"{size} MB"


def _edit(i: int) -> str:
    edit = {"line": 10 * i, "old": f"render(page, {i})", "new": f'render(page, "{i}")\n', "tags": ["fix", i]}
    return json.dumps(edit)


def _step(i: int) -> str:
    step = {
        "action": f"Open page {i} of the report and wait for the table",
        "expected": f"The table has {12 * i} rows, as many as the export",
        "optional": i % 2 == 0,
        "minutes": i,
    }
    return json.dumps(step)


def _repeat(head: str, item: Callable[[int], str], tail: str, size: int) -> str:
    """``head``, as many items with commas between them as make about ``size`` characters, ``tail``."""
    items: list[str] = []
    length = len(head) + len(tail)
    for i in count():
        items.append(item(i))
        length += len(items[-1]) + 2
        if length >= size:
            break
    return head + ", ".join(items) + tail
