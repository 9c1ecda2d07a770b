"""Work counted instead of timed: the characters that the interpreted machine reads and copies.

The machine's own files are imported once more with every place rewritten that can touch a character
of a string: an index, a slice, a method of a string or of a regular expression, a concatenation.
Each then adds to ``Work`` what it costs. The machine itself knows nothing of it, and a change of
the machine is counted without being told.

A character is *read* each time that an index, a search or a match looks at it, and *copied* each
time that a new string holds it. Appending to a local variable counts what is appended: CPython
extends a string in place to which there is one reference, and the benchmark of one growing string
would show if it did not.
"""

from __future__ import annotations

import ast
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from benchmarks.engines import again, parser_type
from partialjson.errors import LimitExceeded
from partialjson.parser import Parser

_MACHINE = "partialjson._machine"


@dataclass
class Work:
    """What was done since ``reset``."""

    read: int = 0
    copied: int = 0

    def reset(self) -> None:
        """Begin to count anew."""
        self.read = self.copied = 0

    def per_bound(self, characters: int, feeds: int) -> float:
        """What was read, in parts of what may be: 4 for each character and 64 for each feed."""
        return self.read / (4 * characters + 64 * feeds)


# -- what each operation costs ----------------------------------------------------------------

Cost = Callable[[Any, Sequence[Any], Any], int]
"""The characters that ``receiver.method(*arguments)`` with this result looks at."""


def _all(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    return len(receiver)


def _compared(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    """Nothing of what is longer than the rest."""
    start, stop = _range(receiver, arguments)
    wanted = arguments[0] if isinstance(arguments[0], tuple) else arguments[:1]
    return sum(len(part) for part in wanted if len(part) <= stop - start)


def _stripped(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    """What is taken off, and the character at either end that is not."""
    return min(len(receiver), len(receiver) - len(result) + 2)


def _nothing(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    return 0


def _to_the_left(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    """Up to what is found, and with it, or to the end."""
    start, stop = _range(receiver, arguments)
    return stop - start if result < 0 else result + len(arguments[0]) - start


def _from_the_right(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    start, stop = _range(receiver, arguments)
    return stop - start if result < 0 else stop - result


def _between(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    start, stop = _range(receiver, arguments)
    return stop - start


def _range(receiver: Any, arguments: Sequence[Any]) -> tuple[int, int]:
    given = slice(*(*arguments[1:], None, None)[:2])
    start, stop, _ = given.indices(len(receiver))
    return start, max(start, stop)


def _matched(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    """Up to the end of the match, and the character that ended it."""
    start = (*arguments[1:], 0)[0]
    return 1 if result is None else result.end() - start + 1


def _searched(receiver: Any, arguments: Sequence[Any], result: Any) -> int:
    start, _ = _range(arguments[0], arguments)
    return len(arguments[0]) - start if result is None else result.end() - start


# A method that is not here has no price yet: a machine that calls it cannot be counted.
_TEXT_METHODS: Mapping[str, Cost] = {
    **dict.fromkeys(("strip", "lstrip", "rstrip"), _stripped),
    **dict.fromkeys(("replace", "lower", "upper", "decode", "encode", "split"), _all),
    **dict.fromkeys(("isalpha", "isalnum", "isidentifier", "isspace", "isdigit", "isascii"), _all),
    "find": _to_the_left,
    "rfind": _from_the_right,
    "count": _between,
    **dict.fromkeys(("startswith", "endswith", "removeprefix", "removesuffix"), _compared),
    "join": _nothing,
}
_PATTERN_METHODS: Mapping[str, Cost] = {
    **dict.fromkeys(("match", "fullmatch"), _matched),
    "search": _searched,
    "sub": lambda receiver, arguments, result: len(arguments[1]),
}
_FUNCTIONS = frozenset({"utf_8_decode", "int", "float"})
"""Functions that read the whole of their first argument."""

_TEXT = (str, bytes)


class _Counters:
    """What the rewritten places call."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def item(self, container: Any, key: Any) -> Any:
        result = container[key]
        if isinstance(container, _TEXT):
            if isinstance(key, slice):
                self.work.copied += len(result)
            else:
                self.work.read += 1
        return result

    def method(self, receiver: Any, name: str, *arguments: Any, **options: Any) -> Any:
        result = getattr(receiver, name)(*arguments, **options)
        if isinstance(receiver, _TEXT):
            self.work.read += _TEXT_METHODS[name](receiver, arguments, result)
        elif isinstance(receiver, re.Pattern):
            self.work.read += _PATTERN_METHODS[name](receiver, arguments, result)
        if isinstance(result, _TEXT) and isinstance(receiver, (*_TEXT, re.Pattern, re.Match)):
            self.work.copied += len(result)
        return result

    def function(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if arguments and isinstance(arguments[0], _TEXT):
            self.work.read += len(arguments[0])
        return function(*arguments)

    def add(self, left: Any, right: Any) -> Any:
        result = left + right
        if isinstance(result, _TEXT):
            self.work.copied += len(result)
        return result

    def appended(self, piece: Any) -> Any:
        if isinstance(piece, _TEXT):
            self.work.copied += len(piece)
        return piece


# -- rewriting --------------------------------------------------------------------------------

_NAME = "_counters_"


class _Rewriting(ast.NodeTransformer):
    """Puts a call of ``_Counters`` in each place where a character may be touched."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        # The annotation is never evaluated and stays as it is.
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            return node
        key: ast.expr = node.slice
        if isinstance(key, ast.Slice):
            ends = [end or ast.Constant(None) for end in (key.lower, key.upper, key.step)]
            key = ast.Call(ast.Name("slice", ast.Load()), ends, [])
        return _counter("item", node.value, key)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute):
            return _counter(
                "method", node.func.value, ast.Constant(node.func.attr), *node.args, keywords=node.keywords
            )
        if isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
            return _counter("function", node.func, *node.args)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _counter("add", node.left, node.right) if isinstance(node.op, ast.Add) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        node.value = self.visit(node.value)
        if not isinstance(node.op, ast.Add):
            return node
        if isinstance(node.target, ast.Name):
            node.value = _counter("appended", node.value)
            return node
        # An attribute keeps a reference, so that the string is copied.
        source = ast.parse(ast.unparse(node.target), mode="eval").body
        return ast.Assign([node.target], _counter("add", source, node.value))


def _counter(name: str, *arguments: ast.expr, keywords: Sequence[ast.keyword] = ()) -> ast.Call:
    return ast.Call(
        ast.Attribute(ast.Name(_NAME, ast.Load()), name, ast.Load()), list(arguments), list(keywords)
    )


def rewritten(source: str | bytes, path: str) -> CodeType:
    """The module's code; it needs the names of ``counters``."""
    tree = _Rewriting().visit(ast.parse(source))
    return compile(ast.fix_missing_locations(tree), path, "exec")


def counters(work: Work) -> dict[str, object]:
    """The names that rewritten code calls, counting into ``work``."""
    return {_NAME: _Counters(work)}


class _Loader(SourceFileLoader):
    work: Work

    def get_code(self, fullname: str) -> CodeType:
        # Past the cache of bytecode, which holds the files as they are.
        path = self.get_filename(fullname)
        return rewritten(self.get_data(path), path)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(counters(self.work))
        super().exec_module(module)


def counting() -> tuple[type[Parser], Work]:
    """``Parser`` over a machine that counts, and what it counts into."""
    work = Work()
    loader = type("_CountingLoader", (_Loader,), {"work": work})

    class Finder:
        @staticmethod
        def find_spec(name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
            if path is None or not name.startswith(_MACHINE):
                return None
            return FileFinder(path[0], (loader, [".py"])).find_spec(name)

    with again():
        sys.meta_path.insert(0, Finder)
        try:
            package = import_module(_MACHINE)
            for module in pkgutil.iter_modules(package.__path__, f"{_MACHINE}."):
                import_module(module.name)
        finally:
            sys.meta_path.remove(Finder)
        return parser_type(), work


# -- counting ---------------------------------------------------------------------------------


def rows(documents: Mapping[str, str], cuts: Sequence[int]) -> Iterator[list[str]]:
    """A header, then for each document what was read, in parts of the bound, at each size of fragment.

    A limit ends a document early; what was read until then is held against what was fed until then.
    """
    make, work = counting()
    yield [
        "characters read / (4 per character + 64 per feed)",
        *(f"{cut} at a time" for cut in cuts),
        "at once",
    ]
    for name, text in documents.items():
        parts = [work_on(make(), work, text, cut) for cut in (*cuts, len(text))]
        yield [name, *(f"{part:.2f}" for part in parts)]


def work_on(parser: Parser, work: Work, text: str, cut: int) -> float:
    """Feed the text, ``cut`` characters at a time, and close: what was read, in parts of the bound."""
    work.reset()
    end = 0
    feeds = 0
    with suppress(LimitExceeded):
        for start in range(0, len(text), cut):
            end = min(start + cut, len(text))
            feeds += 1
            parser.feed(text[start:end])
    parser.close()
    return work.per_bound(end, feeds)
