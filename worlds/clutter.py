"""Things left on the floor: what a lidar at 0.18 m looks over. One small builder per kind, in its own frame.

Each builder gets the item's own random generator, so two heaps of toy blocks differ and neither depends on the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from numpy.random import Generator

from worlds.colors import parse_color, shade
from worlds.furniture.parts import DARK, FORWARD, PORCELAIN, SIDEWAYS, Parts, box, post, slab
from worlds.shape import Color, Shape, quaternion_from_yaw

_TOY_COLORS = ("red", "yellow", "blue", "green", "orange")


def shoes(rng: Generator, color: Color) -> Parts:
    """A pair, one of them kicked askew; 9 cm high at the heel."""
    skew = float(rng.uniform(-0.5, 0.5))
    left = (
        slab("left_sole", (0.28, 0.1, 0.05), 0.0, 0.07, 0.0, color),
        slab("left_heel", (0.12, 0.09, 0.05), -0.07, 0.07, 0.04, color),
    )
    right = (
        slab("right_sole", (0.28, 0.1, 0.05), 0.0, 0.0, 0.0, color),
        slab("right_heel", (0.12, 0.09, 0.05), -0.07, 0.0, 0.04, color),
    )
    return (*left, *(part.placed(0.02, -0.08, 0.0, skew) for part in right))


def cable(rng: Generator, color: Color) -> Parts:
    """About 1.5 m of flex in curves, 2.5 cm high: it must not be driven over."""
    length, heading = 0.26, 0.0
    knots = [(0.0, 0.0)]
    for _ in range(6):
        heading = 0.6 * heading + float(rng.uniform(-0.7, 0.7))
        x, y = knots[-1]
        knots.append((x + math.cos(heading) * length, y + math.sin(heading) * length))
    middle_x, middle_y = (knots[0][0] + knots[-1][0]) / 2.0, (knots[0][1] + knots[-1][1]) / 2.0
    parts = []
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(knots)):
        center = ((x0 + x1) / 2.0 - middle_x, (y0 + y1) / 2.0 - middle_y, 0.0125)
        piece = box(f"piece{i}", (length + 0.02, 0.025, 0.025), center, color)
        parts.append(replace(piece, orientation=quaternion_from_yaw(math.atan2(y1 - y0, x1 - x0))))
    return tuple(parts)


def blocks(rng: Generator, color: Color) -> Parts:
    """Five toy blocks of 4 to 7 cm strewn within 0.25 m."""
    del color  # toy blocks bring their own colours
    parts = []
    for i in range(5):
        edge = float(rng.uniform(0.04, 0.07))
        radius, angle = 0.06 + 0.04 * i, float(rng.uniform(0.0, math.tau))
        block = slab(f"block{i}", (edge, edge, edge), 0.0, 0.0, 0.0, parse_color(_TOY_COLORS[i]))
        parts.append(block.placed(radius * math.cos(angle), radius * math.sin(angle), 0.0, angle))
    return tuple(parts)


def ball(rng: Generator, color: Color) -> Parts:
    """A ball of 14 to 22 cm."""
    radius = float(rng.uniform(0.07, 0.11))
    return (Shape("ball", "sphere", (radius,), (0.0, 0.0, radius), color=color),)


def toy_car(rng: Generator, color: Color) -> Parts:
    """A toy car 26 cm long and 13 cm high."""
    del rng
    return (
        slab("body", (0.26, 0.12, 0.06), 0.0, 0.0, 0.02, color),
        slab("cabin", (0.12, 0.1, 0.05), -0.02, 0.0, 0.08, shade(color, 0.7)),
        Shape("front_wheels", "cylinder", (0.025, 0.13), (0.08, 0.0, 0.025), SIDEWAYS, DARK),
        Shape("back_wheels", "cylinder", (0.025, 0.13), (-0.08, 0.0, 0.025), SIDEWAYS, DARK),
    )


def toy_train(rng: Generator, color: Color) -> Parts:
    """An oval of rails seen as a 4 cm hoop of pieces, and a train on it."""
    parts = []
    for i in range(8):
        angle = i * math.tau / 8.0
        rail = slab(f"rail{i}", (0.05, 0.3, 0.02), 0.0, 0.0, 0.0, shade(parse_color("walnut"), 1.1))
        parts.append(rail.placed(0.36 * math.cos(angle), 0.36 * math.sin(angle), 0.0, angle))
    where = float(rng.uniform(0.0, math.tau))
    train = slab("train", (0.06, 0.2, 0.08), 0.0, 0.0, 0.02, color)
    return (*parts, train.placed(0.36 * math.cos(where), 0.36 * math.sin(where), 0.0, where))


def books(rng: Generator, color: Color) -> Parts:
    """A pile of four books, 12 cm high."""
    spines = (color, parse_color("cream"), parse_color("navy"), parse_color("brick"))
    parts = []
    for i, spine in enumerate(spines):
        book = slab(f"book{i}", (0.24, 0.17, 0.03), 0.0, 0.0, 0.03 * i, spine)
        dx, dy, yaw = (float(value) for value in rng.uniform((-0.015, -0.015, -0.4), (0.015, 0.015, 0.4)))
        parts.append(book.placed(dx, dy, 0.0, yaw))
    return tuple(parts)


def bag(rng: Generator, color: Color) -> Parts:
    """A bag standing on the floor with its handle up, 0.38 m high."""
    del rng
    body = slab("body", (0.16, 0.36, 0.3), 0.0, 0.0, 0.0, color)
    handle = slab("handle", (0.02, 0.18, 0.08), 0.0, 0.0, 0.3, shade(color, 0.6))
    return (body, handle)


def parcel(rng: Generator, color: Color) -> Parts:
    """A cardboard box of 0.3 to 0.45 m, 0.15 to 0.3 m high."""
    width, depth, height = (
        float(rng.uniform(0.3, 0.45)),
        float(rng.uniform(0.25, 0.4)),
        float(rng.uniform(0.15, 0.3)),
    )
    tape = slab("tape", (depth, 0.05, 0.002), 0.0, 0.0, height, shade(color, 1.3))
    return (slab("carton", (depth, width, height), 0.0, 0.0, 0.0, color), tape)


def bottle(rng: Generator, color: Color) -> Parts:
    """A bottle, standing or lying by chance."""
    if rng.random() < 0.5:
        return (
            post("body", 0.037, 0.2, 0.0, 0.0, 0.0, color),
            post("neck", 0.014, 0.08, 0.0, 0.0, 0.2, color),
        )
    return (
        Shape("body", "cylinder", (0.037, 0.2), (0.0, 0.0, 0.037), FORWARD, color),
        Shape("neck", "cylinder", (0.014, 0.08), (0.14, 0.0, 0.037), FORWARD, color),
    )


def pet_bowl(rng: Generator, color: Color) -> Parts:
    """A bowl 6 cm high."""
    del rng
    return (
        post("bowl", 0.11, 0.06, 0.0, 0.0, 0.0, color),
        post("food", 0.085, 0.002, 0.0, 0.0, 0.06, shade(color, 0.4)),
    )


def laundry(rng: Generator, color: Color) -> Parts:
    """A heap of clothes about 12 cm high."""
    tones = (color, PORCELAIN, parse_color("navy"))
    parts = []
    for i, tone in enumerate(tones):
        size = (float(rng.uniform(0.2, 0.34)), float(rng.uniform(0.18, 0.3)), 0.05 + 0.035 * i)
        heap = slab(f"cloth{i}", size, 0.0, 0.0, 0.0, tone)
        offset = rng.uniform(-0.1, 0.1, 2)
        parts.append(heap.placed(float(offset[0]), float(offset[1]), 0.0, float(rng.uniform(0.0, math.pi))))
    return tuple(parts)


def basket(rng: Generator, color: Color) -> Parts:
    """A laundry or toy basket, 0.3 m high."""
    del rng
    return (
        post("basket", 0.2, 0.3, 0.0, 0.0, 0.0, color),
        post("inside", 0.17, 0.002, 0.0, 0.0, 0.3, shade(color, 0.5)),
    )


def teddy(rng: Generator, color: Color) -> Parts:
    """A sitting teddy bear, 0.3 m high."""
    del rng
    return (
        Shape("body", "sphere", (0.09,), (0.0, 0.0, 0.09), color=color),
        Shape("head", "sphere", (0.065,), (0.01, 0.0, 0.225), color=shade(color, 1.1)),
        Shape("leg0", "capsule", (0.035, 0.1), (0.1, 0.06, 0.035), FORWARD, color),
        Shape("leg1", "capsule", (0.035, 0.1), (0.1, -0.06, 0.035), FORWARD, color),
    )


@dataclass(frozen=True)
class ClutterKind:
    """Default colour, the radius (m) of floor it may cover, and its builder."""

    color: str
    radius: float
    build: Callable[[Generator, Color], Parts]


CLUTTER: dict[str, ClutterKind] = {
    "shoes": ClutterKind("walnut", 0.22, shoes),
    "cable": ClutterKind("black", 0.9, cable),
    "blocks": ClutterKind("red", 0.29, blocks),
    "ball": ClutterKind("orange", 0.12, ball),
    "toy_car": ClutterKind("red", 0.15, toy_car),
    "toy_train": ClutterKind("blue", 0.52, toy_train),
    "books": ClutterKind("teal", 0.17, books),
    "bag": ClutterKind("plum", 0.2, bag),
    "box": ClutterKind("sand", 0.31, parcel),
    "bottle": ClutterKind("green", 0.2, bottle),
    "pet_bowl": ClutterKind("sky", 0.11, pet_bowl),
    "laundry": ClutterKind("pink", 0.35, laundry),
    "basket": ClutterKind("pine", 0.2, basket),
    "teddy": ClutterKind("oak", 0.2, teddy),
}
