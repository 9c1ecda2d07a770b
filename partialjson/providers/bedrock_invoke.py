"""Amazon Bedrock, InvokeModelWithResponseStream.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html

AWS event stream messages, each of which carries an event of the model's own wire: Base64 in the JSON on
the wire, bytes in what boto3 yields. Models of Anthropic are known here::

    {"chunk": {"bytes": "eyJ0eXBlIjogInBpbmcifQ=="}}

A failure is a message of its own, as with ConverseStream. A whole response, that was not streamed, is
the model's own.
"""

from __future__ import annotations

import json
from base64 import b64decode

from partialjson.fragment import Fragment
from partialjson.providers import anthropic
from partialjson.providers.bedrock_converse import decode, failure, is_failure
from partialjson.providers.table import Payload, Provider, is_a, mapping
from partialjson.wire import EventStreamDecoder


def payload(event: Payload) -> list[Fragment]:
    """What one event says."""
    found: list[Fragment] = []
    if "chunk" in event:
        inner = _inner(event["chunk"], found)
        return found if inner is None else [*found, *anthropic.payload(inner)]
    for member in filter(is_failure, event):
        failure(member, event[member], found)
    return found or anthropic.payload(event)


def _inner(chunk: object, found: list[Fragment]) -> Payload | None:
    """The model's event; None where there is none to be found."""
    data = mapping(chunk, "chunk", found).get("bytes")
    try:
        inner = json.loads(b64decode(data, validate=True) if isinstance(data, str) else data)  # type: ignore[arg-type]
    except (TypeError, ValueError, RecursionError):
        found.append(Fragment("reject", "chunk.bytes: expected JSON, in Base64"))
        return None
    if isinstance(inner, dict):
        return inner
    found.append(is_a(inner, "chunk.bytes", "an object"))
    return None


def _matches(event: Payload) -> bool:
    return "chunk" in event or "modelTimeoutException" in event


BEDROCK_INVOKE = Provider(
    name="bedrock-invoke",
    matches=_matches,
    reader=lambda: payload,
    finishes=anthropic.FINISHES,
    wire=EventStreamDecoder,
    decode=decode,
    done=frozenset(),
    history=anthropic.history,
    foreign_id=anthropic.ANTHROPIC.foreign_id,
)
