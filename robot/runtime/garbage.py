"""Python's search for cycles, out of the way of a run: modules and compiled kernels are half a million objects that
never become garbage, and a run makes cycles hardly ever."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 20_000  # between two looks at what is new (Python's default is 700)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Leave what exists now alone and look at new objects more rarely, until the end of the block."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
