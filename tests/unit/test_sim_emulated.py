"""The error model's file is read strictly; distances in the plane are what they should be."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from sim.emulated_model import MODEL_FILE, Curve, load_model
from sim.people.appearance import APPEARANCES
from sim.planar import Surroundings, capsules_gap
from worlds.shape import Shape, quaternion_from_yaw

BODY = RoverBody()
FRONT = BODY.length / 2.0


def test_shipped_model_covers_everybody() -> None:
    model = load_model()
    assert set(model.appearance_means) == {look.name for look in APPEARANCES}
    assert 0.0 < model.detection.front.at(2.0) <= 1.0


def test_curve_is_linear_between_and_flat_beyond() -> None:
    curve = Curve(x=(1.0, 2.0, 4.0), y=(0.0, 1.0, 0.0))
    assert [curve.at(x) for x in (0.0, 1.5, 2.0, 3.0, 9.0)] == [0.0, 0.5, 1.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d.update(luck=1), "unknown field `luck`"),
        (lambda d: d.pop("range_m"), "missing required field `range_m`"),
        (lambda d: d.update(range_m="far"), "range_m"),
        (lambda d: d["visible"].update(x=[1.0, 0.0]), "rising x"),
        (lambda d: d["appearance_means"]["anna"].update(front=[1.0]), "differ in size"),
    ],
)
def test_model_file_is_strict(tmp_path: Path, edit, said: str) -> None:
    data = json.loads(MODEL_FILE.read_text())
    edit(data)
    path = tmp_path / "model.json"
    path.write_text(json.dumps(data))
    with pytest.raises(ValueError, match=said) as error:
        load_model(path)
    assert str(error.value).startswith("model.json: ")


def test_gap_to_a_person_is_planar_and_to_the_nearest_limb() -> None:
    leg = [1.0, 0.1, 0.1, 1.0, 0.1, 0.8, 0.06]
    lamp = [0.3, 0.0, 1.5, 0.3, 0.0, 1.8, 0.05]  # above the rover
    limbs = np.array([leg, lamp])
    half = (BODY.length / 2.0, BODY.width / 2.0)
    assert capsules_gap(limbs, 0.0, 0.0, 0.0, *half, BODY.height) == pytest.approx(1.0 - FRONT - 0.06)
    assert capsules_gap(limbs, 0.0, 0.1, math.pi / 2.0, *half, BODY.height) == pytest.approx(1.0 - 0.2 - 0.06)
    assert capsules_gap(limbs, 0.9, 0.1, 0.3, *half, BODY.height) == 0.0


def test_clearance_knows_what_passes_under_and_over_the_chassis() -> None:
    wall = Shape("wall", "box", (0.1, 4.0, 2.5), (2.05, 0.0, 1.25))
    assert Surroundings([wall], BODY).clearance(Pose2(), 0.0) == pytest.approx(2.0 - FRONT)
    table = Shape("table", "box", (1.0, 1.0, 0.04), (1.0, 0.0, 0.7))
    mast = 0.5 - BODY.camera.x - BODY.mast_radius
    assert Surroundings([wall, table], BODY).clearance(Pose2(), 0.0) == pytest.approx(mast)
    rug = Shape("mat", "box", (1.0, 1.0, 0.02), (0.3, 0.0, 0.01))
    ceiling = Shape("ceiling", "box", (9.0, 9.0, 0.1), (0.0, 0.0, 2.5))
    assert Surroundings([wall, rug, ceiling], BODY).clearance(Pose2(), 0.0) == pytest.approx(2.0 - FRONT)


def test_clearance_to_a_corner_and_inside() -> None:
    post = Shape("post", "box", (0.2, 0.2, 1.0), (1.0, 0.0, 0.5), quaternion_from_yaw(math.pi / 4.0))
    around = Surroundings([post], BODY)
    assert around.clearance(Pose2(), 0.0) == pytest.approx(1.0 - 0.1 * math.sqrt(2.0) - FRONT, abs=1e-6)
    assert around.clearance(Pose2(1.0, 0.0), 0.0) == 0.0
    big = Surroundings([Shape("block", "box", (4.0, 4.0, 1.0), (0.0, 0.0, 0.5))], BODY)
    assert big.clearance(Pose2(), 0.0) == 0.0
    assert Surroundings([], BODY).clearance(Pose2(), 0.0) == math.inf
