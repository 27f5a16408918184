"""From a program to the display's steps: whom words mean is settled before anything moves, else the display asks.

Only where the program itself will have turned the camera before, or nobody is known yet, is that settled when the
step's turn comes.
"""

from __future__ import annotations

import math
import re
from typing import Any

from policies.behaviour import names
from policies.behaviour.counting import counted
from policies.behaviour.grounding import Spot
from policies.behaviour.steps.leaf import Leaf
from policies.behaviour.steps.words import Decline, Tell, Wait
from policies.behaviour.unclear import Chosen, Unclear
from policies.display import grounding, words
from policies.display.answers import answer
from policies.display.context import DisplayContext
from policies.display.steps.moving import LookAlong, MakeGesture, Turn
from policies.display.steps.people import CountPeople, LockOn, LookAround, Mimic, Seek, Unlock
from policies.language.program import Action, Program

Steps = Leaf[Any]
ALL_AROUND = math.pi
IN_VIEW = re.compile(r"\bsee\b|\bin (?:view|sight|the picture)\b")
BEHIND = re.compile(r"\bbehind\b|\ball around\b|\beverywhere\b")
AROUND = frozenset({"around", "round", "around you", "yourself", "everywhere"})
SAID = ("where_is", "remember", "status", "help")


def able(step: Action) -> bool:
    """Whether a display can do anything about an action."""
    return step.name in words.ABLE


class Planner:
    """Turns one program into steps."""

    def __init__(self, context: DisplayContext, chosen: Chosen) -> None:
        self._context = context
        self._chosen = chosen
        self._index = 0
        self._turned = False  # whether other people may be in view when this step's turn comes

    def steps(self, program: Program, first: int = 0) -> list[list[Steps]]:
        """Return the steps of each action, none of those before `first`.

        Raises:
            Unclear: something must be asked first.
        """
        found = []
        for self._index, step in enumerate(program):  # the index is what questions refer to
            found.append(self._steps(step) if self._index >= first else [])
        return found

    def _steps(self, step: Action) -> list[Steps]:
        context = self._context
        if not able(step):
            return [Decline(step.name, context, words.declined(step))]
        if step.name in SAID:
            return [Tell(step.name, context, lambda: answer(context, step, ""))]
        build = getattr(self, f"_{step.name}", None)
        return build(step) if build is not None else []

    def _lock_on(self, step: Action) -> list[Steps]:
        return self._look(str(step.get("target") or "me"))

    def _look_at(self, step: Action) -> list[Steps]:
        target = str(step.get("target") or "")
        along = words.direction(target)
        if along:
            self._turned = True
            return [LookAlong(along, self._context)]
        if names.bare(target) in AROUND:
            return [LookAround("look around", self._context)]
        if not target:
            raise Unclear("Whom shall I look at?", self._index, "target", "")
        return self._look(target)

    def _look(self, target: str) -> list[Steps]:
        """Return the steps toward somebody."""
        context = self._context
        chosen = self._chosen.get((self._index, "target"))
        if chosen is not None:
            return [self._on(chosen.track)]
        if not grounding.is_person(target):
            return [Decline("look", context, words.unseeable(target))]
        said, known = grounding.as_said(target), context.view.known
        if self._turned:
            return [LockOn(said, context)]
        if not known:
            return [Seek("look for somebody", context), LockOn(said, context)]
        found = grounding.meant(target, known, context.me, context.view.locked_id)
        if len(found) > 1:
            options = grounding.spots(found, known)
            raise Unclear(grounding.which(options), self._index, "target", target, options)
        return [self._on(found[0].id)]

    def _on(self, number: int) -> LockOn:
        """Return the step that looks at somebody who was chosen."""
        context, known = self._context, self._context.view.known
        person = context.view.person(number)
        if person is None:
            return LockOn("them", context, number)
        name = "you" if number == context.me else grounding.label(person, known)
        return LockOn(name, context, number)

    def _unlock(self, step: Action) -> list[Steps]:
        del step  # whoever it is, only one is watched
        return [Unlock("stop watching", self._context)]

    def _mimic(self, step: Action) -> list[Steps]:
        return [Mimic(step.get("on") is not False, self._context)]

    def _gesture(self, step: Action) -> list[Steps]:
        return [MakeGesture(step.get("name"), self._context)]  # type: ignore[arg-type]  # one of the five

    def _turn(self, step: Action) -> list[Steps]:
        degrees = step.get("angle_deg")
        self._turned = True
        angle = degrees if isinstance(degrees, float) else None
        return [Turn(str(step.get("direction") or "left"), angle, self._context)]

    def _find(self, step: Action) -> list[Steps]:
        target = str(step.get("target") or "")
        if not grounding.is_person(target):
            return [Decline("find", self._context, words.unseeable(target))]
        if self._context.view.visible:
            return self._look("somebody")
        self._turned = True
        return [Seek("look for somebody", self._context), LockOn("somebody", self._context)]

    def _inspect(self, step: Action) -> list[Steps]:
        context = self._context
        about = " ".join(str(step.get(slot) or "") for slot in ("target", "question")).strip()
        if step.get("place"):
            return [Decline("look there", context, words.declined(Action("go_to")))]
        if about and not grounding.is_person(about):
            return [Decline("inspect", context, words.unseeable(str(step.get("target") or "")))]
        if BEHIND.search(about):
            return [CountPeople("look all around", context, ALL_AROUND)]
        if not about or IN_VIEW.search(about) or (about.startswith(("is any", "if any", "whether any")) and self._seen):
            return [Tell("tell you whom I see", context, lambda: f"I see {counted(len(context.view.visible))}.")]
        return [CountPeople("look around", context)]

    @property
    def _seen(self) -> bool:
        """Whether somebody is in view, and will be when this step's turn comes."""
        return bool(self._context.view.visible) and not self._turned

    def _say(self, step: Action) -> list[Steps]:
        text, target = str(step.get("text") or ""), str(step.get("target") or "")
        say = Tell("say it", self._context, lambda: text[:1].upper() + text[1:] + ".", "speech")
        if not target or names.bare(target) in names.SPEAKER | {"everyone", "everybody", "all"}:
            return [say]
        return [*self._look(target), say]

    def _pause(self, step: Action) -> list[Steps]:
        del step
        return [Wait("wait", self._context)]


def spot_of(context: DisplayContext, said: str, options: tuple[Spot, ...]) -> Spot | None:
    """Return which of the options an answer means; any person who is known where there are none."""
    said, known = grounding.ADDRESSED.sub("", said.lower()).strip(" .,!?"), context.view.known
    asked = [p for p in known if any(p.id == option.track for option in options)] if options else list(known)
    if not asked or not grounding.is_person(said):
        return None
    for people in (known, asked):  # "the right one" of everybody, else of those who were asked about
        found = grounding.meant(said, people, context.me, context.view.locked_id)
        if len(found) == 1 and found[0] in asked:
            return grounding.spots(found, known)[0]
    return None
