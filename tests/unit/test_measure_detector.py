"""The emulated level errs as its model says: measured like the real detector, it gives back what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from sim.emulated_model import load_model
from tools.detector_samples import Samples, collect
from tools.measure_detector import Detection, follow_ups, hats, miss_memory

MODEL = load_model()


@pytest.fixture(scope="module")
def emulated() -> Samples:
    samples = Samples()
    for number, world in enumerate(("studio", "corridor_flat", "apartment")):
        collect(world, seed=50, number=number, seconds=60.0, into=samples, emulate=MODEL)
    return samples


def chance(sample) -> float:
    near = getattr(MODEL.detection, sample.view).at(sample.distance)
    return near * MODEL.visible.at(sample.bare) * MODEL.bearing.at(abs(sample.bearing))


def test_the_shipped_model_was_measured() -> None:
    assert MODEL.measured
    assert "tools.measure_detector" in MODEL.source


@pytest.mark.parametrize(("nearest", "farthest"), [(0.0, 1.2), (1.2, 2.0), (2.0, 7.0)])
def test_people_are_found_as_often_as_measured(emulated: Samples, nearest: float, farthest: float) -> None:
    rows = [s for s in emulated.people if nearest <= s.distance < farthest and s.fraction > 0.0]
    assert len(rows) > 150
    assert np.mean([s.found for s in rows]) == pytest.approx(np.mean([chance(s) for s in rows]), abs=0.07)


def test_fitting_gives_the_curves_back(emulated: Samples) -> None:
    people = [s for s in emulated.people if s.fraction > 0.0]
    fitted = Detection(people)
    clear = [i for i, s in enumerate(people) if s.bare == 1.0 and abs(s.bearing) < 0.4 and 1.0 < s.distance < 4.0]
    assert np.mean(fitted.chance[clear]) == pytest.approx(np.mean([chance(people[i]) for i in clear]), abs=0.04)
    assert miss_memory(people, fitted.chance) == pytest.approx(MODEL.miss_memory, abs=0.2)


def test_errors_are_as_large_as_measured(emulated: Samples) -> None:
    found = [s for s in emulated.people if s.found]
    along = np.array([(s.along - MODEL.along_bias_m.at(s.distance)) / MODEL.along_std_m.at(s.distance) for s in found])
    across = np.array([s.across / MODEL.across_std_m.at(s.distance) for s in found])
    for scaled in (along, across):
        assert 1.4826 * np.median(np.abs(scaled)) == pytest.approx(1.0, abs=0.25)  # errors last, so few are independent
    given = np.mean([s.facing is not None for s in found])
    assert given == pytest.approx(np.mean([getattr(MODEL.facing_given, s.view) for s in found]), abs=0.04)
    first, second = zip(*follow_ups(found), strict=True)
    assert np.corrcoef(along[list(first)], along[list(second)])[0, 1] == pytest.approx(MODEL.error_memory, abs=0.15)


def test_ghosts_come_as_often_as_measured(emulated: Samples) -> None:
    rate = len(emulated.ghosts) / emulated.following
    assert rate == pytest.approx(MODEL.false_positives.per_frame, abs=0.05)


def test_hat_functions_reproduce_a_piecewise_linear_curve() -> None:
    knots, values, x = (1.0, 2.0, 4.0), np.array([3.0, 1.0, 2.0]), np.array([0.0, 1.5, 3.0, 9.0])
    assert hats(x, knots) @ values == pytest.approx(np.interp(x, knots, values))
