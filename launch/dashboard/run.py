"""The dashboard as whoever drives a run sees it: taps to add, a pace to keep, health to tell, an address to say."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from launch.dashboard.controls import PACE, SERVER, open_mailbox, post
from launch.dashboard.pace import Pace
from robot.runtime.table import Graph
from robot.runtime.tap import Tap

if TYPE_CHECKING:
    from launch.dashboard.tap import DashboardOptions
    from launch.spec import RunSpec

TELL_S = 0.5  # wall time between two words on the nodes' health


class Controls:
    """A run's controls; with no page, nothing but its pace."""

    def __init__(
        self, spec: RunSpec, graph: Graph, options: DashboardOptions | None, fast: bool, announce: Callable[[str], None]
    ) -> None:
        """Get ready. Raises MailboxError where the page could not reach the run."""
        self.taps: list[Tap] = []
        self._announce, self._run, self._told_s = announce, spec.operator, 0.0
        self._mailbox = None if options is None else open_mailbox(spec.operator, PACE)
        self.pace = Pace(fast, self._mailbox, self._hear, self._tell_pace)
        if options is not None:
            self.taps.append(_tap(spec, graph, options))

    def __enter__(self) -> Controls:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mailbox is not None:
            self._mailbox.close()

    def tell(self, nodes: Callable[[], Mapping[str, Mapping[str, Any]]], failed: Mapping[str, int]) -> None:
        """Now and then, tell the page how the nodes are.

        Args:
            nodes: each node's step times; asked only when they are told.
            failed: how often each node failed.
        """
        now_s = time.monotonic()
        if self._mailbox is None or now_s - self._told_s < TELL_S:
            return
        self._told_s = now_s
        told = {
            name: {"p50_ms": times.get("p50_ms"), "p99_ms": times.get("p99_ms"), "failures": failed.get(name, 0)}
            for name, times in nodes().items()
        }
        post(self._run, SERVER, {"nodes": told})
        self._tell_pace()

    def _tell_pace(self) -> None:
        speed = 0.0 if self.pace.speed == float("inf") else self.pace.speed
        post(self._run, SERVER, {"pace": {"paused": self.pace.paused, "speed": speed}})

    def _hear(self, told: dict[str, Any]) -> None:
        if "url" in told:
            self._announce(f"dashboard: {told['url']}")


def _tap(spec: RunSpec, graph: Graph, options: DashboardOptions) -> Tap:
    from launch.dashboard.plan import home_plan
    from launch.dashboard.scene import node_rows
    from launch.dashboard.tap import About, dashboard_tap

    about = About(
        spec.operator, spec.profile, spec.world, spec.seed, spec.duration_s, node_rows(graph), home_plan(graph)
    )
    return dashboard_tap(options, about, graph)
