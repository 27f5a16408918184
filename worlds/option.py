"""One field of a home file: its default together with unit, range and meaning, so that loader and manual agree."""

from __future__ import annotations

import math
from dataclasses import MISSING, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Spec:
    """What the loader checks and the manual prints about one field.

    Attributes:
        doc: meaning, with frame and sign where it has one.
        unit: of the number, empty for none.
        low, high: inclusive range of every number in the field.
        choices: allowed words; empty means any.
        is_color: the word is a palette name or #rrggbb.
    """

    doc: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    is_color: bool = False


def option(doc: str, default: Any = MISSING, **limits: Any) -> Any:
    """A dataclass field carrying its `Spec`; without a default it is required in the file."""
    return field(default=default, metadata={"spec": Spec(doc, **limits)})
