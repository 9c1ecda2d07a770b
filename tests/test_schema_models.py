"""Promise 16 for pydantic: its own verdict, instance and errors; and functions that are never called."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from partialjson.schema import validator_for
from tests.test_schema_generator import values


class Line(BaseModel):
    a: int
    b: list[str] = []


class Order(BaseModel):
    a: Line | None = None
    b: Literal["a", "b"] | bool = True
    ab: dict[str, float] | list[Line] = Field(default_factory=dict)


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    a: date
    b: tuple[int, ...] = ()


TYPES = [Line, Order, Strict, list[Line], int | str, TypeAdapter(dict[str, bool])]


@given(st.sampled_from(TYPES), values())
def test_16_verdict_value_and_errors_are_pydantics_own(type_: Any, value: Any) -> None:
    adapter = type_ if isinstance(type_, TypeAdapter) else TypeAdapter(type_)
    verdict = validator_for(type_)(value)
    try:
        expected = adapter.validate_json(adapter_text(value))
    except ValidationError as error:
        details = error.errors()
        assert not verdict.valid
        assert [violation.cause for violation in verdict.errors] == details
        assert [violation.path for violation in verdict.errors] == [each["loc"] for each in details]
        assert [violation.keyword for violation in verdict.errors] == [each["type"] for each in details]
        assert [violation.message for violation in verdict.errors] == [each["msg"] for each in details]
    else:
        assert verdict.valid
        assert verdict.value == expected


def adapter_text(value: Any) -> bytes:
    return TypeAdapter(Any).dump_json(value)


def test_a_strict_model_takes_what_json_can_say() -> None:
    verdict = validator_for(Strict)({"a": "2026-01-31", "b": [1, 2]})
    assert verdict.value == Strict(a=date(2026, 1, 31), b=(1, 2))


def test_values_that_are_no_json_data_are_validated_all_the_same() -> None:
    verdict = validator_for(dict[str, Decimal])({"a": Decimal("0.10")})
    assert verdict.value == {"a": Decimal("0.10")}


def test_what_a_validator_of_the_users_raises_is_no_crash() -> None:
    class Rude(BaseModel):
        a: Any

        @field_validator("a")
        @classmethod
        def look_up(cls, value: Any) -> Any:
            return {}[value]

    verdict = validator_for(Rude)({"a": "x"})
    assert not verdict.valid
    assert [error.keyword for error in verdict.errors] == ["KeyError"]


def parameters(city: str, /) -> None: ...


def variadic(*cities: str) -> None: ...


def unreadable(city: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def unknown(thing: object, other: pytest.Item) -> None: ...


@pytest.mark.parametrize("function", [parameters, variadic, unreadable, unknown])
def test_a_signature_that_json_cannot_satisfy_is_a_type_error(function: Any) -> None:
    with pytest.raises(TypeError):
        validator_for(function)


def odd(_private: int, model_dump: str = "x", untyped=None, **rest: int) -> None:  # type: ignore[no-untyped-def]
    pytest.fail("a tool was called")


def test_parameters_may_have_names_that_fields_may_not() -> None:
    verdict = validator_for(odd)({"_private": "3", "model_dump": "y", "more": 1, "parameter0": 2})
    assert verdict.value == {"_private": 3, "model_dump": "y", "untyped": None, "more": 1, "parameter0": 2}


def test_a_long_message_is_cut_for_the_model_and_kept_in_the_error() -> None:
    class Chatty(BaseModel):
        a: int

        @field_validator("a")
        @classmethod
        def refuse(cls, value: int) -> int:
            raise ValueError("no " * 200)

    verdict = validator_for(Chatty)({"a": 1})
    assert len(verdict.errors[0].message) > 600
    assert len(verdict.message()) < 260
