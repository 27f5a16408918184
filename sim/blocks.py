"""Fixed things in blocks: up to 16 neighbouring shapes are one rigid body to the physics.

A step costs PyBullet something for every body there is, however far from the rover, and a home has hundreds of
boxes. What was touched is told from the place of the contact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.bullet import pybullet
from worlds.shape import Shape

LARGEST = 16  # shapes that PyBullet takes into one compound
GEOMETRIES = {
    "box": pybullet.GEOM_BOX,
    "sphere": pybullet.GEOM_SPHERE,
    "cylinder": pybullet.GEOM_CYLINDER,
    "capsule": pybullet.GEOM_CAPSULE,
}


def neighbours(rows: Sequence[int], shapes: Sequence[Shape]) -> list[list[int]]:
    """Return `rows` of `shapes` in groups of at most LARGEST that stand close together."""
    if len(rows) <= LARGEST:
        return [list(rows)] if rows else []
    places = np.array([shapes[row].position[:2] for row in rows])
    axis = int(np.argmax(np.ptp(places, axis=0)))
    order = [rows[i] for i in np.argsort(places[:, axis], kind="stable")]
    half = len(order) // 2
    return neighbours(order[:half], shapes) + neighbours(order[half:], shapes)


def compound(client: int, shapes: Sequence[Shape]) -> int:
    """Return the collision shape of all of `shapes`, each where it stands in map."""
    return int(
        pybullet.createCollisionShapeArray(
            shapeTypes=[GEOMETRIES[shape.kind] for shape in shapes],
            halfExtents=[[extent / 2.0 for extent in _box(shape)] for shape in shapes],
            radii=[0.0 if shape.kind == "box" else shape.size[0] for shape in shapes],
            lengths=[shape.size[1] if shape.kind in ("cylinder", "capsule") else 0.0 for shape in shapes],
            collisionFramePositions=[shape.position for shape in shapes],
            collisionFrameOrientations=[shape.orientation for shape in shapes],
            physicsClientId=client,
        )
    )


def touched_row(
    point: Sequence[float],
    rows: Sequence[int],
    center: NDArray[np.float64],
    rotation: NDArray[np.float64],
    half: NDArray[np.float64],
) -> int:
    """Return which of `rows` has its box nearest to a point (map); arguments as the ray caster's rows."""
    local = np.einsum("rij,ri->rj", rotation[rows], np.asarray(point) - center[rows])
    return rows[int(np.argmin((np.abs(local) - half[rows]).max(axis=1)))]


def _box(shape: Shape) -> tuple[float, ...]:
    return shape.size if shape.kind == "box" else (1.0, 1.0, 1.0)
