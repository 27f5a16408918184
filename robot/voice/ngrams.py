"""What people say to a home robot: the language model of `home.arpa.gz`, and its words as a tree of sounds.

Chances are natural logs. A sequence that was never counted falls back to a shorter one (Katz, 1987).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

LN10 = 2.302585092994046
START, END = "<s>", "</s>"


class Ngrams:
    """Chances of a word after two others; words are numbers, `names` tells which."""

    def __init__(self, model: Path) -> None:
        sections = _sections(gzip.decompress(model.read_bytes()).decode())
        rows = [line.split("\t") for line in sections[0]]
        self.names = [row[1] for row in rows]
        self.numbers = {name: i for i, name in enumerate(self.names)}
        self.single = [float(row[0]) * LN10 for row in rows]
        self._back = [float(row[2]) * LN10 for row in rows]
        self._pairs: dict[tuple[int, int], tuple[float, float]] = {}
        self._triples: dict[tuple[int, int, int], float] = {}
        number = self.numbers
        for line in sections[1]:
            chance, words, back = line.split("\t")
            first, second = words.split(" ")
            self._pairs[number[first], number[second]] = (float(chance) * LN10, float(back) * LN10)
        for line in sections[2]:
            chance, words = line.split("\t")
            first, second, third = words.split(" ")
            self._triples[number[first], number[second], number[third]] = float(chance) * LN10
        self.start, self.end = number[START], number[END]

    def chance(self, before: int, last: int, word: int) -> float:
        """Return the log chance of `word` after `before` and `last`; `before` is -1 where there is none."""
        found = self._triples.get((before, last, word))
        if found is not None:
            return found
        pair = self._pairs.get((before, last))
        back = pair[1] if pair else 0.0
        shorter = self._pairs.get((last, word))
        return back + (shorter[0] if shorter else self._back[last] + self.single[word])


@dataclass
class Node:
    """A place in the tree: the sound that leads there, what may follow, the words that end, and the best below."""

    sound: int
    number: int
    best: float = -1e9
    below: dict[int, Node] = field(default_factory=dict)
    words: list[int] = field(default_factory=list)


def tree(pronounced: Iterable[tuple[str, tuple[int, ...]]], ngrams: Ngrams) -> Node:
    """Return the root of all words of the model that `pronounced` has, a word as often as it has ways to be said."""
    root, count = Node(-1, 0), 1
    for name, sounds in pronounced:
        word = ngrams.numbers.get(name)
        if word is None:
            continue
        node = root
        for sound in sounds:
            node.best = max(node.best, ngrams.single[word])
            if sound not in node.below:
                node.below[sound] = Node(sound, count)
                count += 1
            node = node.below[sound]
        node.best = max(node.best, ngrams.single[word])
        if word not in node.words:
            node.words.append(word)
    root.best = 0.0  # nothing is foretold before a word begins
    return root


def _sections(text: str) -> list[list[str]]:
    """Return the lines of the one-, two- and three-word parts of an ARPA file."""
    parts = [text.split(f"\\{n}-grams:\n", 1)[1].split("\n\\", 1)[0] for n in (1, 2, 3)]
    return [[line for line in part.split("\n") if line] for part in parts]
