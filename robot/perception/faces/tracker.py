"""Faces over time: every sight is given to the person it shows, and people keep their number when they come back.

One assignment a frame (Hungarian) over place and look together: place alone swaps two people who cross, look alone
swaps two in the same shirt. Somebody out of sight waits where they were last going, and may be met anywhere once that
place has grown stale, but then the look alone must say so, and clearly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from robot.bounds import AtLeastZero, Count, Positive, Share, Whole
from robot.perception.faces.finder import Sight
from robot.perception.faces.look import Look
from robot.perception.faces.regions import Region

NEVER = 1e6  # cost of what cannot be


@dataclass(frozen=True)
class TrackerConfig:
    """Tuning. Distances in face sizes, looks in the units of `Look.distance`."""

    reach: AtLeastZero = 1.2  # how far from where it was expected a face may be
    reach_per_s: AtLeastZero = 3.0  # more for each second out of sight
    look_max: AtLeastZero = 2.2  # looks further apart are two people even at one place
    look_again: AtLeastZero = 1.0  # of one who comes back somewhere else
    look_margin: AtLeastZero = 0.35  # by which another must look worse
    coast_s: AtLeastZero = 0.7  # out of sight for so long, a face is still expected where it was going
    keep_s: AtLeastZero = 120.0  # after which somebody gone is forgotten
    learn: Share = 0.06  # share of a new look that goes into the remembered one
    doubtful: Share = 0.8  # new faces below this score, beside another or in the place of one are met only after some
    meet_hits: Count = 4
    carried_look: AtLeastZero = 1.5  # a face that only the mesh sees must look like itself
    seek_s: AtLeastZero = 1.5  # for so long a small face that was lost is looked for from near
    seek_px: Positive = 32.0  # a face smaller than this is small
    seek_sizes: AtLeastZero = 9.0  # edge of where it is looked for
    fast: AtLeastZero = 3.0  # face sizes a second
    undetected: Whole = 20  # frames that a mesh is believed without the detector
    young_looks: Count = 15  # clear views, until which a new face may turn out to be somebody who is back


@dataclass
class FaceTrack:
    """One person's face. The number is 0 until it is sure enough that there is somebody new."""

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
    looks: int = 1  # of them clear ones: alone, and like what is remembered
    undetected: int = 0
    beside: set[int] = field(default_factory=set)  # people who were in view at the same time: it is none of them
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
        """Everybody who has a number."""
        return tuple(t for t in self._tracks if t.id)

    @property
    def visible(self) -> tuple[FaceTrack, ...]:
        """Those of them who are in the last frame."""
        return tuple(t for t in self._tracks if t.id and t.visible)

    def regions(self, now_s: float) -> list[Region]:
        """Return where the mesh should look for those who were just seen. Who is hidden is left to the detector: sent
        to the place of somebody hidden, the mesh finds whoever hides them."""
        regions = []
        for track in self._tracks:
            if track.visible and track.undetected < self._config.undetected:
                region, (x, y) = track.sight.mesh.region, track.expected(now_s, self._config.coast_s)
                regions.append(Region(region.x + x - track.x, region.y + y - track.y, region.size, region.angle))
        return regions

    def sought(self, now_s: float) -> list[Region]:
        """Return where small faces were that were just lost: the detector finds them again only from near."""
        config = self._config
        lost = [
            t for t in self._tracks if not t.visible and now_s - t.seen_s < config.seek_s and t.size < config.seek_px
        ]
        return [Region(*t.expected(now_s, config.coast_s), config.seek_sizes * t.size) for t in lost]

    @property
    def moving(self) -> bool:
        """Whether somebody in view, or the camera, moves so fast that the next frame cannot be guessed well."""
        return any(math.hypot(t.vx, t.vy) > self._config.fast * t.size for t in self._tracks if t.visible)

    def update(self, now_s: float, sights: Sequence[Sight]) -> None:
        """Take in one frame."""
        alone = _alone(sights)
        pairs = self._assign(now_s, sights)
        for i, track in enumerate(self._tracks):
            track.visible = i in pairs
            if track.visible:
                self._see(track, now_s, sights[pairs[i]], alone[pairs[i]])
        taken = set(pairs.values())
        fresh = [self._meet(now_s, s) for j, s in enumerate(sights) if j not in taken and s.detected]
        self._tracks += fresh
        self._note_company()
        self._recognise(now_s)
        for track in self._tracks:
            clear = track.sight.score >= self._config.doubtful and _among(track.sight, sights, alone)
            new = track.hits >= self._config.meet_hits or (clear and not self._in_place_of_another(now_s, track))
            if not track.id and new:
                track.id, self._next = self._next, self._next + 1
        self._tracks = [t for t in self._tracks if self._remembered(t, now_s)]

    def _in_place_of_another(self, now_s: float, young: FaceTrack) -> bool:
        """Whether a face is where somebody should be who was just seen and is missing: blurred or half covered, it may
        well be theirs, whatever it looks like in its first frames."""
        missing = [t for t in self._tracks if t.id and not t.visible and now_s - t.seen_s < self._config.coast_s]
        return any(self._apart(t, young.sight, now_s) <= 1.0 for t in missing)

    def _note_company(self) -> None:
        """Remember who is in view together."""
        here = {t.id for t in self._tracks if t.visible and t.id}
        for track in self._tracks:
            if track.visible:
                track.beside |= here - {track.id}

    def _recognise(self, now_s: float) -> None:
        """Give new faces the number of the missing person they turn out to be."""
        for young in [t for t in self._tracks if t.visible and t.looks < self._config.young_looks]:
            others = [t for t in self._tracks if t.id and not t.visible and t.seen_s < now_s and t is not young]
            missing = [t for t in others if t.id not in young.beside]
            old = self._who_is_back(young.sight.look, missing)
            if old is not None and old.hits > young.hits:
                old.vx, old.vy, old.x, old.y, old.size = young.vx, young.vy, young.x, young.y, young.size
                old.sight, old.seen_s, old.visible, old.hits = young.sight, now_s, True, old.hits + 1
                old.undetected, old.match = young.undetected, young.sight.look.distance(old.look)
                self._tracks.remove(young)

    def _remembered(self, track: FaceTrack, now_s: float) -> bool:
        return now_s - track.seen_s <= (self._config.keep_s if track.id else self._config.coast_s)

    def _meet(self, now_s: float, sight: Sight) -> FaceTrack:
        x, y = sight.centre
        return FaceTrack(0, sight, sight.look, now_s, x, y, sight.size)

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
        if alone and (track.match < self._config.look_max or not track.look.known.any()):
            track.looks += 1
            track.look = track.look.toward(sight.look, max(self._config.learn, 1.0 / track.looks))

    def _assign(self, now_s: float, sights: Sequence[Sight]) -> dict[int, int]:
        """Return which sight (by index) shows which track (by index), among those expected where the sights are."""
        if not self._tracks or not sights:
            return {}
        costs = np.array([[self._cost(track, sight, now_s) for sight in sights] for track in self._tracks])
        rows, columns = linear_sum_assignment(costs)
        return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if costs[i, j] < NEVER}

    def _cost(self, track: FaceTrack, sight: Sight, now_s: float) -> float:
        place, look = self._apart(track, sight, now_s), sight.look.distance(track.look)
        if place > 1.0:
            return NEVER
        if math.isinf(look):  # nothing in common to look at, for instance cut off by the frame: place decides
            return place**2 + 1.0
        most = self._config.look_max if sight.detected else self._config.carried_look
        return NEVER if look > most else place**2 + look**2

    def _who_is_back(self, look: Look, missing: Sequence[FaceTrack]) -> FaceTrack | None:
        """Return the one missing person who looks like this, None when nobody does or two do."""
        ranked = sorted(((look.distance(t.look), t.id, t) for t in missing), key=lambda row: row[:2])
        if not ranked or ranked[0][0] > self._config.look_again:
            return None
        if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < self._config.look_margin:
            return None
        return ranked[0][2]

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


def _among(sight: Sight, sights: Sequence[Sight], alone: Sequence[bool]) -> bool:
    """Whether a sight is one of this frame's that stand alone."""
    return any(s is sight and free for s, free in zip(sights, alone, strict=True))
