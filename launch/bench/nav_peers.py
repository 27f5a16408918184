"""Searchers of others for `launch bench kernels`: each prepares a grid and returns what is timed.

Preparing (networkx' graph, OMPL's space) is not timed: in a robot it would be, which flatters the peers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Cost = NDArray[np.float32]
Cell = tuple[int, int]
Search = Callable[[], list[Cell]]
NEIGHBOURS = ((0, 1, 1.0), (1, 0, 1.0), (1, 1, 2.0**0.5), (1, -1, 2.0**0.5))
OMPL_S = 2.0  # at most, for a first way


def networkx_search(cost: Cost, start: Cell, goal: Cell) -> Search:
    """Dijkstra on the graph of free cells, 8-connected."""
    graph = nx.Graph()
    rows, columns = cost.shape
    for dr, dc, length in NEIGHBOURS:
        here = np.argwhere(np.isfinite(cost))
        there = here + np.array([dr, dc])
        inside = (there >= 0).all(axis=1) & (there[:, 0] < rows) & (there[:, 1] < columns)
        here, there = here[inside], there[inside]
        a, b = cost[tuple(here.T)], cost[tuple(there.T)]
        weight = length * 0.5 * (a + b)
        open_ = np.isfinite(weight)
        one, other = here[open_] @ (columns, 1), there[open_] @ (columns, 1)
        graph.add_weighted_edges_from(zip(one.tolist(), other.tolist(), weight[open_].tolist(), strict=True))
    first, last = start[0] * columns + start[1], goal[0] * columns + goal[1]
    return lambda: [divmod(node, columns) for node in nx.dijkstra_path(graph, first, last)]


def skimage_search(cost: Cost, start: Cell, goal: Cell) -> Search:
    """The minimum-cost path of scikit-image, which takes negative cells for closed."""
    from skimage.graph import route_through_array

    closed = np.where(np.isfinite(cost), cost, -1.0).astype(np.float64)
    return lambda: [tuple(cell) for cell in route_through_array(closed, start, goal, True, True)[0]]


def ompl_search(cost: Cost, start: Cell, goal: Cell) -> Search:
    """A first way by RRT-Connect, straightened by nothing, read cell by cell."""
    from ompl import base, geometric, util

    util.noOutputHandler()
    free = np.isfinite(cost)
    space = base.RealVectorStateSpace(2)
    bounds = base.RealVectorBounds(2)
    bounds.setLow(0.0)
    bounds.setHigh(float(cost.shape[0] - 1))
    space.setBounds(bounds)

    def search() -> list[Cell]:
        setup = geometric.SimpleSetup(space)
        setup.setStateValidityChecker(lambda state: bool(free[int(state[0] + 0.5), int(state[1] + 0.5)]))
        setup.getSpaceInformation().setStateValidityCheckingResolution(0.5 / cost.shape[0])
        setup.setStartAndGoalStates(_state(space, start), _state(space, goal))
        setup.setPlanner(geometric.RRTConnect(setup.getSpaceInformation()))
        if not setup.solve(OMPL_S):
            return []
        path = setup.getSolutionPath()
        path.interpolate(2 * cost.shape[0])
        cells = [(int(s[0] + 0.5), int(s[1] + 0.5)) for s in path.getStates()]
        return list(dict.fromkeys(cells))

    return search


def _state(space: Any, cell: Cell) -> Any:
    state = space.allocState()
    state[0], state[1] = float(cell[0]), float(cell[1])
    return state


PEERS: dict[str, Callable[[Cost, Cell, Cell], Search]] = {
    "networkx": networkx_search,
    "scikit-image": skimage_search,
    "ompl": ompl_search,
}
