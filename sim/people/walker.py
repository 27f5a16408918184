"""A person over time: runs a plan, walks with bounded acceleration and turn rate, and makes way as people do.

Pure and deterministic: everything random is drawn from the generator given at construction, and `step` depends on
the steps before it and its arguments only. A person yields to what is in front (`yielding.py`) and to what has the
right of way (`right_of_way.py`). When the way stays shut and there is no room to step around, the person eventually
walks back a little, waits, and tries again, so that two who meet in a doorway do not stand for ever.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from numpy.random import Generator

from robot.geometry import Pose2, wrap_angle
from sim.people.gait import phase_rate
from sim.people.head_motion import HeadMotion, body_turn_for_gaze, gesture_seconds
from sim.people.joining import joined
from sim.people.passing import PATIENCE_S, SQUEEZING_SPEED, Passing
from sim.people.plan import (
    Blocker,
    LookAtSegment,
    NodSegment,
    Polyline,
    Segment,
    ShakeSegment,
    SitSegment,
    StopSegment,
    TalkSegment,
    TurnSegment,
    WalkSegment,
)
from sim.people.right_of_way import Motions, Velocity, elbow_room, ignored, oncoming, refuge
from sim.people.sitting import how_low, is_rising, on_the_way_down, room_between
from sim.people.state import PersonState
from sim.people.trail import Trail
from sim.people.yielding import (
    HELD_UP_M,
    PAUSE_S,
    STOP_GAP_M,
    Ahead,
    Free,
    foreseen,
    in_front,
    nearer,
    safe_speed,
)

ACCELERATION = 0.8  # m/s^2, speeding up and planned braking
HARD_BRAKE = 2.0  # m/s^2, when something is suddenly within the stop gap
TURN_RATE = 2.0  # rad/s
TURN_ACCELERATION = 10.0  # rad/s^2
LOOKAHEAD_M = 0.35
EASY_TURN = math.radians(25.0)  # off the way ahead, up to which speed is kept
STANDING_TURN = math.radians(75.0)  # from which one turns before walking
ARRIVED_M = 0.06
NEARLY_THERE_M = 1.0  # from where one stops short when somebody stands at the end of the way
FLOOR_RATE = 0.6  # m/s; hips rise and fall over a step in the floor
STEP_ON_TURN_M = 0.10  # walking speed whose steps fit a turn on the spot, per rad/s
RETREAT_M, TRIES = 1.4, 3
WAIT_ASIDE_S = 1.2
SLOW_SHARE = 0.5  # of the speed one would walk at, below which one is being held up
YIELDING_PATIENCE, INSISTING_PATIENCE = 0.15, 1.5  # shares of a person's patience, by who has the right of way


def _level(x: float, y: float) -> float:
    return 0.0


class Walker:
    """One person carrying out a plan.

    Attributes:
        pose: ground pose, map frame.
        speed: forward speed (m/s).
        finished: whether the plan has ended (never true with `loop`).
    """

    def __init__(
        self,
        plan: Sequence[Segment],
        start: Pose2,
        height_m: float,
        rng: Generator,
        *,
        loop: bool = False,
        free: Free = lambda x, y: True,
        floor: Callable[[float, float], float] = _level,
    ) -> None:
        """Stand at the start.

        Args:
            plan: segments in order; with `loop` the plan starts over (its walks should end where it began).
            height_m: body height; sets stride and body radius.
            free: whether a person may stand at map point (x, y) as far as walls and furniture go.
            floor: height of the floor (m) at map point (x, y).
        """
        self.pose, self.speed, self.finished = start, 0.0, not plan
        self.radius = 0.13 * height_m
        self._plan, self._loop, self._height = tuple(plan), loop, height_m
        self._free, self._floor = free, floor
        self._head = HeadMotion(rng)
        self._motions = Motions()
        self._patience = float(rng.uniform(4.0, 8.0))
        self._z, self._phase, self._turn_rate, self._sitting = floor(start.x, start.y), 0.0, 0.0, 0.0
        self._seat_height = 0.45
        self._trail = Trail(start)
        self._index, self._pause = -1, 0.0
        self._meant = (start.x, start.y)  # where the plan's last walk should have ended
        self._detour: list[Segment] = []
        self._elapsed = self._progress = 0.0
        self._excursion = False  # away from the way, with the rest of it still to come
        self._next_segment()

    @property
    def segment(self) -> Segment | None:
        """What the person is doing now; None when the plan has ended."""
        return self._segment

    @property
    def state(self) -> PersonState:
        """The state as of the last step."""
        head = self._head
        return PersonState(
            x=self.pose.x,
            y=self.pose.y,
            z_floor=self._z,
            yaw=self.pose.yaw,
            gait_phase=self._phase,
            speed=self._gait_speed(),
            head_yaw=head.yaw,
            head_pitch=head.pitch,
            head_roll=head.roll,
            sitting=self._sitting,
            seat_height=self._seat_height,
            mouth=head.mouth,
        )

    def step(self, dt: float, blockers: Sequence[Blocker] = ()) -> PersonState:
        """Advance by dt (s) among `blockers` (robots and other people, not oneself) and return the new state."""
        self._elapsed += dt
        self._turn_ahead = 0.0
        motions = self._motions.update(dt, blockers)
        segment = self._segment
        if isinstance(segment, WalkSegment):
            self._walk(dt, segment, blockers, motions)
        elif isinstance(segment, SitSegment):
            self._sit(dt, segment, blockers)
        elif not (isinstance(segment, StopSegment | TalkSegment) and self._give_way(dt, 0.0, blockers, motions)):
            self._stand(dt, segment)
        self._phase = (self._phase + dt * phase_rate(self._gait_speed(), self._height)) % 1.0
        climb = self._floor(self.pose.x, self.pose.y) - self._z
        self._z += min(FLOOR_RATE * dt, max(-FLOOR_RATE * dt, climb))
        eyes = self._z + 0.93 * self._height
        self._head.update(dt, segment, self._elapsed, self.pose, eyes, self._turn_ahead)
        return self.state

    def _gait_speed(self) -> float:
        return max(self.speed, STEP_ON_TURN_M * abs(self._turn_rate))

    # --- plan ---------------------------------------------------------------------------------------------------

    def _next_segment(self) -> None:
        """Go on with the detour, else with the plan; who has left the way for a while comes back as they went."""
        if self._excursion and self._path is not None and isinstance(self._detour[-1], WalkSegment):
            went, rest = self._path.between(self._progress, 0.0), self._detour[-1]
            self._detour[-1] = WalkSegment((*went, *rest.points), rest.speed)
        self._elapsed, self._turned, self._progress = 0.0, 0.0, 0.0
        self._start, self._aside = self.pose, Passing()
        self._path: Polyline | None = None
        planned = not self._detour
        if not planned:
            self._segment: Segment | None = self._detour.pop(0)
            self._excursion = bool(self._detour)
        else:
            self._index, self._excursion = self._index + 1, False
            self._retreats, self._moved_on = 0, False
            if self._index >= len(self._plan) and self._loop and self._plan:
                self._index = 0
            self._segment = self._plan[self._index] if self._index < len(self._plan) else None
            self.finished = self._segment is None
        if isinstance(self._segment, WalkSegment):
            here, way = (self.pose.x, self.pose.y), self._segment.points
            if planned:
                way, self._meant = joined(here, self._meant, way, self._free), way[-1]
            self._path = Polyline((here, *way))

    # --- walking ------------------------------------------------------------------------------------------------

    def _walk(self, dt: float, segment: WalkSegment, blockers: Sequence[Blocker], motions: Sequence[Velocity]) -> None:
        assert self._path is not None
        if self._give_way(dt, max(self.speed, segment.speed), blockers, motions):
            return
        soon = foreseen(self.pose, blockers, motions)
        minded = [b for b, v in zip(blockers, motions, strict=True) if not ignored(self.pose, self.radius, b, v)]
        path = self._path
        self._progress = path.project(self.pose.x, self.pose.y, self._progress)
        left = path.length - self._progress
        ahead = in_front(self.pose, self.radius, minded, self._aside.squeezing)
        blocked = ahead is not None and ahead.gap < HELD_UP_M and self.speed < SLOW_SHARE * segment.speed
        self._aside.update(
            dt, self.pose, self.radius, path, self._progress, segment.speed, blocked, blockers, motions, self._free
        )
        if self._arrived(path, left) or (left < NEARLY_THERE_M and self._aside.blocked_s > PATIENCE_S):
            self._brake_to_stand(dt, blockers)
            return
        if ahead is not None and self._aside.blocked_s > self._patience_with(ahead.blocker):
            self._clear_the_way(ahead.blocker, blockers)
            return
        (tx, ty), (dx, dy) = path.at(self._progress + min(LOOKAHEAD_M, max(left, 0.15)))
        offset = self._aside.offset * min(1.0, left)
        bearing = self.pose.bearing_to(tx - dy * offset, ty + dx * offset)
        self._turn_toward(dt, bearing)
        self._turn_ahead = self._bearing_of(path, 1.2)
        wanted = segment.speed * min(1.0, max(0.0, (STANDING_TURN - abs(bearing)) / (STANDING_TURN - EASY_TURN)))
        wanted = min(wanted, math.sqrt(2.0 * ACCELERATION * max(0.0, left - 0.5 * ARRIVED_M)))
        if self._aside.squeezing:
            wanted = min(wanted, SQUEEZING_SPEED)
        self._accelerate(dt, wanted, nearer(ahead, in_front(self.pose, self.radius, soon, self._aside.squeezing)))

    def _arrived(self, path: Polyline, left: float) -> bool:
        """Whether the end is reached, or passed close by (a path may cross its own end earlier on)."""
        if left > 0.3:
            return False
        ex, ey = path.points[-1]
        gone_by = abs(self.pose.bearing_to(ex, ey)) > 0.5 * math.pi and self._progress > 0.3
        return left < ARRIVED_M or gone_by or self.pose.distance_to(ex, ey) < ARRIVED_M

    def _brake_to_stand(self, dt: float, blockers: Sequence[Blocker]) -> None:
        """Come to a stand at the end of a walk, then go on with the plan; who would stay there close beside somebody
        walks on a little first."""
        self._turn_toward(dt, 0.0)
        self._accelerate(dt, 0.0, None)
        if self.speed < 0.01:
            self.speed = 0.0
            spot = elbow_room(self.pose, self.radius, blockers, self._free) if self._stays_here() else None
            if spot is not None:
                self._detour, self._moved_on = [WalkSegment((spot,), 0.5)], True
            self._next_segment()

    def _stays_here(self) -> bool:
        """Whether the plan goes on with standing, and no better place for that has been looked for yet."""
        after = self._plan[self._index + 1 : self._index + 2]
        return bool(after) and isinstance(after[0], StopSegment | TalkSegment) and not (self._detour or self._moved_on)

    def _bearing_of(self, path: Polyline, distance: float) -> float:
        (x, y), _ = path.at(self._progress + distance)
        return self.pose.bearing_to(x, y) if self.pose.distance_to(x, y) > 0.3 else 0.0

    def _accelerate(self, dt: float, wanted: float, ahead: Ahead | None) -> None:
        """Change speed within bounds, brake for what is ahead, and move."""
        limit = safe_speed(ahead, ACCELERATION, self._aside.squeezing)
        held_up = ahead is not None and not ahead.blocker.keeps_aside and ahead.gap < HELD_UP_M
        self._pause = PAUSE_S if held_up and limit == 0.0 else self._pause - dt
        if held_up and self._pause > 0.0:
            limit = 0.0
        brake = HARD_BRAKE if ahead is not None and ahead.gap < STOP_GAP_M else ACCELERATION
        target = min(wanted, limit)
        self.speed += min(ACCELERATION * dt, max(-brake * dt, target - self.speed))
        self._advance(dt)

    def _advance(self, dt: float) -> None:
        """Move forward, and remember the way."""
        self._trail.walk(self.pose, back=bool(self._detour))
        yaw, distance = self.pose.yaw, self.speed * dt
        self.pose = Pose2(self.pose.x + distance * math.cos(yaw), self.pose.y + distance * math.sin(yaw), yaw)

    def _turn_toward(self, dt: float, error: float) -> float:
        """Turn by up to dt at the bounded rate; return the angle turned."""
        stopping = math.sqrt(2.0 * 0.5 * TURN_ACCELERATION * abs(error))
        wanted = math.copysign(min(TURN_RATE, 6.0 * abs(error), stopping), error)
        change = TURN_ACCELERATION * dt
        self._turn_rate += min(change, max(-change, wanted - self._turn_rate))
        turned = self._turn_rate * dt
        self.pose = Pose2(self.pose.x, self.pose.y, wrap_angle(self.pose.yaw + turned))
        return turned

    def _give_way(self, dt: float, speed: float, blockers: Sequence[Blocker], motions: Sequence[Velocity]) -> bool:
        """Wait, or go and stand aside, for somebody with the right of way; return whether that is what happens.

        Args:
            speed: at which the person would go on (m/s).
        """
        yaw = self.pose.yaw
        going = (speed * math.cos(yaw), speed * math.sin(yaw))
        if oncoming(self.pose, (0.0, 0.0), self.radius, blockers, motions) is not None and not self._detour:
            return self._stand_aside(oncoming(self.pose, going, self.radius, blockers, motions), blockers)
        if speed == 0.0 or oncoming(self.pose, going, self.radius, blockers, motions) is None:
            return False
        self._turn_toward(dt, 0.0)
        self.speed = max(0.0, self.speed - HARD_BRAKE * dt)
        self._advance(dt)
        return True

    def _stand_aside(self, meets: tuple[Blocker, Velocity] | None, blockers: Sequence[Blocker]) -> bool:
        """Leave the way of somebody who is coming straight here; return whether there is somewhere to go."""
        spot = None if meets is None else refuge(self.pose, self.radius, *meets, blockers, self._free)
        if spot is not None:
            self._detour = [WalkSegment((spot,), 0.8), StopSegment(WAIT_ASIDE_S), *self._rest()]
            self._next_segment()
        elif meets is not None and self._path is not None and self.speed < 0.05:
            self._retreat(meets[0], blockers)
            return True
        return spot is not None

    def _rest(self) -> list[Segment]:
        """What is left of the current segment, from where the person is now."""
        segment = self._segment
        if isinstance(segment, WalkSegment) and self._path is not None:
            return [WalkSegment(self._path.between(self._progress, self._path.length), segment.speed)]
        assert isinstance(segment, StopSegment | TalkSegment)
        return [type(segment)(max(0.0, segment.seconds - self._elapsed))]

    def _patience_with(self, blocker: Blocker) -> float:
        """Return how long (s) to stand face to face before giving up the way."""
        share = {"theirs": YIELDING_PATIENCE, "shared": 1.0, "mine": INSISTING_PATIENCE}[blocker.right_of_way]
        return self._patience * share

    def _clear_the_way(self, blocker: Blocker, blockers: Sequence[Blocker]) -> None:
        """Stand aside for a person with the right of way if there is room, else walk back."""
        if self._detour or blocker.right_of_way != "theirs" or not self._stand_aside((blocker, (0.0, 0.0)), blockers):
            self._retreat(blocker, blockers)

    def _retreat(self, blocker: Blocker, blockers: Sequence[Blocker]) -> None:
        """Back along the way, or to a free place beside it where that leads nearer to the blocker, wait, and try the
        rest of the walk again, further back each time; the third time, leave it. One who is shut in tries at once."""
        if self._detour:
            self._next_segment()
            return
        self._retreats += 1
        back = self._trail.way_back(self.pose, blocker, RETREAT_M * self._retreats)
        if not back or self.pose.distance_to(*back[-1]) < 0.5 * RETREAT_M:
            spot = elbow_room(self.pose, self.radius, blockers, self._free)
            back = back if spot is None else (spot,)
        rest = self._rest() if self._retreats < TRIES else []
        self._detour = [*([WalkSegment(back, 0.6)] if back else []), StopSegment(2.0), *rest]
        self._next_segment()

    # --- on the spot --------------------------------------------------------------------------------------------

    def _stand(self, dt: float, segment: Segment | None) -> None:
        """Everything done standing: stop, turn, look, gesture, talk."""
        self._accelerate(dt, 0.0, None)
        if isinstance(segment, TurnSegment):
            error = self._turn_error(segment)
            self._turned += self._turn_toward(dt, error)
            done = abs(error) < math.radians(1.0) and abs(self._turn_rate) < 0.1
        elif isinstance(segment, LookAtSegment):
            self._turn_toward(dt, body_turn_for_gaze(segment, self.pose))
            done = self._elapsed >= segment.seconds
        else:
            self._turn_toward(dt, 0.0)
            done = segment is not None and self._elapsed >= _duration(segment)
        if done:
            self._next_segment()

    def _turn_error(self, segment: TurnSegment) -> float:
        if segment.by is not None:
            return segment.by - self._turned
        assert segment.to_yaw is not None
        return wrap_angle(segment.to_yaw - self.pose.yaw)

    # --- sitting ------------------------------------------------------------------------------------------------

    def _sit(self, dt: float, segment: SitSegment, blockers: Sequence[Blocker]) -> None:
        """Turn the back to the seat, go down onto it, stay, and come up where one stood, when nothing is in the way."""
        self.speed = 0.0
        about_to_move = self._sitting == 0.0 or (self._sitting == 1.0 and is_rising(segment, self._elapsed))
        if about_to_move and not room_between(segment, self._start, self.radius, blockers):
            self._elapsed -= dt
            return
        error = wrap_angle(segment.yaw - self.pose.yaw)
        if self._turned == 0.0 and abs(error) > math.radians(2.0):
            self._turn_toward(dt, error)
            self._elapsed = 0.0
            return
        self._turned, self._turn_rate, self._seat_height = 1.0, 0.0, segment.seat_height
        self._sitting = how_low(segment, self._elapsed)
        self.pose = on_the_way_down(segment, self._start, self._sitting)
        if is_rising(segment, self._elapsed) and self._sitting == 0.0:
            self._next_segment()


def _duration(segment: Segment) -> float:
    if isinstance(segment, NodSegment | ShakeSegment):
        return gesture_seconds(segment)
    assert isinstance(segment, StopSegment | TalkSegment)
    return segment.seconds
