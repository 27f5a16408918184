"""Compiled heart of MPPI: what a sequence of twists leads to and costs. See `mppi.py` for the idea."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from robot.navigation.compiled import compiled
from robot.navigation.costmap_kernels import bilinear, body_margin, interpolate, near_margin
from robot.navigation.motion_kernels import NEAR_MARGIN_M, Limits, State, advance, ramped
from robot.near_people import NearPeople, allowed_speed

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]


FAR_FROM_PEOPLE_M = 1.7  # between middles: nobody slows the base from farther off
NEGLIGIBLE = 1e-4  # weight below which a sequence does not count
FINENESS = (1.0, 0.5, 0.2)  # shares of the noise; large ones find ways, small ones keep to them


class Weights(NamedTuple):
    """Cost per second of horizon, unless said otherwise; metres of way to go are the unit."""

    to_go: float = 1.0
    end_to_go: float = 4.0  # once, at the horizon's end
    collision: float = 60.0
    ends_at_contact: float = (
        0.0  # 1: nothing after a contact counts but the contact; 0: thin walls can be passed, dearly
    )
    closeness: float = 3.0  # where the outline is within closeness_m
    closeness_m: float = 0.18
    fast_and_close: float = 2.5  # times speed
    facing: float = 1.2  # times 1 - cos of the angle to the point to face
    facing_far: float = 0.4  # share that is left far from the goal for a point to look at (none for a goal's yaw)
    out_of_view: float = 3.0  # times what the cosine lacks to view_cosine
    view_cosine: float = 0.82  # 35 degrees: a camera's half field of view, less some
    backwards: float = 1.5  # times speed; who drives so does not look where to
    effort: float = 0.03  # times v² + omega²
    jerk: float = 0.04  # times squared change between steps, once
    mover: float = 25.0  # touching a mover's predicted disc
    mover_near: float = 2.5
    mover_near_m: float = 0.45
    separation: float = 12.0  # times missing metres, times those and separation_soft_m
    separation_soft_m: float = 0.3


class Target(NamedTuple):
    """The wanted point and what is to be faced, odom axes shifted to the grid's corner."""

    face_x: float
    face_y: float
    has_face: float  # 1 or 0
    face_far: float  # share of the weights of facing that is left far from the goal
    vx: float
    vy: float
    separation_m: float
    v_max: float
    far_to_go: float  # stands in where the field has no value


class Manners(NamedTuple):
    """How the base will be slowed near people: half its length and width (m), and the rule that safety enforces."""

    half_length: float
    half_width: float
    rule: NearPeople


@compiled
def mannered(v: float, x: float, y: float, c: float, s: float, t: float, movers: F64, manners: Manners) -> float:
    """Return the share of speed `v` that people will leave of it at a pose `t` seconds from now."""
    speed = abs(v)
    for i in range(movers.shape[0]):
        dx, dy = movers[i, 0] + t * movers[i, 2] - x, movers[i, 1] + t * movers[i, 3] - y
        if dx * dx + dy * dy > FAR_FROM_PEOPLE_M * FAR_FROM_PEOPLE_M:
            continue
        stands = math.sqrt(movers[i, 2] ** 2 + movers[i, 3] ** 2) < manners.rule.stands_speed
        allowed = allowed_speed(
            c * dx + s * dy, c * dy - s * dx, stands, v, manners.half_length, manners.half_width, manners.rule
        )
        speed = min(speed, allowed)
    return speed / max(abs(v), 1e-9)


@compiled
def movers_cost(x: float, y: float, t: float, movers: F64, reach: float, w: Weights) -> float:
    """Return the cost of being at a point `t` seconds from now among moving discs; certainty fades with time."""
    cost = 0.0
    fade = 1.0 / (1.0 + 0.5 * t)
    for i in range(movers.shape[0]):
        dx = x - movers[i, 0] - t * movers[i, 2]
        dy = y - movers[i, 1] - t * movers[i, 3]
        gap = math.sqrt(dx * dx + dy * dy) - movers[i, 4] - reach
        if gap < 0.0:
            cost += fade * w.mover * (1.0 - gap)
        elif gap < w.mover_near_m:
            near = 1.0 - gap / w.mover_near_m
            cost += fade * w.mover_near * near * near
    return cost


@compiled
def facing_cost(x: float, y: float, c: float, s: float, t: float, to_go: float, target: Target, w: Weights) -> float:
    """Return the cost of looking away from the point to face, which counts more the nearer the goal is."""
    dx = target.face_x + t * target.vx - x
    dy = target.face_y + t * target.vy - y
    away = math.sqrt(dx * dx + dy * dy)
    cosine = (dx * c + dy * s) / max(away, 1e-6)
    near = max(1.0 - to_go / 1.5, target.face_far)
    cost = near * (w.facing * (1.0 - cosine) + w.out_of_view * max(w.view_cosine - cosine, 0.0))
    missing = target.separation_m - away
    if missing > 0.0:
        cost += w.separation * missing * (missing + w.separation_soft_m)
    return cost


@compiled
def rollout_cost(
    start: State,
    controls: F32,
    to_go: F32,
    clearance: F32,
    resolution: float,
    circles: F64,
    movers: F64,
    manners: Manners,
    target: Target,
    limits: Limits,
    w: Weights,
    dt: float,
    enough: float,
) -> float:
    """Return the cost of following `controls` (T, 2) from `start`, or a part of it that is more than `enough`."""
    x, y, v, omega = start.x, start.y, start.v, start.omega
    c, s = math.cos(start.yaw), math.sin(start.yaw)
    cost = 0.0
    now = body_margin(clearance, x, y, c, s, resolution, circles, NEAR_MARGIN_M)
    touching, worse = min(now + 0.02, 0.0), min(now - 0.01, 0.0)
    left = target.far_to_go
    found = np.empty(circles.shape[0])
    per_metre = 1.0 / resolution
    for i in range(controls.shape[0]):
        v, omega = ramped(v, omega, controls[i, 0], controls[i, 1], target.v_max, limits, dt)
        if movers.shape[0] > 0 and v != 0.0:
            share = mannered(v, x, y, c, s, i * dt, movers, manners)
            v, omega = v * share, omega * share if share > 0.0 else omega
        # half the turn, the way, half the turn; heading as (cos, sin) turned by its Taylor series
        half = 0.5 * omega * dt
        square = half * half
        turn_c, turn_s = 1.0 - square * (0.5 - square / 24.0), half * (1.0 - square * (1.0 / 6.0 - square / 120.0))
        c, s = c * turn_c - s * turn_s, s * turn_c + c * turn_s
        x, y = x + v * c * dt, y + v * s * dt
        c, s = c * turn_c - s * turn_s, s * turn_c + c * turn_s
        left = interpolate(to_go, x * per_metre, y * per_metre)
        if not left < target.far_to_go:
            left = target.far_to_go
        rate = w.to_go * left + w.effort * (v * v + omega * omega)
        margin = w.closeness_m
        if bilinear(clearance, x * per_metre, y * per_metre) <= NEAR_MARGIN_M:
            margin = near_margin(clearance, x, y, c, s, per_metre, circles, w.closeness_m, found)
        if margin < touching:  # where it touches already, only ways out are free
            rate += w.collision * (1.0 - margin)
            if w.ends_at_contact > 0.0 and margin < worse:
                return cost + rate * dt * (controls.shape[0] - i) + w.end_to_go * target.far_to_go
        if margin < w.closeness_m:
            near = 1.0 - max(margin, 0.0) / w.closeness_m
            rate += near * near * (w.closeness + w.fast_and_close * abs(v))
        if v < 0.0:
            rate -= w.backwards * v
        t = (i + 1) * dt
        if movers.shape[0] > 0:
            rate += movers_cost(x, y, t, movers, circles[0, 3] - 0.04, w)
        if target.has_face > 0.0:
            rate += facing_cost(x, y, c, s, t, left, target, w)
        cost += rate * dt
        if i > 0:
            dv, domega = controls[i, 0] - controls[i - 1, 0], controls[i, 1] - controls[i - 1, 1]
            cost += w.jerk * (dv * dv + domega * domega)
        if cost > enough:
            return cost
    return cost + w.end_to_go * left


@compiled
def ways(start: State, controls: F32, movers: F64, manners: Manners, target: Target, limits: Limits, dt: float) -> F32:
    """Return (K, T + 1, 2), m: where sequences (K, T, 2) lead. To be drawn; `rollout_cost` goes the same ways."""
    drawn = np.empty((controls.shape[0], controls.shape[1] + 1, 2), np.float32)
    for k in range(controls.shape[0]):
        x, y, yaw, v, omega = start
        drawn[k, 0, 0], drawn[k, 0, 1] = x, y
        for i in range(controls.shape[1]):
            v, omega = ramped(v, omega, controls[k, i, 0], controls[k, i, 1], target.v_max, limits, dt)
            if movers.shape[0] > 0 and v != 0.0:
                share = mannered(v, x, y, math.cos(yaw), math.sin(yaw), i * dt, movers, manners)
                v, omega = v * share, omega * share if share > 0.0 else omega
            middle = yaw + 0.5 * omega * dt
            x, y, yaw = x + v * math.cos(middle) * dt, y + v * math.sin(middle) * dt, yaw + omega * dt
            drawn[k, i + 1, 0], drawn[k, i + 1, 1] = x, y
    return drawn


@compiled
def pursue(start: State, path: F64, target: Target, limits: Limits, dt: float, steps: int, ahead: float) -> F32:
    """Return (T, 2) twists that turn toward the path, drive along it and stop at its end facing the point to face.

    `ahead` is 1 to drive with the front first, -1 with the back first.
    """
    fastest = target.v_max if ahead > 0.0 else -limits.v_min
    about = 0.0 if ahead > 0.0 else math.pi
    controls = np.zeros((steps, 2), np.float32)
    state = start
    index, last = 0, path.shape[0] - 1
    for i in range(steps):
        while index < last and math.hypot(path[index, 0] - state.x, path[index, 1] - state.y) < 0.4:
            index += 1
        x, y = path[index, 0], path[index, 1]
        left = math.hypot(x - state.x, y - state.y) + 0.05 * (last - index)
        arrived = left < 0.1
        if arrived and target.has_face > 0.0:
            x, y = target.face_x, target.face_y
        bearing = math.atan2(y - state.y, x - state.x) - state.yaw - (0.0 if arrived else about)
        bearing = math.atan2(math.sin(bearing), math.cos(bearing))
        if arrived:
            controls[i, 1] = 2.0 * bearing if target.has_face > 0.0 else 0.0
        else:
            slow = max(math.cos(bearing), 0.0)
            controls[i, 0] = ahead * min(fastest * slow * slow, math.sqrt(1.4 * limits.braking * left))
            controls[i, 1] = 2.5 * bearing
        controls[i, 1] = min(max(controls[i, 1], -limits.omega_max), limits.omega_max)
        state = advance(state, controls[i, 0], controls[i, 1], target.v_max, limits, dt)
    return controls


@compiled
def spread(
    nominal: F32, pursuit: F32, backward: F32, knots: F32, spacing: int, share: float, v_max: float, limits: Limits
) -> F32:
    """Return (K, T, 2) sequences: nominal, standing still, pursuit both ways round, and noise around all but still.

    Noise, in three sizes, is given at knots (K, N, 2) every `spacing` steps and runs straight in between; `share` of
    the sequences are around pursuit.
    """
    count, steps = knots.shape[0], nominal.shape[0]
    controls = np.empty((count, steps, 2), np.float32)
    around_pursuit, around_backward = int(0.65 * share * count), int(0.35 * share * count)
    for k in range(count):
        scale = 0.0 if k < 4 else FINENESS[k % 3]
        base = nominal
        if k == 2 or 4 <= k < 4 + around_pursuit:
            base = pursuit
        elif k == 3 or 4 + around_pursuit <= k < 4 + around_pursuit + around_backward:
            base = backward
        for i in range(steps):
            j, part = i // spacing, (i % spacing) / spacing
            for a in range(2):
                noise = (1.0 - part) * knots[k, j, a] + part * knots[k, j + 1, a]
                controls[k, i, a] = base[i, a] + scale * noise
            controls[k, i, 0] = min(max(controls[k, i, 0], limits.v_min), v_max)
            controls[k, i, 1] = min(max(controls[k, i, 1], -limits.omega_max), limits.omega_max)
    controls[1] = 0.0
    return controls


@compiled
def all_costs(
    start: State,
    controls: F32,
    to_go: F32,
    clearance: F32,
    resolution: float,
    circles: F64,
    movers: F64,
    manners: Manners,
    target: Target,
    limits: Limits,
    w: Weights,
    dt: float,
    temperature: float,
) -> F64:
    """Return (K,) costs of sequences (K, T, 2); of those that `average` leaves out, only so much as shows it."""
    spare = -1.001 * temperature * math.log(NEGLIGIBLE)
    enough = math.inf
    costs = np.empty(controls.shape[0])
    for k in range(controls.shape[0]):
        costs[k] = rollout_cost(
            start, controls[k], to_go, clearance, resolution, circles, movers, manners, target, limits, w, dt, enough
        )
        enough = min(enough, costs[k] + spare)
    return costs


@compiled
def average(controls: F32, costs: F64, temperature: float) -> F32:
    """Return (T, 2) the mean of sequences weighted by exp(-cost / temperature) (Williams et al., 2017)."""
    least = costs.min()
    result = np.zeros((controls.shape[1], 2))
    total = 0.0
    for k in range(controls.shape[0]):
        weight = math.exp(-(costs[k] - least) / temperature)
        if weight < NEGLIGIBLE:
            continue
        total += weight
        for i in range(controls.shape[1]):
            result[i, 0] += weight * controls[k, i, 0]
            result[i, 1] += weight * controls[k, i, 1]
    return (result / total).astype(np.float32)
