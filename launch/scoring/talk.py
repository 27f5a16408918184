"""What was said to a body and what it answered, and whether it has come to rest since."""

from __future__ import annotations

from launch.scoring.event import Event
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import BehaviourState, Reply
from robot.runtime.commit import Commit

SETTLED_S = 2.0  # idle for so long is the end


class Talk:
    """Observer of words; of several bodies, those of the one that answers on `reply/text`.

    Attributes:
        replies: in the order in which they came.
        done: whether everything was said, and nobody has been at anything for a while.
    """

    def __init__(self, events: list[Event], said_until_s: float) -> None:
        """Add what is said to `events`. `said_until_s`: when the last words are spoken."""
        self._events, self._said_until_s, self._idle_since = events, said_until_s, 0.0
        self.replies: list[Reply] = []
        self.done = False

    def on_commit(self, commit: Commit) -> None:
        """Take note of words both ways, and of how busy the behaviours are."""
        message, now_s = commit.message, commit.envelope.t_ns / NS_PER_S
        if isinstance(message, Reply) and commit.envelope.topic == topics.REPLY.name:
            self.replies.append(message)
            self._events.append(Event(now_s, "says", message.text))
        elif commit.envelope.topic == topics.COMMAND_TEXT.name:
            self._events.append(Event(now_s, "is told", getattr(message, "text", "")))
            self._idle_since = now_s
        elif isinstance(message, BehaviourState):
            if message.state in ("working", "paused"):
                self._idle_since = now_s
            self.done = now_s > self._said_until_s + SETTLED_S and now_s - self._idle_since > SETTLED_S
