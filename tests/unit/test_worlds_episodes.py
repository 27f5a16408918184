"""Follow-bench walks: twenty seeds over the six homes are walkable, demanding and repeatable; others just wander."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from robot.rng import spawn
from worlds.catalog import load_world
from worlds.demands import hidden_stretches, missing
from worlds.episode import FASTEST, FOLLOWABLE, FOLLOWER_RADIUS, SHARP_RADIUS, SLOWEST, _Walk, episode_script
from worlds.grid import PERSON, grid_of
from worlds.load import load_text
from worlds.plan import PersonPlan
from worlds.routes import RouteError, passable
from worlds.schema import Person, World
from worlds.scripts import clear_of_doors
from worlds.sight import losses

HOMES = ("apartment", "childs_room", "corridor_flat", "family_house", "loft", "studio")
CASES = [(HOMES[seed % 6], seed) for seed in range(20)]
SECONDS = 120.0


def _followed(world: World) -> Person:
    assert world.followed is not None
    return world.followed


@cache
def _walk(name: str, seed: int) -> tuple[World, PersonPlan]:
    world = load_world(name)
    return world, episode_script(world, _followed(world), seed, SECONDS)


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_followed_walk_is_walkable_and_demanding(name: str, seed: int) -> None:
    world, plan = _walk(name, seed)
    assert missing(world, plan, SECONDS) == ""
    assert plan.seconds >= SECONDS
    first = plan.segments[0]
    assert (first.action, first.seconds) == ("stop", 2.0)
    grid = grid_of(world, FOLLOWABLE)
    at = plan.start
    for segment in plan.segments:
        if segment.action != "walk":
            continue
        assert SLOWEST <= segment.speed <= FASTEST
        steps = np.hypot(*np.diff(np.array([at, *segment.path]), axis=0).T)
        assert steps.max() <= 0.3, "no jumps"
        assert segment.seconds == pytest.approx(steps.sum() / segment.speed)
        at = segment.path[-1]
        assert grid.clearance_at(np.array(segment.path)).min() >= SHARP_RADIUS - 0.03


@pytest.mark.parametrize("name", HOMES)
def test_the_rover_can_follow_wherever_the_person_stands(name: str) -> None:
    """Near every stop is a spot the rover can drive to, by a flood fill that shares no code with the search."""
    world, plan = _walk(name, HOMES.index(name))
    grid = grid_of(world, FOLLOWABLE)
    ends = [segment.path[-1] for segment in plan.segments if segment.path]
    for x, y in ends:
        spots = [(x + r * math.cos(a), y + r * math.sin(a)) for r in (0.0, 0.3, 0.6) for a in np.arange(0, 6.2, 0.4)]
        free = [spot for spot in spots if grid.clearance[grid.cell(*spot)] >= FOLLOWER_RADIUS]
        assert any(passable(world, FOLLOWER_RADIUS, world.robots[0].at, spot) for spot in free), (x, y)


def test_hidden_means_no_line_of_sight() -> None:
    world, plan = _walk("apartment", 0)
    track = plan.track(SECONDS)
    found = losses(world, world.robots[0].at, track)
    hidden = hidden_stretches(world, plan, SECONDS)
    assert set(hidden) <= set(found)
    assert all(loss.end - loss.start >= 3.0 for loss in hidden)
    standing = np.repeat(np.array([plan.start]), 50, axis=0)
    assert losses(world, world.robots[0].at, standing) == ()


def test_same_seed_same_walk_and_other_seed_other_walk() -> None:
    world = load_world("apartment")
    person = _followed(world)
    assert episode_script(world, person, 4) == episode_script(world, person, 4)
    assert episode_script(world, person, 4) != episode_script(world, person, 5)


def test_a_short_episode_is_the_beginning_of_the_long_one() -> None:
    world = load_world("studio")
    short, long = (episode_script(world, _followed(world), 2, seconds) for seconds in (20.0, 150.0))
    assert long.seconds >= 150.0
    assert long.segments[: len(short.segments)] == short.segments


def test_both_ways_of_facing_occur() -> None:
    facing = set()
    for seed in range(6):
        world, plan = _walk("family_house", seed)
        toward = math.atan2(world.robots[0].at[1] - plan.start[1], world.robots[0].at[0] - plan.start[0])
        facing.add(math.cos(plan.yaw - toward) > 0.0)
    assert facing == {True, False}


def test_background_people_wander_on_ways_of_their_own() -> None:
    world = load_world("corridor_flat")
    others = [person for person in world.people if person.role == "background"]
    plans = [episode_script(world, person, 7, SECONDS) for person in others]
    for plan in plans:
        assert plan.seconds >= SECONDS
        assert np.ptp(plan.track(SECONDS), axis=0).max() > 2.0
    assert plans[0].track(SECONDS).tolist() != plans[1].track(SECONDS).tolist()


@pytest.mark.parametrize("name", HOMES)
def test_nobody_lingers_in_a_doorway(name: str) -> None:
    world = load_world(name)
    grid = grid_of(world, PERSON)
    for person in world.people:
        if person.role == "background":
            plan = episode_script(world, person, 3, SECONDS)
            ends = np.array([s.path[-1] for s in plan.segments if s.path])
            assert clear_of_doors(world, ends).all()
            level = np.array([world.room_at(x, y).floor_z == 0.0 for x, y in ends])  # type: ignore[union-attr]
            assert grid.clearance_at(ends[level]).min() >= 0.35


def test_doorways_are_the_openings_and_what_is_just_beside_them() -> None:
    home = """
name: pair
rooms: [{name: a, x: 0, y: 0, width: 3, depth: 4}, {name: b, x: 3, y: 0, width: 3, depth: 4}]
doors: [{between: [a, b], at: 2.0, width: 1.0}]
"""
    points = np.array([[3.0, 2.0], [2.3, 2.0], [2.0, 2.0], [3.0, 0.5]])
    assert clear_of_doors(load_text(home, "pair.yaml"), points).tolist() == [False, False, True, True]


def test_of_two_ways_the_one_that_does_not_lead_through_the_follower_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    world = load_world("apartment")
    walk = _Walk(world, _followed(world), spawn(0, "test"))
    (x, y), (rx, ry) = walk.plan.at, walk._follower()
    through = np.linspace((x, y), (rx, ry), 15)
    away = np.linspace((x, y), (2.0 * x - rx, 2.0 * y - ry), 15)
    monkeypatch.setattr(walk, "_goals", lambda count, shortest: [through, away])
    walk._go()
    assert walk.plan.segments[0].path[-1] == pytest.approx(tuple(away[-1]))


def test_a_home_without_hiding_places_says_so() -> None:
    bare = """
name: bare
rooms: [{name: only, x: 0, y: 0, width: 6, depth: 5}]
people: [{name: alex, role: followed, at: [3, 3]}]
robots: [{at: [3, 1], yaw_deg: 90}]
"""
    world = load_text(bare, "bare.yaml")
    with pytest.raises(RouteError, match=r"no walk of 120 s in 'bare' has for 'alex': hidden for 3 s 2 times"):
        episode_script(world, _followed(world), 0)


def test_track_follows_the_plan() -> None:
    _, plan = _walk("studio", 1)
    track = plan.track(plan.seconds)
    assert track[0] == pytest.approx(plan.start)
    assert np.hypot(*np.diff(track, axis=0).T).max() <= 0.1 * FASTEST + 1e-6
