"""`log_sha256`: one number that two runs share exactly when they committed the same bytes in the same order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from robot.codec import Buffer
from robot.runtime.commit import Commit


class LogHash:
    """SHA-256 over every logged envelope and its frames, in commit order, and nothing of wall time.

    Both are msgpack or described by it, so their ends are known and no separators are needed. An observer: give it
    to a runner by itself where no file is wanted.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.commits = 0

    def on_commit(self, commit: Commit) -> None:
        """Take note of `commit` unless its topic is not logged."""
        if commit.topic.log:
            self.add(commit.envelope_bytes, commit.frames)

    def add(self, envelope: bytes, frames: Sequence[Buffer]) -> None:
        """Add one commit's bytes."""
        self._hash.update(envelope)
        for frame in frames:
            self._hash.update(frame)
        self.commits += 1

    def hexdigest(self) -> str:
        """Return the hash so far."""
        return self._hash.hexdigest()
