"""The firmware's core on the host, spoken to frame by frame, for the tests of its limits."""

from __future__ import annotations

from dataclasses import dataclass, field

from boards import CoreBoard

from firmware_bridge.joints import DEFAULT_CALIBRATION, ServoCalibration
from firmware_bridge.protocol.codec import Codec, Packet, Value
from firmware_bridge.protocol.framing import FrameReader

STEP_MS = 5
CENTRE = (0, 0, 0, 0)


@dataclass
class Core:
    """Talks to the core frame by frame; the servos follow at once unless told otherwise."""

    board: CoreBoard
    codec: Codec = field(default_factory=Codec)
    reader: FrameReader = field(default_factory=FrameReader)
    seq: int = 0
    now_us: int = 0
    telemetry: Packet | None = None
    follow: bool = True
    pulses: list[int] = field(default_factory=list)

    def say(self, name: str, seq: int | None = None, **fields: Value) -> list[Packet]:
        self.seq += seq is None
        return self.send(self.codec.encode(name, self.seq if seq is None else seq, **fields))

    def send(self, data: bytes) -> list[Packet]:
        self.board._ask(f"rx {data.hex()}")
        return self._read()

    def status(self, name: str, seq: int | None = None, **fields: Value) -> str:
        (answer,) = [packet for packet in self.say(name, seq, **fields) if packet.name == "Ack"]
        return self.codec.protocol.name("status", answer.number("status"))

    def hello(self, protocol: int | None = None) -> list[Packet]:
        version = self.codec.protocol.version if protocol is None else protocol
        return self.say("Hello", protocol=version, session=7)

    def setpoint(self, position: tuple[int, ...] = CENTRE, ahead_ms: float = 0.0, seq: int | None = None) -> str:
        apply_us = (self.now_us + round(ahead_ms * 1000)) % 2**32
        return self.status("Setpoint", seq, apply_us=apply_us, position=position)

    def step(self, count: int = 1, period_us: int = STEP_MS * 1000) -> None:
        for _ in range(count):
            feedback = " ".join(str(round(mv)) for mv in self.board._feedback)
            self.board._ask(f"in {self.board._estop} {round(self.board._supply)} {feedback}")
            self.now_us += period_us
            self.pulses = self.board._ask(f"step {period_us}")
            self._read()
            if self.follow:
                self.servos_follow()

    def servos_follow(self) -> None:
        for joint, calibration in enumerate(DEFAULT_CALIBRATION):
            if self.pulses[joint]:
                position = calibration.position_rad(self.pulses[joint] / 2)
                self.place(joint, position)

    def place(self, joint: int, position: float) -> None:
        calibration = DEFAULT_CALIBRATION[joint]
        self.board.set_feedback(joint, calibration.feedback_centre_mv + calibration.feedback_mv_per_rad * position)

    @property
    def state(self) -> str:
        return self.codec.protocol.name("state", self.number("state"))

    @property
    def faults(self) -> tuple[str, ...]:
        return self.codec.protocol.bit_names("fault", self.number("faults"))

    @property
    def commanded(self) -> tuple[int, ...]:
        assert self.telemetry
        return self.telemetry.numbers("commanded")

    def number(self, name: str) -> int:
        assert self.telemetry
        return self.telemetry.number(name)

    def keep(self, steps: int, position: tuple[int, ...] = CENTRE) -> None:
        """Run with a fresh setpoint every 10 ms."""
        for n in range(steps):
            if n % 2 == 0:
                self.setpoint(position)
            self.step()

    def run(self) -> None:
        """Greet, enable and get through the soft start."""
        self.hello()
        self.step(2)
        assert self.status("Enable", on=1) == "ok"
        self.keep(170)
        assert self.state == "running"

    def _read(self) -> list[Packet]:
        packets = [self.codec.decode(body) for body in self.reader.feed(self.board.read())]
        found = [packet for packet in packets if packet is not None]
        assert len(found) == len(packets)
        for packet in found:
            if packet.name == "Telemetry":
                self.telemetry = packet
        return found


def calibrate(core: Core, joint: int, calibration: ServoCalibration) -> str:
    return core.status(
        "Calibrate",
        joint=joint,
        centre_us=calibration.centre_us,
        us_per_rad=calibration.us_per_rad,
        range_min=round(calibration.range_min_rad * 1e4),
        range_max=round(calibration.range_max_rad * 1e4),
        feedback_centre_mv=calibration.feedback_centre_mv,
        feedback_mv_per_rad=calibration.feedback_mv_per_rad,
    )
