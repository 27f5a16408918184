"""What someone looks like, as numbers: colours of clothes, skin and hair per band of height above the floor.

A person's knees, hips, chest and head stay at their heights whatever side is seen, so one soft colour histogram per
band of height tells people apart from the front and from the back. Hue counts where there is colour, lightness only
where there is none, so brighter or dimmer light moves little. A band that is out of view is left empty, and two
descriptors are compared over the bands both have.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

BAND_EDGES_M = (0.12, 0.5, 0.85, 1.25, 1.95)  # shins, thighs, trunk, shoulders and head of an adult
BANDS = len(BAND_EDGES_M) - 1
HUE_BINS = 10
GREY_BINS = 6
BINS = HUE_BINS + GREY_BINS
SIZE = BANDS * BINS  # 64
MIN_BAND_PIXELS = 12  # fewer say more of the border than of the clothes
MIN_SHARED = 0.15  # least common weight of two descriptors that can be compared
UNKNOWN_SIMILARITY = 0.5
_COLOURFUL = (0.10, 0.30)  # chroma (max - min of RGB, 0 to 1, relative to a quarter-bright floor) from grey to hue

FloatArray = NDArray[np.float32]


def describe(rgb: NDArray[np.uint8], heights_m: NDArray[np.float32]) -> FloatArray:
    """Return the appearance of one person from their pixels.

    Args:
        rgb: (N, 3) colours of the pixels that show the person.
        heights_m: (N,) height of each above the floor.

    Returns:
        (SIZE,) float32 of unit length, band after band; all zero when no band has enough pixels.
    """
    histograms = np.zeros((BANDS, BINS))
    if len(rgb):
        bins, weights = _soft_bins(rgb)
        band = np.digitize(heights_m, BAND_EDGES_M) - 1
        for i in range(BANDS):
            inside = band == i
            count = int(np.count_nonzero(inside))
            if count >= MIN_BAND_PIXELS:
                histogram = np.bincount(bins[inside].ravel(), weights=weights[inside].ravel(), minlength=BINS)
                histograms[i] = np.sqrt(histogram / count)  # Hellinger: the dot product is then a true overlap
    length = float(np.linalg.norm(histograms))
    return (histograms / length if length > 0 else histograms).ravel().astype(np.float32)


def similarity(a: FloatArray, b: FloatArray) -> float:
    """Return how alike two descriptors are, 0 to 1, over the bands that both have; 0.5 when they share too little."""
    overlap, total = _overlap(a, b)
    return overlap / total if total > MIN_SHARED else UNKNOWN_SIMILARITY


def bands_shown(look: FloatArray) -> int:
    """Return how many bands of height a descriptor tells of."""
    return int(np.count_nonzero(look.reshape(BANDS, BINS).any(axis=1)))


@njit(cache=True)
def _overlap(a: FloatArray, b: FloatArray) -> tuple[float, float]:
    """Return the dot product of two descriptors, and what it would be at most: the bands' lengths multiplied."""
    overlap, most = 0.0, 0.0
    for band in range(BANDS):
        dot, aa, bb = 0.0, 0.0, 0.0
        for i in range(band * BINS, (band + 1) * BINS):
            x, y = float(a[i]), float(b[i])
            dot += x * y
            aa += x * x
            bb += y * y
        overlap += dot
        most += math.sqrt(aa) * math.sqrt(bb)
    return overlap, most


def _soft_bins(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return (N, 4) bins and their weights: two neighbouring hues and two neighbouring greys per pixel."""
    hls = cv2.cvtColor(rgb.reshape(1, -1, 3), cv2.COLOR_RGB2HLS).reshape(-1, 3).astype(np.float64)
    low, high = rgb.min(axis=1).astype(np.float64) / 255.0, rgb.max(axis=1).astype(np.float64) / 255.0
    chroma = (high - low) / np.maximum(high, 0.25)
    colourful = np.clip((chroma - _COLOURFUL[0]) / (_COLOURFUL[1] - _COLOURFUL[0]), 0.0, 1.0)
    hue = hls[:, 0] / 180.0 * HUE_BINS
    grey = np.sqrt(high) * (GREY_BINS - 1)
    hue_low, grey_low = np.floor(hue), np.minimum(np.floor(grey), GREY_BINS - 2)
    hue_part, grey_part = hue - hue_low, grey - grey_low
    bins = np.stack(
        [hue_low % HUE_BINS, (hue_low + 1) % HUE_BINS, HUE_BINS + grey_low, HUE_BINS + grey_low + 1], axis=1
    )
    weights = np.stack(
        [
            colourful * (1.0 - hue_part),
            colourful * hue_part,
            (1.0 - colourful) * (1.0 - grey_part),
            (1.0 - colourful) * grey_part,
        ],
        axis=1,
    )
    return bins.astype(np.int64), weights
