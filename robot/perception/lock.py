"""The lock on one person: what they look like, and the refusal to follow anybody else.

The tracker says where people are; the lock says which of them is ours. For each track it keeps a belief: the evidence
of its sightings (identity.py) averaged over the last moments, because frames of one moment say the same thing again. A
track is taken when its belief is high and no other's is near it, and given up when it is low. People seen beside ours
are remembered too, and a sighting speaks for ours only as far as it speaks more for ours than for any of them. In doubt
the lock waits.

Bodies do not change. Who has been in sight without a break, with nobody near, since they were surely ours still is,
whatever a sighting from an odd side says: then looks are learnt, and contradict only when they keep doing so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from robot.bounds import AtLeastZero, Count, Positive, Share, Whole
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import Lock
from robot.perception.identity import IdentityConfig, Portrait, shows_enough
from robot.perception.observation import Observation
from robot.perception.tracker import PersonTrack, Tracker

LockMode = Literal["none", "locked", "occluded", "lost"]
Pairs = list[tuple[PersonTrack, Observation]]


@dataclass(frozen=True)
class LockConfig:
    """Tuning. Beliefs are logarithms of odds, ours against somebody else."""

    automatic: bool = True  # lock on to the nearest person in front at the start
    acquire_m: AtLeastZero = 4.0
    acquire_bearing: AtLeastZero = 0.785  # rad
    acquire_hits: Count = 3
    identity: IdentityConfig = field(default_factory=IdentityConfig)
    share: Share = 0.35  # of a new sighting in the belief
    share_sure: Share = 0.2  # the same for who is surely ours: several sightings must agree against it
    share_known: Share = 0.1  # the same for who was seen beside the person: two bodies may become one for a moment
    start: float = 6.0  # belief in who was locked on to just now
    take: float = 2.0  # at least this: the same person; strangers rarely come to 0
    give_up: float = -4.0  # less than this: somebody else; odd sides of ours come to -3, strangers to -6
    margin: AtLeastZero = 2.0  # the runner-up must be believed less by this
    unbroken_s: AtLeastZero = 0.35  # a longer time without a sighting, or a sighting
    unbroken_m: AtLeastZero = 0.25  # so far from where the person should be, and somebody else may have taken the place
    unseen_s: AtLeastZero = 0.3  # hand over only after the carrier has not been sighted for this long
    seen_s: AtLeastZero = 0.5  # locked for this long after the last sighting
    lost_s: Positive = 5.0  # occluded until then
    walk_m_s: AtLeastZero = 1.6  # how fast the person may have gone away unseen
    slack_m: AtLeastZero = 1.0
    std_max_m: AtLeastZero = 5.0  # lost for however long: somewhere in a home
    apart_m: AtLeastZero = 1.0  # looks are learnt only while nobody else is this near
    beside_m: AtLeastZero = 0.6  # farther from ours than this, it is somebody else, who cannot be taken for ours either
    learn_score: Share = 0.5
    others_kept: Whole = 8


class LockKeeper:
    """Holds the lock. Call `see` after each frame and `message` whenever the lock is to be told."""

    def __init__(self, config: LockConfig) -> None:
        self._config = config
        self._wanted: Literal["nearest", "id"] | None = "nearest" if config.automatic else None
        self._wanted_id = -1
        self._portrait = Portrait(config.identity)
        self._strangers: dict[int, Portrait] = {}  # by track id, the longest unseen first
        self._beliefs: dict[int, float] = {}
        self._held = False  # a track carries the lock now
        self._sure = False  # and has been in sight, away from everybody, since it surely was the person
        self._sighted_ns = 0  # when it was, last
        self.id = -1
        self._last = (0.0, 0.0)  # where the person was last trusted to be
        self._last_ns = 0

    def request(self, mode: Literal["nearest", "id", "release"], track_id: int = -1) -> None:
        """Ask for a lock on the nearest person in front or on a track, or for none."""
        self.release()
        self._wanted = None if mode == "release" else mode
        self._wanted_id = track_id

    def release(self) -> None:
        """Forget the person."""
        self._portrait = Portrait(self._config.identity)
        self._strangers.clear()
        self._beliefs.clear()
        self._held, self._sure, self.id = False, False, -1

    def see(self, t_ns: int, robot: Pose2, tracker: Tracker, pairs: Pairs) -> None:
        """Take in which track was seen as what in the frame of `t_ns`."""
        if self.id < 0:
            self._acquire(t_ns, robot, tracker)
            return
        held = self._track(tracker)
        seen = next((observation for track, observation in pairs if track is held), None)
        self._continue(t_ns, tracker, held, seen)
        self._weigh(tracker, held, pairs)
        if held is not None and seen is not None:
            self._check(t_ns, tracker, held, seen, pairs)
        held = self._track(tracker)
        if held is None or (t_ns - held.sighted_ns) / NS_PER_S > self._config.unseen_s:
            self._find(t_ns, tracker, held)

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
                seen_ns=self._last_ns, confidence=0.0, others=self._alike(tracker),
            )  # fmt: skip
        return self._told(now_ns, track, tracker)

    def belief(self, track_id: int) -> float:
        """Return how far a track is believed to be the person; 0 when nothing speaks for or against it."""
        return self._beliefs.get(track_id, 0.0)

    def _told(self, now_ns: int, track: PersonTrack, tracker: Tracker) -> Lock:
        config = self._config
        unseen = (now_ns - track.seen_ns) / NS_PER_S
        state: LockMode = "locked" if unseen < config.seen_s else "occluded"
        if unseen > config.lost_s:
            state = "lost"
        x, y = track.filter.ahead(max(0.0, (now_ns - track.t_ns) / NS_PER_S))
        vx, vy = track.filter.velocity
        sure = 1.0 / (1.0 + math.exp(-self.belief(track.id)))
        return Lock(
            stamp_ns=now_ns, state=state, id=self.id, x=x, y=y, vx=vx, vy=vy, std_m=track.filter.std_m,
            facing=track.facing, seen_ns=track.seen_ns,
            confidence=sure * math.exp(-max(0.0, unseen) / config.lost_s), others=self._alike(tracker),
        )  # fmt: skip

    def _age_s(self, now_ns: int) -> float:
        return (now_ns - self._last_ns) / NS_PER_S

    def _track(self, tracker: Tracker) -> PersonTrack | None:
        if not self._held:
            return None
        return next((t for t in tracker.tracks if t.id == self.id), None)

    def _alike(self, tracker: Tracker) -> tuple[int, ...]:
        """Return the other tracks that could be taken for the person."""
        return tuple(t.id for t in tracker.confirmed if t.id != self.id and self.belief(t.id) >= self._config.take)

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
            track = min(fresh, key=lambda t: (robot.distance_to(*t.position), t.id))
            self._portrait.learn(track.look, track.height_m)
            self.id, self._beliefs[track.id], self._wanted = track.id, config.start, None
            self._carry(t_ns, tracker, track)

    def _continue(self, t_ns: int, tracker: Tracker, held: PersonTrack | None, seen: Observation | None) -> None:
        """Take note of whether the track that carries the lock can still be nobody else."""
        if held is None or seen is None:
            return
        gone_s = (t_ns - self._sighted_ns) / NS_PER_S
        jumped = math.dist((seen.x, seen.y), held.position) > self._config.unbroken_m
        broken = gone_s > self._config.unbroken_s or jumped
        alone = not self._near(tracker, held, self._config.beside_m)
        self._sure = alone and (self.belief(held.id) >= self._config.take or (self._sure and not broken))
        self._sighted_ns = t_ns

    def _near(self, tracker: Tracker, held: PersonTrack, apart_m: float) -> bool:
        """Whether anybody else may be as near to the person as that."""
        return any(t is not held and math.dist(t.position, held.position) < apart_m for t in tracker.tracks)

    def _weigh(self, tracker: Tracker, held: PersonTrack | None, pairs: Pairs) -> None:
        """Update the belief in each track that was seen."""
        config = self._config
        alive = {track.id for track in tracker.tracks}
        self._beliefs = {key: belief for key, belief in self._beliefs.items() if key in alive}
        for track, seen in pairs:
            before = self.belief(track.id)
            share = config.share_known if track.id in self._strangers else config.share
            if track is held and self._sure:
                share = config.share_sure
            self._beliefs[track.id] = before + share * (self._evidence(seen) - before)

    def _evidence(self, seen: Observation) -> float:
        """Return how much more a sighting speaks for the person than for a stranger or anybody known."""
        ours = self._portrait.evidence(seen.appearance, seen.height_m)
        known = (other.evidence(seen.appearance, seen.height_m) for other in self._strangers.values())
        return ours - max(0.0, *known, 0.0)

    def _check(self, t_ns: int, tracker: Tracker, held: PersonTrack, seen: Observation, pairs: Pairs) -> None:
        """Confirm the track that carries the lock and learn from it, or give it up."""
        config = self._config
        if self.belief(held.id) < config.give_up:
            self._give_up(tracker, held)
            return
        if self.belief(held.id) >= 0.0:
            self._last, self._last_ns = held.position, t_ns
        sure = self._sure or self.belief(held.id) >= config.take
        if not sure or seen.score < config.learn_score or not shows_enough(seen.appearance):
            return
        alone = not self._near(tracker, held, config.apart_m)
        if alone and self._portrait.evidence(seen.appearance, seen.height_m) > 0.0:
            self._portrait.learn(seen.appearance, seen.height_m)
        self._meet(held, pairs)

    def _meet(self, held: PersonTrack, pairs: Pairs) -> None:
        """Remember who is seen beside the person and looks different."""
        for track, seen in pairs:
            apart = math.dist(track.position, held.position) > self._config.beside_m
            if not apart or not track.confirmed or not shows_enough(seen.appearance):
                continue
            if self._portrait.evidence(seen.appearance, seen.height_m) < 0.0:
                stranger = self._strangers.pop(track.id, None) or Portrait(self._config.identity)
                stranger.learn(seen.appearance, seen.height_m)
                self._strangers[track.id] = stranger
        while len(self._strangers) > self._config.others_kept:
            del self._strangers[next(iter(self._strangers))]

    def _find(self, t_ns: int, tracker: Tracker, held: PersonTrack | None) -> None:
        """Take up the one track that surely is the person and could have got there; none when two may be."""
        config = self._config
        others = [t for t in tracker.tracks if t is not held and t.id in self._beliefs]
        best = max(others, key=lambda t: (self.belief(t.id), -t.id), default=None)
        if best is None or self.belief(best.id) < config.take or not self._could_reach(t_ns, best):
            return
        if all(t is best or self.belief(t.id) < self.belief(best.id) - config.margin for t in others):
            tracker.tracks = [t for t in tracker.tracks if t is not held]
            self._carry(t_ns, tracker, best)

    def _could_reach(self, t_ns: int, track: PersonTrack) -> bool:
        """Whether a walk from where the person was last trusted to be can have led there."""
        reach = self._config.slack_m + self._config.walk_m_s * self._age_s(t_ns)
        return math.dist(track.position, self._last) <= reach

    def _carry(self, t_ns: int, tracker: Tracker, track: PersonTrack) -> None:
        """Let `track` carry the lock under the person's own id."""
        self._last, self._last_ns = track.position, t_ns
        self._sure, self._sighted_ns = not self._near(tracker, track, self._config.beside_m), t_ns
        self._beliefs[self.id] = self._beliefs.pop(track.id)
        self._strangers.pop(track.id, None)
        track.id, track.pinned, track.confirmed = self.id, True, True
        track.gallery = self._portrait.gallery
        self._held = True

    def _give_up(self, tracker: Tracker, held: PersonTrack) -> None:
        """The track has become somebody else: let it go under a new id."""
        belief = self._beliefs.pop(held.id)
        held.id, held.pinned = tracker.new_id(), False
        held.gallery = tracker.new_gallery()
        self._beliefs[held.id] = belief
        self._held = self._sure = False
