"""How somebody really walks: a line fitted through their last second of positions, track by track.

A tracker must follow a turn at once, so its velocities are lively; whoever decides whether a person stands, leaves or
comes nearer needs calm ones. The fit says 0 until it has seen enough.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from policies.follow.trail import Person
from robot.clock import NS_PER_S

INTENT_S = 6.0  # someone held up for longer is taken to stand
LEAST_SPAN_S = 0.35  # of positions, before a velocity is believed


class Motion:
    """Positions of one person over a short window, and the velocity that fits them."""

    def __init__(self, window_s: float, standing_speed: float, fastest: float) -> None:
        self._window_ns = round(window_s * NS_PER_S)
        self._standing_speed = standing_speed
        self._fastest = fastest
        self._points: deque[tuple[int, float, float]] = deque()
        self._walked: tuple[int, float, float] = (0, 0.0, 0.0)

    def add(self, stamp_ns: int, x: float, y: float) -> None:
        """Note a position (odom, m); older than the window are dropped. A stamp counts once."""
        if self._points and stamp_ns <= self._points[-1][0]:
            return
        self._points.append((stamp_ns, x, y))
        while self._points[0][0] < stamp_ns - self._window_ns:
            self._points.popleft()

    def velocity(self) -> tuple[float, float]:
        """Return the fitted velocity, m/s; 0 for someone who stands or is hardly known yet."""
        if len(self._points) < 3 or self._points[-1][0] - self._points[0][0] < LEAST_SPAN_S * NS_PER_S:
            return 0.0, 0.0
        newest = self._points[-1][0]
        values = np.array([((t - newest) / NS_PER_S, x, y) for t, x, y in self._points])
        values -= values.mean(axis=0)
        spread = float(values[:, 0] @ values[:, 0])
        vx, vy = (float(v) for v in values[:, 0] @ values[:, 1:] / spread)
        speed = math.hypot(vx, vy)
        if speed < self._standing_speed:
            return 0.0, 0.0
        share = min(1.0, self._fastest / speed)
        return vx * share, vy * share

    def person(self, x: float, y: float) -> Person:
        """Return the person at (x, y) with the fitted velocity, and the one they last walked with."""
        vx, vy = self.velocity()
        newest = self._points[-1][0]
        if (vx, vy) != (0.0, 0.0):
            self._walked = newest, vx, vy
        walked_ns, aim_x, aim_y = self._walked
        if newest - walked_ns > INTENT_S * NS_PER_S:
            return Person(x, y, vx, vy)
        return Person(x, y, vx, vy, aim_x, aim_y)


class Motions:
    """The motion of everybody, by track id."""

    def __init__(self, window_s: float, standing_speed: float, fastest: float) -> None:
        self._settings = (window_s, standing_speed, fastest)
        self._of: dict[int, Motion] = {}

    def person(self, track_id: int, stamp_ns: int, x: float, y: float, late_s: float) -> Person:
        """Take in where a track is at `stamp_ns`, and return the person `late_s` later with a calm velocity."""
        motion = self._of.setdefault(track_id, Motion(*self._settings))
        motion.add(stamp_ns, x, y)
        return motion.person(x, y).after(late_s)

    def keep(self, track_ids: set[int]) -> None:
        """Forget everybody else."""
        self._of = {track_id: motion for track_id, motion in self._of.items() if track_id in track_ids}
