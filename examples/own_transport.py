"""Tool calls that arrive in messages of one's own: over a websocket, say, from a gateway that has already
taken the provider's format apart.

Prints::

    a {'query': 'partial js'}
    b {'path': '/tmp/notes'}
    a {'query': 'partial json', 'limit': 5}
    a finished {'query': 'partial json', 'limit': 5}
    b failed: cut {'path': '/tmp/notes'}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from partialjson import CallAdvanced, CallFailed, CallFinished, ToolCallAccumulator
from partialjson.calls import Event

MESSAGES: list[dict[str, Any]] = [
    {"id": "a", "tool": "search", "text": '{"query": "partial js'},
    {"id": "b", "tool": "read", "text": '{"path": "/tmp/notes'},
    {"id": "a", "text": 'on", "limit": 5}'},
    {"id": "a", "over": True},
]


def show(events: Iterable[Event]) -> None:
    for event in events:
        match event:
            case CallAdvanced():
                print(event.id, event.partial)
            case CallFinished():
                print(event.id, "finished", event.arguments)
            case CallFailed():
                print(event.id, "failed:", event.reason, event.partial)


acc = ToolCallAccumulator()
for message in MESSAGES:
    if message.get("over"):
        show(acc.end(message["id"]))
    else:
        show(acc.add(message["id"], message["text"], name=message.get("tool")))
show(acc.close().events)  # the connection is gone, and nobody said that b was over
