"""Gemini's Live API.

https://ai.google.dev/api/live#send-messages

Messages of a WebSocket, each one JSON object. The connection lasts for many turns, each over with
``turnComplete``. Calls come whole, with ids, and the turn waits for their results::

    {"setupComplete": {}}
    {"toolCall": {"functionCalls": [{"id": "fc_A", "name": "f", "args": {"x": 1}}]}}
    {"serverContent": {"outputTranscription": {"text": "It is"}}}
    {"serverContent": {"modelTurn": {"parts": [{"inlineData": {"mimeType": "audio/pcm", "data": "..."}}]}}}
    {"serverContent": {"generationComplete": true}}
    {"serverContent": {"turnComplete": true}, "usageMetadata": {"promptTokenCount": 7}}

Somebody who speaks interrupts the model: ``{"serverContent": {"interrupted": true}}``, then
``{"toolCallCancellation": {"ids": ["fc_A"]}}`` for the calls that are not to be run any more, then
``turnComplete``. What the model says aloud is text by its transcription.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partialjson.fragment import Fragment
from partialjson.providers import gemini
from partialjson.providers.gemini import function_call, in_both_spellings, member, parts, plain
from partialjson.providers.table import Finish, Payload, Provider, is_a, mapping, mappings
from partialjson.wire import JSONArrayDecoder

TURN_COMPLETE, INTERRUPTED = "turnComplete", "interrupted"
FINISHES: Mapping[str, Finish] = {
    TURN_COMPLETE: "stop",
    INTERRUPTED: "cancelled",
    "NEED_MORE_INPUT": "paused",
    **dict.fromkeys(
        (
            *("MALFORMED_FUNCTION_CALL", "RESPONSE_REJECTED", "BLOCKLIST", "INPUT_OTHER"),
            *("PROHIBITED_INPUT_CONTENT", "IMAGE_PROHIBITED_INPUT_CONTENT", "INPUT_IP_PROHIBITED"),
            *("INPUT_TEXT_CONTAIN_PROMINENT_PERSON_PROHIBITED", "INPUT_TEXT_NCII_PROHIBITED"),
            *("INPUT_IMAGE_CELEBRITY", "INPUT_IMAGE_PHOTO_REALISTIC_CHILD_PROHIBITED"),
            *("UNSAFE_PROMPT_FOR_IMAGE_GENERATION", "GENERATED_IMAGE_SAFETY"),
            *("GENERATED_CONTENT_SAFETY", "GENERATED_AUDIO_SAFETY"),
        ),
        "rejected",
    ),
}
_UNSPECIFIED = "TURN_COMPLETE_REASON_UNSPECIFIED"


def payload(message: Payload) -> list[Fragment]:
    """What one message says."""
    found: list[Fragment] = []
    for name, read in _MESSAGES.items():
        value = member(message, name)
        if value is not None:
            read(value, found)
    for name in message:
        if name not in _KNOWN:
            found.append(Fragment("unknown", name))
    return found


def _usage(usage: object, found: list[Fragment]) -> None:
    found.append(Fragment("usage", usage))


def _error(error: object, found: list[Fragment]) -> None:
    found.append(Fragment("error", error))


def _tool_call(call: object, found: list[Fragment]) -> None:
    calls = member(mapping(call, "toolCall", found), "functionCalls")
    for function in mappings(calls, "functionCalls", found):
        # The turn waits for the result: no finish reason will come to say what no arguments mean.
        function_call(function, 0, found, empty={})


def _cancellation(cancellation: object, found: list[Fragment]) -> None:
    ids = mapping(cancellation, "toolCallCancellation", found).get("ids")
    if isinstance(ids, list | tuple):
        found += [Fragment("discard", id=id) for id in ids if id]
    else:
        found.append(is_a(ids, "ids", "an array"))


def _server_content(content: object, found: list[Fragment]) -> None:
    members = mapping(content, "serverContent", found)
    parts(member(members, "modelTurn"), 0, found)
    spoken = mapping(member(members, "outputTranscription"), "outputTranscription", found)
    if text := spoken.get("text"):
        found.append(Fragment("text", text))
    if members.get(INTERRUPTED):
        found.append(Fragment("finish", INTERRUPTED))
    if member(members, TURN_COMPLETE):
        reason = plain(member(members, "turnCompleteReason"))
        found.append(Fragment("done", TURN_COMPLETE if reason in (None, _UNSPECIFIED) else reason))


# In the order in which a message is read: what ends the turn comes last.
_MESSAGES: Mapping[str, Callable[[object, list[Fragment]], None]] = {
    "usageMetadata": _usage,
    "error": _error,
    "toolCall": _tool_call,
    "toolCallCancellation": _cancellation,
    "serverContent": _server_content,
}
_SILENT = (
    *("setupComplete", "goAway", "sessionResumptionUpdate"),
    *("voiceActivity", "voiceActivityDetectionSignal"),
)
_KNOWN = frozenset(in_both_spellings({**_MESSAGES, **dict.fromkeys(_SILENT)}))
_MARKS = _KNOWN - {"error", "usageMetadata", "usage_metadata"}


def _matches(message: Payload) -> bool:
    return not _MARKS.isdisjoint(message)


GEMINI_LIVE = Provider(
    name="gemini-live",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    wire=JSONArrayDecoder,
    history=gemini.history,
)
