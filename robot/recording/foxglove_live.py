"""A run as it goes on, for the Foxglove app: the views of view_table.py over Foxglove's own WebSocket.

A view is only made while somebody has subscribed to it. Ground truth is left out: the app shows what the robot knows.
Whatever page a browser of this machine has open could connect, as with every Foxglove server; it can only look.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import foxglove
from foxglove import Channel, Context

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.recording import foxglove_transforms
from robot.recording.fixed_views import TRANSFORMS, fixed_views
from robot.recording.foxglove_scene import Solid
from robot.recording.view_table import VIEWS, View
from robot.runtime.commit import Commit

AGAIN_S = 1.0  # what does not change is said so often, for those who come late
EVERY_S = 0.06  # of wall time, at least between two messages of a periodic view: eyes want no more
SOURCES = frozenset(view.source.name for view in VIEWS if not view.source.is_truth)
CLOCKS = frozenset((topics.ODOM.name, topics.JOINT_STATES.name))  # one of them says when to say again what is fixed
BACKLOG = 64  # messages kept for a slow reader; older ones are dropped


class _Shown:
    """A view that is made no more often than eyes want, whatever the speed of the run; events are never left out."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._every_s = 0.0 if view.source.rate_hz == 0 else max(view.every_s, EVERY_S)
        self._next_s = 0.0

    def due(self, now_s: float) -> bool:
        """Return whether to make it now, and take it as made."""
        if now_s < self._next_s:
            return False
        self._next_s = now_s + self._every_s
        return True


class LiveViews:
    """Observer that serves Foxglove at a loopback address."""

    def __init__(
        self,
        port: int,
        home: Iterable[Solid],
        body: RoverBody | None,
        odom_in_map: Pose2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Listen; port 0 takes a free one.

        Args:
            home: what stands in the home, in map.
            body: the robot, drawn with the frames of its sensors; None where it is no rover.
            odom_in_map: where the robot started.
            clock: seconds as they pass for whoever looks.

        Raises:
            RuntimeError: the port cannot be had.
        """
        self._clock = clock
        self._context = Context()
        self._channels: dict[str, Channel] = {}
        self._views: dict[str, list[_Shown]] = {}
        for view in VIEWS:
            if not view.source.is_truth:
                self._views.setdefault(view.source.name, []).append(_Shown(view))
                if view.channel not in self._channels:
                    self._channels[view.channel] = self._made(view.channel, view.encoding, view.schema())
        self._fixed = fixed_views(tuple(home), body)
        if body is not None:
            self._fixed.append((TRANSFORMS, foxglove_transforms.odom_start(odom_in_map)))
        for name, shown in self._fixed:
            if name not in self._channels:
                self._channels[name] = self._made(name, "protobuf", shown.get_schema())
        self._fixed_ns = 0
        self._server = foxglove.start_server(
            name="housemate", host="127.0.0.1", port=port, context=self._context, message_backlog_size=BACKLOG
        )

    @property
    def url(self) -> str:
        """What to open in the app."""
        return f"ws://127.0.0.1:{self._server.port}"

    def on_commit(self, commit: Commit) -> None:
        """Show one commit to whoever asked for it."""
        t_ns = commit.envelope.t_ns
        for shown in self._views.get(commit.topic.name, ()):
            channel = self._channels[shown.view.channel]
            if channel.has_sinks() and shown.due(self._clock()):
                channel.log(shown.view.convert(commit.message, t_ns), log_time=t_ns)
        if t_ns >= self._fixed_ns:
            self._fixed_ns = t_ns + round(AGAIN_S * NS_PER_S)
            for name, shown in self._fixed:
                if self._channels[name].has_sinks():
                    self._channels[name].log(shown.encode(), log_time=t_ns)

    def wanted(self) -> frozenset[str]:
        """Return the topics that views are made of to which somebody has subscribed."""
        watched = self.watched()
        wanted = {name for name, shown in self._views.items() if any(s.view.channel in watched for s in shown)}
        if any(name in watched for name, _ in self._fixed):
            wanted |= CLOCKS
        return frozenset(wanted)

    def watched(self) -> set[str]:
        """Return the channels that somebody has subscribed to."""
        return {name for name, channel in self._channels.items() if channel.has_sinks()}

    def close(self) -> None:
        """Stop serving."""
        self._server.stop()

    def _made(self, name: str, encoding: str, schema: Any) -> Channel:
        described = foxglove.Schema(name=schema.name, encoding=schema.encoding, data=schema.data)
        return Channel(name, schema=described, message_encoding=encoding, context=self._context)
