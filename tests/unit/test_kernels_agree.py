"""Compiled kernels against the plain words for what they do, cell by cell and bit by bit."""

import math

import cv2
import numpy as np
import pytest

from robot.bodies.rover.body import RoverBody
from robot.navigation import mapping_kernels
from robot.safety.arrivals import CELLS, _wrapped
from sim.raycast import Pinhole, RayScene
from sim.raycast_kernels import cast_image
from sim.sensors.depth import reported
from worlds.catalog import load_world
from worlds.shapes import shapes_of


@pytest.mark.parametrize("mount", [RoverBody().camera, RoverBody().floor_front], ids=["camera", "floor"])
def test_reported_depth_is_what_single_precision_arrays_give(mount):
    rng = np.random.default_rng(0)
    shape = (60, 80)
    noise, dropout = np.float32(mount.depth_noise), np.float32(mount.depth_dropout)
    for _ in range(20):
        depth = rng.uniform(0.0, 1.2 * mount.range_max, shape)
        depth[rng.random(shape) < 0.1] = np.inf
        normal, uniform = rng.standard_normal(shape, dtype=np.float32), rng.random(shape, dtype=np.float32)
        near = np.where(depth < mount.range_max, depth, 0.0).astype(np.float32)
        std = noise * near * near
        step = np.maximum(std / np.float32(2.0), np.float32(0.001))
        plain = np.round((near + std * normal) / step) * step * np.float32(1000.0)
        plain[(near < np.float32(mount.range_min)) | (uniform < dropout)] = 0.0
        plain = np.clip(plain, 0.0, 65535.0).astype(np.uint16)
        told = reported(depth, normal, uniform, np.float32(mount.range_min), mount.range_max, noise, dropout)
        assert np.array_equal(told, plain)
        assert 0 < np.count_nonzero(told == 0) < told.size


def test_floor_is_learnt_beside_its_pixels_and_within_reach():
    rng = np.random.default_rng(1)
    for _ in range(20):
        floor = (rng.random((40, 50)) < 0.1).astype(np.uint16)
        known = (rng.random(floor.shape) < 0.2).astype(np.uint8)
        left, bottom, first = rng.uniform(-3.0, 3.0), rng.uniform(-3.0, 3.0), (7, 11)
        x, y, reach = left + rng.uniform(0.5, 3.0), bottom + rng.uniform(0.5, 2.0), rng.uniform(0.3, 1.5)
        xs = left + (np.arange(50) + first[1] + 0.5) * 0.05
        ys = bottom + (np.arange(40) + first[0] + 0.5) * 0.05
        near = (xs - x) ** 2 + (ys - y)[:, None] ** 2 <= reach**2
        plain = known | (cv2.dilate((floor > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) & near)
        whole = np.pad(known, ((first[0], 2), (first[1], 3)))
        mapping_kernels.learn_floor(whole, floor, left, bottom, 0.05, first, x, y, reach**2, 1)
        assert np.array_equal(whole[first[0] : -2, first[1] : -3], plain)
        assert np.count_nonzero(whole) == np.count_nonzero(plain)


def test_blocks_are_occupied_before_free_before_unknown():
    rng = np.random.default_rng(4)
    for _ in range(20):
        cells = rng.choice(np.array([0, 50, 100, 255], np.uint8), (rng.integers(4, 12), 9), p=[0.1, 0.1, 0.1, 0.7])
        rows, columns = cells.shape[0] // 2, cells.shape[1] // 2
        parts = cells[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
        known = np.where((parts == 255).all(axis=(1, 3)), 255, 0)
        plain = np.where((parts == 100).any(axis=(1, 3)), 100, known)
        assert np.array_equal(mapping_kernels.coarser(cells, 2, (0, 100, 255)), plain)


def test_occupancy_ranks_marks_before_people_before_what_was_hit():
    rng = np.random.default_rng(2)
    shape = (40, 50)
    log_odds = rng.choice([-1.0, 0.0, 0.4, 0.9], shape).astype(np.float32)
    evidence = rng.choice([0.0, 1.0, 1.5, 3.0], shape).astype(np.float32)
    blocked, known = (rng.integers(0, 2, shape).astype(np.uint8) for _ in range(2))
    marked = rng.choice([-np.inf, 4.0, 6.0], shape).astype(np.float32)
    plain = np.where(known == 0, 50, 0).astype(np.uint8)
    plain[log_odds == 0.0] = 255
    solid = (log_odds > 0.5) | (evidence >= 1.5)
    solid[blocked != 0] = False
    plain[solid | (marked > 5.0)] = 100
    told = mapping_kernels.occupancy(
        log_odds, evidence, blocked, known, marked, np.float32(5.0), 0.5, 1.5, (0, 50, 100, 255)
    )
    assert np.array_equal(told, plain)
    assert set(np.unique(told)) == {0, 50, 100, 255}


def test_cells_wrap_as_by_division():
    assert [_wrapped(cell) for cell in range(-CELLS, 2 * CELLS)] == [c % CELLS for c in range(-CELLS, 2 * CELLS)]


def test_shapes_left_out_of_an_image_are_not_in_it():
    """Every pixel is what all shapes give by themselves; a shape by itself is never nearer than the image of all."""
    rays = RayScene(shapes_of(load_world("apartment")))
    camera, reach = Pinhole.of(48, 36, math.radians(35.0)), 2.0
    rng = np.random.default_rng(3)
    for _ in range(4):
        yaw, pitch = rng.uniform(-math.pi, math.pi), rng.uniform(0.2, 0.8)
        c, s, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
        axes = np.array([[s, -sp * c, cp * c], [-c, -sp * s, cp * s], [0.0, -cp, -sp]])
        origin = np.array([rng.uniform(1.0, 8.0), rng.uniform(1.0, 6.0), 0.85])
        seen = rays.image(origin, axes, camera, reach)
        v, u = np.mgrid[0 : camera.height, 0 : camera.width]
        along = np.stack([(u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy, np.ones(u.shape)], axis=-1)
        ends = origin + reach * along.reshape(-1, 3) @ axes.T
        free, _ = rays.rays(np.tile(origin, (len(ends), 1)), ends, rays.depth_rows)
        assert np.isfinite(seen).sum() > 200
        both = np.isfinite(seen).ravel() & np.isfinite(free)
        assert np.count_nonzero(np.isfinite(seen).ravel() != np.isfinite(free)) <= 4  # rays that graze the reach
        assert np.allclose(seen.ravel()[both], reach * free[both], atol=1e-9)
        far = np.array([row for row in rays.depth_rows if rays.names[row].startswith("wall")], dtype=np.int64)
        alone = cast_image(
            origin, axes, 48, 36, camera.fx, camera.fy, camera.cx, camera.cy, reach,
            rays.kind, rays.center, rays.rotation, rays.half, far,
        )  # fmt: skip
        assert (alone >= seen).all()
