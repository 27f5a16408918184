"""`launch hw tabletop`: the nodes of the simulation on the wall clock, a video, and a board at a serial port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firmware_bridge.camera import CameraConfig, CameraNode
from firmware_bridge.greet import greet
from firmware_bridge.protocol.codec import Codec
from firmware_bridge.protocol.description import load
from firmware_bridge.protocol.framing import FrameReader
from firmware_bridge.transports.serial_port import SerialTransport
from launch.cli import call
from launch.hw import call as hw_call
from launch.hw.profiles import HW_ROVER, HW_TABLETOP
from launch.profiles import PROFILES
from launch.spec import Devices, RunSpec
from robot.messages import Image, JointSetpoints, JointStates, WheelSpeeds
from robot.node import Inbox
from robot.perception.video import VideoError, video_seconds
from robot.recording.reader import LogReader
from robot.rng import spawn
from robot.runtime.commit import Commit
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import resolve
from robot.voice.commands import CommandConfig, Said
from robot.voice.mailbox import running, runtime_folder, send
from tools.make_desk_video import make

CLI = (
    "import signal, sys\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where tests run in the background
    "from launch.cli import call\n"
    "sys.exit(call(sys.argv[1:]))\n"
)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of a caller who sits a little aside and nods."""
    path = tmp_path_factory.mktemp("video") / "desk.mp4"
    assert make(path, "one_caller", 0, 6.0) == 180
    return path


@pytest.fixture
def port(firmware_build: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An emulated board behind a pseudo-terminal, in a process of its own: an Uno with servos unless told otherwise."""
    del firmware_build
    command = [sys.executable, "-m", "firmware_bridge.emulator.pty", getattr(request, "param", "uno")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def test_the_same_nodes_run_as_in_simulation() -> None:
    hardware = {row.name: row.node for row in HW_TABLETOP.rows}
    simulated = {row.name: row.node for row in PROFILES["tabletop"].rows}
    for name in ("commands", "voice", "language", "behaviour", "faces", "arm", "safety"):
        assert hardware[name] == simulated[name]


def test_servos_at_a_port_follow_a_video(port: str, video: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert call(["hw", "tabletop", "--port", port, "--camera", str(video), "--out", str(out)]) == 0
    summary = json.loads((out / "summary.json").read_text())
    assert summary["failed"] is None
    assert summary["metrics"]["servos_running_s"] > 0
    assert summary["metrics"]["locked_share"] > 0
    assert (out / "report.html").stat().st_size > 1000
    assert "--camera" in summary["command"]
    asked: list[tuple[float, ...]] = []
    moved: list[tuple[float, ...]] = []
    for commit in LogReader(out / "log.mcap").commits():
        if isinstance(commit.message, JointSetpoints) and commit.envelope.src == "safety":
            asked.append(commit.message.positions)
        elif isinstance(commit.message, JointStates):
            moved.append(commit.message.measured)
    for joint in (0, 2):  # it turns to the caller, and nods with them
        assert max(p[joint] for p in asked) - min(p[joint] for p in asked) > 0.03
        assert max(p[joint] for p in moved) - min(p[joint] for p in moved) > 0.03


def watched(arguments: list[str], on_line: Callable[[str, subprocess.Popen[str]], None]) -> None:
    """Run the command line in a process of its own, and react to what it says; it must end well."""
    said = []
    with subprocess.Popen([sys.executable, "-c", CLI, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        patience = threading.Timer(300.0, process.kill)
        patience.start()
        for line in process.stdout:
            said.append(line)
            on_line(line, process)
        patience.cancel()
    assert process.returncode == 0, said


def test_ctrl_c_relaxes_the_servos_and_leaves_a_whole_run(port: str, video: Path, tmp_path: Path) -> None:
    def react(line: str, process: subprocess.Popen[str]) -> None:
        if "servos: running" in line:
            process.send_signal(signal.SIGINT)

    out = tmp_path / "run"
    watched(["hw", "tabletop", "--port", port, "--camera", str(video), "--duration", "600", "--out", str(out)], react)
    summary = json.loads((out / "summary.json").read_text())
    assert any(event["kind"] == "interrupted" for event in summary["events"])
    assert LogReader(out / "log.mcap").damage is None
    assert greet(port).faults == ()  # had it been the board's watchdog, link_lost were latched


@pytest.mark.parametrize("port", ["mega_rover"], indirect=True)
def test_a_rover_moves_its_wheels_as_it_is_told(port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    def react(line: str, process: subprocess.Popen[str]) -> None:
        if "servos: running" in line:
            send("turn left 20 degrees", running(runtime_folder())[-1])
        elif "wheels: at rest" in line:
            process.send_signal(signal.SIGINT)

    out = tmp_path / "run"
    watched(["hw", "rover", "--port", port, "--duration", "600", "--out", str(out)], react)
    speeds = [c.message for c in LogReader(out / "log.mcap").commits() if isinstance(c.message, WheelSpeeds)]
    assert max(speed.right for speed in speeds) == pytest.approx(0.5 * 0.17 / 0.08, abs=0.01)
    assert min(speed.left for speed in speeds) == pytest.approx(-0.5 * 0.17 / 0.08, abs=0.01)
    assert greet(port).board == "mega_rover"
    assert call(["hw", "tabletop", "--port", port, "--camera", "none"]) == 2


@pytest.mark.usefixtures("firmware_build")
def test_a_scripted_drive_is_as_long_as_it_was_told() -> None:
    """In lockstep, with the board emulated in the node: half a metre at 0.15 m/s, and nothing after a stop."""
    said = (Said(2.0, "move forward half a metre"), Said(8.0, "go back one metre"), Said(9.0, "stop"))
    script = CommandConfig(script=said)
    rows = [replace(row, config=lambda run: script) if row.name == "commands" else row for row in HW_ROVER.rows]
    spec = RunSpec("hw_rover", "floor", devices=Devices(port="emulated:uno_rover"))
    graph = resolve(replace(HW_ROVER, rows=tuple(rows)).table(spec), HW_ROVER.tick_hz)
    heard: list[tuple[float, WheelSpeeds]] = []

    class Ears:
        def on_commit(self, commit: Commit) -> None:
            if isinstance(commit.message, WheelSpeeds):
                heard.append((commit.envelope.t_ns / 1e9, commit.message))

    runner = Lockstep(graph, 0, [Ears()])
    runner.advance(graph.ticks.count(10.5))
    runner.close()

    def way(start_s: float, end_s: float) -> float:
        return sum(0.08 * (s.left + s.right) / 2 * 0.01 for t, s in heard if start_s < t < end_s)

    assert way(2.0, 7.9) == pytest.approx(0.5, abs=0.03)
    assert way(8.0, 9.5) == pytest.approx(-0.15, abs=0.03)
    assert all(s.left == s.right == 0.0 for t, s in heard if t > 9.5)


class FakeBoard(threading.Thread):
    """Answers Hello on a pseudo-terminal as another firmware, or as one with faults, would."""

    def __init__(self, protocol: int | None = None, faults: int = 0) -> None:
        super().__init__(daemon=True)
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)
        self._protocol = load().version if protocol is None else protocol
        self._faults = faults

    def run(self) -> None:
        codec, reader = Codec(), FrameReader()
        while True:
            try:
                bodies = reader.feed(os.read(self.master, 4096))
            except OSError:  # closed
                return
            for packet in (codec.decode(body) for body in bodies):
                if packet is not None and packet.name == "Hello":
                    os.write(self.master, self._answer(codec, packet.number("session")))

    def _answer(self, codec: Codec, session: int) -> bytes:
        welcome = codec.encode("Welcome", 0, protocol=self._protocol, session=session, board=1, joints=4)
        fields = {field.name: (0,) * 4 if field.count == 4 else 0 for field in load().messages["Telemetry"].fields}
        return welcome + codec.encode("Telemetry", 1, **(fields | {"faults": self._faults}))


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a wrong call says."""
    assert call(["hw", *arguments]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    return said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["rover", "--port", "emulated:uno"],
            "has the firmware of another body (uno); rover needs: emulated:uno_rover",
        ),
        (["rover", "--port", "x", "--calibration", "desk.json"], "--calibration: is of a display's servos"),
        (["rover", "--port", "/dev/none"], "no serial device at '/dev/none'"),
        (["fridge"], "unknown body 'fridge'"),
        (["tabletop", "--port", "x", "--camera", "none.mp4"], "--camera: no such video: none.mp4"),
        (["tabletop", "--port", "x", "--camera", "97"], "--camera: no camera 97"),
        (["tabletop", "--port", "x", "--camera", "README.md"], "README.md cannot be read as a video"),
        (["tabletop", "--port", "x", "--duration", "0"], "--duration 0: must be above 0"),
        (["tabletop", "--port", "x", "--calibration", "none.json"], "--calibration none.json"),
    ],
)
def test_wrong_calls_are_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in refused(arguments, capsys)


def test_ports_without_a_board_that_can_be_driven_are_refused(
    video: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(port: str) -> str:
        return refused(["tabletop", "--port", port, "--camera", str(video)], capsys)

    assert "no serial device at '/dev/none'; found:" in said("/dev/none")
    assert "no emulated board 'due'" in said("emulated:due")
    boards = other, latched = FakeBoard(protocol=0xDEADBEEF), FakeBoard(faults=1)
    for board in boards:
        board.start()
    assert "firmware speaks protocol deadbeef" in said(other.path)
    assert "the board has latched estop; see to the cause, then add --clear-faults" in said(latched.path)
    silent = FakeBoard()  # not started
    holder = SerialTransport(silent.path, 250_000)
    assert "another program has it" in said(silent.path)
    holder.close()
    monkeypatch.setattr(hw_call, "PATIENCE_S", 0.2)
    assert "answers as a board with our firmware; to put it on a board: launch flash" in said(silent.path)


@pytest.mark.parametrize("body", ["tabletop", "rover"])
def test_check_says_what_is_missing(
    body: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_camera(source: str) -> None:
        raise VideoError(f"no camera {source}")

    monkeypatch.setattr("firmware_bridge.ports.found_ports", list)
    monkeypatch.setattr(hw_call, "open_video", no_camera)
    assert call(["check", f"hw_{body}"]) == 0
    said = capsys.readouterr().out
    assert ("9 nodes, " if body == "tabletop" else "6 nodes, ") in said
    assert f"hw_{body}: no serial port has anything on it" in said
    assert ("no camera 0" in said) == (body == "tabletop")


def test_a_video_keeps_its_own_pace(video: Path) -> None:
    """A robot that looks ten times a second sees every third frame, and nothing after the end."""
    node = CameraNode(CameraConfig(source=str(video), width=240), spawn(0, "camera"))
    seen = [n for n in range(80) for out in (node.step(n * 10**8, Inbox(n * 10**8, {}, {})),) if out.items]
    assert seen == list(range(60))
    node.close()
    again = CameraNode(CameraConfig(source=str(video), width=240), spawn(0, "camera"))
    ((_, first, _),) = again.step(0, Inbox(0, {}, {})).items
    assert isinstance(first, Image)
    assert first.data.shape == (180, 240, 3)
    assert again.step(10**7, Inbox(10**7, {}, {})).items == []
    again.close()
    assert video_seconds(str(video)) == pytest.approx(6.0, abs=0.05)
