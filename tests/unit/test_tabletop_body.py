"""The tabletop display: its URDF and its dataclass are one body, and physics agrees with the dataclass' geometry."""

import math
import re
from pathlib import Path

import numpy as np
import pybullet
import pytest

import robot.bodies.tabletop.body as tabletop
from firmware_bridge.joints import TABLETOP as FIRMWARE
from robot.bodies.tabletop.body import JOINTS, TabletopBody

URDF = Path(tabletop.__file__).with_name("tabletop.urdf")
BODY = TabletopBody()


@pytest.fixture(scope="module")
def model():
    client = pybullet.connect(pybullet.DIRECT)
    yield pybullet.loadURDF(str(URDF), flags=pybullet.URDF_USE_INERTIA_FROM_FILE, physicsClientId=client), client
    pybullet.disconnect(client)


def test_joints_are_the_servos(model):
    body, client = model
    infos = [pybullet.getJointInfo(body, i, physicsClientId=client) for i in range(4)]
    assert tuple(info[1].decode() for info in infos) == JOINTS == tuple(s.name for s in BODY.servos)
    for info, servo in zip(infos, BODY.servos, strict=True):
        assert (info[8], info[9], info[10], info[11]) == (servo.low, servo.high, servo.torque, servo.rate)


def test_the_firmware_has_the_same_limits():
    ours = [(s.name, s.low, s.high, s.rate) for s in BODY.servos]
    assert ours == [(j.name, j.min_rad, j.max_rad, j.rate) for j in FIRMWARE]


@pytest.mark.parametrize("joints", [(0.0, 0.0, 0.0, 0.0), (0.7, 0.5, -0.3, 0.2), (-1.5, -0.4, 0.6, -0.5)])
def test_masses_are_where_the_physics_has_them(model, joints):
    body, client = model
    for i, angle in enumerate(joints):
        pybullet.resetJointState(body, i, angle, physicsClientId=client)
    masses, centres = BODY.masses(joints)
    for link in range(-1, 4):
        mass = pybullet.getDynamicsInfo(body, link, physicsClientId=client)[0]
        assert masses[link + 1] == pytest.approx(mass)
        if link == -1:
            place = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)[0]
        else:
            place = pybullet.getLinkState(body, link, computeForwardKinematics=True, physicsClientId=client)[0]
        assert centres[link + 1] == pytest.approx(place, abs=1e-6)
    top, axes = BODY.display_pose(joints)
    state = pybullet.getLinkState(body, 3, computeForwardKinematics=True, physicsClientId=client)
    assert top == pytest.approx(state[4], abs=1e-6)
    turn = np.array(pybullet.getMatrixFromQuaternion(state[5])).reshape(3, 3)
    assert np.allclose(axes, turn, atol=1e-6)


def test_feet_and_base():
    feet = re.findall(r'name="foot_\w+"><origin xyz="(\S+) (\S+) 0.004"', URDF.read_text())
    half = BODY.foot_half
    assert {(float(x), float(y)) for x, y in feet} == {(half, half), (-half, half), (half, -half), (-half, -half)}


def test_it_can_tip():
    masses, centres = BODY.masses((0.0, 0.9, 0.8, 0.0))
    ahead = float(masses @ centres[:, 0] / masses.sum())
    assert 0.9 * BODY.foot_half < ahead
    masses[4] *= 1.5
    assert float(masses @ centres[:, 0] / masses.sum()) > BODY.foot_half


def test_the_camera_looks_where_the_display_does():
    place, axes = BODY.camera_pose((math.pi / 2, 0.0, 0.0, 0.0))
    assert axes[:, 2] == pytest.approx((0.0, 1.0, 0.0), abs=1e-9)
    assert axes[:, 1] == pytest.approx((0.0, 0.0, -1.0), abs=1e-9)
    assert place[2] == pytest.approx(0.47)
    _, down = BODY.camera_pose((0.0, 0.2, 0.3, 0.0))
    assert math.asin(-down[2, 2]) == pytest.approx(0.5)
