"""What a node is: typed ports and one pure method. No socket, clock, sleep, thread or global random state inside.

A node is called with a frozen `now` and an `Inbox` of what was committed before it, and returns an `Outbox`. Runners
(robot/runtime, robot/bus) decide when; only nodes with `faces_world = True` (sources and sinks) touch anything else.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_type_hints

import msgspec

from robot.clock import NS_PER_S

STALE_PERIODS = 3  # a topic silent for this many nominal periods is stale


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all messages. Fields are SI and radians unless their name says otherwise."""


M = TypeVar("M", bound=Message)
M_co = TypeVar("M_co", bound=Message, covariant=True)


@dataclass(frozen=True)
class Topic(Generic[M]):
    """One row of the topic table: everything that is known of a topic before any node runs."""

    name: str
    type: type[M]
    rate_hz: float  # nominal; 0 = on event, never stale
    keep: Literal["latest", "all"] = "latest"  # what an inbox holds of several new ones
    log: bool = True
    doc: str = ""

    @property
    def is_truth(self) -> bool:
        """Ground truth from the simulator: only scorers may read it."""
        return self.name.startswith("truth/")


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """What travels beside every message. `valid=False` carries bad data onward explicitly."""

    topic: str
    seq: int  # counts from 0 per topic
    t_ns: int  # commit time, nanoseconds since the start of the run
    src: str  # row name of the node that wrote it
    valid: bool = True


class Stamped(msgspec.Struct, Generic[M_co], frozen=True):
    """A message with its envelope."""

    envelope: Envelope
    message: M_co


class Inbox:
    """What a node may know at `now_ns`: per input topic the newest message, and those new since its last step."""

    def __init__(
        self,
        now_ns: int,
        latest: Mapping[str, Stamped[Message]],
        new: Mapping[str, Sequence[Stamped[Message]]],
        absent: Sequence[str] = (),
    ) -> None:
        self.now_ns = now_ns
        self.absent = tuple(absent)
        """Names of the nodes that died and are not back: known from the supervisor before their topics go stale."""
        self._latest = latest
        self._new = new

    def stamped(self, topic: Topic[M]) -> Stamped[M] | None:
        """Return the newest message on `topic` with its envelope, valid or not; None before the first."""
        return self._latest.get(topic.name)  # type: ignore[return-value]  # written under the same topic's type

    def latest(self, topic: Topic[M]) -> M | None:
        """Return the newest message on `topic` if it is valid; None if there is none or it is marked bad."""
        stamped = self.stamped(topic)
        return stamped.message if stamped is not None and stamped.envelope.valid else None

    def new(self, topic: Topic[M]) -> Sequence[Stamped[M]]:
        """Return what came since the last step, oldest first (at most one where the topic keeps the latest)."""
        return self._new.get(topic.name, ())  # type: ignore[return-value]

    def fresh(self, topic: Topic[M]) -> M | None:
        """Return the newest message on `topic` if it came since the last step and is valid, else None."""
        return self.latest(topic) if self._new.get(topic.name) else None

    def age_s(self, topic: Topic[M]) -> float:
        """Return the seconds since the newest message on `topic` was committed; inf before the first."""
        stamped = self.stamped(topic)
        return float("inf") if stamped is None else (self.now_ns - stamped.envelope.t_ns) / NS_PER_S

    def stale(self, topic: Topic[M]) -> bool:
        """Return whether `topic` has been silent for STALE_PERIODS of its nominal rate, or never spoke."""
        return topic.rate_hz > 0 and self.age_s(topic) * topic.rate_hz > STALE_PERIODS


class Outbox:
    """What a step publishes, in order."""

    def __init__(self) -> None:
        self.items: list[tuple[Topic[Any], Message, bool]] = []

    def put(self, topic: Topic[M], message: M, *, valid: bool = True) -> Outbox:
        """Add a message and return self. `valid=False` marks data that readers must not trust."""
        self.items.append((topic, message, valid))
        return self


class Node(ABC):
    """Base of all nodes. Subclasses set the ports and either `rate_hz` or `trigger`.

    The constructor is `__init__(self, config: SomeConfig, rng: Generator)`; the type of `config` is a frozen
    dataclass with defaults and is what `--set row.key=value` overrides.
    """

    inputs: ClassVar[tuple[Topic[Any], ...]] = ()
    outputs: ClassVar[tuple[Topic[Any], ...]] = ()
    rate_hz: ClassVar[float | None] = None
    trigger: ClassVar[Topic[Any] | None] = None
    faces_world: ClassVar[bool] = False  # a source or sink: may see hardware, the simulator and live clocks
    reads_truth: ClassVar[bool] = False  # a scorer, or a baseline that is labelled privileged

    @abstractmethod
    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return what to publish, given everything committed before `now_ns`."""

    def close(self) -> None:  # noqa: B027  # most nodes hold nothing
        """Release what a source or sink holds."""


def node_class(path: str) -> type[Node]:
    """Return the node class named by `module:Class`. Raises ValueError with one line when there is none."""
    module_name, _, class_name = path.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"node '{path}': {error}") from error
    if not (isinstance(found, type) and issubclass(found, Node)):
        raise ValueError(f"node '{path}': is not a subclass of robot.node.Node")
    return found


def config_class(node: type[Node]) -> type[Any]:
    """Return the dataclass that `node`'s constructor takes as `config`."""
    hints: dict[str, type[Any]] = get_type_hints(node.__init__)
    return hints["config"]
