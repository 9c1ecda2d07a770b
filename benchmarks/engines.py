"""The compiled and the interpreted machine in one process."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from partialjson._engine import COMPILED
from partialjson.parser import Parser

_PARTS = ("partialjson.parser", "partialjson._engine", "partialjson._machine")


def interpreted() -> type[Parser]:
    """``Parser`` over the interpreted machine, beside the one that runs."""
    if not COMPILED:
        return Parser
    package = sys.modules["partialjson"]
    kept = {name: module for name, module in sys.modules.items() if name.startswith(_PARTS)}
    for name in kept:
        del sys.modules[name]
    wished = os.environ.get("PARTIALJSON_PURE")
    os.environ["PARTIALJSON_PURE"] = "1"
    try:
        twin: type[Parser] = import_module("partialjson.parser").Parser
    finally:
        if wished is None:
            del os.environ["PARTIALJSON_PURE"]
        else:
            os.environ["PARTIALJSON_PURE"] = wished
        sys.modules.update(kept)
        for name, module in kept.items():
            if name.count(".") == 1:
                setattr(package, name.rpartition(".")[2], module)
    return twin
