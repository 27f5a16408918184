"""Compiled ray casts over primitives. The idea: loop over shapes first, and let each shape touch only those rays that
its oriented bounding box can meet (an interval of azimuths for a planar fan, a rectangle of pixels for an image).

Shapes are rows of arrays: `kind` (0 box, 1 cylinder, 2 sphere, 3 capsule), `center` (N, 3), `rotation` (N, 3, 3) local
to map, `half` (N, 3) half extents of the oriented bounding box, which with the kind say everything (a capsule's round
ends are included in half z). Rays that start inside a shape do not meet it, as in Bullet.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kinds = NDArray[np.int8]
Rows = NDArray[np.int64]

BOX, CYLINDER, SPHERE, CAPSULE = 0, 1, 2, 3
NEAR = 1e-3  # m; boxes are clipped at this depth before they are projected


@njit(cache=True)
def _hit_box(hx: float, hy: float, hz: float, o: tuple[float, ...], d: tuple[float, ...]) -> float:
    """Return t of the entry into a centred box (slab method), inf for none."""
    enter, leave = -math.inf, math.inf
    for h, s, v in ((hx, o[0], d[0]), (hy, o[1], d[1]), (hz, o[2], d[2])):
        if v == 0.0:
            if s > h or s < -h:
                return math.inf
            continue
        a, b = (-h - s) / v, (h - s) / v
        if a > b:
            a, b = b, a
        enter, leave = max(enter, a), min(leave, b)
    return enter if 0.0 <= enter <= leave else math.inf


@njit(cache=True)
def _hit_sphere(r: float, o: tuple[float, ...], d: tuple[float, ...]) -> float:
    """Return t of the entry into a centred sphere, inf for none."""
    a = d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
    b = o[0] * d[0] + o[1] * d[1] + o[2] * d[2]
    c = o[0] * o[0] + o[1] * o[1] + o[2] * o[2] - r * r
    root = b * b - a * c
    if root < 0.0:
        return math.inf
    t = (-b - math.sqrt(root)) / a
    return t if t >= 0.0 else math.inf


@njit(cache=True)
def _tube(r: float, o: tuple[float, ...], d: tuple[float, ...]) -> tuple[float, float]:
    """Return (enter, leave) t of an endless tube along z; (inf, -inf) for none."""
    a = d[0] * d[0] + d[1] * d[1]
    c = o[0] * o[0] + o[1] * o[1] - r * r
    if a < 1e-18:
        return (-math.inf, math.inf) if c <= 0.0 else (math.inf, -math.inf)
    b = o[0] * d[0] + o[1] * d[1]
    root = b * b - a * c
    if root < 0.0:
        return math.inf, -math.inf
    root = math.sqrt(root)
    return (-b - root) / a, (-b + root) / a


@njit(cache=True)
def _hit_cylinder(r: float, h: float, o: tuple[float, ...], d: tuple[float, ...]) -> float:
    """Return t of the entry into a centred cylinder along z of half length h, inf for none."""
    enter, leave = _tube(r, o, d)
    if d[2] == 0.0:
        if o[2] > h or o[2] < -h:
            return math.inf
    else:
        a, b = (-h - o[2]) / d[2], (h - o[2]) / d[2]
        enter, leave = max(enter, min(a, b)), min(leave, max(a, b))
    return enter if 0.0 <= enter <= leave else math.inf


@njit(cache=True)
def _hit_capsule(r: float, h: float, o: tuple[float, ...], d: tuple[float, ...]) -> float:
    """Return t of the entry into a centred capsule along z whose end spheres' centres are at +-h, inf for none."""
    enter, leave = _tube(r, o, d)
    if enter > leave:
        return math.inf
    if math.isfinite(enter):
        z = o[2] + enter * d[2]
        if -h <= z <= h:
            return enter if enter >= 0.0 else math.inf
    low = _hit_sphere(r, (o[0], o[1], o[2] + h), d)
    high = _hit_sphere(r, (o[0], o[1], o[2] - h), d)
    t: float = min(low, high)
    if t < math.inf and o[0] * o[0] + o[1] * o[1] < r * r and -h <= o[2] <= h:
        return math.inf  # started inside the tube part
    return t


@njit(cache=True)
def _hit(kind: int, hx: float, hy: float, hz: float, o: tuple[float, ...], d: tuple[float, ...]) -> float:
    """Return t of the entry of the local ray o + t d into a primitive, inf for none."""
    if kind == BOX:
        t: float = _hit_box(hx, hy, hz, o, d)
    elif kind == CYLINDER:
        t = _hit_cylinder(hx, hz, o, d)
    elif kind == SPHERE:
        t = _hit_sphere(hx, o, d)
    else:
        t = _hit_capsule(hx, hz - hx, o, d)
    return t


@njit(cache=True)
def _in_frame(axes: Floats, rotation: Floats) -> Floats:
    """Return (3, 3) axes.T @ rotation: columns are the shape's local axes seen from the sensor."""
    out = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            out[i, j] = axes[0, i] * rotation[0, j] + axes[1, i] * rotation[1, j] + axes[2, i] * rotation[2, j]
    return out


@njit(cache=True)
def _local(m: Floats, x: float, y: float, z: float) -> tuple[float, float, float]:
    """Return m.T @ (x, y, z)."""
    return (
        m[0, 0] * x + m[1, 0] * y + m[2, 0] * z,
        m[0, 1] * x + m[1, 1] * y + m[2, 1] * z,
        m[0, 2] * x + m[1, 2] * y + m[2, 2] * z,
    )


@njit(cache=True)
def _center_in(axes: Floats, center: Floats, origin: Floats) -> tuple[float, float, float]:
    """Return a shape's centre seen from the sensor."""
    seen: tuple[float, float, float] = _local(axes, center[0] - origin[0], center[1] - origin[1], center[2] - origin[2])
    return seen


@njit(cache=True)
def _is_beyond(center: Floats, half: Floats, origin: Floats, reach: float) -> bool:
    """Return whether the sphere about a shape lies farther than `reach` from the sensor."""
    x, y, z = center[0] - origin[0], center[1] - origin[1], center[2] - origin[2]
    far = reach + math.sqrt(half[0] * half[0] + half[1] * half[1] + half[2] * half[2])
    return bool(x * x + y * y + z * z > far * far)


@njit(cache=True)
def _azimuths(c: tuple[float, ...], m: Floats, half: Floats) -> tuple[float, float]:
    """Return the least and greatest azimuth (rad) of a bounding box about the direction of its centre.

    A box that may lie around or above the sensor gives (-pi, pi): its corners then reach beyond a right angle.
    """
    low, high = 0.0, 0.0
    for k in range(8):
        sx = half[0] if k & 1 else -half[0]
        sy = half[1] if k & 2 else -half[1]
        sz = half[2] if k & 4 else -half[2]
        x = c[0] + m[0, 0] * sx + m[0, 1] * sy + m[0, 2] * sz
        y = c[1] + m[1, 0] * sx + m[1, 1] * sy + m[1, 2] * sz
        dot = c[0] * x + c[1] * y
        if dot <= 0.0:
            return -math.pi, math.pi
        angle = math.atan2(c[0] * y - c[1] * x, dot)
        low, high = min(low, angle), max(high, angle)
    return low, high


@njit(cache=True)
def cast_fan(
    origin: Floats,
    axes: Floats,
    directions: Floats,
    angle_min: float,
    increment: float,
    reach: float,
    kind: Kinds,
    center: Floats,
    rotation: Floats,
    half: Floats,
    rows: Rows,
) -> Floats:
    """Return (N,) ranges (m, inf = nothing within reach) of rays in the sensor's xy plane.

    Args:
        origin: (3,) sensor in map. axes: (3, 3) sensor's axes as columns, in map.
        directions: (N, 2) cosine and sine of each ray's azimuth, `angle_min + i * increment`; a full turn or less.
        rows: indices of the shapes that count.
    """
    n = directions.shape[0]
    turn = max(n, round(2.0 * math.pi / increment))  # rays of a full turn; those from n on are not there
    out = np.full(n, math.inf)
    for row in rows:
        h = half[row]
        if _is_beyond(center[row], h, origin, reach):
            continue
        c = _center_in(axes, center[row], origin)
        m = _in_frame(axes, rotation[row])
        if abs(c[2]) > abs(m[2, 0]) * h[0] + abs(m[2, 1]) * h[1] + abs(m[2, 2]) * h[2]:
            continue
        radius = math.sqrt(h[0] * h[0] + h[1] * h[1] + h[2] * h[2])
        if math.hypot(c[0], c[1]) - radius > reach:
            continue
        low, high = _azimuths(c, m, h)
        first = (math.atan2(c[1], c[0]) + low - angle_min) / increment
        start = math.floor(first)
        count = min(turn, math.ceil((high - low) / increment) + 2)
        o = _local(m, -c[0], -c[1], -c[2])
        for k in range(start, start + count):
            i = k % turn
            if i >= n:
                continue
            d = _local(m, directions[i, 0], directions[i, 1], 0.0)
            t = _hit(kind[row], h[0], h[1], h[2], o, d)
            if t < out[i] and t <= reach:
                out[i] = t
    return out


@njit(cache=True)
def _pixels(
    c: tuple[float, ...], m: Floats, h: Floats, fx: float, fy: float, cx: float, cy: float
) -> tuple[float, float, float, float]:
    """Return the image rectangle (u low, u high, v low, v high) of a bounding box; u low > u high when behind."""
    px, py, pz = np.empty(8), np.empty(8), np.empty(8)
    for k in range(8):
        sx = h[0] if k & 1 else -h[0]
        sy = h[1] if k & 2 else -h[1]
        sz = h[2] if k & 4 else -h[2]
        px[k] = c[0] + m[0, 0] * sx + m[0, 1] * sy + m[0, 2] * sz
        py[k] = c[1] + m[1, 0] * sx + m[1, 1] * sy + m[1, 2] * sz
        pz[k] = c[2] + m[2, 0] * sx + m[2, 1] * sy + m[2, 2] * sz
    u0, u1, v0, v1 = math.inf, -math.inf, math.inf, -math.inf
    for k in range(8):
        if pz[k] >= NEAR:
            u, v = cx + fx * px[k] / pz[k], cy + fy * py[k] / pz[k]
            u0, u1, v0, v1 = min(u0, u), max(u1, u), min(v0, v), max(v1, v)
        for bit in (1, 2, 4):
            j = k ^ bit
            if j > k and (pz[k] < NEAR) != (pz[j] < NEAR):
                s = (NEAR - pz[k]) / (pz[j] - pz[k])
                u = cx + fx * (px[k] + s * (px[j] - px[k])) / NEAR
                v = cy + fy * (py[k] + s * (py[j] - py[k])) / NEAR
                u0, u1, v0, v1 = min(u0, u), max(u1, u), min(v0, v), max(v1, v)
    return u0, u1, v0, v1


@njit(cache=True)
def cast_image(
    origin: Floats,
    axes: Floats,
    width: int,
    height: int,
    fx: float,
    fy: float,
    cx: float,
    cy: float,
    reach: float,
    kind: Kinds,
    center: Floats,
    rotation: Floats,
    half: Floats,
    rows: Rows,
) -> Floats:
    """Return (height, width) depths along the optical axis (m, inf = nothing within reach).

    Args:
        origin: (3,) camera in map. axes: (3, 3) optical axes as columns in map: x right, y down, z forward.
        fx, fy, cx, cy: intrinsics; pixel (u, v) looks along ((u - cx) / fx, (v - cy) / fy, 1).
        rows: indices of the shapes that count.
    """
    out = np.full((height, width), math.inf)
    wide, high = max(cx, width - cx) / fx, max(cy, height - cy) / fy
    longest = reach * math.sqrt(1.0 + wide * wide + high * high)
    for row in rows:
        h = half[row]
        if _is_beyond(center[row], h, origin, longest):
            continue
        c = _center_in(axes, center[row], origin)
        if c[2] < 0.0 and c[2] * c[2] > h[0] * h[0] + h[1] * h[1] + h[2] * h[2]:
            continue
        m = _in_frame(axes, rotation[row])
        deep = abs(m[2, 0]) * h[0] + abs(m[2, 1]) * h[1] + abs(m[2, 2]) * h[2]
        if c[2] - deep > reach or c[2] + deep < 0.0:
            continue
        u0, u1, v0, v1 = _pixels(c, m, h, fx, fy, cx, cy)
        if u0 > width or v0 > height or u1 < -1.0 or v1 < -1.0 or u0 > u1:
            continue
        left, right = int(max(0.0, math.floor(u0))), int(min(width - 1.0, math.ceil(u1)))
        top, bottom = int(max(0.0, math.floor(v0))), int(min(height - 1.0, math.ceil(v1)))
        o = _local(m, -c[0], -c[1], -c[2])
        for v in range(top, bottom + 1):
            y = (v - cy) / fy
            for u in range(left, right + 1):
                d = _local(m, (u - cx) / fx, y, 1.0)
                t = _hit(kind[row], h[0], h[1], h[2], o, d)
                if t < out[v, u] and t <= reach:
                    out[v, u] = t
    return out


@njit(cache=True)
def cast_rays(
    origins: Floats, ends: Floats, kind: Kinds, center: Floats, rotation: Floats, half: Floats, rows: Rows
) -> tuple[Floats, Rows]:
    """Return per ray the fraction of the way from origin to end at the first hit (inf = free) and the row hit (-1).

    Args:
        origins, ends: (M, 3) map.
        rows: indices of the shapes that count.
    """
    fraction = np.full(origins.shape[0], math.inf)
    which = np.full(origins.shape[0], -1, dtype=np.int64)
    for i in range(origins.shape[0]):
        o, e = origins[i], ends[i]
        dx, dy, dz = e[0] - o[0], e[1] - o[1], e[2] - o[2]
        length2 = dx * dx + dy * dy + dz * dz
        for row in rows:
            c, h = center[row], half[row]
            x, y, z = c[0] - o[0], c[1] - o[1], c[2] - o[2]
            s = min(1.0, max(0.0, (x * dx + y * dy + z * dz) / length2))
            off2 = (x - s * dx) ** 2 + (y - s * dy) ** 2 + (z - s * dz) ** 2
            if off2 > h[0] * h[0] + h[1] * h[1] + h[2] * h[2]:
                continue
            m = rotation[row]
            t = _hit(kind[row], h[0], h[1], h[2], _local(m, -x, -y, -z), _local(m, dx, dy, dz))
            if t < fraction[i] and t <= 1.0:
                fraction[i], which[i] = t, row
    return fraction, which


@njit(cache=True)
def clear_lines(
    origin: Floats,
    points: Floats,
    first: int,
    each: int,
    kind: Kinds,
    center: Floats,
    rotation: Floats,
    half: Floats,
    rows: Rows,
) -> NDArray[np.bool_]:
    """Return (P, K) whether the line from `origin` to each of (P, K, 3) points meets nothing.

    Person p does not hide their own points: their rows, `each` of them from `first + p * each` on, are left out.
    """
    out = np.ones(points.shape[:2], dtype=np.bool_)
    for p in range(points.shape[0]):
        own = first + p * each
        for k in range(points.shape[1]):
            dx, dy, dz = points[p, k, 0] - origin[0], points[p, k, 1] - origin[1], points[p, k, 2] - origin[2]
            length2 = dx * dx + dy * dy + dz * dz
            for row in rows:
                if own <= row < own + each:
                    continue
                c, h = center[row], half[row]
                x, y, z = c[0] - origin[0], c[1] - origin[1], c[2] - origin[2]
                s = min(1.0, max(0.0, (x * dx + y * dy + z * dz) / length2))
                off2 = (x - s * dx) ** 2 + (y - s * dy) ** 2 + (z - s * dz) ** 2
                if off2 > h[0] * h[0] + h[1] * h[1] + h[2] * h[2]:
                    continue
                m = rotation[row]
                if _hit(kind[row], h[0], h[1], h[2], _local(m, -x, -y, -z), _local(m, dx, dy, dz)) <= 1.0:
                    out[p, k] = False
                    break
    return out


@njit(cache=True)
def capsule_rows(capsules: Floats, center: Floats, rotation: Floats, half: Floats) -> None:
    """Write (N, 7) capsules (ax, ay, az, bx, by, bz, radius; m, map) into rows of a scene."""
    for i in range(capsules.shape[0]):
        ax, ay, az, bx, by, bz, radius = capsules[i]
        center[i, 0], center[i, 1], center[i, 2] = (ax + bx) / 2.0, (ay + by) / 2.0, (az + bz) / 2.0
        zx, zy, zz = bx - ax, by - ay, bz - az
        length = math.sqrt(zx * zx + zy * zy + zz * zz)
        half[i, 0], half[i, 1], half[i, 2] = radius, radius, length / 2.0 + radius
        if length < 1e-9:
            zx, zy, zz, length = 0.0, 0.0, 1.0, 1.0
        zx, zy, zz = zx / length, zy / length, zz / length
        # any x axis across z: from whichever of map x and map y is farther from it
        if abs(zx) < 0.7:
            xx, xy, xz = 1.0 - zx * zx, -zx * zy, -zx * zz
        else:
            xx, xy, xz = -zy * zx, 1.0 - zy * zy, -zy * zz
        norm = math.sqrt(xx * xx + xy * xy + xz * xz)
        xx, xy, xz = xx / norm, xy / norm, xz / norm
        rotation[i, 0, 0], rotation[i, 1, 0], rotation[i, 2, 0] = xx, xy, xz
        rotation[i, 0, 1] = zy * xz - zz * xy
        rotation[i, 1, 1] = zz * xx - zx * xz
        rotation[i, 2, 1] = zx * xy - zy * xx
        rotation[i, 0, 2], rotation[i, 1, 2], rotation[i, 2, 2] = zx, zy, zz
