"""The stand alone on its desk, driven by whoever asks: to see whether it tips or slides, without people or pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from robot.bodies.tabletop.body import TabletopBody
from sim.bullet import pybullet
from sim.tabletop.stand import PHYSICS_HZ, Stand, start_physics

STEPS = 2  # of physics between two setpoints: the arm's 120 Hz


class DropTest:
    """Physics, one stand, and the worst that happened to it."""

    def __init__(self, body: TabletopBody, payload_kg: float) -> None:
        self._client = start_physics()
        self._stand = Stand(self._client, body, payload_kg)
        self.now_s = self.tilt_max = self.slip_max = 0.0
        self.fallen = False

    def __enter__(self) -> DropTest:
        return self

    def __exit__(self, *_: object) -> None:
        pybullet.disconnect(self._client)

    def times(self, seconds: float) -> Iterator[float]:
        """Yield the time of every setpoint, s."""
        for step in range(round(seconds * PHYSICS_HZ / STEPS)):
            self.now_s = step * STEPS / PHYSICS_HZ
            yield self.now_s

    def drive(self, setpoints: Sequence[float]) -> None:
        """Let the servos push toward joint positions (rad) until the next setpoint."""
        for _ in range(STEPS):
            self._stand.drive(setpoints)
            pybullet.stepSimulation(physicsClientId=self._client)
            state = self._stand.state()
            self.tilt_max, self.slip_max = max(self.tilt_max, state.tilt), max(self.slip_max, state.slip_m)
            self.fallen |= state.fallen
