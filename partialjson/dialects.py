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
from partialjson._machine import rules as machine
from partialjson._machine import states
from partialjson._machine.grammar import NAN
from partialjson._machine.liberties import ACTIONS
from partialjson.edits import Loss

LETTER: Final = "letter"
DIGIT: Final = "digit"
SPACE: Final = "space"
CONTROL: Final = "control"
OTHER: Final = "other"
ANY: Final = "any"
_CLASSES: Final[Mapping[str, int]] = {
    LETTER: machine.LETTER,
    DIGIT: machine.DIGIT,
    SPACE: machine.SPACE,
    CONTROL: machine.CONTROL,
    OTHER: machine.OTHER,
    ANY: machine.ANY,
}

_SITUATIONS: Final[Mapping[str, tuple[int, ...]]] = {
    "root": (states.ROOT,),
    "root-token": (machine.ROOT_TOKEN,),
    "held": (machine.HELD,),
    "end": (states.END,),
    "end-scalar": (machine.END_SCALAR,),
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
    "byte-escape": (states.BYTE_ESCAPE,),
    "minus": (states.MINUS,),
    "zero": (states.ZERO,),
    "point": (states.POINT,),
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
    """Names of situations, separated by spaces: ``"value element"``; empty for what begins in a state
    that another row leads to (a code fence begins in prose)."""
    characters: str
    """The characters themselves, or one of the classes ``LETTER DIGIT SPACE CONTROL OTHER ANY``."""
    action: str
    """What is done: a key of ``ACTIONS`` in ``_machine/liberties.py``."""
    example: str = ""
    """A text that needs it."""

    def codes(self) -> tuple[int, ...]:
        """The code points, or the number of the class."""
        known = _CLASSES.get(self.characters)
        return tuple(map(ord, self.characters)) if known is None else (known,)


@dataclass(frozen=True)
class Dialect:
    """A name and the liberties it takes. In a dialect that ``guesses``, closing quotes and scalars at
    the root wait until what follows has spoken for them."""

    name: str
    liberties: tuple[Liberty, ...] = ()
    words: Words = field(default_factory=dict, compare=False)
    guesses: bool = False
    rules: machine.Rules | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        actions = list(ACTIONS)
        table: dict[int, tuple[int, str, str]] = {}
        kinds: dict[str, str] = {}
        for row in self.liberties:
            kinds.setdefault(row.kind, row.loss)
            rule = (actions.index(row.action), row.kind, row.loss)
            for situation in row.situations.split():
                for state in _SITUATIONS[situation]:
                    for code in row.codes():
                        table.setdefault(state * machine.SPAN + code, rule)
        rules = (table, dict(self.words), kinds, self.guesses) if kinds else None
        object.__setattr__(self, "rules", rules)

    def __reduce__(self) -> str | tuple[object, ...]:
        if DIALECTS.get(self.name) is self:
            return self.name
        return Dialect, (self.name, self.liberties, self.words, self.guesses)

    def __hash__(self) -> int:
        return hash((self.name, self.liberties))

    def __repr__(self) -> str:
        return f"<Dialect {self.name}>"

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
_NEXT_MEMBER = "next-member doubted-member"
_DOUBTED = "doubted-element doubted-member doubted-comma"
_QUOTES = "'`\u201c\u201e\u2018\u00ab"

_SPACES = (
    "\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_CONTROLS = "".join(map(chr, range(0x20))).replace("\n", "").replace("\r", "")

JSON5: Final = Dialect(
    "JSON5",
    (
        Liberty("space", "none", f"root end {_BETWEEN}", _SPACES, "skip", '{"a":\u00a01}'),
        Liberty("comment", "none", f"root end {_BETWEEN}", "/", "open-comment", '{"a": 1} // one'),
        Liberty("number-form", "none", "point", "/", "trailing-point", "[1./* one */]"),
        Liberty("comment", "none", "number", "/", "end-token", "[1/* one */]"),
        Liberty("number-form", "none", "point", _SPACES, "trailing-point", "[1.\u00a0]"),
        Liberty("space", "none", "number", _SPACES, "end-token", "[1\u00a0]"),
        Liberty("trailing-comma", "none", "name", "}", "close", '{"a": 1,}'),
        Liberty("trailing-comma", "none", "element", "]", "close", "[1,]"),
        Liberty("quotes", "none", f"root {_VALUES} {_NAMES}", "'", "open-quotes", "{'a': 'b'}"),
        Liberty("unquoted-name", "none", _NAMES, ANY, "open-identifier", "{a: 1}"),
        Liberty("unquoted-name", "none", _NAMES, LETTER, "open-identifier", "{a: 1}"),
        Liberty("number-form", "none", f"root {_VALUES}", "+", "sign", "[+1]"),
        Liberty("number-form", "none", f"root minus {_VALUES}", ".", "leading-point", "[.5]"),
        Liberty("number-form", "none", "point", ",]} \t\n\reE", "trailing-point", "[5.]"),
        Liberty("number-form", "none", "zero", "xX", "hexadecimal", "[0x1F]"),
        Liberty("not-a-number", "form", f"root minus {_VALUES}", "IN", "constant", "[-Infinity, NaN]"),
        Liberty("control-character", "none", "string", _CONTROLS, "keep", '"two\tcolumns"'),
        Liberty("line-continuation", "none", "escape", "\n\r\u2028\u2029", "continue-line", '"one \\\nline"'),
        Liberty("escape", "none", "escape", "x", "escape-byte", r'"\x41"'),
        Liberty("escape", "none", "escape", "v", "escape-tab", r'"\v"'),
        Liberty("escape", "none", "escape", "0", "escape-nul", r'"\0"'),
        Liberty("escape", "none", "escape", LETTER, "escape-itself", r'"\a"'),
        Liberty("escape", "none", "escape", SPACE, "escape-itself", '"\\\u00a0"'),
        Liberty("escape", "none", "escape", CONTROL, "escape-itself", '"\\\t"'),
        Liberty("escape", "none", "escape", OTHER, "escape-itself", r'"it\'s"'),
    ),
)
"""The JSON5 specification (https://spec.json5.org), version 1.0.0."""


def _words(kind: str, loss: Loss, example: str, *characters: str) -> tuple[Liberty, ...]:
    """The rows of what stands without quotes where a value should: its end shows what it is."""
    return (
        *(Liberty(kind, loss, _VALUES, these, "open-word", example) for these in characters),
        Liberty(kind, loss, "number literal", ANY, "to-word"),
    )


LENIENT: Final = Dialect(
    "LENIENT",
    (
        # Around the value.
        Liberty("byte-order-mark", "none", "root", "\ufeff", "skip", '\ufeff{"a": 1}'),
        Liberty("comment", "none", "root end end-scalar", "/", "open-comment", '// the answer\n{"a": 1}'),
        Liberty("tuple", "none", "root", "(", "judge-tuple", "(1, 2)"),
        Liberty("prose", "form", "root", ANY, "begin-prose", 'Sure: {"a": 1}'),
        Liberty("prose", "form", "root-token held", ANY, "begin-prose", '3 results: {"a": 1}'),
        Liberty("bracket-in-prose", "guess", "", "", "begin-prose", 'See [1]: {"a": 1}'),
        Liberty("code-fence", "none", "", "", "begin-prose", '```json\n{"a": 1}'),
        Liberty("reasoning", "form", "", "", "begin-prose", '<think>{"a": 0}?</think>{"a": 1}'),
        Liberty("closing-fence", "none", "end end-scalar", "`", "begin-tail", '```json\n{"a": 1}\n```'),
        Liberty("special-token", "none", "end end-scalar", "<", "begin-tail", '{"a": 1}<|im_end|>'),
        Liberty("extra-closer", "form", "end", "}])", "begin-tail", '{"a": 1}}'),
        Liberty("extra-comma", "none", "end", ",", "begin-tail", '{"a": 1},'),
        Liberty("trailing-value", "guess", "end", '{["', "begin-tail", '{"a": 1}{"a": 2}'),
        Liberty("trailing-value", "guess", "end", DIGIT, "begin-tail", "[1], 2]"),
        Liberty("text-behind-scalar", "guess", "end-scalar", ANY, "begin-tail", '"a": 1'),
        Liberty("trailing-text", "form", "end", ANY, "begin-tail", '{"a": 1} Hope that helps!'),
        # White space and comments.
        Liberty(
            "space", "none", f"root end end-scalar {_BETWEEN} {_DOUBTED}", SPACE, "skip", '{"a":\u00a01}'
        ),
        Liberty(
            "comment", "none", f"{_BETWEEN} {_DOUBTED}", "/#", "open-comment", '{"a": 1, // one\n "b": 2}'
        ),
        Liberty("comment", "none", "number", "/#", "end-token", '{"a": 1/* one */}'),
        # Commas and colons.
        Liberty("trailing-comma", "none", "name", "}", "close", '{"a": 1,}'),
        Liberty("trailing-comma", "none", "element", "]", "close", "[1, 2,]"),
        Liberty("extra-comma", "none", f"root {_NAMES} element first-element", ",", "skip", "[1,, 2]"),
        Liberty("missing-value", "guess", "value colon", ",", "no-value", '{"a": , "b": 1}'),
        Liberty("missing-value", "guess", "value colon", "}", "close", '{"a": }'),
        Liberty("missing-colon", "form", "colon", '"{[-', "colon", '{"a" "b"}'),
        Liberty("missing-colon", "form", "colon", DIGIT, "colon", '{"a" 1}'),
        Liberty("missing-colon", "form", "colon", LETTER, "colon", '{"a" true}'),
        Liberty("missing-colon", "form", "colon", _QUOTES, "colon", "{\"a\" 'x'}"),
        Liberty("colon-in-name", "guess", "", "", "colon", '{"a: "b"}'),
        Liberty("wrong-colon", "none", "colon", "=", "colon-by", '{"a" = 1}'),
        Liberty("wrong-colon", "none", "value", "=>", "skip", '{"a" => 1}'),
        Liberty("extra-colon", "none", "value", ":", "skip", '{"a":: 1}'),
        Liberty("wrong-comma", "form", "next-element next-member", ";", "next-by", "[1 ; 2]"),
        Liberty("wrong-comma", "form", "doubted-element doubted-member", ";", "next-by", '["a"; "b"]'),
        Liberty("wrong-comma", "form", "number", ";", "end-token", "[1; 2]"),
        Liberty("missing-comma", "form", "next-element next-member", '"', "next", '{"a": 1 "b": 2}'),
        Liberty("missing-comma", "form", "next-element", "{[-+.(", "next", "[1 [2]]"),
        Liberty("missing-comma", "form", "next-element", DIGIT, "next", "[1 2]"),
        Liberty("missing-comma", "form", "next-element next-member", LETTER, "next", "[1 true]"),
        Liberty("missing-comma", "form", "next-element next-member", _QUOTES, "next", "['a' 'b']"),
        Liberty("missing-comma", "form", "number", '"{[', "end-token", '[1"a"]'),
        # Brackets.
        Liberty(
            "missing-closer",
            "guess",
            "name next-member doubted-member",
            "{",
            "next-object",
            '[{"a": 1 {"a": 2}]',
        ),
        Liberty("tuple", "none", _VALUES, "(", "open-tuple", "[(1, 2)]"),
        Liberty("tuple", "none", f"{_BETWEEN} {_DOUBTED}", ")", "close", "[(1, 2)]"),
        Liberty("tuple", "none", "number", ")", "end-token", "[(1, 2)]"),
        Liberty("parentheses", "guess", "", "", "close", '[("a")]'),
        Liberty("wrong-closer", "guess", f"{_BETWEEN} {_DOUBTED}", "}]", "close", '{"a": [1, 2}'),
        # Strings.
        Liberty("quotes", "none", f"{_VALUES} {_NAMES}", _QUOTES, "open-quotes", "{'a': 'b'}"),
        Liberty(
            "quotes", "none", f"{_VALUES} {_NAMES}", "\u201d\u2019\u00b4", "open-quotes", "[\u201da\u201d]"
        ),
        Liberty("triple-quotes", "none", "", "", "quote-after-quote", '{"a": """b"""}'),
        Liberty("control-character", "none", "string", CONTROL, "keep", '["two\nlines"]'),
        Liberty("escape", "none", "escape", "'`", "escape-itself", r'["it\'s"]'),
        Liberty("escape", "none", "escape", "x", "escape-byte", r'["\x41"]'),
        Liberty("invalid-escape", "form", "escape", ANY, "escape-kept", r'["C:\dir"]'),
        Liberty("cut-escape", "guess", "hex byte-escape", ANY, "cut-escape", r'["\u12"]'),
        Liberty("invalid-utf8", "guess", "", "", "keep"),
        Liberty(
            "inner-quotes", "guess", "doubted-element doubted-member", '"', "quote-after-quote", '["a "b""]'
        ),
        Liberty("inner-quotes", "guess", "doubted-element doubted-member", _QUOTES, "quote-after-quote"),
        Liberty("inner-quotes", "guess", "doubted-element", "{[", "value-after-quote"),
        Liberty("inner-quotes", "guess", "doubted-element", DIGIT, "value-after-quote"),
        Liberty("inner-quotes", "guess", "doubted-comma", _QUOTES, "quote-after-comma"),
        Liberty("inner-quotes", "guess", _DOUBTED, ANY, "reopen", '{"a": "he said "hi" to me"}'),
        # Words without quotes: names, constants and numbers in foreign spellings, and text.
        Liberty("unquoted-name", "none", _NAMES, LETTER, "open-word", "{a: 1}"),
        Liberty("unquoted-name", "none", _NAMES, DIGIT, "open-word", "{1: 1}"),
        Liberty("unquoted-name", "none", _NAMES, "-@", "open-word", "{@a: 1}"),
        Liberty("ellipsis", "guess", f"{_VALUES} {_NAMES}", ".\u2026", "open-word", '{"a": 1, ...}'),
        *_words("python-word", "none", "[True, None]", LETTER),
        *_words("undefined", "form", "[undefined]", LETTER),
        *_words("not-a-number", "form", "[NaN, -Infinity]", LETTER, "+"),
        *_words("number-form", "none", "[+1, .5, 5., 0x1F, 1_000]", "+."),
        Liberty("leading-zeros", "guess", "zero", DIGIT, "to-word", "[007]"),
        *_words("unquoted-string", "guess", "[hello]", ANY),
        # The rest.
        Liberty("cut-number", "guess", "", "", "end-token", "[12"),
        Liberty("stray-text", "guess", _BETWEEN, ANY, "skip", '{"a": 1 @ }'),
    ),
    _WORDS,
    guesses=True,
)
"""Never refuses a text: what models write around and instead of JSON."""

DIALECTS: Final[Mapping[str, Dialect]] = {dialect.name: dialect for dialect in (STRICT, JSON5, LENIENT)}
"""The dialects of this library by name."""
