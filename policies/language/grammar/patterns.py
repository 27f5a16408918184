"""The two grammar files, and one random reading of a pattern as words with slot tags.

A pattern is text with [a|b|] for a choice, {NAME} for a word list and {slot=PATTERN} for the words of a slot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from numpy.random import Generator

FOLDER = Path(__file__).parent
LIST_NAME = re.compile(r"\b[A-Z][A-Z_]+\b")
Tagged = list[tuple[str, str]]  # a word and the tag of `labels.TAGS` it carries


@dataclass(frozen=True)
class Grammar:
    """Word lists by name, and the patterns of each action label."""

    lists: dict[str, tuple[str, ...]]
    commands: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]


@lru_cache(maxsize=1)
def load() -> Grammar:
    """Return the grammar of this folder."""
    lists = {}
    for line in _lines("lexicon.txt"):
        name, right = line.split(" = ", 1)
        lists[name] = tuple(part.strip() for part in right.split(" | "))
    commands: dict[str, list[str]] = {}
    for line in _lines("commands.txt"):
        if line.startswith("@"):
            block = commands.setdefault(line[1:], [])
        else:
            block.append(line)
    return Grammar(
        lists, {label: tuple(patterns) for label, patterns in commands.items()}, tuple(_lines("unknown.txt"))
    )


def _lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pick(rng: Generator, options: tuple[str, ...] | list[str]) -> str:
    """Return one of `options`."""
    return options[int(rng.integers(len(options)))]


def expand(rng: Generator, pattern: str, grammar: Grammar) -> Tagged:
    """Return one reading of `pattern`: (word, tag) with tags O, B-slot, I-slot."""
    if "[" in pattern or "{" in pattern:
        start, end = _first_group(pattern)
        before, inner, after = pattern[:start], pattern[start + 1 : end], pattern[end + 1 :]
        middle = _group(rng, pattern[start], inner, grammar)
        glued = after[:1] == "'"  # {NAME}'s room
        rest = expand(rng, after, grammar)
        if glued and middle and rest:
            middle[-1] = (middle[-1][0] + rest[0][0], middle[-1][1])
            rest = rest[1:]
        return [*expand(rng, before, grammar), *middle, *rest]
    return [(word, "O") for word in pattern.split()]


def _group(rng: Generator, mark: str, inner: str, grammar: Grammar) -> Tagged:
    if mark == "[":
        return expand(rng, pick(rng, _alternatives(inner)), grammar)
    slot, found, pattern = inner.rpartition("=")
    text = pick(rng, grammar.lists[pattern]) if pattern in grammar.lists else pick(rng, _alternatives(pattern))
    tagged = expand(rng, LIST_NAME.sub(r"{\g<0>}", text) if "{" not in text else text, grammar)
    if not found:
        return tagged
    return [(word, f"{'I' if i else 'B'}-{slot}") for i, (word, _) in enumerate(tagged)]


def _first_group(pattern: str) -> tuple[int, int]:
    start = min(i for i in (pattern.find("["), pattern.find("{")) if i >= 0)
    depth = 0
    for i in range(start, len(pattern)):
        depth += (pattern[i] in "[{") - (pattern[i] in "]}")
        if depth == 0:
            return start, i
    raise ValueError(f"not closed: {pattern}")


def _alternatives(text: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for i, letter in enumerate(text):
        depth += (letter in "[{") - (letter in "]}")
        if letter == "|" and depth == 0:
            parts.append(text[last:i])
            last = i + 1
    return [*parts, text[last:]]
