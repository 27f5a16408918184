"""Servos on a bus, each with its own controller: this file does for them what the firmware does for hobby servos.

Limits, rates, soft start, watchdog and latched faults live here, on the host, because the servos have none of them that
could be trusted; but every goal sent is one small step, so a host that dies leaves joints that stand still. They keep
their torque until somebody takes their power: no such servo relaxes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firmware_bridge.devices.bus import ServoBus, ServoSample
from firmware_bridge.devices.device import NAN, Health, Reading, State, all_finite
from firmware_bridge.joints import JointLimits

HOLD_AFTER_NS = 200_000_000  # as the firmware's limits.h
RELAX_AFTER_NS = 2_000_000_000
SOFT_START_NS = 800_000_000
SOFT_START_RATE = 0.3  # rad/s
SILENT_AFTER_NS = 500_000_000  # a servo that has not answered for so long is a fault
TRIES = 3  # to switch a motor on
STEP_MAX_S = 0.05  # of one poll: after a pause the joints do not leap


@dataclass(frozen=True)
class BusServo:
    """One servo of a body: its id on the bus, and how its counts are the joint's radians."""

    id: int
    limits: JointLimits
    centre_counts: int = 2048
    direction: int = 1  # or -1

    def position(self, counts: int, counts_per_rad: float) -> float:
        """Return the joint's position, rad."""
        return self.direction * (counts - self.centre_counts) / counts_per_rad

    def counts(self, position: float, counts_per_rad: float) -> int:
        """Return the counts of a position."""
        return self.centre_counts + round(self.direction * position * counts_per_rad)


@dataclass
class _Joint:
    servo: BusServo
    commanded: float = NAN
    target: float = NAN
    sample: ServoSample | None = None
    heard_ns: int | None = None


class BusServos:
    """See the module's docstring; the interface is ServoDevice. `poll` reads every servo once."""

    def __init__(self, bus: ServoBus, servos: Sequence[BusServo]) -> None:
        self._bus = bus
        self._joints = [_Joint(servo) for servo in servos]
        self._state: State = "absent"
        self._faults: dict[str, set[int]] = {}  # latched: words to joints
        self._aimed_ns = self._started_ns = self._held_ns = self._polled_ns = 0
        self._sent = self._unheard = self._bad_reads = self._refused = self._reconnects = 0
        self._connected = False
        self._words: list[str] = []

    def aim(self, now_ns: int, positions: Sequence[float]) -> bool:
        """As ServoDevice."""
        if not all_finite(positions, len(self._joints)) or self._state not in ("starting", "running", "holding"):
            self._refused += 1
            return False
        for joint, position in zip(self._joints, positions, strict=True):
            limits = joint.servo.limits
            joint.target = min(max(position, limits.min_rad), limits.max_rad)
        self._aimed_ns = now_ns
        if self._state == "holding":
            self._state = "running"
        return True

    def poll(self, now_ns: int) -> list[Reading]:
        """As ServoDevice."""
        duration_s = min((now_ns - self._polled_ns) / 1e9, STEP_MAX_S)
        self._polled_ns = now_ns
        if not self._connect(now_ns):
            return []
        for index, joint in enumerate(self._joints):
            self._read(now_ns, index, joint)
        if self._state == "absent" and any(joint.sample for joint in self._joints):
            self._state = "relaxed"
            if self._faults:  # while it was away nobody could switch the motors off
                self._relax()
        self._watch(now_ns)
        if self._state in ("starting", "running"):
            self._move(duration_s)
        return [self._reading(now_ns)]

    def enable(self, on: bool) -> None:
        """As ServoDevice."""
        if not on:
            self._relax()
            return
        silent = [joint.servo.limits.name for joint in self._joints if joint.sample is None]
        if self._faults or silent or self._state == "absent":
            why = f"no answer from {', '.join(silent)}" if silent else f"faults: {', '.join(self._faults) or 'no bus'}"
            self._words.append(f"Enable: refused ({why})")
            return
        for joint in self._joints:
            if joint.sample is not None:
                joint.commanded = joint.target = joint.servo.position(joint.sample.counts, self._bus.counts_per_rad)
        self._send_goals()
        limp = [joint.servo.limits.name for joint in self._joints if not self._powered(joint)]
        if limp:
            self._words.append(f"Enable: refused (no answer from {', '.join(limp)})")
            self._relax()
            return
        self._state, self._started_ns, self._aimed_ns = "starting", self._polled_ns, self._polled_ns

    def clear_faults(self) -> None:
        """As ServoDevice."""
        self._count(self._bus.clear(joint.servo.id) for joint in self._joints)
        self._faults.clear()
        for joint in self._joints:
            joint.heard_ns = None  # who does not answer is given its time again
        if self._state == "faulted":
            self._state = "relaxed"

    def health(self) -> Health:
        """As ServoDevice."""
        words = tuple(self._words)
        self._words.clear()
        samples = [joint.sample for joint in self._joints]
        volts = [sample.volts for sample in samples if sample]
        return Health(
            state=self._state,
            faults=tuple(sorted(self._faults)),
            joints_at_fault=tuple(sorted(set().union(*self._faults.values()))),
            supply_v=min(volts, default=NAN),
            temperatures_c=tuple(sample.celsius if sample else NAN for sample in samples),
            sent=self._sent,
            lost_to_device=self._unheard,
            lost_from_device=self._bad_reads,
            refused=self._refused,
            reconnects=self._reconnects,
            words=words,
        )

    def close(self) -> None:
        """As ServoDevice."""
        self._bus.close()

    def _connect(self, now_ns: int) -> bool:
        before, self._connected = self._connected, self._bus.connect()
        if self._connected and not before:
            for joint in self._joints:
                joint.sample, joint.heard_ns = None, now_ns
        if before and not self._connected:
            self._reconnects += 1
            self._words.append(f"no bus: {self._bus.lost}")
        if not self._connected:
            if self._state in ("starting", "running", "holding"):
                self._latch("link_lost", range(len(self._joints)))
            self._state = "absent"
        return self._connected

    def _read(self, now_ns: int, index: int, joint: _Joint) -> None:
        self._sent += 1
        sample = self._bus.read(joint.servo.id)
        if joint.heard_ns is None:
            joint.heard_ns = now_ns
        if sample is None:
            self._bad_reads += 1
            if now_ns - joint.heard_ns > SILENT_AFTER_NS:
                joint.sample = None
                self._latch("silent", (index,))
            return
        joint.sample, joint.heard_ns = sample, now_ns
        if sample.stopped:
            self._words.append(f"{joint.servo.limits.name} had stopped by itself: nobody spoke on the bus")
        for fault in sample.faults:
            self._latch(fault, (index,))

    def _latch(self, fault: str, joints: Sequence[int]) -> None:
        news = set(joints) - self._faults.get(fault, set())
        if not news:
            return
        self._faults.setdefault(fault, set()).update(news)
        names = ", ".join(self._joints[joint].servo.limits.name for joint in sorted(news))
        self._words.append(f"fault: {fault} ({names})")
        self._relax()

    def _powered(self, joint: _Joint) -> bool:
        """Switch a motor on; return whether the servo said so."""
        for _ in range(TRIES):
            heard = self._bus.torque(joint.servo.id, True)
            self._count([heard])
            if heard:
                return True
        return False

    def _relax(self) -> None:
        self._count(self._bus.torque(joint.servo.id, False) for joint in self._joints)
        if self._state != "absent":
            self._state = "faulted" if self._faults else "relaxed"

    def _watch(self, now_ns: int) -> None:
        if self._state == "starting" and now_ns - self._started_ns >= SOFT_START_NS:
            self._state = "running"
        if self._state in ("starting", "running") and now_ns - self._aimed_ns >= HOLD_AFTER_NS:
            self._state, self._held_ns = "holding", now_ns
            self._words.append("setpoints stopped coming: the servos hold")
        elif self._state == "holding" and now_ns - self._held_ns >= RELAX_AFTER_NS:
            self._latch("link_lost", range(len(self._joints)))

    def _move(self, duration_s: float) -> None:
        for joint in self._joints:
            rate = joint.servo.limits.rate
            way = duration_s * (min(rate, SOFT_START_RATE) if self._state == "starting" else rate)
            joint.commanded += min(max(joint.target - joint.commanded, -way), way)
        self._send_goals()

    def _send_goals(self) -> None:
        scale = self._bus.counts_per_rad
        goals = {joint.servo.id: joint.servo.counts(joint.commanded, scale) for joint in self._joints}
        self._count([self._bus.write_goals(goals)])

    def _count(self, heard: Iterable[bool]) -> None:
        for answered in heard:
            self._sent += 1
            self._unheard += not answered

    def _reading(self, now_ns: int) -> Reading:
        powered = self._state in ("starting", "running", "holding")
        scale = self._bus.counts_per_rad
        return Reading(
            now_ns,
            tuple(joint.commanded if powered else NAN for joint in self._joints),
            tuple(joint.servo.position(j.counts, scale) if (j := joint.sample) else NAN for joint in self._joints),
        )
