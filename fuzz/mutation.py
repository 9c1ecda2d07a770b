"""Inputs that are almost right: seeds, changed in a few places."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from partialjson.testing import BREAKAGES, break_at

# What grammars, dialects and decoders look at; the longer ones seldom come up by chance.
_MARKS = "{}[],:\"'`\\/ \t\n\r0123456789-+.eEtfnux#()=_<>*\0\u201c\u201d\u2028\ufeff\U0001f600"
_WORDS = (
    *(
        "true",
        "false",
        "null",
        "True",
        "None",
        "NaN",
        "-Infinity",
        "undefined",
        "...",
        "=>",
        "//",
        "/*",
        "*/",
    ),
    *("\\u0041", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\u12", "\\x41", "\\\\", '\\"', '""', '"a":'),
    *("0x1F", "1e400", "-0", "1_000", "007", "9" * 30, "[" * 20, "```json\n", "\n```"),
    *("<think>", "</think>", "<|im_end|>"),
)
_NOT_UTF_8 = (b"\xed\xa0\xbd", b"\xc3", b"\xff", b"\xf0\x9f")
TOKENS: tuple[bytes, ...] = (*(token.encode() for token in (*_MARKS, *_WORDS)), *_NOT_UTF_8)

Change = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _insert(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(TOKENS) + data[at:]


def _overwrite(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    at = rng.randint(0, len(data))
    token = rng.choice(TOKENS)
    return data[:at] + token + data[at + len(token) :]


def _flip(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) or 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _delete(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    start, end = _slice(rng, data)
    return data[:start] + data[end:]


def _repeat(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    start, end = _slice(rng, data)
    return data[:end] + data[start:end] * rng.randint(1, 3) + data[end:]


def _cut(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    return data[: rng.randint(0, len(data))]


def _splice(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    other = rng.choice(seeds)
    return data[: rng.randint(0, len(data))] + other[rng.randint(0, len(other)) :]


def _break(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    breakage = rng.choice(BREAKAGES)
    places = breakage.places(data.decode("utf-8", "replace"))
    return break_at(breakage, rng.choice(places)).encode() if places else data


def _soup(rng: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    return b"".join(rng.choice(TOKENS) for _ in range(rng.randint(0, 30)))


def _slice(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.randint(1, 8))


# A change is as likely as it is often here.
CHANGES: tuple[Change, ...] = (
    *(_insert, _insert, _overwrite, _flip, _delete, _repeat, _cut, _splice, _break, _break, _soup),
)


def mutant(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """A seed after some changes: mostly few, so that most of it still makes sense."""
    data = rng.choice(seeds)
    while True:
        data = rng.choice(CHANGES)(rng, data, seeds)
        if rng.random() < 0.4:
            return data
