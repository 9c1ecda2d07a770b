"""Every module has its test file: ``a/b.py`` has ``test_a_b.py``, or ``test_a.py`` where one serves all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import partialjson

PACKAGE: Final = Path(partialjson.__file__).parent
TESTS: Final = Path(__file__).parent


def candidates(module: Path) -> set[str]:
    """The names that a test file of ``module`` (a path in the package) may have."""
    names = [name.strip("_") for name in module.with_suffix("").parts]
    return {f"test_{'_'.join(names[:length])}.py" for length in range(1, len(names) + 1)}


def untested(package: Path, tests: Path) -> list[str]:
    """The modules without a test file. ``__init__`` only hands on names: ``test_exports.py`` has them all."""
    modules = (file.relative_to(package) for file in package.rglob("*.py") if file.name != "__init__.py")
    existing = {file.name for file in tests.glob("test_*.py")}
    return sorted(str(module) for module in modules if not candidates(module) & existing)


def test_every_module_has_its_test_file() -> None:
    assert untested(PACKAGE, TESTS) == []


def test_a_module_without_a_test_file_is_found(tmp_path: Path) -> None:
    for name in ("package/__init__.py", "package/_engine.py", "package/wire/sse.py", "package/wire/frame.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("test_engine.py", "test_wire_sse.py", "test_wired.py"):
        (tmp_path / name).touch()
    assert untested(tmp_path / "package", tmp_path) == [str(Path("wire", "frame.py"))]
    (tmp_path / "test_wire.py").touch()
    assert untested(tmp_path / "package", tmp_path) == []
