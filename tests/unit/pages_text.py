"""What the pages hold that can be tried: code blocks, commands, links."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)\[[^\]\n]+\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """One fenced block: what stands behind the fence, and what is in it."""

    info: str
    body: str


def pages() -> list[Path]:
    """Return README, docs, examples and the rooms' own pages."""
    rooms = ("robot", "worlds", "policies", "sim", "firmware_bridge", "launch", "examples", "docs")
    found = [ROOT / "README.md"]
    for room in rooms:
        found += sorted((ROOT / room).rglob("*.md"))
    return found


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [Block(found["info"].strip(), found["body"]) for found in FENCE.finditer(text)]


def commands(text: str) -> list[list[str]]:
    """Return every `launch ...` line in the blocks of a page, split as a shell would, comments left out."""
    lines = [line for block in blocks(text) if block.info in ("", "sh", "bash") for line in block.body.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.split()[:1] == ["launch"]]


def links(text: str) -> list[str]:
    """Return what a page links to, code left out."""
    return [found["target"] for found in LINK.finditer(FENCE.sub("", text))]


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"^#{1,6} (.+)$", FENCE.sub("", text), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
        found.add(plain.replace(" ", "-"))
    return found
