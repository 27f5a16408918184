"""A display in a home: it stands where the file says, sees who is there, is seen, and rests while nothing moves."""

from __future__ import annotations

import numpy as np
import pytest

from robot import topics
from robot.bodies.tabletop.body import TabletopBody
from robot.messages import HeadTruth, JointSetpoints
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from robot.perception.faces.lock import Choice, LockView
from robot.perception.faces.node import FaceNode, FaceNodeConfig
from robot.perception.faces.watcher import Scene
from robot.rng import spawn
from sim.bullet import pybullet
from sim.config import HomeConfig
from sim.household import EmulatedHome, PixelHome
from sim.tabletop import housed
from sim.tabletop.emulated import FaceEmulator
from worlds.catalog import load_world

TICK_NS = 1_000_000_000 // 240


def steps(node, count: int, setpoints: tuple[float, ...] | None = None) -> list[tuple[Topic, Message, bool]]:
    """Step a simulator, its servos told something at the first step; return what it says."""
    items = []
    for k in range(count):
        new = {}
        if setpoints is not None and k == 0:
            asked = JointSetpoints(stamp_ns=0, positions=setpoints)
            new = {topics.JOINT_SETPOINTS.name: [Stamped(Envelope(topics.JOINT_SETPOINTS.name, 0, 0, "x"), asked)]}
        inbox = Inbox(k * TICK_NS, {name: stamped[-1] for name, stamped in new.items()}, new)
        items += node.step(k * TICK_NS, inbox).items
    return items


@pytest.fixture
def home():
    node = EmulatedHome(HomeConfig(world="apartment", script="home"), None)
    yield node
    node.close()


def test_it_says_what_its_hardware_would_at_its_rates(home) -> None:
    said = [topic.name for topic, _, _ in steps(home, 240)]
    assert said.count(topics.JOINT_STATES.name) == 60
    assert said.count(topics.TRUTH_DISPLAY.name) == 20
    assert said.count(topics.DISPLAY_FACES.name) == 10
    assert {topic.name for topic in home.outputs} >= set(said)


def test_its_servos_go_where_they_are_told_and_others_see_it(home) -> None:
    before = home._scene.rays.center[list(home.display.figure.rows)].copy()
    steps(home, 200, (0.5, 0.2, -0.1, 0.1))
    assert home.display.state.joints == pytest.approx((0.5, 0.2, -0.1, 0.1), abs=0.02)
    after = home._scene.rays.center[list(home.display.figure.rows)]
    assert np.linalg.norm(after - before, axis=1)[1:].min() > 0.01  # boom and screen
    place, _ = TabletopBody().display_pose(home.display.state.joints)
    stand = load_world("apartment").display
    assert stand is not None
    assert after[2][2] == pytest.approx(0.92 + place[2] + 0.01, abs=0.02)


def test_at_rest_it_is_not_stepped_and_a_word_wakes_it(home, monkeypatch) -> None:
    stepped = []
    plain = pybullet.stepSimulation
    monkeypatch.setattr(housed.pybullet, "stepSimulation", lambda **k: (stepped.append(k), plain(**k)))
    steps(home, housed.SETTLED_TICKS + 60, (0.3, 0.0, 0.0, 0.0))
    mine = [k for k in stepped if k["physicsClientId"] == home.display._client]
    assert len(mine) == housed.SETTLED_TICKS + 1
    still = home.display.state.joints
    steps(home, 120, (0.3 + housed.STIRS_RAD / 2.0, 0.0, 0.0, 0.0))
    assert home.display.state.joints == still
    steps(home, 120, (0.4, 0.0, 0.0, 0.0))
    assert home.display.state.joints[0] == pytest.approx(0.4, abs=0.02)


def test_a_picture_has_the_rover_but_not_the_display_itself() -> None:
    node = PixelHome(HomeConfig(world="apartment", script="nobody", start=(1.5, 5.6, 1.57)), None)
    try:
        seen = node.look(0)[1].data.astype(int)
        node._base.show = lambda: None  # type: ignore[method-assign]
        without = node.look(0)[1].data.astype(int)
        assert (np.abs(seen - without).max(axis=2) > 60).sum() > 500
        figure = [b for b, name in node._scene.names.items() if name.startswith("display.")]
        assert len(figure) == 3
        places = [pybullet.getBasePositionAndOrientation(b, physicsClientId=node._scene.client)[0][2] for b in figure]
        assert min(places) > 0.9  # back where they are
    finally:
        node.close()


def test_frames_fall_on_the_ticks_at_which_people_are_posed() -> None:
    with pytest.raises(ValueError, match="display_hz: 16 Hz"):
        EmulatedHome(HomeConfig(world="apartment", display_hz=16.0), None)


def test_where_no_display_stands_it_says_so() -> None:
    with pytest.raises(ValueError, match="no robot of kind 'tabletop' stands here"):
        EmulatedHome(HomeConfig(world="hazards:shoe:0", script="nobody"), None)


def heads(*seen: bool) -> tuple[HeadTruth, ...]:
    return tuple(
        HeadTruth(
            name=f"p{i}", x=1.0 + i, y=0.0, z=0.5, yaw=0.0, pitch=0.0, roll=0.0, mouth=0.0, in_view=view, doing=""
        )
        for i, view in enumerate(seen)
    )


def test_a_lock_begins_anew_after_a_while_unless_somebody_was_asked_for() -> None:
    body = TabletopBody()
    eye, axes = body.camera_pose((0.0, 0.0, 0.0, 0.0))
    second = 1_000_000_000
    for asked in (False, True):
        faces = FaceEmulator(body, spawn(0, "faces"), anew_s=5.0)
        assert faces.sample(0, eye, axes, heads(False, False)).lock == "none"
        assert faces.sample(1 * second, eye, axes, heads(True, True)).locked_id == 1  # the larger
        if asked:
            faces.choose("id", 1)
            faces.sample(1 * second, eye, axes, heads(True, True))
        assert faces.sample(4 * second, eye, axes, heads(False, True)).locked_id == 1
        found = faces.sample(7 * second, eye, axes, heads(False, True))
        assert (found.locked_id, found.lock) == ((1, "lost") if asked else (2, "locked"))


def test_the_face_node_lets_go_likewise(monkeypatch) -> None:
    node = FaceNode(FaceNodeConfig(anew_s=5.0), spawn(0, "faces"))
    try:
        chosen: list[Choice] = []
        monkeypatch.setattr(node._watcher, "choose", chosen.append)
        somebody = (object(),)
        for at_s, state, faces in (
            (0, "locked", somebody),
            (2, "lost", somebody),
            (6, "lost", ()),
            (7, "lost", somebody),
        ):
            node._let_go(at_s * 1_000_000_000, Scene(faces, LockView(state, 1), None))  # type: ignore[arg-type]
        assert [choice.mode for choice in chosen] == ["largest"]
        node._asked = True
        node._let_go(99_000_000_000, Scene(somebody, LockView("lost", 1), None))  # type: ignore[arg-type]
        assert len(chosen) == 1
    finally:
        node.close()
