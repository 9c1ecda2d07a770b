"""One turn of an agent: run what may be run, and tell the model what was wrong with the rest.

The tools are plain functions; their parameters are validated by pydantic.

Prints::

    toolu_weather: The arguments are not valid:
    - /days: Input should be a valid integer, unable to parse string as an integer
    toolu_mail: sent 33 characters to ana
    the next request ends with: assistant, user
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from partialjson import CallFailed, CallFinished, Report, ToolCallAccumulator


def get_weather(city: str, days: int = 1) -> str:
    return f"rain in {city}, {days} days of it"


def send_mail(to: str, text: str) -> str:
    return f"sent {len(text)} characters to {to}"


TOOLS: dict[str, Callable[..., str]] = {"get_weather": get_weather, "send_mail": send_mail}


def result_of(event: CallFinished | CallFailed) -> str:
    """What goes back to the model for one call."""
    if isinstance(event, CallFailed):
        return event.detail or event.reason
    if not event.executable:
        return f"not executed: {', '.join(event.reasons)}"
    arguments: Any = event.validated
    return TOOLS[event.name](**arguments)


def next_messages(report: Report) -> list[dict[str, object]]:
    """The model's turn and the results, as messages of the next request."""
    ids = report.history_ids()
    outcomes: list[CallFinished | CallFailed] = [*report.finished, *report.failed]
    results = [
        {
            "type": "tool_result",
            "tool_use_id": ids[outcome.key],
            "content": result_of(outcome),
            "is_error": isinstance(outcome, CallFailed),
        }
        for outcome in outcomes
    ]
    return [report.to_history(), {"role": "user", "content": results}]


acc = ToolCallAccumulator(tools=TOOLS)
stream = Path(__file__).with_name("streams") / "anthropic.sse"
for event in acc.feed(stream.read_bytes()):
    if isinstance(event, CallFinished | CallFailed):
        print(f"{event.id}: {result_of(event)}")
messages = next_messages(acc.close())
print("the next request ends with:", ", ".join(str(message["role"]) for message in messages))
