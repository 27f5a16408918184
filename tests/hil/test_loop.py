"""The firmware in the loop: the display's own nodes, PyBullet's arm, and between them the image on a board."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from firmware_bridge.calibration import defaults, save
from firmware_bridge.joints import ServoCalibration
from launch.cli import call
from launch.errors import CallError
from launch.execute import RunOptions, execute, prepare
from launch.hw.call import loop_devices
from launch.spec import Devices, RunSpec
from robot import messages as m
from robot import topics
from robot.node import Envelope, Inbox, Message, Stamped, Topic
from robot.recording.reader import LogReader, hash_of_log
from robot.rng import spawn
from robot.runtime.lockstep import Lockstep
from sim.tabletop.config import TabletopSimConfig
from sim.tabletop.hil import LIMP, EmulatedTabletopOnPins

pytestmark = pytest.mark.usefixtures("firmware_build")

SPEC = RunSpec("tabletop", "one_caller", seed=3, duration_s=4.0, perception="emulated", devices=Devices(hil="uno"))


class Heard:
    """Keeps the messages of a run by topic."""

    def __init__(self) -> None:
        self.messages: dict[str, list[Message]] = {}

    def on_commit(self, commit: object) -> None:
        self.messages.setdefault(commit.envelope.topic, []).append(commit.message)  # type: ignore[attr-defined]

    def of(self, topic: Topic) -> list[Message]:
        return self.messages[topic.name]


def heard(spec: RunSpec) -> Heard:
    graph, found = prepare(spec), Heard()
    runner = Lockstep(graph, spec.seed, [found])
    runner.advance(graph.ticks.count(spec.duration_s))
    runner.close()
    return found


def gap(found: Heard) -> float:
    """The most by which the joints were away from their setpoints at the end."""
    wanted, truth = found.of(topics.JOINT_SETPOINTS)[-1], found.of(topics.TRUTH_TABLETOP)[-1]
    assert isinstance(wanted, m.JointSetpoints)
    assert isinstance(truth, m.TabletopTruth)
    return max(abs(a - b) for a, b in zip(wanted.positions, truth.joints, strict=True))


def test_both_runners_give_the_same_bytes_and_joints_follow(tmp_path: Path) -> None:
    hashes = []
    for number, runner in enumerate(("lockstep", "lockstep", "stepped")):
        options = RunOptions(runner=runner, fast=True, out=tmp_path / str(number), report=False)  # type: ignore[arg-type]  # literals above
        summary, folder = execute(SPEC, options)
        assert summary["failed"] is None
        assert summary["metrics"]["lock_share"] > 0.9
        hashes.append(summary["log_sha256"])
        assert hash_of_log(folder / "log.mcap") == summary["log_sha256"]
    assert len(set(hashes)) == 1
    assert '"hil": "uno"' in LogReader(tmp_path / "0" / "log.mcap").metadata["devices"]


def test_the_board_powers_the_servos_softly_and_they_follow() -> None:
    found = heard(SPEC)
    healths = [health for health in found.of(topics.DEVICE_HEALTH) if isinstance(health, m.DeviceHealth)]
    states = list(dict.fromkeys(health.state for health in healths))
    assert states == ["absent", "relaxed", "starting", "running"]
    assert healths[-1].faults == ()
    assert healths[-1].lost_from_device == 0
    pulses = [message for message in found.of(topics.SERVO_PULSES) if isinstance(message, m.ServoPulses)]
    assert all(math.isnan(width) for width in pulses[0].widths_us)
    assert all(500 <= width <= 2500 for width in pulses[-1].widths_us)
    assert gap(found) < 0.05


def test_a_calibration_file_reaches_board_arm_and_simulated_body(tmp_path: Path) -> None:
    """A boom servo that is mounted the other way, off centre, under a lighter display."""
    own = defaults()
    turned = ServoCalibration(1450, -620, -0.5, 0.8, 2400, -1100)
    file = tmp_path / "desk.json"
    save(file, msgspec.structs.replace(own, payload_kg=0.9, joints=own.joints | {"boom_pitch": turned}))
    spec = replace(SPEC, devices=loop_devices("tabletop", True, "mega", file))
    rows = {slot.row.name: slot.row.config for slot in prepare(spec).slots}
    assert rows["arm"].payload_kg == rows["sim"].payload_kg == 0.9
    found = heard(spec)
    last = found.of(topics.SERVO_PULSES)[-1]
    assert isinstance(last, m.ServoPulses)
    assert last.widths_us[1] == pytest.approx(1450 - 620 * last.positions[1], abs=0.1)
    assert gap(found) < 0.05


def test_a_calibration_that_is_gone_is_told_in_one_line(tmp_path: Path) -> None:
    """As when a log is replayed whose file was moved meanwhile."""
    with pytest.raises(CallError, match=r"--calibration .*gone\.json: No such file"):
        prepare(replace(SPEC, devices=Devices(hil="uno", calibration=str(tmp_path / "gone.json"))))


def test_servos_without_pulses_are_limp() -> None:
    """The boom leans forward and its pulses stop: the display sinks, and comes back when there are pulses again."""
    sim = EmulatedTabletopOnPins(TabletopSimConfig(), spawn(0, "sim"))
    asked = (0.0, 0.35, 0.0, 0.0)

    def run(positions: tuple[float, ...], steps: int) -> float:
        for n in range(steps):
            pulses = m.ServoPulses(stamp_ns=0, widths_us=positions, positions=positions)
            stamped = {topics.SERVO_PULSES.name: Stamped(Envelope(topics.SERVO_PULSES.name, n, 0, "test"), pulses)}
            out = sim.step(0, Inbox(0, stamped, {}))
        boom = next(message for topic, message, _ in out.items if topic is topics.TRUTH_TABLETOP)
        assert isinstance(boom, m.TabletopTruth)
        return boom.joints[1]

    assert run(asked, 481) == pytest.approx(0.35, abs=0.02)
    assert run(LIMP, 48) > 0.42
    assert run(asked, 480) == pytest.approx(0.35, abs=0.02)
    sim.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["follow_me", "--hil"], "--hil: follow_me has no servos"),
        (["tabletop", "--hil", "--board", "due"], "unknown value of --board: 'due'"),
        (["tabletop", "--hil", "--calibration", "none.json"], "--calibration none.json: No such file"),
        (["follow_me", "--calibration", "none.json"], "--calibration: says where the display's servos stand"),
    ],
)
def test_wrong_calls_are_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["sim", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
