"""What a program must be by its words, where the network read them carelessly: two rules, each a fact of the language.

"Go to X and see whether Q" asks for two things, a drive and a look; and a drive to a place that was named has a place.
"""

from __future__ import annotations

import re

from policies.language.program import Action, Program, action

GOING = r"(?:go|head|drive|run|move|pop|come|get|roll|travel|walk|pass|hop|nip|swing|zoom|hurry|rush|return|proceed)"
LOOKING = r"(?:see|check|look|tell|find|report|count|inspect|make|let)"
WHITHER = r"(?:over |back |up |down |out |on )*(?:to|into|in|towards?|through|by|near|at)"
SPLIT = re.compile(rf"\b{GOING} {WHITHER} (?P<place>.+?) (?:and|then|to)(?: then| please)? {LOOKING}\b")
TOWARD = re.compile(rf"\b{GOING} (?:yourself |straight |right |quickly |slowly |carefully )*{WHITHER} (?P<place>.+)$")
TRAILING = re.compile(r"(?: (?:please|now|quickly|slowly|carefully|right now|again|robot|housemate))+$")
NEXT = re.compile(r"\b(?:and then|then|after that)\b")
DRIVE_ALONE = re.compile(
    rf"^(?:please |robot |housemate |can you |could you )*{GOING} {WHITHER} (?:the|my|our) (?P<place>\w+(?: \w*room)?)$"
)
BARE_PLACE = re.compile(r"^(?:to |into |over to )?(?:the|my|our) (?P<place>\w+(?: room| \w+room)?)(?: and\b.*)?$")
LONGEST_PLACE = 6  # words


def mended(words: tuple[str, ...], program: Program) -> Program:
    """Return the program with what its words make certain put right."""
    said = " ".join(words)
    steps: list[Action] = []
    for step in program:
        steps += _split(said, step)
    steps = _listed(said, steps)
    if len(steps) == 1 and steps[0].name == "go_to" and not steps[0].get("place"):
        found = TOWARD.search(said)
        place = TRAILING.sub("", found["place"]) if found else ""
        if place and len(place.split()) <= LONGEST_PLACE:
            return (action("go_to", dict(steps[0].slots) | {"place": place}),)
    return tuple(steps)


def _listed(said: str, steps: list[Action]) -> list[Action]:
    """Return the steps with the drives of a list put in that were lost: "go to the kitchen then the hall then stop"."""
    parts = [part.strip() for part in NEXT.split(said)]
    if len(parts) == 1 or all(step.name != "go_to" for step in steps):
        return steps
    for index, part in enumerate(parts):
        found = DRIVE_ALONE.match(part) or (BARE_PLACE.match(part) if index else None)
        values = [str(value) for step in steps for _, value in step.slots]
        if found and not any(found["place"] in value for value in values):
            before = " ".join(parts[:index])
            behind = [i for i, step in enumerate(steps) if step.get("place") and str(step.get("place")) in before]
            steps = [*steps]
            steps.insert(behind[-1] + 1 if behind else 0, action("go_to", {"place": found["place"]}))
    return steps


def _split(said: str, step: Action) -> tuple[Action, ...]:
    """Return an inspection that begins with a drive as both, else the step as it is."""
    found, place, question = SPLIT.search(said), step.get("place"), step.get("question")
    if step.name != "inspect" or not found or not question or not isinstance(place, str):
        return (step,)
    if place not in found["place"]:
        return (step,)
    rest = {slot: value for slot, value in step.slots if slot != "place"}
    return action("go_to", {"place": place}), action("inspect", rest)
