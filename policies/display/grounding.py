"""From words to a person before the display: left and right as the display sees them, me, him and her, the other one.

"Me" is whoever the display was locked on to when somebody first spoke to it, as long as they are there; else whoever
is nearest and looks at it. The answer is one person, or several that fit (then it asks which), or none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policies.behaviour import names
from policies.behaviour.grounding import Spot
from policies.display.view import Somebody, View
from policies.language.replies import turned, with_article

ME = frozenset({"me", "i", "myself", "us", "my face", "my eyes", "you", "here", "back"})
SOMEBODY = re.compile(r"\b(?:ones?|him|her|he|she|them|they|others?|else|another|faces?)\b")
PLACES = frozenset({
    "left", "leftmost", "right", "rightmost", "middle", "centre", "center", "nearest", "closest", "first", "second",
    "third", "next", "the", "on", "in", "at", "from", "to", "my", "your", "far", "side", "very",
})  # fmt: skip
ADDRESSED = re.compile(
    r"^(?:(?:please|no|well|i mean|i meant|look at|focus on|watch|lock on to|turn to|face|that's|it's|uh|um)[, ]+)+"
)
SIDES = {"left": "left", "leftmost": "left", "right": "right", "rightmost": "right"}
MIDDLE = frozenset({"middle", "centre", "center", "between"})
FAR = frozenset({"back", "behind", "farthest", "furthest", "far"})
ANYBODY = frozenset({"somebody", "someone", "anybody", "anyone"})
NEAR = frozenset({"nearest", "closest", "nearer", "closer", "front", "near", "close"}) | ANYBODY
ORDER = {"first": 0, "second": 1, "third": 2, "fourth": 3}
OTHER = frozenset({"other", "others", "else", "another"})


def is_person(words: str) -> bool:
    """Whether words mean a person at all, and not a thing."""
    said = names.bare(words)
    placed = said != "" and set(said.split()) <= PLACES
    return said in ME or placed or names.PEOPLE.search(said) is not None or SOMEBODY.search(said) is not None


def meant(words: str, people: Sequence[Somebody], me: int, locked: int) -> tuple[Somebody, ...]:
    """Return everybody whom the words may mean.

    Args:
        people: from left to right.
        me: number of who speaks.
        locked: number of who is looked at.
    """
    said = names.bare(words)
    if said in ME:
        return _numbered(people, me) or tuple(people[:1])
    said_words = set(re.findall(r"[a-z]+", words.lower()))
    if said_words & {"next", "beside"} and said_words & {"me", "him", "her", "them", "you"}:
        return _neighbours(people, me if "me" in said_words else locked)
    if said_words & OTHER:
        people = [p for p in people if p.id != (locked if _numbered(people, locked) else me)] or list(people)
        said_words -= ANYBODY
    placed = _placed(said_words, people)
    if placed is not None:
        return (placed,)
    if said_words & OTHER:
        return tuple(people)
    if "next" in said_words:
        return _after(people, locked)
    others = tuple(p for p in people if p.id != me)
    return others or tuple(people)


def spots(chosen: Sequence[Somebody], people: Sequence[Somebody]) -> tuple[Spot, ...]:
    """Return people as spots, called by where they are among everybody."""
    return tuple(Spot("person", label(p, people), track=p.id) for p in chosen)


def label(person: Somebody, people: Sequence[Somebody]) -> str:
    """Return what somebody is called among the people there are: "the person on the left"."""
    at, count = [p.id for p in people].index(person.id), len(people)
    if count == 1:
        return "the person before me"
    if at in (0, count - 1):
        return f"the person on the {'left' if at == 0 else 'right'}"
    if count == 3:
        return "the person in the middle"
    return f"the person {('second', 'third', 'fourth')[min(at, 3) - 1]} from the left"


def which(options: Sequence[Spot]) -> str:
    """Return the question for one of several."""
    first, *rest = (option.label for option in options)
    said = [label.replace("the person", "the one") for label in rest]
    return f"Which one: {', '.join([first, *said[:-1]])} or {said[-1]}?"


def speaker(view: View, before: int) -> int:
    """Return the number of who is taken for "me": as before, where they are still there; -1 where nobody is."""
    if view.person(before) is not None:
        return before
    if view.person(view.locked_id) is not None and before < 0:
        return view.locked_id
    return max(view.known, key=lambda p: (p.presence, -p.id)).id if view.known else -1


def _placed(said: set[str], people: Sequence[Somebody]) -> Somebody | None:
    """Return whom a place singles out."""
    side = next((SIDES[word] for word in sorted(said) if word in SIDES), "")
    if side and "my" in said:  # who faces the display has their left at its right
        side = "left" if side == "right" else "right"
    order = next((ORDER[word] for word in sorted(said) if word in ORDER), None)
    if order is not None:
        across = list(people)[::-1] if side == "right" else list(people)
        return across[order] if order < len(across) else None
    if side:
        return people[0 if side == "left" else -1] if people else None
    if said & MIDDLE and len(people) != 2 and people:
        return people[len(people) // 2]
    if said & FAR and people:
        return max(people, key=lambda p: (p.distance_m, p.id))
    if said & NEAR and people:
        return min(people, key=lambda p: (p.distance_m, p.id))
    return None


def _numbered(people: Sequence[Somebody], number: int) -> tuple[Somebody, ...]:
    return tuple(p for p in people if p.id == number)


def _neighbours(people: Sequence[Somebody], number: int) -> tuple[Somebody, ...]:
    at = next((i for i, p in enumerate(people) if p.id == number), None)
    if at is None:
        return tuple(people)
    return tuple(people[i] for i in (at - 1, at + 1) if 0 <= i < len(people))


def _after(people: Sequence[Somebody], locked: int) -> tuple[Somebody, ...]:
    """Return who comes next toward the right, after the last the first again."""
    at = next((i for i, p in enumerate(people) if p.id == locked), -1)
    return (people[(at + 1) % len(people)],) if people else ()


def as_said(words: str) -> str:
    """Return words as they are said back: "the other one"."""
    return with_article(turned(names.bare(words)))
