"""A node under other topic names: what two bodies of one kind of node would both write goes to separate topics.

The idea: a row says `renames`, pairs of a topic of its node's class and the one it stands for in this run. The node
itself keeps to the names that its class declares, so it is the same node in every profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from robot.node import Inbox, M, Node, Outbox, Stamped, Topic

Renames = tuple[tuple[Topic[Any], Topic[Any]], ...]
"""(the node's own topic, the run's topic), each of one type"""


def renamed(topics: Sequence[Topic[Any]], renames: Renames) -> tuple[Topic[Any], ...]:
    """Return the run's topics for a node's own."""
    table = {own.name: run for own, run in renames}
    return tuple(table.get(topic.name, topic) for topic in topics)


def wrong_rename(inputs: Sequence[Topic[Any]], outputs: Sequence[Topic[Any]], renames: Renames) -> str:
    """Return what is wrong with the renames of a node with these ports, in words; empty where they can be."""
    own = {topic.name for topic in (*inputs, *outputs)}
    for old, new in renames:
        if old.name not in own:
            return f"renames '{old.name}', which it neither reads nor writes"
        if old.type is not new.type:
            return f"renames '{old.name}' ({old.type.__name__}) to '{new.name}', which is a {new.type.__name__}"
        if old.keep != new.keep:
            return f"renames '{old.name}' to '{new.name}', but one keeps all messages and the other the latest"
    for ports in (inputs, outputs):
        names = [topic.name for topic in renamed(ports, renames)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            return f"would have '{twice}' twice"
    return ""


class RenamedInbox(Inbox):
    """What a node may know, asked for by the node's own topics."""

    def __init__(self, inbox: Inbox, table: dict[str, Topic[Any]]) -> None:
        """Look into `inbox` by way of `table`: own name to the run's topic."""
        super().__init__(inbox.now_ns, {}, {}, inbox.absent)
        self._inbox, self._table = inbox, table

    def stamped(self, topic: Topic[M]) -> Stamped[M] | None:
        """As Inbox."""
        return self._inbox.stamped(self._table.get(topic.name, topic))

    def new(self, topic: Topic[M]) -> Sequence[Stamped[M]]:
        """As Inbox."""
        return self._inbox.new(self._table.get(topic.name, topic))

    def fresh(self, topic: Topic[M]) -> M | None:
        """As Inbox."""
        return self._inbox.fresh(self._table.get(topic.name, topic))

    def stale(self, topic: Topic[M]) -> bool:
        """As Inbox; the rate is that of the run's topic."""
        return self._inbox.stale(self._table.get(topic.name, topic))


class Renamed(Node):
    """A node that reads and writes other topics than its class says."""

    def __init__(self, node: Node, renames: Renames) -> None:
        """Wrap `node`."""
        self._node = node
        self._table = {own.name: run for own, run in renames}

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """As the node inside."""
        out = Outbox()
        for topic, message, valid in self._node.step(now_ns, RenamedInbox(inbox, self._table)).items:
            out.put(self._table.get(topic.name, topic), message, valid=valid)
        return out

    def close(self) -> None:
        """As the node inside."""
        self._node.close()
