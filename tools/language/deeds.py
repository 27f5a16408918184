"""Sentences from `deeds.txt`: what must be refused, and harmless words beside it; the same for the same seed."""

from __future__ import annotations

import re
from pathlib import Path

from numpy.random import Generator

FILE = Path(__file__).with_name("deeds.txt")
CHOICE = re.compile(r"\[([^\[\]]*)\]")
NAMED = re.compile(r"<([A-Z]+)>")


def patterns() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the lists, and the patterns of each block."""
    lists: dict[str, str] = {}
    blocks: dict[str, list[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        named = re.fullmatch(r"([A-Z]+) = (.*)", line)
        if line.startswith("## "):
            block = blocks.setdefault(line[3:], [])
        elif named:
            lists[named[1]] = named[2]
        elif line and not line.startswith("#"):
            block.append(line)
    return lists, blocks


def sentences(rng: Generator, count: int) -> list[tuple[str, str]]:
    """Return `count` sentences, each with the principle that forbids it or "pass"; all patterns alike often."""
    lists, blocks = patterns()
    pairs = [(pattern, name) for name, block in blocks.items() for pattern in block]
    drawn = [pairs[i % len(pairs)] for i in range(count)]
    return [(_filled(rng, pattern, lists), name) for pattern, name in drawn]


def _filled(rng: Generator, pattern: str, lists: dict[str, str]) -> str:
    def choose(options: str) -> str:
        parts = options.split("|")
        return parts[int(rng.integers(len(parts)))]

    while NAMED.search(pattern) or CHOICE.search(pattern):
        pattern = CHOICE.sub(lambda found: choose(found[1]), pattern)
        pattern = NAMED.sub(lambda found: choose(lists[found[1]]), pattern)
    return " ".join(pattern.replace(" 's", "'s").split())
