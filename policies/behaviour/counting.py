"""How many people were seen, in words."""

from __future__ import annotations

from policies.behaviour.grounding import spoken

COUNTS = ("nobody", "one person", "two people", "three people", "four people", "five people")


def counted(count: int) -> str:
    """Return "two people"."""
    return COUNTS[count] if count < len(COUNTS) else f"{count} people"


def count_told(count: int, room: str) -> str:
    """Return "I saw two people in the kitchen."."""
    return f"I saw {counted(count)} in the {spoken(room)}." if room else f"I saw {counted(count)} here."
