"""A call that was wrong: one line that names what, where and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

Name = TypeVar("Name", bound=str)


class CallError(ValueError):
    """Exit 2: nothing was started, nothing lost, nothing moved."""


def unknown(kind: str, given: str, known: Iterable[str]) -> CallError:
    """Return the error for a name that is not among `known`, with the nearest one or all of them."""
    names = sorted(known)
    near = get_close_matches(given, names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there is: {', '.join(names)}"
    return CallError(f"unknown {kind} '{given}' ({hint})")


def one_of(option: str, given: str, known: Iterable[Name]) -> Name:
    """Return the one of `known` that `given` names. Raises CallError naming the option."""
    names = tuple(known)
    for name in names:
        if name == given:
            return name
    raise unknown(f"value of {option}:", given, names)
