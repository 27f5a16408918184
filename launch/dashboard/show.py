"""What a page shows of a run, live or from a log: what a board holds, and what is known of the run from the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from launch.dashboard.board import Board
from launch.dashboard.caller import Caller
from launch.dashboard.pictures import Packet, Pictures
from launch.dashboard.plan import HomePlan
from launch.dashboard.scene import NodeRow, moment, node_table
from launch.spec import RunSpec, in_call
from robot.clock import NS_PER_S


@dataclass(frozen=True)
class About:
    """What the page is told of the run once."""

    spec: RunSpec
    rows: tuple[NodeRow, ...]
    plan: HomePlan


class BoardShow:
    """What is on the board. `pace` is how fast it moves, as the page knows it."""

    live = True

    def __init__(self, about: About, board: Board) -> None:
        self._about, self._board, self._pictures = about, board, Pictures()
        self._caller = Caller(about.spec.devices.mimic if in_call(about.spec) else "")
        self.pace: dict[str, Any] = {}

    @property
    def on_hardware(self) -> bool:
        """Whether a robot runs there that no pause can hold."""
        return self.live and bool(self._about.spec.devices.port)

    @property
    def plan_png(self) -> bytes:
        """The home from above."""
        return self._about.plan.png

    def hello(self) -> dict[str, Any]:
        """Return what does not change during the run."""
        spec = self._about.spec
        return {
            "live": self.live,
            "on_hardware": self.on_hardware,
            "profile": spec.profile,
            "world": spec.world,
            "seed": spec.seed,
            "duration": spec.duration_s,
            "plan": self._about.plan.about,
        }

    def moment(self) -> dict[str, Any]:
        """Return where everything is."""
        board = self._board
        nodes = node_table(board, self._about.rows)
        call = {"call": True} if self._caller.is_on(self._now_s) else {}
        return {**moment(board, self._about.plan.odom), **call, "nodes": nodes, "pace": self.pace}

    def pictures(self) -> list[Packet]:
        """Return camera, map and costs, as far as there are."""
        return self._pictures.all(self._board, self._about.plan.odom)

    def caller(self) -> Packet | None:
        """Return the newest frame of whoever is at the other end of a call. May take a while: for threads."""
        return self._caller.frame(self._now_s)

    @property
    def _now_s(self) -> float:
        return self._board.now_ns / NS_PER_S

    def lines(self, since: int) -> tuple[int, list[dict[str, Any]]]:
        """Return the number of the next line of the log, and those from `since` on."""
        return self._board.lines(since)
