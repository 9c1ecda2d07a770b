"""Promise 15 for pydantic: what its validator accepts, in whatever way, is never reported."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal, Optional
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    AnyUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Json,
    OnErrorOmit,
    PlainValidator,
    RootModel,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
    WrapValidator,
    field_validator,
    model_validator,
)
from typing_extensions import NotRequired, Required, TypedDict

from partialjson.schema import EarlyValidator, validator_for
from partialjson.schema.lax import accepted
from partialjson.schema.models import adapter
from tests.test_schema_early import edits, watched


class Colour(Enum):
    RED = "a"
    BLUE = "b"


class Size(IntEnum):
    ONE = 1
    TWO = 2


class Guessing(Enum):
    A = "a"

    @classmethod
    def _missing_(cls, value: object) -> Guessing:
        return cls.A


class Plain(BaseModel):
    a: int
    b: str = "x"


class Converted(BaseModel):
    a: bool
    b: float = 0
    ab: date | None = None


class Exact(BaseModel):
    model_config = ConfigDict(strict=True)
    a: int
    b: list[Plain] = []
    ab: float = 1.0


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: Optional[int] = None  # noqa: UP045
    b: bool


class Renamed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int = Field(alias="b")
    b: str = Field("", validation_alias=AliasChoices("a", "ab"))


class Buried(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int = Field(validation_alias=AliasPath("b", 0))


class EitherName(BaseModel):
    model_config = ConfigDict(populate_by_name=True, extra="forbid")
    a: int = Field(alias="b")


class Stripped(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)
    a: Annotated[str, StringConstraints(max_length=1)]


class Numbers(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)
    a: str


class Anything(BaseModel):
    a: int

    @model_validator(mode="before")
    @classmethod
    def forgive(cls, value: Any) -> Any:
        return {"a": 1}


class Helped(BaseModel):
    a: int
    b: int = 0

    @field_validator("a", mode="before")
    @classmethod
    def help_out(cls, value: Any) -> Any:
        return 1

    @field_validator("b", mode="after")
    @classmethod
    def double(cls, value: int) -> int:
        return 2 * value


class Own(BaseModel):
    a: int = 0

    def __init__(self, **data: Any) -> None:
        super().__init__(a=len(data))


class First(BaseModel):
    a: Literal["a"]
    b: int


class Second(BaseModel):
    a: Literal["b", 1]
    b: str = ""


class Tagged(BaseModel):
    ab: Annotated[First | Second, Field(discriminator="a")]


class Tree(BaseModel):
    a: list[Tree] = []
    b: Tree | None = None


class Bounded(BaseModel):
    a: int = Field(2, ge=1, lt=4, multiple_of=2)
    b: float = Field(1, gt=0, le=2**53)
    ab: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]


class Root(RootModel[list[int]]):
    pass


@dataclasses.dataclass
class Data:
    a: int
    b: str = "a"
    ab: int = dataclasses.field(init=False, default=3)


class Partial(TypedDict, total=False):
    a: int
    b: Required[str]


class Sealed(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)  # type: ignore[misc]
    a: int
    b: NotRequired[str]


MODELS: list[Any] = [
    *(Plain, Converted, Exact, Closed, Renamed, Buried, EitherName, Stripped, Numbers, Anything, Helped, Own),
    *(Tagged, Tree, Bounded, Root, Data, Partial, Sealed, Colour, Size, Guessing),
]
TYPES: list[Any] = [
    *(
        int,
        float,
        bool,
        str,
        bytes,
        None,
        Any,
        object,
        complex,
        Decimal,
        date,
        datetime,
        time,
        timedelta,
        UUID,
    ),
    *(
        int | None,
        int | list[str],
        list[int],
        set[int],
        frozenset[str],
        Sequence[int],
        Mapping[str, int],
    ),
    *(
        tuple[int, str],
        tuple[int, ...],
        tuple[()],
        dict[int, float],
        dict[str, Plain],
        Json[list[int]],
        AnyUrl,
    ),
    *(Literal["a", 1, None, True], Literal[Colour.RED, "b"], SecretStr),
    Annotated[set[int], Field(min_length=1, max_length=1)],
    Annotated[dict[int, int], Field(min_length=2, max_length=1)],
    Annotated[int, Field(strict=True)],
    Annotated[int, BeforeValidator(lambda value: 3)],
    Annotated[int, WrapValidator(lambda value, handler: 3)],
    Annotated[int, PlainValidator(lambda value: 3)],
    Annotated[str, AfterValidator(lambda value: value)],
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=1)],
    Annotated[str, StringConstraints(to_lower=True, min_length=2)],
    Annotated[float, Field(multiple_of=0.1)],
    Annotated[int, WithJsonSchema({"type": "string"})],
    Annotated[list[OnErrorOmit[int]], Field(max_length=1)],
    tuple[OnErrorOmit[int], int],
]
TEXTS = [
    *("", "a", "b", "ab", " a ", "1", "1.5", "true", "null", "[1]", "2020-01-01", "12:00", "P1D", "\u0130"),
    *("12345678-1234-5678-1234-567812345678", "http://example.com", "aaaaa"),
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, 2, 3, 4, -1, 1.0, 2.0, 0.5, 2.5, 10**20, 2**53 + 1, 1e300, float("inf")]),
    st.sampled_from(TEXTS),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "ab", "1", "01"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def named(tool: object) -> str:
    """The tool without addresses: the same name in every process."""
    return re.sub(" at 0x[0-9a-f]+", "", repr(tool))


@pytest.mark.parametrize("tool", [*MODELS, *TYPES], ids=named)
@settings(max_examples=10 + settings().max_examples // 10)  # for each of them
@given(VALUES)
@example({"b": 2**53 + 1})
@example({"a": "1", "b": [], "ab": {"a": "b"}})
def test_15_what_pydantic_accepts_is_never_reported(tool: Any, value: Any) -> None:
    tool = TypeAdapter(tool)
    found = EarlyValidator(tool).feed(list(edits(value)))
    if found:
        assert not validator_for(tool)(value).valid


@pytest.mark.parametrize(
    ("tool", "text", "reported"),
    [
        (Plain, "[", ["type"]),
        (Plain, '{"a":[', ["type"]),
        (Plain, '{"b":1,', ["type"]),
        (Plain, '{"b":"x"}', ["required"]),
        (Plain, '{"a":"28"}', []),
        (Exact, '{"a":"', ["type"]),
        (Exact, '{"a":1,"b":[{"a":"1"},{"b":', []),
        (Exact, '{"a":1,"b":[{"a":"1"},{"b":[', ["type"]),
        (Closed, '{"c":[', ["additionalProperties"]),
        (Tagged, '{"ab":{"a":"c"', ["anyOf"]),
        (Tree, '{"a":[{"a":[{"b":[', ["anyOf"]),
        (Bounded, '{"a":5,', ["exclusiveMaximum", "multipleOf"]),
        (Bounded, '{"ab":[1,2,3,', ["maxItems"]),
        (Colour, '"ac', ["enum"]),
        (Literal["abc", "abd"], '"abx', ["enum"]),
        (Data, '{"b":"x"}', ["required"]),
        (Partial, '{"a":1}', ["required"]),
        (Sealed, '{"a":1,"c":[', ["additionalProperties"]),
        (tuple[int, str], '["1",[', ["type"]),
        (tuple[int, str], '["1"]', ["minItems"]),
        (dict[str, list[int]], '{"x":{', ["type"]),
        (list[int], '[1,"2",null,', ["type"]),
        (Anything, '"whatever"', []),
        (Numbers, '{"a":1}', []),
    ],
)
def test_what_no_conversion_helps_is_reported(tool: Any, text: str, reported: list[str]) -> None:
    assert [violation.keyword for violation in watched(EarlyValidator(TypeAdapter(tool)), text)] == reported


def test_the_schema_of_an_adapter_is_made_once() -> None:
    assert accepted(adapter(Plain)) is accepted(adapter(Plain))


def test_a_model_that_is_not_yet_complete_is_a_type_error() -> None:
    class Waiting(BaseModel):
        a: Nowhere  # type: ignore[name-defined]  # noqa: F821

    for make in (validator_for, EarlyValidator):
        with pytest.raises(TypeError, match="not all names in it are defined"):
            make(Waiting)
