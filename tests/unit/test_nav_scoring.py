"""The navigation scorer: success, SPL, contacts and BARN's metric, from truth alone."""

from __future__ import annotations

import pytest

from launch.scoring.nav import NavScorer, barn_metric
from robot import topics
from robot.clock import NS_PER_S
from robot.codec import MessageCodec
from robot.messages import Contact, WorldTruth
from robot.node import Envelope
from robot.runtime.commit import Commit
from worlds.suites.task import Task

ROVER = Task("w", 0, "rover", (0.0, 0.0, 0.0), (4.0, 0.0), 4.0, 0.35, 20.0)
JACKAL = Task("w", 0, "jackal", (0.0, 0.0, 0.0), (10.0, 0.0), 10.0, 1.0, 100.0)
CODEC = MessageCodec(WorldTruth)


def tell(scorer: NavScorer, t_s: float, x: float, v: float, *contacts: str, y: float = 0.0) -> None:
    truth = WorldTruth(
        stamp_ns=0, x=x, y=y, z=0.0, yaw=0.0, v=v, omega=0.0, people=(), clearance_m=0.3,
        contacts=tuple(Contact(kind=kind, name="thing") for kind in contacts),
    )  # fmt: skip
    envelope = Envelope(topics.TRUTH.name, 0, round(t_s * NS_PER_S), "sim")
    scorer.on_commit(Commit(topics.TRUTH, envelope, CODEC.encode(truth), CODEC))


def test_there_means_near_and_standing() -> None:
    scorer = NavScorer(ROVER)
    tell(scorer, 0.0, 0.0, 0.0)
    tell(scorer, 4.0, 3.9, 0.5)
    assert not scorer.done
    tell(scorer, 5.0, 4.0, 0.01)
    assert scorer.done
    assert scorer.metrics()["success"]
    assert scorer.metrics()["time_s"] == 5.0
    assert scorer.metrics()["spl"] == pytest.approx(1.0)


def test_detours_cost_spl_and_a_touch_costs_success() -> None:
    scorer = NavScorer(ROVER)
    tell(scorer, 0.0, 0.0, 0.0)
    tell(scorer, 3.0, 2.0, 0.5, y=2.0)
    tell(scorer, 6.0, 4.0, 0.0)
    assert scorer.metrics()["spl"] == pytest.approx(4.0 / (2 * 8**0.5))
    touched = NavScorer(ROVER)
    tell(touched, 0.0, 0.0, 0.0)
    tell(touched, 1.0, 1.0, 0.5, "object")
    tell(touched, 1.5, 1.0, 0.5, "object")
    tell(touched, 6.0, 4.0, 0.0)
    figures = touched.metrics()
    assert (figures["success"], figures["collisions"], figures["spl"]) == (False, 1, 0.0)


def test_time_runs_out_and_a_fall_ends_it() -> None:
    late, fallen = NavScorer(ROVER), NavScorer(ROVER)
    tell(late, 20.0, 0.0, 0.0)
    tell(fallen, 1.0, 0.0, 0.0, "fall")
    assert (late.done, late.metrics()["success"]) == (True, False)
    assert (fallen.done, fallen.metrics()["falls"]) == (True, 1)


def test_barn_counts_from_the_first_motion_within_a_metre_and_ends_at_a_touch() -> None:
    scorer = NavScorer(JACKAL)
    tell(scorer, 1.0, 0.0, 0.0)
    tell(scorer, 2.0, 0.1, 1.0)
    tell(scorer, 22.0, 9.1, 1.5)
    assert scorer.done
    assert scorer.metrics()["barn_metric"] == pytest.approx(5.0 / 20.0)
    touched = NavScorer(JACKAL)
    tell(touched, 1.0, 1.0, 1.0, "object")
    assert touched.done
    assert touched.metrics()["barn_metric"] == 0.0


@pytest.mark.parametrize(("seconds", "metric"), [(4.0, 0.5), (10.0, 0.5), (20.0, 0.25), (40.0, 0.125), (99.0, 0.125)])
def test_the_metric_is_clipped(seconds: float, metric: float) -> None:
    assert barn_metric(True, seconds, 10.0) == pytest.approx(metric)
