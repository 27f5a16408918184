"""Properties every shipped home must have: it loads, nothing overlaps a start, a rover can go where people lead it."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from robot.rng import spawn
from worlds.catalog import list_worlds, load_world
from worlds.clutter import CLUTTER
from worlds.colors import parse_color
from worlds.furniture.kinds import FURNITURE
from worlds.furniture.parts import Size
from worlds.grid import PERSON, ROVER, grid_of
from worlds.picture import draw_map
from worlds.place import placed_furniture
from worlds.routes import RouteError, passable, person_route
from worlds.schema import World
from worlds.scripts import resolve_script
from worlds.shape import Shape
from worlds.shapes import shapes_of
from worlds.sight import in_sight

HOMES = ("apartment", "childs_room", "corridor_flat", "family_house", "loft", "studio")
ROVER_RADIUS = 0.3  # m, its corners' circle with a finger's breadth of air


@pytest.fixture(params=HOMES)
def world(request: pytest.FixtureRequest) -> World:
    return load_world(str(request.param))


def test_the_six_homes_ship() -> None:
    assert set(HOMES) <= set(list_worlds())


def test_named_like_its_file_and_full_of_things(world: World) -> None:
    assert world.name in HOMES
    assert len(world.people) == 3
    assert len({person.appearance for person in world.people}) == 3
    assert world.followed is not None
    assert len({item.kind for item in placed_furniture(world)}) >= 12
    low = {s.owner for s in shapes_of(world) if s.semantic == "clutter" and s.z_range()[1] < 0.18}
    assert len(low) >= 5, "a lidar at 0.18 m must have something to miss"


def test_shapes_are_sound_and_the_same_every_time(world: World) -> None:
    shapes = shapes_of(world)
    repeated = [name for name, count in Counter(shape.name for shape in shapes).items() if count > 1]
    assert repeated == []
    for shape in shapes:
        assert min(shape.size) > 0.0, shape.name
        assert math.isclose(sum(q * q for q in shape.orientation), 1.0, rel_tol=1e-9), shape.name
    shapes_of.cache_clear()
    assert shapes_of(world) == shapes


def test_starts_are_free_and_in_view(world: World) -> None:
    rover, person = world.robots[0], world.followed
    assert person is not None
    assert _clearance(world, rover.at, ROVER) >= ROVER_RADIUS
    for somebody in world.people:
        assert _clearance(world, somebody.at, PERSON) >= 0.25, somebody.name
    dx, dy = person.at[0] - rover.at[0], person.at[1] - rover.at[1]
    assert 1.8 <= math.hypot(dx, dy) <= 2.2
    bearing = math.atan2(dy, dx) - math.radians(rover.yaw_deg)
    assert abs(math.degrees(math.atan2(math.sin(bearing), math.cos(bearing)))) <= 15.0
    assert in_sight(world, rover.at, person.at)


def test_rover_reaches_most_rooms_on_its_floor(world: World) -> None:
    level = [room for room in world.rooms if room.floor_z == 0.0]
    grid = grid_of(world, ROVER)
    reached = 0
    for room in level:
        xs = np.arange(room.x + 0.4, room.x + room.width - 0.35, 0.1)
        ys = np.arange(room.y + 0.4, room.y + room.depth - 0.35, 0.1)
        points = np.array([(x, y) for x in xs for y in ys])
        free = points[grid.clearance_at(points) >= ROVER_RADIUS]
        reached += any(passable(world, ROVER_RADIUS, world.robots[0].at, (float(x), float(y))) for x, y in free[::7])
    assert reached >= max(4, len(level) - 1)


def test_scripts_of_the_file_are_walkable(world: World) -> None:
    grid = grid_of(world, PERSON)
    for person in world.people:
        plan = resolve_script(world, person, seed=5)
        assert plan.segments
        for segment in plan.segments:
            if segment.action == "walk":
                assert grid.clearance_at(np.array(segment.path[1:] or segment.path)).min() >= 0.2, segment


def test_wandering_depends_on_the_seed_alone() -> None:
    world = load_world("studio")
    wanderer = world.person("emil")
    assert resolve_script(world, wanderer, 5) == resolve_script(world, wanderer, 5)
    assert resolve_script(world, wanderer, 5) != resolve_script(world, wanderer, 6)


def test_picture_shows_the_home(world: World) -> None:
    image, transform = draw_map(world, 40.0)
    west, south, east, north = world.bounds
    assert image.shape == (round((north - south + 0.6) * 40), round((east - west + 0.6) * 40), 3)
    column, row = transform.pixel(world.robots[0].at[0], world.robots[0].at[1])
    assert 0 <= row < image.shape[0]
    assert 0 <= column < image.shape[1]
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 50


def test_step_down_is_no_way_for_wheels() -> None:
    loft = load_world("loft")
    lounge = loft.room("lounge").center
    assert not passable(loft, ROVER_RADIUS, loft.robots[0].at, lounge)
    with pytest.raises(RouteError):
        person_route(loft, loft.robots[0].at, lounge)


@pytest.mark.parametrize("kind", sorted(FURNITURE))
def test_furniture_stays_in_its_size(kind: str) -> None:
    spec = FURNITURE[kind]
    parts = spec.build(Size(spec.width, spec.depth, spec.height), parse_color(spec.color))
    points = np.concatenate([part.footprint() for part in parts])
    assert np.abs(points[:, 0]).max() <= spec.depth / 2.0 + 1e-6
    assert np.abs(points[:, 1]).max() <= spec.width / 2.0 + 1e-6
    assert min(part.z_range()[0] for part in parts) >= -1e-9
    assert len({part.name for part in parts}) == len(parts)


@pytest.mark.parametrize("kind", sorted(CLUTTER))
def test_clutter_stays_in_its_circle_and_on_the_floor(kind: str) -> None:
    for seed in range(20):
        parts = CLUTTER[kind].build(spawn(seed, kind), parse_color(CLUTTER[kind].color))
        points = np.concatenate([part.footprint() for part in parts])
        assert np.hypot(points[:, 0], points[:, 1]).max() <= CLUTTER[kind].radius + 0.01
        assert -1e-9 <= min(part.z_range()[0] for part in parts) <= 1e-9


def test_what_the_lidar_and_the_depth_camera_miss() -> None:
    studio = load_world("studio")
    glass = [shape for shape in shapes_of(studio) if not shape.seen_by_lidar]
    assert {shape.owner for shape in glass} == {"main/glass_table", "bath/shower", "dressing/mirror"}
    assert all(shape.solid and not shape.seen_by_depth for shape in glass)
    rugs = [shape for shape in shapes_of(studio) if shape.semantic == "rug"]
    assert [rug.solid for rug in rugs] == [False]


def test_shape_moves_with_its_frame() -> None:
    shape = Shape("a", "box", (2.0, 1.0, 0.5), (1.0, 0.0, 0.25)).placed(3.0, 4.0, 0.0, math.pi / 2)
    assert shape.position == pytest.approx((3.0, 5.0, 0.25))
    assert shape.yaw == pytest.approx(math.pi / 2)
    assert shape.footprint().min(axis=0) == pytest.approx([2.5, 4.0])
    assert shape.footprint().max(axis=0) == pytest.approx([3.5, 6.0])
    assert shape.z_range() == pytest.approx((0.0, 0.5))


def _clearance(world: World, at: tuple[float, float], band: object) -> float:
    room = world.room_at(*at)
    assert room is not None
    assert band in (PERSON, ROVER)
    grid = grid_of(world, PERSON if band == PERSON else ROVER, room.floor_z)
    return float(grid.clearance[grid.cell(*at)])
