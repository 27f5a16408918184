"""Compiled loops of scan matching: points with normals against a grid of surfels. See `odometry.py` for the idea."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.navigation.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

COUNT, MEAN_X, MEAN_Y, NORMAL_X, NORMAL_Y = 0, 1, 2, 3, 4


@compiled
def points_with_normals(ranges: F32, angles: F64, range_min: float, range_max: float, reach: int, out: F64) -> int:
    """Fill `out` (N, 4) with x, y, nx, ny of rays whose neighbours lie on a line with them. Returns how many.

    The normal points to the lidar. Neighbours are `reach` rays to each side; a jump in range between them and the
    ray, or a bent line, leaves the ray out.
    """
    n = ranges.shape[0]
    used = 0
    for i in range(n):
        r = ranges[i]
        if not (r >= range_min and r < range_max):
            continue
        sx = sy = sxx = sxy = syy = 0.0
        count = 0
        for k in range(i - reach, i + reach + 1):
            j = k % n
            q = ranges[j]
            if not (q >= range_min and q < range_max) or abs(q - r) > 0.08 + 0.06 * r:
                continue
            px, py = q * math.cos(angles[j]), q * math.sin(angles[j])
            sx, sy = sx + px, sy + py
            sxx, sxy, syy = sxx + px * px, sxy + px * py, syy + py * py
            count += 1
        if count < 4:
            continue
        mx, my = sx / count, sy / count
        cxx, cxy, cyy = sxx / count - mx * mx, sxy / count - mx * my, syy / count - my * my
        half = 0.5 * (cxx - cyy)
        root = math.sqrt(half * half + cxy * cxy)
        across, along = 0.5 * (cxx + cyy) - root, 0.5 * (cxx + cyy) + root
        if across > 0.04 * along or along < 1e-5:
            continue
        direction = 0.5 * math.atan2(2.0 * cxy, cxx - cyy)
        nx, ny = -math.sin(direction), math.cos(direction)
        x, y = r * math.cos(angles[i]), r * math.sin(angles[i])
        if nx * x + ny * y > 0.0:
            nx, ny = -nx, -ny
        # the ray's own noise is replaced by its place on the fitted line
        offset = nx * (x - mx) + ny * (y - my)
        out[used, 0], out[used, 1], out[used, 2], out[used, 3] = x - offset * nx, y - offset * ny, nx, ny
        used += 1
    return used


@compiled
def nearest_surfel(
    surfels: F64, x: float, y: float, nx: float, ny: float, origin_x: float, origin_y: float, cell: float
) -> tuple[int, int]:
    """Return (row, column) of the nearest surfel that faces the same way, in the 3 x 3 cells around; -1 if none."""
    rows, columns = surfels.shape[0], surfels.shape[1]
    column0 = math.floor((x - origin_x) / cell)
    row0 = math.floor((y - origin_y) / cell)
    best, best_row, best_column = 1e18, -1, -1
    for row in range(max(row0 - 1, 0), min(row0 + 2, rows)):
        for column in range(max(column0 - 1, 0), min(column0 + 2, columns)):
            s = surfels[row, column]
            if s[COUNT] <= 0.0 or s[NORMAL_X] * nx + s[NORMAL_Y] * ny < 0.8:
                continue
            dx, dy = x - s[MEAN_X], y - s[MEAN_Y]
            d = dx * dx + dy * dy
            if d < best:
                best, best_row, best_column = d, row, column
    return best_row, best_column


@compiled
def align(
    points: F64,
    surfels: F64,
    origin_x: float,
    origin_y: float,
    cell: float,
    guess: F64,
    prior_information: F64,
    sigma: float,
    point_information: float,
    iterations: int,
) -> tuple[F64, float]:
    """Return the pose (x, y, yaw) that lays points (N, 4; x, y, nx, ny) on the surfels, and the share that fits.

    Gauss-Newton on point-to-line distances (Censi, 2008) with Cauchy weights that narrow to `sigma`, and the guess as
    prior, whose information is (translation, yaw).
    """
    pose = guess.copy()
    share = 0.0
    for iteration in range(iterations):
        width = max(sigma, 4.0 * sigma * 0.6**iteration)  # wide first, so that wheel slip is still caught
        c, s = math.cos(pose[2]), math.sin(pose[2])
        h = np.zeros((3, 3))
        g = np.zeros(3)
        fitting = 0.0
        for i in range(points.shape[0]):
            rx, ry = c * points[i, 0] - s * points[i, 1], s * points[i, 0] + c * points[i, 1]
            nx, ny = c * points[i, 2] - s * points[i, 3], s * points[i, 2] + c * points[i, 3]
            x, y = pose[0] + rx, pose[1] + ry
            row, column = nearest_surfel(surfels, x, y, nx, ny, origin_x, origin_y, cell)
            if row < 0:
                continue
            surfel = surfels[row, column]
            mx, my = surfel[NORMAL_X], surfel[NORMAL_Y]
            error = mx * (x - surfel[MEAN_X]) + my * (y - surfel[MEAN_Y])
            weight = 1.0 / (1.0 + (error / width) ** 2)
            fitting += weight
            weight *= min(surfel[COUNT], 4.0) * 0.25 * point_information
            turn = -mx * ry + my * rx
            h[0, 0] += weight * mx * mx
            h[0, 1] += weight * mx * my
            h[0, 2] += weight * mx * turn
            h[1, 1] += weight * my * my
            h[1, 2] += weight * my * turn
            h[2, 2] += weight * turn * turn
            g[0] += weight * mx * error
            g[1] += weight * my * error
            g[2] += weight * turn * error
        h[1, 0], h[2, 0], h[2, 1] = h[0, 1], h[0, 2], h[1, 2]
        for k in range(3):
            information = prior_information[0] if k < 2 else prior_information[1]
            h[k, k] += information
            g[k] += information * (pose[k] - guess[k])
        step = np.linalg.solve(h, -g)
        pose += step
        share = fitting / max(points.shape[0], 1)
        if width == sigma and abs(step[0]) + abs(step[1]) + abs(step[2]) < 1e-4:
            break
    return pose, share


@compiled
def insert(points: F64, pose: F64, surfels: F64, origin_x: float, origin_y: float, cell: float, most: float) -> None:
    """Add points (N, 4) seen from `pose` to the surfels: running means of place and normal, at most `most` strong."""
    c, s = math.cos(pose[2]), math.sin(pose[2])
    for i in range(points.shape[0]):
        x = pose[0] + c * points[i, 0] - s * points[i, 1]
        y = pose[1] + s * points[i, 0] + c * points[i, 1]
        nx, ny = c * points[i, 2] - s * points[i, 3], s * points[i, 2] + c * points[i, 3]
        row, column = math.floor((y - origin_y) / cell), math.floor((x - origin_x) / cell)
        if not (0 <= row < surfels.shape[0] and 0 <= column < surfels.shape[1]):
            continue
        surfel = surfels[row, column]
        if surfel[COUNT] > 0.0 and surfel[NORMAL_X] * nx + surfel[NORMAL_Y] * ny < 0.8:
            surfel[COUNT] -= 1.0  # a corner, or the scene has changed
            continue
        count = min(surfel[COUNT] + 1.0, most)
        share = 1.0 / count
        surfel[COUNT] = count
        surfel[MEAN_X] += share * (x - surfel[MEAN_X])
        surfel[MEAN_Y] += share * (y - surfel[MEAN_Y])
        mx = surfel[NORMAL_X] + share * (nx - surfel[NORMAL_X])
        my = surfel[NORMAL_Y] + share * (ny - surfel[NORMAL_Y])
        length = max(math.sqrt(mx * mx + my * my), 1e-9)
        surfel[NORMAL_X], surfel[NORMAL_Y] = mx / length, my / length
