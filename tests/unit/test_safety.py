"""The safety node: limits hold for any command, every fault stops the wheels, and the way out is never forbidden."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot import topics
from robot.bodies.rover.body import DriveLimits
from robot.clock import Ticks
from robot.messages import CmdVel, Contacts, LocalMap, Odom, People, SafetyState, Scan, Track
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from robot.rng import spawn
from robot.safety import SafetyConfig, SafetyNode, reasons
from robot.safety.arc import free_time, speed_factor
from robot.safety.limits import STILL, Twist, clip, ramp
from robot.safety.people import Near, limit_near_people, of_standing

TICKS = Ticks(60)
DRIVE = DriveLimits()


def a_scan(t_ns: int = 0, **returns: float) -> Scan:
    """A scan of open space, with single returns `d<degrees>=range`."""
    ranges = np.full(360, math.inf, dtype=np.float32)
    for name, distance in returns.items():
        ranges[(int(name[1:]) + 180) % 360] = distance
    return Scan(
        stamp_ns=t_ns, angle_min=-math.pi, angle_increment=math.pi / 180, range_min=0.1, range_max=8.0, ranges=ranges
    )


def a_map(*points: tuple[float, float]) -> LocalMap:
    cells = np.zeros((80, 80), dtype=np.uint8)
    for x, y in points:
        cells[math.floor((y + 2) / 0.05), math.floor((x + 2) / 0.05)] = 100
    return LocalMap(stamp_ns=0, origin_x=-2.0, origin_y=-2.0, resolution_m=0.05, cells=cells)


def a_person(x: float, y: float, t_ns: int = 0) -> Track:
    return Track(id=1, x=x, y=y, vx=0.0, vy=0.0, std_m=0.05, height_m=1.7, facing=None, seen_ns=t_ns, score=1.0)


def touches(bumper: tuple[int, ...] = (), cliff: tuple[int, ...] = ()) -> Contacts:
    return Contacts(
        stamp_ns=0,
        bumper=tuple(i in bumper for i in range(4)),
        cliff=tuple(i in cliff for i in range(4)),
    )


@dataclass
class Bench:
    """Feeds a safety node at 60 Hz; a topic in `silent` keeps its last message, one in `bad` is marked invalid."""

    node: SafetyNode = field(default_factory=lambda: SafetyNode(SafetyConfig(), spawn(1, "safety")))
    tick: int = 0
    silent: set[str] = field(default_factory=set)
    bad: set[str] = field(default_factory=set)
    latest: dict[str, Stamped[Message]] = field(default_factory=dict)
    world: dict[str, Any] = field(
        default_factory=lambda: {
            "scan": a_scan(),
            "odom": Odom(stamp_ns=0, x=0.0, y=0.0, yaw=0.0, v=0.0, omega=0.0),
            "contacts": touches(),
        }
    )

    def put(self, topic: Topic[Any], message: Message) -> None:
        self.world[topic.name] = message

    def step(self, v: float, omega: float = 0.0) -> SafetyState:
        now = TICKS.ns(self.tick)
        self.put(topics.CMD_VEL_WANTED, CmdVel(stamp_ns=now, v=v, omega=omega))
        new = {}
        for name, message in self.world.items():
            if name not in self.silent:
                stamped = Stamped(Envelope(name, self.tick, now, "test", name not in self.bad), message)
                self.latest[name] = stamped
                new[name] = (stamped,)
        self.tick += 1
        out = self.node.step(now, Inbox(now, dict(self.latest), new))
        sent = next(message for topic, message, _ in out.items if topic is topics.CMD_VEL)
        state = next(message for topic, message, _ in out.items if topic is topics.SAFETY)
        assert isinstance(state, SafetyState)
        assert isinstance(sent, CmdVel)
        assert (sent.v, sent.omega) == (state.applied_v, state.applied_omega)
        assert set(state.reasons) <= set(reasons.ALL)
        return state

    def run(self, seconds: float, v: float, omega: float = 0.0) -> SafetyState:
        state = self.step(v, omega)
        for _ in range(round(seconds * 60) - 1):
            state = self.step(v, omega)
        return state


def test_lets_an_allowed_command_through() -> None:
    state = Bench().run(1.5, 0.8, 0.4)
    assert (state.applied_v, state.applied_omega) == pytest.approx((0.8, 0.4))
    assert (state.state, state.reasons) == ("ok", ())


def test_a_wanted_stop_brakes_at_the_limit() -> None:
    bench = Bench()
    bench.run(1.5, 1.0)
    first = bench.step(0.0)
    assert first.applied_v == pytest.approx(1.0 - DRIVE.braking / 60)
    assert bench.run(0.7, 0.0).applied_v == 0.0


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.floats(allow_nan=True, width=32), st.floats(allow_nan=True, width=32)), min_size=1, max_size=25
    )
)
def test_never_passes_the_limits(commands: list[tuple[float, float]]) -> None:
    bench = Bench()
    last = STILL
    for v, omega in commands:
        state = bench.step(v, omega)
        assert DRIVE.v_min <= state.applied_v <= DRIVE.v_max
        assert abs(state.applied_omega) <= DRIVE.omega_max
        if reasons.BAD_COMMAND not in state.reasons:  # that one stops at once
            assert abs(state.applied_v) - abs(last.v) <= DRIVE.acceleration / 60 + 1e-9
            assert abs(last.v - state.applied_v) <= DRIVE.braking / 60 + 1e-9
            assert abs(last.omega - state.applied_omega) <= DRIVE.angular_acceleration / 60 + 1e-9
        last = Twist(state.applied_v, state.applied_omega)


@given(st.floats(-5, 5), st.floats(-9, 9), st.floats(-0.3, 1.0), st.floats(-2, 2))
def test_ramp_moves_toward_what_is_wanted(v: float, omega: float, last_v: float, last_omega: float) -> None:
    wanted = clip(Twist(v, omega), DRIVE)
    now = ramp(Twist(last_v, last_omega), wanted, DRIVE, 1 / 60)
    assert abs(now.v - wanted.v) <= abs(last_v - wanted.v)
    assert min(last_v, wanted.v) <= now.v <= max(last_v, wanted.v)
    assert abs(now.omega - wanted.omega) <= abs(last_omega - wanted.omega)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_bad_number_stops(bad: float) -> None:
    bench = Bench()
    bench.run(1.0, 0.5)
    state = bench.step(0.5, bad)
    assert state.reasons == (reasons.BAD_COMMAND,)
    assert (state.state, state.applied_v, state.applied_omega) == ("stopped", 0.0, 0.0)
    assert bench.run(1.0, 0.5).state == "ok"


@pytest.mark.parametrize("name", list(reasons.STALE))
def test_a_silent_writer_stops_the_wheels_in_time(name: str) -> None:
    bench = Bench()
    bench.put(topics.LOCAL_MAP, a_map())
    bench.put(topics.PEOPLE, People(stamp_ns=0, tracks=()))
    assert bench.run(1.0, 0.5).state == "ok"
    bench.silent.add(name)
    state = bench.run(0.3, 0.5)
    assert state.reasons == (reasons.STALE[name],)
    assert (state.applied_v, state.applied_omega) == (0.0, 0.0)
    bench.silent.clear()
    assert bench.run(1.0, 0.5).state == "ok"


@pytest.mark.parametrize("name", list(reasons.INVALID))
def test_input_marked_bad_stops(name: str) -> None:
    bench = Bench()
    bench.put(topics.LOCAL_MAP, a_map())
    bench.put(topics.PEOPLE, People(stamp_ns=0, tracks=()))
    bench.run(1.0, 0.5)
    bench.bad.add(name)
    state = bench.step(0.5)
    assert reasons.INVALID[name] in state.reasons
    assert state.applied_v == 0.0


def test_nothing_heard_yet_means_no_motion() -> None:
    bench = Bench(world={})
    assert bench.step(0.5).state == "stopped"


def test_bad_odometry_stops() -> None:
    bench = Bench()
    bench.put(topics.ODOM, Odom(stamp_ns=0, x=math.nan, y=0.0, yaw=0.0, v=0.0, omega=0.0))
    assert bench.step(0.5).reasons == (reasons.BAD_ODOMETRY,)


def test_a_lidar_of_nan_is_blind() -> None:
    bench = Bench()
    bench.run(1.0, 0.5)
    scan = a_scan()
    scan.ranges[:] = np.nan
    bench.put(topics.SCAN, scan)
    state = bench.step(0.5)
    assert (state.reasons, state.applied_v) == ((reasons.LIDAR_BLIND,), 0.0)


def test_a_lidar_blind_ahead_still_lets_back() -> None:
    bench = Bench()
    scan = a_scan()
    scan.ranges[180 - 50 : 180 + 50] = np.nan
    bench.put(topics.SCAN, scan)
    assert bench.run(0.5, 0.5).reasons == (reasons.LIDAR_BLIND,)
    assert bench.run(1.0, -0.2).applied_v == pytest.approx(-0.2)


def test_stops_short_of_a_wall_and_may_leave_it() -> None:
    bench = Bench()
    x = 0.0
    for _ in range(60 * 5):  # a post at 2 m, seen from base_link's x by a lidar 0.12 m further ahead
        bench.put(topics.ODOM, Odom(stamp_ns=TICKS.ns(bench.tick), x=x, y=0.0, yaw=0.0, v=0.0, omega=0.0))
        bench.put(topics.SCAN, a_scan(TICKS.ns(bench.tick), d0=2.0 - x - 0.12))
        x += bench.step(1.0).applied_v / 60
    gap = 2.0 - x - 0.21
    assert 0.015 < gap < 0.06
    assert bench.run(1.0, -0.3).applied_v == pytest.approx(-0.3)


def test_what_only_the_map_knows_stops_too() -> None:
    bench = Bench()
    bench.put(topics.LOCAL_MAP, a_map((0.22, 0.1)))
    state = bench.run(0.5, 0.5)
    assert state.reasons == (reasons.OBSTACLE,)
    assert state.applied_v < 0.05
    assert bench.run(0.5, -0.2).reasons == ()


def test_touching_on_the_left_forbids_only_what_comes_nearer() -> None:
    bench = Bench()
    bench.put(topics.LOCAL_MAP, a_map((0.0, 0.22)))  # 2 mm beyond the left edge, inside the margin
    assert bench.run(0.5, 0.3).applied_v == pytest.approx(0.3)  # along it
    assert bench.run(1.0, 0.0, 0.8).reasons == (reasons.OBSTACLE,)  # a corner would swing into it


def test_near_people_slow_then_no_closer_but_away_and_round() -> None:
    bench = Bench()
    bench.put(topics.PEOPLE, People(stamp_ns=0, tracks=(a_person(0.7, 0.0),)))
    state = bench.run(0.4, 0.8)
    assert (state.state, state.reasons) == ("slowed", (reasons.PERSON_NEAR,))
    assert state.applied_v == pytest.approx(0.3, abs=0.02)
    near = Bench()
    near.put(topics.PEOPLE, People(stamp_ns=0, tracks=(a_person(0.525, 0.0),)))
    state = near.run(0.4, 0.3, 0.5)
    assert (state.applied_v, state.reasons) == (0.0, (reasons.PERSON_AHEAD,))
    assert state.applied_omega == pytest.approx(0.5)
    assert near.run(0.5, -0.2).applied_v == pytest.approx(-0.2)


@pytest.mark.parametrize("place", [(0.33, 0.33), (0.10, 0.58)])
def test_no_corner_swings_into_a_foot(place: tuple[float, float]) -> None:
    bench = Bench()
    bench.put(topics.PEOPLE, People(stamp_ns=0, tracks=(a_person(*place),)))
    assert bench.run(0.5, 0.0, 1.0).reasons == (reasons.OBSTACLE,)
    assert bench.run(1.0, -0.2).applied_v == pytest.approx(-0.2)


def test_someone_seen_long_ago_does_not_slow() -> None:
    bench = Bench(tick=60)
    bench.put(topics.PEOPLE, People(stamp_ns=0, tracks=(a_person(0.6, 0.0),)))
    assert bench.run(1.0, 0.8).reasons == ()


@pytest.mark.parametrize(
    ("contacts", "reason", "forbidden", "allowed"),
    [
        (touches(bumper=(1,)), reasons.BUMPER, 0.3, -0.3),
        (touches(bumper=(3,)), reasons.BUMPER, -0.3, 0.3),
        (touches(cliff=(0,)), reasons.CLIFF, 0.3, -0.3),
        (touches(cliff=(2,)), reasons.CLIFF, -0.3, 0.3),
    ],
)
def test_touch_and_edges(contacts: Contacts, reason: str, forbidden: float, allowed: float) -> None:
    bench = Bench()
    bench.run(0.5, forbidden)
    bench.put(topics.CONTACTS, contacts)
    state = bench.step(forbidden)
    assert (state.applied_v, state.reasons) == (0.0, (reason,))
    assert bench.run(0.5, allowed).applied_v == pytest.approx(allowed)


def test_an_edge_stays_forbidden_until_the_robot_is_clear_of_it() -> None:
    bench = Bench()
    bench.put(topics.CONTACTS, touches(cliff=(1,)))
    bench.step(0.3)
    bench.put(topics.CONTACTS, touches())
    assert bench.step(0.3).reasons == (reasons.CLIFF,)
    bench.put(topics.ODOM, Odom(stamp_ns=1, x=-0.2, y=0.0, yaw=0.0, v=0.0, omega=0.0))
    assert bench.run(0.5, 0.3).reasons == ()


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-0.3, 1.0), st.floats(-2, 2))
def test_free_time_is_where_an_independent_walk_first_comes_near(x: float, y: float, v: float, w: float) -> None:
    def distance(t: float) -> float:
        yaw = w * t
        along, across = (v * t, 0.0) if abs(w) < 1e-6 else (v / w * math.sin(yaw), v / w * (1 - math.cos(yaw)))
        px, py = x - along, y - across
        bx, by = math.cos(yaw) * px + math.sin(yaw) * py, math.cos(yaw) * py - math.sin(yaw) * px
        dx, dy = abs(bx) - 0.21, abs(by) - 0.2
        return max(dx, dy) if max(dx, dy) < 0 else math.hypot(max(dx, 0), max(dy, 0))

    found = free_time(np.array([[x, y]]), v, w, 0.21, 0.2, 0.02, 0.8, 16)
    limit = min(0.02, distance(0.0) - 1e-4)
    walked = [k * 0.001 for k in range(801) if distance(k * 0.001) < limit]
    if math.isinf(found):  # a graze shorter than one sample may be passed over
        assert not walked or min(distance(t) for t in walked) > limit - 0.02
    elif walked:
        assert found <= walked[0] + 0.051


@given(st.floats(0, 0.8), st.floats(0.05, 1.0), st.floats(-2, 2))
def test_speed_factor_stops_in_time(free_s: float, v: float, omega: float) -> None:
    k = speed_factor(free_s, Twist(v, omega), DRIVE, 0.1)
    assert 0.0 <= k <= 1.0
    fade = min(DRIVE.braking / v, DRIVE.angular_acceleration / abs(omega) if omega else math.inf)
    assert k * 0.1 + k * k / (2 * fade) <= free_s + 1e-9


def test_two_nodes_fed_alike_say_the_same() -> None:
    def states() -> list[SafetyState]:
        bench = Bench()
        bench.put(topics.PEOPLE, People(stamp_ns=0, tracks=(a_person(0.9, 0.3),)))
        bench.put(topics.LOCAL_MAP, a_map((0.5, 0.3), (0.4, -0.3)))
        return [bench.step(math.sin(i / 9), math.cos(i / 7)) for i in range(200)]

    assert states() == states()


@pytest.mark.parametrize(("gap_m", "stands", "allowed"), [(0.42, True, 0.15), (0.42, False, 0.0), (0.38, True, 0.0)])
def test_creeps_past_one_who_stands_but_not_at_their_toes(gap_m: float, stands: bool, allowed: float) -> None:
    config = SafetyConfig()
    person = Near(config.body.length / 2 + gap_m, 0.0, stands)
    twist, reasons = limit_near_people(Twist(0.5, 0.0), [person], config)
    assert twist.v == pytest.approx(allowed)
    assert reasons


def test_only_legs_of_a_known_standing_person_are_theirs() -> None:
    legs = np.array([[1.0, 0.1], [1.0, 0.6]])
    config = SafetyConfig()
    assert of_standing([Near(1.0, 0.0, True)], legs, config).tolist() == [True, False]
    assert not of_standing([Near(1.0, 0.0, False)], legs, config).any()
    assert not of_standing([], legs, config).any()
