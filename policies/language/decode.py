"""From the network's outputs to a program and a confidence: every reading of them is valid.

Words the speaker took back are left out; the others are cut where an action begins; the words of a part vote on its
action; and only the slots this action has may be copied.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.language.labels import BEGIN, DROPPED, LABELLED, TAGS, allowed, complete
from policies.language.numbers import METRES, degrees, metres
from policies.language.program import SLOTS, UNKNOWN, Action, Program, Value

Floats = NDArray[np.float32]
MEASURES = {"angle_deg": degrees, "distance_m": metres}
NEVER = -1e4
# Nothing is taken back without one of these.
RETRACTIONS = frozenset({
    "no", "wait", "mean", "meant", "sorry", "actually", "rather", "scratch", "correction", "not", "hang", "oops",
})  # fmt: skip
POSSIBLE = np.array([[tag == "O" or tag[2:] in allowed(i) for tag in TAGS] for i in range(len(LABELLED))])


def _follows(before: str, after: str) -> bool:
    """Return whether tag `after` may stand behind `before`: I- only inside its span, and no span cut in two."""
    slot = after[2:]
    if after[0] == "I":
        return before[2:] == slot
    return after == "O" or slot in LISTS or before[2:] != slot


LISTS = frozenset(slot for slots in SLOTS.values() for slot, kind in slots.items() if kind == "list")
STEP = np.where([[_follows(before, after) for after in TAGS] for before in TAGS], 0.0, NEVER)
FIRST = np.array([NEVER if tag[0] == "I" else 0.0 for tag in TAGS])


@dataclass(frozen=True)
class Outputs:
    """Logits per word: actions (W, A), places (W, 3), tags (W, S)."""

    actions: Floats
    places: Floats
    tags: Floats


def decode(words: list[str], outputs: Outputs) -> tuple[Program, float]:
    """Return the program of a sentence and how sure the network is, 0 to 1, before calibration."""
    if not words:
        return UNKNOWN, 1.0
    logits = outputs.places.copy()
    if not RETRACTIONS & set(words):
        logits[:, DROPPED] = NEVER
    places = softmax(logits)
    chosen = np.argmax(places, axis=1)
    kept = np.flatnonzero(chosen != DROPPED)
    if not len(kept):
        kept, chosen = np.arange(len(words)), np.full(len(words), BEGIN + 1)
    starts = [0, *(i for i in range(1, len(kept)) if chosen[kept[i]] == BEGIN)]
    parts = [kept[a:b] for a, b in zip(starts, [*starts[1:], len(kept)], strict=True)]
    read = [_action([words[int(i)] for i in part], outputs.actions[part], outputs.tags[part]) for part in parts]
    sure = min(confidence for _, confidence in read) * float(places[np.arange(len(words)), chosen].min())
    return _without_echoes(tuple(step for step, _ in read)), sure


def softmax(logits: Floats) -> Floats:
    """Return shares along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _action(words: list[str], actions: Floats, tags: Floats) -> tuple[Action, float]:
    votes = softmax(actions).mean(axis=0)
    label = int(np.argmax(votes))
    shares = softmax(np.where(POSSIBLE[label], tags, NEVER).astype(np.float32))
    path = best_path(np.log(shares + 1e-9))
    weights = shares[np.arange(len(words)), path]
    sure = float(votes[label]) * float(weights.min()) ** 0.5
    return complete(label, _slots(LABELLED[label].name, words, [TAGS[i] for i in path], weights)), sure


def best_path(scores: Floats) -> list[int]:
    """Return the tags of the best allowed sequence for log shares (W, S) (Viterbi, 1967)."""
    total, back = scores[0] + FIRST, []
    for row in scores[1:]:
        ways = total[:, None] + STEP
        back.append(np.argmax(ways, axis=0))
        total = ways.max(axis=0) + row
    path = [int(np.argmax(total))]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return path[::-1]


def _slots(name: str, words: list[str], tags: list[str], weights: Floats) -> dict[str, Value]:
    spans: dict[str, list[tuple[float, str]]] = {}
    for slot, start, end in _spans(tags):
        weight = float(weights[start:end].sum())
        unit = slot == "distance_m" and words[end : end + 1] and words[end] in METRES
        spans.setdefault(slot, []).append((weight, " ".join(words[start : end + bool(unit)])))
    found: dict[str, Value] = {}
    for slot, options in spans.items():
        text = max(options)[1]
        if SLOTS[name][slot] == "list":
            found[slot] = tuple(option[1] for option in options)
        elif slot in MEASURES:
            value = MEASURES[slot](text)
            found |= {} if value is None else {slot: value}
        else:
            found[slot] = text
    return found


def _spans(tags: list[str]) -> list[tuple[str, int, int]]:
    spans: list[tuple[str, int, int]] = []
    for i, tag in enumerate(tags):
        slot = tag[2:]
        if not slot:
            continue
        if tag[0] == "I" and spans and spans[-1][0] == slot and spans[-1][2] == i:
            spans[-1] = (slot, spans[-1][1], i + 1)
        else:
            spans.append((slot, i, i + 1))
    return spans


def _without_echoes(program: Program) -> Program:
    """Return the program with neighbours that are equal joined ("stop stop stop"), and one unknown instead of many."""
    kept = tuple(step for i, step in enumerate(program) if i == 0 or step != program[i - 1])
    return UNKNOWN if all(step.name == "unknown" for step in kept) else kept
