"""The right half of a film frame: what the robot sees or knows, and in words what it does."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from launch.report.lettering import Picture, Rgb, width_of, write
from launch.report.moment import Moment
from robot.geometry import Pose2
from robot.messages import Image, LocalMap, Odom, Sightings, WorldTruth

PAGE: Rgb = (24, 26, 30)
INK: Rgb = (232, 234, 237)
FAINT: Rgb = (150, 156, 164)
GREEN: Rgb = (98, 196, 136)
YELLOW: Rgb = (226, 193, 92)
RED: Rgb = (240, 112, 112)
BLUE: Rgb = (110, 168, 240)
MODES: dict[str, Rgb] = {"following": GREEN, "making_way": BLUE, "searching": YELLOW, "waiting": FAINT}
LOCKS: dict[str, Rgb] = {"locked": GREEN, "occluded": YELLOW, "lost": RED, "none": FAINT}
SAFETY: dict[str, Rgb] = {"ok": GREEN, "slowed": YELLOW, "stopped": RED}
SAME_PERSON_M = 0.6  # a sighting this near the lock is drawn as the locked person
AHEAD_M, BEHIND_M = 4.0, 2.0  # of the local map, drawn with the robot's forward direction up
CHART_M = 4.0  # top of the distance chart


class FilmPanel:
    """Draws the panel; remembers the distance so far."""

    def __init__(self, width: int, height: int, duration_s: float, speed: int) -> None:
        self._size = (width, height)
        self._duration_s = max(duration_s, 0.1)
        self._speed = speed
        self._distances: list[tuple[float, float]] = []

    def draw(self, moment: Moment, truth: WorldTruth) -> Picture:
        """Return the panel of one moment, (H, W, 3) RGB."""
        width, height = self._size
        panel = np.full((height, width, 3), PAGE, np.uint8)
        view_height = width * 3 // 4
        panel[:view_height] = self._view(moment, width, view_height)
        self._words(panel, moment, truth, view_height + 14)
        self._chart(panel, truth, moment.t_s, view_height + 172, height - view_height - 192)
        return panel

    def _view(self, moment: Moment, width: int, height: int) -> Picture:
        if moment.camera is not None:
            return camera_view(moment.camera, moment, width, height)
        if moment.local_map is not None and moment.odom is not None:
            return map_view(moment.local_map, moment.odom, width, height)
        return np.full((height, width, 3), (12, 13, 15), np.uint8)

    def _words(self, panel: Picture, moment: Moment, truth: WorldTruth, top: int) -> None:
        minutes, seconds = divmod(moment.t_s, 60.0)
        write(panel, f"{int(minutes)}:{seconds:04.1f}", 18, top, 34, INK, bold=True)
        fast = f"shown {self._speed} × as fast" if self._speed > 1 else "shown in real time"
        write(panel, fast, panel.shape[1] - 18 - width_of(fast, 15), top + 14, 15, FAINT)
        follow, lock, safety = moment.follow, moment.lock, moment.safety
        mode = "starting" if follow is None else follow.mode
        words = "" if follow is None else follow.reason
        self._line(panel, top + 50, "does", mode.replace("_", " "), MODES.get(mode, FAINT), words)
        state = "none" if lock is None else lock.state
        self._line(panel, top + 78, "lock", state, LOCKS[state], _distance_words(truth))
        held = "ok" if safety is None else safety.state
        reasons = "" if safety is None else ", ".join(safety.reasons)
        self._line(panel, top + 106, "safety", held, SAFETY[held], reasons)

    def _line(self, panel: Picture, top: int, name: str, value: str, color: Rgb, more: str) -> None:
        write(panel, name, 18, top + 2, 15, FAINT)
        end = write(panel, value, 88, top, 18, color, bold=True)
        write(panel, more, end + 12, top + 3, 14, FAINT)

    def _chart(self, panel: Picture, truth: WorldTruth, t_s: float, top: int, height: int) -> None:
        left, right = 18, panel.shape[1] - 18
        if truth.people:
            self._distances.append((t_s, math.hypot(truth.people[0].x - truth.x, truth.people[0].y - truth.y)))

        def row(distance_m: float) -> int:
            return top + height - round(min(distance_m, CHART_M) / CHART_M * height)

        cv2.rectangle(panel, (left, row(2.0)), (right, row(1.0)), (38, 66, 50), -1)
        cv2.line(panel, (left, top + height), (right, top + height), (70, 75, 82), 1)
        write(panel, "distance to the person", left, top - 12, 13, FAINT)
        for mark in (1, 2):
            write(panel, f"{mark} m", left + 6, row(mark) - 8, 12, (120, 170, 138))
        points = [(left + round(t / self._duration_s * (right - left)), row(d)) for t, d in self._distances]
        cv2.polylines(panel, [np.array(points, np.int32).reshape(-1, 1, 2)], False, BLUE, 2, cv2.LINE_AA)


def camera_view(image: Image, moment: Moment, width: int, height: int) -> Picture:
    """Return the camera's picture with a box around everybody found; the locked person's is green."""
    view = cv2.resize(image.data, (width, height), interpolation=cv2.INTER_LINEAR)
    scale = width / image.data.shape[1]
    for index, person in enumerate(() if moment.sightings is None else moment.sightings.people):
        x, y, w, h = (round(value * scale) for value in person.bbox)
        locked = index == _locked(moment, moment.sightings)
        color = GREEN if locked else INK
        cv2.rectangle(view, (x, y), (x + w, y + h), color, 3 if locked else 1, cv2.LINE_AA)
    caption(view, "what it sees")
    return np.asarray(view, dtype=np.uint8)


def map_view(local: LocalMap, odom: Odom, width: int, height: int) -> Picture:
    """Return the local map with the robot's forward direction up: dark is free, light is occupied, grey unknown."""
    colors = np.full((*local.cells.shape, 3), (52, 56, 62), np.uint8)
    colors[local.cells == 0] = (28, 31, 36)
    colors[local.cells == 100] = (226, 193, 92)
    per_m = height / (AHEAD_M + BEHIND_M)
    turn = Pose2(odom.x, odom.y, odom.yaw)
    shown = np.array([[0.0, 0.0], [width, 0.0], [0.0, height]])
    in_base = np.stack([AHEAD_M - shown[:, 1] / per_m, (width / 2 - shown[:, 0]) / per_m], axis=1)
    in_cells = (turn.apply_all(in_base) - np.array([local.origin_x, local.origin_y])) / local.resolution_m
    warp = cv2.getAffineTransform(shown.astype(np.float32), in_cells.astype(np.float32))
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    view = cv2.warpAffine(colors, warp, (width, height), flags=flags, borderValue=(52, 56, 62))
    center = (width // 2, round(AHEAD_M * per_m))
    cv2.circle(view, center, round(0.2 * per_m), BLUE, -1, cv2.LINE_AA)
    cv2.line(view, center, (center[0], center[1] - round(0.34 * per_m)), INK, 2, cv2.LINE_AA)
    caption(view, "what it knows of its surroundings")
    return np.asarray(view, dtype=np.uint8)


def caption(view: NDArray[np.uint8], text: str) -> None:
    """Write a caption into the lower left corner."""
    top = view.shape[0] - 26
    cv2.rectangle(view, (0, top), (width_of(text, 14) + 20, view.shape[0]), PAGE, -1)
    write(view, text, 10, top + 4, 14, FAINT)


def _locked(moment: Moment, sightings: Sightings | None) -> int:
    """Index of the sighting that is the locked person; -1 when none is."""
    lock, odom = moment.lock, moment.odom
    if sightings is None or lock is None or odom is None or lock.state != "locked":
        return -1
    here = Pose2(odom.x, odom.y, odom.yaw)
    gaps = [math.dist(here.apply(person.x, person.y), (lock.x, lock.y)) for person in sightings.people]
    nearest = min(range(len(gaps)), key=gaps.__getitem__, default=-1)
    return nearest if nearest >= 0 and gaps[nearest] <= SAME_PERSON_M else -1


def _distance_words(truth: WorldTruth) -> str:
    if not truth.people:
        return ""
    first = truth.people[0]
    distance = math.hypot(first.x - truth.x, first.y - truth.y)
    hidden = "" if first.in_sight else ", hidden"
    return f"{first.name} is {distance:.1f} m away{hidden}"
