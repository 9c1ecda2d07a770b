"""What becomes of a call, or of a structured answer, when somebody says that it is over.

Only the provider's word finishes anything: the call's own end, the turn's finish, the transport's
end marker, as far as the policy believes them. That the text is whole JSON is needed too, and is
never enough.
"""

from __future__ import annotations

from typing import NamedTuple

from partialjson.calls.anomalies import SEVERITY
from partialjson.calls.assembly import Assembly
from partialjson.calls.call import ToolCall
from partialjson.calls.copying import copied
from partialjson.calls.events import FailureReason
from partialjson.calls.policy import EVIDENCE, LOSSES, Evidence, Policy
from partialjson.dialects import STRICT
from partialjson.edits import Repair
from partialjson.errors import LimitExceeded, SyntaxFault, pointer
from partialjson.missing import MISSING
from partialjson.parser import Parser
from partialjson.providers.table import Finish
from partialjson.schema import coercing, located
from partialjson.schema.coerce import coerced
from partialjson.schema.verdict import Coercion, SchemaFault, Validator, Violation

INFERRED = frozenset({"identity-inferred", "name-changed", "unclosed-markup", "unknown-finish-reason"})
"""Anomalies that keep a call from being executed unless the policy says ``executes_inferred``."""

_ENDED_BADLY: frozenset[Finish] = frozenset({"failed", "cancelled"})


def doubtful(code: str) -> bool:
    """Whether a call with this anomaly may not be executed without more ado."""
    return SEVERITY[code] == "error" or code in INFERRED


class Judgement(NamedTuple):
    """``failure`` is None for what is whole and valid; ``code`` is the anomaly that explains it."""

    failure: FailureReason | None = None
    code: str | None = None
    detail: str = ""
    value: object = MISSING
    validated: object = None
    repairs: tuple[Repair, ...] = ()
    uncounted: int = 0
    """Repairs beyond those kept: of any loss."""
    errors: tuple[Violation, ...] = ()
    coercions: tuple[Coercion, ...] = ()
    executable: bool = False
    reasons: tuple[str, ...] = ()


def judge_call(call: ToolCall, evidence: Evidence, finish: Finish | None, *, last: bool) -> Judgement | None:
    """What becomes of a call, or None where it has to wait for the turn's finish.

    ``last``: no other call of this choice came after it, so a limit of length may have cut it.
    """
    failure = _failed_already(call, evidence, finish, call.policy)
    if failure is not None:
        return failure
    if call.name is None:
        return Judgement("rejected", "name-missing")
    if "unknown-tool" in call.doubts:
        return Judgement("rejected", detail="no tool of that name")
    if call.kind == "custom":
        if finish == "length" and last and evidence != "end":
            return Judgement("cut", "truncated-args")
        result = Judgement(value=call.finish().value)
    elif call.blank:
        # An end without any text means {}, unless a limit of length came first: only the finish tells.
        if evidence == "end" and finish is None:
            return None
        if finish == "length" and last:
            return Judgement("cut", "truncated-args")
        result = Judgement(code="empty-args", value={})
    else:
        result = _read(call, call.policy, finish)
        if result.failure is None and not isinstance(result.value, dict):
            return Judgement("malformed", "non-object", type(result.value).__name__)
    if result.failure is not None:
        return result
    result = _validated(result, call, call.check.final if call.check is not None else None, call.policy)
    if result.failure is not None:
        return result
    reasons = tuple(_reasons(call, evidence, result))
    return result._replace(executable=not reasons, reasons=reasons)


def judge_output(
    output: Assembly, evidence: Evidence, finish: Finish | None, validator: Validator | None, policy: Policy
) -> Judgement:
    """What becomes of a structured answer. Any JSON value will do, if its schema says so."""
    failure = _failed_already(output, evidence, finish, policy)
    if failure is not None:
        return failure
    if output.blank:
        return Judgement("cut" if finish == "length" else "malformed", "invalid-json", "no text")
    result = _read(output, policy, finish)
    return result if result.failure is not None else _validated(result, output, validator, policy)


def judge_again(text: Assembly, policy: Policy, validator: Validator | None) -> Judgement:
    """What is to be read in a text that has its verdict: the value, its repairs, the validator's word."""
    if text.dialect is None:
        return _validated(Judgement(value=text.finish().value), text, validator, policy)
    result = Judgement(value={}) if text.blank else _read(text, policy)
    return result if result.failure is not None else _validated(result, text, validator, policy)


def _failed_already(
    text: Assembly, evidence: Evidence, finish: Finish | None, policy: Policy
) -> Judgement | None:
    if isinstance(text.fault, LimitExceeded):
        return Judgement("limit", "limit", str(text.fault))
    if finish == "rejected":
        return Judgement("rejected", "provider-rejected")
    if text.fault is not None:
        return Judgement("malformed", "invalid-json", str(text.fault))
    if finish in _ENDED_BADLY or EVIDENCE.index(evidence) < EVIDENCE.index(policy.finishes_on):
        return Judgement("cut", "truncated-args", pointer(text.open_path or ()))
    return None


def _read(text: Assembly, policy: Policy, finish: Finish | None = None) -> Judgement:
    place = text.open_path
    document = text.finish()
    if isinstance(text.fault, LimitExceeded):
        return Judgement("limit", "limit", str(text.fault))
    begun = place is not None or document.value is not MISSING
    if document.status == "truncated" and (begun or finish == "length"):
        return Judgement("cut", "truncated-args", pointer(place or ()))
    if document.status == "invalid" or document.value is MISSING:
        return Judgement("malformed", "invalid-json", "no JSON value in the text")
    value, repairs = document.value, document.repairs
    if value is None and policy.null_is_empty:
        return Judgement(code="empty-args", value={}, repairs=repairs)
    if isinstance(value, str) and policy.unwraps_strings:
        inner = _unwrapped(value)
        if inner is not MISSING:
            value, repairs = inner, (*repairs, Repair("double-encoded", 0, text.length, (), "form"))
    return Judgement(value=copied(value), repairs=repairs, uncounted=document.repairs_beyond)


def _unwrapped(text: str) -> object:
    """The object or array inside a JSON string, ``MISSING`` where there is none."""
    parser = Parser(STRICT)
    try:
        parser.feed(text)
    except (SyntaxFault, LimitExceeded):
        return MISSING
    document = parser.close()
    whole = document.status == "complete" and isinstance(document.value, dict | list)
    return document.value if whole else MISSING


def _validated(result: Judgement, text: Assembly, validator: Validator | None, policy: Policy) -> Judgement:
    if validator is None:
        return result
    if policy.coerces:
        validator = coercing(validator)
    try:
        verdict = validator(result.value)
    except SchemaFault as fault:
        return result._replace(failure="invalid", code="schema-fault", detail=str(fault))
    if not verdict.valid:
        errors = verdict.errors if text.dialect is None else located(verdict.errors, text.text, text.dialect)
        return result._replace(failure="invalid", errors=errors, detail=verdict.message())
    value = coerced(result.value, verdict.coercions)
    return result._replace(value=value, validated=verdict.value, coercions=verdict.coercions)


def _reasons(call: ToolCall, evidence: Evidence, result: Judgement) -> list[str]:
    """Why a finished call may not be executed."""
    policy = call.policy
    reasons = ["server"] if call.kind == "server" else []
    if EVIDENCE.index(evidence) < EVIDENCE.index(policy.executes_on):
        reasons.append("no-finish-reason")
    reasons += [code for code in call.doubts if not (code in INFERRED and policy.executes_inferred)]
    allowed = LOSSES.index(policy.executes_repaired)
    worse = {repair.kind for repair in result.repairs if LOSSES.index(repair.loss) > allowed}
    reasons += [f"repair:{kind}" for kind in sorted(worse)]
    if result.uncounted:
        reasons.append("repairs")
    return reasons
