"""Coverage-guided fuzzing with atheris (libFuzzer), where it is installed.

atheris instruments bytecode as it is imported and ends its process itself, so it gets a process of
its own, in which the machine runs interpreted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path


def find(name: str, runs: int, seed: int) -> bytes | None:
    """An input for which the target fails, or None.

    Raises ``ModuleNotFoundError`` where atheris is not installed, and ``CalledProcessError`` where
    it ends in another way.
    """
    import_module("atheris")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", __name__, name, f"-runs={runs}", f"-seed={seed}"]
        command += [f"-artifact_prefix={folder}/", folder]
        done = subprocess.run(command, env={**os.environ, "PARTIALJSON_PURE": "1"}, check=False)
        for crash in sorted(Path(folder).glob("crash-*")):
            return crash.read_bytes()
        done.check_returncode()
    return None


def _guide(name: str, arguments: list[str]) -> None:
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    with atheris.instrument_imports(include=["partialjson"]):
        from fuzz import targets

        target = targets.load(name)
    # libFuzzer adds what it finds to the first folder, and only reads the second.
    atheris.Setup([name, *arguments, str(targets.folder(target))], target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    _guide(sys.argv[1], sys.argv[2:])
