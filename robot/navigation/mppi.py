"""MPPI: model-predictive path-integral control (Williams et al., 2017) of a differential drive.

The one idea: hundreds of noisy sequences of twists are rolled out against the exact footprint, the cost-to-go field and
predicted movers, and averaged by how well they do. A pure-pursuit sequence is always among the samples (Trevisan and
Alonso-Mora, 2024), so turning around or leaving a pocket never has to be found by luck.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

import numpy as np
from msgspec import Meta
from numpy.random import Generator
from numpy.typing import NDArray

from robot.bounds import Count
from robot.navigation import mppi_kernels as kernels
from robot.navigation.control import Limits, Scene, State, dense_path, in_grid, margin_ahead
from robot.navigation.costmap import Costmap, Footprint
from robot.navigation.costmap_kernels import interpolate
from robot.navigation.motion_kernels import advance
from robot.navigation.mppi_kernels import Manners, Target, Weights
from robot.near_people import NearPeople


@dataclass(frozen=True)
class MppiConfig:
    """Seconds, m/s, rad/s."""

    rollouts: Annotated[int, Meta(ge=4)] = 360  # the last one, standing still, and the path both ways round at least
    steps: Count = 28
    dt: float = 0.1
    period: float = 0.05  # between two commands
    knot_steps: Count = 5  # noise is drawn this often and interpolated
    v_noise: float = 0.35
    omega_noise: float = 0.9
    pursuit_share: float = 0.3
    temperature: float = 0.12
    guard_steps: int = 2  # of the chosen sequence that, followed by braking, must be free
    weights: Weights = field(default_factory=Weights)


class _Tried(NamedTuple):
    """What a command was chosen from; places from the grid's corner."""

    start: State
    controls: NDArray[np.float32]
    costs: NDArray[np.float64]
    chosen: NDArray[np.float32]
    movers: NDArray[np.float64]
    target: Target
    corner: NDArray[np.float64]


class Mppi:
    """Keeps the sequence it chose, shifts it by one period and improves it."""

    def __init__(
        self, config: MppiConfig, limits: Limits, footprint: Footprint, near_people: NearPeople, rng: Generator
    ) -> None:
        self.config = config
        self._limits = Limits(*map(float, limits))
        self._weights = Weights(*map(float, config.weights))
        self._circles = footprint.circles()
        self._manners = Manners(0.5 * footprint.length, 0.5 * footprint.width, near_people)
        self._rng = rng
        self._nominal = np.zeros((config.steps, 2), np.float32)
        self._path: NDArray[np.float32] | None = None
        self._resampled = np.empty((0, 2))
        self._tried: _Tried | None = None

    def reset(self) -> None:
        """Forget what was planned."""
        self._nominal[:] = 0.0
        self._tried = None

    def rollouts(self, count: int) -> NDArray[np.float32]:
        """Return (1 + count, T, 2), odom m: the way last chosen, then ways it tried, from the best to the worst."""
        if self._tried is None:
            return np.zeros((0, 0, 2), np.float32)
        tried, c = self._tried, self.config
        ranked = np.argsort(tried.costs, kind="stable")[np.linspace(0, len(tried.costs) - 1, count).astype(int)]
        controls = np.concatenate([tried.chosen[None], tried.controls[ranked]])
        ways = kernels.ways(tried.start, controls, tried.movers, self._manners, tried.target, self._limits, c.dt)
        return ways + tried.corner.astype(np.float32)

    def command(self, state: State, scene: Scene) -> tuple[float, float]:
        """Return (v, omega) for the next period; stands still where every sequence would hit something."""
        c = self.config
        frame = scene.costmap.frame
        corner = np.array([frame.origin_x, frame.origin_y])
        start = in_grid(state, frame)
        target = _target(start, scene, corner, self._weights.facing_far)
        path = self._dense(scene.plan.path) - corner if len(scene.plan.path) else np.array([start[:2]])
        movers = _shifted(scene.movers_array(), corner)
        world = (
            scene.plan.to_go,
            scene.costmap.clearance,
            frame.resolution_m,
            self._circles,
            movers,
            self._manners,
            target,
            self._limits,
            self._weights,
            c.dt,
        )
        pursuit, backward = (
            kernels.pursue(start, path, target, self._limits, c.dt, c.steps, way) for way in (1.0, -1.0)
        )
        controls = kernels.spread(
            self._nominal, pursuit, backward, self._noise(), c.knot_steps, c.pursuit_share, target.v_max, self._limits
        )
        costs = kernels.all_costs(start, controls, *world, c.temperature)
        chosen = kernels.average(controls, costs, c.temperature)
        best = int(np.argmin(costs))
        if kernels.rollout_cost(start, chosen, *world, np.inf) > costs[best] + 2.0 * c.temperature:
            chosen = controls[best]  # the mean of two ways around something leads into it
        self._tried = _Tried(start, controls, costs, chosen, movers, target, corner)
        self._nominal = self._shifted_nominal(chosen)
        if not self._is_safe(state, chosen, scene.costmap):
            return 0.0, 0.0 if self._is_tight(start, scene) else float(chosen[0, 1])
        nxt = advance(start, float(chosen[0, 0]), float(chosen[0, 1]), target.v_max, self._limits, c.dt)
        return float(nxt.v), float(nxt.omega)

    def _dense(self, path: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the path resampled; several commands follow the same one."""
        if path is not self._path:
            self._path, self._resampled = path, dense_path(path)
        return self._resampled

    def _noise(self) -> NDArray[np.float32]:
        c = self.config
        knots = (c.steps - 1) // c.knot_steps + 2
        noise = self._rng.standard_normal((c.rollouts, knots, 2), dtype=np.float32)
        noise *= np.array([c.v_noise, c.omega_noise], np.float32)
        return noise

    def _shifted_nominal(self, chosen: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sequence as it looks one period later."""
        share = np.float32(self.config.period / self.config.dt)
        later = np.concatenate([chosen[1:], chosen[-1:]])
        shifted: NDArray[np.float32] = (1 - share) * chosen + share * later
        return shifted

    def _is_safe(self, state: State, chosen: NDArray[np.float32], costmap: Costmap) -> bool:
        """Return whether the body stays clear, or at least gains clearance over standing still."""
        c = self.config
        ahead = margin_ahead(state, chosen, c.guard_steps, costmap, self._circles, self._limits, c.dt)
        if ahead >= 0.0:
            return True
        stopping = np.zeros_like(chosen)
        return ahead > margin_ahead(state, stopping, 1, costmap, self._circles, self._limits, c.dt) + 1e-3

    def _is_tight(self, start: State, scene: Scene) -> bool:
        """Return whether the body cannot turn on the spot."""
        centre = scene.costmap.clearance
        resolution = scene.costmap.frame.resolution_m
        return bool(interpolate(centre, start.x / resolution, start.y / resolution) < self._circles[0, 3])


def _target(start: State, scene: Scene, corner: NDArray[np.float64], facing_far: float) -> Target:
    face = scene.facing_point
    here = interpolate(
        scene.plan.to_go, start.x / scene.costmap.frame.resolution_m, start.y / scene.costmap.frame.resolution_m
    )
    far = (here if np.isfinite(here) else 0.0) + 2.0
    return Target(
        float(face[0] - corner[0]) if face else 0.0,
        float(face[1] - corner[1]) if face else 0.0,
        1.0 if face else 0.0,
        facing_far if scene.look_at else 0.0,
        float(scene.velocity[0]),
        float(scene.velocity[1]),
        float(scene.separation_m) if scene.look_at else 0.0,
        float(scene.max_speed),
        float(far),
    )


def _shifted(movers: NDArray[np.float64], corner: NDArray[np.float64]) -> NDArray[np.float64]:
    movers[:, :2] -= corner
    return movers
