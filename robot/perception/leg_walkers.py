"""People whom the camera has not shown yet, by how their legs walk through the lidar's plane.

A chair's legs look like a person's, but do not go anywhere. So a group of legs is watched, and believed only once it
has gone a good way, fairly straight, at a walking pace, through places where nothing stood before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from robot.bounds import AtLeastZero, Positive, Share
from robot.clock import NS_PER_S
from robot.perception.legs import Leg


@dataclass(frozen=True)
class LegWalkerConfig:
    """Distances m, times s."""

    reach_m: AtLeastZero = 3.0  # from the lidar; farther off legs are too few rays to be sure of
    link_m: AtLeastZero = 0.35  # from scan to scan
    smoothing: Share = 0.45
    window_s: Positive = 1.2  # of the path that is judged
    least_s: AtLeastZero = 0.8
    gone_s: AtLeastZero = 0.35  # without a leg for this long, the group is forgotten
    least_way_m: AtLeastZero = 0.35  # net
    straight: Share = 0.7  # net way as a share of the way walked
    fastest: AtLeastZero = 1.8  # m/s


@dataclass
class _Group:
    """A leg, or two of one person, over the last moments."""

    path: list[tuple[int, float, float]] = field(default_factory=list)  # stamp, smoothed place

    @property
    def place(self) -> tuple[float, float]:
        return self.path[-1][1:]


class LegWalkers:
    """Watches groups of legs scan by scan."""

    def __init__(self, config: LegWalkerConfig) -> None:
        self._config = config
        self._groups: list[_Group] = []

    def see(
        self, t_ns: int, legs: list[Leg], lidar: tuple[float, float], known: list[tuple[float, float]], apart_m: float
    ) -> list[tuple[float, float]]:
        """Return where someone not known yet walks (odom, m); each is told once.

        Args:
            legs: of this scan, furniture left out.
            lidar: where it stands.
            known: where tracked people are; legs within `apart_m` of them are theirs.
        """
        config = self._config
        free = [leg for leg in _places(legs) if math.dist(leg, lidar) < config.reach_m]
        free = [leg for leg in free if all(math.dist(leg, person) > apart_m for person in known)]
        self._link(t_ns, free)
        found = [group for group in self._groups if group.path[-1][0] == t_ns and self._walks(group)]
        self._groups = [group for group in self._groups if group not in found]
        return [group.place for group in found]

    def _link(self, t_ns: int, places: list[tuple[float, float]]) -> None:
        """Let every group take the leg nearest to it, and every leg left over start one."""
        config, left = self._config, list(places)
        recent = t_ns - round(config.gone_s * NS_PER_S)
        self._groups = [group for group in self._groups if group.path[-1][0] >= recent]
        for group in self._groups:
            nearest = min(left, key=lambda place: math.dist(place, group.place), default=None)
            if nearest is None or math.dist(nearest, group.place) > config.link_m:
                continue
            left.remove(nearest)
            x, y = group.place
            share = config.smoothing
            group.path.append((t_ns, x + share * (nearest[0] - x), y + share * (nearest[1] - y)))
            oldest = t_ns - round(config.window_s * NS_PER_S)
            group.path = [row for row in group.path if row[0] >= oldest]
        self._groups += [_Group([(t_ns, *place)]) for place in left]

    def _walks(self, group: _Group) -> bool:
        """Whether the group went somewhere as people do."""
        config, path = self._config, group.path
        seconds = (path[-1][0] - path[0][0]) / NS_PER_S
        if seconds < config.least_s:
            return False
        net = math.dist(path[0][1:], path[-1][1:])
        way = sum(math.dist(a[1:], b[1:]) for a, b in pairwise(path))
        return net > config.least_way_m and net > config.straight * way and net < config.fastest * seconds


def _places(legs: list[Leg]) -> list[tuple[float, float]]:
    """Return one place for each pair, the closest pairs first, and for each leg that belongs to none of them."""
    singles = [(leg.x, leg.y) for leg in legs if not leg.pair]
    pairs = [(leg.x, leg.y) for leg in legs if leg.pair]
    places: list[tuple[float, float]] = []
    for pair in pairs:
        ends = sorted((math.dist(s, pair), s) for s in singles)[:2]
        if len(ends) == 2 and ends[1][0] < 0.4 and abs(ends[0][0] - ends[1][0]) < 1e-6:
            places.append(pair)
            singles = [s for s in singles if s not in (ends[0][1], ends[1][1])]
    return places + singles
