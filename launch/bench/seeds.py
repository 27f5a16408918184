"""The seeds that a bench's options ask for, or one line on what is wrong with them, before anything runs."""

from __future__ import annotations

from launch.errors import CallError

MOST, LAST = 100_000, 2**31 - 1


def seed_range(seeds: int, first_seed: int) -> range:
    """Return `seeds` seeds from `first_seed` on. Raises CallError for a number that cannot be."""
    if not 1 <= seeds <= MOST:
        raise CallError(f"--seeds {seeds}: must be at least 1 and at most {MOST}")
    if not 0 <= first_seed <= LAST - MOST:
        raise CallError(f"--first-seed {first_seed}: must be at least 0 and at most {LAST - MOST}")
    return range(first_seed, first_seed + seeds)
