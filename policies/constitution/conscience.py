"""A small network on top of the language model: which principle a sentence goes against, where no pattern knows it.

It reads what the encoder makes of the words (mean, largest and smallest of each feature over the sentence) and how they
are put (`wording.py`), so what nobody wrote a pattern for is judged by what it resembles. Made by
`tools/language/conscience.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policies.constitution.wording import wording

WEIGHTS = Path(__file__).parent / "conscience.npz"
ALLOWED = "pass"
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """One of several networks whose answers are averaged: (D, H), (H,), (H, C), (C,)."""

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def logits(self, features: Floats) -> Floats:
        """Return (N, C) for (N, D)."""
        hidden = np.maximum(features @ self.inner + self.inner_bias, 0.0)
        result: Floats = hidden @ self.outer + self.outer_bias
        return result


@dataclass(frozen=True)
class Conscience:
    """The networks, mean and scale (E,) of the encoder's features, and two shares of doubt.

    From `refuse_above` on a sentence is refused; below `sure_below` it passes even where a pattern knows its wording.
    """

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    layers: tuple[Layer, ...]
    refuse_above: float
    sure_below: float

    def shares(self, features: Floats) -> Floats:
        """Return (N, C): how likely each principle, and "pass", is for `features` (N, D) as `read` returns them."""
        logits = np.mean([layer.logits(features) for layer in self.layers], axis=0)
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
        return shares

    def read(self, deep: Floats, texts: Sequence[str]) -> Floats:
        """Return (N, D): what the encoder makes of sentences, (N, E), scaled, beside how they are worded."""
        scaled = ((deep - self.mean) / self.scale).astype(np.float32)
        return np.hstack((scaled, np.array([wording(text) for text in texts])))

    def doubts(self, deep: Floats, text: str) -> tuple[float, str]:
        """Return how sure it is, 0 to 1, that one sentence may not pass, and which principle it goes against most.

        Args:
            deep: (E,)
        """
        shares = self.shares(self.read(deep[None], [text]))[0]
        allowed = self.names.index(ALLOWED)
        most = int(np.argmax(np.where(np.arange(len(shares)) == allowed, -1.0, shares)))
        return 1.0 - float(shares[allowed]), self.names[most]


def pooled(hidden: Floats) -> Floats:
    """Return what a sentence's word vectors (W, F) come to: mean, largest and smallest of each feature (3 F,)."""
    words = hidden[1:-1] if len(hidden) > 2 else hidden  # without the two marks
    features: Floats = np.concatenate((words.mean(axis=0), words.max(axis=0), words.min(axis=0))).astype(np.float32)
    return features


@lru_cache(maxsize=1)
def conscience() -> Conscience:
    """Return the committed one."""
    with np.load(WEIGHTS) as found:
        count = sum(name.startswith("inner_bias") for name in found.files)
        parts = [
            tuple(found[f"{part}{i}"].astype(np.float32) for part in ("inner", "inner_bias", "outer", "outer_bias"))
            for i in range(count)
        ]
        return Conscience(
            names=tuple(str(name) for name in found["names"]),
            mean=found["mean"].astype(np.float32),
            scale=found["scale"].astype(np.float32),
            layers=tuple(Layer(*part) for part in parts),
            refuse_above=float(found["refuse_above"]),
            sure_below=float(found["sure_below"]),
        )
