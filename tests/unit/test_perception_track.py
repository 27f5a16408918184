"""The tracker: places in odom, births, deaths, prediction and the help of legs."""

import math

import numpy as np

from robot.geometry import Pose2
from robot.messages import Odom, Scan
from robot.perception.appearance import BANDS, BINS
from robot.perception.kalman import WalkerFilter
from robot.perception.legs import Leg, LegConfig, LegFinder
from robot.perception.observation import Observation, View
from robot.perception.track import PoseHistory
from robot.perception.tracker import Tracker, TrackerConfig
from tests.unit.perception_theatre import BLUE, RED, Theatre, Walker, distance


def test_two_people_two_tracks_in_odom():
    robot = lambda t: Pose2(1.0, 2.0, math.pi / 2 + 0.3 * math.sin(t))  # noqa: E731
    theatre = Theatre([Walker(lambda t: (1.3, 4.0), RED), Walker(lambda t: (0.4, 5.0), BLUE)], robot=robot)
    theatre.play(4.0)
    found = sorted((round(t.x, 1), round(t.y, 1)) for t in theatre.people.tracks)
    assert found == [(0.4, 5.0), (1.3, 4.0)]


def test_a_turning_robot_does_not_move_the_person():
    """Sightings are placed with the pose of their own moment: at 1.5 rad/s a frame's delay would be 0.2 m."""
    robot = lambda t: Pose2(0.0, 0.0, 0.5 * math.sin(3.0 * t))  # noqa: E731
    told = Theatre([Walker(lambda t: (2.5, 0.0), RED)], robot=robot).play(6.0)
    assert max(distance(lock, (2.5, 0.0)) for t, lock in told if t > 2.0) < 0.12


def test_who_walks_off_in_plain_view_is_forgotten_soon():
    theatre = Theatre([Walker(lambda t: (3.0, 0.8), BLUE, hidden=((2.0, 99.0),)), Walker(lambda t: (2.0, 0.0), RED)])
    theatre.play(4.0)
    assert len(theatre.people.tracks) == 1


def test_who_leaves_the_view_is_remembered_for_a_while():
    robot = lambda t: Pose2(0.0, 0.0, 0.0 if t < 2.0 else 2.0)  # noqa: E731
    theatre = Theatre([Walker(lambda t: (2.5, 0.0), RED), Walker(lambda t: (3.0, 1.0), BLUE)], robot=robot)
    theatre.play(4.0)
    assert len(theatre.people.tracks) == 2


def test_legs_keep_the_lock_beside_the_robot():
    """The person walks past the robot and out of view; only the lidar can tell where they are."""
    path = lambda t: (2.0 - 0.6 * max(0.0, t - 2.0), 0.7)  # noqa: E731
    blind = Theatre([Walker(path, RED)]).play(6.0)
    legs = Theatre([Walker(path, RED)], with_scan=True).play(6.0)
    assert distance(legs[-1][1], path(5.95)) < 0.25
    assert legs[-1][1].state == "locked"
    assert blind[-1][1].state != "locked"


def test_who_comes_up_from_behind_is_heard_before_being_seen():
    """A bystander walks up to the side of the robot, where no camera looks, and stands there 0.4 m away."""
    path = lambda t: (max(-1.6 + 0.5 * t, -1.6) if t < 3.5 else 0.15, -0.55)  # noqa: E731
    theatre = Theatre([Walker(lambda t: (2.5, 0.3), RED), Walker(path, BLUE)], with_scan=True)
    theatre.play(12.0)
    near = [t for t in theatre.people.tracks if math.dist((t.x, t.y), path(12.0)) < 0.25]
    assert len(near) == 1
    assert 0.3 <= near[0].score < 0.6
    assert math.hypot(near[0].vx, near[0].vy) < 0.15


def test_what_stands_still_is_nobody_however_the_robot_moves():
    """Two chair legs and two table legs behind a robot that drives past them."""
    stools = [Walker(lambda t, x=x: (x, -0.8), BLUE, hidden=((0.0, 99.0),)) for x in (-1.5, -0.4, 0.7)]
    robot = lambda t: Pose2(-1.0 + 0.3 * t, 0.0, 0.4 * math.sin(2.0 * t))  # noqa: E731
    theatre = Theatre([Walker(lambda t: (2.0 + 0.3 * t, 0.0), RED), *stools], robot=robot, with_scan=True)
    theatre.play(8.0)
    assert len(theatre.people.tracks) == 1


def test_chair_legs_are_furniture():
    angles = -math.pi + np.arange(360) * math.tau / 360
    finder = LegFinder(LegConfig())

    def scan(i):
        ranges = np.full(360, np.inf, dtype=np.float32)
        ranges[np.abs(angles - 0.2) < 0.03] = 1.5  # stands still
        ranges[np.abs(angles + 0.5 - 0.02 * i) < 0.05] = 1.2  # moves
        return Scan(
            stamp_ns=i * 100_000_000,
            angle_min=-math.pi,
            angle_increment=math.tau / 360,
            range_min=0.1,
            range_max=8.0,
            ranges=ranges,
        )

    first = finder.find(scan(0), Pose2(), [])
    assert len([leg for leg in first if not leg.pair]) == 2
    for i in range(1, 30):
        last = finder.find(scan(i), Pose2(), [])
    assert len(last) == 1
    assert abs(math.atan2(last[0].y, last[0].x) - (-0.5 + 0.02 * 29)) < 0.05


def test_scan_of_nothing_and_of_nan():
    finder = LegFinder(LegConfig())
    for value in (np.inf, np.nan):
        empty = Scan(
            stamp_ns=0,
            angle_min=-math.pi,
            angle_increment=math.tau / 360,
            range_min=0.1,
            range_max=8.0,
            ranges=np.full(360, value, dtype=np.float32),
        )
        assert finder.find(empty, Pose2(), []) == []


def test_view_knows_what_it_cannot_see():
    view = View(Pose2(), 0.6, 5.0)
    assert view.expects(2.0, 0.0)
    assert not view.expects(-2.0, 0.0)
    assert not view.expects(6.0, 0.0)
    assert not view.expects(2.0, 2.0)
    angles = np.linspace(-0.2, 0.2, 41)
    assert not View(Pose2(), 0.6, 5.0, angles, np.full(41, 1.0)).expects(2.0, 0.0)
    assert View(Pose2(), 0.6, 5.0, angles, np.full(41, 1.9)).expects(2.0, 0.0)


def test_pose_history_interpolates_across_the_turn_of_yaw():
    history = PoseHistory()
    assert history.at(0) is None
    for i, yaw in enumerate((3.1, -3.1)):
        history.add(Odom(stamp_ns=i * 100, x=float(i), y=0.0, yaw=yaw, v=0.0, omega=0.0))
    middle = history.at(50)
    assert middle is not None
    assert math.isclose(middle.x, 0.5)
    assert abs(abs(middle.yaw) - math.pi) < 1e-6
    assert history.at(10_000_000_000) is None


def test_filter_finds_a_steady_walk():
    rng = np.random.default_rng(0)
    walker = WalkerFilter(0.0, 0.0, 0.1, speed_std=0.8, acceleration_density=0.08)
    for i in range(1, 60):
        walker.predict(0.1)
        walker.update(0.05 * i + 0.03 * rng.standard_normal(), 0.03 * rng.standard_normal(), 0.05)
    assert abs(walker.velocity[0] - 0.5) < 0.12
    assert walker.std_m < 0.06
    walker.predict(3.0, fade_s=1.0)
    assert walker.velocity[0] < 0.05
    assert walker.std_m > 0.5


def test_legs_that_turn_up_after_a_gap_are_not_taken_for_the_locked_person():
    for pinned in (True, False):
        tracker, view = Tracker(TrackerConfig()), View(Pose2(), 0.6, 5.0)
        for i in range(6):
            seen = Observation(2.0, 1.3, 0.06, 1.7, None, RED, 0.9)
            tracker.sight(i * 100_000_000, [seen], view)
        (track,) = tracker.confirmed
        track.pinned = pinned
        tracker.walk(2_000_000_000, [Leg(2.1, 1.3, True)], (0.0, 0.0), view)
        assert (track.seen_ns == 500_000_000) == pinned


def test_who_looks_half_alike_is_not_taken_up_again_after_a_while():
    """A glance is not enough: likeness of 0.7 holds a person who was there a moment ago, but wins nobody back."""
    look = RED.copy().reshape(BANDS, BINS)
    look[0] = np.roll(look[0], 3)  # other shoes and shins: three of four bands agree
    for pause, taken in ((0.1, True), (2.0, False)):
        tracker, view = Tracker(TrackerConfig()), View(Pose2(), 0.6, 5.0)
        for i in range(6):
            tracker.sight(i * 100_000_000, [Observation(2.0, 0.0, 0.06, 1.7, None, RED, 0.9)], view)
        (track,) = tracker.confirmed
        track.pinned = True
        pairs = tracker.sight(
            500_000_000 + round(pause * 1e9), [Observation(2.0, 0.0, 0.06, 1.7, None, look.ravel(), 0.9)], view
        )
        assert (pairs[0][0] is track) == taken
