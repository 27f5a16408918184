"""The log: exact replay, the same bytes twice, and channels that Foxglove's own schemas describe."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from mcap.reader import make_reader
from recording_nodes import MadeUpConfig, play

from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.codec import MessageCodec
from robot.messages import Image
from robot.node import Envelope
from robot.recording.foxglove_scene import Solid
from robot.recording.log_hash import LogHash
from robot.recording.packing import Layout, Packer, Packing
from robot.recording.reader import LogReader, hash_of_log
from robot.recording.recorder import Recorder
from robot.recording.view_table import VIEWS
from robot.runtime.commit import Commit

META = {"profile": "made_up", "world": "nowhere", "seed": "0", "table": json.dumps([{"name": "world"}])}
HOME = (
    Solid("box", "box", (1.0, 1.0, 1.0), (0.0, 0.0, 0.5), (0.0, 0.0, 0.0, 1.0), (0.5, 0.5, 0.5, 1.0)),
    Solid("lamp", "cylinder", (0.1, 1.5), (1.0, 0.0, 0.75), (0.0, 0.0, 0.0, 1.0), (0.5, 0.5, 0.5, 1.0)),
    Solid("ball", "sphere", (0.1,), (2.0, 0.0, 0.1), (0.0, 0.0, 0.0, 1.0), (0.9, 0.2, 0.2, 1.0)),
)


class Keep:
    """Observer that keeps what was committed."""

    def __init__(self) -> None:
        self.bytes: list[tuple[bytes, list[bytes]]] = []

    def on_commit(self, commit: Commit) -> None:
        self.bytes.append((commit.envelope_bytes, [bytes(frame) for frame in commit.frames]))


def record(path: Path, seconds: float = 2.0, config: MadeUpConfig | None = None) -> tuple[Recorder, Keep]:
    recorder, keep = Recorder(path, META, HOME, RoverBody()), Keep()
    play([recorder, keep], seconds, config)
    recorder.close()
    return recorder, keep


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Recorder, Keep]:
    path = tmp_path_factory.mktemp("log") / "log.mcap"
    return (path, *record(path))


def test_gives_back_every_commit_byte_for_byte_and_in_order(log: tuple[Path, Recorder, Keep]) -> None:
    path, _, keep = log
    reader = LogReader(path)
    assert list(reader.parts()) == keep.bytes
    assert reader.damage is None
    logged = {name for name, topic in topics.TABLE.items() if topic.log}
    assert {envelope_topic(e) for e, _ in keep.bytes} == logged - {"people/lock_request"}


def envelope_topic(envelope: bytes) -> str:
    import msgspec

    return msgspec.msgpack.decode(envelope, type=Envelope).topic


def test_messages_come_back_decoded(log: tuple[Path, Recorder, Keep]) -> None:
    first = {c.envelope.topic: c for c in reversed(list(LogReader(log[0]).commits()))}
    image = first["camera"].message
    assert isinstance(image, Image)
    assert image.data.shape == (240, 320, 3)
    assert first["scan"].envelope.src == "world"


def test_says_what_ran(log: tuple[Path, Recorder, Keep]) -> None:
    assert LogReader(log[0]).metadata == META


def test_hash_can_be_computed_from_the_log_and_without_one(log: tuple[Path, Recorder, Keep]) -> None:
    path, recorder, _ = log
    alone = LogHash()
    play([alone], 2.0)
    assert hash_of_log(path) == recorder.log_sha256 == alone.hexdigest()


def test_two_runs_give_equal_files_and_another_seed_does_not(log: tuple[Path, Recorder, Keep], tmp_path: Path) -> None:
    again, other = tmp_path / "again.mcap", tmp_path / "other.mcap"
    record(again)
    recorder = Recorder(other, META, HOME, RoverBody())
    play([recorder], 2.0, seed=1)
    recorder.close()
    assert again.read_bytes() == log[0].read_bytes()
    assert recorder.log_sha256 != log[1].log_sha256


def test_hash_sees_one_changed_bit_and_one_swapped_pair(log: tuple[Path, Recorder, Keep]) -> None:
    def digest(parts: list[tuple[bytes, list[bytes]]]) -> str:
        log_hash = LogHash()
        for envelope, frames in parts:
            log_hash.add(envelope, frames)
        return log_hash.hexdigest()

    parts = log[2].bytes[:200]
    swapped = [parts[1], parts[0], *parts[2:]]
    envelope, frames = parts[5]
    changed = [*parts[:5], (envelope, [bytes([frames[0][0] ^ 1]) + frames[0][1:], *frames[1:]]), *parts[6:]]
    assert len({digest(parts), digest(swapped), digest(changed)}) == 3


def test_topics_that_are_not_logged_leave_no_trace(tmp_path: Path) -> None:
    quiet = topics.Topic("log", topics.LOG.type, 0, log=False)
    codec = MessageCodec(quiet.type)
    message = quiet.type(stamp_ns=0, level="info", text="hush")
    recorder = Recorder(tmp_path / "log.mcap", META)
    before = recorder.log_sha256
    recorder.on_commit(Commit(quiet, Envelope("log", 0, 0, "me"), codec.encode(message), codec))
    recorder.close()
    assert recorder.log_sha256 == before
    assert list(LogReader(recorder.path).parts()) == []


def test_views_stand_beside_with_simulated_time_and_readable_schemas(log: tuple[Path, Recorder, Keep]) -> None:
    seen: dict[str, int] = {}
    with log[0].open("rb") as file:
        for schema, channel, message in make_reader(file).iter_messages():
            assert 0 <= message.log_time < 2e9
            assert message.publish_time == message.log_time
            assert schema is not None
            seen[channel.topic] = seen.get(channel.topic, 0) + 1
            if channel.topic == "view/cmd_vel/wanted":
                assert json.loads(message.data)["v"] == 0.6
            if channel.topic.startswith("view/scene"):
                assert schema.name == "foxglove.SceneUpdate"
    assert {view.channel for view in VIEWS} <= set(seen)
    assert seen["view/camera"] == seen["camera"] == 20
    assert seen["view/scene/home"] == seen["view/scene/robot"] == 1
    assert seen["view/depth"] < seen["depth"]


def test_every_kind_of_solid_is_drawn_and_no_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no kind 'cone'"):
        Recorder(tmp_path / "log.mcap", META, (HOME[0]._replace(kind="cone"),))


@pytest.mark.parametrize("grain", [0, 3, 80, 256])
def test_packing_loses_nothing(grain: int) -> None:
    packer, rng = Packer(), np.random.default_rng(grain)
    smooth = cv2.resize(rng.integers(0, 200, (4, 5, 3), dtype=np.uint8), (48, 36))
    picture = smooth + rng.integers(0, max(grain, 1), smooth.shape).astype(np.uint8)
    layout = Layout(Packing.DIFFERENCES, 3, 3 * 48)
    packed = packer.pack(picture.tobytes(), layout)
    assert packer.unpack(packed) == picture.tobytes()
    depth = (1000 + rng.integers(0, max(grain, 1), (24, 32))).astype(np.uint16)
    assert packer.unpack(packer.pack(depth.tobytes(), Layout(Packing.PLANES, 2, 64))) == depth.tobytes()
    assert packer.unpack(packer.pack(b"", None)) == b""


def test_pixel_log_fits_its_budget(log: tuple[Path, Recorder, Keep]) -> None:
    assert log[0].stat().st_size / 2.0 * 60 < 64e6  # the made-up camera's grain is harsher than a rendered frame's
