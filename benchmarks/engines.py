"""The machine in other forms, beside the one that runs, in one process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from partialjson._engine import COMPILED
from partialjson.parser import Parser

_BUILT_ON_THE_MACHINE = ("partialjson.parser", "partialjson._engine", "partialjson._machine")


@contextmanager
def again() -> Iterator[None]:
    """Within, the machine and what is built on it are imported anew; afterwards all is as before."""
    package = sys.modules["partialjson"]
    attributes = dict(vars(package))
    kept = {name: module for name, module in sys.modules.items() if name.startswith(_BUILT_ON_THE_MACHINE)}
    for name in kept:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.startswith(_BUILT_ON_THE_MACHINE)]:
            del sys.modules[name]
        sys.modules.update(kept)
        vars(package).clear()
        vars(package).update(attributes)


def interpreted() -> type[Parser]:
    """``Parser`` over the interpreted machine."""
    if not COMPILED:
        return Parser
    wished = os.environ.get("PARTIALJSON_PURE")
    os.environ["PARTIALJSON_PURE"] = "1"
    try:
        with again():
            return parser_type()
    finally:
        if wished is None:
            del os.environ["PARTIALJSON_PURE"]
        else:
            os.environ["PARTIALJSON_PURE"] = wished


def parser_type() -> type[Parser]:
    """``Parser`` as an import finds it now."""
    found: type[Parser] = import_module("partialjson.parser").Parser
    return found
