"""Who stands beside the beginning of a walk joins it where it leads, over free floor, and skips no more than needed."""

from __future__ import annotations

from sim.people.joining import SKIPPED_M, joined


def anywhere(x: float, y: float) -> bool:
    return True


THERE = tuple((0.1 * i, 0.0) for i in range(31))


def test_who_stands_at_the_beginning_walks_all_of_it() -> None:
    assert joined((0.1, 0.1), (0.0, 0.0), THERE, anywhere) == THERE


def test_a_walk_to_somewhere_else_is_whole_for_who_stands_where_they_should() -> None:
    assert joined((2.0, 1.0), (2.0, 1.0), THERE, anywhere) == THERE


def test_who_stands_before_the_beginning_does_not_go_back_to_it() -> None:
    first = joined((1.0, 0.4), (0.0, 0.0), THERE, anywhere)[0]
    assert first[0] > 1.0


def test_a_walk_that_turns_back_is_not_cut_by_more_than_it_takes_to_join() -> None:
    long = tuple((0.1 * i, 0.0) for i in range(100))
    left = joined((5.0, 0.5), (0.0, 0.0), long, anywhere)
    assert left[0][0] <= SKIPPED_M


def test_nobody_joins_through_a_wall() -> None:
    way = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0))
    assert joined((0.8, 0.0), (0.0, 0.0), way, lambda x, y: True) == way[3:]
    assert joined((0.8, 0.0), (0.0, 0.0), way, lambda x, y: y < 0.1 and x < 0.9) == way
