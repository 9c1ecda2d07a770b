"""Reads the bytes of a response as they come off the socket, with http.client alone.

Prints::

    call_weather get_weather
    call_mail send_mail
    call_weather finished {'city': 'Ulm', 'days': 3}
    call_mail finished {'to': 'ana', 'text': 'Take a coat: it will rain in Ulm.'}
    the model wants its calls run
"""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

from loopback import replaying

from partialjson import CallFailed, CallFinished, CallStarted, TurnFinished, iter_events

TOOLS = {
    "get_weather": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    },
    "send_mail": {
        "type": "object",
        "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
        "required": ["to", "text"],
    },
}


def body(address: str) -> Iterator[bytes]:
    """The response as it arrives, cut where the network cut it."""
    connection = HTTPConnection(urlsplit(address).netloc)
    connection.request("POST", "/v1/chat/completions", body=b"{}")
    response = connection.getresponse()
    while data := response.read1():
        yield data
    connection.close()


with replaying("openai.sse") as address, iter_events(body(address), tools=TOOLS) as events:
    for event in events:
        match event:
            case CallStarted():
                print(event.id, event.name)
            case CallFinished():
                print(event.id, "finished", event.arguments)
            case CallFailed():
                print(event.id, "failed:", event.reason, event.detail)
            case TurnFinished(reason="tool_calls"):
                print("the model wants its calls run")
