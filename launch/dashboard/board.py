"""What the page shows, kept up to date by commits: the newest message of each topic, counts, lines and short histories.

`on_commit` only files things away; what is costly (pictures, maps) is made when somebody looks.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from launch.rates import Rates
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import CommandText, Log, OperatorRequest, Reply, SafetyState
from robot.node import M, Topic
from robot.runtime.commit import Commit

LINES = 400
FRAMES = 8  # pictures kept, so that boxes are drawn on the one they were found in


class Board:
    """The state of one run as far as its messages tell."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget everything: another moment of a log."""
        with self._lock:
            self._newest: dict[str, Commit] = {}
            self._cameras: deque[Commit] = deque(maxlen=FRAMES)
            self._rates = Rates()
            self._told: dict[str, tuple[float, int]] = {}
            self._told_ns = 0
            self._first_line = 0
            self._lines: deque[dict[str, Any]] = deque(maxlen=LINES)
            self._safety = "ok"
            self.health: dict[str, Any] = {}

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        name = commit.envelope.topic
        with self._lock:
            self._rates.note(name, commit.envelope.t_ns)
            if commit.envelope.valid:
                self._newest[name] = commit
            if name == topics.CAMERA.name:
                self._cameras.append(commit)
            line = _line(commit, self._safety)
            if line is not None and not self._is_echo(name, line):
                self._add(line)
            if name == topics.SAFETY.name:
                self._safety = commit.message.state  # type: ignore[attr-defined]  # of the topic's type

    def newest(self, topic: Topic[M]) -> M | None:
        """Return the newest valid message on `topic`; None before the first."""
        commit = self.commit(topic)
        return None if commit is None else commit.message  # type: ignore[return-value]  # of the topic's type

    def commit(self, topic: Topic[Any]) -> Commit | None:
        """Return the newest valid commit on `topic`."""
        assert topic.name in SHOWN, f"'{topic.name}' does not reach the page"
        return self._newest.get(topic.name)

    def picture(self, stamp_ns: int | None) -> Commit | None:
        """Return the camera frame taken at `stamp_ns` if it is still kept, else the newest."""
        with self._lock:
            frames = list(self._cameras)
        same = [c for c in frames if c.message.stamp_ns == stamp_ns]  # type: ignore[attr-defined]  # an Image
        return same[-1] if same else frames[-1] if frames else None

    @property
    def now_ns(self) -> int:
        """The run's time."""
        return self._rates.now_ns

    def tell(self, told: dict[str, Any]) -> None:
        """Take in how the nodes are and how often every topic speaks, from whoever sees all of it."""
        self.health = told.get("nodes", self.health)
        if "topics" in told:
            self._told, self._told_ns = told["topics"], told["t_ns"]

    def note(self, level: str, text: str) -> None:
        """Add a line of the server's own."""
        with self._lock:
            self._add({"t": self.now_ns / NS_PER_S, "level": level, "text": text})

    def lines(self, since: int) -> tuple[int, list[dict[str, Any]]]:
        """Return the number of the next line, and those from number `since` on that are kept."""
        with self._lock:
            kept = list(self._lines)
            end = self._first_line + len(kept)
            return end, kept[max(0, since - self._first_line) :]

    def restart_lines(self, number: int) -> None:
        """Go on counting lines from `number`: pages have those before."""
        with self._lock:
            self._first_line = number

    def rate(self, topic: str) -> float:
        """Return how often a topic spoke lately, a second of the run's time."""
        told = self._told.get(topic)
        return self._rates.hz(topic) if told is None else told[0]

    def age_s(self, topic: str) -> float | None:
        """Return how long a topic has been silent, in the run's time; None before its first word."""
        told = self._told.get(topic)
        if told is not None:
            return max(self._told_ns - told[1], 0) / NS_PER_S
        last_ns = self._rates.last_ns.get(topic)
        return None if last_ns is None else (self.now_ns - last_ns) / NS_PER_S

    def _is_echo(self, topic: str, line: dict[str, Any]) -> bool:
        """Return whether a node tells the log what the robot has just said."""
        reply = self._newest.get(topics.REPLY.name)
        return topic == topics.LOG.name and reply is not None and line["text"] == f"says: {reply.message.text}"  # type: ignore[attr-defined]  # of the topic's type

    def _add(self, line: dict[str, Any]) -> None:
        if len(self._lines) == LINES:
            self._first_line += 1
        self._lines.append(line)


def _line(commit: Commit, safety_before: str) -> dict[str, Any] | None:
    """Return the line that a message is worth in the log; None for most."""
    said = _words(commit, safety_before)
    return None if said is None else {"t": commit.envelope.t_ns / NS_PER_S, "level": said[0], "text": said[1]}


def _words(commit: Commit, safety_before: str) -> tuple[str, str] | None:
    name = commit.envelope.topic
    if name not in SPEAKING:
        return None
    match commit.message:
        case Log() as log:
            return log.level, log.text
        case CommandText() as command:
            return "said", command.text
        case Reply() as reply:
            return "reply", f"display: {reply.text}" if name == topics.DISPLAY_REPLY.name else reply.text
        case OperatorRequest() as asked:
            return "said", f"{asked.action} {asked.id if asked.id >= 0 else ''}".strip()
        case SafetyState() as safety if safety.state != safety_before:
            return _safety_words(safety)
    return None


def _safety_words(safety: SafetyState) -> tuple[str, str]:
    level = "warning" if safety.state == "stopped" else "info"
    return level, f"safety: {safety.state}" + (f" ({', '.join(safety.reasons)})" if safety.reasons else "")


SPEAKING = frozenset(
    t.name
    for t in (
        topics.LOG, topics.COMMAND_TEXT, topics.REPLY, topics.DISPLAY_REPLY, topics.OPERATOR, topics.SAFETY,
    )
)  # fmt: skip
SHOWN = SPEAKING | frozenset(
    t.name
    for t in (
        topics.CAMERA, topics.SCAN, topics.LOCAL_MAP, topics.ODOM, topics.JOINT_STATES,
        topics.SIGHTINGS, topics.PEOPLE, topics.LOCK, topics.FACES,
        topics.NAV_GOAL, topics.NAV_PATH, topics.NAV_STATE, topics.NAV_ROLLOUTS, topics.NAV_COSTS, topics.FOLLOW_STATE,
        topics.ARM_STATE, topics.JOINT_SAFETY, topics.BEHAVIOUR, topics.DISPLAY_BEHAVIOUR, topics.DISPLAY_FACES,
    )
)  # fmt: skip
"""What a page shows; no other topic reaches it"""
