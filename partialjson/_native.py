"""``mypyc_attr`` of mypy_extensions, which mypyc understands, without needing that package to run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr as mypyc_attr
else:
    Class = TypeVar("Class")

    def mypyc_attr(**attributes: object) -> Callable[[Class], Class]:
        return lambda decorated: decorated
