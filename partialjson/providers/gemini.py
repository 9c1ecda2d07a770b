"""Gemini's generateContent, on the Gemini API and on Vertex AI.

https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse

Server-sent events, or a JSON array that comes object by object; neither has an end marker. A call is a part
of the content, mostly without an id. It has no slot, and it is whole::

    {"candidates": [{"index": 0, "content": {"role": "model", "parts": [
        {"functionCall": {"name": "f", "args": {"x": 1}}, "thoughtSignature": "Eo4M"}]}}]}
    {"candidates": [{"index": 0, "content": {"parts": [{"text": ""}]}, "finishReason": "STOP"}],
     "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 9}}

Vertex can send the arguments value by value (``streamFunctionCallArguments``). Only the part that opens the
call names it, and every part says whether another one follows; some say nothing else::

    {"functionCall": {"name": "f", "willContinue": true}}
    {"functionCall": {"partialArgs": [{"jsonPath": "$.x[0]", "stringValue": "Bos", "willContinue": true}],
                      "willContinue": true}}
    {"functionCall": {"partialArgs": [{"jsonPath": "$.x[0]", "stringValue": "ton"}], "willContinue": true}}
    {"functionCall": {}}

A prompt that is refused gives no candidate, but ``{"promptFeedback": {"blockReason": "SAFETY"}}``. Old models
say ``STOP`` with every chunk. Members are found by their names on the wire and by those that the SDK's
``model_dump`` gives them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from partialjson.fragment import CallKind, Fragment, Kind, Mode
from partialjson.missing import MISSING
from partialjson.providers.table import Finish, Payload, Provider, Said, is_a, mapping, mappings, word

_REFUSALS: Mapping[str, Finish] = dict.fromkeys(
    (
        *("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "JAILBREAK"),
        *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR", "ESCALATION"),
        *("PUP_LIMITED_DISABLED", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"),
        *("TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE"),
    ),
    "rejected",
)
FINISHES: Mapping[str, Finish] = {
    **_REFUSALS,
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "paused",
    "OTHER": "failed",
    "NO_IMAGE": "failed",
    "IMAGE_OTHER": "failed",
}
_UNSPECIFIED = "FINISH_REASON_UNSPECIFIED"

_VALUES: Mapping[str, set[type]] = {
    "stringValue": {str},
    "numberValue": {int, float},
    "boolValue": {bool},
}
_EXACT = 2**53
SIGNATURE = "thoughtSignature"

Row = TypeVar("Row")
_ReadCall = Callable[[Payload, Payload, object, list[Fragment]], None]


@cache
def snake(name: str) -> str:
    """The name of a member as the SDK's ``model_dump`` spells it."""
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def in_both_spellings(table: Mapping[str, Row]) -> Mapping[str, Row]:
    """The table under the names on the wire and under the SDK's."""
    return MappingProxyType({**table, **{snake(name): row for name, row in table.items()}})


def member(of: Payload, name: str) -> object:
    """A member in either spelling; None where it is absent."""
    value = of.get(name)
    return of.get(snake(name)) if value is None else value


def plain(value: object) -> object:
    """The provider's word where the SDK made an enumeration of it."""
    return value.value if isinstance(value, Enum) else value


def payload(chunk: Payload) -> list[Fragment]:
    """What one chunk says, or a whole response."""
    found: list[Fragment] = []
    for position, candidate in enumerate(mappings(chunk.get("candidates"), "candidates", found)):
        found += _candidate(candidate, position)
    feedback = mapping(member(chunk, "promptFeedback"), "promptFeedback", found)
    if reason := plain(member(feedback, "blockReason")):
        if message := member(feedback, "blockReasonMessage"):
            found.append(Fragment("refusal", message))
        found.append(Fragment("finish", reason))
    if usage := member(chunk, "usageMetadata"):
        found.append(Fragment("usage", usage))
    if error := chunk.get("error"):
        found.append(Fragment("error", error))
    elif _MARKS.isdisjoint(chunk):
        found.append(Fragment("unknown", ", ".join(map(str, chunk))))
    return found


def _candidate(candidate: Payload, position: int) -> list[Fragment]:
    found: list[Fragment] = []
    index = candidate.get("index")
    choice = position if index is None else index
    parts(candidate.get("content"), choice, found)
    reason = plain(member(candidate, "finishReason"))
    if word(reason) in _REFUSALS:
        # What is refused in the same breath was not whole.
        found = [fragment for fragment in found if fragment.kind != "end"]
        if message := member(candidate, "finishMessage"):
            found.append(Fragment("refusal", message, choice=choice))
    if reason and reason != _UNSPECIFIED:
        found.append(Fragment("finish", reason, choice=choice))
    return found


def parts(content: object, choice: object, found: list[Fragment]) -> None:
    """What the parts of a content say."""
    for part in mappings(mapping(content, "content", found).get("parts"), "parts", found):
        for name, value in part.items():
            if value is None or value == "":
                continue
            if name == "text":
                kind: Kind = "reasoning" if part.get("thought") else "text"
                found.append(Fragment(kind, value, choice=choice))
            elif (read := _CALLS.get(name)) is not None:
                if isinstance(value, Mapping):
                    read(value, part, choice, found)
                else:
                    found.append(is_a(value, name, "an object"))
            elif name not in _SILENT_PARTS:
                found.append(Fragment("unknown", name))


def _function_call(call: Payload, part: Payload, choice: object, found: list[Fragment]) -> None:
    function_call(call, choice, found, meta=_signature(part))


def function_call(
    call: Payload,
    choice: object,
    found: list[Fragment],
    *,
    meta: Mapping[str, object] | None = None,
    empty: object = None,
) -> None:
    """What a function call says, which may be one of several parts of it. ``empty`` stands for the arguments
    of a whole call that has none."""
    id, name, arguments = call.get("id"), call.get("name"), call.get("args")
    values = list(_partial_arguments(member(call, "partialArgs")))
    whole = not member(call, "willContinue")
    if not arguments and (values or not whole):
        arguments = None  # none yet
    elif name and arguments is None:
        arguments = empty
    if name or arguments is not None or meta:
        # Without a name, only what has the call's id can speak of a call that is there.
        mode: Mode = "seed" if name or (arguments is not None and not id) else "delta"
        found.append(Fragment("call", arguments, None, id, name, choice, mode, "function", meta))
    for path, value, more in values:
        found.append(Fragment("call", value, id=id, choice=choice, mode="exact", path=path, more=more))
    if whole:
        found.append(Fragment("end", id=id, choice=choice))


def _partial_arguments(arguments: object) -> Iterator[tuple[str, object, bool]]:
    """The path of each value, the value, and whether it goes on. What is no such thing has no place: the
    ledger holds that against the call, which lacks it."""
    if arguments is None:
        return
    for argument in arguments if isinstance(arguments, list | tuple) else (arguments,):
        path = ""
        value: object = MISSING
        if isinstance(argument, Mapping):
            path, value = word(member(argument, "jsonPath")), _value(argument)
        if path and value is not MISSING:
            yield path, value, bool(member(argument, "willContinue"))
        else:
            yield "", argument, False


def _value(argument: Payload) -> object:
    for name, kinds in _VALUES.items():
        value = member(argument, name)
        if value is not None:
            return _number(value) if type(value) in kinds else MISSING
    # In protobuf's JSON null is written as null, by some also by its name.
    return None if "nullValue" in argument or "null_value" in argument else MISSING


def _number(value: object) -> object:
    """A double as JSON has it on this wire, where a whole one is written without a fraction."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


def _signature(part: Payload) -> Mapping[str, object] | None:
    """The signature that has to go back with the call. On the wire it is base64; the SDK has decoded it."""
    signature = member(part, SIGNATURE)
    if isinstance(signature, bytes):
        signature = b64encode(signature).decode()
    return {SIGNATURE: signature} if signature else None


def _executable_code(code: Payload, part: Payload, choice: object, found: list[Fragment]) -> None:
    arguments = {name: plain(value) for name, value in code.items() if name != "id"}
    _server_call("code_execution", arguments, code.get("id"), part, choice, found)


def _tool_call(call: Payload, part: Payload, choice: object, found: list[Fragment]) -> None:
    name = plain(member(call, "toolType"))
    _server_call(name, call.get("args") or {}, call.get("id"), part, choice, found)


def _server_call(
    name: object, arguments: object, id: object, part: Payload, choice: object, found: list[Fragment]
) -> None:
    """A call that Google runs, always whole."""
    kind, meta = _SERVER, _signature(part)
    found.append(Fragment("call", arguments, None, id, name, choice, "seed", kind, meta))
    found.append(Fragment("end", id=id, choice=choice))


_SERVER: CallKind = "server"
_CALLS: Mapping[str, _ReadCall] = in_both_spellings(
    {
        "functionCall": _function_call,
        "executableCode": _executable_code,
        "toolCall": _tool_call,
    }
)
_SILENT_PARTS = in_both_spellings(
    dict.fromkeys(
        (
            *("thought", SIGNATURE, "inlineData", "fileData", "audioTranscription"),
            *("functionResponse", "codeExecutionResult", "toolResponse"),
            *("partMetadata", "videoMetadata", "audioMetadata", "speechMetadata", "documentMetadata"),
            *("spreadsheetMetadata", "mediaResolution", "mediaProcessing"),
        )
    )
)
_MARKS = frozenset(
    in_both_spellings(
        dict.fromkeys(("candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId"))
    )
)


def history(text: str, said: Sequence[Said]) -> dict[str, object]:
    """The model's content. Free text becomes an object: this API has no custom calls."""
    content: list[dict[str, object]] = [{"text": text}] if text else []
    for call in said:
        value = call.arguments if isinstance(call.arguments, dict) else {"input": call.arguments}
        part: dict[str, object] = {"functionCall": {"id": call.id, "name": call.name, "args": value}}
        if SIGNATURE in call.meta:
            part[SIGNATURE] = call.meta[SIGNATURE]
        content.append(part)
    return {"role": "model", "parts": content}


def _matches(chunk: Payload) -> bool:
    error = chunk.get("error")
    return not _MARKS.isdisjoint(chunk) or (isinstance(error, Mapping) and "status" in error)


GEMINI = Provider(
    name="gemini",
    matches=_matches,
    reader=lambda: payload,
    finishes=FINISHES,
    history=history,
)
