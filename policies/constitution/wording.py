"""What a sentence is worded like: its words, neighbours and beginnings of words, as places in a vector.

What the language model makes of a sentence says what it is about; "watch her from behind the plant" is told from "watch
the plant behind her" by which words stand beside which.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from policies.language.words import words_of

PLACES = 4096
LENGTH = 3.0  # of the vector; about that of what the language model's features come to
STEM = 4  # letters


def wording(text: str) -> NDArray[np.float32]:
    """Return (PLACES,) for a text: marks hashed to places (Weinberger et al., 2009), of length `LENGTH` or zero."""
    found = np.zeros(PLACES, np.float32)
    for mark in set(_marks(words_of(text))):
        found[zlib.crc32(mark.encode()) % PLACES] += 1.0
    total = float(found.sum())
    return found * np.float32(LENGTH / total**0.5) if total else found


def _marks(words: list[str]) -> Iterator[str]:
    """Yield each word, its beginning, each pair of neighbours and each pair with one word between them."""
    framed = ["<", *words, ">"]
    for word in words:
        yield word
        yield f"{word[:STEM]}-"
    for first, second in pairwise(framed):
        yield f"{first} {second}"
    for first, second in zip(framed, framed[2:], strict=False):
        yield f"{first} _ {second}"
