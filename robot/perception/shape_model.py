"""Which silhouettes are people: a small network on the metric shape of a candidate, learnt from rendered rooms.

A candidate is resampled on an upright grid through its middle, in metres, so distance does not matter. Each cell says
whether the candidate is there, how far it bulges, whether the camera could see the cell at all, and whether something
else is attached. Colours are not used. Weights come from `tools/train_shape.py`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import CameraMount
from robot.messages import DepthImage
from robot.perception.silhouettes import Cloud, Silhouette

WEIGHTS = Path(__file__).parent / "shape_model.npz"
COLUMNS, ROWS = 16, 24
CELL_WIDTH_M, CELL_HEIGHT_M = 0.075, 0.0825  # 1.2 m wide, 1.98 m high
BULGE_M = 0.3  # full scale of the bulge channel
NEAR_M = 0.25  # what is this much nearer than the candidate hides it; what is within it is attached
CHANNELS = 4
FEATURES = CHANNELS * COLUMNS * ROWS + 4

Vector = NDArray[np.float32]


def features_of(silhouette: Silhouette, cloud: Cloud, image: DepthImage, mount: CameraMount) -> Vector:
    """Return (FEATURES,) float32: presence, bulge, visible and attached grids, then distance and sizes."""
    mask = silhouette.mask
    x, y, z = cloud.x[mask], cloud.y[mask], cloud.z[mask]
    bearing = math.atan2(silhouette.y, silhouette.x)
    c, s = math.cos(bearing), math.sin(bearing)
    middle = silhouette.x * c + silhouette.y * s
    column = np.floor((-x * s + y * c) / CELL_WIDTH_M + COLUMNS / 2).astype(np.int64)
    row = np.floor(z / CELL_HEIGHT_M).astype(np.int64)
    inside = (column >= 0) & (column < COLUMNS) & (row >= 0) & (row < ROWS)
    cell = (row * COLUMNS + column)[inside]
    bulge = (x * c + y * s - middle)[inside] / BULGE_M
    count = np.bincount(cell, minlength=ROWS * COLUMNS)
    mean = np.bincount(cell, weights=bulge, minlength=ROWS * COLUMNS) / np.maximum(count, 1)
    visible, attached = _surroundings(silhouette, cloud, image, mount, middle, c, s)
    sizes = [middle / 6.0, silhouette.top_m / 2.0, silhouette.bottom_m, float(silhouette.touches_top)]
    grids = [count > 0, np.clip(mean, -1.0, 1.0), visible, attached & (count == 0)]
    return np.concatenate([*(g.astype(np.float32) for g in grids), np.array(sizes, dtype=np.float32)])


def _surroundings(
    silhouette: Silhouette, cloud: Cloud, image: DepthImage, mount: CameraMount, middle: float, c: float, s: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each cell whether it could be seen, and whether something not the candidate is there."""
    lateral, height = _grid()
    x, y = middle * c - lateral * s, middle * s + lateral * c
    cp, sp = math.cos(mount.pitch), math.sin(mount.pitch)
    ahead = (x - mount.x) * cp - (height - mount.z) * sp
    down = -(x - mount.x) * sp - (height - mount.z) * cp
    ahead = np.maximum(ahead, 0.05)
    u = np.rint(image.cx - (y - mount.y) / ahead * image.fx).astype(np.int64)
    v = np.rint(image.cy + down / ahead * image.fy).astype(np.int64)
    rows, columns = cloud.depth.shape
    framed = (u >= 0) & (u < columns) & (v >= 0) & (v < rows)
    depth = np.where(framed, cloud.depth[v.clip(0, rows - 1), u.clip(0, columns - 1)], 0.0)
    hidden = (depth > 0.0) & (depth < ahead - NEAR_M)
    attached = framed & (np.abs(depth - ahead) < NEAR_M) & (height > 0.1)
    return framed & ~hidden, attached


@lru_cache(maxsize=1)
def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lateral position and height (m) of each cell's middle."""
    lateral = (np.arange(COLUMNS) + 0.5 - COLUMNS / 2) * CELL_WIDTH_M
    height = (np.arange(ROWS) + 0.5) * CELL_HEIGHT_M
    heights, laterals = np.meshgrid(height, lateral, indexing="ij")
    return laterals.ravel(), heights.ravel()


class ShapeModel:
    """Two dense layers; loading fails loudly when the weights do not fit the features."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        with np.load(path) as stored:
            self._hidden, self._hidden_bias = (stored[k].astype(np.float32) for k in ("w1", "b1"))
            self._out, self._out_bias = (stored[k].astype(np.float32) for k in ("w2", "b2"))
        if self._hidden.shape[0] != FEATURES:
            raise ValueError(f"{path.name}: made for {self._hidden.shape[0]} features, not {FEATURES}")

    def probability(self, features: Vector) -> float:
        """Return how likely the candidate is a person, 0 to 1."""
        hidden = np.maximum(features @ self._hidden + self._hidden_bias, 0.0)
        logit = float(hidden @ self._out + self._out_bias)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
