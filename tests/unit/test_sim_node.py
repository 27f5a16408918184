"""The simulator node: repeatable to the byte, on time, and broken only as told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pybullet
import pytest

from robot.codec import MessageCodec
from robot.messages import CmdVel
from robot.node import Envelope, Inbox, Message, Stamped
from robot.rng import spawn
from sim.config import SimConfig
from sim.faults import Fault
from sim.node import TICKS, EmulatedSim, PixelSim, SimNode
from sim.scene import DRIVABLE_M, Scene
from sim.sensors.mounts import camera_pose
from sim.stagecraft import plans_for, robot_start
from worlds.catalog import list_worlds, load_world
from worlds.schema import Robot, World
from worlds.shapes import shapes_of

CONFIG = SimConfig(world="studio", seed=3, others=1, script="home")
Record = list[tuple[str, int, Message]]


def run(node: SimNode, seconds: float, twist: Callable[[float], tuple[float, float]] = lambda t: (0.2, 0.4)) -> Record:
    """Step a node with a command every fourth tick; return (topic, now, message) of all it published."""
    record: Record = []
    for tick in range(TICKS.count(seconds)):
        now = TICKS.ns(tick)
        v, omega = twist(now / 1e9)
        stamped = Stamped(Envelope("cmd_vel", tick, now, "safety"), CmdVel(stamp_ns=now, v=v, omega=omega))
        new = {"cmd_vel": (stamped,)} if tick % 4 == 0 else {}
        for topic, message, _ in node.step(now, Inbox(now, {"cmd_vel": stamped}, new)).items:
            record.append((topic.name, now, message))
    node.close()
    return record


def encoded(record: Record) -> list[bytes]:
    return [
        name.encode() + now.to_bytes(8, "little") + b"".join(bytes(f) for f in MessageCodec(type(m)).encode(m))
        for name, now, m in record
    ]


@pytest.mark.parametrize(("kind", "seconds"), [(EmulatedSim, 3.0), (PixelSim, 1.5)])
def test_equal_seeds_give_equal_bytes(kind: type[SimNode], seconds: float) -> None:
    first = encoded(run(kind(CONFIG, spawn(0, "sim")), seconds))
    second = encoded(run(kind(CONFIG, spawn(1, "sim")), seconds))
    assert first == second
    other = encoded(run(kind(replace(CONFIG, seed=4), spawn(0, "sim")), 0.5))
    assert other != first[: len(other)]


def test_topics_come_at_their_rates_and_frames_after_their_latency() -> None:
    record = run(PixelSim(CONFIG, spawn(0, "sim")), 2.0)
    for topic in PixelSim.outputs:
        times = [now for name, now, _ in record if name == topic.name]
        assert len(times) == pytest.approx(2.0 * topic.rate_hz, abs=1), topic.name
    delays = {now - m.stamp_ns for name, now, m in record if name in ("camera", "depth")}
    assert {round(delay / 1e6) for delay in delays} == {25}
    assert {now - m.stamp_ns for name, now, m in record if name in ("scan", "wheels", "imu")} == {0}


def test_depth_is_registered_to_colour_and_to_the_world() -> None:
    node = PixelSim(replace(CONFIG, others=0), spawn(0, "sim"))
    node._people.actors[0].body.remove()  # people's meshes are not their capsules
    node._scene.rays.center[node._scene.rays.fixed :] = -1000.0
    state = node._base.state()
    _, rendered = node._color.render(state)
    cast = node._scene.rays.image(*camera_pose(state, node._body.camera), node._color.pinhole, 5.0)
    node.close()
    both = np.isfinite(cast) & (rendered < 5.0)
    assert both.mean() > 0.5
    error = np.abs(cast[both] - rendered[both])
    assert np.median(error) < 1e-4
    assert (error < 0.002).mean() > 0.95  # the rest are edges, and round things, which are rendered with ten sides


def test_contact_with_a_wall_is_felt_and_told() -> None:
    record = run(EmulatedSim(replace(CONFIG, others=0), spawn(0, "sim")), 14.0, lambda t: (0.5, 0.0))
    contacts = [c for name, _, m in record if name == "truth/world" for c in m.contacts]
    bumps = [m.bumper for name, _, m in record if name == "contacts"]
    assert contacts
    assert {c.kind for c in contacts} <= {"object", "person"}
    assert any(any(b) for b in bumps)
    clearances = [m.clearance_m for name, _, m in record if name == "truth/world"]
    assert min(clearances) < 0.02 < clearances[0]


def test_contact_with_a_person_is_told_with_their_name() -> None:
    node = EmulatedSim(replace(CONFIG, others=0), spawn(0, "sim"))
    person = node._people.actors[0].walker.pose
    beside = (person.x - 0.65, person.y, 0.13)
    pybullet.resetBasePositionAndOrientation(
        node._base.id, beside, (0.0, 0.0, 0.0, 1.0), physicsClientId=node._scene.client
    )
    truth = [m for name, _, m in run(node, 2.0, lambda t: (0.4, 0.0)) if name == "truth/world"]
    assert ("person", truth[0].people[0].name) in {(c.kind, c.name) for m in truth for c in m.contacts}
    assert min(m.people[0].gap_m for m in truth) < 0.02 < truth[0].people[0].gap_m


FAULTS = {
    "lidar_nan": lambda during: all(np.isnan(m.ranges).all() for m in during["scan"]),
    "lidar_dead": lambda during: not during["scan"],
    "imu_dead": lambda during: not during["imu"],
    "wheels_dead": lambda during: not during["wheels"],
    "contacts_dead": lambda during: not during["contacts"],
    "camera_dead": lambda during: not during["depth"] and not during["people/sightings"],
    "floor_dead": lambda during: not during["depth/front"] and not during["depth/rear"] and bool(during["depth"]),
    "floor_freeze": lambda during: (
        len({m.data.tobytes() for m in during["depth/rear"]}) == 1 < len({m.data.tobytes() for m in during["depth"]})
    ),
    "camera_freeze": lambda during: len({m.data.tobytes() for m in during["depth"]}) == 1 < len(during["depth"]),
}


@pytest.mark.parametrize("kind", sorted(FAULTS))
def test_fault_acts_when_told_and_then_ends(kind: str) -> None:
    config = replace(CONFIG, faults=(Fault(kind, 0.5, 0.5),))
    record = run(EmulatedSim(config, spawn(0, "sim")), 1.6)

    def between(start: float, end: float) -> dict[str, list[Message]]:
        found: dict[str, list[Message]] = {topic.name: [] for topic in EmulatedSim.outputs}
        for name, now, message in record:
            if start <= now / 1e9 < end:
                found[name].append(message)
        return found

    assert FAULTS[kind](between(0.55, 1.0))
    assert not FAULTS[kind](between(0.0, 0.5))
    assert not FAULTS[kind](between(1.1, 1.6))


def test_frozen_frames_have_fresh_stamps() -> None:
    record = run(EmulatedSim(replace(CONFIG, faults=(Fault("camera_freeze", 0.3, 1.0),)), spawn(0, "sim")), 1.0)
    stamps = [m.stamp_ns for name, _, m in record if name == "depth"]
    assert stamps == sorted(set(stamps))


def test_wheel_slip_fault_loses_grip() -> None:
    drive = lambda t: (1.0, 0.0)  # noqa: E731
    ways = []
    for faults in ((), (Fault("wheel_slip"),)):
        record = run(EmulatedSim(replace(CONFIG, others=0, faults=faults), spawn(0, "sim")), 0.6, drive)
        truth = [m for name, _, m in record if name == "truth/world"]
        ways.append(np.hypot(truth[-1].x - truth[0].x, truth[-1].y - truth[0].y))
    assert ways[1] < ways[0] - 0.03


def test_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown fault 'lidar_melts'"):
        Fault("lidar_melts")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="start_s"):
        Fault("lidar_dead", -1.0)


@pytest.mark.parametrize("name", list_worlds())
def test_every_home_has_a_rover_and_a_walk(name: str) -> None:
    world = load_world(name)
    robot_start(world)
    plans = plans_for(world, SimConfig(world=name))
    assert plans[0].person == world.followed.name
    assert len(plans) >= 2


def test_world_without_rover_is_refused() -> None:
    world = load_world("studio")
    bare: World = replace(world, robots=(Robot(kind="tabletop", at=(1.0, 1.0)),))
    with pytest.raises(ValueError, match="no robot of kind 'rover'"):
        robot_start(bare)


def test_sightings_name_the_visible_and_only_them() -> None:
    record = run(EmulatedSim(replace(CONFIG, others=0), spawn(0, "sim")), 6.0, lambda t: (0.0, 0.0))
    truth = {m.stamp_ns: m for name, _, m in record if name == "truth/world"}
    sightings = [m for name, _, m in record if name == "people/sightings"]
    seen = [(truth[m.stamp_ns], m.people) for m in sightings if m.stamp_ns in truth]
    assert len(seen) > 20
    found = [len(people) for true, people in seen if true.people[0].in_view]
    missed = [len(people) for true, people in seen if not true.people[0].in_sight]
    if found:
        assert np.mean(found) > 0.6
    if missed:
        assert np.mean(missed) < 0.1
    for true, people in seen:
        for sighting in people[:1]:
            there = np.hypot(true.people[0].x - true.x, true.people[0].y - true.y)
            if true.people[0].in_view and sighting.score > 0.6:
                assert np.hypot(sighting.x, sighting.y) == pytest.approx(there, abs=1.0)


@pytest.mark.parametrize("name", list_worlds())
def test_only_what_passes_under_the_chassis_may_be_driven_over(name: str) -> None:
    world = load_world(name)
    scene = Scene(shapes_of(world), visible=False)
    by_name = {shape.name: shape for shape in scene.shapes}
    low = [by_name[scene.names[body]] for body in scene.drivable]
    scene.close()
    for shape in low:
        bottom, top = shape.z_range()
        assert shape.semantic != "floor"
        assert top - bottom < 0.05
        assert min(abs(top - floor) for floor in {room.floor_z for room in world.rooms}) < DRIVABLE_M
