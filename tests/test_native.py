"""The stand-in for mypy_extensions."""

from __future__ import annotations

from partialjson._native import mypyc_attr


def test_the_decorator_does_nothing() -> None:
    class Plain:
        pass

    assert mypyc_attr(allow_interpreted_subclasses=True)(Plain) is Plain
