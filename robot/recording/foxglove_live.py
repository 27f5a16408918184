"""A run as it goes on, for the Foxglove app: the views of view_table.py over Foxglove's own WebSocket.

A view is only made while somebody has subscribed to it. Ground truth is left out: the app shows what the robot knows.
Whatever page a browser of this machine has open could connect, as with every Foxglove server; it can only look.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import foxglove
from foxglove import Channel, Context

from robot.bodies.rover.body import RoverBody
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.recording import foxglove_transforms
from robot.recording.fixed_views import TRANSFORMS, fixed_views
from robot.recording.foxglove_scene import Solid
from robot.recording.view_table import VIEWS, Paced
from robot.runtime.commit import Commit

AGAIN_S = 1.0  # what does not change is said so often, for those who come late
BACKLOG = 64  # messages kept for a slow reader; older ones are dropped


class LiveViews:
    """Observer that serves Foxglove at a loopback address."""

    def __init__(self, port: int, home: Iterable[Solid], body: RoverBody | None, odom_in_map: Pose2) -> None:
        """Listen; port 0 takes a free one.

        Args:
            home: what stands in the home, in map.
            body: the robot, drawn with the frames of its sensors; None where it is no rover.
            odom_in_map: where the robot started.

        Raises:
            RuntimeError: the port cannot be had.
        """
        self._context = Context()
        self._channels: dict[str, Channel] = {}
        self._views: dict[str, list[Paced]] = {}
        for view in VIEWS:
            if not view.source.is_truth:
                self._views.setdefault(view.source.name, []).append(Paced(view))
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
        for paced in self._views.get(commit.topic.name, ()):
            channel = self._channels[paced.view.channel]
            if channel.has_sinks() and paced.due(t_ns):
                channel.log(paced.view.convert(commit.message, t_ns), log_time=t_ns)
        if t_ns >= self._fixed_ns:
            self._fixed_ns = t_ns + round(AGAIN_S * NS_PER_S)
            for name, shown in self._fixed:
                if self._channels[name].has_sinks():
                    self._channels[name].log(shown.encode(), log_time=t_ns)

    def watched(self) -> set[str]:
        """Return the channels that somebody has subscribed to."""
        return {name for name, channel in self._channels.items() if channel.has_sinks()}

    def close(self) -> None:
        """Stop serving."""
        self._server.stop()

    def _made(self, name: str, encoding: str, schema: Any) -> Channel:
        described = foxglove.Schema(name=schema.name, encoding=schema.encoding, data=schema.data)
        return Channel(name, schema=described, message_encoding=encoding, context=self._context)
