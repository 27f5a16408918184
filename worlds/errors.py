"""What goes wrong with a home file, said in one line to the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class WorldError(ValueError):
    """One line: `file:line: what is wrong, and what would be right`."""


def nearest(wrong: str, valid: Iterable[str], listing: str) -> str:
    """A bracketed hint: the nearest valid name, or else all of them introduced by `listing`."""
    names = sorted(valid)
    close = get_close_matches(wrong, names, n=1, cutoff=0.6)
    if close:
        return f"(did you mean '{close[0]}'?)"
    return f"({listing}: {', '.join(names)})" if names else f"({listing}: none)"
