"""Rooms and the doors between them as a graph: which room a point is in, and through which doors to go.

The one idea: a door is a node of its own, so the way between rooms is measured door to door.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import networkx as nx

Point = tuple[float, float]


@dataclass(frozen=True)
class Room:
    """A room and its outline, m in the map frame."""

    name: str
    polygon: tuple[Point, ...]

    def holds(self, x: float, y: float) -> bool:
        """Return whether the point lies inside (ray casting)."""
        inside = False
        for (x0, y0), (x1, y1) in zip(self.polygon, self.polygon[1:] + self.polygon[:1], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                inside = not inside
        return inside

    @property
    def middle(self) -> Point:
        """Return the mean of the corners."""
        n = len(self.polygon)
        return sum(p[0] for p in self.polygon) / n, sum(p[1] for p in self.polygon) / n


@dataclass(frozen=True)
class Door:
    """An opening between two rooms, m in the map frame."""

    rooms: tuple[str, str]
    x: float
    y: float
    width_m: float = 0.8


class RoomGraph:
    """Answers questions about a floor plan."""

    def __init__(self, rooms: list[Room], doors: list[Door], body_width_m: float = 0.4) -> None:
        """Build the graph; doors narrower than the body are left out. Raises ValueError for a door to no room."""
        self.rooms = {room.name: room for room in rooms}
        self.graph = nx.Graph()
        self.graph.add_nodes_from(self.rooms)
        for index, door in enumerate(doors):
            unknown = [name for name in door.rooms if name not in self.rooms]
            if unknown:
                raise ValueError(f"door {index}: no room '{unknown[0]}'; rooms: {', '.join(self.rooms)}")
            if door.width_m > body_width_m:
                self._add(index, door)

    def room_of(self, x: float, y: float) -> str | None:
        """Return the name of the room around a point; None outside all."""
        return next((room.name for room in self.rooms.values() if room.holds(x, y)), None)

    def route(self, start: str, end: str) -> list[Door] | None:
        """Return the doors to go through from room to room, shortest way; None where there is none."""
        try:
            nodes = nx.shortest_path(self.graph, start, end, weight="length")
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return None
        return [self.graph.nodes[node]["door"] for node in nodes if not isinstance(node, str)]

    def _add(self, index: int, door: Door) -> None:
        self.graph.add_node(index, door=door)
        for name in door.rooms:
            middle = self.rooms[name].middle
            self.graph.add_edge(index, name, length=math.hypot(middle[0] - door.x, middle[1] - door.y))
