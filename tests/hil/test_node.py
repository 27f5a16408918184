"""The servos as a node, and the guided calibration, on an emulated board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from bench import PERIOD_NS, nod

from firmware_bridge import calibration
from firmware_bridge.calibration import CalibrationFile, load, save
from firmware_bridge.devices.emulated import EmulatedDesk
from firmware_bridge.emulator.rig import ServoRig
from firmware_bridge.guided import AnswerError, JogBench, calibrate
from firmware_bridge.joints import DEFAULT_CALIBRATION, TABLETOP
from firmware_bridge.node import ServoConfig, ServoNode
from robot import topics
from robot.messages import DeviceHealth, DeviceRequest, JointSetpoints, JointStates
from robot.node import Envelope, Inbox, Message, Outbox, Stamped, Topic
from robot.rng import spawn

pytestmark = pytest.mark.usefixtures("firmware_build")


def inbox(now_ns: int, messages: Mapping[Topic, Message], new: Iterable[Topic]) -> Inbox:
    stamped = {t.name: Stamped(Envelope(t.name, 0, now_ns, "test"), m) for t, m in messages.items()}
    return Inbox(now_ns, stamped, {t.name: [stamped[t.name]] for t in new})


def run(node: ServoNode, seconds: float, requests: Mapping[float, str]) -> list[tuple[str, Message]]:
    """Step at 100 Hz with setpoints; return everything published."""
    out: list[tuple[str, Message]] = []
    asked = {round(t * 1e9): action for t, action in requests.items()}
    for n in range(round(seconds * 1e9 / PERIOD_NS)):
        now_ns = n * PERIOD_NS
        messages: dict[Topic, Message] = {
            topics.JOINT_SETPOINTS: JointSetpoints(stamp_ns=now_ns, positions=nod(now_ns / 1e9))
        }
        if now_ns in asked:
            messages[topics.DEVICE_REQUEST] = DeviceRequest(stamp_ns=now_ns, action=asked[now_ns])  # type: ignore[arg-type]
        box: Outbox = node.step(now_ns, inbox(now_ns, messages, messages))
        out += [(topic.name, message) for topic, message, _ in box.items]
    return out


def test_the_node_enables_only_on_request_and_follows() -> None:
    node = ServoNode(ServoConfig(port="emulated:uno"), spawn(0, "servos"))
    said = run(node, 3.0, {0.0: "enable"})
    node.close()
    states = [message for _, message in said if isinstance(message, JointStates)]
    healths = [message for _, message in said if isinstance(message, DeviceHealth)]
    assert healths[-1].state == "running"
    assert states[-1].measured == pytest.approx(nod(3.0), abs=0.12)
    assert {health.state for health in healths} >= {"absent", "starting", "running"}
    assert len(states) > 240


def test_without_a_request_the_servos_stay_limp() -> None:
    node = ServoNode(ServoConfig(port="emulated:uno"), spawn(0, "servos"))
    healths = [message for _, message in run(node, 1.0, {}) if isinstance(message, DeviceHealth)]
    node.close()
    assert healths[-1].state == "relaxed"


def test_two_runs_publish_the_same() -> None:
    def once() -> list[tuple[str, str]]:
        node = ServoNode(ServoConfig(port="emulated:uno"), spawn(0, "servos"))
        said = run(node, 1.5, {0.1: "enable", 1.2: "relax", 1.3: "clear_faults"})
        node.close()
        return [(topic, repr(message)) for topic, message in said]

    assert once() == once()


@pytest.mark.parametrize("port", ["", "emulated:due"])
def test_a_wrong_port_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match=r"no port given|no emulated board 'due'"):
        ServoNode(ServoConfig(port=port), spawn(0, "servos"))


class Person:
    """Types what was prepared."""

    def __init__(self, bench: JogBench, answers: Iterable[str]) -> None:
        self._bench = bench
        self._answers = iter(answers)
        self.heard: list[str] = []

    def say(self, text: str) -> None:
        self.heard.append(text)

    def ask(self, prompt: str) -> str:
        for _ in range(30):  # thinking
            self._bench.tick()
        return next(self._answers)


class Ticks:
    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        self.now_ns += PERIOD_NS
        return self.now_ns


@pytest.fixture
def bench() -> Iterable[JogBench]:
    desk = EmulatedDesk("uno", ServoRig)
    yield JogBench(desk, Ticks())
    desk.close()


def test_the_guided_calibration_finds_the_servos_as_they_are(bench: JogBench, tmp_path: Path) -> None:
    assert bench.enable() is None
    #        zero        upper end, its angle         lower end
    answers = ["10", "", "200", "", "32.74", "-400", ""]
    answers += ["", "300", "", "-26.98", "-300"]  # wrong: the upper end is below zero
    with pytest.raises(AnswerError, match="boom_pitch: the upper end must be"):
        calibrate(bench, Person(bench, answers), "tabletop")
    bench.positions = [0.0] * 4
    answers = ["10", "", "200", "", "32.74", "-400", ""]
    answers += ["-5", "", "300", "", "26.98", "-100", "-400", ""]
    answers += ["", "300", "", "26.98", "-600", ""]
    answers += ["", "200", "", "17.99", "-400", "", "0.9"]
    found = calibrate(bench, Person(bench, answers), "tabletop")
    assert found.payload_kg == 0.9
    yaw, boom = found.joints["base_yaw"], found.joints["boom_pitch"]
    assert (yaw.centre_us, yaw.us_per_rad) == (1510, 350)
    assert (boom.centre_us, boom.us_per_rad) == (1495, 637)
    assert boom.range_max_rad == pytest.approx(0.471, abs=0.001)
    assert boom.range_min_rad == pytest.approx(-200 / 637, abs=0.002)
    assert boom.feedback_mv_per_rad == pytest.approx(1200, abs=30)
    assert boom.feedback_centre_mv == pytest.approx(2500 - 1200 * 5 / 637, abs=12)
    save(tmp_path / "desk.json", found)
    assert load(tmp_path / "desk.json") == found
    node = ServoNode(ServoConfig(port="emulated:uno", calibration=str(tmp_path / "desk.json")), spawn(0, "servos"))
    healths = [m for _, m in run(node, 2.0, {0.0: "enable"}) if isinstance(m, DeviceHealth)]
    node.close()
    assert healths[-1].state == "running"


@pytest.mark.parametrize("answer", ["abc", "1e999", "nan", "12 us"])
def test_an_answer_that_is_no_number_ends_it(bench: JogBench, answer: str) -> None:
    assert bench.enable() is None
    with pytest.raises(AnswerError, match=f"base_yaw: to its zero mark: '{answer}' is no number"):
        calibrate(bench, Person(bench, [answer]), "tabletop")


def test_a_calibrated_servo_that_turns_round_ends_where_it_should() -> None:
    """A boom servo mounted the other way and off centre: with its file, the joints go where they are sent."""
    mounted = replace(DEFAULT_CALIBRATION[1], centre_us=1450, us_per_rad=-620, range_min_rad=-0.5, range_max_rad=0.8)
    file = calibration.defaults()
    own = CalibrationFile(file.format, file.body, file.payload_kg, file.joints | {"boom_pitch": mounted})
    desk = EmulatedDesk("uno", ServoRig, calibration.in_order(own))
    ticks = Ticks()
    bench = JogBench(desk, ticks)
    assert bench.enable() is None
    bench.positions = [0.2, 0.7, 0.3, -0.3]
    for _ in range(200):
        bench.tick()
    assert [servo.position for servo in desk.rig.servos] == pytest.approx(bench.positions, abs=0.01)
    assert bench.reading is not None
    assert bench.reading.measured == pytest.approx(bench.positions, abs=0.02)
    assert len(TABLETOP) == len(bench.positions)
    desk.close()
