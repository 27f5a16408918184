"""A message on its way from writer to readers: encoded once, decoded at most once, observed in commit order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from robot.codec import Buffer, MessageCodec, encode_envelope
from robot.node import Envelope, Inbox, Message, Outbox, Stamped, Topic


class Commit:
    """One committed message: envelope, frames, and the decoded message on demand."""

    __slots__ = ("_codec", "_envelope_bytes", "_message", "_stamped", "envelope", "frames", "topic")

    def __init__(self, topic: Topic[Any], envelope: Envelope, frames: Sequence[Buffer], codec: MessageCodec) -> None:
        self.topic = topic
        self.envelope = envelope
        self.frames = frames
        self._codec = codec
        self._message: Message | None = None
        self._envelope_bytes: bytes | None = None
        self._stamped: Stamped[Message] | None = None

    @property
    def message(self) -> Message:
        """The message as every reader gets it: decoded from the frames, arrays read-only."""
        if self._message is None:
            self._message = self._codec.decode(self.frames)
        return self._message

    @property
    def envelope_bytes(self) -> bytes:
        """The envelope as msgpack."""
        if self._envelope_bytes is None:
            self._envelope_bytes = encode_envelope(self.envelope)
        return self._envelope_bytes

    @property
    def stamped(self) -> Stamped[Message]:
        """The message beside its envelope."""
        if self._stamped is None:
            self._stamped = Stamped(self.envelope, self.message)
        return self._stamped


class Observer(Protocol):
    """Sees every commit of a run in order: recorder, scorers, status line."""

    def on_commit(self, commit: Commit) -> None:
        """Take note of one committed message."""


class Publisher:
    """Turns a node's outboxes into commits: sequence numbers, stamps and encoding. One per node."""

    def __init__(self, name: str, outputs: Sequence[Topic[Any]]) -> None:
        self._name = name
        self._codecs = {topic.name: MessageCodec(topic.type) for topic in outputs}
        self._sequence = dict.fromkeys(self._codecs, 0)

    def publish(self, outbox: Outbox, t_ns: int) -> list[Commit]:
        """Return the commits of `outbox` at commit time `t_ns`, or none: ValueError on an undeclared topic."""
        commits: list[Commit] = []
        if not outbox.items:
            return commits
        sequence = dict(self._sequence)
        for topic, message, valid in outbox.items:
            codec = self._codecs.get(topic.name)
            if codec is None:
                raise ValueError(f"node '{self._name}' wrote '{topic.name}', which its outputs do not declare")
            envelope = Envelope(topic.name, sequence[topic.name], t_ns, self._name, valid)
            sequence[topic.name] += 1
            commits.append(Commit(topic, envelope, codec.encode(message), codec))
        self._sequence = sequence
        return commits

    def resume(self, sequence: dict[str, int]) -> None:
        """Continue counting from `sequence` (topic name to next number) after a restart."""
        self._sequence.update(sequence)


class Mailbox:
    """What one node may see: collects deliveries and hands out an inbox per step."""

    def __init__(self, inputs: Sequence[Topic[Any]]) -> None:
        self._keep_all = {topic.name: topic.keep == "all" for topic in inputs}
        self._latest: dict[str, Stamped[Message]] = {}
        self._new: dict[str, list[Stamped[Message]]] = {}

    def deliver(self, stamped: Stamped[Message]) -> None:
        """Add a committed message."""
        name = stamped.envelope.topic
        self._latest[name] = stamped
        queue = self._new.get(name)
        if queue is not None and self._keep_all[name]:
            queue.append(stamped)
        else:
            self._new[name] = [stamped]

    def take(self, now_ns: int, absent: Sequence[str] = ()) -> Inbox:
        """Return the inbox for a step at `now_ns`, with the names of dead nodes, and start collecting anew."""
        new, self._new = self._new, {}
        return Inbox(now_ns, dict(self._latest), new, absent)
