"""A home seen from above, for people: floors, walls, furniture by outline, clutter, names, routes and starts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from worlds.place import place_of, placed_furniture
from worlds.schema import World
from worlds.shape import Color, Shape
from worlds.shapes import shapes_of

Image = NDArray[np.uint8]
Polyline = NDArray[np.float64]
MARGIN_M = 0.3
HEAD_M = 2.0  # lintels and other things above people's heads are left out
ROUTE_COLORS = ((214, 60, 60), (50, 110, 200), (60, 150, 80), (170, 90, 180))
_INK = (40, 40, 44)


@dataclass(frozen=True)
class MapTransform:
    """Between map metres (x east, y north) and picture pixels (column right, row down)."""

    west: float
    north: float
    pixels_per_m: float

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 2) map points as (column, row)."""
        return np.asarray((points - np.array([self.west, self.north])) * self.pixels_per_m * np.array([1.0, -1.0]))

    def pixel(self, x: float, y: float) -> tuple[int, int]:
        """The (column, row) of one map point."""
        column, row = self.pixels(np.array([[x, y]]))[0]
        return round(float(column)), round(float(row))


def draw_map(
    world: World, pixels_per_m: float = 80.0, routes: Sequence[Polyline] = (), names: bool = True
) -> tuple[Image, MapTransform]:
    """Top-down picture of a home.

    Args:
        world: the home.
        pixels_per_m: scale.
        routes: polylines (N, 2) in map, m, drawn in a colour each.
        names: whether to write the names of rooms and people.

    Returns:
        (H, W, 3) uint8 RGB with 0.3 m of margin, and the transform from map to pixel.
    """
    west, south, east, north = world.bounds
    width, height = east - west + 2 * MARGIN_M, north - south + 2 * MARGIN_M
    image = np.full((round(height * pixels_per_m), round(width * pixels_per_m), 3), 250, dtype=np.uint8)
    transform = MapTransform(west - MARGIN_M, north + MARGIN_M, pixels_per_m)
    for shape in sorted(shapes_of(world), key=_layer):
        _draw_shape(image, transform, shape)
    for index, route in enumerate(routes):
        draw_route(image, transform, route, ROUTE_COLORS[index % len(ROUTE_COLORS)])
    _draw_starts(image, transform, world, names)
    if names:
        _draw_names(image, transform, world)
    return image, transform


def draw_route(image: Image, transform: MapTransform, route: Polyline, color: tuple[int, int, int]) -> None:
    """Draw a polyline (N, 2) in map metres onto a picture, in place."""
    points = np.round(transform.pixels(route)).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(image, [points], False, color, 2, cv2.LINE_AA)


def _layer(shape: Shape) -> tuple[int, float]:
    """Painter's order: floors, rugs, then by height, walls last."""
    order = {"floor": 0, "rug": 1, "wall": 3, "door": 4}
    return order.get(shape.semantic, 2), shape.z_range()[1]


def _draw_shape(image: Image, transform: MapTransform, shape: Shape) -> None:
    if shape.z_range()[0] > HEAD_M and shape.semantic != "floor":
        return
    corners = np.round(transform.pixels(shape.footprint())).astype(np.int32)
    color = _rgb((0.25, 0.25, 0.27, 1.0) if shape.semantic == "wall" else shape.color)
    if shape.color[3] < 1.0:
        cv2.polylines(image, [corners], True, (90, 170, 190), 2, cv2.LINE_AA)
        return
    cv2.fillConvexPoly(image, corners, color, cv2.LINE_AA)
    if shape.semantic not in ("floor", "wall"):
        cv2.polylines(image, [corners], True, tuple(int(c * 0.55) for c in color), 1, cv2.LINE_AA)


def _draw_starts(image: Image, transform: MapTransform, world: World, names: bool) -> None:
    for robot in world.robots:
        corners = np.array([[0.21, 0.2], [-0.21, 0.2], [-0.21, -0.2], [0.21, -0.2]])
        yaw = math.radians(robot.yaw_deg)
        turn = np.array([[math.cos(yaw), math.sin(yaw)], [-math.sin(yaw), math.cos(yaw)]])
        at = place_of(world, robot)
        size = 1.0 if robot.drives else 0.5
        outline = transform.pixels(size * corners @ turn + np.array(at)).round().astype(np.int32)
        cv2.fillConvexPoly(image, outline, (70, 90, 120), cv2.LINE_AA)
        _arrow(image, transform, at, yaw, 0.35 * size, (240, 200, 60))
        if names and not robot.drives:  # it is part of the furniture
            column, row = transform.pixel(at[0] + 0.12, at[1] + 0.12)
            _write(image, robot.name, column, row, 0.35)
    for person in world.people:
        color = (214, 60, 60) if person.role == "followed" else (90, 110, 150)
        cv2.circle(image, transform.pixel(*person.at), round(0.22 * transform.pixels_per_m), color, -1, cv2.LINE_AA)
        _arrow(image, transform, person.at, math.radians(person.yaw_deg), 0.4, _INK)
        if names:
            column, row = transform.pixel(person.at[0] + 0.25, person.at[1] + 0.25)
            _write(image, person.name, column, row, 0.45)


def _arrow(
    image: Image,
    transform: MapTransform,
    at: tuple[float, float],
    yaw: float,
    length: float,
    color: tuple[int, int, int],
) -> None:
    tip = transform.pixel(at[0] + length * math.cos(yaw), at[1] + length * math.sin(yaw))
    cv2.arrowedLine(image, transform.pixel(*at), tip, color, 2, cv2.LINE_AA, tipLength=0.35)


def _draw_names(image: Image, transform: MapTransform, world: World) -> None:
    for item in placed_furniture(world):
        if item.kind not in ("rug", "picture", "mirror"):
            column, row = transform.pixel(item.x, item.y)
            _write(image, item.kind.replace("_", " "), column - 4 * len(item.kind) // 1, row, 0.3)
    for room in world.rooms:
        x, y = room.center
        column, row = transform.pixel(x, y)
        _write(image, room.name, column - 6 * len(room.name), row, 0.6)


def _write(image: Image, text: str, column: int, row: int, scale: float) -> None:
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(image, text, (column, row), font, scale, (255, 255, 255), 3, cv2.LINE_AA)
    cv2.putText(image, text, (column, row), font, scale, _INK, 1, cv2.LINE_AA)


def _rgb(color: Color) -> tuple[int, int, int]:
    return (round(255 * color[0]), round(255 * color[1]), round(255 * color[2]))
