"""What people would say, written and labelled by hand (`said.txt`), as words with labels to train on.

A line gives a text and its program. Where each action's words begin is looked for: at linking words ("and", "then"),
so that every copied slot stands in its own action's part. Lines that cannot be laid out so, or in which something is
taken back, are left to the grammar, which knows its own labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from policies.language.decode import RETRACTIONS, Outputs, decode
from policies.language.grammar.generator import Example
from policies.language.labels import ACTIONS, BEGIN, INSIDE, LABELLED, TAGS, label_of
from policies.language.numbers import degrees, metres
from policies.language.program import Action, Program
from policies.language.score import read_set
from policies.language.words import words_of

SAID = Path(__file__).parent / "said.txt"
LINKS = frozenset({"and", "then", "also", "plus", "after", "before", "but", "so", "once", "when", "while", "or"})
MEASURES = {"angle_deg": degrees, "distance_m": metres}
CLEAR = 12.0  # logit of what is meant, in the check that a layout reads as the program
Words = Sequence[str]


def said(path: Path = SAID) -> Iterator[Example]:
    """Yield the examples of a file that can be laid out."""
    for spoken in read_set(path):
        example = laid_out(tuple(words_of(spoken.text)), spoken.program)
        if example is not None:
            yield example


def laid_out(words: Words, program: Program) -> Example | None:
    """Return words with their labels, which read as `program`; None where no layout does."""
    if not words or (len(words) > 4 and RETRACTIONS & set(words)) or not all(map(_has_label, program)):
        return None
    links = [i for i in range(1, len(words)) if words[i] in LINKS]
    for cuts in combinations(links, len(program) - 1):
        edges = (0, *cuts, len(words))
        parts = [tags_of(words[a:b], step) for a, b, step in zip(edges, edges[1:], program, strict=False)]
        if all(part is not None for part in parts):
            example = _example(words, program, edges, [tag for part in parts for tag in part or ()])
            if reads_as(example) == program:
                return example
    return None


def tags_of(words: Words, step: Action) -> list[str] | None:
    """Return a tag per word for the slots of `step` that are copied; None where one of them is not among the words."""
    tags = ["O"] * len(words)
    spoken_by_label = LABELLED[label_of(step)].slots
    for slot, value in step.slots:
        if (slot, value) in spoken_by_label:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            span = _span(words, tags, slot, one)
            if span is None:
                return None
            tags[span[0] : span[1]] = [f"{'B' if i == 0 else 'I'}-{slot}" for i in range(span[1] - span[0])]
    return tags


def reads_as(example: Example) -> Program:
    """Return the program that the labels stand for."""
    places = np.array([[place == column for column in range(3)] for place in example.places], np.float32)
    actions = np.array([[name == action for action in ACTIONS] for name in example.actions], np.float32)
    tags = np.array([[name == tag for tag in TAGS] for name in example.tags], np.float32)
    return decode(list(example.words), Outputs(CLEAR * actions, CLEAR * places, CLEAR * tags))[0]


def _has_label(step: Action) -> bool:
    return any(known.name == step.name and set(known.slots) <= set(step.slots) for known in LABELLED)


def _span(words: Words, tags: Sequence[str], slot: str, value: object) -> tuple[int, int] | None:
    """Return where a value stands among words that have no tag yet."""
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            text = " ".join(words[start:end])
            same = MEASURES[slot](text) == value if slot in MEASURES else text == value
            if same and all(tag == "O" for tag in tags[start:end]):
                return start, end
    return None


def _example(words: Words, program: Program, edges: Sequence[int], tags: Sequence[str]) -> Example:
    labels = [ACTIONS[label_of(step)] for step in program]
    actions = [label for label, a, b in zip(labels, edges, edges[1:], strict=False) for _ in range(a, b)]
    places = [BEGIN if i in edges else INSIDE for i in range(len(words))]
    return Example(tuple(words), tuple(tags), tuple(places), tuple(actions))
