"""A host, a line that can be bad, a board and four servos, in step; and the check that no joint broke a limit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from boards import Board, make_board

from firmware_bridge.devices.board import BoardDevice
from firmware_bridge.devices.device import Health, Reading
from firmware_bridge.emulator.rig import Moment, ServoRig
from firmware_bridge.joints import DEFAULT_CALIBRATION, TABLETOP
from firmware_bridge.transports.emulated import EmulatedTransport
from firmware_bridge.transports.faulty import FaultyTransport, LineFaults
from firmware_bridge.transports.transport import Transport, TransportLost
from robot.rng import spawn

PERIOD_NS = 10_000_000  # 100 Hz
WINDOW_S = 0.1  # over which speed is judged
STEP_S = 0.005  # of the control loop: a pulse may show one step more than its time
PULSE_GRAIN_US = 2.1  # of the Uno's 8-bit timer, and a bit of the emulator's
NOD = (0.3, 0.2, 0.25, 0.15)


def nod(time_s: float) -> tuple[float, ...]:
    return tuple(a * math.sin(2 * math.pi * 0.8 * time_s) for a in NOD)


def wild(time_s: float) -> tuple[float, ...]:
    """From one end beyond the limits to the other, faster than allowed."""
    return (3.2, 3.0, -3.0, 2.0) if math.sin(2 * math.pi * 0.7 * time_s) > 0 else (-3.2, -3.0, 3.0, -2.0)


class Bench:
    def __init__(
        self,
        kind: str,
        folder: Path,
        faults: LineFaults | None = None,
        start: Sequence[float] = (0.0, 0.0, 0.0, 0.0),
    ) -> None:
        self.board: Board = make_board(kind, folder)
        self.rig = ServoRig(self.board, start=start)
        self.cable = EmulatedTransport(self.board)
        self.line = FaultyTransport(self.cable, faults or LineFaults(), spawn(1, f"line {kind}"))
        self.device = BoardDevice(self._plug)
        self.readings: list[Reading] = []
        self.healths: list[Health] = []
        self.words: list[str] = []
        self.resets: list[float] = []

    def _plug(self) -> Transport:
        if not self.cable.plugged:
            raise TransportLost("no such device")
        return self.line

    @property
    def now_s(self) -> float:
        return self.rig.now_ns / 1e9

    @property
    def health(self) -> Health:
        return self.healths[-1]

    def run(
        self,
        seconds: float,
        aim: Callable[[float], Sequence[float]] | None = None,
        until: Callable[[Bench], bool] | None = None,
    ) -> bool:
        """Run at 100 Hz; with `aim` setpoints are sent. Ends early, with True, when `until` is so."""
        for _ in range(round(seconds * 1e9 / PERIOD_NS)):
            self.readings += self.device.poll(self.rig.now_ns)
            self.healths.append(self.device.health())
            self.words += self.health.words
            if until and until(self):
                return True
            if aim:
                self.device.aim(self.rig.now_ns, aim(self.now_s))
            self.rig.advance(PERIOD_NS)
        return False

    def start(self, aim: Callable[[float], Sequence[float]] = nod, seconds: float = 1.5) -> None:
        """Connect, enable and get through the soft start."""
        self.device.enable(True)
        assert self.run(2.0, aim, lambda bench: bench.health.state in ("starting", "running")), self.words
        self.run(seconds, aim)
        assert self.health.state == "running", self.words

    def reset(self, *, brown_out: bool = False) -> None:
        """Reset the board; a pulse that is being sent ends there and then, as on the real pin."""
        self.resets.append(self.now_s)
        self.board.reset(brown_out=brown_out)

    def recovered(self, within_s: float, aim: Callable[[float], Sequence[float]] | None = None) -> bool:
        """Whether the board answers within that time, after what was just done to it."""
        begin_s = self.now_s
        return self.run(
            within_s, aim, lambda b: b.readings[-1].stamp_ns / 1e9 > begin_s + 0.02 and b.health.state != "absent"
        )

    def close(self) -> None:
        self.device.close()
        self.board.close()

    def check_limits(self) -> None:
        """No joint passed a limit or moved faster than its limit, by the pulses and by the joints themselves."""
        for joint, limits in enumerate(TABLETOP):
            grain = PULSE_GRAIN_US / abs(DEFAULT_CALIBRATION[joint].us_per_rad)
            for record in (self.rig.asked[joint], self.rig.moved[joint]):
                moments = [m for m in record if all(abs(m.time_s - reset) > 0.001 for reset in self.resets)]
                positions = [moment.position for moment in moments]
                if positions:
                    assert min(positions) >= limits.min_rad - grain, (limits.name, min(positions))
                    assert max(positions) <= limits.max_rad + grain, (limits.name, max(positions))
                for before, after in windows(moments):
                    allowed = limits.rate * (after.time_s - before.time_s + STEP_S + 0.02) + 2 * grain
                    assert abs(after.position - before.position) <= allowed, (limits.name, before, after)


def windows(moments: Sequence[Moment]) -> list[tuple[Moment, Moment]]:
    """Pairs about WINDOW_S apart."""
    pairs = []
    late = 0
    for before in moments:
        while late < len(moments) and moments[late].time_s < before.time_s + WINDOW_S:
            late += 1
        if late == len(moments):
            break
        pairs.append((before, moments[late]))
    return pairs


def fastest(moments: Sequence[Moment]) -> float:
    """The highest speed over WINDOW_S, rad/s."""
    speeds = [
        abs(after.position - before.position) / (after.time_s - before.time_s) for before, after in windows(moments)
    ]
    return max(speeds, default=0.0)
