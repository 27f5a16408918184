"""The jackal: URDF and dataclass agree, and its lidar is the challenge's."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from robot.bodies.jackal.body import JackalBody
from robot.rng import spawn
from sim.base import BODIES, BaseState
from sim.raycast import RayScene
from sim.sensors.lidar import Lidar
from worlds.shape import Shape

BODY = JackalBody()


def test_urdf_and_dataclass_agree() -> None:
    root = ElementTree.parse(Path(BODIES) / "jackal" / "jackal.urdf").getroot()
    size = root.find("link/collision/geometry/box")
    assert size is not None
    length, width, _ = (float(word) for word in size.get("size", "").split())
    assert (length, width) == (BODY.length, BODY.width)
    wheels = {j.get("name"): j.find("origin") for j in root.findall("joint") if "wheel" in (j.get("name") or "")}
    places = [tuple(float(v) for v in o.get("xyz", "").split()) for o in wheels.values() if o is not None]
    assert places[0][1] - places[1][1] == pytest.approx(BODY.wheels.separation)
    assert places[0][2] == pytest.approx(BODY.wheels.radius)


def test_the_lidar_looks_270_degrees_ahead_and_not_behind() -> None:
    posts = [
        Shape(name, "cylinder", (0.1, 1.0), (x, y, 0.5))
        for name, x, y in (("ahead", 2.0, 0.0), ("left", 0.0, 2.0), ("behind", -2.0, 0.0))
    ]
    state = BaseState(np.zeros(3), np.eye(3), 0.0, np.zeros(3), np.zeros(3), 0.0, 0.0)
    scan = Lidar(BODY.lidar, spawn(0, "lidar"), dropout=0.0).sample(0, state, RayScene(posts))
    assert len(scan.ranges) == 720
    angles = scan.angle_min + scan.angle_increment * np.arange(720)
    assert (angles[0], angles[-1]) == pytest.approx((-2.356194, 2.356194))
    hits = np.isfinite(scan.ranges)
    assert scan.ranges[np.argmin(np.abs(angles))] == pytest.approx(1.9 - BODY.lidar.x, abs=0.05)
    assert hits[np.abs(angles) < 0.03].all()
    assert hits[np.abs(angles - 1.63) < 0.03].all()
    assert not hits[np.abs(angles) > 2.0].any()
