"""A hobby servo: it goes where its last pulse says, no faster than it can, and limp without pulses."""

from __future__ import annotations

from firmware_bridge.joints import ServoCalibration

SPEED = 6.0  # rad/s, about 0.17 s for 60 degrees: faster than any limit of the firmware, so the firmware must limit
PATIENCE_S = 0.025  # without a pulse for so long, the motor is off: an analogue servo drives it pulse by pulse
SHORTEST_US, LONGEST_US = 400.0, 2600.0  # what it takes for a pulse


class HobbyServo:
    """One servo and its joint. Positions in rad, of the joint."""

    def __init__(self, calibration: ServoCalibration, position: float = 0.0) -> None:
        self._calibration = calibration
        self.position = position
        self.stuck = False
        """Blocked: the joint does not move, whatever the motor wants."""
        self._target: float | None = None
        self._silent_s = 0.0

    @property
    def powered(self) -> bool:
        """Whether it still follows a pulse."""
        return self._target is not None

    def pulse(self, width_us: float) -> None:
        """Take one pulse."""
        if SHORTEST_US <= width_us <= LONGEST_US:
            self._target = self._calibration.position_rad(width_us)
            self._silent_s = 0.0

    def advance(self, duration_s: float) -> None:
        """Move for `duration_s`."""
        self._silent_s += duration_s
        if self._silent_s > PATIENCE_S:
            self._target = None
        if self._target is None or self.stuck:
            return
        way = SPEED * duration_s
        self.position += max(-way, min(way, self._target - self.position))

    def feedback_mv(self) -> float:
        """Return the voltage its potentiometer brings out."""
        return self._calibration.feedback_mv(self.position)
