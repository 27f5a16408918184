"""What a new text is to what is going on: an answer to a question, a correction, more to do, or something else.

Words decide it, not the program alone: "no, the bedroom" asks for nothing by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from policies.behaviour import names
from policies.behaviour.grounding import Situation, Spot, spots
from policies.language.program import Action, Program, action

CORRECTING = re.compile(
    r"^(?:(?:no|nope|sorry|wait|actually|oh|oops|hold on|hang on|correction|stop|i mean|i meant|i said|rather|make that"
    r"|make it|not that|robot|housemate|please)[, ]+)+",
)
POLITE = frozenset({"please", "robot", "housemate"})  # of the words above: they take nothing back
TO_THE = r"(?:to |in |into |at )?(?:the |a |my )?"
NOT_BUT = re.compile(rf"\bnot {TO_THE}(?P<old>[\w' ]+?),? (?:but )?{TO_THE}(?P<new>[\w' ]+)$")
INSTEAD_OF = re.compile(rf"(?P<new>.+?) (?:instead of|rather than|not) {TO_THE}(?P<old>[\w' ]+)$")
ADDING = re.compile(
    r"^(?:and )?(?:then|after that|afterwards|next|also|after this|when you(?:'re| are) (?:done|finished|there|ready)"
    r"|once you(?:'re| are) (?:done|finished|there|ready)|and then|and after that)\b"
)
ANSWERING = re.compile(
    r"^(?:(?:well|i think|i mean|i meant|that is|that's|it's|it is|they're|they are|she's|he's|uh|um|the one"
    r"|in|go to|to|at|please|maybe|try|look in|just|over|called|you mean|yes|yeah|ok|okay|use|take|choose)[, ]+)+"
)
ORDER = {"first": 0, "former": 0, "second": 1, "third": 2, "last": -1, "latter": -1}
ANY = re.compile(r"\b(?:any|either|whichever|don't care|doesn't matter|nearest|closest|both)\b")
PLACED = {"go_to": "place", "guide": "place", "find": "place", "inspect": "place", "follow": "place"}


@dataclass(frozen=True)
class Corrected:
    """A program with one of its steps put right; `at` says which."""

    program: Program
    at: int


def is_more(text: str) -> bool:
    """Whether a text adds to what is being done."""
    return ADDING.match(plain(text)) is not None


def taken_back(text: str) -> str | None:
    """Return what comes after the words that take something back: "no, the one on the right"; None without those."""
    said = plain(text)
    head = CORRECTING.match(said + " ")
    if head is None or not set(re.findall(r"[a-z']+", head[0])) - POLITE:
        return None
    return ANSWERING.sub("", said[min(head.end(), len(said)) :])


def answer_to(text: str, options: tuple[Spot, ...], now: Situation) -> Spot | None:
    """Return the spot that answers a question about a place; None where the text does not."""
    whole = plain(text)
    said = ANSWERING.sub("", whole)
    bare = names.bare(said)
    if options:
        return _of(options, whole, bare, now)
    found = spots(bare, now)
    return found[0] if found else None


def corrected(text: str, step: Action, program: Program, current: int, now: Situation) -> Corrected | None:
    """Return the program put right by a text that takes something back; None where it takes nothing back.

    Args:
        step: what the text alone was understood as.
        program: what is being done.
        current: which of its steps.
    """
    whole = plain(text)
    head = CORRECTING.match(whole)
    if current >= len(program):
        return None
    rest = whole[head.end() :] if head else whole
    swapped = _not_but(rest, program, current, now) if head or " not " in f" {rest} " or "instead" in rest else None
    if swapped:
        return swapped
    if not head and not rest.endswith(" instead"):
        return None
    rest = rest.removesuffix(" instead")
    slot = PLACED.get(program[current].name)
    place = names.bare(ANSWERING.sub("", rest))
    if slot and spots(place, now):
        return _put(program, current, slot, place)
    if step.name == program[current].name and step.name != "unknown":
        return Corrected((*program[:current], step, *program[current + 1 :]), current)
    return None


def _not_but(rest: str, program: Program, current: int, now: Situation) -> Corrected | None:
    found = NOT_BUT.search(rest) or INSTEAD_OF.search(rest)
    if not found:
        return None
    old, new = names.bare(found["old"]), names.bare(ANSWERING.sub("", found["new"]))
    new = next((str(s) for s in (_last_place(found["new"], now),) if s), new)
    for at in (*range(current, len(program)), *range(current)):
        slot = PLACED.get(program[at].name)
        if slot and names.bare(str(program[at].get(slot) or "")) == old and spots(new, now):
            put = _put(program, at, slot, new)
            if at >= current:
                return put
            return Corrected((*program[:current], put.program[at], *program[current:]), current)  # too late: next
    return None


def _last_place(words: str, now: Situation) -> str | None:
    """Return the longest ending of some words that names a place."""
    parts = words.split()
    endings = (names.bare(" ".join(parts[i:])) for i in range(len(parts)))
    return next((ending for ending in endings if ending and spots(ending, now)), None)


def _put(program: Program, at: int, slot: str, place: str) -> Corrected:
    step = action(program[at].name, dict(program[at].slots) | {slot: place})
    return Corrected((*program[:at], step, *program[at + 1 :]), at)


def _of(options: tuple[Spot, ...], plain: str, bare: str, now: Situation) -> Spot | None:
    for word, index in ORDER.items():
        if re.search(rf"\b{word}\b", plain):
            return options[index] if -len(options) <= index < len(options) else None
    for option in options:
        if bare and bare in (option.label.removeprefix("the "), option.label, option.room):
            return option
    rooms = {spot.room for spot in spots(bare, replace(now, told={})) if spot.kind == "room"}
    rooms |= {spot.room for word in plain.split() for spot in spots(word, now) if spot.kind == "room"}
    fitting = [option for option in options if option.room in rooms]
    if len(fitting) == 1:
        return fitting[0]
    sides = [option for option in options for side in ("left", "right") if side in plain and side in option.label]
    if len(sides) == 1:
        return sides[0]
    return options[0] if ANY.search(plain) else None


def plain(text: str) -> str:
    """Return a text's words, lower-case, with its commas."""
    return " ".join(re.sub(r"[^\w' ,]", " ", text.lower()).split())
