"""A person over time: runs a plan, walks with bounded acceleration and turn rate, and makes way as people do.

Pure and deterministic: everything random is drawn from the generator given at construction, and `step` depends on
the steps before it and its arguments only. A person yields to what is in front (see `yielding.py`), not to a robot
that comes from behind or from the side. When the way stays shut and there is no room to step around, the person
eventually walks back a little, waits, and tries again, so that two who meet in a doorway do not stand for ever.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from numpy.random import Generator

from robot.geometry import Pose2, wrap_angle
from sim.people.gait import phase_rate
from sim.people.head_motion import HeadMotion, body_turn_for_gaze, gesture_seconds
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
from sim.people.state import PersonState
from sim.people.yielding import STOP_GAP_M, Ahead, Free, SideStep, in_front, safe_speed

ACCELERATION = 0.8  # m/s^2, speeding up and planned braking
HARD_BRAKE = 2.0  # m/s^2, when something is suddenly within the stop gap
TURN_RATE = 2.0  # rad/s
TURN_ACCELERATION = 10.0  # rad/s^2
LOOKAHEAD_M = 0.4
ARRIVED_M = 0.06
SIT_SECONDS = 1.4
FLOOR_RATE = 0.6  # m/s; hips rise and fall over a step in the floor
STEP_ON_TURN_M = 0.10  # walking speed whose steps fit a turn on the spot, per rad/s
RETREAT_M = 1.4


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
        self._patience = float(rng.uniform(4.0, 8.0))
        self._z, self._phase, self._turn_rate, self._sitting = floor(start.x, start.y), 0.0, 0.0, 0.0
        self._seat_height = 0.45
        self._index = -1
        self._detour: list[Segment] = []
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
        segment = self._segment
        if isinstance(segment, WalkSegment):
            self._walk(dt, segment, blockers)
        elif isinstance(segment, SitSegment):
            self._sit(dt, segment)
        else:
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
        """Go on with the detour, else with the plan."""
        self._elapsed, self._turned, self._progress = 0.0, 0.0, 0.0
        self._start, self._aside = self.pose, SideStep()
        self._path: Polyline | None = None
        if self._detour:
            self._segment: Segment | None = self._detour.pop(0)
        else:
            self._index += 1
            if self._index >= len(self._plan) and self._loop and self._plan:
                self._index = 0
            self._segment = self._plan[self._index] if self._index < len(self._plan) else None
            self.finished = self._segment is None
        if isinstance(self._segment, WalkSegment):
            self._path = Polyline(((self.pose.x, self.pose.y), *self._segment.points))

    # --- walking ------------------------------------------------------------------------------------------------

    def _walk(self, dt: float, segment: WalkSegment, blockers: Sequence[Blocker]) -> None:
        assert self._path is not None
        path = self._path
        self._progress = path.project(self.pose.x, self.pose.y, self._progress)
        left = path.length - self._progress
        ahead = in_front(self.pose, self.radius, blockers)
        self._aside.update(dt, self.pose, self.radius, ahead, self.speed < 0.05, blockers, self._free)
        if self._arrived(path, left) or (left < 0.6 and self._aside.blocked_s > 3.0):
            self._brake_to_stand(dt)
            return
        if self._aside.blocked_s > self._patience:
            self._retreat(path)
            return
        (tx, ty), (dx, dy) = path.at(self._progress + min(LOOKAHEAD_M, max(left, 0.15)))
        offset = self._aside.offset * min(1.0, left)
        bearing = self.pose.bearing_to(tx - dy * offset, ty + dx * offset)
        self._turn_toward(dt, bearing)
        self._turn_ahead = self._bearing_of(path, 1.2)
        wanted = segment.speed * max(0.0, math.cos(min(abs(bearing) * 1.3, 0.5 * math.pi)))
        wanted = min(wanted, math.sqrt(2.0 * ACCELERATION * max(0.0, left - 0.5 * ARRIVED_M)))
        self._accelerate(dt, wanted, ahead)

    def _arrived(self, path: Polyline, left: float) -> bool:
        """Whether the end is reached, or passed close by (a path may cross its own end earlier on)."""
        if left > 0.3:
            return False
        ex, ey = path.points[-1]
        gone_by = abs(self.pose.bearing_to(ex, ey)) > 0.5 * math.pi and self._progress > 0.3
        return left < ARRIVED_M or gone_by or self.pose.distance_to(ex, ey) < ARRIVED_M

    def _brake_to_stand(self, dt: float) -> None:
        """Come to a stand at the end of a walk, then go on with the plan."""
        self._turn_toward(dt, 0.0)
        self._accelerate(dt, 0.0, None)
        if self.speed < 0.01:
            self.speed = 0.0
            self._next_segment()

    def _bearing_of(self, path: Polyline, distance: float) -> float:
        (x, y), _ = path.at(self._progress + distance)
        return self.pose.bearing_to(x, y) if self.pose.distance_to(x, y) > 0.3 else 0.0

    def _accelerate(self, dt: float, wanted: float, ahead: Ahead | None) -> None:
        """Change speed within bounds, brake for what is ahead, and move."""
        limit = safe_speed(ahead, ACCELERATION)
        brake = HARD_BRAKE if ahead is not None and ahead.gap < STOP_GAP_M else ACCELERATION
        target = min(wanted, limit)
        self.speed += min(ACCELERATION * dt, max(-brake * dt, target - self.speed))
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

    def _retreat(self, path: Polyline) -> None:
        """Back along the way, wait, and try the rest of the walk again; shut in from behind, try at once."""
        if self._detour:
            self._next_segment()
            return
        back = path.between(self._progress, max(0.0, self._progress - RETREAT_M))
        rest = path.between(self._progress, path.length)
        speed = self._segment.speed if isinstance(self._segment, WalkSegment) else 0.5
        self._detour = [WalkSegment(back, 0.5), StopSegment(2.0), WalkSegment(rest, speed)]
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

    def _sit(self, dt: float, segment: SitSegment) -> None:
        """Turn the back to the seat, go down onto it, stay, and come up where one stood."""
        self.speed = 0.0
        error = wrap_angle(segment.yaw - self.pose.yaw)
        if self._turned == 0.0 and abs(error) > math.radians(2.0):
            self._turn_toward(dt, error)
            self._elapsed = 0.0
            return
        self._turned, self._turn_rate, self._seat_height = 1.0, 0.0, segment.seat_height
        rising = self._elapsed > SIT_SECONDS + segment.seconds
        down = SIT_SECONDS * 2.0 + segment.seconds - self._elapsed if rising else self._elapsed
        self._sitting = min(1.0, max(0.0, down / SIT_SECONDS))
        s = self._sitting * self._sitting * (3.0 - 2.0 * self._sitting)
        x = self._start.x + s * (segment.x - self._start.x)
        y = self._start.y + s * (segment.y - self._start.y)
        self.pose = Pose2(x, y, segment.yaw)
        if rising and self._sitting == 0.0:
            self._next_segment()


def _duration(segment: Segment) -> float:
    if isinstance(segment, NodSegment | ShakeSegment):
        return gesture_seconds(segment)
    assert isinstance(segment, StopSegment | TalkSegment)
    return segment.seconds
