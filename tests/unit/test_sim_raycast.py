"""Our ray caster against PyBullet's, and its fast paths against its plain one."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pybullet
import pytest

from sim.raycast import Pinhole, RayScene
from sim.raycast_kernels import capsule_rows
from sim.scene import Scene
from worlds.shape import Shape

AGREE_M = 0.002
ALL_KINDS = ("box", "sphere", "cylinder", "capsule")
REACH = 8.0
RAYS = 360
INCREMENT = 2.0 * math.pi / RAYS
FAN = np.stack([np.cos(np.arange(RAYS) * INCREMENT), np.sin(np.arange(RAYS) * INCREMENT)], axis=1)
EYE = np.array([0.0, 0.0, 0.4])


def random_shapes(seed: int, kinds: tuple[str, ...], count: int = 120) -> list[Shape]:
    """Shapes of any orientation around a free middle, and a floor."""
    rng = np.random.default_rng(seed)
    shapes = [Shape("floor", "box", (12.0, 12.0, 0.1), (0.0, 0.0, -0.05), semantic="floor")]
    while len(shapes) < count:
        turn = rng.normal(size=4)
        turn /= np.linalg.norm(turn)
        position = (*rng.uniform(-5.0, 5.0, 2), rng.uniform(0.0, 1.5))
        if math.hypot(position[0], position[1]) < 0.9:
            continue
        kind = kinds[int(rng.integers(len(kinds)))]
        size = {
            "box": tuple(rng.uniform(0.04, 0.6, 3)),
            "sphere": (rng.uniform(0.05, 0.25),),
            "cylinder": (rng.uniform(0.03, 0.2), rng.uniform(0.05, 0.6)),
            "capsule": (rng.uniform(0.03, 0.2), rng.uniform(0.05, 0.6)),
        }[kind]
        shapes.append(Shape(f"s{len(shapes)}", kind, size, position, tuple(turn)))
    return shapes


def bullet_distances(shapes: list[Shape], ends: np.ndarray, reach: float) -> np.ndarray:
    """Distances that PyBullet gives along the same rays, inf for none."""
    scene = Scene(shapes, visible=False)
    scene.step()
    hits = pybullet.rayTestBatch(np.tile(EYE, (len(ends), 1)), ends, physicsClientId=scene.client)
    scene.close()
    return np.array([hit[2] * reach if hit[0] >= 0 else np.inf for hit in hits])


def tilted_axes(tilt: float = 0.1) -> np.ndarray:
    c, s = math.cos(tilt), math.sin(tilt)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def agrees(cast: Callable[[RayScene], np.ndarray], shapes: list[Shape], theirs: np.ndarray) -> bool:
    """Whether distances lie between those to the same shapes, 2 mm fatter and 2 mm thinner.

    Bullet finds hits by iteration: on a ray that grazes a shape it is off by more along the ray, but not across it.
    """
    fatter, thinner = RayScene(shapes), RayScene(shapes)
    fatter.half += AGREE_M
    thinner.half -= AGREE_M
    low, high = cast(fatter), cast(thinner)
    return bool(((low - 1e-6 <= theirs) & (theirs <= high + 1e-6)).all())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_fan_agrees_with_bullet(seed: int) -> None:
    shapes, axes = random_shapes(seed, ALL_KINDS), tilted_axes()
    theirs = bullet_distances(shapes, EYE + REACH * FAN @ axes[:, :2].T, REACH)
    assert np.isfinite(theirs).sum() > 100
    assert agrees(lambda scene: scene.fan(EYE, axes, FAN, 0.0, INCREMENT, REACH), shapes, theirs)
    exact = RayScene(shapes).fan(EYE, axes, FAN, 0.0, INCREMENT, REACH)
    hit = np.isfinite(exact)
    assert np.median(np.abs(exact[hit] - theirs[hit])) < 1e-4


@pytest.mark.parametrize("seed", [3, 4])
def test_image_agrees_with_bullet(seed: int) -> None:
    shapes, camera, reach = random_shapes(seed, ALL_KINDS), Pinhole.of(40, 30, 0.61), 6.0
    c, s = math.cos(0.17), math.sin(0.17)
    axes = np.array([[0.0, -s, c], [-1.0, 0.0, 0.0], [0.0, -c, -s]])
    u, v = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    rays = np.stack([(u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy, np.ones(u.shape)], axis=-1)
    theirs = bullet_distances(shapes, EYE + reach * rays.reshape(-1, 3) @ axes.T, reach)
    assert np.isfinite(theirs).sum() > 300
    assert agrees(lambda scene: scene.image(EYE, axes, camera, reach).ravel(), shapes, theirs)


def test_fast_paths_agree_with_plain_rays() -> None:
    shapes, axes = random_shapes(5, ALL_KINDS), tilted_axes(0.3)
    scene = RayScene(shapes)
    fan = scene.fan(EYE, axes, FAN, 0.0, INCREMENT, REACH)
    fractions, _ = scene.rays(np.tile(EYE, (RAYS, 1)), EYE + REACH * FAN @ axes[:, :2].T)
    assert np.allclose(fan, fractions * REACH, atol=1e-9)


def test_ray_from_inside_does_not_meet_its_shape() -> None:
    for kind, size in (("box", (1.0, 1.0, 1.0)), ("sphere", (0.5,)), ("cylinder", (0.5, 1.0)), ("capsule", (0.5, 0.5))):
        scene = RayScene(
            [Shape("around", kind, size, (0.0, 0.0, 0.4)), Shape("far", "box", (0.2, 4.0, 4.0), (3.0, 0, 0))]
        )
        fraction, row = scene.rays(EYE[None], np.array([[10.0, 0.0, 0.4]]))
        assert row[0] == 1, kind
        assert fraction[0] == pytest.approx(0.29)


def test_glass_is_solid_but_neither_lidar_nor_depth_sees_it() -> None:
    pane = Shape("pane", "box", (0.02, 4.0, 4.0), (1.0, 0.0, 0.0), seen_by_lidar=False, seen_by_depth=False)
    wall = Shape("wall", "box", (0.1, 4.0, 4.0), (2.0, 0.0, 0.0))
    scene = RayScene([pane, wall])
    assert scene.fan(EYE, np.eye(3), FAN, 0.0, INCREMENT, REACH)[0] == pytest.approx(1.95)
    axes = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
    assert scene.image(EYE, axes, Pinhole.of(8, 6, 0.6), 6.0)[3, 4] == pytest.approx(1.95)
    assert scene.rays(EYE[None], np.array([[3.0, 0.0, 0.4]]))[1][0] == 0


def test_capsule_rows_are_the_capsules() -> None:
    ends = np.array([[1.0, -0.2, 0.2, 1.0, 0.3, 0.7, 0.1], [0.0, 2.0, 0.1, 0.0, 2.0, 1.5, 0.05]])
    scene = RayScene([], movers=2)
    capsule_rows(ends, scene.center, scene.rotation, scene.half)
    fan = scene.fan(EYE, np.eye(3), FAN, 0.0, INCREMENT, REACH)
    assert fan[0] == pytest.approx(0.9, abs=0.03)  # the slanted one, near its middle
    assert fan[90] == pytest.approx(1.95)  # the upright one
    assert np.isinf(fan[180])
