"""The left half of a film frame: the home from above with robot, field of view, people, plan, trail and lidar."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from launch.report.home_map import Plan, plan_of
from launch.report.lettering import Picture, Rgb, write_on_picture
from launch.report.moment import Moment
from robot.bodies.rover.body import RoverBody
from robot.geometry import Pose2
from robot.messages import Scan, WorldTruth

BLUE: Rgb = (31, 95, 180)
ORANGE: Rgb = (217, 102, 31)
GREY: Rgb = (110, 112, 118)
GREEN: Rgb = (30, 140, 80)
RED: Rgb = (196, 47, 47)
WHITE: Rgb = (255, 255, 255)
PERSON_RADIUS_M = 0.22
VIEW_M = 3.0  # how far the field of view is drawn
BARE_M = 6.0  # half the side of an empty plan
TRAIL_POINTS = 400
SUBPIXEL = 4  # bits of cv2's fixed-point coordinates


class FilmMap:
    """Draws onto a fixed plan; remembers trails."""

    def __init__(self, world: str, first: WorldTruth, width: int, height: int) -> None:
        corners = np.array([[first.x - BARE_M, first.y - BARE_M], [first.x + BARE_M, first.y + BARE_M]])
        self._plan = _centred(plan_of(world, corners, (width, height)), width, height)
        self._body = RoverBody()
        self._trail: list[tuple[float, float]] = []
        self._person_trail: list[tuple[float, float]] = []

    def draw(self, moment: Moment, truth: WorldTruth) -> Picture:
        """Return the picture of one moment, (H, W, 3) RGB."""
        picture = self._plan.image.copy()
        robot = Pose2(truth.x, truth.y, truth.yaw)
        self._remember(truth)
        self._view(picture, robot, moment)
        self._polyline(picture, np.array(self._person_trail), ORANGE, 2)
        self._polyline(picture, np.array(self._trail), BLUE, 2)
        if moment.scan is not None:
            self._lidar(picture, robot, moment.scan)
        self._thoughts(picture, moment)
        self._people(picture, truth)
        self._robot(picture, robot)
        return picture

    def _remember(self, truth: WorldTruth) -> None:
        self._trail = [*self._trail[-TRAIL_POINTS:], (truth.x, truth.y)]
        if truth.people:
            first = truth.people[0]
            self._person_trail = [*self._person_trail[-TRAIL_POINTS:], (first.x, first.y)]

    def _view(self, picture: Picture, robot: Pose2, moment: Moment) -> None:
        half = self._body.camera.half_fov if moment.sightings is None else moment.sightings.half_fov
        angles = np.linspace(-half, half, 16)
        arc = np.stack([VIEW_M * np.cos(angles), VIEW_M * np.sin(angles)], axis=1)
        wedge = self._fixed(robot.apply_all(np.concatenate([np.zeros((1, 2)), arc])))
        x, y, width, height = cv2.boundingRect(wedge >> SUBPIXEL)
        box = (slice(max(y, 0), max(y + height + 1, 0)), slice(max(x, 0), max(x + width + 1, 0)))
        tinted = picture.copy()
        cv2.fillPoly(tinted, [wedge], (90, 160, 240), cv2.LINE_AA, SUBPIXEL)
        if picture[box].size:
            picture[box] = cv2.addWeighted(tinted[box], 0.3, picture[box], 0.7, 0.0)

    def _lidar(self, picture: Picture, robot: Pose2, scan: Scan) -> None:
        ranges = scan.ranges.astype(np.float64)
        hit = np.isfinite(ranges)
        angles = scan.angle_min + scan.angle_increment * np.arange(len(ranges))
        mount = self._body.lidar
        points = np.stack([mount.x + ranges * np.cos(angles), mount.y + ranges * np.sin(angles)], axis=1)[hit]
        columns, rows = np.round(self._plan.transform.pixels(robot.apply_all(points))).astype(int).T
        inside = (columns > 0) & (rows > 0) & (columns < picture.shape[1] - 1) & (rows < picture.shape[0] - 1)
        for right, down in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
            picture[rows[inside] + down, columns[inside] + right] = RED

    def _thoughts(self, picture: Picture, moment: Moment) -> None:
        """The planned way and where the robot thinks its person is."""
        odom = moment.odom_in_map
        if odom is None:
            return
        if moment.path is not None and len(moment.path.points) > 1:
            self._polyline(picture, odom.apply_all(moment.path.points.astype(np.float64)), GREEN, 3)
        lock = moment.lock
        if lock is not None and lock.state != "none":
            color = {"locked": GREEN, "occluded": ORANGE}.get(lock.state, RED)
            center = self._fixed(odom.apply_all(np.array([[lock.x, lock.y]])))[0]
            radius = round(0.36 * self._plan.transform.pixels_per_m * (1 << SUBPIXEL))
            cv2.circle(picture, center.tolist(), radius, color, 2, cv2.LINE_AA, SUBPIXEL)

    def _people(self, picture: Picture, truth: WorldTruth) -> None:
        for index, person in enumerate(truth.people):
            color = ORANGE if index == 0 else GREY
            here = Pose2(person.x, person.y, person.yaw)
            nose = np.array([[0.0, 0.0], [0.38, 0.0]])
            center, tip = self._fixed(here.apply_all(nose))
            radius = round(PERSON_RADIUS_M * self._plan.transform.pixels_per_m * (1 << SUBPIXEL))
            cv2.line(picture, center.tolist(), tip.tolist(), color, 3, cv2.LINE_AA, SUBPIXEL)
            cv2.circle(picture, center.tolist(), radius, color, -1, cv2.LINE_AA, SUBPIXEL)
            cv2.circle(picture, center.tolist(), radius, WHITE, 1, cv2.LINE_AA, SUBPIXEL)
            column, row = self._plan.transform.pixel(person.x, person.y)
            write_on_picture(picture, person.name, column, row + 14, 13)

    def _robot(self, picture: Picture, robot: Pose2) -> None:
        outline = self._fixed(robot.apply_all(np.array(self._body.footprint)))
        cv2.fillPoly(picture, [outline], BLUE, cv2.LINE_AA, SUBPIXEL)
        cv2.polylines(picture, [outline], True, WHITE, 1, cv2.LINE_AA, SUBPIXEL)
        start, tip = self._fixed(robot.apply_all(np.array([[0.0, 0.0], [0.34, 0.0]])))
        cv2.arrowedLine(picture, start.tolist(), tip.tolist(), WHITE, 2, cv2.LINE_AA, SUBPIXEL, 0.45)

    def _polyline(self, picture: Picture, points: NDArray[np.float64], color: Rgb, thickness: int) -> None:
        if len(points) > 1:
            cv2.polylines(picture, [self._fixed(points)], False, color, thickness, cv2.LINE_AA, SUBPIXEL)

    def _fixed(self, points: NDArray[np.float64]) -> NDArray[np.int32]:
        """Map metres to cv2's fixed-point pixels."""
        pixels = self._plan.transform.pixels(points.reshape(-1, 2))
        fixed: NDArray[np.int32] = np.round(pixels * (1 << SUBPIXEL)).astype(np.int32)
        return fixed


def _centred(plan: Plan, width: int, height: int) -> Plan:
    """Return the plan in the middle of a (height, width) picture, rooms named."""
    picture = np.full((height, width, 3), 250, np.uint8)
    rows, columns = min(plan.image.shape[0], height), min(plan.image.shape[1], width)
    top, left = (height - rows) // 2, (width - columns) // 2
    picture[top : top + rows, left : left + columns] = plan.image[:rows, :columns]
    scale, old = plan.transform.pixels_per_m, plan.transform
    transform = type(old)(old.west - left / scale, old.north + top / scale, scale)
    for name, (x, y) in plan.rooms:
        column, row = transform.pixel(x, y)
        write_on_picture(picture, name, column, row - 9, 14)
    return Plan(picture, transform, plan.rooms, plan.note)
