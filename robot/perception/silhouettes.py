"""Things standing on the floor that could be a person, cut out of a depth image.

The image is cut where depth jumps, at three heights: whole bodies first, and for those who touch a table or a sofa the
part above it. What is as wide as a person and tall enough (or cut by the frame) is a candidate; shape_model says
which candidates are people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import CameraMount
from robot.bounds import AtLeastZero, Count
from robot.messages import DepthImage

FloatImage = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class SilhouetteConfig:
    """Sizes of people as a mast camera sees them. Metres unless named otherwise."""

    levels_m: tuple[float, ...] = (0.10, 0.55, 0.90)  # lowest height of what is cut out
    ceiling_m: AtLeastZero = 2.05
    jump_m: AtLeastZero = 0.05  # at the camera
    jump_share: AtLeastZero = 0.03  # grows with distance
    width_max: AtLeastZero = 1.15
    width_min: AtLeastZero = 0.12
    top_min: AtLeastZero = 0.80  # a small child, or a seated adult
    height_min: AtLeastZero = 0.30  # of the part in view
    pixels_min: Count = 35
    area_max: AtLeastZero = 2.5  # m² facing the camera: walls go early
    body_radius: AtLeastZero = 0.10  # from the visible surface to the middle of the trunk


@dataclass(frozen=True)
class Cloud:
    """A depth image as points of base_link, (H, W) each, and which pixels returned anything."""

    x: FloatImage
    y: FloatImage
    z: FloatImage
    depth: FloatImage  # along the optical axis, m
    valid: Mask
    pixel_area: float  # m² that a pixel covers at 1 m


@dataclass(frozen=True)
class Silhouette:
    """One candidate: its pixels and where it stands (base_link, m)."""

    mask: Mask
    x: float
    y: float
    top_m: float
    bottom_m: float
    bbox: tuple[int, int, int, int]  # x, y, width, height, px of the depth image
    width_m: float
    touches_top: bool
    touches_side: bool


def cloud_of(image: DepthImage, mount: CameraMount) -> Cloud:
    """Return the points of a depth image in base_link, by the camera's pose on the mast."""
    depth = image.data.astype(np.float32) * np.float32(1e-3)
    rows, columns = depth.shape
    right = ((np.arange(columns, dtype=np.float32) - image.cx) / image.fx)[None, :]
    down = ((np.arange(rows, dtype=np.float32) - image.cy) / image.fy)[:, None]
    c, s = np.float32(math.cos(mount.pitch)), np.float32(math.sin(mount.pitch))
    x = np.float32(mount.x) + depth * (c - s * down)
    y = np.float32(mount.y) - depth * right
    z = np.float32(mount.z) - depth * (s + c * down)
    valid = (depth > mount.range_min) & (depth < mount.range_max)
    return Cloud(x, y, z, depth, valid, 1.0 / (image.fx * image.fy))


def find_silhouettes(cloud: Cloud, config: SilhouetteConfig) -> list[Silhouette]:
    """Return the candidates, nearest first. Lower cuts win: a part of a candidate already found is left out."""
    found: list[Silhouette] = []
    taken = np.zeros(cloud.valid.shape, dtype=bool)
    for level in config.levels_m:
        standing = cloud.valid & (cloud.z > level) & (cloud.z < config.ceiling_m)
        labels, count = _label(standing, cloud.depth, config)
        for label in _of_a_size(labels, count, cloud, config):
            mask = labels == label
            if taken[mask].mean() < 0.5:
                silhouette = _measure(mask, cloud, level, config)
                if silhouette is not None:
                    found.append(silhouette)
                    taken |= mask
    return sorted(found, key=lambda s: (math.hypot(s.x, s.y), s.bbox))


def _label(mask: Mask, depth: FloatImage, config: SilhouetteConfig) -> tuple[NDArray[np.int32], int]:
    """Return connected components in which neighbours differ little in depth.

    The image is doubled: even cells are pixels, odd cells between two of them are the links that hold.
    """
    rows, columns = mask.shape
    double = np.zeros((2 * rows - 1, 2 * columns - 1), dtype=np.uint8)
    double[::2, ::2] = mask
    across = np.abs(depth[:, 1:] - depth[:, :-1]) < config.jump_m + config.jump_share * depth[:, 1:]
    along = np.abs(depth[1:] - depth[:-1]) < config.jump_m + config.jump_share * depth[1:]
    double[::2, 1::2] = mask[:, 1:] & mask[:, :-1] & across
    double[1::2, ::2] = mask[1:] & mask[:-1] & along
    count, labels = cv2.connectedComponents(double, connectivity=4, ltype=cv2.CV_32S)
    return labels[::2, ::2], count


def _of_a_size(labels: NDArray[np.int32], count: int, cloud: Cloud, config: SilhouetteConfig) -> list[int]:
    """Return the components with enough pixels and not too much area."""
    flat = labels.ravel()
    pixels = np.bincount(flat, minlength=count)
    areas = np.bincount(flat, weights=np.square(cloud.depth).ravel(), minlength=count) * cloud.pixel_area
    fits = (pixels >= config.pixels_min) & (areas <= config.area_max)
    fits[0] = False
    return [int(i) for i in np.flatnonzero(fits)]


def _measure(mask: Mask, cloud: Cloud, level: float, config: SilhouetteConfig) -> Silhouette | None:
    """Return the candidate if it has a person's size, else None."""
    rows, columns = np.nonzero(mask)
    x, y, z = cloud.x[mask], cloud.y[mask], cloud.z[mask]
    middle_x, middle_y = _trunk(x, y, z)
    bearing = math.atan2(middle_y, middle_x)
    lateral = -x * math.sin(bearing) + y * math.cos(bearing)
    forward = x * math.cos(bearing) + y * math.sin(bearing)
    width, length = _spread(lateral, 0.02), _spread(forward, 0.05)
    top, bottom = _quantile(np.sort(z), 0.99), float(z.min())
    touches_top = bool(rows.min() == 0)
    touches_side = bool(columns.min() == 0 or columns.max() == mask.shape[1] - 1)
    if not config.width_min * (0.5 if touches_side else 1.0) <= width <= config.width_max:
        return None
    if length > config.width_max or top - bottom < config.height_min or (top < config.top_min and not touches_top):
        return None
    radius = config.body_radius
    return Silhouette(
        mask=mask,
        x=middle_x + radius * math.cos(bearing),
        y=middle_y + radius * math.sin(bearing),
        top_m=top,
        bottom_m=bottom,
        bbox=(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1),
        width_m=width,
        touches_top=touches_top,
        touches_side=touches_side,
    )


def _spread(values: FloatImage, tail: float) -> float:
    """Return the range that is left without a share `tail` at either end."""
    ordered = np.sort(values)
    return _quantile(ordered, 1.0 - tail) - _quantile(ordered, tail)


def _quantile(ordered: FloatImage, share: float) -> float:
    """Return the value below which `share` of the ordered values lie, interpolated (np.percentile, but lighter)."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low]) + (place - low) * float(ordered[high] - ordered[low])


def _trunk(x: FloatImage, y: FloatImage, z: FloatImage) -> tuple[float, float]:
    """Return the median of the points, of the trunk alone where enough of it is in view: limbs swing."""
    low, high = 0.5 * float(z.max()), 0.85 * float(z.max())
    trunk = (z > low) & (z < high)
    if np.count_nonzero(trunk) < 20:
        trunk = np.ones(z.shape, dtype=bool)
    return float(np.median(x[trunk])), float(np.median(y[trunk]))
