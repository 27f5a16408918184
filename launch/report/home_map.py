"""The home from above with everybody's way through it, as SVG over a drawn plan."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from launch.report.story import Column, Story
from worlds.catalog import load_world
from worlds.errors import WorldError
from worlds.picture import MARGIN_M, MapTransform, draw_map

PIXELS_PER_M = 90.0
BARE_MARGIN_M = 1.0  # around the paths, where the home itself is not to be found
THIN_S = 0.15  # between two points of a drawn path
LABEL_EVERY = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)  # s between times written along the way
LABELS_AT_MOST = 14


@dataclass(frozen=True)
class Plan:
    """A picture of the home and where map points lie in it."""

    image: NDArray[np.uint8]
    """(H, W, 3) RGB"""
    transform: MapTransform
    rooms: tuple[tuple[str, tuple[float, float]], ...] = ()
    """Names and middles (m, map)."""
    note: str = ""
    """What a reader must know of the picture; empty when it is the home."""


def plan_of(world: str, around: Column, fit: tuple[float, float] | None = None, *, display: bool = False) -> Plan:
    """Return the plan of a home without anybody in it.

    Args:
        world: a home's name or file; where it cannot be loaded, the plan is empty and its note says why.
        around: (N, 2) map points that an empty plan must hold.
        fit: width and height (px) to fill, then without the names of things; None = PIXELS_PER_M.
        display: whether the display that stands in the home took part.
    """
    try:
        home = load_world(world)
        home = replace(home, people=(), robots=tuple(robot for robot in home.robots if display and not robot.drives))
    except WorldError as error:
        return _bare_plan(around, fit, f"The home is not drawn: {error}")
    west, south, east, north = home.bounds
    scale = _scale((east - west + 2 * MARGIN_M, north - south + 2 * MARGIN_M), fit)
    image, transform = draw_map(home, scale, names=fit is None)
    return Plan(image, transform, tuple((room.name, room.center) for room in home.rooms))


def _bare_plan(around: Column, fit: tuple[float, float] | None, note: str) -> Plan:
    low, high = np.nanmin(around, axis=0) - BARE_MARGIN_M, np.nanmax(around, axis=0) + BARE_MARGIN_M
    scale = _scale(high - low, fit)
    columns, rows = ((high - low) * scale).astype(int)
    image = np.full((rows, columns, 3), 245, np.uint8)
    return Plan(image, MapTransform(float(low[0]), float(high[1]), scale), (), note)


def _scale(size_m: Sequence[float] | Column, fit: tuple[float, float] | None) -> float:
    return PIXELS_PER_M if fit is None else float(min(fit[0] / size_m[0], fit[1] / size_m[1]))


@dataclass(frozen=True)
class MapPicture:
    """What the page's template needs to draw the map."""

    width: int
    height: int
    png: str
    """base64"""
    robot: str
    """SVG points"""
    person: str
    unlocked: list[str]
    """Stretches of the robot's way without a hold of the person."""
    others: list[tuple[str, str]]
    """Name and SVG points."""
    touches: list[tuple[float, float, str]]
    """Column, row, words."""
    times: list[tuple[float, float, str]]
    starts: list[tuple[float, float]]
    """Where robot and person began."""
    ends: list[tuple[float, float, str]]
    """Where robot and person were at the end: column, row, who."""
    note: str


def map_picture(plan: Plan, story: Story) -> MapPicture:
    """Return the map of a run that has truth."""
    height, width = plan.image.shape[:2]
    robot, time = story.robot[:, 1:3], story.robot[:, 0]
    pixels = plan.transform.pixels(robot)
    gaps = [pixels[(time >= span.start_s) & (time <= span.end_s)] for span in story.unlocked()]
    return MapPicture(
        width,
        height,
        image_data(plan),
        svg_points(pixels, time),
        svg_points(plan.transform.pixels(story.person(0)), time) if story.people else "",
        [svg_points(gap) for gap in gaps if len(gap) > 1],
        [
            (story.people[i], svg_points(plan.transform.pixels(story.person(i)), time))
            for i in range(1, len(story.people))
        ],
        [(*_at(plan, touch.x, touch.y), f"{touch.t_s:.1f} s: touched {touch.name}") for touch in story.touches],
        _times_along(pixels, time),
        [_at(plan, *story.robot[0, 1:3]), *([_at(plan, *story.person(0)[0])] if story.people else [])],
        _ends(plan, story),
        plan.note,
    )


def image_data(plan: Plan) -> str:
    """Return the plan as base64 of a PNG."""
    _, png = cv2.imencode(".png", plan.image[:, :, ::-1])
    return base64.b64encode(png.tobytes()).decode()


def svg_points(pixels: Column, time: Column | None = None) -> str:
    """Return "x,y x,y ..." of (N, 2) pixels, thinned to one every THIN_S where times are given."""
    if time is not None and len(time) > 1:
        step = max(1, round(THIN_S / max(float(np.median(np.diff(time))), 1e-3)))
        keep = np.unique(np.append(np.arange(0, len(pixels), step), len(pixels) - 1))
        pixels = pixels[keep]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pixels if math.isfinite(x))


def _times_along(pixels: Column, time: Column) -> list[tuple[float, float, str]]:
    every = next((e for e in LABEL_EVERY if time[-1] / e <= LABELS_AT_MOST), LABEL_EVERY[-1])
    marks = np.arange(every, time[-1], every)
    rows = np.searchsorted(time, marks)
    return [(float(pixels[i, 0]), float(pixels[i, 1]), f"{mark:g} s") for i, mark in zip(rows, marks, strict=True)]


def _ends(plan: Plan, story: Story) -> list[tuple[float, float, str]]:
    ends = [(*_at(plan, *story.robot[-1, 1:3]), "robot")]
    if story.people:
        ends.append((*_at(plan, *story.person(0)[-1]), story.people[0]))
    return ends


def _at(plan: Plan, x: float, y: float) -> tuple[float, float]:
    column, row = plan.transform.pixels(np.array([[x, y]]))[0]
    return round(float(column), 1), round(float(row), 1)
