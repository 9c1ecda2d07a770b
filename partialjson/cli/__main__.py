"""``python -m partialjson.cli``: the same as ``partialjson``."""

from __future__ import annotations

from partialjson.cli import main

main()
