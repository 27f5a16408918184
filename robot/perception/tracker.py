"""Many people over time: Kalman filters in odom, assigned to sightings by place and looks at once.

A track is born from repeated sightings, lives through occlusion on its prediction, and dies quickly where it should
have been seen and was not, slowly where nobody could have seen it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from robot.bounds import AtLeastZero, Count, Positive, Share
from robot.clock import NS_PER_S
from robot.geometry import wrap_angle
from robot.perception.appearance import SIZE
from robot.perception.identity import Gallery, GalleryConfig
from robot.perception.kalman import WalkerFilter
from robot.perception.legs import Leg
from robot.perception.observation import Observation, View


@dataclass(frozen=True)
class TrackerConfig:
    """Tuning. Distances m, times s, scores 0 to 1."""

    speed_std: AtLeastZero = 0.8  # of a person not yet known
    acceleration_density: AtLeastZero = 0.08  # m²/s³: a turn lags by 0.1 m, a steady walk is known to 0.15 m/s
    fade_s: Positive = 1.2  # how fast a velocity is forgotten while unseen
    fade_after_s: AtLeastZero = 0.35
    gate: AtLeastZero = 16.0  # squared Mahalanobis distance
    gate_near_m: AtLeastZero = 0.30  # never refuse by distance what is this near
    reach_m: AtLeastZero = 1.5  # never accept further than this
    looks_weight: AtLeastZero = 14.0  # price of utter unlikeness, in squared Mahalanobis units
    looks_refuse: Share = 0.45  # a known person is never assigned a look less alike than this
    looks_again: Share = 0.8  # nor the locked one, when the camera has not shown them for `doubt_after_s`
    doubt_after_s: AtLeastZero = 1.0  # unseen for this long, a track takes nobody while two could be meant
    doubt_cost: AtLeastZero = 4.0  # cheaper by this than the runner-up: no doubt
    unbroken_s: AtLeastZero = 0.25  # sighted within this time, and near: it can hardly be anybody else
    unbroken_looks: Share = 0.4  # factor on looks_weight then
    birth_score: Share = 0.35
    confirm_hits: Count = 3
    confirm_score: Share = 0.5
    gain: Share = 0.4  # of the score per sighting
    miss: Share = 0.75  # factor on the score per frame that should have shown the person
    unseen_s: Positive = 6.0  # time constant of the score while nobody could see
    drop_score: Share = 0.08
    drop_std_m: AtLeastZero = 2.0
    apart_m: AtLeastZero = 0.45  # two people cannot stand nearer than this
    learn_apart_m: AtLeastZero = 0.9  # looks are learnt only while nobody else is this near
    legs_std_m: AtLeastZero = 0.12
    legs_reach_m: AtLeastZero = 0.45
    legs_range_m: AtLeastZero = 3.0  # farther from the robot legs are too few rays to be sure of
    legs_only_s: AtLeastZero = 1.5  # legs alone are believed for this long after the last sighting
    legs_apart_m: AtLeastZero = 0.9  # and not while somebody else, whose legs they may be, is this near
    legs_near_m: AtLeastZero = 1.2  # this near to the robot the camera sees too little of a person,
    legs_near_s: AtLeastZero = 20.0  # so there they are believed for longer
    legs_beside_s: AtLeastZero = 1.0  # who was not seen for longer may be gone
    legs_gap_s: AtLeastZero = 0.7  # unseen by every sensor for longer, nobody knows whether legs are the locked one's
    legs_score: Share = 0.4  # of whom only legs tell
    facing_blend: Share = 0.4
    gallery: GalleryConfig = field(default_factory=GalleryConfig)


class PersonTrack:
    """One person. Times are stamps in ns; positions in odom."""

    def __init__(self, track_id: int, t_ns: int, first: Observation, config: TrackerConfig) -> None:
        self.id = track_id
        self.filter = WalkerFilter(first.x, first.y, first.std_m, config.speed_std, config.acceleration_density)
        self.t_ns = t_ns
        self.seen_ns = t_ns  # by any sensor
        self.sighted_ns = t_ns  # by the camera
        self.hits = 0
        self.misses = 0  # frames in a row that should have shown the person and did not
        self.score = 0.0
        self.height_m = 0.0
        self.facing: float | None = None
        self.look = first.appearance
        self.gallery = Gallery(config.gallery)
        self.confirmed = False
        self.pinned = False  # the locked person is kept as long as there is any hope
        self._config = config
        self.sight(t_ns, first)

    @property
    def position(self) -> tuple[float, float]:
        return self.filter.position

    def predict(self, t_ns: int) -> None:
        """Move on to `t_ns`; earlier times are left alone."""
        dt = (t_ns - self.t_ns) / NS_PER_S
        if dt <= 0.0:
            return
        unseen = (self.t_ns - self.seen_ns) / NS_PER_S
        self.filter.predict(dt, self._config.fade_s if unseen > self._config.fade_after_s else None)
        self.t_ns = t_ns

    def sight(self, t_ns: int, seen: Observation, learn: bool = True) -> None:
        """Take a sighting in; `learn` its looks unless somebody else's could be among them."""
        config = self._config
        late = (self.t_ns - t_ns) / NS_PER_S
        vx, vy = self.filter.velocity
        self.filter.update(seen.x + vx * late, seen.y + vy * late, seen.std_m)
        self.seen_ns, self.sighted_ns = max(self.seen_ns, t_ns), max(self.sighted_ns, t_ns)
        self.hits, self.misses = self.hits + 1, 0
        self.score += (1.0 - self.score) * config.gain * seen.score
        self.confirmed |= self.hits >= config.confirm_hits and self.score >= config.confirm_score
        if seen.height_m > 0.0:
            self.height_m += (seen.height_m - self.height_m) * (0.2 if self.height_m > 0.0 else 1.0)
        if seen.facing is not None:
            old = seen.facing if self.facing is None else self.facing
            self.facing = wrap_angle(old + config.facing_blend * wrap_angle(seen.facing - old))
        self.look = seen.appearance
        if learn and not self.pinned:  # the lock teaches the gallery of its own person
            self.gallery.learn(seen.appearance)

    def step_on(self, t_ns: int, leg: Leg) -> None:
        """Take legs in: they say where, never who."""
        late = (self.t_ns - t_ns) / NS_PER_S
        vx, vy = self.filter.velocity
        self.filter.update(leg.x + vx * late, leg.y + vy * late, self._config.legs_std_m)
        self.seen_ns = max(self.seen_ns, t_ns)
        self.score = max(self.score, self._config.legs_score)

    def miss(self, expected: bool, dt: float) -> None:
        """Take in that a frame did not show the person."""
        self.misses = self.misses + 1 if expected else 0
        self.score *= self._config.miss if expected else math.exp(-dt / self._config.unseen_s)

    @property
    def lost(self) -> bool:
        """Whether it may be forgotten."""
        config = self._config
        if self.pinned:
            return self.filter.std_m > 2.0 * config.drop_std_m
        return self.score < config.drop_score or self.filter.std_m > config.drop_std_m


class Tracker:
    """All people, the locked one included."""

    def __init__(self, config: TrackerConfig) -> None:
        self.tracks: list[PersonTrack] = []
        self._config = config
        self._next_id = 0
        self._last_frame_ns: int | None = None

    @property
    def confirmed(self) -> list[PersonTrack]:
        """Tracks that are surely people."""
        return [t for t in self.tracks if t.confirmed]

    def new_id(self) -> int:
        """Return an id never used before."""
        self._next_id += 1
        return self._next_id - 1

    def new_gallery(self) -> Gallery:
        """Return a gallery for somebody of whom nothing is known."""
        return Gallery(self._config.gallery)

    def sight(self, t_ns: int, seen: list[Observation], view: View) -> list[tuple[PersonTrack, Observation]]:
        """Take one frame in and return which track was seen as what."""
        for track in self.tracks:
            track.predict(t_ns)
        pairs = self._assign(t_ns, seen)
        for track, observation in pairs:
            track.sight(t_ns, observation, self._alone(observation, seen))
        self._miss_others(t_ns, {track.id for track, _ in pairs}, view)
        used = {id(observation) for _, observation in pairs}
        pairs += self._give_birth(t_ns, [o for o in seen if id(o) not in used])
        self._merge(t_ns)
        self._drop()
        alive = {track.id for track in self.tracks}
        return [(track, observation) for track, observation in pairs if track.id in alive]

    def walk(self, t_ns: int, legs: list[Leg], robot: tuple[float, float], view: View | None) -> None:
        """Keep confirmed people whom the camera cannot see by their legs.

        Args:
            robot: where it is (odom, m).
            view: what the camera covers now; legs are not believed where the camera should show a person.
        """
        config = self._config
        free = list(legs)
        for track in self.confirmed:
            track.predict(t_ns)
            since = (t_ns - track.sighted_ns) / NS_PER_S
            x, y = track.position
            away = math.dist(robot, (x, y))
            longest = config.legs_near_s if away < config.legs_near_m else config.legs_only_s
            if not 0.15 <= since <= longest or away > config.legs_range_m:
                continue
            if track.pinned and ((t_ns - track.seen_ns) / NS_PER_S > config.legs_gap_s or self._beside(t_ns, track)):
                continue
            shown = away > config.legs_near_m or not track.pinned  # who stands before the lens is not always found
            if shown and view is not None and view.expects(x, y) and track.misses > 3:
                continue
            leg = self._nearest_leg(track, free)
            if leg is not None:
                track.step_on(t_ns, leg)
                free = [f for f in free if math.hypot(f.x - leg.x, f.y - leg.y) > config.apart_m]

    def hear(self, t_ns: int, places: list[tuple[float, float]]) -> None:
        """Add people whom the camera has not shown, where legs were found to walk; how they look is not known."""
        config, unknown = self._config, np.zeros(SIZE, dtype=np.float32)
        for x, y in places:
            seen = Observation(x, y, config.legs_std_m, 0.0, None, unknown, config.legs_score)
            track = PersonTrack(self.new_id(), t_ns, seen, config)
            track.confirmed, track.score = True, config.legs_score
            self.tracks.append(track)

    def _beside(self, t_ns: int, track: PersonTrack) -> bool:
        """Whether somebody else stands so near that their legs could be taken for this person's."""
        recent = t_ns - round(self._config.legs_beside_s * NS_PER_S)
        others = [t.position for t in self.confirmed if t is not track and t.seen_ns >= recent]
        return any(math.dist(other, track.position) < self._config.legs_apart_m for other in others)

    def _nearest_leg(self, track: PersonTrack, legs: list[Leg]) -> Leg | None:
        """Return the leg (pairs before singles) nearest to the prediction, within reach of it and nobody else's."""
        x, y = track.position
        others = [t.position for t in self.confirmed if t is not track]
        near = []
        for leg in legs:
            away = math.hypot(leg.x - x, leg.y - y)
            if away < self._config.legs_reach_m and all(math.dist((leg.x, leg.y), o) > away for o in others):
                near.append((not leg.pair, away, leg))
        return min(near, key=lambda row: row[:2])[2] if near else None

    def _assign(self, t_ns: int, seen: list[Observation]) -> list[tuple[PersonTrack, Observation]]:
        if not self.tracks or not seen:
            return []
        # Hardly more than the dearest pair that is allowed: a forced pair must never buy a second, far-fetched one.
        refused = self._config.gate + self._config.looks_weight
        costs = np.array([[self._cost(t, t_ns, o, refused) for o in seen] for t in self.tracks])
        for row, track in zip(costs, self.tracks, strict=True):
            if t_ns - track.seen_ns > self._config.doubt_after_s * NS_PER_S and self._in_doubt(row):
                row[:] = refused
        rows, columns = linear_sum_assignment(costs)
        return [(self.tracks[r], seen[c]) for r, c in zip(rows, columns, strict=True) if costs[r, c] < refused]

    def _in_doubt(self, costs: NDArray[np.float64]) -> bool:
        """Whether the two cheapest of a track's costs are too near each other to choose."""
        if len(costs) < 2:
            return False
        first, second = np.sort(costs)[:2]
        return bool(second - first < self._config.doubt_cost)

    def _cost(self, track: PersonTrack, t_ns: int, seen: Observation, refused: float) -> float:
        """Return the price of `seen` being `track`: place, looks, and a head start for established tracks."""
        config = self._config
        vx, vy = track.filter.velocity
        late = (track.t_ns - t_ns) / NS_PER_S
        x, y = seen.x + vx * late, seen.y + vy * late
        distance = math.hypot(x - track.position[0], y - track.position[1])
        d2 = track.filter.distance2(x, y, seen.std_m)
        if distance > config.reach_m or (d2 > config.gate and distance > config.gate_near_m):
            return refused
        likeness = track.gallery.similarity(seen.appearance)
        unbroken = t_ns - track.sighted_ns <= config.unbroken_s * NS_PER_S and distance < config.gate_near_m
        long_ago = track.pinned and t_ns - track.sighted_ns > config.doubt_after_s * NS_PER_S
        needed = config.looks_again if long_ago else config.looks_refuse
        if not track.gallery.empty and likeness < needed and not unbroken:
            return refused
        # Bodies do not jump: where one stood a moment ago, looks count for less and do not refuse it.
        weight = config.looks_weight * (config.unbroken_looks if unbroken else 1.0)
        return min(d2, config.gate) + weight * (1.0 - likeness) - 2.0 * track.score

    def _alone(self, one: Observation, seen: list[Observation]) -> bool:
        """Whether nobody else was seen or is expected near `one` (its own track is)."""
        apart = self._config.learn_apart_m
        others = sum(math.hypot(o.x - one.x, o.y - one.y) < apart for o in seen if o is not one)
        tracks = sum(math.hypot(t.position[0] - one.x, t.position[1] - one.y) < apart for t in self.confirmed)
        return not others and tracks <= 1

    def _miss_others(self, t_ns: int, seen_ids: set[int], view: View) -> None:
        last = self._last_frame_ns
        dt = 0.1 if last is None else max(0.0, (t_ns - last) / NS_PER_S)
        self._last_frame_ns = t_ns
        shown = [t for t in self.tracks if t.id in seen_ids]
        for track in self.tracks:
            if track.id not in seen_ids:
                hidden = any(_hides(view, other, track) for other in shown)
                track.miss(view.expects(*track.position) and not hidden, dt)

    def _give_birth(self, t_ns: int, rest: list[Observation]) -> list[tuple[PersonTrack, Observation]]:
        born = []
        for seen in rest:
            if seen.score >= self._config.birth_score and not self._crowded(t_ns, seen):
                track = PersonTrack(self.new_id(), t_ns, seen, self._config)
                self.tracks.append(track)
                born.append((track, seen))
        return born

    def _crowded(self, t_ns: int, seen: Observation) -> bool:
        """Whether someone who was seen in this very frame stands there already."""
        return any(
            t.sighted_ns == t_ns and math.hypot(t.position[0] - seen.x, t.position[1] - seen.y) < self._config.apart_m
            for t in self.tracks
        )

    def _merge(self, t_ns: int) -> None:
        """Drop the weaker of two tracks of one body: unseen, alike and standing in one place."""
        for track in list(self.tracks):
            for other in self.tracks:
                if other is track or track.pinned or track.sighted_ns == t_ns or other.sighted_ns != t_ns:
                    continue
                close = math.hypot(track.position[0] - other.position[0], track.position[1] - other.position[1])
                same = track.gallery.empty or track.gallery.similarity(other.look) > 0.8
                if close < self._config.apart_m / 2.0 and same:
                    track.score = 0.0

    def _drop(self) -> None:
        self.tracks = [t for t in self.tracks if not t.lost]


def _hides(view: View, front: PersonTrack, behind: PersonTrack) -> bool:
    """Whether the body of `front` stands between the camera and `behind`."""
    near, far = view.robot.distance_to(*front.position), view.robot.distance_to(*behind.position)
    between = abs(wrap_angle(view.robot.bearing_to(*front.position) - view.robot.bearing_to(*behind.position)))
    return near + 0.2 < far and between < math.atan2(0.35, max(near, 0.3))
