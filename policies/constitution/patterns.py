"""Read `patterns.txt`: the words that each principle looks for, as regular expressions made of named lists."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "patterns.txt"
LIST = re.compile(r"([A-Z]+) = (.*)")
USED = re.compile(r"<([A-Z]+)>")


@lru_cache(maxsize=1)
def patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return the patterns of each principle, in the file's order."""
    lists: dict[str, str] = {}
    found: dict[str, list[re.Pattern[str]]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        named = LIST.fullmatch(line)
        if line.startswith("## "):
            block = found.setdefault(line[3:], [])
        elif named:
            lists[named[1]] = _filled(named[2], lists)
        elif line and not line.startswith("#"):
            block.append(re.compile(rf"\b(?:{_filled(line, lists)})"))
    return {name: tuple(block) for name, block in found.items()}


def _filled(text: str, lists: dict[str, str]) -> str:
    return USED.sub(lambda found: lists[found[1]], text)
