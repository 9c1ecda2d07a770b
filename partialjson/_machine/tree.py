"""The tree that grows: the spine of open containers, the open string, the log of edits.

The *spine* is the list of open containers, the root first; only its last one can change, and every
change goes through ``put``, ``grow`` or ``pop``.

* Snapshots share. ``snapshot`` hands out the root itself and marks the spine as shared; the next
  change first copies the shared containers of the spine (``_unshare``). So what was handed out never
  changes, finished subtrees are never copied, and a snapshot costs the width of what is open.
* The open string grows in place. Before it is extended its slot in the tree is emptied, so that one
  reference is left and ``text += piece`` need not copy. Without this a string of one megabyte costs
  a hundred times as much.

This file does not know what a character means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from partialjson.errors import LimitExceeded, Path
from partialjson.missing import MISSING

if TYPE_CHECKING:
    from mypy_extensions import i64

# Kinds of edits, as they stand in the log: (kind, path, payload).
PUT: Final = 0
GROW: Final = 1
DONE: Final = 2
RESET: Final = 3
Entry = tuple[int, Path, object]
Note = tuple[str, int, int, Path, str]  # kind, start, end, path, loss

_ANEW: Final = object()  # stands, while a log is rebuilt, for the repeated name of what is open
_COPY_LIMIT: Final = 256  # below this length copying a string is cheaper than growing it in place


class Tree:
    """Every attribute is plain data, so that ``fork`` can copy it and ``checkpoint`` write it down."""

    def __init__(self, depth: i64, nodes: i64, notes: i64) -> None:
        self.max_depth: i64 = depth
        self.max_nodes: i64 = nodes
        self.max_notes: i64 = notes

        self.root: object = MISSING
        self.spine: list[object] = []
        self.keys: list[str | int] = []  # keys[i] is where spine[i + 1] stands in spine[i]
        self.depth: i64 = 0
        self.shared: i64 = 0  # how many containers of the spine, from the root, were handed out
        self.in_object: bool = False
        self.obj: dict[str, object] = _NO_OBJECT  # the last container of the spine,
        self.arr: list[object] = _NO_ARRAY  # under the name of its type
        self.key: str = ""  # the member name that was read last,
        self.key_start: i64 = 0  # and its characters, with the quotes
        self.key_end: i64 = 0
        self.nodes: i64 = 0

        self.shown: bool = False  # the open string has a slot in the tree
        self.text: str = ""  # what of it is visible
        self.string_path: Path = ()  # where it stands, while edits are recorded

        self.recording: bool = False
        self.log: list[Entry] = _NO_LOG
        self.joins: bool = False  # the next growth belongs to the last entry of the log
        self.prefix: Path | None = None  # the path of the last container of the spine, if known
        self.repairs: list[Note] = _NO_NOTES
        self.notices: list[Note] = _NO_NOTES
        self.repairs_beyond: i64 = 0
        self.notices_beyond: i64 = 0
        self.error: Exception | None = None
        self.plain: bool = True  # no error, not closed, no half character: text can be read at once

    # -- changes ----------------------------------------------------------------------------

    def put(self, value: object, start: i64) -> None:
        """A value, which began at the character ``start``, appears in its container."""
        self.nodes += 1
        if self.nodes > self.max_nodes:
            self.exceed("nodes", self.max_nodes, start)
        if self.shared:
            self._unshare()
        if self.depth == 0:
            self.root = value
        elif self.in_object:
            if self.key in self.obj:
                self._repeated_name()
            self.obj[self.key] = value
        else:
            self.arr.append(value)
        if self.recording:
            self.log.append((PUT, self.path(), value))

    def _repeated_name(self) -> None:
        """RFC 8259 section 4 leaves the meaning open; like ``json.loads`` the last value wins."""
        path = self.path()
        if self.recording:
            self.log.append((RESET, path, None))
        self.notice("duplicate-name", self.key_start, self.key_end, path)

    def push(self, container: object, start: i64) -> None:
        """An empty array or object appears, and is the last of the spine from now on."""
        if self.depth >= self.max_depth:
            self.exceed("depth", self.max_depth, start)
        self.put(container, start)
        if self.recording:
            path = self.log[-1][1]
            self.log[-1] = (PUT, path, {} if isinstance(container, dict) else [])
            self.prefix = path
        else:
            self.prefix = None
        if self.depth:
            self.keys.append(self.key if self.in_object else len(self.arr) - 1)
        self.spine.append(container)
        self.depth += 1
        self._last_of_spine()

    def pop(self) -> None:
        """The last container of the spine is final."""
        if self.recording:
            path = self.container_path()
            self.log.append((DONE, path, None))
            self.prefix = path[:-1]
        else:
            self.prefix = None
        self.spine.pop()
        self.depth -= 1
        if self.shared > self.depth:
            self.shared = self.depth
        if self.depth:
            key = self.keys.pop()
            if isinstance(key, str):
                self.key = key
            self._last_of_spine()

    def _last_of_spine(self) -> None:
        last = self.spine[-1]
        if isinstance(last, dict):
            self.obj = last
            self.in_object = True
        else:
            assert isinstance(last, list)
            self.arr = last
            self.in_object = False

    def grow(self, piece: str, start: i64) -> None:
        """The open string, which began at ``start``, grows by ``piece``; it may be empty at first."""
        if not self.shown:
            self.put(piece, start)
            self.shown = True
            self.text = piece
            if self.recording:
                path = self.log[-1][1]
                self.string_path = path
                self.log[-1] = (PUT, path, "")
                if piece:
                    self.log.append((GROW, path, piece))
            return
        if self.shared:
            self._unshare()
        text = self.text
        if len(text) > _COPY_LIMIT:
            self.text = ""
            self._slot("")
        text += piece
        self.text = text
        self._slot(text)
        if self.recording:
            if self.joins:
                self.joins = False
                piece = self.log.pop()[2] + piece  # type: ignore[operator]
            self.log.append((GROW, self.string_path, piece))

    def _slot(self, text: str) -> None:
        if self.depth == 0:
            self.root = text
        elif self.in_object:
            self.obj[self.key] = text
        else:
            self.arr[-1] = text

    def done(self) -> None:
        """The value that was put last is final."""
        if self.recording:
            self.log.append((DONE, self.path(), None))

    def _unshare(self) -> None:
        """Copy what was handed out of the spine, so that it can change again."""
        spine = self.spine
        for level in range(self.shared):
            old = spine[level]
            new: object
            if isinstance(old, dict):
                new = old.copy()
            else:
                assert isinstance(old, list)
                new = old.copy()
            spine[level] = new
            if level == 0:
                self.root = new
                continue
            parent = spine[level - 1]
            key = self.keys[level - 1]
            if isinstance(parent, dict):
                parent[key] = new
            else:
                assert isinstance(parent, list)
                assert isinstance(key, int)
                parent[key] = new
        if self.shared == self.depth and self.depth:
            self._last_of_spine()
        self.shared = 0

    # -- readings ---------------------------------------------------------------------------

    def snapshot(self) -> object:
        """The tree as it is now; what is handed out never changes again."""
        self.shared = self.depth
        return self.root

    def container_path(self) -> Path:
        """The path of the last container of the spine."""
        prefix = self.prefix
        if prefix is None:
            prefix = tuple(self.keys)
            self.prefix = prefix
        return prefix

    def path(self) -> Path:
        """The path of the value that was put last into the last container of the spine."""
        if self.depth == 0:
            return ()
        # Compiled, a sum of tuples costs a third of one that is unpacked into another.
        if self.in_object:
            return self.container_path() + (self.key,)  # noqa: RUF005
        return self.container_path() + (len(self.arr) - 1,)  # noqa: RUF005

    def place(self) -> Path:
        """Where the machine stands: the path of the value that is open or comes next."""
        return self.container_path() if self.depth else ()

    def open_path(self) -> Path | None:
        """The path of the innermost value that can still change, or None."""
        return self.container_path() if self.depth else None

    def is_done(self, path: Path) -> bool:
        """Whether there is a value at ``path`` and it can no longer change."""
        node = self.root
        if node is MISSING:
            return False
        for step in path:
            if isinstance(node, dict):
                if step not in node:
                    return False
                node = node[step]
            elif isinstance(node, list) and isinstance(step, int):
                if not 0 <= step < len(node):
                    return False
                node = node[step]
            else:
                return False
        current = self.open_path()
        return current is None or current[: len(path)] != path

    def record(self) -> list[Entry]:
        """The edits since the last call. The first call starts the recording with those that build
        the tree as it is now."""
        if not self.recording:
            self.recording = True
            if self.shown:
                self.string_path = self.path()
            self.log = self._rebuild()
        log = self.log
        self.log = []
        return log

    def _rebuild(self) -> list[Entry]:
        log: list[Entry] = []
        current = self.open_path()
        tasks: list[tuple[Path, object, bool]] = []  # path, value, whether its children are built
        if self.root is not MISSING:
            tasks.append(((), self.root, False))
        while tasks:
            path, value, built = tasks.pop()
            is_open = current is not None and current[: len(path)] == path
            if value is _ANEW:
                log.append((RESET, path, None))
                continue
            if isinstance(value, str):
                log.append((PUT, path, ""))
                if value:
                    log.append((GROW, path, value))
                built = True
            elif not built and isinstance(value, dict):
                log.append((PUT, path, {}))
                tasks.append((path, value, True))
                anew = self._began_anew(value, path, current)
                if anew is not None:
                    tasks.append(((*path, anew), value[anew], False))
                    tasks.append(((*path, anew), _ANEW, False))
                for key in reversed(value):
                    tasks.append(((*path, key), None if key == anew else value[key], False))
            elif not built and isinstance(value, list):
                log.append((PUT, path, []))
                tasks.append((path, value, True))
                for index in range(len(value) - 1, -1, -1):
                    tasks.append(((*path, index), value[index], False))
            elif not built:
                log.append((PUT, path, value))
            if built and not is_open:
                log.append((DONE, path, None))
        return log

    def _began_anew(self, members: dict[str, object], path: Path, current: Path | None) -> str | None:
        """The name of the member that is open, if it is not the last one: it was repeated. What is open
        has to come last among the edits, and so is put twice, as it was in the text."""
        if current is None or len(current) <= len(path) or current[: len(path)] != path:
            return None
        name = current[len(path)]
        return name if isinstance(name, str) and name != next(reversed(members)) else None

    # -- notes ------------------------------------------------------------------------------

    def notice(self, kind: str, start: i64, end: i64, path: Path) -> None:
        """Something valid that is worth knowing."""
        if len(self.notices) >= self.max_notes:
            self.notices_beyond += 1
            return
        if not self.notices:
            self.notices = []
        self.notices.append((kind, start, end, path, "none"))

    def repair(self, kind: str, loss: str, start: i64, end: i64) -> None:
        """A liberty was taken."""
        if len(self.repairs) >= self.max_notes:
            self.repairs_beyond += 1
            return
        if not self.repairs:
            self.repairs = []
        self.repairs.append((kind, start, end, self.place(), loss))

    def exceed(self, limit: str, allowed: i64, offset: i64) -> None:
        """Stop: ``offset`` is the first character too many."""
        self.fail(LimitExceeded(limit, allowed, offset, self.place()))

    def fail(self, error: Exception) -> None:
        """Stop for good; what was read stays readable."""
        self.error = error
        self.plain = False
        raise error


# What is rarely needed begins as one of these, never filled, so that a new machine costs little.
_NO_OBJECT: Final[dict[str, object]] = {}
_NO_ARRAY: Final[list[object]] = []
_NO_LOG: Final[list[Entry]] = []
_NO_NOTES: Final[list[Note]] = []
