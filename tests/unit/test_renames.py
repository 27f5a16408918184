"""A row under other topic names: the node is the same, its ports are not, and what cannot be is refused in one line."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from numpy.random import Generator, default_rng

from launch.overrides import with_nodes
from robot import topics
from robot.messages import Command, Reply
from robot.node import Envelope, Inbox, Node, Outbox, Stamped, Topic
from robot.runtime.lockstep import Lockstep
from robot.runtime.renames import Renamed, RenamedInbox
from robot.runtime.table import Row, TableError, resolve

TO_DISPLAY = ((topics.COMMAND, topics.DISPLAY_COMMAND), (topics.REPLY, topics.DISPLAY_REPLY))


@dataclass(frozen=True)
class Config:
    words: str = "yes"


class Speaker(Node):
    outputs = (topics.COMMAND, topics.DISPLAY_COMMAND)
    rate_hz = 10

    def __init__(self, config: Config, rng: Generator) -> None: ...

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        out = Outbox().put(topics.COMMAND, _command(now_ns, "rover"))
        return out.put(topics.DISPLAY_COMMAND, _command(now_ns, "display"), valid=now_ns > 0)


class Echo(Node):
    """Replies to what it hears, by its own names for both."""

    inputs = (topics.COMMAND,)
    outputs = (topics.REPLY,)
    trigger = topics.COMMAND

    def __init__(self, config: Config, rng: Generator) -> None:
        self._config = config

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        out = Outbox()
        for stamped in inbox.new(topics.COMMAND):
            text = f"{self._config.words}, {stamped.message.text}"
            out.put(topics.REPLY, Reply(stamp_ns=now_ns, text=text, kind="answer"), valid=stamped.envelope.valid)
        return out


def _command(now_ns: int, text: str) -> Command:
    return Command(stamp_ns=now_ns, text=text, steps=(), confidence=1.0)


ROWS = (Row("speaker", f"{__name__}:Speaker"), Row("rover", f"{__name__}:Echo"))


def test_two_rows_of_one_node_hear_and_say_apart() -> None:
    said: list[tuple[str, str, str, bool]] = []

    class Observer:
        def on_commit(self, commit) -> None:
            if isinstance(commit.message, Reply):
                e = commit.envelope
                said.append((e.src, e.topic, commit.message.text, e.valid))

    rows = (*ROWS, Row("display", f"{__name__}:Echo", Config("aye"), renames=TO_DISPLAY))
    graph = resolve(rows, 60)
    assert [topic.name for topic in graph.slots[2].inputs] == ["display/program"]
    assert graph.slots[2].trigger is topics.DISPLAY_COMMAND
    assert graph.writer_of(topics.DISPLAY_REPLY) is graph.slots[2]
    runner = Lockstep(graph, 0, [Observer()])
    runner.advance(8)
    runner.close()
    assert said == [
        ("rover", "reply/text", "yes, rover", True),
        ("display", "display/reply", "aye, display", False),
        ("rover", "reply/text", "yes, rover", True),
        ("display", "display/reply", "aye, display", True),
    ]


@pytest.mark.parametrize(
    ("renames", "words"),
    [
        (
            ((topics.CAMERA, topics.DISPLAY_CAMERA),),
            "node 'display' renames 'camera', which it neither reads nor writes",
        ),
        (
            ((topics.COMMAND, topics.DISPLAY_REPLY),),
            "node 'display' renames 'command/program' (Command) to 'display/reply', which is a Reply",
        ),
        ((), "topic 'reply/text' has two writers, 'rover' and 'display': keep one of them"),
    ],
)
def test_what_cannot_be_is_refused(renames, words: str) -> None:
    with pytest.raises(TableError) as caught:
        resolve((*ROWS, Row("display", f"{__name__}:Echo", renames=renames)), 60)
    assert str(caught.value) == words


def test_two_ports_must_not_become_one() -> None:
    with pytest.raises(TableError, match="would have 'display/program' twice"):
        resolve(
            (Row("speaker", f"{__name__}:Speaker", renames=((topics.COMMAND, topics.DISPLAY_COMMAND),)),),
            60,
        )


def test_latest_and_all_do_not_mix() -> None:
    wrong = ((topics.COMMAND, Topic("x", Command, 0)),)
    with pytest.raises(TableError, match="one keeps all messages and the other the latest"):
        resolve((*ROWS, Row("display", f"{__name__}:Echo", renames=wrong)), 60)


def test_an_inbox_is_asked_by_the_nodes_own_names() -> None:
    stamped = Stamped(Envelope("display/state", 0, 50_000_000, "x"), _command(0, "x"))
    inbox = Inbox(400_000_000, {"display/state": stamped}, {"display/state": [stamped]}, ("gone",))
    seen = RenamedInbox(inbox, {"behaviour/state": topics.DISPLAY_BEHAVIOUR})
    assert seen.stamped(topics.BEHAVIOUR) is seen.new(topics.BEHAVIOUR)[0] is stamped
    assert seen.latest(topics.BEHAVIOUR) is seen.fresh(topics.BEHAVIOUR) is stamped.message
    assert seen.stamped(topics.COMMAND) is None
    assert seen.age_s(topics.BEHAVIOUR) == pytest.approx(0.35)
    assert seen.stale(topics.BEHAVIOUR)
    assert seen.absent == ("gone",)


def test_a_node_of_ones_own_keeps_the_renames_that_fit_it() -> None:
    rows = (Row("display", f"{__name__}:Echo", renames=TO_DISPLAY),)
    (row,) = with_nodes(rows, (f"display={__name__}:Speaker",))
    assert row.renames == TO_DISPLAY[:1]


def test_closing_closes_the_node_inside() -> None:
    closed = []
    node = Echo(Config(), default_rng(0))
    node.close = lambda: closed.append(True)  # type: ignore[method-assign]
    Renamed(node, TO_DISPLAY).close()
    assert closed == [True]
