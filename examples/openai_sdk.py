"""The stream of the ``openai`` package, here from a server on this machine.

Prints::

    get_weather {'city': 'Ulm', 'days': 3}
    send_mail {'to': 'ana', 'text': 'Take a coat: it will rain in Ulm.'}
"""

from __future__ import annotations

from loopback import replaying
from openai import OpenAI

from partialjson import CallFinished, iter_events

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
                "required": ["city"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "send_mail",
            "parameters": {"type": "object", "required": ["to", "text"]},
        },
    },
]

with replaying("openai.sse") as address, OpenAI(base_url=address, api_key="none") as client:
    stream = client.chat.completions.create(
        model="example",
        messages=[{"role": "user", "content": "What should Ana wear in Ulm? Tell her."}],
        tools=TOOLS,  # type: ignore[arg-type]
        stream=True,
    )
    with iter_events(stream, tools=TOOLS) as events:
        for event in events:
            if isinstance(event, CallFinished) and event.executable:
                print(event.name, event.arguments)
