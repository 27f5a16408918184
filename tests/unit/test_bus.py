"""The parts of the bus by themselves: wire, reader, keys, back-off, counters, and the run folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq

from robot.bus.curve import Keys, create_keys, load_keys
from robot.bus.door import Door
from robot.bus.errors import BusError
from robot.bus.external import Subscription
from robot.bus.live_worker import Counters
from robot.bus.reader import Reader, Source
from robot.bus.run import BusOptions
from robot.bus.run_folder import RunFolder
from robot.bus.stepped import Stepped
from robot.bus.supervisor import FIRST_S, LONGEST_S, WELL_S, Supervisor
from robot.bus.wire import UNLIMITED, Outlet, pack, receive
from robot.node import Outbox
from robot.runtime.commit import Commit, Mailbox, Publisher
from robot.runtime.table import Row, resolve

sys.path.insert(0, str(Path(__file__).parents[1] / "determinism"))
import runner_nodes as nodes

TOPICS = (nodes.SAMPLES, nodes.SAMPLES_TWIN, nodes.FRAMES)


class Pair:
    """A writer of TOPICS and a reader, both here."""

    def __init__(self) -> None:
        self.folder = RunFolder()
        self.context: zmq.Context[Any] = zmq.Context()
        self.endpoint = self.folder.writer(0)
        self.outlet = Outlet(self.context, self.endpoint, UNLIMITED)
        self.publisher = Publisher("writer", TOPICS)
        self.reader = self.connect()

    def connect(self) -> Reader:
        reader = Reader(self.context, [Source(topic, self.endpoint) for topic in TOPICS], UNLIMITED)
        reader.socket.setsockopt(zmq.RCVTIMEO, 5000)
        while len(reader.heard) < len(TOPICS):
            self.outlet.probe([topic.name for topic in TOPICS], 0, [0, 0, 0])
            reader.hear()
        return reader

    def send(self, *values: float, resume: int | None = None) -> list[Commit]:
        if resume is not None:
            self.publisher.resume({nodes.SAMPLES.name: resume})
        outbox = Outbox()
        for value in values:
            outbox.put(nodes.SAMPLES, nodes.Value(value=value))
        commits = self.publisher.publish(outbox, 0)
        for commit in commits:
            self.outlet.send(commit)
        return commits

    def close(self) -> None:
        self.outlet.close()
        self.reader.close()
        self.context.destroy(linger=0)
        self.folder.remove()


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A connected writer and reader."""
    made = Pair()
    yield made
    made.close()


def seen(mailbox: Mailbox) -> list[float]:
    return [stamped.message.value for stamped in mailbox.take(0).new(nodes.SAMPLES)]


def test_what_is_beyond_the_count_is_held_back(pair: Pair) -> None:
    mailbox = Mailbox(TOPICS)
    names = [topic.name for topic in TOPICS]
    pair.send(1.0, 2.0, 3.0)
    pair.reader.collect(names, [2, 0, 0], mailbox)
    assert seen(mailbox) == [1.0, 2.0]
    pair.send(4.0)
    pair.reader.collect(names, [4, 0, 0], mailbox)
    assert seen(mailbox) == [3.0, 4.0]


def test_a_probe_voids_what_was_never_committed_and_keeps_the_rest(pair: Pair) -> None:
    mailbox = Mailbox(TOPICS)
    names = [topic.name for topic in TOPICS]
    pair.send(1.0, 2.0, 3.0)
    pair.outlet.probe(names, 1, [2, 0, 0])
    pair.send(30.0, 40.0, resume=2)
    pair.reader.collect(names, [4, 0, 0], mailbox)
    assert seen(mailbox) == [1.0, 2.0, 30.0, 40.0]
    assert pair.reader.heard[nodes.SAMPLES.name] == 1


def test_a_reader_may_choose_what_comes(pair: Pair) -> None:
    pair.reader.choose(frozenset((nodes.SAMPLES_TWIN.name, "no such topic")))
    came = {"both"}
    while came != {nodes.SAMPLES_TWIN.name}:  # until the writer has heard of it
        outbox = Outbox().put(nodes.SAMPLES, nodes.Value(value=1.0)).put(nodes.SAMPLES_TWIN, nodes.Value(value=2.0))
        for commit in pair.publisher.publish(outbox, 0):
            pair.outlet.send(commit)
        came = set()
        while nodes.SAMPLES_TWIN.name not in came:
            commit = pair.reader.take(5000)
            assert commit is not None
            came.add(commit.envelope.topic)
    assert pair.reader.heard_all


def test_a_subscription_brings_its_topic_and_not_those_it_is_a_prefix_of(pair: Pair) -> None:
    reader = Reader(pair.context, [Source(nodes.SAMPLES, pair.endpoint)], UNLIMITED)
    while not reader.heard:
        pair.outlet.probe([topic.name for topic in TOPICS], 0, [0, 0, 0])
        reader.hear()
    for commit in pair.publisher.publish(Outbox().put(nodes.SAMPLES_TWIN, nodes.Value(value=1.0)), 0):
        pair.outlet.send(commit)
    pair.send(5.0)
    pair.outlet.probe([nodes.SAMPLES.name], 0, [0])
    reader.socket.poll(5000)
    arrived = reader.arrived()
    reader.close()
    assert {commit.envelope.topic for commit in arrived} == {nodes.SAMPLES.name}


@pytest.mark.parametrize("size", [0, 7, 1 << 20], ids=["empty", "small", "large"])
def test_arrays_arrive_equal_aligned_and_read_only(pair: Pair, size: int) -> None:
    data = np.arange(size * 3, dtype=np.uint8).reshape(size, 1, 3)
    for commit in pair.publisher.publish(Outbox().put(nodes.FRAMES, nodes.Frame(number=1, data=data.copy())), 9):
        pair.outlet.send(commit)
    commit_or_none = pair.reader.next(nodes.FRAMES.name, wait=True)
    assert commit_or_none is not None
    frame = commit_or_none.message
    assert isinstance(frame, nodes.Frame)
    np.testing.assert_array_equal(frame.data, data)
    assert commit_or_none.envelope.t_ns == 9
    assert not frame.data.flags.writeable
    assert frame.data.ctypes.data % 8 == 0


def test_a_run_folder_is_private_and_goes() -> None:
    folder = RunFolder()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.remove()
    assert not folder.path.exists()


def test_a_folder_too_deep_for_sockets_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with pytest.raises(BusError, match="set TMPDIR to a shorter path"):
        RunFolder()
    assert list(deep.iterdir()) == []


def test_counters_outlive_their_process(tmp_path: Path) -> None:
    first = Counters(tmp_path / "count", 2)
    first.advance(1)
    first.advance(1)
    assert Counters(tmp_path / "count", 2).read() == [0, 2]


def test_the_supervisor_backs_off_and_forgives() -> None:
    supervisor = Supervisor()
    now, delays = 100.0, []
    for _ in range(8):
        supervisor.began("arm", now)
        delays.append(supervisor.fell("arm", now + 1))
        assert supervisor.due(now + 1) == []
        assert supervisor.due(now + 1 + delays[-1]) == ["arm"]
        assert supervisor.due(now + 1 + delays[-1]) == []
        now += 1 + delays[-1]
    assert delays[:3] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
    assert delays[-1] == LONGEST_S
    supervisor.began("arm", now)
    assert supervisor.fell("arm", now + WELL_S) == FIRST_S


def test_keys_are_private_and_read_back(tmp_path: Path) -> None:
    keys = create_keys(tmp_path / "keys.json")
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert load_keys(tmp_path / "keys.json") == keys
    with pytest.raises(FileExistsError):
        create_keys(tmp_path / "keys.json")


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        ("{}", 0o644, "others can read these keys"),
        ("{}", 0o600, "not a key file"),
        ("no", 0o600, "not a key file"),
        (
            '{"server_public": 1, "server_secret": "", "client_public": "", "client_secret": ""}',
            0o600,
            "not a key file",
        ),
        (None, 0, "No such file"),
    ],
    ids=["open", "empty", "text", "types", "missing"],
)
def test_bad_key_files_are_refused_in_one_line(tmp_path: Path, content: str | None, mode: int, says: str) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(BusError, match=says) as caught:
        load_keys(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tcp_without_keys_is_refused_everywhere() -> None:
    alone = resolve([Row("alone", "runner_nodes:Alone")], nodes.TICK_HZ)
    with pytest.raises(BusError, match="needs keys"):
        Stepped(alone, 1, options=BusOptions(tcp="tcp://127.0.0.1:*"))
    with pytest.raises(BusError, match="needs keys"):
        Door([], "tcp://127.0.0.1:*")
    with pytest.raises(BusError, match="needs keys"):
        Subscription("tcp://127.0.0.1:9", TOPICS)


def test_only_the_known_client_gets_anything_over_tcp(pair: Pair, tmp_path: Path) -> None:
    keys, other = create_keys(tmp_path / "ours.json"), create_keys(tmp_path / "theirs.json")
    stranger = Keys(keys.server_public, "", other.client_public, other.client_secret)
    door = Door([pair.endpoint], "tcp://127.0.0.1:*", keys)
    naked = pair.context.socket(zmq.SUB)
    naked.subscribe(b"")
    naked.connect(door.endpoint)
    try:
        with Subscription(door.endpoint, TOPICS, keys) as ours, Subscription(door.endpoint, TOPICS, stranger) as theirs:
            received: list[Commit] = []
            for number in range(200):
                pair.send(float(number))
                received += ours.arrived(wait_s=0.05)
                if len(received) > 20:
                    break
            assert len(received) > 20
            assert theirs.arrived(wait_s=0.2) == []
            assert not naked.poll(200)
    finally:
        naked.close(linger=0)
        door.close()


def test_a_door_that_is_in_use_says_so(pair: Pair, tmp_path: Path) -> None:
    keys = create_keys(tmp_path / "keys.json")
    door = Door([pair.endpoint], "tcp://127.0.0.1:*", keys)
    try:
        with pytest.raises(BusError, match="Address already in use"):
            Door([pair.endpoint], door.endpoint, keys)
    finally:
        door.close()


def test_what_is_packed_is_received(pair: Pair) -> None:
    socket = pair.context.socket(zmq.PAIR)
    other = pair.context.socket(zmq.PAIR)
    socket.bind("inproc://wire")
    other.connect("inproc://wire")
    for frames in ([b"body"], [b"", b"y" * 70_000, b"z" * 80_000], [b"b" * 70_000], [b"b", b"y" * 70_000]):
        body, *apart = frames
        other.send_multipart([pack("samples", b"envelope", body, len(apart)), *apart])
        message = receive(socket)
        assert (message.topic, message.envelope) == (b"samples", b"envelope")
        assert [bytes(frame) for frame in message.frames] == frames
    socket.close()
    other.close()
