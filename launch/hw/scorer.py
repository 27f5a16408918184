"""What can be said of a run on hardware, where nobody knows the truth: how servos and line did, and what was told."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from launch.scoring.event import Event
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import DeviceHealth, Faces, JointStates, Log, Reply, WheelSpeeds
from robot.runtime.commit import Commit


class HardwareScorer:
    """Watches a run on hardware."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.distance_m = math.nan
        self._health: DeviceHealth | None = None
        self._state, self._since_s = "", 0.0
        self._spent_s: dict[str, float] = {}
        self._frames = self._locked = 0
        self._gaps: list[float] = []
        self._round_trips: list[float] = []
        self._turning = False

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        message, t_s = commit.message, commit.envelope.t_ns / NS_PER_S
        if isinstance(message, DeviceHealth):
            self._on_health(t_s, message)
        elif isinstance(message, Log) and commit.envelope.topic == topics.LOG.name:
            self.events.append(Event(t_s, "log", message.text))
        elif isinstance(message, Faces):
            self._frames += 1
            self._locked += message.lock == "locked"
        elif isinstance(message, Reply):
            self.events.append(Event(t_s, "says", message.text))
        elif isinstance(message, WheelSpeeds):
            self._on_wheels(t_s, message)
        elif isinstance(message, JointStates):
            self._gaps += [abs(c - m) for c, m in zip(message.commanded, message.measured, strict=True)]

    def metrics(self) -> dict[str, Any]:
        """Return the figures so far."""
        health, gaps = self._health, [gap for gap in self._gaps if math.isfinite(gap)]
        return {
            "servos_running_s": self._spent_s.get("running", 0.0),
            "servos_holding_s": self._spent_s.get("holding", 0.0),
            "faults": ", ".join(health.faults) if health and health.faults else "none",
            "frames_sent": health.sent if health else 0,
            "frames_lost": health.lost_to_device + health.lost_from_device if health else 0,
            "setpoints_refused": health.refused if health else 0,
            "reconnects": health.reconnects if health else 0,
            "round_trip_ms_p50": 1000.0 * float(np.median(self._round_trips)) if self._round_trips else math.nan,
            "joint_gap_deg_p95": math.degrees(float(np.percentile(gaps, 95))) if gaps else math.nan,
            "locked_share": self._locked / self._frames if self._frames else math.nan,
        }

    def _on_wheels(self, t_s: float, wheels: WheelSpeeds) -> None:
        turning = any(math.isfinite(speed) and speed != 0.0 for speed in (wheels.left, wheels.right))
        if turning != self._turning:
            self.events.append(Event(t_s, "wheels", "turning" if turning else "at rest"))
        self._turning = turning

    def _on_health(self, t_s: float, health: DeviceHealth) -> None:
        if self._state:
            self._spent_s[self._state] = self._spent_s.get(self._state, 0.0) + t_s - self._since_s
        if health.state != self._state:
            faults = f": {', '.join(health.faults)}" if health.faults else ""
            self.events.append(Event(t_s, "servos", health.state + faults))
        self._state, self._since_s, self._health = health.state, t_s, health
        if math.isfinite(health.round_trip_s):
            self._round_trips.append(health.round_trip_s)
