"""What coordinator and workers tell each other, as msgpack arrays over ROUTER and DEALER; it travels every tick."""

from __future__ import annotations

from typing import Any

import msgspec


class Order(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Base of what the coordinator says."""


class Probe(Order, frozen=True):
    """Publish a probe on every output, then answer with Heard."""

    counts: list[int]
    """How many messages of each output, in declared order, are committed."""


class Begin(Order, frozen=True):
    """Everybody hears everybody. Where counting starts, by topic."""

    received: dict[str, int]
    """Messages of each input that were committed before this node was there."""
    sequence: dict[str, int]
    """The next number of each output."""
    start_ns: int = 0
    """live: the monotonic clock at the start of the run."""


class Tick(Order, frozen=True):
    """Step. Answer with Done."""

    now_ns: int
    commit_ns: int
    counts: list[int]
    """How many messages must have arrived, per input in declared order; later ones are not visible yet."""
    absent: list[str] = []
    """Names of the nodes that are out."""


class Absorb(Order, frozen=True):
    """Take in what has arrived up to `counts` without a step (no answer), so that queues stay short."""

    counts: list[int]


class Again(Order, frozen=True):
    """Publish the last step's messages once more: somebody joined who missed them, and they are not committed yet."""


class Committed(Order, frozen=True):
    """For taps: topics of committed messages in commit order, as indices into the tap's topics."""

    batch: int
    topics: list[int]


class Stop(Order, frozen=True):
    """Close the node and end."""


class Report(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Base of what a worker says."""


class Hello(Report, frozen=True):
    """The node is built, its socket bound, its readers connected."""


class Heard(Report, frozen=True):
    """The incarnation of the writer of each input that a probe came from so far."""

    incarnations: dict[str, int]


class Done(Report, frozen=True):
    """A step is over and its messages are published."""

    outputs: list[int]
    """Index among the node's outputs of each message, in the order of publishing."""
    step_ns: int
    """Wall time."""


class Steps(Report, frozen=True):
    """live: wall times of the steps since the last report; sent at least every second as a sign of life."""

    step_ns: list[int]


class Compiling(Report, frozen=True):
    """The step that is under way compiles a kernel first."""


class Followed(Report, frozen=True):
    """A tap has seen everything up to this batch; of one that only glances, how many signs of life it has given."""

    batch: int


class Result(Report, frozen=True):
    """A tap's result, pickled."""

    data: bytes


class Failed(Report, frozen=True):
    """The last words of a worker."""

    reason: str
    details: str


AnyOrder = Probe | Begin | Tick | Absorb | Again | Committed | Stop
AnyReport = Hello | Heard | Done | Steps | Compiling | Followed | Result | Failed

_encoder = msgspec.msgpack.Encoder()
_orders = msgspec.msgpack.Decoder(AnyOrder)
_reports = msgspec.msgpack.Decoder(AnyReport)


def encode(what: Order | Report) -> bytes:
    """Return `what` as msgpack."""
    return _encoder.encode(what)


def decode_order(data: bytes) -> Any:
    """Return the order in `data`, one of AnyOrder."""
    return _orders.decode(data)


def decode_report(data: bytes) -> Any:
    """Return the report in `data`, one of AnyReport."""
    return _reports.decode(data)
