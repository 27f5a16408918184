"""Compiled loops of the local map: rays through cells, and depth pixels into columns. See `mapping.py` for the idea."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from robot.navigation.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]

TOUCHED_HIT = 1
TOUCHED_PASS = 2
NEAR_FLOOR = 0.15  # m; below this the floor behind is too near to tell depth apart: the floor itself must be seen
FLOOR_GATES = ((0.04, 0.035), (0.02, 0.015), (0.01, 0.008))  # m, m per m of depth
FLOOR_PRIOR = (50.0, 50.0, 50.0)  # weight of zero, in pixels (times m² for the slopes)
FLOOR_PIXELS = 3.0  # on a cell's floor show all of it; fewer may pass beside a toy that stands in the cell
DROP = -1.0  # stands in a column's `low` where the floor is missing


@compiled
def clear_along_ray(
    log_odds: F32,
    touched: U8,
    miss: float,
    floor_value: float,
    start_column: float,
    start_row: float,
    dx: float,
    dy: float,
    length: float,
) -> None:
    """Lower every cell the ray crosses, once a scan, except cells hit in this scan (Amanatides and Woo, 1987).

    Start and length are in cells, (dx, dy) is a unit vector.
    """
    rows, columns = log_odds.shape
    column, row = math.floor(start_column), math.floor(start_row)
    step_column = 1 if dx > 0.0 else -1
    step_row = 1 if dy > 0.0 else -1
    across_column = 1.0 / abs(dx) if abs(dx) > 1e-9 else 1e18
    across_row = 1.0 / abs(dy) if abs(dy) > 1e-9 else 1e18
    next_column = ((column + 1 - start_column) if dx > 0.0 else (start_column - column)) * across_column
    next_row = ((row + 1 - start_row) if dy > 0.0 else (start_row - row)) * across_row
    while True:
        if not (0 <= row < rows and 0 <= column < columns):
            return
        if touched[row, column] == 0:
            touched[row, column] = TOUCHED_PASS
            log_odds[row, column] = max(log_odds[row, column] - miss, floor_value)
        if min(next_column, next_row) >= length:
            return
        if next_column < next_row:
            next_column += across_column
            column += step_column
        else:
            next_row += across_row
            row += step_row


@compiled
def integrate_scan(
    log_odds: F32,
    touched: U8,
    blocked: U8,
    ranges: F32,
    angles: F64,
    x: float,
    y: float,
    range_min: float,
    range_max: float,
    clear_range: float,
    resolution: float,
    model: F64,
) -> int:
    """Raise the cells where rays end and lower those they cross. Returns how many rays could be used.

    (x, y) is the lidar in the grid's own axes (m from its corner), `angles` are in the same axes. `blocked` marks cells
    of people, where an end is not counted. `model` is (hit, miss, lowest, highest) log-odds. NaN rays are skipped; inf
    rays clear as far as `clear_range`.
    """
    hit, miss, lowest, highest = model[0], model[1], model[2], model[3]
    rows, columns = log_odds.shape
    touched[:] = 0
    used = 0
    for i in range(ranges.shape[0]):
        r = ranges[i]
        if not (r >= range_min and r < range_max):  # NaN and inf fail too
            continue
        used += 1
        column = math.floor((x + r * math.cos(angles[i])) / resolution)
        row = math.floor((y + r * math.sin(angles[i])) / resolution)
        inside = 0 <= row < rows and 0 <= column < columns
        if inside and blocked[row, column] == 0 and touched[row, column] == 0:
            touched[row, column] = TOUCHED_HIT
            log_odds[row, column] = min(log_odds[row, column] + hit, highest)
    for i in range(ranges.shape[0]):
        r = ranges[i]
        if math.isnan(r) or r < range_min:
            continue
        length = min(r - resolution, clear_range) if r < range_max else clear_range
        if length > 0.0:
            clear_along_ray(
                log_odds,
                touched,
                miss,
                lowest,
                x / resolution,
                y / resolution,
                math.cos(angles[i]),
                math.sin(angles[i]),
                length / resolution,
            )
    return used


@compiled
def fit_floor(depth: U16, intrinsics: F64, rotation: F64, position: F64, range_max: float, stride: int) -> F64:
    """Return (a, b, c): the floor stands at a + b dx + c dy, in m and metres from the camera's foot.

    A body tilts when it brakes or climbs a cable, and a degree of it lifts the floor 3 m ahead by 5 cm. Least squares
    over pixels near the floor, three times with a narrowing gate, held near zero by a prior of about a degree.
    """
    fx, fy, cx, cy = intrinsics[0], intrinsics[1], intrinsics[2], intrinsics[3]
    plane = np.zeros(3)
    for pass_ in range(3):
        gate_near, gate_far = FLOOR_GATES[pass_]
        h, g = np.diag(np.array(FLOOR_PRIOR)), np.zeros(3)
        for v in range(0, depth.shape[0], stride):
            b = (v - cy) / fy
            for u in range(0, depth.shape[1], stride):
                d = depth[v, u] * 1e-3
                if d == 0.0 or d > range_max:
                    continue
                a = (u - cx) / fx
                x = d * (rotation[0, 0] * a + rotation[0, 1] * b + rotation[0, 2])
                y = d * (rotation[1, 0] * a + rotation[1, 1] * b + rotation[1, 2])
                z = position[2] + d * (rotation[2, 0] * a + rotation[2, 1] * b + rotation[2, 2])
                if abs(z - plane[0] - plane[1] * x - plane[2] * y) > gate_near + gate_far * d:
                    continue
                row = (1.0, x, y)
                for i in range(3):
                    g[i] += row[i] * z
                    for j in range(3):
                        h[i, j] += row[i] * row[j]
        plane = np.linalg.solve(h, g)
    return plane


@compiled
def bin_depth(
    depth: U16,
    intrinsics: F64,
    rotation: F64,
    position: F64,
    plane: F64,
    resolution: float,
    range_max: float,
    heights: F64,
    hits: U16,
    low: F32,
    high: F32,
    floor: U16,
    drops: U16,
) -> None:
    """Count, per cell, the pixels on obstacles, on the floor and below the floor.

    `rotation` turns optical axes (x right, y down, z forward) into the grid's axes, `position` is the camera in them
    (z above the floor), `plane` is what `fit_floor` says. `heights` is (lowest obstacle, added per metre, highest
    obstacle, drop, added per metre). A pixel below the floor is counted where its ray crosses the floor's plane.
    `low`, `high` become the span of obstacle pixels where there are any, and keep what they held elsewhere.
    """
    fx, fy, cx, cy = intrinsics[0], intrinsics[1], intrinsics[2], intrinsics[3]
    camera_z = position[2] - plane[0]
    rows, columns = hits.shape
    for v in range(depth.shape[0]):
        b = (v - cy) / fy
        for u in range(depth.shape[1]):
            if depth[v, u] == 0:
                continue
            d = depth[v, u] * 1e-3
            if d > range_max:
                continue
            a = (u - cx) / fx
            ahead_x = rotation[0, 0] * a + rotation[0, 1] * b + rotation[0, 2]
            ahead_y = rotation[1, 0] * a + rotation[1, 1] * b + rotation[1, 2]
            z = camera_z + d * (rotation[2, 0] * a + rotation[2, 1] * b + rotation[2, 2])
            z -= d * (plane[1] * ahead_x + plane[2] * ahead_y)
            if z > heights[2]:
                continue
            drop = z < heights[3] - heights[4] * d
            along = d * camera_z / (camera_z - z) if drop else d
            column = math.floor((position[0] + along * ahead_x) / resolution)
            row = math.floor((position[1] + along * ahead_y) / resolution)
            if not (0 <= row < rows and 0 <= column < columns):
                continue
            if drop:
                drops[row, column] += 1
            elif z > heights[0] + heights[1] * d:
                first = hits[row, column] == 0
                low[row, column] = z if first else min(low[row, column], z)
                high[row, column] = z if first else max(high[row, column], z)
                hits[row, column] += 1
            else:
                floor[row, column] += 1


@compiled
def sees_through(
    depth: U16, intrinsics: F64, rotation: F64, position: F64, plane: F64, x: float, y: float, z: float, margin: float
) -> int:
    """Return 1 if the camera sees past the point (grid axes), 0 if the point is out of view, -1 if it is not passed."""
    ox, oy = x - position[0], y - position[1]
    oz = z + plane[0] + plane[1] * ox + plane[2] * oy - position[2]
    forward = rotation[0, 2] * ox + rotation[1, 2] * oy + rotation[2, 2] * oz
    if forward < 0.15:
        return 0
    right = rotation[0, 0] * ox + rotation[1, 0] * oy + rotation[2, 0] * oz
    down = rotation[0, 1] * ox + rotation[1, 1] * oy + rotation[2, 1] * oz
    u = round(intrinsics[0] * right / forward + intrinsics[2])
    v = round(intrinsics[1] * down / forward + intrinsics[3])
    if not (1 <= v < depth.shape[0] - 1 and 1 <= u < depth.shape[1] - 1):
        return 0
    for j in range(v - 1, v + 2):
        for i in range(u - 1, u + 2):
            if depth[j, i] * 1e-3 < forward + margin:  # no return (0) is no evidence either
                return -1
    return 1


@compiled
def update_columns(
    evidence: F32,
    low: F32,
    high: F32,
    seen_s: F32,
    blocked: U8,
    first: tuple[int, int],
    hits: U16,
    hit_low: F32,
    hit_high: F32,
    floor: U16,
    drops: U16,
    depth: U16,
    intrinsics: F64,
    rotation: F64,
    position: F64,
    plane: F64,
    resolution: float,
    now_s: float,
    model: F64,
) -> None:
    """Raise columns that were hit, lower those the camera sees through at the heights that were hit, forget old ones.

    What the frame shows, `hits` to `drops`, is a part of the map that begins at its cell `first` (row, column); places
    are from that part's corner. `model` is (evidence per pixel, most per frame 1; taken away where all of a cell is
    seen through; highest evidence; margin (m); forget after (s)).
    """
    per_pixel, miss, highest, margin, forget_s = model[0], model[1], model[2], model[3], model[4]
    for i in range(hits.shape[0]):
        row = first[0] + i
        for j in range(hits.shape[1]):
            column = first[1] + j
            if evidence[row, column] <= 0.0 and hits[i, j] == 0 and drops[i, j] == 0:
                continue  # most cells: nothing there, nothing new
            if blocked[row, column] != 0:
                evidence[row, column] = 0.0
                continue
            is_drop = drops[i, j] > hits[i, j]
            pixels = max(drops[i, j], hits[i, j])
            if pixels > 0:
                fresh = evidence[row, column] <= 0.0
                if is_drop:
                    low[row, column], high[row, column] = DROP, DROP
                elif fresh or low[row, column] == DROP:
                    low[row, column], high[row, column] = hit_low[i, j], hit_high[i, j]
                else:
                    low[row, column] = min(low[row, column], hit_low[i, j])
                    high[row, column] = max(high[row, column], hit_high[i, j])
                evidence[row, column] = min(evidence[row, column] + min(per_pixel * pixels, 1.0), highest)
                seen_s[row, column] = now_s
            elif evidence[row, column] > 0.0:
                if now_s - seen_s[row, column] > forget_s:
                    evidence[row, column] = 0.0
                    continue
                cleared = 0.0  # share of the cell that is seen to be free
                floor_share = min(floor[i, j] / FLOOR_PIXELS, 1.0)
                if low[row, column] == DROP:
                    cleared = floor_share
                else:
                    x, y = (j + 0.5) * resolution, (i + 0.5) * resolution
                    below, above = 1, 1
                    if not (floor_share > 0.0 and low[row, column] < NEAR_FLOOR):
                        below = sees_through(
                            depth, intrinsics, rotation, position, plane, x, y, low[row, column], margin
                        )
                    if below >= 0 and not (floor_share > 0.0 and high[row, column] < NEAR_FLOOR):
                        above = sees_through(
                            depth, intrinsics, rotation, position, plane, x, y, high[row, column], margin
                        )
                    if below >= 0 and above >= 0 and below + above > 0:
                        cleared = floor_share if high[row, column] < NEAR_FLOOR and floor_share > 0.0 else 1.0
                if cleared > 0.0:
                    evidence[row, column] = max(evidence[row, column] - cleared * miss, 0.0)


@compiled
def learn_floor(
    known: U8,
    floor: U16,
    left: float,
    bottom: float,
    resolution: float,
    first: tuple[int, int],
    x: float,
    y: float,
    reach2: float,
    beside: int,
) -> None:
    """Note in `known` the cells that have floor pixels, and those `beside` them, as far from (x, y) as `reach2` (m²).

    The corner of `known` is at (left, bottom); `floor` is the part of it that begins at its cell `first` (row, column).
    """
    rows, columns = floor.shape
    for row in range(rows):
        for column in range(columns):
            if floor[row, column] == 0:
                continue
            for i in range(first[0] + max(row - beside, 0), first[0] + min(row + beside + 1, rows)):
                for j in range(first[1] + max(column - beside, 0), first[1] + min(column + beside + 1, columns)):
                    if known[i, j] != 0:
                        continue
                    dx = left + (j + 0.5) * resolution - x
                    dy = bottom + (i + 0.5) * resolution - y
                    if dx * dx + dy * dy <= reach2:
                        known[i, j] = 1


@compiled
def coarser(cells: U8, size: int, values: tuple[int, int, int]) -> U8:
    """Return a map of blocks of `size` x `size` cells: occupied where any part is, else free where any part is known.

    `values` is (free, occupied, unknown). What is left over at the far edges is dropped.
    """
    free, occupied, unknown = values
    blocks = np.full((cells.shape[0] // size, cells.shape[1] // size), unknown, np.uint8)
    for row in range(size * blocks.shape[0]):
        for column in range(size * blocks.shape[1]):
            cell = cells[row, column]
            if cell == occupied:
                blocks[row // size, column // size] = occupied
            elif cell != unknown and blocks[row // size, column // size] == unknown:
                blocks[row // size, column // size] = free
    return blocks


@compiled
def occupancy(
    log_odds: F32,
    evidence: F32,
    blocked: U8,
    floor_known: U8,
    marked_until_s: F32,
    t_s: np.float32,
    lidar_occupied: float,
    depth_occupied: float,
    values: tuple[int, int, int, int],
) -> U8:
    """Return (H, W) what each cell is, as one of `values` (free, floor unseen, occupied, unknown)."""
    free, unseen, occupied, unknown = values
    cells = np.empty(log_odds.shape, np.uint8)
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            solid = log_odds[row, column] > lidar_occupied or evidence[row, column] >= depth_occupied
            if (solid and blocked[row, column] == 0) or marked_until_s[row, column] > t_s:
                cells[row, column] = occupied
            elif log_odds[row, column] == 0.0:
                cells[row, column] = unknown
            else:
                cells[row, column] = unseen if floor_known[row, column] == 0 else free
    return cells
