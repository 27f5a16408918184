"""What the display answers at once: where people are, what it is doing, what it can do, what it was told of things."""

from __future__ import annotations

import math

from policies.behaviour import names
from policies.display import grounding, words
from policies.display.context import DisplayContext
from policies.display.view import Somebody
from policies.language.program import Action
from policies.language.replies import turned, with_article

AHEAD = math.radians(8.0)


def answer(context: DisplayContext, step: Action, doing: str) -> str:
    """Return what to say to one of the actions that need no motion."""
    if step.name == "where_is":
        return where_is(context, str(step.get("thing") or ""))
    if step.name == "remember":
        return remember(context, str(step.get("thing") or ""), str(step.get("place") or ""))
    if step.name == "status":
        return status(context, doing)
    return f"{words.CAN}." if step.name == "help" else words.declined(step)


def where_is(context: DisplayContext, thing: str) -> str:
    """Return where somebody is, seen from the display, or what was told of a thing."""
    said = names.bare(thing)
    if said in context.told:
        return f"You told me: {with_article(turned(said))}, {turned(context.told[said])}."
    known = context.view.known
    if not grounding.is_person(thing) and names.PEOPLE.search(said) is None:
        return f"I don't know where {with_article(turned(said))} is. You can tell me, and I'll remember."
    if not known:
        return "I don't see anybody."
    if "watch" in thing or "looking at" in thing or "focus" in thing:
        found: tuple[Somebody, ...] = tuple(p for p in known if p.id == context.view.locked_id)
    elif said in ("everybody", "everyone", "people", "they", "all"):
        found = known
    else:
        found = grounding.meant(thing, known, context.me, context.view.locked_id)
    return " ".join(_place(person, context) for person in found) or "I'm not watching anybody."


def remember(context: DisplayContext, thing: str, place: str) -> str:
    """Keep the place of a thing in mind."""
    said = names.bare(thing)
    if not said:
        return "What shall I remember?"
    context.told[said] = place or "here"
    return f"I'll remember: {with_article(turned(said))}, {turned(context.told[said])}."


def status(context: DisplayContext, doing: str) -> str:
    """Return whom the display watches and what it is at."""
    wish, view = context.wish, context.view
    person = view.person(view.locked_id)
    if wish.look == "still":
        return f"I'm standing still. {doing}".strip()
    if person is None:
        return f"I'm watching nobody. {doing}".strip()
    who = "you" if person.id == context.me else grounding.label(person, view.known)
    if wish.look == "direction":
        return f"I'm looking elsewhere, with {who} in mind. {doing}".strip()
    copying = f", and copying {'your' if who == 'you' else 'their'} head" if wish.mimic else ""
    return f"I'm watching {who}{copying}. {doing}".strip()


def _place(person: Somebody, context: DisplayContext) -> str:
    """Return where one person is: against where the camera looks now."""
    aside = math.remainder(person.azimuth - context.view.pointing.azimuth, 2.0 * math.pi)
    who = "You are" if person.id == context.me else f"{grounding.label(person, context.view.known)} is"
    side = f"{abs(math.degrees(aside)):.0f} degrees to my {'left' if aside > 0.0 else 'right'}"
    where = "straight before me" if abs(aside) < AHEAD else side
    return f"{who[0].upper()}{who[1:]} {where}, {person.distance_m:.1f} metres away."
