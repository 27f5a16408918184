"""Same table, same seed: the same commits, byte for byte, in one process and in many, with and without failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import runner_nodes as nodes
from numpy.typing import NDArray

from robot.bus.run import BusOptions
from robot.bus.stepped import Stepped
from robot.codec import MessageCodec
from robot.runtime.failure import NodeFailure, RunFailed
from robot.runtime.lockstep import RUN_OUT_S, Lockstep
from robot.runtime.table import Graph, Row, resolve
from robot.runtime.tap import Tap

SEED = 7
END = 3 * nodes.TICK_HZ

Runner = Callable[..., Any]


def graph(**changes: dict[str, Any]) -> Graph:
    """The small robot of runner_nodes; `changes` are fields of rows by row name."""
    rows = [
        Row("world", "runner_nodes:World"),
        Row("finder", "runner_nodes:Finder", latency_s=0.05),
        Row("planner", "runner_nodes:Planner", latency_s=0.075),
        Row("driver", "runner_nodes:Driver"),
        Row("rarely", "runner_nodes:Rarely"),
    ]
    return resolve([_changed(row, changes.get(row.name, {})) for row in rows], nodes.TICK_HZ)


def _changed(row: Row, fields: dict[str, Any]) -> Row:
    return Row(**{"name": row.name, "node": row.node, "latency_s": row.latency_s, **fields})


def run(runner: Runner, graph: Graph, chunk: int = 50) -> tuple[Any, nodes.HashTap]:
    """Run to END in chunks and return the closed runner and an observer's hash."""
    observer = nodes.HashTap()
    running = runner(graph, SEED, [observer], [Tap("hash", nodes.HashTap)])
    try:
        for tick in [*range(chunk, END, chunk), END]:
            running.advance(tick)
    except RunFailed as error:
        running.fatal = error.failure
    finally:
        running.close()
    return running, observer


def briefly(failures: Sequence[NodeFailure]) -> list[tuple[str, int, str, bool]]:
    """Failures without their tracebacks, which name other files in other processes."""
    return [(f.node, f.tick, f.reason, f.restarts) for f in failures]


def test_one_process_and_many_make_the_same_commits() -> None:
    reference, seen = run(Lockstep, graph())
    assert seen.count > 400
    assert reference.results["hash"] == seen.close()
    for chunk in (50, 7):
        stepped, stepped_seen = run(Stepped, graph(), chunk)
        assert stepped.results["hash"] == seen.close()
        assert stepped_seen.close() == seen.close()
        assert stepped.failures == []


def test_renamed_topics_make_as_many_commits_and_the_same_in_both() -> None:
    moved = {"renames": ((nodes.FOUND, nodes.FOUND_ELSEWHERE), (nodes.SAMPLES, nodes.SAMPLES_ELSEWHERE))}
    changes = {"finder": moved, "planner": moved, "world": {"renames": moved["renames"][1:]}}
    _, plain = run(Lockstep, graph())
    reference, seen = run(Lockstep, graph(**changes))
    stepped, _ = run(Stepped, graph(**changes))
    assert reference.results["hash"] == stepped.results["hash"] == seen.close()
    assert seen.count == plain.count
    assert seen.close() != plain.close()


def test_another_seed_makes_other_commits() -> None:
    reference, _ = run(Lockstep, graph())
    other = Lockstep(graph(), SEED + 1, [], [Tap("hash", nodes.HashTap)])
    other.advance(END)
    other.close()
    assert other.results["hash"][0] == reference.results["hash"][0]
    assert other.results["hash"] != reference.results["hash"]


@pytest.mark.parametrize(
    "changes",
    [
        {"finder": {"config": nodes.Fate(at_step=11), "on_failure": "restart"}},
        {
            "world": {"config": nodes.Fate(at_step=61), "on_failure": "restart"},
            "driver": {"config": nodes.Fate(at_step=47), "on_failure": "restart"},
            "planner": {"config": nodes.Fate(at_step=5, ends_by="undeclared"), "on_failure": "restart"},
        },
    ],
    ids=["one", "several"],
)
def test_nodes_that_fail_and_come_back_do_so_alike(changes: dict[str, Any]) -> None:
    reference, seen = run(Lockstep, graph(**changes))
    stepped, stepped_seen = run(Stepped, graph(**changes))
    assert len(reference.failures) >= len(changes)
    assert briefly(stepped.failures) == briefly(reference.failures)
    assert stepped_seen.close() == seen.close()
    assert stepped.results == reference.results
    assert {n: h.restarts for n, h in stepped.health.items()} == {n: h.restarts for n, h in reference.health.items()}


@pytest.mark.parametrize("ends_by", ["raise", "undeclared"])
def test_a_fatal_failure_ends_both_alike_and_shows_what_came_after(ends_by: Any) -> None:
    changes = {"planner": {"config": nodes.Fate(at_step=7, ends_by=ends_by)}}
    reference, seen = run(Lockstep, graph(**changes))
    stepped, stepped_seen = run(Stepped, graph(**changes))
    assert stepped.tick == reference.tick == reference.fatal.tick + 1 + int(RUN_OUT_S * nodes.TICK_HZ)
    assert briefly([stepped.fatal]) == briefly([reference.fatal])
    assert stepped_seen.close() == seen.close()


def test_a_late_subscriber_does_not_change_a_run() -> None:
    from robot.bus.external import Subscription

    _, seen = run(Lockstep, graph())
    observer = nodes.HashTap()
    stepped = Stepped(graph(), SEED, [observer], options=BusOptions(door=True))
    try:
        stepped.advance(END // 3)
        with Subscription(stepped.door, [nodes.COMMAND, nodes.FRAMES]) as outside:
            heard = []
            for tick in range(END // 3, END + 1, 5):
                stepped.advance(tick)
                heard += outside.arrived()
    finally:
        stepped.close()
    assert observer.close() == seen.close()
    assert {commit.topic for commit in heard} == {nodes.COMMAND, nodes.FRAMES}
    frame = next(commit.message for commit in heard if commit.topic is nodes.FRAMES)
    assert isinstance(frame, nodes.Frame)
    assert frame.data.shape == (480, 640, 3)


@pytest.mark.parametrize("height", [2, 200])
def test_a_node_cannot_change_what_it_has_sent(height: int) -> None:
    def sent(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
        frames = codec.encode(nodes.Frame(number=1, data=data))
        received: nodes.Frame = codec.decode(frames)
        return received.data

    codec = MessageCodec(nodes.Frame)
    own = np.zeros((height, 120, 3), np.uint8)
    received = sent(own)
    if height > 2:  # sent without a copy
        with pytest.raises(ValueError, match="read-only"):
            own[0] = 1
    else:
        own[0] = 1
    assert not received.any()
    memory = np.zeros((2 * height, 120, 3), np.uint8)
    received = sent(memory[:height])
    memory[:] = 1
    assert not received.any()
