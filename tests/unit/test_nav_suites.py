"""Suites of worlds: equal seeds give equal worlds, every generated one is passable, and the proof can fail."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from launch.bench.nav import suite_worlds
from robot.rng import spawn
from worlds.catalog import load_world
from worlds.errors import WorldError
from worlds.schema import Room, Solid, World
from worlds.shape import Shape
from worlds.shapes import shapes_of
from worlds.suites.clutter import LENGTH_M, LEVELS, WIDTH_M, clutter_world
from worlds.suites.fits import Area, Passage, way_exists
from worlds.suites.hazards import CONDITIONS, HAZARDS
from worlds.suites.task import task_of

SIZES = {level: chosen.things for level, chosen in LEVELS.items()}


def gap_world(gap: float) -> World:
    """Two walls across a hall with a gap between them."""
    half = (3.0 - gap) / 2.0
    walls = tuple(Solid(kind="box", size=(0.1, half, 1.0), at=(3.0, y, 0.5)) for y in (half / 2.0, 3.0 - half / 2.0))
    return World(name="gap", rooms=(Room(name="hall", x=0.0, y=0.0, width=6.0, depth=3.0),), solids=walls)


def reaches(world: World, air: float) -> bool:
    return way_exists(Area.of(world.bounds, shapes_of(world)), (1.0, 1.5), (5.0, 1.5), LENGTH_M, WIDTH_M, air)


@pytest.mark.parametrize(("gap", "fits"), [(0.36, False), (0.40, False), (0.60, True)])
def test_the_proof_tells_a_gap_that_fits_from_one_that_does_not(gap: float, fits: bool) -> None:
    assert reaches(gap_world(gap), 0.0) is fits


def test_a_disc_would_not_fit_where_the_turned_rectangle_does() -> None:
    assert math.hypot(LENGTH_M, WIDTH_M) > 0.55
    assert reaches(gap_world(0.55), 0.02)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_passage_kept_up_thing_by_thing_agrees_with_the_whole_proof(seed: int) -> None:
    world, rng = gap_world(0.9), spawn(seed, "passage")
    start, goal, air = (1.0, 1.5), (5.0, 1.5), 0.05
    area = Area.of(world.bounds, shapes_of(world))
    passage = Passage.of(area, start, goal, LENGTH_M + 2.0 * air, WIDTH_M + 2.0 * air)
    refused = 0
    for number in range(24):
        at = (float(rng.uniform(1.6, 4.4)), float(rng.uniform(0.0, 3.0)), 0.2)
        box = Shape(f"box{number}", "box", (0.2, 0.2, 0.4), at)
        fuller = passage.area.with_shapes([box])
        whole = way_exists(fuller, start, goal, LENGTH_M, WIDTH_M, air)
        candidate = passage.with_shapes([box])
        assert (candidate is not None) is (whole and bool((fuller.blocked != passage.area.blocked).any()))
        refused += not whole
        passage = candidate or passage
    assert 0 < refused < 24
    assert passage.with_shapes([box]) is None  # it stands there already, or bars the way


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_clutter_is_repeatable_full_and_passable(level: int) -> None:
    world = clutter_world(level, 3)
    assert world == clutter_world(level, 3)
    assert world != clutter_world(level, 4)
    assert sum(len(room.furniture) + len(room.clutter) for room in world.rooms) == SIZES[level]
    task = task_of(f"clutter:{level}:3", 3)
    area = Area.of(world.bounds, shapes_of(world))
    assert way_exists(area, task.start[:2], task.goal, LENGTH_M, WIDTH_M, LEVELS[level].air - 0.02)
    assert task.reference_m >= math.dist(task.start[:2], task.goal) - 0.2


@pytest.mark.parametrize("name", sorted(HAZARDS))
def test_every_hazard_has_a_way_around_it(name: str) -> None:
    task = task_of(f"hazards:{name}:1", 1)
    assert task.robot == "rover"
    assert task.reference_m > 3.0
    assert task.conditions == CONDITIONS.get(name, type(task.conditions)())
    assert load_world(f"hazards:{name}:1") != load_world(f"hazards:{name}:2")


def test_hazards_of_the_issue_are_all_there() -> None:
    assert len(HAZARDS) == 18
    assert set(CONDITIONS) <= set(HAZARDS)


def test_homes_draw_start_and_goal_from_the_seed() -> None:
    first, again, other = task_of("loft", 5), task_of("loft", 5), task_of("loft", 6)
    assert first == again
    assert first.goal != other.goal
    assert first.reference_m >= 3.5


def test_barn_worlds_come_from_json(tmp_path: Path) -> None:
    file = tmp_path / "worlds.json"
    entry = {"index": 7, "cylinders": [[-1.0, 6.0], [-3.0, 6.0]], "path_length_m": 11.0}
    file.write_text(json.dumps({"worlds": [entry]}))
    task = task_of(f"barn:{file}:7", 0)
    assert (task.robot, task.reference_m, task.radius_m, task.limit_s) == ("jackal", 11.0, 1.0, 100.0)
    assert len(load_world(f"barn:{file}:7").solids) == 2
    with pytest.raises(WorldError, match="no world with index 8"):
        load_world(f"barn:{file}:8")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("clutter:9:1", "no clutter of level 9"),
        ("clutter:x:1", "must look like clutter:LEVEL:SEED"),
        ("hazards:show:1", "did you mean 'shoe'"),
        ("hazards:shoe", "must look like hazards:NAME:SEED"),
        ("barn:gone.json:1", "gone.json: no such file"),
    ],
)
def test_wrong_names_are_one_line(name: str, line: str) -> None:
    with pytest.raises(WorldError, match=line):
        load_world(name)


def test_suites_count_as_told() -> None:
    assert len(suite_worlds("clutter", range(40))) == 200
    assert len(suite_worlds("hazards", range(10))) == 180
    assert suite_worlds("hazards:shoe", range(2)) == [("hazards:shoe:0", 0), ("hazards:shoe:1", 1)]
    assert suite_worlds("clutter:3:17", range(5)) == [("clutter:3:17", 17)]
    assert suite_worlds("loft", range(2)) == [("loft", 0), ("loft", 1)]


def test_a_goal_without_a_robot_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    world = replace(gap_world(0.9), goal=(5.0, 1.5))
    monkeypatch.setattr("worlds.suites.task.load_world", lambda name: world)
    with pytest.raises(WorldError, match="no robot in 'robots'"):
        task_of("somewhere", 0)
