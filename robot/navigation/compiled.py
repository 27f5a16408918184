"""The decorator of all kernels: numba's `njit` with its cache, which also notices changes in kernels that are called.

Numba's cache looks only at the file a function stands in. A kernel here calls kernels of other files, so the stamp it
is cached under also holds the contents of all kernel files of this package, and of those it shares with others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Return `function` compiled to machine code on its first call, or loaded as compiled before."""
    dispatcher = njit(cache=True, error_model="numpy")(function)
    index = dispatcher._cache._cache_file
    index._source_stamp = (*index._source_stamp, _kernels_digest())
    return cast(F, dispatcher)


@cache
def _kernels_digest() -> str:
    here = Path(__file__).parent
    files = [*sorted(here.glob("*_kernels.py")), *(here.parent / name for name in ("footprint.py", "near_people.py"))]
    return blake2b(b"\0".join(file.read_bytes() for file in files), digest_size=16).hexdigest()
