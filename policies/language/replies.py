"""What the robot says back at once: a short plain sentence for a program, honest about what it cannot do."""

from __future__ import annotations

from policies.language.grammar.patterns import load
from policies.language.labels import all_unknown
from policies.language.program import Action, Program

CAN = "I can follow you, guide someone, go places, find and check things, remember where things are, and call people"
NO_WORDS = "I did not hear any words."
NOT_FOR_ME = f"I don't think that was for me. {CAN}."
TOO_LONG = "That was too long for one request. Please give me a few steps at a time."
NO_ARMS = "I have no arms, so I cannot {verb} {thing}. I can go there, look, and tell you what I see"

PHRASES = {
    "follow": "follow {target}", "guide": "lead {target} to {place}", "stop": "stop", "go_to": "go to {place}",
    "turn": "turn {direction}", "move": "move {direction}", "look_at": "look at {target}", "find": "look for {target}",
    "inspect": "check {question}", "where_is": "tell you where {thing} is",
    "remember": "keep in mind: {thing}, {place}", "lock_on": "keep looking at {target}",
    "unlock": "stop watching {target}", "gesture": "{name}", "patrol": "patrol {places}",
    "set": "change my {parameter}",
    "call": "call {person}", "hang_up": "hang up", "say": "say {text}", "status": "tell you how I am",
    "help": "tell you what I can do", "cancel": "drop that", "pause": "wait", "resume": "carry on",
    "yes": "note your yes", "no": "note your no",
}  # fmt: skip
MISSING = {"target": "you", "place": "there", "direction": "", "places": "the home", "person": "them", "text": "that",
           "thing": "it", "question": "it", "name": "move"}  # fmt: skip
SECOND_PERSON = {"me": "you", "my": "your", "i": "you", "us": "you", "our": "your", "your": "my", "mine": "yours"}
PLACES = {"here": "come to you", "me": "come to you", "dock": "go to my dock"}
NOUNS = ("target", "place", "places", "thing", "person", "object", "device")  # slots that lost their article
BARE = frozenset({
    "me", "you", "him", "her", "them", "it", "us", "this", "that", "here", "there", "upstairs", "downstairs",
    "outside", "home", "up", "down", "my", "your", "his", "their", "our", "some", "someone", "somebody", "anyone",
    "everybody", "everyone", "both", "all", "on", "in", "under", "next", "at", "behind", "to", "where", "who",
    "what", "a", "the",
})  # fmt: skip
SHORT = {"stop": "Stopping.", "help": f"{CAN}.", "cancel": "All right, dropped.", "pause": "I'll wait.",
          "resume": "Carrying on.", "yes": "Yes, understood.", "no": "No, understood."}  # fmt: skip


def reply(program: Program, words: int, *, too_long: bool = False) -> str:
    """Return the reply to a program read from a text of `words` words."""
    if words == 0:
        return NO_WORDS
    if too_long:
        return TOO_LONG
    if all_unknown(program):
        return NOT_FOR_ME
    if len(program) == 1 and program[0].name in SHORT:
        return SHORT[program[0].name]
    able = [step for step in program if step.name not in ("manipulate", "unknown")]
    said = [f"I'll {', then '.join(_phrase(step) for step in able)}."] if able else []
    said += [f"{_declined(step)}." for step in program if step.name == "manipulate"]
    if any(step.name == "unknown" for step in program):
        said.append("One part I did not understand.")
    return " ".join(said)


def turned(text: str) -> str:
    """Return words with speaker and listener exchanged: "my keys" become "your keys"."""
    return " ".join(SECOND_PERSON.get(word, word) for word in text.split())


def with_article(text: str) -> str:
    """Return words with "the" in front where speech wants it: not before names, pronouns and the like."""
    first = text.split()[0].removesuffix("'s") if text else ""
    bare = not first or first in BARE or first in load().lists["NAME"] or first[0].isdigit() or len(text.split()[0]) < 2
    return text if bare else f"the {text}"


def _phrase(step: Action) -> str:
    if step.name == "go_to" and step.get("place") in PLACES:
        return PLACES[str(step.get("place"))]
    if step.name == "device":
        place = f" in {_value(step, 'place')}" if step.get("place") else ""
        return f"turn {'on' if step.get('on') else 'off'} {_value(step, 'device') or 'it'}{place}"
    if step.name == "mimic":
        return "copy your head" if step.get("on") else "stop copying you"
    if step.name == "inspect" and not step.get("question"):
        return f"check {_value(step, 'target') or _value(step, 'place') or 'around'}"
    slots = {slot: _value(step, slot) or missing for slot, missing in MISSING.items()}
    slots["parameter"] = str(step.get("parameter"))
    return PHRASES[step.name].format(**slots).strip()


def _declined(step: Action) -> str:
    verb = str(step.get("verb"))
    return NO_ARMS.format(verb="do that with" if verb == "other" else verb, thing=_value(step, "object") or "it")


def _value(step: Action, slot: str) -> str:
    value = step.get(slot)
    if isinstance(value, tuple):
        return " and ".join(with_article(turned(part)) for part in value)
    if not isinstance(value, str):
        return ""
    return with_article(turned(value)) if slot in NOUNS else turned(value)
