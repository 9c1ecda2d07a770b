"""A machine copied, written down as plain JSON data, and read back.

What is written down is every attribute of the machine, and the tree beside them. What is read back
is not trusted: every value is checked for its type, and the values against each other, as far as the
machine relies on them; nothing in the data names code. Damaged data is answered by ``CheckpointError``.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from partialjson._engine import Machine, states
from partialjson._machine.grammar import CONSTANTS
from partialjson._machine.prose import JUDGEMENTS
from partialjson._machine.spelling import QUOTED_RUN
from partialjson.errors import CheckpointError, LimitExceeded, PartialJSONError, Path, SyntaxFault
from partialjson.missing import MISSING

VERSION = 1
_LARGEST = 1 << 60

_SETTINGS = frozenset(
    (
        *("limits", "number", "many", "rules", "table", "patient", "plain", "prefix", "string_path"),
        *("max_depth", "max_nodes", "max_notes", "max_text", "max_key", "max_number", "max_space"),
    )
)
"""Attributes that come from the arguments of the parser, or are remembered results."""
_TREE = frozenset(("root", "spine", "obj", "arr", "shared", "depth", "in_object", "names"))
"""Attributes that hold the tree, or follow from it and from ``keys``."""
_CONTAINERS = frozenset(("root", "obj", "arr"))
"""Attributes that hold containers of the tree: shared with a fork, which copies what it changes."""
_SPECIAL = frozenset(("error", "undecoded", "held_value", "values", "log", "comment", "tail_rule", "keys"))
"""Attributes that are written in a form of their own."""

_BETWEEN_IN_OBJECT = frozenset(
    (states.VALUE, states.NAME, states.FIRST_NAME, states.COLON, states.NEXT_MEMBER)
)
_BETWEEN_IN_ARRAY = frozenset((states.ELEMENT, states.FIRST_ELEMENT, states.NEXT_ELEMENT))
_AT_THE_ROOT = frozenset((states.ROOT, states.END, *range(states.PROSE, states.TAIL + 1)))
_COMMENTS = range(states.SLASH, states.STAR + 1)
_NUMBERS = range(states.MINUS, states.EXPONENT + 1)
_STRINGS = range(states.STRING, states.LAST_STRING + 1)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_HEXADECIMAL = re.compile(r"-?0x[0-9a-fA-F]*")
_SPECIAL_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

Written: TypeAlias = dict[str, object]


def attributes(machine: Machine) -> Iterable[str]:
    """The names of a machine's attributes, in both of its forms."""
    compiled: Iterable[str] | None = getattr(type(machine), "__mypyc_attrs__", None)
    return vars(machine) if compiled is None else compiled


def fork(machine: Machine) -> Machine:
    """An independent machine in the same state, in time proportional to the depth."""
    machine.snapshot()
    twin = machine.blank()
    for name in attributes(machine):
        value = getattr(machine, name)
        if isinstance(value, list) and name not in _CONTAINERS:
            value = value.copy()
        setattr(twin, name, value)
    return twin


# -- writing ---------------------------------------------------------------------------------


def write(machine: Machine) -> Written:
    """The state of the machine; the text of ``numbers`` callables' results cannot be written."""
    written: Written = {"version": VERSION}
    for name in attributes(machine):
        if name not in _SETTINGS and name not in _TREE and name not in _SPECIAL:
            value = getattr(machine, name)
            written[name] = [_plain(item) for item in value] if isinstance(value, list) else _plain(value)
    written["keys"] = list(machine.keys)
    written["depth"] = machine.depth
    written["root"] = _write_tree(machine.root)
    written["held_value"] = _write_tree(machine.held_value)
    written["values"] = [_write_tree(value) for value in machine.values]
    written["log"] = [[kind, list(path), _write_tree(payload)] for kind, path, payload in machine.log]
    written["undecoded"] = list(machine.undecoded)
    written["error"] = _write_error(machine.error)
    for rule in ("comment", "tail_rule"):
        if hasattr(machine, rule):
            written[rule] = list(getattr(machine, rule)[1:])
    return written


def _plain(item: object) -> object:
    """Text that is not Unicode, for half a surrogate pair is in it, is written as its code points."""
    if isinstance(item, tuple):
        return [_plain(part) for part in item]
    if isinstance(item, str) and _HALF_PAIR.search(item):
        return [ord(character) for character in item]
    return item


def _write_tree(root: object) -> object:
    """``[tree]``, and behind it ``[path, kind, text]`` of each number that JSON cannot hold."""
    if root is MISSING:
        return []
    odd: list[object] = []
    holder: list[object] = [None]
    tasks: list[tuple[object, Path, object, list[object] | dict[str, object]]] = [(root, (), 0, holder)]
    while tasks:
        value, path, key, parent = tasks.pop()
        copy = value
        if isinstance(value, dict):
            children: dict[str, object] = dict.fromkeys(value)
            copy = children
            tasks.extend((value[name], (*path, name), name, children) for name in value)
        elif isinstance(value, list):
            items: list[object] = [None] * len(value)
            copy = items
            tasks.extend((item, (*path, index), index, items) for index, item in enumerate(value))
        elif isinstance(value, Decimal):
            odd.append([list(path), "decimal", str(value)])
            copy = None
        elif isinstance(value, float) and not math.isfinite(value):
            text = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
            odd.append([list(path), "float", text])
            copy = None
        elif value is not None and not isinstance(value, str | int | float):
            raise TypeError(f"a value of type {type(value).__name__}, made by numbers=, has no JSON form")
        parent[key] = copy  # type: ignore[index,call-overload]
    return [holder[0], *odd]


def _write_error(error: Exception | None) -> object:
    if isinstance(error, SyntaxFault | LimitExceeded):
        return [type(error).__name__, *(_plain(argument) for argument in error.args)]
    return None


# -- reading ---------------------------------------------------------------------------------


def _check(condition: object, what: str) -> None:
    if not condition:
        raise CheckpointError(f"no checkpoint, or a damaged one: {what}")


def read(machine: Machine, written: Mapping[str, object]) -> None:
    """Put a new machine, made with the same settings, into the state that was written."""
    _check(written.get("version") == VERSION, "version")
    for name in attributes(machine):
        if name in _SETTINGS or name in _TREE or name in _SPECIAL:
            continue
        _check(name in written, name)
        setattr(machine, name, _read_plain(name, written[name], getattr(machine, name)))
    nodes, machine.root = _read_tree(written.get("root"), "root")
    machine.nodes = max(machine.nodes, nodes)
    _, held = _read_tree(written.get("held_value"), "held_value")
    machine.held_value = held
    machine.values = [_read_tree(value, "values")[1] for value in _list(written, "values")]
    machine.undecoded = _read_bytes(_list(written, "undecoded"))
    machine.error = _read_error(written.get("error"))
    machine.log = [_read_entry(entry) for entry in _list(written, "log")]
    for rule in ("comment", "tail_rule"):
        if hasattr(machine, rule):
            parts = _list(written, rule)
            _check(len(parts) == 2 and all(isinstance(part, str) for part in parts), rule)
            setattr(machine, rule, (0, *parts))
    machine.plain = machine.error is None and not machine.closed and not machine.undecoded
    _read_spine(machine, written)
    for condition, what in _consistency(machine):
        _check(condition, what)


def _list(written: Mapping[str, object], name: str) -> list[object]:
    value = written.get(name)
    _check(isinstance(value, list), name)
    assert isinstance(value, list)
    return value


def _read_plain(name: str, value: object, pattern: object) -> object:
    """The value, if it is of the type that a new machine has there."""
    if isinstance(pattern, bool):
        _check(isinstance(value, bool), name)
    elif isinstance(pattern, int):
        _check(_is_count(value), name)
    elif isinstance(pattern, str):
        return _read_text(value, name)
    else:
        _check(isinstance(value, list), name)
        assert isinstance(value, list)
        if name in ("repairs", "notices"):
            return [_read_note(note) for note in value]
        if name == "tuples":
            _check(all(map(_is_count, value)), name)
            return list(value)
        return [_read_text(item, name) for item in value]
    return value


def _read_text(value: object, name: str) -> str:
    if isinstance(value, list):
        _check(all(_is_count(point) and 0 <= point <= sys.maxunicode for point in value), name)
        return "".join(map(chr, value))
    _check(isinstance(value, str), name)
    assert isinstance(value, str)
    return value


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -1 <= value <= _LARGEST


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _read_path(path: object) -> Path:
    _check(isinstance(path, list), "path")
    assert isinstance(path, list)
    _check(all(_is_text(step) or (_is_count(step) and step >= 0) for step in path), "path")
    return tuple(path)


def _read_note(note: object) -> tuple[str, int, int, Path, str]:
    _check(isinstance(note, list) and len(note) == 5, "repairs or notices")
    assert isinstance(note, list)
    kind, start, end, path, loss = note
    _check(_is_text(kind) and _is_count(start) and _is_count(end), "repairs or notices")
    _check(loss in ("none", "form", "guess"), "repairs or notices")
    return kind, start, end, _read_path(path), loss


def _read_bytes(numbers: list[object]) -> bytes:
    whole = [number for number in numbers if _is_count(number) and isinstance(number, int)]
    _check(len(whole) == len(numbers) < 4 and all(0 <= number < 256 for number in whole), "undecoded")
    return bytes(whole)


def _read_entry(entry: object) -> tuple[int, Path, object]:
    _check(isinstance(entry, list) and len(entry) == 3, "log")
    assert isinstance(entry, list)
    kind, path, payload = entry
    _check(_is_count(kind) and 0 <= kind <= 3, "log")
    _, value = _read_tree(payload, "log")
    _check(kind != 1 or isinstance(value, str), "log")
    return kind, _read_path(path), value


def _read_error(written: object) -> PartialJSONError | None:
    if written is None:
        return None
    _check(isinstance(written, list) and written, "error")
    assert isinstance(written, list)
    name, *arguments = written
    if name == "LimitExceeded" and len(arguments) == 4:
        limit, allowed, offset, path = arguments
        _check(_is_text(limit) and _is_count(allowed) and _is_count(offset), "error")
        return LimitExceeded(limit, allowed, offset, _read_path(path))
    _check(name == "SyntaxFault" and len(arguments) == 6, "error")
    offset, line, column, path, expected, found = arguments
    _check(_is_count(offset) and _is_count(line) and isinstance(column, int), "error")
    _check(isinstance(expected, list) and all(map(_is_text, expected)), "error")
    return SyntaxFault(offset, line, column, _read_path(path), tuple(expected), _read_text(found, "error"))


def _read_tree(written: object, what: str) -> tuple[int, object]:
    """How many values there are, and the tree, copied; ``MISSING`` where there is none."""
    _check(isinstance(written, list), what)
    assert isinstance(written, list)
    if not written:
        return 0, MISSING
    holder: list[object] = [None]
    tasks: list[tuple[object, object, list[object] | dict[str, object]]] = [(written[0], 0, holder)]
    count = 0
    while tasks:
        value, key, parent = tasks.pop()
        count += 1
        copy = value
        if isinstance(value, dict):
            _check(all(isinstance(name, str) for name in value), what)
            children: dict[str, object] = dict.fromkeys(value)
            copy = children
            tasks.extend((item, name, children) for name, item in value.items())
        elif isinstance(value, list):
            items: list[object] = [None] * len(value)
            copy = items
            tasks.extend((item, index, items) for index, item in enumerate(value))
        else:
            _check(value is None or isinstance(value, str | int | float), what)
        parent[key] = copy  # type: ignore[index,call-overload]
    for odd in written[1:]:
        _put_odd(holder, odd, what)
    return count, holder[0]


def _put_odd(holder: list[object], odd: object, what: str) -> None:
    _check(isinstance(odd, list) and len(odd) == 3, what)
    assert isinstance(odd, list)
    path, kind, text = odd
    _check(_is_text(text), what)
    if kind == "float":
        _check(text in _SPECIAL_FLOATS, what)
        number: object = _SPECIAL_FLOATS[text]
    else:
        _check(kind == "decimal", what)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = None
        _check(number is not None, what)
    node: object = holder
    steps: Path = (0, *_read_path(path))
    for step in steps[:-1]:
        node = _child(node, step, what)
    _check(_child(node, steps[-1], what) is None, what)
    node[steps[-1]] = number  # type: ignore[index]


def _child(node: object, step: str | int, what: str) -> object:
    if isinstance(node, dict) and step in node:
        return node[step]
    _check(isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node), what)
    assert isinstance(node, list)
    assert isinstance(step, int)
    return node[step]


def _read_spine(machine: Machine, written: Mapping[str, object]) -> None:
    """Walk down from the root to the container that is open."""
    depth = written.get("depth")
    keys = list(_read_path(written.get("keys")))
    _check(_is_count(depth) and depth == (len(keys) + 1 if depth else 0), "depth")
    _check(len(keys) < machine.max_depth or not depth, "depth")
    node = machine.root
    spine = [node] if depth else []
    for key in keys if depth else ():
        node = _child(node, key, "keys")
        spine.append(node)
    _check(all(isinstance(container, dict | list) for container in spine), "keys")
    machine.spine = spine
    machine.keys = keys
    machine.depth = len(spine)
    machine.shared = 0
    if isinstance(node, dict):
        machine.obj = node
        machine.in_object = True
    elif isinstance(node, list):
        machine.arr = node
    machine.in_object = isinstance(node, dict)
    machine.string_path = machine.path()


def _consistency(machine: Any) -> Iterable[tuple[object, str]]:
    """What the machine (with a dialect's rules or without) relies on, state by state."""
    state: int = machine.state
    forgiving = hasattr(machine, "rules")
    known = (
        range(states.TAIL + 1) if forgiving else (*range(states.PAIR_ESCAPE + 1), *_NUMBERS, states.LITERAL)
    )
    yield state in known, "state"
    yield _stands(machine, machine.before if forgiving and state in _COMMENTS else state), "state"
    yield not forgiving or state not in _COMMENTS or machine.before <= states.END, "before"
    in_slot = machine.shown and not machine.in_name and (state in _STRINGS or machine.pending)
    yield not in_slot or _slot(machine) == machine.text, "text"
    yield not machine.in_name or machine.in_object or state not in _STRINGS, "in_name"
    yield machine.high == 0 or 0xD800 <= machine.high < 0xDC00, "high"
    yield machine.high or state not in (states.PAIR, states.PAIR_ESCAPE), "high"
    yield (
        (0 <= machine.hex_digits < 4 and 0 <= machine.hex < 16**machine.hex_digits)
        or state != states.HEX
        or machine.error is not None,  # a whole escape may have been refused
        "hex",
    )
    yield not machine.pending or (machine.depth and machine.shown and machine.patient), "pending"
    yield not machine.held or (state == states.END and machine.depth == 0), "held"
    if state == states.LITERAL:
        literal, token = machine.literal, machine.token
        yield literal in CONSTANTS and literal.startswith(token) and len(token) < len(literal), "literal"
    elif state in _NUMBERS:
        yield _number_state(machine.token) == state, "token"
    if not forgiving:
        return
    yield machine.resume in (states.STRING, states.QUOTED, states.IDENTIFIER), "resume"
    yield machine.quote[:1] in QUOTED_RUN or states.QUOTED not in (state, machine.resume), "quote"
    yield machine.quote in ("", machine.quote[:1], machine.quote[:1] * 3) and machine.quotes < 3, "quote"
    yield machine.byte_digits < 2 and machine.byte < 16, "byte"
    yield machine.word or state != states.WORD, "word"
    yield state != states.HEXADECIMAL or _HEXADECIMAL.fullmatch(machine.token), "token"
    yield state != states.REASONING or machine.judgement < len(machine.tag), "tag"
    opener = machine.judged[:1] in ("{", "[", "(") and len(machine.judged) < 70
    yield state != states.OPENER or (opener and machine.judgement in JUDGEMENTS), "judged"


def _stands(machine: Machine, state: int) -> bool:
    """Whether the machine can be in this state at the place where it stands."""
    if state in _BETWEEN_IN_OBJECT:
        return machine.depth > 0 and machine.in_object
    if state in _BETWEEN_IN_ARRAY:
        return machine.depth > 0 and not machine.in_object
    return machine.depth == 0 if state in _AT_THE_ROOT else state not in _COMMENTS


def _slot(machine: Machine) -> object:
    if machine.depth == 0:
        return machine.root
    if machine.in_object:
        return machine.obj.get(machine.key)
    return machine.arr[-1] if machine.arr else None


def _number_state(token: str) -> int:
    """The state that the beginning of a number leads to."""
    if token in ("", "-"):
        return states.MINUS
    fresh = Machine((1, 1, 0, _LARGEST, 0, _LARGEST, 0), None, False)
    try:
        fresh.feed(token)
    except PartialJSONError:
        return -1
    return fresh.state
