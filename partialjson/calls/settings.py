"""What an accumulator was made with, in the form that the ledger wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from partialjson.calls.assembly import Early
from partialjson.calls.policy import Policy
from partialjson.dialects import Dialect
from partialjson.limits import Limits
from partialjson.schema.verdict import Validator


class Check(NamedTuple):
    """How the arguments of one tool, or a structured answer, are judged."""

    final: Validator | None = None
    early: Callable[..., Early] | None = None
    """Makes one; ``coerced`` is as for ``EarlyValidator``."""


class Settings(NamedTuple):
    """``tools`` is None where any name will do, ``output`` where the answer is free text."""

    tools: Mapping[str, Check] | None
    output: Check | None
    dialect: Dialect
    policy: Policy
    limits: Limits
