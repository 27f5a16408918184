"""What shapes look like to the renderer: boxes as they are, round things as meshes of few triangles.

PyBullet's own cylinders and spheres have hundreds of triangles, which the software renderer pays for in every frame.
"""

from __future__ import annotations

import math
from functools import lru_cache

from sim.bullet import pybullet
from worlds.shape import Shape

SIDES = 10  # of a round thing seen from above

Triples = list[tuple[float, float, float]]
Mesh = tuple[Triples, list[int]]


@lru_cache(maxsize=256)
def lathe(profile: tuple[tuple[float, float], ...]) -> Mesh:
    """Return vertices and triangle indices of a profile of (radius, z), bottom to top, turned about z."""
    vertices: Triples = []
    for radius, z in profile:
        for k in range(SIDES):
            angle = 2.0 * math.pi * k / SIDES
            vertices.append((radius * math.cos(angle), radius * math.sin(angle), z))
    indices: list[int] = []
    for ring in range(len(profile) - 1):
        for k in range(SIDES):
            a, b = ring * SIDES + k, ring * SIDES + (k + 1) % SIDES
            indices += [a, b, a + SIDES, b, b + SIDES, a + SIDES]
    return vertices, indices


def profile_of(shape: Shape) -> tuple[tuple[float, float], ...]:
    """Return the (radius, z) outline of a cylinder, sphere or capsule about its own z axis."""
    radius = shape.size[0]
    if shape.kind == "cylinder":
        h = shape.size[1] / 2.0
        return ((0.0, -h), (radius, -h), (radius, h), (0.0, h))
    h = shape.size[1] / 2.0 if shape.kind == "capsule" else 0.0
    quarter = [math.radians(a) for a in (0.0, 35.0, 65.0)]
    lower = tuple((radius * math.sin(a), -h - radius * math.cos(a)) for a in quarter)
    upper = tuple((r, -z) for r, z in reversed(lower))
    middle = ((radius, -h), (radius, h)) if h > 0.0 else ((radius, 0.0),)
    return (*lower, *middle, *upper)


def visual_shape(client: int, shape: Shape) -> int:
    """Create and return the visual shape of a primitive; -1 for what cannot be seen (glass)."""
    if not shape.seen_by_depth:
        return -1
    color = (*shape.color[:3], 1.0)
    if shape.kind == "box":
        return int(
            pybullet.createVisualShape(
                pybullet.GEOM_BOX,
                halfExtents=[extent / 2.0 for extent in shape.size],
                rgbaColor=color,
                specularColor=(0.0, 0.0, 0.0),
                physicsClientId=client,
            )
        )
    vertices, indices = lathe(profile_of(shape))
    return int(
        pybullet.createVisualShape(
            pybullet.GEOM_MESH,
            vertices=vertices,
            indices=indices,
            rgbaColor=color,
            specularColor=(0.0, 0.0, 0.0),
            physicsClientId=client,
        )
    )
