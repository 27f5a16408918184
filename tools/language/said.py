"""What people would say, written and labelled by hand (`said.txt`), as words with labels to train on.

A line gives a text and its program. Where each action's words begin is looked for: at linking words ("and", "then"),
else at verbs, so that every copied slot stands in its own action's part. What is taken back ("the hall no wait the
kitchen") is marked as dropped, from where the speaker starts again. Lines that cannot be laid out so are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from policies.language.decode import Outputs, decode
from policies.language.grammar import speech
from policies.language.grammar.generator import Example
from policies.language.labels import ACTIONS, BEGIN, DROPPED, INSIDE, LABELLED, TAGS, label_of
from policies.language.program import Action, Program
from policies.language.score import read_set
from policies.language.words import words_of
from tools.language.measures import MEASURES, measure_span

SAID = Path(__file__).parent / "said.txt"
LINKS = frozenset({"and", "then", "also", "plus", "after", "before", "but", "so", "once", "when", "while", "or"})
VERBS = frozenset({
    "go", "come", "take", "put", "bring", "give", "get", "find", "look", "turn", "move", "follow", "tell", "say",
    "ask", "check", "see", "stop", "nod", "shake", "tilt", "bow", "dance", "call", "ring", "phone", "hang", "drive",
    "wait", "show", "lead", "guide", "remember", "open", "close", "switch", "set", "pick", "grab", "face", "watch",
    "search", "copy", "focus", "return", "drop", "leave", "patrol", "lower", "raise", "let", "keep", "inspect",
    "make", "stay",
})  # fmt: skip
TAKEN_BACK = sorted((phrase.split() for phrase in speech.RETRACTIONS), key=len, reverse=True)
RESTARTS = frozenset({"the", "a", "an", "my", "your", "to", "in", "on", "at"})  # often where a second thought begins
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
    if not words or not all(map(_has_label, program)):
        return None
    back = taken_back(words)  # which "no" or "sorry" is part of what is said the program tells: then nothing is dropped
    found = _laid_out(words, program, back) if back else None
    return found or _laid_out(words, program, (0, 0))


def _laid_out(words: Words, program: Program, back: tuple[int, int]) -> Example | None:
    kept = [*words[: back[0]], *words[back[1] :]]
    for where in (LINKS, LINKS | VERBS):
        cuts = [i for i in range(1, len(kept)) if kept[i] in where]
        for chosen in combinations(cuts, len(program) - 1):
            example = _parted(kept, program, (0, *chosen, len(kept)))
            if example is not None and reads_as(example := _with_dropped(example, words, back)) == program:
                return example
    return None


def taken_back(words: Words) -> tuple[int, int] | None:
    """Return from where to where words are taken back, the retraction ("no wait") included; None where nothing is."""
    for at in range(len(words) - 2, 0, -1):
        phrase = next((p for p in TAKEN_BACK if list(words[at : at + len(p)]) == p), None)
        if phrase is None or at + len(phrase) >= len(words):
            continue
        end = at + len(phrase)
        while at > 1 and any(list(words[at - 1 : at - 1 + len(p)]) == p for p in TAKEN_BACK):
            at -= 1  # "no sorry no wait" runs together
        starts = [i for i in range(at) if words[i] == words[end]] or [i for i in range(at) if words[i] in RESTARTS]
        return (starts[-1] if starts else at - 1), end
    return None


def _parted(words: Words, program: Program, edges: Sequence[int]) -> Example | None:
    """Return words cut at `edges`, labelled as the actions of `program`; None where a slot is not in its part."""
    tags: list[str] = []
    for a, b, step in zip(edges, edges[1:], program, strict=False):
        part = tags_of(words[a:b], step)
        if part is None:
            return None
        tags += part
    return _example(words, program, edges, tags)


def _with_dropped(example: Example, words: Words, back: tuple[int, int]) -> Example:
    """Return the example with the words that were taken back in their place again."""
    start, count = back[0], back[1] - back[0]
    label = example.actions[min(start, len(example.actions) - 1)]

    def put(labels: tuple[str, ...] | tuple[int, ...], filler: str | int) -> tuple[str | int, ...]:
        return (*labels[:start], *[filler] * count, *labels[start:])

    return Example(tuple(words), put(example.tags, "O"), put(example.places, DROPPED), put(example.actions, label))


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
    free = [tag == "O" for tag in tags]
    if slot in MEASURES:
        return measure_span(words, free, slot, value)
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            if all(free[start:end]) and " ".join(words[start:end]) == value:
                return start, end
    return None


def _example(words: Words, program: Program, edges: Sequence[int], tags: Sequence[str]) -> Example:
    labels = [ACTIONS[label_of(step)] for step in program]
    actions = [label for label, a, b in zip(labels, edges, edges[1:], strict=False) for _ in range(a, b)]
    places = [BEGIN if i in edges else INSIDE for i in range(len(words))]
    return Example(tuple(words), tuple(tags), tuple(places), tuple(actions))
