"""Faces over time: every sight is given to the person it shows, and people keep their number when they come back.

One assignment a frame (Hungarian) over place and look together: place alone swaps two people who cross, look alone
swaps two in the same shirt. Somebody out of sight waits where they were last going, and may be met anywhere once that
place has grown stale, but then the look alone must say so, and clearly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from robot.perception.faces.finder import Sight
from robot.perception.faces.look import Look
from robot.perception.faces.networks import Region

NEVER = 1e6  # cost of what cannot be


@dataclass(frozen=True)
class TrackerConfig:
    """Tuning. Distances in face sizes, looks in the units of `Look.distance`."""

    reach: float = 1.2  # how far from where it was expected a face may be
    reach_per_s: float = 3.0  # more for each second out of sight
    look_max: float = 2.2  # looks further apart are two people even at one place
    look_again: float = 1.0  # of one who comes back somewhere else
    look_margin: float = 0.35  # by which another must look worse
    coast_s: float = 0.7  # out of sight for so long, a face is still expected where it was going
    keep_s: float = 120.0  # after which somebody gone is forgotten
    learn: float = 0.06  # share of a new look that goes into the remembered one
    doubtful: float = 0.8  # new faces below this score must be seen twice
    undetected: int = 20  # frames that a mesh is believed without the detector


@dataclass
class FaceTrack:
    """One person's face."""

    id: int
    sight: Sight
    look: Look
    seen_s: float
    x: float
    y: float
    size: float
    vx: float = 0.0
    vy: float = 0.0
    hits: int = 1
    looks: int = 1
    undetected: int = 0
    match: float = 0.0  # of the last sight's look with the remembered one
    visible: bool = True

    def expected(self, now_s: float, coast_s: float) -> tuple[float, float]:
        """Where the face should be now, px."""
        ahead = min(now_s - self.seen_s, coast_s)
        return self.x + ahead * self.vx, self.y + ahead * self.vy


class FaceTracker:
    """Knows everybody who was seen."""

    def __init__(self, config: TrackerConfig) -> None:
        """Start with nobody."""
        self._config = config
        self._tracks: list[FaceTrack] = []
        self._next = 1

    @property
    def tracks(self) -> tuple[FaceTrack, ...]:
        """Everybody remembered, by number."""
        return tuple(self._tracks)

    @property
    def visible(self) -> tuple[FaceTrack, ...]:
        """Those in the last frame who are no passing doubt."""
        return tuple(t for t in self._tracks if t.visible and (t.hits > 1 or t.sight.score >= self._config.doubtful))

    def regions(self, now_s: float) -> list[Region]:
        """Return where the mesh should look for those who were just seen."""
        regions = []
        for track in self._tracks:
            if now_s - track.seen_s <= self._config.coast_s and track.undetected < self._config.undetected:
                region, (x, y) = track.sight.mesh.region, track.expected(now_s, self._config.coast_s)
                moved = (x - track.x, y - track.y)
                regions.append(Region(region.x + moved[0], region.y + moved[1], region.size, region.angle))
        return regions

    def update(self, now_s: float, sights: Sequence[Sight]) -> None:
        """Take in one frame."""
        pairs = self._assign(now_s, sights)
        taken = set(pairs.values())
        alone = _alone(sights)
        for track in self._tracks:
            track.visible = track.id in pairs
            if track.visible:
                self._see(track, now_s, sights[pairs[track.id]], alone[pairs[track.id]])
        for i, sight in enumerate(sights):
            if i not in taken:
                self._tracks.append(self._meet(now_s, sight))
        self._tracks = [t for t in self._tracks if self._remembered(t, now_s)]

    def _remembered(self, track: FaceTrack, now_s: float) -> bool:
        unseen = now_s - track.seen_s
        return unseen <= (self._config.keep_s if track.hits >= 3 else self._config.coast_s)

    def _meet(self, now_s: float, sight: Sight) -> FaceTrack:
        x, y = sight.centre
        self._next += 1
        return FaceTrack(self._next - 1, sight, sight.look, now_s, x, y, sight.size)

    def _see(self, track: FaceTrack, now_s: float, sight: Sight, alone: bool) -> None:
        dt = max(1e-3, now_s - track.seen_s)
        x, y = sight.centre
        share = 0.5 if dt < self._config.coast_s else 0.0  # a velocity over a long absence says nothing
        track.vx += share * ((x - track.x) / dt - track.vx) if share else -track.vx
        track.vy += share * ((y - track.y) / dt - track.vy) if share else -track.vy
        track.x, track.y, track.size, track.seen_s, track.sight = x, y, sight.size, now_s, sight
        track.hits += 1
        track.undetected = 0 if sight.detected else track.undetected + 1
        track.match = sight.look.distance(track.look)
        if alone and track.match < self._config.look_max:
            track.looks += 1
            track.look = track.look.toward(sight.look, max(self._config.learn, 1.0 / track.looks))

    def _assign(self, now_s: float, sights: Sequence[Sight]) -> dict[int, int]:
        """Return which sight shows whom: first those expected where they are, then those who come back elsewhere."""
        if not self._tracks or not sights:
            return {}
        looks = np.array([[sight.look.distance(track.look) for sight in sights] for track in self._tracks])
        places = np.array([[self._apart(track, sight, now_s) for sight in sights] for track in self._tracks])
        near = np.where((places > 1.0) | (looks > self._config.look_max), NEVER, places**2 + looks**2)
        # Nothing in common to look at (a face cut off by the frame): place decides.
        near = np.where((places <= 1.0) & np.isinf(looks), places**2 + 1.0, near)
        pairs = self._solve(near)
        free_tracks = [i for i in range(len(self._tracks)) if i not in pairs and not self._expected(i, now_s)]
        free_sights = [j for j in range(len(sights)) if j not in pairs.values()]
        for j in free_sights:
            again = self._who_is_back(looks, free_tracks, j)
            if again is not None:
                pairs[again] = j
                free_tracks.remove(again)
        return {self._tracks[i].id: j for i, j in pairs.items()}

    def _solve(self, costs: NDArray[np.float64]) -> dict[int, int]:
        rows, columns = linear_sum_assignment(costs)
        return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if costs[i, j] < NEVER}

    def _expected(self, index: int, now_s: float) -> bool:
        """Whether somebody was seen so lately that they cannot be elsewhere."""
        return now_s - self._tracks[index].seen_s < 0.15

    def _who_is_back(self, looks: NDArray[np.float64], tracks: Sequence[int], sight: int) -> int | None:
        """Return the one missing person who looks like this sight, None when nobody does or two do."""
        ranked = sorted(tracks, key=lambda i: (float(looks[i, sight]), i))
        if not ranked or looks[ranked[0], sight] > self._config.look_again:
            return None
        if len(ranked) > 1 and looks[ranked[1], sight] - looks[ranked[0], sight] < self._config.look_margin:
            latest = max(ranked[:2], key=lambda i: self._tracks[i].seen_s)
            return latest if looks[latest, sight] <= 0.6 * self._config.look_again else None
        return ranked[0]

    def _apart(self, track: FaceTrack, sight: Sight, now_s: float) -> float:
        """Return how far a sight is from where the face should be, 1 at the limit of reach."""
        x, y = track.expected(now_s, self._config.coast_s)
        unseen = now_s - track.seen_s
        reach = self._config.reach + self._config.reach_per_s * min(unseen, self._config.coast_s)
        size = math.sqrt(track.size * sight.size)
        grown = abs(math.log(sight.size / track.size)) / (0.5 + unseen)
        return max(math.hypot(sight.centre[0] - x, sight.centre[1] - y) / (reach * size), grown)


def _alone(sights: Sequence[Sight]) -> list[bool]:
    """Whether no other face is so near that its clothes or hair may be read as this one's."""
    return [
        all(
            other is sight
            or math.hypot(other.centre[0] - sight.centre[0], (other.centre[1] - sight.centre[1]) / 1.5)
            > 1.3 * max(sight.size, other.size)
            for other in sights
        )
        for sight in sights
    ]
