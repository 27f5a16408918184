"""A step of the rover."""

from __future__ import annotations

from policies.behaviour.context import Context
from policies.behaviour.steps.leaf import RATE_HZ, Leaf, Outcome

__all__ = ["RATE_HZ", "Outcome", "Step"]


class Step(Leaf[Context]):
    """Base of the rover's steps."""
