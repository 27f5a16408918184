"""Whose an action is where nobody was named: by what each body can do, and by whom people are talking with.

The display has a neck and no wheels, the rover wheels and no neck. What both can do (look at somebody, keep looking,
let go) is for the one that was spoken to last, while that is not long ago; else for the rover, as where it is alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from policies.display import grounding, words
from policies.language.program import Action, Program

Body = Literal["rover", "display"]
BODIES: tuple[Body, Body] = ("rover", "display")
NODS = frozenset({"nod", "shake", "tilt", "bow"})
SETTINGS = frozenset({"height", "brightness"})
EITHER = frozenset({"look_at", "lock_on", "unlock"})
ENDLESS = frozenset({"follow"})  # what comes after it would never begin


def owner(step: Action, lately: Body | None) -> Body:
    """Return whose an action is.

    Args:
        lately: who was spoken to a moment ago, if anybody.
    """
    if step.name == "mimic":
        return "display"
    if step.name == "gesture":
        return "display" if step.get("name") in NODS else "rover"
    if step.name == "set":
        return "display" if step.get("parameter") in SETTINGS else "rover"
    if step.name == "look_at" and words.direction(str(step.get("target") or "")):
        return "display"  # up, down, left, right: the rover looks at things and people
    if step.name in EITHER and lately == "display" and not _is_place(step):
        return "display"
    return "rover"


def split(text: str, program: Program, lately: Body | None) -> tuple[tuple[Body, Program], ...]:
    """Return a program as the parts of it that are for one body each, in order."""
    if looks_somewhere(text, program):
        return (("display", program),)  # "look up", which the display reads from the words
    owners = [owner(step, lately) for step in program]
    for index, step in enumerate(program):
        if step.name == "unknown":  # said by whoever has the rest
            owners[index] = owners[index - 1] if index else next(iter(owners[1:]), "rover")
    pairs = list(zip(owners, program, strict=True))
    return tuple((body, tuple(step for _, step in group)) for body, group in groupby(pairs, lambda pair: pair[0]))


def looks_somewhere(text: str, program: Program) -> bool:
    """Whether a text asks to look up, down or aside, whatever it was understood as."""
    reread = words.reread(text, program)
    return reread != program and reread[0].name == "look_at"


def goes_on(part: Sequence[Action]) -> bool:
    """Whether a part never ends by itself."""
    return any(step.name in ENDLESS for step in part)


def _is_place(step: Action) -> bool:
    """Whether something is looked at that is nobody: the rover knows the furniture."""
    return not grounding.is_person(str(step.get("target") or "me"))
