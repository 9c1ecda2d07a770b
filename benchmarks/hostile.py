"""Texts that make some parser quadratic, of any size: nothing in them may be read over and over."""

from __future__ import annotations

from benchmarks.documents import SHAPES, long_string, tool_call

# What is repeated, between what stands before and after it.
_REPEATED: dict[str, tuple[str, str, str]] = {
    "backslashes": ('{"a": "', "\\", '"}'),
    "escaped quotes": ('{"a": "', '\\"', '"}'),
    "half surrogate pairs": ('["', "\\ud83d", '"]'),
    "spaces": ('{"a":', " ", "1}"),
    "line breaks": ("[", "\n", "1]"),
    "opening brackets": ("", "[", ""),
    "opening braces": ("", '{"a":', ""),
    "closing brackets": ("[", "]", ""),
    "digits": ("[", "1", "]"),
    "minus signs": ("[", "-", "]"),
    "one long name": ('{"', "k", '":1}'),
    "quotes": ("", '"', ""),
    "open strings": ('{"a": "', 'he "x" ', '"}'),
    "single quotes": ("['", "a", "']"),
    "unquoted words": ("{a: ", "x ", "}"),
    "commas": ("[", ",", "]"),
    "colons": ('{"a"', ":", ""),
    "missing commas": ("[", "[true", ""),
    "comments": ("[", "//a\n", "]"),
    "open comments": ("[", "/*", ""),
    "fences": ("", "```", ""),
    "fences with a name": ("", "```json\n", ""),
    "fences in a string": ('{"a": "', "```json\n", '"}'),
    "reasoning tags": ("", "<think>", ""),
    "opening angles": ("", "<", ""),
    "brackets in prose": ("see ", "[", ""),
    "references in prose": ("see ", "[b ", ""),
    "braces in prose": ("", "{ text } ", ""),
    "prose": ("", "a:b, ", ""),
}


def texts(size: int) -> dict[str, str]:
    """The hostile ones, and those of the other benchmarks, of about ``size`` characters."""
    found = {"a tool call": tool_call(size), "one growing string": long_string(size)}
    found |= {name: document(size) for name, document in SHAPES.items()}
    found["tiny names"] = "{" + ",".join(f'"{i}":1' for i in range(size // 8)) + "}"
    for name, (before, unit, after) in _REPEATED.items():
        found[name] = before + unit * (size // len(unit)) + after
    return found
