"""What is forgiven, as data: ``STRICT``, ``JSON5``, ``LENIENT``, and dialects of your own.

A dialect is a table of *liberties*. Each row says in which states of the machine, on which
characters, which action is taken, under which name it is reported (``Repair.kind``) and what it may
have cost (``Repair.loss``). The rows are asked only where the strict grammar of RFC 8259 has no
meaning for a character, so valid JSON means the same in every dialect, without a repair.

Of two rows for the same state and character the earlier one counts; a row that names a character
goes before one that names its class, and that before one for any character.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import partialjson._engine  # noqa: F401  chooses which form of the machine the next line finds
from partialjson._machine import liberties as machine
from partialjson._machine import states
from partialjson.edits import Loss

LETTER: Final = "letter"
DIGIT: Final = "digit"
SPACE: Final = "space"
CONTROL: Final = "control"
ANY: Final = "any"
_CLASSES: Final[Mapping[str, int]] = {
    LETTER: machine.LETTER,
    DIGIT: machine.DIGIT,
    SPACE: machine.SPACE,
    CONTROL: machine.CONTROL,
    ANY: machine.ANY,
}

_SITUATIONS: Final[Mapping[str, tuple[int, ...]]] = {
    "root": (states.ROOT,),
    "root-token": (machine.ROOT_TOKEN,),
    "held": (machine.HELD,),
    "end": (states.END,),
    "value": (states.VALUE,),
    "element": (states.ELEMENT,),
    "first-element": (states.FIRST_ELEMENT,),
    "name": (states.NAME,),
    "first-name": (states.FIRST_NAME,),
    "colon": (states.COLON,),
    "next-element": (states.NEXT_ELEMENT,),
    "next-member": (states.NEXT_MEMBER,),
    "doubted-element": (machine.DOUBTED_ELEMENT,),
    "doubted-member": (machine.DOUBTED_MEMBER,),
    "doubted-comma": (machine.DOUBTED_COMMA,),
    "string": (states.STRING, states.QUOTED),
    "escape": (states.ESCAPE,),
    "hex": (states.HEX,),
    "number": tuple(range(states.MINUS, states.EXPONENT + 1)),
    "literal": (states.LITERAL,),
}
"""The situations that rows speak of, and the states of the machine they stand for."""

Words: TypeAlias = Mapping[str, tuple[object, str, Loss]]


@dataclass(frozen=True, slots=True)
class Liberty:
    """One row: what may be done in some situations on some characters."""

    kind: str
    """The name it is reported under."""
    loss: Loss
    situations: str
    """Names of situations, separated by spaces: ``"value element"``."""
    characters: str
    """The characters themselves, or one of the classes ``LETTER DIGIT SPACE CONTROL ANY``."""
    action: str
    """What is done (the actions are listed in ``_machine/liberties.py``)."""
    example: str = ""
    """A text that needs it."""

    def codes(self) -> tuple[int, ...]:
        """The code points, or the number of the class."""
        known = _CLASSES.get(self.characters)
        return tuple(map(ord, self.characters)) if known is None else (known,)


@dataclass(frozen=True)
class Dialect:
    """A name and the liberties it takes; ``patient`` dialects doubt closing quotes and scalars at
    the root until what follows has spoken for them."""

    name: str
    liberties: tuple[Liberty, ...] = ()
    words: Words = field(default_factory=dict)
    patient: bool = False
    rules: machine.Rules | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table: dict[int, tuple[int, str, str]] = {}
        for row in self.liberties:
            rule = (machine.ACTIONS.index(row.action), row.kind, row.loss)
            for situation in row.situations.split():
                for state in _SITUATIONS[situation]:
                    for code in row.codes():
                        table.setdefault(state * machine.SPAN + code, rule)
        rules = (table, dict(self.words), self.patient) if table else None
        object.__setattr__(self, "rules", rules)

    def __hash__(self) -> int:
        return hash((self.name, self.liberties))

    def only(self, *losses: Loss) -> Dialect:
        """The same dialect with only those liberties whose loss is named: ``LENIENT.only("none")``."""
        return self._narrowed(f"{self.name}.only{losses!r}", lambda kind, loss: loss in losses)

    def without(self, *kinds: str) -> Dialect:
        """The same dialect without some kinds of liberties."""
        return self._narrowed(f"{self.name}.without{kinds!r}", lambda kind, loss: kind not in kinds)

    def _narrowed(self, name: str, wanted: Callable[[str, Loss], bool]) -> Dialect:
        return replace(
            self,
            name=name,
            liberties=tuple(row for row in self.liberties if wanted(row.kind, row.loss)),
            words={word: entry for word, entry in self.words.items() if wanted(entry[1], entry[2])},
        )

    def extended(self, name: str, rows: Iterable[Liberty]) -> Dialect:
        """A dialect of your own: these rows first, then the rows of this one."""
        return replace(self, name=name, liberties=(*rows, *self.liberties))


STRICT: Final = Dialect("STRICT")
"""RFC 8259 and nothing else."""

NAN: Final = float("nan")
_INFINITY: Final = float("inf")

_WORDS: Final[dict[str, tuple[object, str, Loss]]] = {
    **dict.fromkeys(("True", "TRUE"), (True, "python-word", "none")),
    **dict.fromkeys(("False", "FALSE"), (False, "python-word", "none")),
    **dict.fromkeys(("None", "NONE", "Null", "NULL", "nil"), (None, "python-word", "none")),
    "undefined": (None, "undefined", "form"),
    **dict.fromkeys(("NaN", "nan"), (NAN, "not-a-number", "form")),
    **dict.fromkeys(("Infinity", "+Infinity", "inf"), (_INFINITY, "not-a-number", "form")),
    **dict.fromkeys(("-Infinity", "-inf"), (-_INFINITY, "not-a-number", "form")),
}

_VALUES = "value element first-element"
_NAMES = "name first-name"
_BETWEEN = f"{_VALUES} {_NAMES} colon next-element next-member"
_DOUBTED = "doubted-element doubted-member doubted-comma"
_QUOTES = "'`\u201c\u201e\u2018\u00ab"

LENIENT: Final = Dialect(
    "LENIENT",
    (
        # Around the value.
        Liberty("byte-order-mark", "none", "root", "\ufeff", "byte-order-mark", '\ufeff{"a": 1}'),
        Liberty("comment", "none", "root end", "/", "open-comment", '// the answer\n{"a": 1}'),
        Liberty("prose", "form", "root", ANY, "begin-prose", 'Sure: {"a": 1}'),
        Liberty("prose", "form", "root-token held", ANY, "begin-prose", '3 results: {"a": 1}'),
        Liberty("closing-fence", "none", "end", "`", "begin-tail", '```json\n{"a": 1}\n```'),
        Liberty("special-token", "none", "end", "<", "begin-tail", '{"a": 1}<|im_end|>'),
        Liberty("extra-closer", "form", "end", "}])", "begin-tail", '{"a": 1}}'),
        Liberty("trailing-value", "guess", "end", '{["', "begin-tail", '{"a": 1}{"a": 2}'),
        Liberty("trailing-text", "form", "end", ANY, "begin-tail", '{"a": 1} Hope that helps!'),
        # White space and comments.
        Liberty("foreign-space", "none", f"{_BETWEEN} {_DOUBTED}", SPACE, "skip", '{"a":\u00a01}'),
        Liberty(
            "comment", "none", f"{_BETWEEN} {_DOUBTED}", "/#", "open-comment", '{"a": 1, // one\n "b": 2}'
        ),
        Liberty("comment", "none", "number", "/#", "end-token", '{"a": 1/* one */}'),
        # Commas and colons.
        Liberty("trailing-comma", "none", "name", "}", "close", '{"a": 1,}'),
        Liberty("trailing-comma", "none", "element", "]", "close", "[1, 2,]"),
        Liberty("extra-comma", "none", f"{_NAMES} element first-element", ",", "skip", "[1,, 2]"),
        Liberty("missing-value", "guess", "value colon", ",", "no-value", '{"a": , "b": 1}'),
        Liberty("missing-value", "guess", "value colon", "}", "close", '{"a": }'),
        Liberty("missing-colon", "form", "colon", '"{[-', "colon", '{"a" 1}'),
        Liberty("missing-colon", "form", "colon", DIGIT, "colon", '{"a" 1}'),
        Liberty("missing-colon", "form", "colon", LETTER, "colon", '{"a" true}'),
        Liberty("missing-colon", "form", "colon", _QUOTES, "colon", "{\"a\" 'x'}"),
        Liberty("wrong-colon", "none", "colon", "=", "colon-by", '{"a" => 1}'),
        Liberty("wrong-colon", "none", "value", ">", "skip", '{"a" => 1}'),
        Liberty("extra-colon", "none", "value", ":", "skip", '{"a":: 1}'),
        Liberty("wrong-comma", "form", "next-element next-member", ";", "next-by", "[1; 2]"),
        Liberty("wrong-comma", "form", "doubted-element doubted-member", ";", "next-by", '["a"; "b"]'),
        Liberty("missing-comma", "form", "next-element next-member", '"', "next", '{"a": 1 "b": 2}'),
        Liberty("missing-comma", "form", "next-element", "{[-+.(", "next", "[1 [2]]"),
        Liberty("missing-comma", "form", "next-element", DIGIT, "next", "[1 2]"),
        Liberty("missing-comma", "form", "next-element next-member", LETTER, "next", "[1 true]"),
        Liberty("missing-comma", "form", "next-element next-member", _QUOTES, "next", "['a' 'b']"),
        # Brackets.
        Liberty(
            "missing-closer", "guess", "next-member doubted-member", "{", "next-object", '[{"a": 1 {"a": 2}]'
        ),
        Liberty("tuple", "none", _VALUES, "(", "open-tuple", "(1, 2)"),
        Liberty("tuple", "none", f"{_BETWEEN} {_DOUBTED}", ")", "close", "(1, 2)"),
        Liberty("wrong-closer", "guess", f"{_BETWEEN} {_DOUBTED}", "}]", "close", '{"a": [1, 2}'),
        Liberty("tuple", "none", "number", ")", "end-token", "(1, 2)"),
        # Strings.
        Liberty("quotes", "none", f"{_VALUES} {_NAMES}", _QUOTES, "open-quotes", "{'a': 'b'}"),
        Liberty("control-character", "none", "string", CONTROL, "keep", '"two\nlines"'),
        Liberty("escape", "none", "escape", "'`", "escape-itself", r'"it\'s"'),
        Liberty("escape", "none", "escape", "x", "escape-byte", r'"\x41"'),
        Liberty("invalid-escape", "form", "escape", ANY, "escape-kept", r'"C:\dir"'),
        Liberty("invalid-escape", "guess", "hex", ANY, "cut-escape", r'"\u12"'),
        Liberty("invalid-utf8", "guess", "string", "\ufffd", "keep"),
        Liberty(
            "inner-quotes", "guess", "doubted-element doubted-member", '"', "quote-after-quote", '["a "b""]'
        ),
        Liberty("inner-quotes", "guess", "doubted-element doubted-member", _QUOTES, "quote-after-quote"),
        Liberty("inner-quotes", "guess", "doubted-element", "{[", "value-after-quote"),
        Liberty("inner-quotes", "guess", "doubted-element", DIGIT, "value-after-quote"),
        Liberty("inner-quotes", "guess", _DOUBTED, ANY, "reopen", '{"a": "he said "hi" to me"}'),
        # Words without quotes.
        Liberty("unquoted-string", "guess", "number literal", ANY, "to-word", "[12abc, tru]"),
        Liberty("missing-comma", "form", "number", '"{[', "end-token", '[1"a"]'),
        Liberty("unquoted-name", "none", _NAMES, LETTER, "open-word", "{a: 1}"),
        Liberty("unquoted-name", "none", _NAMES, DIGIT, "open-word", "{1: 1}"),
        Liberty("unquoted-name", "none", _NAMES, ".\u2026-@/", "open-word", '{"a": 1, ...}'),
        Liberty("unquoted-string", "guess", _VALUES, LETTER, "open-word", '{"a": hello}'),
        Liberty("stray-text", "guess", "value", ")", "skip", '{"a": )1}'),
        Liberty("unquoted-string", "guess", _VALUES, ANY, "open-word", '{"a": +1}'),
        # The rest.
        Liberty("stray-text", "guess", _BETWEEN, ANY, "skip", '{"a": 1 ; "b": 2}'),
    ),
    _WORDS,
    patient=True,
)
"""Never refuses a text: what models write around and instead of JSON."""
