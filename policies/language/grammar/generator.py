"""Utterances with labels for every word, from one seed: what the model is trained on.

An utterance is one to four commands in a row. Any command may be dressed up, said with a second thought (the words
taken back are labelled as dropped), or heard wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from numpy.random import Generator

from policies.language.grammar import speech
from policies.language.grammar.patterns import Grammar, Tagged, expand, load, pick
from policies.language.labels import BEGIN, DROPPED, INSIDE
from policies.language.words import WORD
from robot.rng import spawn

COUNTS = (0.58, 0.29, 0.09, 0.04)  # shares of utterances with one, two, three and four commands
ALONE = ("yes", "no", "help", "status")  # rarely part of a longer request
MANY = {  # how often a block is drawn beside the others
    "go_to": 2.5, "inspect": 2.2, "find": 1.8, "remember": 2.0, "manipulate verb=bring": 1.8, "follow": 1.8,
    "stop": 1.5,
    "remember place=here": 1.3, "manipulate verb=take": 1.5, "manipulate verb=put": 1.5, "say": 1.6, "guide": 1.6,
    "device on=true": 1.4, "device on=false": 1.4, "set parameter=distance": 1.3, "where_is": 1.4, "lock_on": 1.3,
    "manipulate verb=other": 1.4, "call": 1.2, "status": 1.2,
}  # fmt: skip
PAIRS = (  # what people do ask for in one breath
    ("go_to", "inspect"), ("go_to", "inspect"), ("go_to", "inspect"), ("stop", "turn direction=left"),
    ("go_to", "find"), ("go_to", "say"), ("find", "say"), ("go_to", "go_to place=here"),
    ("inspect", "go_to place=here"), ("find", "go_to place=here"), ("stop", "turn direction=around"),
    ("go_to", "pause"),
    ("manipulate verb=take", "manipulate verb=put"), ("manipulate verb=take", "manipulate verb=give"),
    ("go_to place=here", "follow"), ("follow", "pause"), ("follow", "set parameter=distance"), ("go_to", "look_at"),
    ("move direction=forward", "turn direction=left"), ("turn direction=right", "move direction=forward"),
    ("go_to", "device on=true"), ("device on=false", "go_to place=dock"), ("go_to", "manipulate verb=bring"),
    ("turn direction=left", "stop"), ("move direction=back", "turn direction=right"), ("go_to", "manipulate verb=take"),
)  # fmt: skip
PAIRED_SHARE = 0.35
ELIDED = {  # "turn on the lights and the tv"
    "device on=true": "[and|and also|as well as|] {device=DEVICE}",
    "device on=false": "[and|and also|] {device=DEVICE}",
    "go_to": "[and|then|and then] {place=ROOMS}", "find": "and {target=PLAIN}", "call": "and {person=NAME}",
    "manipulate verb=bring": "and {object=PLAIN}", "manipulate verb=take": "and {object=PLAIN}",
    "manipulate verb=put": "and {object=PLAIN} [in|on|next to] {destination=SPOT}", "where_is": "and {thing=PLAIN}",
    "inspect": "and {target=SPOT}", "manipulate verb=close": "and {object=SPOT}", "look_at": "and then {target=SPOT}",
}  # fmt: skip
ELIDED_SHARE = 0.06


@dataclass(frozen=True)
class Example:
    """An utterance: its words and, per word, the slot tag, the place in the program, and the action label."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    places: tuple[int, ...]
    actions: tuple[str, ...]


def examples(seed: int, count: int, *, misheard: bool = True) -> Iterator[Example]:
    """Yield `count` utterances; the same for the same seed. Some are as a recogniser may mishear them, if wanted."""
    rng, grammar = spawn(seed, "language"), load()
    labels = sorted(grammar.commands)
    weights = [MANY.get(label, 1.0) for label in labels]
    total = sum(weights)
    shares = [weight / total for weight in weights]
    for _ in range(count):
        steps = 1 + int(rng.choice(len(COUNTS), p=COUNTS))
        chosen = [labels[int(i)] for i in rng.choice(len(labels), size=steps, p=shares)]
        if steps > 1 and rng.random() < PAIRED_SHARE:
            chosen[:2] = PAIRS[int(rng.integers(len(PAIRS)))]
        if steps > 1:
            chosen = [label for label in chosen if label not in ALONE] or chosen[:1]
        yield utterance(rng, grammar, chosen, misheard=misheard)


def utterance(rng: Generator, grammar: Grammar, labels: list[str], *, misheard: bool = True) -> Example:
    """Return one utterance that asks for `labels` in order."""
    rows: list[list[str]] = []
    for i, label in enumerate(labels):
        rows += _command(rng, grammar, label, first=i == 0, last=i == len(labels) - 1)
    if labels[-1] in ELIDED and rng.random() < ELIDED_SHARE:
        again = expand(rng, ELIDED[labels[-1]], grammar)
        rows += [[word, tag, str(INSIDE if j else BEGIN), labels[-1]] for j, (word, tag) in enumerate(again)]
    if misheard and rng.random() < 0.35:
        rows = speech.misheard(rng, rows) or rows
    return _example(rows)


def others(seed: int, count: int) -> Iterator[Example]:
    """Yield utterances that are not for the robot."""
    rng, grammar = spawn(seed, "language others"), load()
    for i in range(count):
        said = expand(rng, grammar.unknown[i % len(grammar.unknown)], grammar)
        draw = rng.random()
        if draw < 0.1:
            said = speech.called(rng, said)
        elif draw < 0.2:
            said = speech.opened(rng, said)
        elif draw < 0.25:
            said = speech.ended(rng, said)
        made = plain(" ".join(word for word, _ in said), "unknown")
        if made is not None:
            yield made


def plain(text: str, label: str) -> Example | None:
    """Return a whole text as one command of `label` without slots, or None where it has no words."""
    rows = [[word, "O", str(INSIDE), label] for word in WORD.findall(text.lower())]
    if not rows:
        return None
    rows[0][2] = str(BEGIN)
    return _example(rows)


def _command(rng: Generator, grammar: Grammar, label: str, *, first: bool, last: bool) -> list[list[str]]:
    said = expand(rng, pick(rng, grammar.commands[label]), grammar)
    dropped: set[int] = set()
    if rng.random() < 0.07:
        said, dropped = _second_thought(rng, grammar, said, label)
    bare = list(said)
    if rng.random() < (0.38 if first else 0.12):
        said = speech.opened(rng, said)
    if first and rng.random() < 0.15:
        said = speech.called(rng, said)
    if not first:
        said = speech.linked(rng, said)
    shift = len(said) - len(bare)
    if said[shift:] != bare:  # the opening changed the first word
        shift = next((i for i in range(len(said)) if said[i:][1:] == bare[1:]), shift)
    if last and rng.random() < 0.18:
        said = speech.ended(rng, said)
    if rng.random() < 0.06 and not dropped:
        said = speech.hesitant(rng, said)
    gone = {i + shift for i in dropped}
    rows = [[word, tag, str(DROPPED if i in gone else INSIDE), label] for i, (word, tag) in enumerate(said)]
    next(row for row in rows if row[2] != str(DROPPED))[2] = str(BEGIN)
    return rows


def _second_thought(rng: Generator, grammar: Grammar, said: Tagged, label: str) -> tuple[Tagged, set[int]]:
    """Return the command with words taken back before a slot or before it all, and which words those are."""
    starts = [i for i, (_, tag) in enumerate(said) if tag.startswith("B-")]
    retraction = [(word, "O") for word in pick(rng, speech.RETRACTIONS).split()]
    if starts and rng.random() < 0.7:
        at = starts[int(rng.integers(len(starts)))]
        slot = said[at][1][2:]
        spans = (expand(rng, pick(rng, grammar.commands[label]), grammar) for _ in range(6))
        wrong = next(([(w, "O") for w, tag in s if tag[2:] == slot] for s in spans if any(t[2:] == slot for _, t in s)),
                     None)  # fmt: skip
    else:
        at, wrong = 0, None
        other = pick(rng, sorted(grammar.commands))
        wrong = [(word, "O") for word, _ in expand(rng, pick(rng, grammar.commands[other]), grammar)]
    if not wrong:
        return said, set()
    back = [*wrong, *retraction]
    return [*said[:at], *back, *said[at:]], set(range(at, at + len(back)))


def _example(rows: list[list[str]]) -> Example:
    split = []
    for word, tag, place, label in rows:
        for i, part in enumerate(WORD.findall(word)):
            inner = INSIDE if int(place) == BEGIN and i else int(place)
            split.append((part, tag.replace("B-", "I-") if i else tag, inner, label))
    words, tags, places, actions = zip(*split, strict=True)
    return Example(words, tags, places, actions)
