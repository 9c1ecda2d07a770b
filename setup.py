"""Compiles the machine with mypyc where that works, and leaves its Python files to do the work where not.

Everything else stands in ``pyproject.toml``. ``PARTIALJSON_PURE=1`` compiles nothing. What was
compiled is written down beside it, so that ``partialjson/_engine.py`` sees when it has grown stale.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import source_hash
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CCompilerError

PACKAGE = Path("partialjson", "_machine")
SOURCES = sorted(set(PACKAGE.glob("*.py")) - {PACKAGE / "__init__.py"})
LIBRARY = "partialjson._machine.compiled"  # holds the C code of all its modules
MYPY_OPTIONS = [
    "--config-file=",
    "--cache-dir=build/mypy",
    "--follow-imports=silent",
    "--ignore-missing-imports",
]
PURE = os.environ.get("PARTIALJSON_PURE", "0") not in ("", "0")
COMMANDS = set(sys.argv)
BUILDS = {"bdist_wheel", "build", "build_ext", "editable_wheel"}


def stay_interpreted(reason: object) -> None:
    print(f"partialjson: nothing is compiled, the machine stays interpreted: {reason}", file=sys.stderr)


def extensions() -> list[Extension]:
    """The machine in C, or nothing where mypyc is absent or refuses."""
    try:
        from mypyc.build import mypycify

        result: list[Extension] = mypycify(
            [*MYPY_OPTIONS, *map(str, SOURCES)],
            group_name=LIBRARY,
            debug_level="0",
        )
    except (Exception, SystemExit) as fault:  # mypyc is not ours: whatever ails it, the Python files work
        stay_interpreted(repr(fault))
        return []
    for extension in result:
        # A newer C compiler's new warning about generated code is no reason to be slow.
        extension.extra_compile_args = [flag for flag in extension.extra_compile_args if flag != "-Werror"]
    return result


class BuildMachine(build_ext):
    """Builds all extensions or none: a module must not be installed without the library that it loads."""

    def run(self) -> None:
        super().run()
        if self.extensions:
            hashes = [f"{source_hash(path.read_bytes()).hex()} {path.name}\n" for path in SOURCES]
            self.stamp().write_text("".join(hashes), encoding="ascii")

    def build_extensions(self) -> None:
        try:
            super().build_extensions()
        except (BaseError, CCompilerError) as fault:
            stay_interpreted(fault)
            for output in (*self.get_outputs(), self.stamp()):  # left by an earlier build in this tree
                Path(output).unlink(missing_ok=True)
            self.extensions = []

    def stamp(self) -> Path:
        """Where the hashes of the compiled sources are kept: beside them, per Python version."""
        return Path(self.get_ext_fullpath(LIBRARY)).with_suffix(".hash")


if PURE and "editable_wheel" in COMMANDS:
    # Without its hashes nothing is used that was compiled in this tree before.
    (PACKAGE / f"compiled{EXTENSION_SUFFIXES[0]}").with_suffix(".hash").unlink(missing_ok=True)

setup(
    ext_modules=extensions() if COMMANDS & BUILDS and not PURE else [],
    cmdclass={"build_ext": BuildMachine},
)
