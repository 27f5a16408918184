"""What is answered at once, without a step of the base: where things are, what to keep in mind, settings, how it is."""

from __future__ import annotations

from dataclasses import replace

from policies.behaviour import names
from policies.behaviour.context import Context
from policies.behaviour.grounding import Spot, room_spot, spoken, spots
from policies.language.numbers import metres
from policies.language.program import Action
from policies.language.replies import CAN, turned, with_article

NEAREST_M, FARTHEST_M, STEP_M = 1.2, 2.0, 0.3
SLOWEST, FASTEST, SPEED_STEP = 0.5, 1.25, 1.25
MORE = ("further", "farther", "more", "back", "away", "bigger", "larger", "up", "faster", "louder", "higher", "quicker")
LESS = (
    "closer",
    "nearer",
    "less",
    "smaller",
    "down",
    "slower",
    "quieter",
    "lower",
    "softer",
    "tighter",
    "slow",
    "near",
)


def where_is(context: Context, thing: str) -> str:
    """Return where something is, as far as the robot knows."""
    said = names.bare(thing)
    if said in names.SPEAKER or said == "i":
        return "You are with me." if context.scene.speaker_age_s < 3.0 else "I don't see you now."
    if said in context.told_words:
        return f"You told me: {with_article(turned(said))}, {turned(context.told_words[said])}."
    found = [spot for spot in spots(thing, context.situation) if spot.kind in ("room", "thing", "dock", "person")]
    places = " and ".join(f"in the {spoken(spot.room)}" for spot in found if spot.room)
    if found and found[0].kind == "room":
        here = context.room
        return "We are in it." if here and here.name == found[0].room else f"I know the way to {found[0].label}."
    if places:
        return f"{with_article(turned(said)).capitalize()}: {places}."
    return f"I don't know where {with_article(turned(said))} is. You can tell me, and I'll remember."


def remember(context: Context, thing: str, place: str) -> str:
    """Keep a thing and its place in mind; return what to say."""
    said, here = names.bare(thing), context.room
    if not said:
        return "What shall I remember?"
    context.told_words.pop(said, None)
    if place in ("", "here", "this place", "this room") and here is not None:
        if said.endswith("room") or spots(said, replace(context.situation, told={}))[:1] == (room_spot(here),):
            context.told[said] = room_spot(here, f"the {said}")
        else:
            robot = context.scene.robot
            context.told[said] = Spot("point", with_article(turned(said)), robot.x, robot.y, here.name)
        return f"I'll remember: this is {with_article(turned(said))}."
    context.told_words[said] = place
    found = spots(place, context.situation)
    if found:
        context.told[said] = replace(found[0], label=with_article(turned(said)))
    return f"I'll remember: {with_article(turned(said))}, {turned(place)}."


def set_parameter(context: Context, parameter: str, value: str) -> str:
    """Change a setting; return what to say."""
    words = set(value.split())
    direction = 1 if words & set(MORE) else -1 if words & set(LESS) else 0
    if parameter == "distance":
        return _set_distance(context, value, direction)
    if parameter == "speed":
        factor = SPEED_STEP if direction > 0 else 1.0 / SPEED_STEP if direction < 0 else None
        wanted = context.settings.speed * factor if factor else 1.0
        context.settings.speed = min(FASTEST, max(SLOWEST, wanted))
        context.follow_anew = True
        return f"My speed is now {100 * context.settings.speed:.0f} per cent of the usual."
    if parameter == "volume" and direction:
        context.settings.volume = min(1.0, max(0.1, context.settings.volume + 0.2 * direction))
        return f"My volume is now {100 * context.settings.volume:.0f} per cent."
    return f"I can change my distance, speed and volume, but not my {parameter}."


def status(context: Context, doing: str) -> str:
    """Return where the robot is and what it is at."""
    room = context.room
    where = f"I'm in the {spoken(room.name)}" if room else "I'm not sure where I am"
    return f"{where}. {doing}"


def help_text() -> str:
    """Return what the robot can do."""
    return f"{CAN}."


def answer(context: Context, step: Action, doing: str) -> str | None:
    """Return the answer to an action that needs no motion; None where it needs one."""
    if step.name == "where_is":
        return where_is(context, str(step.get("thing") or ""))
    if step.name == "remember":
        return remember(context, str(step.get("thing") or ""), str(step.get("place") or ""))
    if step.name == "set":
        return set_parameter(context, str(step.get("parameter") or "other"), str(step.get("value") or ""))
    if step.name == "status":
        return status(context, doing)
    return help_text() if step.name == "help" else None


def _set_distance(context: Context, value: str, direction: int) -> str:
    exact = None if direction else metres(value)
    wanted = exact if exact is not None else context.settings.distance_m + STEP_M * direction
    context.settings.distance_m = min(FARTHEST_M, max(NEAREST_M, wanted))
    context.follow_anew = True
    limit = "" if wanted == context.settings.distance_m else ", which is as far as I may"
    return f"I'll stay {context.settings.distance_m:.1f} metres from you{limit}."
