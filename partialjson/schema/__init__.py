"""Verdicts: whether a value may be used, at the end and while it is being written."""

from __future__ import annotations

from partialjson.schema.coerce import coercing
from partialjson.schema.early import EarlyValidator
from partialjson.schema.final import validator_for
from partialjson.schema.offsets import located
from partialjson.schema.tools import Tool, tools_from
from partialjson.schema.verdict import Coercion, SchemaFault, Validator, Verdict, Violation

__all__ = [
    "Coercion",
    "EarlyValidator",
    "SchemaFault",
    "Tool",
    "Validator",
    "Verdict",
    "Violation",
    "coercing",
    "located",
    "tools_from",
    "validator_for",
]
