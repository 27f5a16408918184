"""What the model's outputs mean: one label per word for its action, its place in the program, and its slot.

A slot whose value is not copied from the words (left, on, nod) is part of the action's label: `turn direction=left`.
So every reading of the outputs is a valid program, and the model has nothing to spell.
"""

from __future__ import annotations

from policies.language.program import CHOICES, SLOTS, Action, Program, Value, action, read

DROPPED, BEGIN, INSIDE = 0, 1, 2  # a word taken back ("no wait"), the first word of an action, a further one

SPANS = (
    "target", "place", "manner", "angle_deg", "distance_m", "question", "thing", "person", "value", "device", "text",
    "object", "destination", "source", "places",
)  # fmt: skip
TAGS = ("O", *(f"{mark}-{slot}" for slot in SPANS for mark in "BI"))
# Values said by the verb: "come here", "come back", "go home", "this is the kitchen".
FIXED = ("go_to place=here", "go_to place=me", "go_to place=dock", "remember place=here")


def _action_labels() -> tuple[str, ...]:
    labels = []
    for name, slots in SLOTS.items():
        chosen = [slot for slot in slots if (name, slot) in CHOICES]
        flags = [slot for slot, kind in slots.items() if kind == "flag"]
        labels += [f"{name} {slot}={choice}" for slot in chosen for choice in CHOICES[name, slot]]
        labels += [f"{name} {slot}={flag}" for slot in flags for flag in ("true", "false")]
        if name in ("turn", "set", "manipulate") or not (chosen or flags):
            labels.append(name)
    return (*(label for label in labels if label not in ("set", "manipulate")), *FIXED)


ACTIONS = _action_labels()
LABELLED: tuple[Action, ...] = tuple(read(label)[0] for label in ACTIONS)


def allowed(label: int) -> frozenset[str]:
    """Return the slots that may be copied from the words for an action label."""
    step = LABELLED[label]
    return frozenset(SLOTS[step.name]) - {slot for slot, _ in step.slots}


def label_of(step: Action) -> int:
    """Return the action label of `step`: the one that says most of its slots."""
    fitting = [i for i, known in enumerate(LABELLED) if known.name == step.name and set(known.slots) <= set(step.slots)]
    return max(fitting, key=lambda i: len(LABELLED[i].slots))


def complete(label: int, copied: dict[str, Value]) -> Action:
    """Return the action of a label with the slots copied from the words."""
    step = LABELLED[label]
    return action(step.name, copied | dict(step.slots))


def all_unknown(program: Program) -> bool:
    """Return whether nothing in a program is for the robot."""
    return all(step.name == "unknown" for step in program)
