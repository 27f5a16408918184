"""The display's task at hand: where it shall look, whether it copies the head, and how far its gesture has come."""

from __future__ import annotations

from robot.messages import ArmTask
from robot.motion.gestures import GESTURES, NONE, Offsets


class Errand:
    """Holds the newest task; before the first one nothing is different from a display that is never told anything."""

    def __init__(self) -> None:
        self.task: ArmTask | None = None
        self._began_s = 0.0

    def take(self, task: ArmTask, now_s: float) -> None:
        """Take a new task; the gesture of the one before it is broken off."""
        self.task, self._began_s = task, now_s

    def gesturing(self, now_s: float) -> bool:
        """Whether a gesture is going on."""
        task = self.task
        return task is not None and task.gesture != "" and now_s - self._began_s < GESTURES[task.gesture].seconds

    def offsets(self, now_s: float) -> tuple[Offsets, Offsets]:
        """Return what the gesture adds to the joints (rad), and how fast (rad/s)."""
        if self.task is None or not self.task.gesture:
            return NONE, NONE
        return GESTURES[self.task.gesture].at(now_s - self._began_s)

    def copies(self, now_s: float, otherwise: bool) -> bool:
        """Whether the head is copied; `otherwise`: before any task."""
        if self.task is None:
            return otherwise
        return self.task.mimic and self.task.look == "face" and not self.gesturing(now_s)

    @property
    def still(self) -> bool:
        """Whether the joints shall stand."""
        return self.task is not None and self.task.look == "still"

    @property
    def direction(self) -> tuple[float, float] | None:
        """Return azimuth and elevation (rad) to look along; None where a face is looked at, or nothing."""
        task = self.task
        return (task.azimuth, task.elevation) if task is not None and task.look == "direction" else None
