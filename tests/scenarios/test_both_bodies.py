"""A rover and a display in one home: words are carried out by the body they are for, and one of them answers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from launch.execute import RunOptions, execute
from launch.profiles import RunSpec
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import FaceView, TabletopTruth, WorldTruth
from robot.recording.reader import LogReader
from worlds.catalog import list_worlds, load_world
from worlds.place import stand_of
from worlds.shapes import shapes_of

SAID = ((1.0, "nod"), (5.0, "go to the kitchen"), (8.0, "display, look left"), (10.0, "stop"))


def run(folder: Path, seconds: float, *overrides: str, world: str = "apartment", perception: str = "emulated"):
    spec = RunSpec("home", world, 0, seconds, perception, ("commands.listen=false", *overrides))  # type: ignore[arg-type]
    summary, folder = execute(spec, RunOptions("lockstep", fast=True, out=folder, report=False))
    assert summary["failed"] is None
    return summary, list(LogReader(folder / "log.mcap").commits())


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    script = ", ".join(f"{{at_s: {at}, text: '{text}'}}" for at, text in SAID)
    return run(tmp_path_factory.mktemp("told"), 14.0, f"commands.script=[{script}]", "language.phrasebook=''")


def replies(commits, topic) -> list[tuple[float, str]]:
    return [(c.envelope.t_ns / NS_PER_S, c.message.text) for c in commits if c.topic is topic]


def joints(commits, start: float, end: float):
    """(N, 4) joints of the display between two times, rad."""
    rows = [c.message for c in commits if isinstance(c.message, TabletopTruth)]
    return np.array([row.joints for row in rows if start <= row.stamp_ns / NS_PER_S <= end])


def rover(commits, start: float, end: float):
    """(N, 2) places of the rover between two times, m."""
    rows = [c.message for c in commits if isinstance(c.message, WorldTruth)]
    return np.array([(row.x, row.y) for row in rows if start <= row.stamp_ns / NS_PER_S <= end])


def test_nod_is_for_the_display(told) -> None:
    summary, commits = told
    assert np.ptp(joints(commits, 1.0, 4.0)[:, 1:3].sum(axis=1)) > math.radians(8.0)
    assert np.ptp(rover(commits, 0.5, 5.0), axis=0).max() < 0.01
    assert summary["metrics"]["display_did"].startswith("nod")


def test_go_to_the_kitchen_is_for_the_rover(told) -> None:
    _, commits = told
    way = rover(commits, 5.0, 10.0)
    assert math.dist(way[0], way[-1]) > 1.0
    assert [text for t, text in replies(commits, topics.DISPLAY_REPLY) if 5.0 < t < 8.0] == []


def test_stop_stops_both_and_the_rover_says_so(told) -> None:
    _, commits = told
    assert np.ptp(rover(commits, 12.0, 14.0), axis=0).max() < 0.01
    assert np.ptp(joints(commits, 12.0, 14.0), axis=0).max() < math.radians(0.3)
    assert [text for t, text in replies(commits, topics.REPLY) if t > 10.0] == ["Stopping."]
    assert [text for t, text in replies(commits, topics.DISPLAY_REPLY) if t > 10.0] == []


def test_a_name_says_who_is_meant(told) -> None:
    _, commits = told
    assert joints(commits, 9.9, 10.0)[-1, 0] > math.radians(15.0)
    assert next(text for t, text in replies(commits, topics.DISPLAY_REPLY) if t > 8.0) == "I'll look left."
    assert [text for t, text in replies(commits, topics.REPLY) if 8.0 < t < 10.0] == []


def test_the_events_say_who_spoke(told) -> None:
    summary, _ = told
    kinds = {(event["kind"], event["text"]) for event in summary["events"]}
    assert {("display says", "I'll nod."), ("display", "nods"), ("says", "Stopping.")} <= kinds


def test_a_drive_comes_before_the_nod_that_was_asked_for_after_it(tmp_path: Path) -> None:
    script = "commands.script=[{at_s: 0.5, text: 'turn left and then nod'}]"
    _, commits = run(tmp_path, 9.0, script, "language.phrasebook=''")
    turned = next(t for t, text in replies(commits, topics.REPLY) if text == "I've turned.")
    nod = next(t for t, text in replies(commits, topics.DISPLAY_REPLY) if text == "I'll nod.")
    assert nod > turned


@pytest.mark.parametrize("perception", ["emulated", "pixels"])
def test_the_display_sees_those_who_walk_in_the_home(perception: str, tmp_path: Path) -> None:
    _, commits = run(tmp_path, 7.0, perception=perception)
    truths = {c.message.stamp_ns: c.message for c in commits if isinstance(c.message, TabletopTruth)}
    walks = {c.message.stamp_ns: c.message for c in commits if isinstance(c.message, WorldTruth)}
    stand = stand_of(load_world("apartment"), load_world("apartment").display)
    for stamp in sorted(walks.keys() & truths.keys()):
        for person, head in zip(walks[stamp].people, truths[stamp].people, strict=True):
            c, s = math.cos(stand.yaw), math.sin(stand.yaw)
            x, y = stand.x + c * head.x - s * head.y, stand.y + s * head.x + c * head.y
            assert head.name == person.name
            assert math.dist((x, y), (person.x, person.y)) < 0.35
    frames = [c.message for c in commits if c.topic is topics.DISPLAY_FACES]
    seen: list[tuple[FaceView, TabletopTruth]] = [
        (face, truths[frame.stamp_ns]) for frame in frames for face in frame.faces if frame.stamp_ns in truths
    ]
    assert seen
    for face, truth in seen:
        assert min(abs(face.azimuth - math.atan2(head.y, head.x)) for head in truth.people) < math.radians(4.0)


WITH_DISPLAY = [name for name in list_worlds() if load_world(name).display is not None]


@pytest.mark.parametrize("name", WITH_DISPLAY)
def test_a_display_has_air_around_it(name: str) -> None:
    world = load_world(name)
    assert world.display is not None
    stand = stand_of(world, world.display)
    for shape in shapes_of(world):
        low, high = shape.z_range()
        if high > stand.z + 0.01 and low < stand.z + 0.5:
            gaps = np.hypot(*(shape.footprint() - (stand.x, stand.y)).T)
            assert gaps.min() > 0.15 or shape.owner == world.display.on, shape.name


def test_the_six_hand_made_homes_have_one() -> None:
    assert len(WITH_DISPLAY) >= 6


def test_a_home_without_a_display_is_the_rovers_alone(tmp_path: Path) -> None:
    lines = (Path(__file__).parents[2] / "worlds/homes/studio.yaml").read_text().splitlines()
    alone = tmp_path / "studio.yaml"
    alone.write_text("\n".join(line for line in lines if "kind: tabletop" not in line))
    summary, _ = run(tmp_path / "out", 1.0, world=str(alone))
    assert not [name for name in summary["nodes"] if "display" in name or name == "addressing"]
    assert not [name for name in summary["metrics"] if "display" in name]
