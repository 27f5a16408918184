"""Writes the log of a run and its hash. An observer: it sees every commit in order and changes nothing.

One MCAP file holds each commit twice: natively, byte for byte (native.py), and in Foxglove's schemas (view_table.py).
No wall time goes in, so equal runs give equal files. When the disk is full the recording ends, the run does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.bodies.rover.body import RoverBody
from robot.recording import native
from robot.recording.channels import Channels
from robot.recording.fixed_views import fixed_views
from robot.recording.foxglove_scene import Solid
from robot.recording.log_hash import LogHash
from robot.recording.packing import Packer
from robot.recording.view_table import VIEWS, Paced
from robot.runtime.commit import Commit


@dataclass(frozen=True)
class RecordingEvent:
    """Something that went wrong with the recording, not with the run."""

    t_ns: int
    kind: str
    text: str


@dataclass(frozen=True)
class Recorded:
    """What is left of a recorder when the run is over."""

    log_sha256: str
    commits: int
    """as many as the hash covers; the file holds as many unless `events` says otherwise"""
    events: tuple[RecordingEvent, ...]


class Recorder:
    """Observer that writes `path` and keeps `log_sha256`. Call `close` at the end."""

    def __init__(
        self, path: Path, metadata: Mapping[str, str], home: Iterable[Solid] = (), body: RoverBody | None = None
    ) -> None:
        """Open the log.

        Args:
            metadata: what ran (profile, world, seed, table as JSON, ...), kept in the log's head.
            home: what stands in the home, drawn once.
            body: the robot, drawn once, with the frames of its sensors.

        Raises:
            OSError: the file cannot be opened. Later errors end the recording and are kept in `events`.
            ValueError: a solid of a kind that does not exist.
        """
        self.path = path
        self.events: list[RecordingEvent] = []
        self._hash = LogHash()
        self._packer = Packer()
        self._views: dict[str, list[Paced]] = {}
        for view in VIEWS:
            self._views.setdefault(view.source.name, []).append(Paced(view))
        self._now_ns = 0
        fixed = fixed_views(tuple(home), body)
        self._channels = Channels(path)
        self._recording = True
        self._guarded(lambda: self._open(metadata, fixed))

    @property
    def log_sha256(self) -> str:
        """The hash of everything committed so far; goes on when the file cannot."""
        return self._hash.hexdigest()

    @property
    def recording(self) -> bool:
        """Whether commits still reach the file."""
        return self._recording

    def on_commit(self, commit: Commit) -> None:
        """Hash and write one commit."""
        if not commit.topic.log:
            return
        self._hash.on_commit(commit)
        self._now_ns = commit.envelope.t_ns
        if self._recording:
            try:
                self._write(commit)
            except OSError as error:
                self._stop(error)

    def close(self) -> Recorded:
        """Write the index, close the file and return the result. Safe to call twice."""
        if self._recording:
            self._guarded(self._channels.finish)
        self._recording = False
        self._channels.close()
        return Recorded(self.log_sha256, self._hash.commits, tuple(self.events))

    def _open(self, metadata: Mapping[str, str], fixed: Sequence[tuple[str, Any]]) -> None:
        self._channels.start(metadata)
        for channel, shown in fixed:
            self._channels.add(channel, "protobuf", type(shown).get_schema, 0, shown.encode())

    def _write(self, commit: Commit) -> None:
        topic, t_ns, sequence = commit.topic, commit.envelope.t_ns, commit.envelope.seq
        data = native.encode(commit, self._packer)
        self._channels.add(topic.name, native.ENCODING, lambda: native.schema_of(topic.type), t_ns, data, sequence)
        for paced in self._views.get(topic.name, ()):
            if paced.due(t_ns):
                view = paced.view
                shown = view.convert(commit.message, t_ns)
                self._channels.add(view.channel, view.encoding, view.schema, t_ns, shown, sequence)

    def _guarded(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            self._stop(error)

    def _stop(self, error: OSError) -> None:
        self._recording = False
        reason = error.strerror or str(error)
        text = f"recording stopped: {reason}; the run goes on, {self.path.name} ends here"
        self.events.append(RecordingEvent(self._now_ns, "warning", text))
        self._channels.give_up()
