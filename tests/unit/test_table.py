"""The process table: what it refuses, in which words, and when nodes run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from numpy.random import Generator

from robot import topics
from robot.messages import CmdVel, Odom
from robot.node import Inbox, Node, Outbox, Topic
from robot.runtime.lockstep import Lockstep
from robot.runtime.schedule import Schedule
from robot.runtime.table import Row, TableError, resolve


@dataclass(frozen=True)
class Config:
    gain: float = 1.0


class Source(Node):
    outputs = (topics.ODOM,)
    rate_hz = 10

    def __init__(self, config: Config, rng: Generator) -> None:
        self._noise = rng

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        x = float(self._noise.random())
        return Outbox().put(topics.ODOM, Odom(stamp_ns=now_ns, x=x, y=0.0, yaw=0.0, v=0.0, omega=0.0))


class Second(Source):
    """Another writer of odom."""


class Triggered(Node):
    inputs = (topics.ODOM,)
    outputs = (topics.CMD_VEL_WANTED,)
    trigger = topics.ODOM

    def __init__(self, config: Config, rng: Generator) -> None: ...

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        odom = inbox.fresh(topics.ODOM)
        assert odom is not None
        return Outbox().put(topics.CMD_VEL_WANTED, CmdVel(stamp_ns=odom.stamp_ns, v=odom.x, omega=0.0))


class Unmade(Triggered):
    def __init__(self, config: Config, rng: Generator) -> None:
        raise OSError("no such device")


class Spy(Triggered):
    inputs = (topics.ODOM, topics.TRUTH)


class Scorer(Spy):
    reads_truth = True


class Paceless(Source):
    rate_hz = None


class MistypedReader(Triggered):
    inputs = (Topic("odom", CmdVel, 60),)


class Liar(Source):
    outputs = ()


def row(name: str, cls: type[Node], **settings: Any) -> Row:
    return Row(name, f"{__name__}:{cls.__name__}", **settings)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("a", Source), row("a", Source)], "node 'a' stands twice"),
        ([row("a", Source), row("b", Second)], "topic 'odom' has two writers, 'a' and 'b'"),
        ([row("b", Triggered)], "node 'b' reads 'odom', which no node writes"),
        ([row("a", Source), row("b", Spy)], "node 'b' reads 'truth/world': truth is for scorers only"),
        ([row("a", Source), row("b", Scorer)], "node 'b' reads 'truth/world': truth is for scorers only"),
        ([row("a", Source, rate_hz=7)], "node 'a': 7 Hz does not divide"),
        ([row("a", Paceless)], "node 'a': neither a rate nor a trigger"),
        ([row("a", Source), row("b", MistypedReader)], "reads 'odom' as CmdVel, but it is written as Odom"),
        ([row("a", Source, config=3)], "node 'a': config is a int, must be a Config"),
        ([Row("a", "robot.nothing:Node")], "row 'a': node 'robot.nothing:Node'"),
        ([Row("a", "robot.clock:Ticks")], "is not a subclass of robot.node.Node"),
    ],
)
def test_what_cannot_run_is_refused_in_one_line(rows: list[Row], said: str) -> None:
    with pytest.raises(TableError) as caught:
        resolve(rows, 240)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_privileged_profile_lets_only_labelled_nodes_read_truth() -> None:
    with pytest.raises(TableError, match="'b' reads 'truth/world': truth is for scorers only"):
        resolve([row("a", Source), row("b", Spy)], 240, privileged=True)


def test_a_trigger_starts_its_node_at_the_next_tick_and_latency_delays_its_words() -> None:
    class Keep:
        def __init__(self) -> None:
            self.seen: list[tuple[str, int]] = []

        def on_commit(self, commit: Any) -> None:
            self.seen.append((commit.envelope.topic, commit.envelope.t_ns))

    keep = Keep()
    graph = resolve([row("a", Source), row("b", Triggered, latency_s=0.05)], 240)
    Lockstep(graph, 0, [keep]).advance(30)
    ns = graph.ticks.ns
    assert keep.seen == [("odom", 0), ("cmd_vel/wanted", ns(1 + 12)), ("odom", ns(24))]


def test_a_busy_node_takes_the_next_trigger_when_it_is_done() -> None:
    schedule = Schedule(resolve([row("a", Source), row("b", Triggered, latency_s=0.2)], 240))
    started = []
    for tick in range(100):
        starts = schedule.starting(tick)
        started += [tick for index in starts if index == 1]
        for index in schedule.finishing(tick):
            schedule.committed(tick, ["odom"] if index == 0 else ["cmd_vel/wanted"])
    assert started == [1, 50, 99]  # 0.2 s are 48 ticks; triggers at 1, 25, 49, 73, 97 while it is busy wait for it


def test_writing_an_undeclared_topic_names_node_and_topic() -> None:
    from robot.runtime.failure import RunFailed

    with pytest.raises(RunFailed, match="node 'a' raised ValueError: node 'a' wrote 'odom', which its outputs do not"):
        Lockstep(resolve([row("a", Liar)], 240), 0).advance(5)


def test_where_a_node_cannot_be_made_those_before_it_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    from robot.runtime.failure import RunFailed

    closed = []
    monkeypatch.setattr(Source, "close", lambda self: closed.append("a"))
    with pytest.raises(RunFailed, match="no such device"):
        Lockstep(resolve([row("a", Source), row("b", Unmade)], 240), 0)
    assert closed == ["a"]
