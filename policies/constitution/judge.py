"""Judge a request by its raw words and by its understood program, before anything moves.

The words are looked at first, since a refusal must not hang on the model's reading. Then the program: what it would
have the robot say is judged like a request to it, and a lock or a gaze is judged by whom it is on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from policies.constitution.patterns import patterns
from policies.language.program import Program
from policies.language.words import words_of

PRINCIPLES = Path(__file__).parent / "principles.md"
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


def judged(text: str, program: Program) -> Refusal | None:
    """Return the first principle that the words or the program go against, or None where there is none."""
    sentence = " ".join(word for word in words_of(text) if word not in LEAVE_OUT)
    sayings = [f"say {step.get('text')}" for step in program if step.name == "say" and step.get("text")]
    for name, found in patterns().items():
        if any(pattern.search(said) for pattern in found for said in (sentence, *sayings)):
            return principles()[name]
    return None
