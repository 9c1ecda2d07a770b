"""The asynchronous stream of the ``anthropic`` package, here from a server on this machine.

The model's first call does not fit its tool. The request's own tool definitions say so, and the second
call is not harmed.

Prints::

    I will look at the weather, and write to Ana.
    get_weather invalid: /days: 'three' is not of type 'integer'
    send_mail {'to': 'ana', 'text': 'Take a coat: it will rain in Ulm.'}
"""

from __future__ import annotations

import asyncio

from anthropic import AsyncAnthropic
from loopback import replaying

from partialjson import CallFailed, CallFinished, TextAdvanced, aiter_events

TOOLS = [
    {
        "name": "get_weather",
        "input_schema": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city"],
        },
    },
    {
        "name": "send_mail",
        "input_schema": {"type": "object", "required": ["to", "text"]},
    },
]


async def main(address: str) -> None:
    async with AsyncAnthropic(base_url=address, api_key="none") as client:
        stream = await client.messages.create(
            model="example",
            max_tokens=1000,
            messages=[{"role": "user", "content": "What should Ana wear in Ulm? Tell her."}],
            tools=TOOLS,  # type: ignore[arg-type]
            stream=True,
        )
        async with aiter_events(stream, tools=TOOLS) as events:
            async for event in events:
                match event:
                    case TextAdvanced():
                        print(event.text, end="")
                    case CallFailed():
                        print()
                        for error in event.errors:
                            print(f"{event.name} {event.reason}: {error.pointer}: {error.message}")
                    case CallFinished():
                        print(event.name, event.arguments)


with replaying("anthropic.sse") as address:
    asyncio.run(main(address))
