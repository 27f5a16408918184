"""What must be asked before a program can be carried out, and what was chosen by the answers."""

from __future__ import annotations

from collections.abc import Mapping

from policies.behaviour.grounding import Spot

Chosen = Mapping[tuple[int, str], Spot]
"""By index of the action in the program, and its slot"""


class Unclear(Exception):
    """A place or person that is not known, or one of several."""

    def __init__(self, question: str, index: int, slot: str, words: str, options: tuple[Spot, ...] = ()) -> None:
        super().__init__(question)
        self.question = question
        self.index = index
        self.slot = slot
        self.words = words
        self.options = options
