"""Model output read fragment by fragment: what is known, what is final, and a verdict at the end.

``Parser`` and ``loads`` read JSON that is not finished yet. ``ToolCallAccumulator`` reads the tool calls
and the structured answers in a provider's stream, ``iter_events`` and ``aiter_events`` a whole stream.

Names are imported when they are first used (PEP 562): ``import partialjson`` costs next to nothing, and
who only parses never loads the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partialjson._engine import COMPILED as COMPILED
    from partialjson.calls import Anomaly as Anomaly
    from partialjson.calls import CallAdvanced as CallAdvanced
    from partialjson.calls import CallFailed as CallFailed
    from partialjson.calls import CallFinished as CallFinished
    from partialjson.calls import CallReset as CallReset
    from partialjson.calls import CallStarted as CallStarted
    from partialjson.calls import EarlyViolation as EarlyViolation
    from partialjson.calls import OutputAdvanced as OutputAdvanced
    from partialjson.calls import OutputFailed as OutputFailed
    from partialjson.calls import OutputFinished as OutputFinished
    from partialjson.calls import Policy as Policy
    from partialjson.calls import ReasoningAdvanced as ReasoningAdvanced
    from partialjson.calls import Report as Report
    from partialjson.calls import TextAdvanced as TextAdvanced
    from partialjson.calls import ToolCallAccumulator as ToolCallAccumulator
    from partialjson.calls import TurnFinished as TurnFinished
    from partialjson.dialects import JSON5 as JSON5
    from partialjson.dialects import LENIENT as LENIENT
    from partialjson.dialects import STRICT as STRICT
    from partialjson.dialects import Dialect as Dialect
    from partialjson.edits import Done as Done
    from partialjson.edits import Grow as Grow
    from partialjson.edits import Put as Put
    from partialjson.edits import Repair as Repair
    from partialjson.edits import Reset as Reset
    from partialjson.errors import CheckpointError as CheckpointError
    from partialjson.errors import InvalidArguments as InvalidArguments
    from partialjson.errors import LimitExceeded as LimitExceeded
    from partialjson.errors import PartialJSONError as PartialJSONError
    from partialjson.errors import SyntaxFault as SyntaxFault
    from partialjson.fragment import Fragment as Fragment
    from partialjson.limits import Limits as Limits
    from partialjson.missing import MISSING as MISSING
    from partialjson.parser import Document as Document
    from partialjson.parser import Parser as Parser
    from partialjson.parser import loads as loads
    from partialjson.stream import aiter_events as aiter_events
    from partialjson.stream import iter_events as iter_events
else:
    from importlib import import_module

    _HOMES = {
        name: module
        for module, names in {
            "_engine": "COMPILED",
            "calls": (
                "Anomaly CallAdvanced CallFailed CallFinished CallReset CallStarted EarlyViolation "
                "OutputAdvanced OutputFailed OutputFinished Policy ReasoningAdvanced Report TextAdvanced "
                "ToolCallAccumulator TurnFinished"
            ),
            "dialects": "JSON5 LENIENT STRICT Dialect",
            "edits": "Done Grow Put Repair Reset",
            "errors": "CheckpointError InvalidArguments LimitExceeded PartialJSONError SyntaxFault",
            "fragment": "Fragment",
            "limits": "Limits",
            "missing": "MISSING",
            "parser": "Document Parser loads",
            "stream": "aiter_events iter_events",
        }.items()
        for name in names.split()
    }
    __all__ = sorted(_HOMES)

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"partialjson.{_HOMES[name]}"), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
