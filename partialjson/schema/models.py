"""pydantic behind the protocol: models, any type, ``TypeAdapter``s, and the parameters of functions.

The value is validated as JSON (``validate_json``), which is how the model wrote it: a strict model then
takes a date from a string and a tuple from an array, as it would not from Python data.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic.errors import PydanticUserError

from partialjson.schema.verdict import Validator, Verdict, Violation, refusal

_ADVICE_LIMIT = 200


def compiled(tool: Any) -> Validator:
    """The validator for a ``TypeAdapter``, a model, a dataclass, a ``TypedDict`` or any other type.

    Raises ``TypeError`` where pydantic knows no way to validate it.
    """
    return partial(_validate, adapter(tool))


def compiled_parameters(function: Callable[..., Any]) -> Validator:
    """The validator for the arguments of a function, which is never called: ``function(**verdict.value)``
    is left to the caller.

    Raises ``TypeError`` for a signature that no JSON object can satisfy.
    """
    return partial(_validate_parameters, parameters_adapter(function))


def adapter(tool: Any) -> TypeAdapter[Any]:
    """The ``TypeAdapter`` of a type; those of classes are cached."""
    try:
        if isinstance(tool, TypeAdapter):
            made = tool
        else:
            made = _class_adapter(tool) if isinstance(tool, type) else TypeAdapter(tool)
    except PydanticUserError as error:
        raise TypeError(f"pydantic cannot validate {tool!r}: {error}") from error
    if not isinstance(made.core_schema, dict):  # pydantic's stand-in until all names are defined
        raise TypeError(f"pydantic cannot validate {tool!r}: not all names in it are defined yet")
    return made


@lru_cache(maxsize=256)
def _class_adapter(tool: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(tool)


@lru_cache(maxsize=256)
def parameters_adapter(function: Callable[..., Any]) -> TypeAdapter[Any]:
    """The ``TypeAdapter`` of a model with a field for every parameter and what the signature says of it."""
    try:
        parameters = inspect.signature(function, eval_str=True).parameters.values()
    except (ValueError, NameError) as error:
        raise TypeError(f"the parameters of {function!r} cannot be read: {error}") from error
    fields: dict[str, Any] = {}
    extra = False
    for number, parameter in enumerate(parameters):
        if parameter.kind is parameter.VAR_KEYWORD:
            extra = True
            continue
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
            raise TypeError(f"{function!r}: the parameter {parameter} cannot be given by name")
        annotation = Any if parameter.annotation is parameter.empty else parameter.annotation
        default = ... if parameter.default is parameter.empty else parameter.default
        # Numbered, because pydantic allows fewer names than Python does ("_private", "model_dump").
        fields[f"parameter{number}"] = (annotation, Field(default, alias=parameter.name))
    config = ConfigDict(extra="allow" if extra else "forbid", arbitrary_types_allowed=False)
    try:
        return TypeAdapter(create_model(getattr(function, "__name__", "tool"), __config__=config, **fields))
    except PydanticUserError as error:
        raise TypeError(f"pydantic cannot validate the parameters of {function!r}: {error}") from error


def _validate(adapter: TypeAdapter[Any], value: object) -> Verdict:
    try:
        try:
            text = json.dumps(value)
        except TypeError:  # no JSON data, such as the Decimals of numbers="decimal"
            return Verdict(True, adapter.validate_python(value))
        return Verdict(True, adapter.validate_json(text))
    except ValidationError as error:
        return Verdict(False, value, tuple(map(_violation, error.errors())))
    except Exception as error:  # a validator of the user's model, which may raise anything
        return refusal(value, error)


def _validate_parameters(adapter: TypeAdapter[Any], value: object) -> Verdict:
    verdict = _validate(adapter, value)
    model = verdict.value
    if not verdict.valid or not isinstance(model, BaseModel):
        return verdict
    fields = type(model).model_fields
    arguments = {str(field.alias): getattr(model, name) for name, field in fields.items()}
    return Verdict(True, {**arguments, **(model.model_extra or {})})


def _violation(details: Any) -> Violation:
    message = details["msg"]
    return Violation(
        path=details["loc"],
        keyword=details["type"],
        message=message,
        advice=message if len(message) <= _ADVICE_LIMIT else message[: _ADVICE_LIMIT - 3] + "...",
        cause=details,
    )
