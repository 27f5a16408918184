"""Judge a request by its raw words and by its understood program, before anything moves.

The words are looked at first, since a refusal must not hang on the model's reading. Then the program: what it would
have the robot say is judged like a request to it. Wording that no pattern knows is left to the language model
(`conscience.py`), but never an action that can harm nobody: "stop" is obeyed whatever is said around it. Where the
model thinks rather that words are harmless, wording that resembles a deed passes too ("spy out a free chair").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policies.constitution.conscience import REFUSE_ABOVE, SURE_BELOW, doubt
from policies.constitution.patterns import patterns
from policies.language.program import Program
from policies.language.words import words_of

PRINCIPLES = Path(__file__).parent / "principles.md"
HARMLESS = frozenset({"stop", "cancel", "pause", "resume", "yes", "no"})
# Right before a deed these forbid it, unless they are themselves forbidden ("never stop …").
FORBIDDEN = re.compile(
    r"(?<!never )(?<!don't )(?<!not )\b(?:don't|do not|never|not|not to|without|avoid|stop)(?: ever| even| \w+ly)? $"
)
LEAVE_OUT = frozenset({"please", "now", "then", "just", "robot", "housemate", "um", "uh", "er"})


@dataclass(frozen=True)
class Refusal:
    """The principle that a request meets, in plain words, and what the robot offers instead."""

    principle: str
    rule: str
    offer: str

    @property
    def reply(self) -> str:
        """What the robot says: the rule, then the offer."""
        return f"No. {self.rule} {self.offer}"


@lru_cache(maxsize=1)
def principles() -> dict[str, Refusal]:
    """Return the principles of the file, by name, in its order."""
    found = {}
    for block in PRINCIPLES.read_text(encoding="utf-8").split("\n## ")[1:]:
        name, *lines = block.strip().splitlines()
        parts = dict(line.split(": ", 1) for line in lines if ": " in line)
        found[name] = Refusal(name, parts["rule"], parts["offer"])
    return found


def judged(text: str, program: Program, shares: NDArray[np.float32] | None = None) -> Refusal | None:
    """Return the first principle that the words or the program go against, or None where there is none.

    Args:
        shares: (C,) what the language model's conscience says (`Reading.principles`); without it only patterns judge.
    """
    sentence = " ".join(word for word in words_of(text) if word not in LEAVE_OUT)
    sayings = [f"say {step.get('text')}" for step in program if step.name == "say" and step.get("text")]
    known = _known(sentence, *sayings)
    if shares is None or (not known and all(step.name in HARMLESS for step in program)):
        return principles()[known] if known else None
    doubtful, resembles = doubt(shares)
    if known:
        return None if doubtful < SURE_BELOW and not _known(*sayings) else principles()[known]
    return principles()[resembles] if doubtful >= REFUSE_ABOVE else None


def _known(*said: str) -> str:
    """Return the first principle whose patterns know one of these sentences; empty where none does."""
    return next((name for name, found in patterns().items() if any(_asked(p, s) for p in found for s in said)), "")


def _asked(pattern: re.Pattern[str], said: str) -> bool:
    """Return whether the deed is asked for, not forbidden: "don't hit the dog" and "stop filming us" ask for good."""
    return any(not FORBIDDEN.search(said[: found.start()]) for found in pattern.finditer(said))
