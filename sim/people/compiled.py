"""Compile a function of plain numbers, arrays and named tuples with numba, keeping its type for the checker.

The cached machine code is renewed when its own source file changes, not when a callee elsewhere does: so a compiled
function here calls only compiled functions of its own file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Return `function` compiled on first use; the machine code is cached beside the source file."""
    return cast(F, njit(cache=True)(function))
