"""Navigation as ordinary tests: put worlds you care about here, run `pytest examples/test_my_rooms.py`.

`world_run` and the `world` marker come with Housemate (a pytest plugin); nothing has to be imported. A failing test
shows the command that repeats its episode alone, with log and report.
"""

import pytest


@pytest.mark.world("clutter:2", seeds=2)
def test_half_tidy_rooms_are_crossed_without_a_touch(world_run):
    run = world_run()
    assert run.success
    assert run.collisions == 0
    assert run.spl > 0.8


@pytest.mark.world("hazards:shoe", seeds=1)
def test_a_shoe_is_seen_although_the_lidar_looks_over_it(world_run):
    assert world_run().min_clearance_m > 0.03


def test_a_slower_robot_takes_longer(world_run):
    brisk = world_run("hazards:u_trap:0")
    slow = world_run("hazards:u_trap:0", set=["goal.max_speed=0.5"])
    assert brisk.success
    assert slow.success
    assert slow.time_s > brisk.time_s
