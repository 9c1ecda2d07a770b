"""The entry point: in a terminal of its own, without click, and what it is delivered with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files

import pytest

from partialjson import Policy, ToolCallAccumulator
from partialjson.testing import split

COMMAND = [sys.executable, "-m", "partialjson.cli"]
SAMPLES = files("partialjson.cli") / "samples"


def test_the_sample_shows_what_a_demo_should_show() -> None:
    stream = (SAMPLES / "demo.sse").read_bytes()
    acc = ToolCallAccumulator(
        "openai-chat",
        tools=json.loads((SAMPLES / "demo.tools.json").read_text("utf-8")),
        policy=Policy.strict(),
    )
    order = [event.key for piece in split(stream, range(100, len(stream), 100)) for event in acc.feed(piece)]
    keys = [key for key in order if key is not None]
    switches = sum(key != before for key, before in zip(keys[1:], keys, strict=False))
    assert switches > 20, "the calls are interleaved"
    report = acc.close()
    assert report.text
    assert report.reasoning
    assert [finished.executable for finished in report.finished] == [True]
    assert [failed.reason for failed in report.failed] == ["invalid"]
    assert not [anomaly for anomaly in report.anomalies if anomaly.severity != "info"]


def test_in_a_terminal_the_demo_moves() -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    terminal, inside = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    process = subprocess.Popen(
        [*COMMAND, "demo", "--speed", "20"], stdout=inside, stderr=inside, env=environment
    )
    os.close(inside)
    shown = b""
    while True:
        try:
            data = os.read(terminal, 65_536)
        except OSError:  # how Linux says that the other side is gone
            break
        if not data:
            break
        shown += data
    os.close(terminal)
    assert process.wait(60) == 0
    text = shown.decode()
    assert text.count("create_ticket") > 3, "drawn again and again"
    assert "▌" in text
    assert "/priority: 'urgent'" in text.rpartition("failed: invalid")[2]


def test_without_click_it_says_what_is_missing() -> None:
    script = "import sys; sys.modules['click'] = None; from partialjson.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "partialjson: the command line needs click: pip install 'partialjson-stream[cli]'\n"


def test_a_reader_that_leaves_early_is_no_disaster() -> None:
    command = " ".join([*COMMAND, "demo"])
    done = subprocess.run(f"{command} | head -n 1", shell=True, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("reasoning")
    assert "Traceback" not in done.stderr
