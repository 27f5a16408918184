"""The dashboard as whoever drives a run sees it: taps to add, a pace to keep, health to tell, an address to say."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from launch.dashboard.controls import PACE, SERVER, open_mailbox, post, run_name
from launch.dashboard.pace import Pace
from launch.rates import Rates
from robot.runtime.table import Graph
from robot.runtime.tap import Tap

if TYPE_CHECKING:
    from launch.execute import RunOptions
    from launch.spec import RunSpec

TELL_S = 0.5  # wall time between two words on the nodes' health


class Controls:
    """A run's controls; with no page and no Foxglove, nothing but its pace."""

    def __init__(self, spec: RunSpec, graph: Graph, options: RunOptions) -> None:
        """Get ready. Raises MailboxError where page or Foxglove could not reach the run."""
        self.taps: list[Tap] = []
        self._announce, self._run, self._told_s = options.announce, run_name(), 0.0
        served = options.dashboard is not None or options.foxglove is not None
        self._mailbox = open_mailbox(self._run, PACE) if served else None
        self.pace = Pace(options.fast, self._mailbox, self._hear, self._tell_pace)
        if served:
            self.taps += _taps(spec, graph, options, self._run)

    def __enter__(self) -> Controls:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mailbox is not None:
            self._mailbox.close()

    def tell(
        self, nodes: Callable[[], Mapping[str, Mapping[str, Any]]], failed: Mapping[str, int], rates: Rates
    ) -> None:
        """Now and then, tell the page how the nodes are.

        Args:
            nodes: each node's step times; asked only when they are told.
            failed: how often each node failed.
            rates: how often each topic speaks; most of them do not reach the page.
        """
        now_s = time.monotonic()
        if self._mailbox is None or now_s - self._told_s < TELL_S:
            return
        self._told_s = now_s
        told = {
            name: {"p50_ms": times.get("p50_ms"), "p99_ms": times.get("p99_ms"), "failures": failed.get(name, 0)}
            for name, times in nodes().items()
        }
        post(self._run, SERVER, {"nodes": told, "topics": rates.table(), "t_ns": rates.now_ns})
        self._tell_pace()

    def _tell_pace(self) -> None:
        speed = 0.0 if self.pace.speed == float("inf") else self.pace.speed
        post(self._run, SERVER, {"pace": {"paused": self.pace.paused, "speed": speed}})

    def _hear(self, told: dict[str, Any]) -> None:
        if "url" in told:
            self._announce(f"dashboard: {told['url']}")
        if "foxglove" in told:
            self._announce(f"foxglove: {told['foxglove']}")


def _taps(spec: RunSpec, graph: Graph, options: RunOptions, run: str) -> list[Tap]:
    """Return the taps of what is served; what they need is imported only now."""
    from launch.dashboard.plan import home_plan

    plan, taps = home_plan(graph), []
    if options.dashboard is not None:
        from launch.dashboard.scene import node_rows
        from launch.dashboard.show import About
        from launch.dashboard.tap import dashboard_tap

        about = About(spec, node_rows(graph), plan)
        taps.append(dashboard_tap(options.dashboard, run, about, graph))
    if options.foxglove is not None:
        from launch.dashboard.foxglove import foxglove_tap

        taps.append(foxglove_tap(run, options.foxglove, spec, graph, plan.odom))
    return taps
