"""The benchmark of kernels: all searchers are asked the same question, and ours finds the cheapest way too."""

from __future__ import annotations

import numpy as np
import pytest

from launch.bench import nav_kernels as bench
from launch.bench.nav_peers import PEERS


@pytest.fixture(scope="module")
def cost() -> bench.Cost:
    return bench.grids(1)[0]


@pytest.mark.parametrize("name", ["ours", *PEERS])
def test_every_way_leads_through_free_neighbours(name: str, cost: bench.Cost) -> None:
    if name != "ours":
        pytest.importorskip({"scikit-image": "skimage"}.get(name, name), reason="pip install 'housemate[bench]'")
    way = bench.ours(cost) if name == "ours" else PEERS[name](cost, bench.START, bench.GOAL)()
    assert way[0] == bench.START
    assert way[-1] == bench.GOAL
    if name != "ompl":  # its way is straight between cells: what it passes is only sampled
        assert np.abs(np.diff(np.array(way), axis=0)).max() == 1
        assert np.isfinite(bench.way_cost(cost, way))


def test_ours_is_as_cheap_as_dijkstra_s(cost: bench.Cost) -> None:
    theirs = PEERS["networkx"](cost, bench.START, bench.GOAL)()
    assert bench.way_cost(cost, bench.ours(cost)) == pytest.approx(bench.way_cost(cost, theirs), rel=1e-4)


def test_cycles_are_timed_for_both_controllers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "CYCLES", 25)
    rows = bench.control_rows()
    assert [row["what"] for row in rows] == ["cycle with mppi", "cycle with dwa"]
    assert all(0.0 < row["ms_median"] <= row["ms_p99"] for row in rows)
