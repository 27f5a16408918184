"""The follower's parts on plain values, and what the node says when something is missing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.baseline import NaiveFollower, NaiveFollowerConfig, ToldPeople, ToldPeopleConfig, straight_at
from policies.follow import Follower
from policies.follow.approach import Approach
from policies.follow.ground import build_ground
from policies.follow.make_way import as_walking, choose_way, coming, face_to_face, waiting
from policies.follow.motion import Motions
from policies.follow.pursuit import Aim, LookAround
from policies.follow.standoff import choose, in_the_way, is_good, wished_distance
from policies.follow.stirs import Stirs
from policies.follow.trail import Person, Trail
from robot import topics
from robot.geometry import Pose2
from robot.messages import CmdVel, FollowState, LocalMap, Lock, Log, NavGoal, Odom, PersonTruth, WorldTruth
from robot.node import Envelope, Inbox, M, Message, Stamped, Topic
from robot.rng import spawn
from tests.unit.follow_ground import CONFIG, ROBOT, a_ground


def test_trail_point_behind_is_on_the_way_they_walked() -> None:
    trail = Trail(0.1, 8.0)
    for i in range(21):
        trail.add(i * 0.1, 0.0)
    for i in range(1, 11):
        trail.add(2.0, i * 0.1)
    behind = trail.point_behind(2.0, 1.0, 1.4)
    assert behind is not None
    assert behind[1] == pytest.approx(0.0, abs=0.01)
    assert math.dist(behind, (2.0, 1.0)) == pytest.approx(1.4, abs=0.02)
    assert Trail(0.1, 8.0).point_behind(0.0, 0.0, 1.0) is None


def test_travel_goes_round_a_wall_and_stops_at_a_shut_one() -> None:
    beyond = np.array([[2.0, 0.0]])
    assert a_ground().travel_to(beyond)[0] == pytest.approx(2.0, abs=0.15)
    around = a_ground((0.9, -1.0, 1.1, 4.0)).travel_to(beyond)[0]
    assert 3.0 < around < 4.5
    assert math.isinf(a_ground((0.9, -4.0, 1.1, 4.0)).travel_to(beyond)[0])
    narrow = a_ground((0.9, -4.0, 1.1, -0.1), (0.9, 0.1, 1.1, 4.0))
    assert math.isinf(narrow.travel_to(beyond)[0])


def test_sight_is_cut_by_a_wall_only() -> None:
    ground = a_ground((0.9, -1.0, 1.1, 1.0))
    assert list(ground.in_sight(np.array([[0.0, 0.0], [2.0, 3.0]]), 2.0, 0.0)) == [False, True]


def test_clearance_is_the_distance_to_the_edge() -> None:
    ground = a_ground((1.0, -4.0, 1.2, 4.0))
    assert ground.clearance_at(np.array([[0.0, 0.0]]))[0] == pytest.approx(1.0, abs=0.11)


def test_people_are_no_obstacle_on_the_ground() -> None:
    cells = np.zeros((160, 160), dtype=np.uint8)
    cells[78:82, 108:112] = 100
    local = LocalMap(stamp_ns=0, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)
    assert not build_ground(local, ROBOT, [Person(1.5, 0.0)], 0.24, 0.4).occupied.any()


def test_the_way_leads_round_whoever_stays_and_not_round_whoever_leaves() -> None:
    cells = np.zeros((160, 160), dtype=np.uint8)
    local = LocalMap(stamp_ns=0, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)
    beyond = np.array([[2.0, 0.0]])

    def travel(person: Person) -> float:
        ground = build_ground(local, ROBOT, [person], CONFIG.pass_radius_m, CONFIG.person_erase_m)
        return float(ground.travel_to(beyond)[0])

    assert travel(Person(1.0, 0.0, 0.5, 0.0)) == pytest.approx(2.0, abs=0.15)
    assert travel(Person(1.0, 0.0)) > 2.2
    assert travel(Person(1.0, 0.0, -0.5, 0.0)) > 2.2


def test_somebody_in_the_only_door_makes_the_way_long_and_does_not_shut_it() -> None:
    cells = np.zeros((160, 160), dtype=np.uint8)
    cells[:, 100] = 100
    cells[70:90, 100] = 0
    local = LocalMap(stamp_ns=0, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)
    beyond = np.array([[2.0, 0.0]])
    free = build_ground(local, ROBOT, [], CONFIG.pass_radius_m, CONFIG.person_erase_m).travel_to(beyond)[0]
    held = build_ground(local, ROBOT, [Person(1.0, 0.0)], CONFIG.pass_radius_m, CONFIG.person_erase_m)
    assert free + 2.0 < held.travel_to(beyond)[0] < free + 8.0


def test_an_approach_does_not_swing_between_the_near_side_and_the_way_round() -> None:
    ground = a_ground((1.0, -4.0, 1.1, 4.0))
    approach, aim = Approach(), Aim(1.5, 0.0, drive=True)
    near = approach.place(aim, ROBOT, ground)
    assert near[0] < 1.0
    assert approach.place(aim, Pose2(*near), ground) == (1.5, 0.0)
    assert approach.place(aim, ROBOT, ground) == (1.5, 0.0)  # the navigator's way round begins by leading off
    other = approach.place(Aim(1.5, 2.0, drive=True), ROBOT, ground)
    assert other[0] < 1.0


def test_yields_to_whoever_stands_near_on_any_side_and_to_nobody_else() -> None:
    before, behind, walking = Person(0.8, 0.1), Person(-0.8, 0.0), Person(0.8, 0.0, 0.5, 0.0)
    yields = face_to_face([before, behind, walking, Person(2.0, 0.0)], ROBOT, CONFIG)
    assert [(p.x, p.y) for p in yields] == [(0.8, 0.1), (-0.8, 0.0)]
    assert yields[0].vx < 0.0 < yields[1].vx  # as if they wanted to come through


def test_a_passage_is_no_place_to_rest() -> None:
    person = Person(1.4, 0.0)
    assert is_good(person, ROBOT, a_ground(), False, CONFIG)
    assert not is_good(person, ROBOT, a_ground((-1.0, 0.3, 1.0, 0.5), (-1.0, -0.5, 1.0, -0.3)), False, CONFIG)


def test_place_lies_behind_someone_who_walks_away() -> None:
    place = choose(Person(2.5, 0.0, 0.7, 0.0), [], ROBOT, Trail(0.1, 8.0), a_ground(), None, CONFIG)
    assert place is not None
    assert place[0] < 2.0
    assert abs(place[1]) < 0.4
    assert 0.9 < math.dist(place, (2.5, 0.0)) < 2.0


def test_place_is_in_sight_of_someone_behind_a_wall() -> None:
    ground = a_ground((0.9, -1.0, 1.1, 4.0))
    person = Person(2.2, 1.0)
    place = choose(person, [], ROBOT, Trail(0.1, 8.0), ground, None, CONFIG)
    assert place is not None
    assert ground.in_sight(np.array([place]), person.x, person.y)[0]
    assert math.isfinite(ground.travel_to(np.array([place]))[0])


def test_no_place_when_nothing_can_be_reached() -> None:
    ground = a_ground((1.0, -4.0, 1.2, 4.0))
    assert choose(Person(3.5, 0.0), [], Pose2(), Trail(0.1, 8.0), ground, None, CONFIG) is None


def test_place_keeps_off_other_people() -> None:
    other = Person(1.1, 0.0)
    place = choose(Person(2.5, 0.0), [other], ROBOT, Trail(0.1, 8.0), a_ground(), None, CONFIG)
    assert place is not None
    assert math.dist(place, (1.1, 0.0)) > 0.6


@given(st.floats(0.3, 4.0), st.floats(0.0, 1.2))
def test_wished_distance_stays_between_nearest_and_standoff(distance: float, speed: float) -> None:
    wished = wished_distance(distance, Person(0.0, 0.0, speed, 0.0), CONFIG)
    assert CONFIG.nearest_m < wished <= CONFIG.standoff_m


def test_good_place_needs_distance_and_sight() -> None:
    assert is_good(Person(1.4, 0.0), ROBOT, a_ground(), False, CONFIG)
    assert not is_good(Person(2.2, 0.0), ROBOT, a_ground(), True, CONFIG)
    assert not is_good(Person(1.4, 0.0), ROBOT, a_ground((0.6, -1.0, 0.8, 1.0)), True, CONFIG)
    assert not is_good(Person(1.6, 0.0, 0.8, 0.0), ROBOT, a_ground(), True, CONFIG)


def test_only_what_lies_ahead_is_in_the_way() -> None:
    points = np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 1.0], [9.0, 0.0]])
    assert list(in_the_way(points, Person(0.0, 0.0, 0.6, 0.0), 2.5, 0.5) > 0.0) == [True, False, False, False]


def test_who_comes_is_about_to_walk_into_it() -> None:
    comes, leaves = Person(1.0, 0.1, -0.6, 0.0), Person(1.5, 0.1, 0.6, 0.0)
    assert coming([leaves, Person(0.0, 0.5), comes], ROBOT, CONFIG) == [comes]
    assert coming([Person(1.0, 0.8, -0.6, 0.0)], ROBOT, CONFIG) == []


def test_someone_held_up_by_a_robot_still_means_to_pass() -> None:
    held_up = Person(0.9, 0.0, 0.0, 0.0, -0.6, 0.0)
    assert waiting([held_up], ROBOT, CONFIG) == [held_up.as_meant()]
    assert coming([held_up], ROBOT, CONFIG) == []
    assert as_walking(held_up, ROBOT, CONFIG) == held_up.as_meant()
    assert as_walking(Person(0.9, 0.0), ROBOT, CONFIG) == Person(0.9, 0.0)


def test_velocity_is_calm_and_ends_with_the_walk() -> None:
    rng = spawn(1, "positions")
    motions = Motions(0.7, CONFIG.standing_speed, CONFIG.fastest_person)
    found = []
    for i in range(60):
        x = 0.06 * min(i, 30) + rng.normal(0.0, 0.04)
        found.append(motions.person(7, (i + 1) * 100_000_000, x, rng.normal(0.0, 0.04), 0.0))
    walking = [person.speed for person in found[10:30]]
    assert np.mean(walking) == pytest.approx(0.6, abs=0.08)
    assert np.std(walking) < 0.15
    assert np.mean([person.speed for person in found[40:]]) < 0.1
    assert math.hypot(found[-1].aim_x, found[-1].aim_y) > 0.2


def test_way_is_beside_the_corridor_where_there_is_room() -> None:
    coming = Person(1.8, 0.0, -0.6, 0.0)
    x, y = choose_way([coming], ROBOT, a_ground(), coming, None, CONFIG)
    assert abs(y) >= 0.45
    assert math.hypot(x, y) <= 1.41


def test_way_is_toward_the_free_side() -> None:
    coming = Person(1.8, 0.0, -0.6, 0.0)
    _, y = choose_way([coming], ROBOT, a_ground((-4.0, 0.35, 4.0, 0.5)), coming, None, CONFIG)
    assert y <= -0.45


def test_way_is_back_where_there_is_no_side() -> None:
    coming = Person(1.8, 0.0, -0.6, 0.0)
    walls = ((-4.0, 0.45, 4.0, 0.6), (-4.0, -0.6, 4.0, -0.45))
    x, y = choose_way([coming], ROBOT, a_ground(*walls), coming, None, CONFIG)
    assert x <= -0.5
    assert abs(y) < 0.3


def test_turns_to_what_came_to_stand_beside_it_and_not_to_what_it_faces() -> None:
    def seen(*box: float) -> tuple[float, float] | None:
        stirs, found = Stirs(), None
        for i in range(20):
            ground = a_ground() if i < 12 else a_ground((box[0], box[1], box[2], box[3]))
            found = found or stirs.nearest(ROBOT, ground, i * 100_000_000, CONFIG.half_view_rad)
        return found

    beside = seen(-0.2, 1.0, 0.2, 1.3)
    assert beside is not None
    assert math.dist(beside, (0.0, 1.0)) < 0.3
    assert seen(1.0, -0.2, 1.3, 0.2) is None


def test_a_look_around_turns_once_and_goes_on_the_way_it_began() -> None:
    turn, seen = LookAround(ROBOT, 0, 1.0, 5.0), 0.0
    for i in range(1, 100):
        robot = Pose2(0.0, 0.0, 0.2 * i)
        if not turn.step(robot, i * 100_000_000):
            break
        aim = turn.aim(robot)
        assert robot.bearing_to(aim.x, aim.y) > 0.5
        seen = 0.2 * i
    assert 4.5 < seen < 5.0


def stamped(topic: Topic[M], message: M, t_ns: int = 0) -> dict[str, Stamped[Message]]:
    return {topic.name: Stamped(Envelope(topic.name, 0, t_ns, "test"), message)}


def said(latest: dict[str, Stamped[Message]], now_ns: int = 0) -> tuple[NavGoal, FollowState, list[Log]]:
    node = Follower(CONFIG, spawn(1, "follower"))
    items = node.step(now_ns, Inbox(now_ns, latest, {name: (one,) for name, one in latest.items()})).items
    goal, state = items[0][1], items[1][1]
    assert isinstance(goal, NavGoal)
    assert isinstance(state, FollowState)
    return goal, state, [item[1] for item in items[2:] if isinstance(item[1], Log)]


def test_waits_and_says_why() -> None:
    odom = stamped(topics.ODOM, Odom(stamp_ns=0, x=0.0, y=0.0, yaw=0.0, v=0.0, omega=0.0))
    nobody = stamped(topics.LOCK, Lock(stamp_ns=0, state="none"))
    someone = stamped(topics.LOCK, Lock(stamp_ns=0, state="locked", id=3, x=2.0))
    for latest, now_ns, reason in (
        ({}, 0, "no odometry"),
        (odom, 0, "no word of the person"),
        ({**odom, **someone}, 400_000_000, "no word of the person"),
        ({**odom, **nobody}, 0, "nobody to follow"),
        ({**odom, **someone}, 0, "no map yet"),
    ):
        goal, state, lines = said(latest, now_ns)
        assert (goal.mode, state.mode, state.reason, lines) == ("stop", "waiting", reason, [])


def test_a_change_of_mode_is_logged() -> None:
    cells = np.zeros((160, 160), dtype=np.uint8)
    latest = {
        **stamped(topics.ODOM, Odom(stamp_ns=0, x=0.0, y=0.0, yaw=0.0, v=0.0, omega=0.0)),
        **stamped(topics.LOCK, Lock(stamp_ns=0, state="locked", id=3, x=3.0)),
        **stamped(topics.LOCAL_MAP, LocalMap(stamp_ns=0, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)),
    }
    goal, state, lines = said(latest)
    assert (goal.mode, goal.look_at, state.mode) == ("go", (3.0, 0.0), "following")
    assert 1.2 < goal.x < 1.9
    assert [line.text for line in lines] == ["follow: following (keeping up)"]


def test_baseline_drives_straight_and_stops_short() -> None:
    config = NaiveFollowerConfig()
    assert straight_at(ROBOT, 1.4, 0.0, config) == (0.0, 0.0)
    assert straight_at(ROBOT, 5.0, 0.0, config) == (config.body.drive.v_max, 0.0)
    assert straight_at(ROBOT, 0.0, 5.0, config)[0] == 0.0
    node = NaiveFollower(config, spawn(1, "naive"))
    robot, t_ns = Pose2(), 0
    for _ in range(200):
        person = PersonTruth(name="anna", x=4.0, y=3.0, yaw=0.0, speed=0.0, in_sight=True, in_view=True, gap_m=1.0)
        truth = WorldTruth(
            stamp_ns=t_ns, x=robot.x, y=robot.y, z=0.0, yaw=robot.yaw, v=0.0, omega=0.0,
            people=(person,), contacts=(), clearance_m=1.0,
        )  # fmt: skip
        latest = stamped(topics.TRUTH, truth, t_ns)
        command = node.step(t_ns, Inbox(t_ns, latest, {})).items[0][1]
        assert isinstance(command, CmdVel)
        robot = robot * Pose2(command.v * 0.05, 0.0, command.omega * 0.05)
        t_ns += 50_000_000
    assert robot.distance_to(4.0, 3.0) == pytest.approx(1.5, abs=0.05)
    assert abs(robot.bearing_to(4.0, 3.0)) < 0.05


def test_told_baseline_gives_true_places_in_odom_and_remembers_who_went_out_of_sight() -> None:
    node = ToldPeople(ToldPeopleConfig(), spawn(1, "told"))

    def lock_at(now_s: float, in_sight: bool) -> Lock:
        now_ns = round(now_s * 1e9)
        person = PersonTruth(name="ada", x=1.0, y=4.0, yaw=0.0, speed=0.5, in_sight=in_sight, in_view=True, gap_m=1.0)
        truth = WorldTruth(
            stamp_ns=now_ns, x=1.0, y=2.0, z=0.0, yaw=math.pi / 2, v=0.0, omega=0.0, people=(person,), contacts=(),
            clearance_m=1.0,
        )  # fmt: skip
        odom = Odom(stamp_ns=now_ns, x=0.0, y=0.0, yaw=0.0, v=0.0, omega=0.0)
        latest = stamped(topics.TRUTH, truth) | stamped(topics.ODOM, odom)
        lock = node.step(now_ns, Inbox(now_ns, latest, {name: (one,) for name, one in latest.items()})).items[1][1]
        assert isinstance(lock, Lock)
        return lock

    seen = lock_at(0.0, in_sight=True)
    assert seen.state == "locked"
    assert seen.x == pytest.approx(2.0)
    assert seen.y == pytest.approx(0.0, abs=1e-9)
    assert seen.vy == pytest.approx(-0.5)  # map x is odom -y
    assert lock_at(1.0, in_sight=False).state == "occluded"
    gone = lock_at(6.0, in_sight=False)
    assert gone.state == "lost"
    assert gone.x == pytest.approx(2.0)
