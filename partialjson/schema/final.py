"""The final verdict: JSON Schema, pydantic, or any callable, behind one protocol.

What a tool may be, and how it is read:

==============================================  =============================================
a mapping, ``True`` or ``False``                a JSON Schema
a pydantic model, a dataclass, a ``TypedDict``  pydantic; ``verdict.value`` is the instance
any other type, a ``TypeAdapter``               pydantic
a function that takes the whole value           called with it; it returns what to use, or raises
any other function                              a tool: its parameters are validated by pydantic,
                                                ``verdict.value`` holds them; *never called*
==============================================  =============================================

A function takes the whole value when it has one positional parameter that is not annotated, or
annotated as ``object``, ``Any`` or a mapping. ``def get_weather(city: str)`` does not, so that handing
over the tool itself by mistake never runs it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, TypeGuard, get_origin

from partialjson.schema.verdict import Validator, Verdict, refusal

_WHOLE_VALUES = (inspect.Parameter.empty, object, Any, dict, Mapping, MutableMapping)


def validator_for(tool: object, *, formats: bool = False) -> Validator:
    """The validator for a tool: ``validator_for(tool)(value)`` is a ``Verdict``.

    ``formats`` makes the ``format`` of a JSON Schema an assertion. The specification (2020-12
    validation, section 7) and jsonschema make it an annotation; pydantic has its own mind.

    Raises ``SchemaFault`` for what is no JSON Schema, or refers to something outside itself, and
    ``TypeError`` for what cannot judge a value at all. The validator itself raises ``SchemaFault``
    alone, where a value would take it too long.
    """
    if isinstance(tool, Mapping | bool):
        from partialjson.schema import bounded

        return bounded.compiled(tool, formats=formats)
    if is_function(tool) and takes_whole_value(tool):
        return partial(_ask, tool)
    if tool is None or isinstance(tool, str | bytes | int | float | list | tuple):
        raise TypeError(f"a tool is a JSON Schema, a type, a TypeAdapter or a callable, not {tool!r}")

    from partialjson.schema import models

    return models.compiled_parameters(tool) if is_function(tool) else models.compiled(tool)


def is_function(tool: object) -> TypeGuard[Callable[..., Any]]:
    """Whether it is a function or like one: callable, but no class and no ``list[int]``."""
    return callable(tool) and not isinstance(tool, type) and get_origin(tool) is None


def takes_whole_value(function: Callable[..., Any]) -> bool:
    """Whether a function validates a value, rather than being a tool with parameters of its own."""
    try:
        parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    except (ValueError, NameError):  # written in C, or annotated for the type checker alone
        return not hasattr(function, "__annotations__")
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if len(parameters) != 1 or parameters[0].kind not in positional:
        return False
    annotation = parameters[0].annotation
    return (get_origin(annotation) or annotation) in _WHOLE_VALUES


def _ask(function: Callable[[object], object], value: object) -> Verdict:
    try:
        return Verdict(True, function(value))
    except Exception as error:  # the user's own code says no by raising, whatever it raises
        return refusal(value, error)
