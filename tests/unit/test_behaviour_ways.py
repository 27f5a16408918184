"""Ways through the floor plans of all homes: rooms are reached through doors, never through walls."""

from __future__ import annotations

import math

import pytest

from launch.floor_plan import floor_plan
from policies.behaviour.ways import Ways
from worlds.catalog import list_worlds, load_world


@pytest.mark.parametrize("home", list_worlds())
def test_every_room_is_reached_and_only_through_openings(home: str) -> None:
    plan = floor_plan(load_world(home))
    ways = Ways(plan)
    for room in ways.rooms:
        middle = ways.middle_of(room)
        way = ways.to(plan.dock[:2], middle)
        assert way is not None, room.name
        assert room.holds(*middle)
        for a, b in zip(way.points[:-1], way.points[1:], strict=True):
            before, after = plan.room_at(*map(float, a)), plan.room_at(*map(float, b))
            if before is not after:
                away = min(math.dist(a, (door.x, door.y)) - door.width_m / 2.0 for door in plan.doors)
                assert away < 0.15, f"{room.name}: through a wall at {a}"


def test_a_way_that_was_found_shut_is_avoided_and_forgiven() -> None:
    plan = floor_plan(load_world("apartment"))
    ways = Ways(plan)
    kitchen = ways.middle_of(next(room for room in ways.rooms if room.name == "kitchen"))
    usual = ways.to(plan.dock[:2], kitchen)
    assert usual is not None
    ways.block(2.5, 4.4)
    other = ways.to(plan.dock[:2], kitchen)
    assert other is not None
    assert other.length_m > usual.length_m + 1.0
    ways.forgive()
    again = ways.to(plan.dock[:2], kitchen)
    assert again is not None
    assert again.length_m == usual.length_m


def test_the_carrot_is_in_sight() -> None:
    plan = floor_plan(load_world("apartment"))
    ways = Ways(plan)
    bath = ways.middle_of(next(room for room in ways.rooms if room.name == "bath"))
    way = ways.to(plan.dock[:2], bath)
    assert way is not None
    assert way.points[-1].tolist() == pytest.approx(list(bath), abs=0.1)
    for x, y in way.points[::3].tolist():
        ahead = ways.carrot(way, x, y, 2.5)
        assert math.dist((x, y), ahead) <= 2.6
