"""The display's motion: joints that keep to their limits, a stand that stays up, a display that copies a head."""

import math
from dataclasses import replace

import numpy as np
import pytest

from robot.bodies.tabletop.body import TabletopBody
from robot.messages import JointSetpoints
from robot.motion.mimicry import HeadMimic, MimicConfig
from robot.motion.node import ArmConfig, ArmMotion, ArmNode
from robot.motion.stability import StabilityConfig, StabilityLimiter
from robot.motion.trajectory import JointMotion
from robot.node import Envelope, Inbox, Stamped
from robot.safety.joints import JointSafety, JointSafetyConfig
from robot.topics import JOINT_SAFETY, JOINT_SETPOINTS, JOINTS_WANTED
from sim.bullet import pybullet
from sim.tabletop.stand import Stand, start_physics

BODY, DT = TabletopBody(), 1 / 120


@pytest.mark.parametrize("index", range(4))
def test_a_step_is_reached_within_all_limits_and_without_trembling(index):
    servo, joint, path = BODY.servos[index], JointMotion(), []
    for _ in range(480):
        joint.advance(joint.wanted(0.5, 0.0, servo, DT), servo, DT)
        path.append((joint.position, joint.velocity, joint.acceleration))
    position, velocity, acceleration = np.array(path).T
    assert position[-1] == pytest.approx(0.5, abs=1e-3)
    assert position.max() < 0.5 * 1.04
    assert np.ptp(position[-60:]) < 1e-3
    assert np.abs(velocity).max() <= servo.rate + 1e-9
    assert np.abs(acceleration).max() <= servo.acceleration + 1e-9
    assert np.abs(np.diff(acceleration)).max() <= servo.jerk * DT + 1e-9


@pytest.mark.parametrize("hz", [0.6, 1.0, 2.0])
def test_a_nod_is_followed_at_once_and_whole(hz):
    servo, joint, size = BODY.servos[2], JointMotion(), math.radians(8)
    t = np.arange(0, 4, DT)
    for when in t:
        rate = 2 * math.pi * hz * size * math.cos(2 * math.pi * hz * when)
        joint.advance(joint.wanted(size * math.sin(2 * math.pi * hz * when), rate, servo, DT), servo, DT)
    assert joint.position == pytest.approx(size * math.sin(2 * math.pi * hz * t[-1]), abs=0.15 * size)


def nods_and_looks(t):
    """60 s of 3 Hz, 25 degree nods while looking as far as all joints go."""
    w, size = 2 * math.pi * 3, math.radians(25)
    yaw, boom = math.copysign(2.7, math.sin(2 * math.pi * t / 6.5)), 0.9 if t % 6 < 3 else -0.6
    return (yaw, boom, size * math.sin(w * t), 0.0), (0.0, 0.0, size * w * math.cos(w * t), 0.0)


def stood(enabled, payload_kg, seconds):
    client = start_physics()
    stand, arm = Stand(client, BODY, payload_kg), ArmMotion(ArmConfig(stability=StabilityConfig(enabled=enabled)))
    tilt = slip = 0.0
    for tick in range(int(seconds * 240)):
        if tick % 2 == 0:
            arm.advance(*nods_and_looks(tick / 240))
        stand.drive(arm.positions)
        pybullet.stepSimulation(physicsClientId=client)
        state = stand.state()
        tilt, slip = max(tilt, state.tilt), max(slip, state.slip_m)
    pybullet.disconnect(client)
    return math.degrees(tilt), slip * 1000


def test_with_the_limiter_it_stands():
    tilt, slip = stood(True, 1.1, 8)
    assert tilt < 0.5
    assert slip < 3


def test_with_half_the_payload_again_it_still_stands():
    assert stood(True, 1.65, 8)[0] < 5


def test_without_the_limiter_the_same_script_tips_it():
    assert stood(False, 1.1, 8)[0] > 20


def test_the_limiter_believes_the_payload_it_is_told():
    light = StabilityLimiter(StabilityConfig(), BODY).servos[1].high
    heavy = replace(BODY, payload=replace(BODY.payload, mass=1.6))
    assert StabilityLimiter(StabilityConfig(), heavy).servos[1].high < light


def copied(signal, fps=30):
    mimic = HeadMimic(MimicConfig())
    return np.array([mimic.push(k / fps, angle, 0.0)[0][0] for k, angle in enumerate(signal)])


def test_a_nod_is_copied_and_a_shiver_is_not():
    rng = np.random.default_rng(0)
    t = np.arange(0, 4, 1 / 30)
    still = 0.1 + rng.normal(0, math.radians(0.3), len(t))
    assert np.ptp(copied(still)[15:]) < math.radians(0.2)
    nod = 0.1 + np.where(t > 2, math.radians(5) * (1 - np.cos(2 * math.pi * 1.2 * (t - 2))), 0.0)
    assert np.ptp(copied(nod)) == pytest.approx(MimicConfig().gain * math.radians(10), rel=0.02)


def test_nods_do_not_become_the_habit_but_a_posture_does():
    t = np.arange(0, 30, 1 / 30)
    nods = np.where((t > 1) & (t < 11), math.radians(5) * (1 - np.cos(2 * math.pi * 1.0 * (t - 1))), 0.0)
    assert abs(copied(nods)[-1]) < math.radians(0.5)
    bowed = np.where(t > 1, math.radians(8), 0.0)
    assert copied(bowed)[45] == pytest.approx(math.radians(8), rel=0.1)
    assert abs(copied(bowed)[-1]) < math.radians(1.0)


def test_a_shiver_in_dim_light_is_learnt_and_left_alone():
    shiver = np.random.default_rng(1).normal(0, math.radians(0.7), 30 * 20)
    assert np.ptp(copied(shiver)[30 * 8 :]) < math.radians(1.0)
    nod = shiver + np.where(np.arange(600) > 540, math.radians(6) * (1 - np.cos(np.arange(600) * 0.25)), 0.0)
    assert np.ptp(copied(nod)[540:]) > math.radians(9)


def safe(node, now_ns, positions=None, age_ns=0):
    stamped = Stamped(
        Envelope("joints/wanted", 0, now_ns - age_ns, "arm"), JointSetpoints(stamp_ns=0, positions=positions or ())
    )
    known = {JOINTS_WANTED.name: stamped} if positions is not None else {}
    out = {topic.name: message for topic, message, _ in node.step(now_ns, Inbox(now_ns, known, {})).items}
    return out[JOINT_SETPOINTS.name].positions, out.get(JOINT_SAFETY.name)


def test_safety_limits_holds_and_says_why():
    node = JointSafety(JointSafetyConfig(), np.random.default_rng(0))
    sent, state = safe(node, 0)
    assert sent == (0, 0, 0, 0)
    assert state.reasons == ("no setpoints",)
    sent, _ = safe(node, 10**7, (9.0, 0.0, 0.001, 0.0))
    assert sent == pytest.approx((1.1 * BODY.servos[0].rate / 120, 0.0, 0.001, 0.0))
    held, state = safe(node, 2 * 10**7, (math.nan, 0.0, 0.0, 0.0))
    assert held == sent
    assert (state.state, state.reasons) == ("holding", ("not a number",))
    safe(node, 3 * 10**8, (0.5, 0.0, 0.0, 0.0), age_ns=2 * 10**8)
    held, state = safe(node, 4 * 10**8, (0.5, 0.0, 0.0, 0.0), age_ns=2 * 10**8)
    assert held == sent
    assert state.reasons == ("stale setpoints",)


def test_the_arm_asks_for_rest_before_it_sees_anybody():
    node = ArmNode(ArmConfig(), np.random.default_rng(0))
    for k in range(3):
        out = node.step(k * 8333333, Inbox(k * 8333333, {}, {}))
    yaw, _, _, roll = out.items[0][1].positions
    assert (yaw, roll) == (0.0, 0.0)
