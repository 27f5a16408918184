"""From a program to steps: every place and person is found before anything moves, else the robot asks.

One method per action. A program that names a place nobody told it of raises `Unclear`, with the question to ask.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from policies.behaviour import answers, names
from policies.behaviour.context import Context
from policies.behaviour.declining import armless, unconnected
from policies.behaviour.grounding import Spot, mentioned, spots
from policies.behaviour.steps.leaf import Leaf
from policies.behaviour.steps.looking import CountPeople, LookAt
from policies.behaviour.steps.people import Find, Follow, Guide, LockOn
from policies.behaviour.steps.small import TURNS, USUAL_MOVE_M, Move, Swing, Turn
from policies.behaviour.steps.travel import ComeTo, GoTo
from policies.behaviour.steps.words import Decline, Tell, Wait
from policies.behaviour.unclear import Chosen, Unclear
from policies.language.program import Action, Program
from policies.language.replies import turned, with_article
from robot.messages import LockRequest

Steps = Leaf[Any]
UNABLE = frozenset({"manipulate", "device", "call", "hang_up", "mimic"})
NECKLESS = frozenset({"nod", "tilt", "bow"})


def able(step: Action) -> bool:
    """Whether this body can do anything about an action."""
    return step.name not in UNABLE and not (step.name == "gesture" and step.get("name") in NECKLESS)


class Planner:
    """Turns one program into steps."""

    def __init__(self, context: Context, chosen: Chosen) -> None:
        self._context = context
        self._chosen = chosen
        self._index = 0
        self._last: Spot | None = None  # where the program will have taken the robot

    def steps(self, program: Program) -> list[list[Steps]]:
        """Return the steps of each action.

        Raises:
            Unclear: something must be asked first.
        """
        found = []
        for self._index, step in enumerate(program):  # the index is what questions refer to
            found.append(self._steps(step))
        return found

    def _steps(self, step: Action) -> list[Steps]:
        context = self._context
        if not able(step):
            return [self._declined(step)]
        told = {"where_is", "remember", "set", "status", "help"}
        if step.name in told:
            return [Tell(step.name, context, lambda: answers.answer(context, step, "") or "")]
        build = getattr(self, f"_{step.name}", None)
        return build(step) if build is not None else []

    def _go_to(self, step: Action) -> list[Steps]:
        return [self._travel(self._spot(step, "place", "Where shall I go?"), str(step.get("manner") or ""))]

    def _follow(self, step: Action) -> list[Steps]:
        until = self._spot(step, "place", "") if step.get("place") else None
        target = str(step.get("target") or "me")
        if names.bare(target) in names.SPEAKER:
            return [Follow(self._context, "you", until)]
        spot = self._spot(step, "target", "", people=True)
        return [LockOn(spot, self._context), Follow(self._context, spot.label, until)]

    def _guide(self, step: Action) -> list[Steps]:
        spot = self._spot(step, "place", "Where shall I lead you?")
        target = str(step.get("target") or "me")
        self._last = spot
        guide = Guide(self._reachable(spot), self._context)
        if names.bare(target) in names.SPEAKER:
            return [guide]
        return [LockOn(self._spot(step, "target", "", people=True), self._context), guide]

    def _turn(self, step: Action) -> list[Steps]:
        direction, degrees = str(step.get("direction") or "left"), step.get("angle_deg")
        angle = TURNS[direction]
        if isinstance(degrees, float):
            angle = math.copysign(math.radians(degrees), angle)
        return [Turn(angle, self._context)]

    def _move(self, step: Action) -> list[Steps]:
        metres = step.get("distance_m")
        distance = float(metres) if isinstance(metres, (int, float)) else USUAL_MOVE_M
        return [Move(str(step.get("direction") or "forward"), distance, self._context)]

    def _look_at(self, step: Action) -> list[Steps]:
        return [LookAt(self._spot(step, "target", "What shall I look at?"), self._context)]

    def _find(self, step: Action) -> list[Steps]:
        target = str(step.get("target") or "")
        room = self._spot(step, "place", "").room if step.get("place") else ""
        said = names.bare(target)
        person = names.PEOPLE.search(said) is not None
        found = () if person else spots(target, replace(self._context.situation, people=()))
        if found and found[0].kind == "speaker":
            return [ComeTo(self._context)]
        if found:
            return [self._travel(self._one(found, "target", target))]
        if person or not _is_thing(target):
            who = with_article(turned(said)) if not person else "somebody"
            return [Find(self._context, who, (room,) if room else (), named=not person)]
        return [self._unseen(said)]

    def _inspect(self, step: Action) -> list[Steps]:
        question, target = str(step.get("question") or ""), str(step.get("target") or "")
        about = f"{target} {question}".strip()
        spot = self._spot(step, "place", "") if step.get("place") else self._named(about)
        people = names.PEOPLE.search(about) is not None
        if spot is None and people and self._last is None and not question.endswith(("here", "there")):
            return [Find(self._context, "somebody")]
        if spot is None and not people and self._last is None:
            spot = self._chosen.get((self._index, "place"))
            if spot is None:
                words = names.bare(target) or "that"
                raise Unclear(f"Where shall I look for {with_article(turned(words))}?", self._index, "place", words)
        travel = [] if spot is None or spot == self._last else [self._travel(spot)]
        at = self._last if spot is None else spot
        if people or at is None or (at.kind == "room" and not question):
            return [*travel, CountPeople(self._context, at.room if at else "")]
        return [*travel, LookAt(at, self._context, turned(question))]

    def _lock_on(self, step: Action) -> list[Steps]:
        target = str(step.get("target") or "me")
        if names.bare(target) in names.SPEAKER:
            return [LockOn(Spot("speaker", "you"), self._context)]
        return [LockOn(self._spot(step, "target", "", people=True), self._context)]

    def _unlock(self, step: Action) -> list[Steps]:
        context = self._context

        def release() -> str:
            context.requests.append(LockRequest(mode="release"))
            return "I'm no longer watching anybody."

        return [Tell("unlock", context, release)]

    def _gesture(self, step: Action) -> list[Steps]:
        return [Swing(str(step.get("name")), self._context)]

    def _patrol(self, step: Action) -> list[Steps]:
        places = step.get("places")
        words = places if isinstance(places, tuple) else ()
        rooms = [self._one(spots(place, self._context.situation), "places", place) for place in words]
        if not rooms:
            rooms = [spots(room.name, self._context.situation)[0] for room in self._context.ways.rooms]
        found: list[Steps] = []
        for spot in rooms:
            found += [self._travel(spot), CountPeople(self._context, spot.room)]
        return found

    def _say(self, step: Action) -> list[Steps]:
        text, target = str(step.get("text") or ""), str(step.get("target") or "")
        say = Tell("say it", self._context, lambda: text[:1].upper() + text[1:] + ".", "speech")
        if not target or names.bare(target) in names.SPEAKER | {"everyone", "everybody", "all"}:
            return [say]
        return [self._travel(self._spot(step, "target", "", people=True)), say]

    def _pause(self, step: Action) -> list[Steps]:
        return [Wait("wait", self._context)]

    def _declined(self, step: Action) -> Decline:
        if step.name == "manipulate":
            words = armless(step, "I can go there and look.")
        elif step.name in ("call", "hang_up", "device"):
            words = unconnected(step)
        else:
            words = "I have no neck, so I can't do that. I can shake or dance on the spot."
        return Decline(step.name, self._context, words)

    def _unseen(self, said: str) -> Decline:
        words = f"I can't recognise {with_article(turned(said))} by sight. Tell me where it is, and I'll remember."
        return Decline("find", self._context, words)

    def _travel(self, spot: Spot, manner: str = "") -> Steps:
        self._last = spot
        if spot.kind == "speaker":
            return ComeTo(self._context, manner)
        if spot.kind == "person":
            return ComeTo(self._context, manner, spot)
        return GoTo(self._reachable(spot), self._context, manner)

    def _reachable(self, spot: Spot) -> Spot:
        room = self._context.plan.room(spot.room)
        if room is not None and room not in self._context.ways.rooms:
            question = f"I can't get to {spot.label}: there is a step. Where shall I go instead?"
            raise Unclear(question, self._index, "place", spot.label)
        return spot

    def _named(self, words: str) -> Spot | None:
        """Return the place named in a question, in the room the program has come to where there is one like it."""
        now = self._context.situation
        if self._last is not None:
            now = replace(now, at=(self._last.x, self._last.y))
        return mentioned(words, now)

    def _spot(self, step: Action, slot: str, missing: str, people: bool = False) -> Spot:
        words = step.get(slot)
        if not isinstance(words, str):
            chosen = self._chosen.get((self._index, slot))
            if chosen is None:
                raise Unclear(missing or "Where is that?", self._index, slot, "")
            return chosen
        return self._one(spots(words, self._context.situation), slot, words, people)

    def _one(self, found: tuple[Spot, ...], slot: str, words: str, people: bool = False) -> Spot:
        chosen = self._chosen.get((self._index, slot))
        if chosen is not None:
            return chosen
        if len(found) == 1:
            return found[0]
        said = with_article(turned(names.bare(words)))
        if found:
            question = f"Which one: {', '.join(s.label for s in found[:-1])} or {found[-1].label}?"
            raise Unclear(question, self._index, slot, words, found)
        if people:
            question = f"I don't see {said}, or don't know who that is. Who do you mean, or where are they?"
        else:
            question = f"I don't know where {said} is. Which room do you mean?"
        raise Unclear(question, self._index, slot, words)


def _is_thing(target: str) -> bool:
    """Whether words mean a thing: they came with "my", "the" or an article that the slot lost, or are a plural."""
    first = target.split()[0] if target else ""
    return first in ("my", "your", "our", "his", "her", "their", "some", "any") or len(target.split()) > 1
