"""The lock on one person: what they look like, and the refusal to follow anybody else.

The tracker says where people are; the lock says which of them is ours. It learns the person's looks only while there
is no doubt, gives a track up when its looks contradict for several frames, and takes another one only when its looks
agree for several frames and nobody else's do. In doubt it waits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import Lock
from robot.perception.appearance import Gallery, GalleryConfig, bands_shown
from robot.perception.observation import Observation
from robot.perception.tracker import PersonTrack, Tracker

LockMode = Literal["none", "locked", "occluded", "lost"]


@dataclass(frozen=True)
class LockConfig:
    """Tuning. Likeness 0 to 1 as appearance.similarity gives it."""

    automatic: bool = True  # lock on to the nearest person in front at the start
    acquire_m: float = 4.0
    acquire_bearing: float = 0.785  # rad
    acquire_hits: int = 3
    same: float = 0.80  # at least this alike: the same person
    different: float = 0.62  # less alike than this: somebody else
    margin: float = 0.08  # the runner-up must be less alike by this
    bands_min: int = 2  # of body height in view; a pair of trousers alone is like many others
    frames: int = 3  # sightings in a row that must agree
    known_frames: int = 10  # the same for a track that was seen beside the person: it is somebody else, unless swapped
    beside_frames: int = 3  # frames that show it and the person at once make a track a known other
    smoothing: float = 0.4
    unseen_s: float = 0.3  # hand over only after the carrier has not been sighted for this long
    seen_s: float = 0.5  # locked for this long after the last sighting
    lost_s: float = 5.0  # occluded until then
    walk_m_s: float = 1.6  # how fast the person may have gone away unseen
    slack_m: float = 1.0
    std_max_m: float = 5.0  # lost for however long: somewhere in a home
    learn_apart_m: float = 1.0  # learn looks only while nobody else is this near
    learn_score: float = 0.5
    gallery: GalleryConfig = field(default_factory=lambda: GalleryConfig(size=12))


@dataclass
class _Evidence:
    """How alike one track has been lately."""

    likeness: float  # smoothed
    frames: int = 0
    alike: int = 0  # sightings in a row that looked the same
    beside: int = 0  # frames that showed this one, looking different, together with the person


class LockKeeper:
    """Holds the lock. Call `see` after each frame and `message` whenever the lock is to be told."""

    def __init__(self, config: LockConfig) -> None:
        self._config = config
        self._wanted: Literal["nearest", "id"] | None = "nearest" if config.automatic else None
        self._wanted_id = -1
        self._gallery = Gallery(config.gallery)
        self._evidence: dict[int, _Evidence] = {}
        self._held = False  # a track carries the lock now
        self.id = -1
        self._last = (0.0, 0.0)  # where the person was last trusted to be
        self._last_ns = 0
        self._confidence = 0.0
        self._others: tuple[int, ...] = ()

    def request(self, mode: Literal["nearest", "id", "release"], track_id: int = -1) -> None:
        """Ask for a lock on the nearest person in front or on a track, or for none."""
        self.release()
        self._wanted = None if mode == "release" else mode
        self._wanted_id = track_id

    def release(self) -> None:
        """Forget the person."""
        self._gallery = Gallery(self._config.gallery)
        self._evidence.clear()
        self._held, self.id, self._confidence, self._others = False, -1, 0.0, ()

    def see(self, t_ns: int, robot: Pose2, tracker: Tracker, pairs: list[tuple[PersonTrack, Observation]]) -> None:
        """Take in which track was seen as what in the frame of `t_ns`."""
        if self.id < 0:
            self._acquire(t_ns, robot, tracker)
            return
        self._weigh(tracker, pairs)
        held = self._track(tracker)
        if held is not None:
            self._check(t_ns, tracker, held, pairs)
        if self._track(tracker) is None:
            self._find_again(t_ns, tracker)

    def message(self, now_ns: int, tracker: Tracker) -> Lock:
        """Return the lock as it stands, predicted to `now_ns`."""
        if self.id < 0:
            return Lock(stamp_ns=now_ns, state="none")
        track = self._track(tracker)
        if track is None:
            state: LockMode = "occluded" if self._age_s(now_ns) < self._config.lost_s else "lost"
            return Lock(
                stamp_ns=now_ns, state=state, id=self.id, x=self._last[0], y=self._last[1],
                std_m=min(self._config.slack_m + self._config.walk_m_s * self._age_s(now_ns), self._config.std_max_m),
                seen_ns=self._last_ns, confidence=0.0, others=self._others,
            )  # fmt: skip
        return self._told(now_ns, track)

    def _told(self, now_ns: int, track: PersonTrack) -> Lock:
        config = self._config
        unseen = (now_ns - track.seen_ns) / NS_PER_S
        state: LockMode = "locked" if unseen < config.seen_s else "occluded"
        if (now_ns - track.sighted_ns) / NS_PER_S > config.lost_s:
            state = "lost"
        x, y = track.filter.ahead(max(0.0, (now_ns - track.t_ns) / NS_PER_S))
        vx, vy = track.filter.velocity
        return Lock(
            stamp_ns=now_ns, state=state, id=self.id, x=x, y=y, vx=vx, vy=vy, std_m=track.filter.std_m,
            facing=track.facing, seen_ns=track.seen_ns,
            confidence=self._confidence * math.exp(-max(0.0, unseen) / config.lost_s), others=self._others,
        )  # fmt: skip

    def _age_s(self, now_ns: int) -> float:
        return (now_ns - self._last_ns) / NS_PER_S

    def _track(self, tracker: Tracker) -> PersonTrack | None:
        if not self._held:
            return None
        return next((t for t in tracker.tracks if t.id == self.id), None)

    def _acquire(self, t_ns: int, robot: Pose2, tracker: Tracker) -> None:
        """Take the wanted person as soon as they have been seen often enough."""
        config = self._config
        if self._wanted is None:
            return
        fresh = [t for t in tracker.confirmed if t.sighted_ns == t_ns and t.hits >= config.acquire_hits]
        if self._wanted == "id":
            fresh = [t for t in fresh if t.id == self._wanted_id]
        else:
            fresh = [
                t
                for t in fresh
                if robot.distance_to(*t.position) <= config.acquire_m
                and abs(robot.bearing_to(*t.position)) <= config.acquire_bearing
            ]
        if fresh:
            self._take(t_ns, min(fresh, key=lambda t: (robot.distance_to(*t.position), t.id)))
            self._wanted = None

    def _take(self, t_ns: int, track: PersonTrack) -> None:
        self.id, self._held, self._confidence = track.id, True, 1.0
        track.pinned = True
        self._gallery.learn(track.look)
        track.gallery = self._gallery
        self._last, self._last_ns = track.position, t_ns

    def _weigh(self, tracker: Tracker, pairs: list[tuple[PersonTrack, Observation]]) -> None:
        """Update how alike each track that was seen is."""
        alive = {t.id for t in tracker.tracks}
        self._evidence = {k: e for k, e in self._evidence.items() if k in alive}
        likeness = {track.id: self._gallery.similarity(seen.appearance) for track, seen in pairs}
        shown = {track.id: bands_shown(seen.appearance) for track, seen in pairs}
        sure = self._held and likeness.get(self.id, 0.0) >= self._config.same
        for key, value in likeness.items():
            evidence = self._evidence.setdefault(key, _Evidence(value))
            same = value >= self._config.same and shown[key] >= self._config.bands_min
            evidence.likeness += self._config.smoothing * (value - evidence.likeness)
            evidence.frames += 1
            evidence.alike = evidence.alike + 1 if same else 0
            evidence.beside += sure and key != self.id and not same

    def _check(
        self,
        t_ns: int,
        tracker: Tracker,
        held: PersonTrack,
        pairs: list[tuple[PersonTrack, Observation]],
    ) -> None:
        """Confirm the track that carries the lock, or give it up."""
        config = self._config
        evidence = self._evidence.get(held.id)
        seen = next((o for t, o in pairs if t is held), None)
        if seen is None or evidence is None:
            self._compare(t_ns, tracker, held)
            return
        if evidence.likeness < config.different and evidence.frames >= config.frames:
            self._give_up(tracker, held)
            return
        self._confidence += 0.3 * (min(1.0, evidence.likeness / config.same) - self._confidence)
        if evidence.likeness >= config.different:
            self._last, self._last_ns = held.position, t_ns
        self._note_alike(tracker)
        clear = seen.score >= config.learn_score and bands_shown(seen.appearance) >= config.bands_min
        if clear and self._alone(tracker, held) and evidence.likeness >= config.same:
            self._gallery.learn(seen.appearance)

    def _compare(self, t_ns: int, tracker: Tracker, held: PersonTrack) -> None:
        """The carrier was not in this frame: hand over if someone who was seen is surely the person."""
        best = self._best(tracker)
        unseen_s = (t_ns - held.sighted_ns) / NS_PER_S
        if best is not None and unseen_s > self._config.unseen_s and self._could_reach(t_ns, best):
            tracker.tracks = [t for t in tracker.tracks if t is not held]
            self._carry(t_ns, best)

    def _best(self, tracker: Tracker) -> PersonTrack | None:
        """Return the one track that surely is the person by looks; None when none or more than one may be."""
        config = self._config
        self._note_alike(tracker)
        rows = [(self._evidence[t.id], t) for t in tracker.tracks if t.id in self._evidence and t.id != self.id]
        sure = [(e, t) for e, t in rows if e.alike >= self._frames_needed(e) and e.likeness >= config.same]
        if not sure:
            return None
        top, track = max(sure, key=lambda row: (row[0].likeness, -row[1].id))
        rivals = [e for e, t in rows if t is not track and e.likeness > top.likeness - config.margin]
        return None if rivals else track

    def _frames_needed(self, evidence: _Evidence) -> int:
        """Return how many sightings in a row must look the same before this track may be the person."""
        config = self._config
        return config.frames if evidence.beside < config.beside_frames else config.known_frames

    def _note_alike(self, tracker: Tracker) -> None:
        """Remember which other tracks could be taken for the person."""
        self._others = tuple(
            t.id
            for t in tracker.confirmed
            if t.id != self.id and t.id in self._evidence and self._evidence[t.id].likeness >= self._config.same
        )

    def _find_again(self, t_ns: int, tracker: Tracker) -> None:
        """Take up a track that surely is the person and could have got there."""
        best = self._best(tracker)
        if best is not None and self._could_reach(t_ns, best):
            self._carry(t_ns, best)

    def _could_reach(self, t_ns: int, track: PersonTrack) -> bool:
        """Whether a walk from where the person was last trusted to be can have led there."""
        reach = self._config.slack_m + self._config.walk_m_s * self._age_s(t_ns)
        x, y = track.position
        return math.hypot(x - self._last[0], y - self._last[1]) <= reach

    def _carry(self, t_ns: int, track: PersonTrack) -> None:
        """Let `track` carry the lock under the person's own id."""
        self._last, self._last_ns = track.position, t_ns
        self._evidence[self.id] = self._evidence.pop(track.id)
        track.id, track.pinned, track.confirmed = self.id, True, True
        track.gallery = self._gallery
        self._held, self._confidence = True, min(1.0, self._evidence[self.id].likeness)

    def _give_up(self, tracker: Tracker, held: PersonTrack) -> None:
        """The track has become somebody else: let it go under a new id."""
        evidence = self._evidence.pop(held.id)
        held.id, held.pinned = tracker.new_id(), False
        held.gallery = Gallery(self._config.gallery)
        self._evidence[held.id] = evidence
        self._held, self._confidence = False, 0.0

    def _alone(self, tracker: Tracker, held: PersonTrack) -> bool:
        """Whether nobody else is near enough to be mixed up."""
        x, y = held.position
        return all(
            t is held or math.hypot(t.position[0] - x, t.position[1] - y) > self._config.learn_apart_m
            for t in tracker.tracks
        )
