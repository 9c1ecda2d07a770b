"""Draws ``docs/demo.svg``: the demo half way through, and at its end.

python docs/make_demo_picture.py
"""

from __future__ import annotations

import io
import json
import re
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.rule import Rule
from rich.terminal_theme import MONOKAI

from partialjson import ToolCallAccumulator
from partialjson.cli.board import Board
from partialjson.cli.picture import final_picture, live_picture
from partialjson.cli.watching import paced

WIDTH: Final = 92
PIECES_UNTIL_THE_FIRST_PICTURE: Final = 600
BYTES_PER_SECOND: Final = 4_000


def main() -> None:
    samples = files("partialjson.cli") / "samples"
    board = Board(ToolCallAccumulator(tools=json.loads((samples / "demo.tools.json").read_text("utf-8"))))
    console = Console(record=True, width=WIDTH, height=40, file=io.StringIO(), highlight=False, markup=False)
    pieces = paced((samples / "demo.sse").read_bytes(), BYTES_PER_SECOND)
    for piece in islice(pieces, PIECES_UNTIL_THE_FIRST_PICTURE):
        board.feed(piece)
    console.print(Rule("while it streams", style="dim"))
    console.print(live_picture(board, WIDTH, 40))
    for piece in pieces:
        board.feed(piece)
    board.close()
    console.print(Rule("when it is over", style="dim"))
    console.print(final_picture(board, WIDTH))
    picture = console.export_svg(title="partialjson demo", theme=MONOKAI, unique_id="demo")
    # A picture that is shown should fetch nothing: the reader's own font will do.
    picture = re.sub(r"@font-face \{.*?\}\n?", "", picture, flags=re.DOTALL)
    Path(__file__).with_name("demo.svg").write_text(
        re.sub(r"[ \t]+$", "", picture, flags=re.MULTILINE), "utf-8"
    )


if __name__ == "__main__":
    main()
