"""Tool calls: fragments of any provider in, events and a report out."""

from __future__ import annotations

from partialjson.calls.accumulator import ToolCallAccumulator
from partialjson.calls.anomalies import SEVERITY, Anomaly
from partialjson.calls.call import ToolCall
from partialjson.calls.events import (
    CallAdvanced,
    CallFailed,
    CallFinished,
    CallReset,
    CallStarted,
    EarlyViolation,
    Event,
    OutputAdvanced,
    OutputFailed,
    OutputFinished,
    ReasoningAdvanced,
    TextAdvanced,
    TurnFinished,
)
from partialjson.calls.metrics import Metrics
from partialjson.calls.policy import Policy
from partialjson.calls.report import Difference, LeftOpen, Report

__all__ = [
    "SEVERITY",
    "Anomaly",
    "CallAdvanced",
    "CallFailed",
    "CallFinished",
    "CallReset",
    "CallStarted",
    "Difference",
    "EarlyViolation",
    "Event",
    "LeftOpen",
    "Metrics",
    "OutputAdvanced",
    "OutputFailed",
    "OutputFinished",
    "Policy",
    "ReasoningAdvanced",
    "Report",
    "TextAdvanced",
    "ToolCall",
    "ToolCallAccumulator",
    "TurnFinished",
]
