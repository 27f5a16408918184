"""What a display is told more shortly than a rover, and what it says that it can and cannot do."""

from __future__ import annotations

import re

from policies.behaviour import names
from policies.behaviour.declining import armless, unconnected
from policies.display import grounding
from policies.language.program import Action, Program, action
from policies.language.replies import CAN as ROVER_CAN
from policies.language.replies import turned, with_article

CAN = (
    "I can look at you or at somebody else, look or turn left, right, up and down, copy your head, nod, shake, tilt, "
    "bow, dance, and tell you who is here"
)
DIRECTIONS = {
    "left": "left", "right": "right", "up": "up", "upwards": "up", "down": "down", "downwards": "down",
    "ahead": "ahead", "straight ahead": "ahead", "straight": "ahead", "forward": "ahead", "forwards": "ahead",
    "front": "ahead", "in front": "ahead", "straight forward": "ahead", "up there": "up", "down there": "down",
}  # fmt: skip
LOOKING = re.compile(
    r"^(?:please |just |can you |could you |now |and |then |robot |housemate )*"
    r"(?:look|gaze|glance|face|point yourself|turn your (?:head|face|camera))"
    r"(?: a (?:little|bit)(?: more)?| slightly| further| more)?(?: over)?(?: (?:to|toward|towards))?(?: (?:the|your))?"
    r" (?P<where>[a-z ]+?)(?: side)?(?: please| now| again)*$"
)
WHEELLESS = frozenset({"go_to", "move", "patrol", "guide", "follow"})
ABLE = frozenset({
    "lock_on", "unlock", "mimic", "gesture", "look_at", "turn", "say", "pause", "where_is", "status", "help",
    "find", "inspect", "remember",
})  # fmt: skip


def direction(words: str) -> str:
    """Return the direction that a target is: left, right, up, down or ahead; empty where it is none."""
    plain = " ".join(re.findall(r"[a-z]+", words.lower()))
    if plain in ("my left", "my right"):  # who faces the display has their left at its right
        return "right" if plain.endswith("left") else "left"
    return DIRECTIONS.get(names.bare(plain).removeprefix("bit to ").removeprefix("the "), "")


def reread(text: str, program: Program) -> Program:
    """Return a program as a display means it: one that looks somewhere, or lets go of somebody."""
    if len(program) != 1:
        return program
    step = program[0]
    found = LOOKING.match(" ".join(re.findall(r"[a-z']+", text.lower())))
    where = direction(found["where"]) if found else ""
    if where and step.name in ("unknown", "look_at", "move", "turn"):
        return (action("look_at", {"target": where}),)
    target = str(step.get("target") or step.get("object") or "")
    if step.name == "manipulate" and step.get("verb") == "release" and grounding.is_person(target):
        return (action("unlock", {"target": target}),)
    return program


def own(text: str) -> str:
    """Return a reply of the language node with what this body can do."""
    return text.replace(ROVER_CAN, CAN)


def declined(step: Action) -> str:
    """Return what is said to an action that no display can carry out."""
    if step.name == "manipulate":
        return armless(step, "I can only look at people.")
    if step.name in ("call", "hang_up", "device"):
        return unconnected(step)
    if step.name == "set":
        return f"I can't change my {step.get('parameter')}."
    if step.name == "follow":
        whom = with_article(turned(str(step.get("target") or "me")))
        return f"I have no wheels, so I can't follow {whom}. I can keep looking at {whom} and turn along."
    return "I have no wheels, so I stay where I am. I can turn on the spot and look around."


def unseeable(words: str) -> str:
    """Return what is said to a thing that is to be looked at, found or judged."""
    thing = with_article(turned(names.bare(words))) if words else "that"
    return f"I can't tell {thing} by sight: I know faces only. I can look left, right, up or down."
