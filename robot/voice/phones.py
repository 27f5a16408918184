"""The network of hearing: from loudness to the chance of each sound of English, every 30 ms. Plain numpy.

Nine frames, every third, become a row; eight residual blocks look one to three rows to either side, so that half a
second before and after a sound decides about it. Trained by `python -m tools.hearing.train`; see `hearing.md`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from robot.voice.features import BANDS, Floats, loudness
from robot.voice.pronouncing import PHONES
from robot.voice.recording import Samples

WEIGHTS = Path(__file__).parent / "hearing.npz"
NONE = len(PHONES)  # the column of no sound
SPLICED, STRIDE = 9, 3  # frames of a row, and from one row to the next
ROW_S = 0.03
DILATIONS = (1, 1, 2, 2, 3, 3, 3, 3)


class Phones:
    """The network with its weights; about a million of them."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        with np.load(weights) as stored:
            self._weights = {name: stored[name].astype(np.float32) for name in stored.files}

    def log_chances(self, samples: Samples) -> Floats:
        """Return (rows, 40) log chances of each of `PHONES` and, last, of none; 30 ms a row."""
        x = spliced(loudness(samples.astype(np.float32) / np.float32(32768.0)))
        if not len(x):
            return np.zeros((0, NONE + 1), np.float32)
        w = self._weights
        x = np.maximum(x @ w["in"] + w["in.bias"], 0.0)
        for i, far in enumerate(DILATIONS):
            y = _level(x)
            edge = np.zeros((far, y.shape[1]), np.float32)
            before, after = np.concatenate((edge, y))[: len(y)], np.concatenate((y, edge))[far:]
            y = np.concatenate((before, y, after), axis=1) @ w[f"block{i}"] + w[f"block{i}.bias"]
            x = x + np.maximum(y, 0.0)
        y = _level(x) @ w["out"] + w["out.bias"]
        y -= y.max(axis=1, keepdims=True)
        result: Floats = y - np.log(np.exp(y).sum(axis=1, keepdims=True))
        return result


def spliced(bands: Floats) -> Floats:
    """Return (rows, 360): frame 3 i with the four before and the four after it; the ends are repeated."""
    if not len(bands):
        return np.zeros((0, SPLICED * BANDS), np.float32)
    padded = np.pad(bands, ((SPLICED // 2, SPLICED // 2), (0, 0)), mode="edge")
    rows = np.arange(0, len(bands), STRIDE)[:, None] + np.arange(SPLICED)
    result: Floats = padded[rows].reshape(len(rows), -1)
    return result


def _level(x: Floats) -> Floats:
    centred = x - x.mean(axis=1, keepdims=True)
    result: Floats = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(1e-5))
    return result
