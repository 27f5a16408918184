"""Who somebody is: the looks and the height of one person, and how strongly a sighting speaks for being them.

Each band of height keeps its own few looks, so shirt and trousers are judged apart and a look that shows only legs
proves no more than legs can. Evidence is the logarithm of a likelihood ratio, this person against a stranger; measured
on sightings of eight people in six homes, that of one band is close to linear in the Hellinger distance of its colours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from robot.bounds import AtLeastZero, Count, Positive, Share
from robot.perception.appearance import BANDS, BINS, UNKNOWN_SIMILARITY, bands_shown

Looks = NDArray[np.float32]
Vector = NDArray[np.float64]
UNSEEN = -1.0  # similarity of a band that is not in view, or not known


@dataclass(frozen=True)
class GalleryConfig:
    """How many looks are kept of each band and when one is new."""

    size: Count = 6
    new_below: Share = 0.90  # a look less alike than this to all kept ones is kept as a new one
    blend: Share = 0.05  # share of the newest look blended into the one it resembles


class Gallery:
    """Several looks of one person, band by band: front, back, near, far."""

    def __init__(self, config: GalleryConfig) -> None:
        self._config = config
        self._looks: Looks = np.zeros((BANDS, config.size, BINS), dtype=np.float32)
        self._uses = np.zeros((BANDS, config.size), dtype=np.int64)  # 0: an empty place

    @property
    def empty(self) -> bool:
        """Whether nothing is known."""
        return not self._uses.any()

    def bands(self, look: Looks) -> Vector:
        """Return (BANDS,) similarity of each band to the most alike look kept, 0 to 1; UNSEEN where one is missing."""
        best: Vector = _best(self._looks, self._uses, look.reshape(BANDS, BINS))[0]
        return best

    def similarity(self, look: Looks) -> float:
        """Return the mean likeness over the bands both have, 0 to 1; 0.5 when they share none."""
        best = self.bands(look)
        shared = best[best >= 0.0]
        return float(shared.mean()) if len(shared) else UNKNOWN_SIMILARITY

    def learn(self, look: Looks) -> None:
        """Keep each band's look if it is a new one (in place of the least used when full), else refine the nearest."""
        bands = look.reshape(BANDS, BINS)
        best, where = _best(self._looks, self._uses, bands)
        for band in np.flatnonzero(bands.any(axis=1)).tolist():
            new = bands[band] / np.linalg.norm(bands[band])
            if best[band] >= self._config.new_below:
                place = int(where[band])
                mixed = (1.0 - self._config.blend) * self._looks[band, place] + self._config.blend * new
                self._looks[band, place] = mixed / np.linalg.norm(mixed)
                self._uses[band, place] += 1
            else:
                place = int(np.argmin(self._uses[band]))
                self._looks[band, place], self._uses[band, place] = new, 1


@njit(cache=True)
def _best(kept: Looks, uses: NDArray[np.int64], bands: Looks) -> tuple[Vector, NDArray[np.int64]]:
    """Return for each band the similarity to the most alike look kept (UNSEEN if there is none) and its place."""
    best, where = np.full(bands.shape[0], UNSEEN), np.zeros(bands.shape[0], np.int64)
    for band in range(bands.shape[0]):
        length = 0.0
        for i in range(bands.shape[1]):
            length += float(bands[band, i]) ** 2
        if length <= 0.0:
            continue
        for place in range(kept.shape[1]):
            if uses[band, place] == 0:
                continue
            dot = 0.0
            for i in range(bands.shape[1]):
                dot += float(kept[band, place, i]) * float(bands[band, i])
            alike = min(max(dot / math.sqrt(length), 0.0), 1.0)
            if alike > best[band]:
                best[band], where[band] = alike, place
    return best, where


@dataclass(frozen=True)
class IdentityConfig:
    """How much looks and height say; logarithms of likelihood ratios."""

    slope: Positive = 14.0  # of a band's evidence, per unit of Hellinger distance
    even: AtLeastZero = 0.46  # the distance at which a band speaks neither for nor against
    band_least: float = -4.0  # shadows and furniture get into a band
    band_weight: AtLeastZero = 0.5  # the bands of one sighting are not independent
    height_std_m: Positive = 0.08
    height_most: AtLeastZero = 1.1  # of a height that agrees: strangers' heights vary three times as much
    height_least: float = -3.0  # a raised arm, a table before the legs
    most: AtLeastZero = 8.0
    gallery: GalleryConfig = field(default_factory=GalleryConfig)


class Portrait:
    """What is known of one person."""

    def __init__(self, config: IdentityConfig) -> None:
        self._config = config
        self.gallery = Gallery(config.gallery)
        self._heights: list[float] = []

    def evidence(self, look: Looks, height_m: float) -> float:
        """Return how strongly a sighting speaks for this person against a stranger; 0 when it says nothing.

        Args:
            height_m: of the crown above the floor; 0 where it is not in view.
        """
        config = self._config
        best = self.gallery.bands(look)
        distance = np.sqrt(1.0 - best[best >= 0.0])
        total = config.band_weight * float(np.maximum(config.slope * (config.even - distance), config.band_least).sum())
        return max(-config.most, min(config.most, total + self._by_height(height_m)))

    def learn(self, look: Looks, height_m: float) -> None:
        """Take in what the person looks like."""
        self.gallery.learn(look)
        if height_m > 0.0:
            self._heights = [*self._heights[-HEIGHTS_KEPT + 1 :], height_m]

    def _by_height(self, height_m: float) -> float:
        if height_m <= 0.0 or len(self._heights) < HEIGHTS_LEAST:
            return 0.0
        config = self._config
        off = (height_m - float(np.median(self._heights))) / config.height_std_m
        return max(config.height_least, config.height_most - 0.5 * off * off)


HEIGHTS_KEPT, HEIGHTS_LEAST = 31, 5


def shows_enough(look: Looks) -> bool:
    """Whether a look is worth learning: a pair of trousers alone is like many others."""
    return bands_shown(look) >= 2
