"""The contract: clock, random streams, codec, topic table."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot import messages, topics
from robot.clock import PeriodError, Ticks
from robot.codec import MessageCodec, decode_envelope, encode_envelope
from robot.geometry import Pose2, wrap_angle
from robot.messages import Image, Scan
from robot.node import Envelope, Inbox, Stamped
from robot.rng import spawn

finite = st.floats(-1e3, 1e3)


def test_tick_times_do_not_drift() -> None:
    ticks = Ticks(240)
    assert ticks.ns(240 * 3600) == 3600 * 10**9
    assert ticks.period(10, "camera") == 24


@pytest.mark.parametrize("rate", [50.0, 7.0, 0.0, -1.0, 480.0])
def test_a_rate_that_does_not_divide_is_refused(rate: float) -> None:
    with pytest.raises(PeriodError, match=r"camera: .* Hz does not divide the run's 240 ticks a second"):
        Ticks(240).period(rate, "camera")


@given(st.floats(0, 1000))
def test_ticks_cover_the_seconds_asked_for(seconds: float) -> None:
    assert Ticks(240).count(seconds) / 240 >= seconds - 1e-9


def test_streams_depend_on_seed_and_name_only() -> None:
    first = spawn(3, "lidar").integers(0, 2**62, 4)
    assert (spawn(3, "lidar").integers(0, 2**62, 4) == first).all()
    assert (spawn(4, "lidar").integers(0, 2**62, 4) != first).any()
    assert (spawn(3, "camera").integers(0, 2**62, 4) != first).any()
    # A fixed value: the stream of a name must be the same on every machine and in every release.
    assert int(spawn(0, "x").integers(0, 1000)) == 815


@given(finite, finite, st.floats(-10, 10), finite, finite)
def test_pose_inverse_undoes_the_pose(x: float, y: float, yaw: float, px: float, py: float) -> None:
    pose = Pose2(x, y, yaw)
    back = pose.inverse().apply(*pose.apply(px, py))
    assert math.isclose(back[0], px, abs_tol=1e-8)
    assert math.isclose(back[1], py, abs_tol=1e-8)


@given(st.floats(-100, 100))
def test_wrapped_angles_point_the_same_way(angle: float) -> None:
    wrapped = wrap_angle(angle)
    assert -math.pi < wrapped <= math.pi
    assert math.isclose(math.cos(wrapped), math.cos(angle), abs_tol=1e-9)
    assert math.isclose(math.sin(wrapped), math.sin(angle), abs_tol=1e-9)


@pytest.mark.parametrize(("height", "count"), [(0, 1), (2, 1), (200, 2)])
def test_arrays_arrive_read_only_and_large_ones_travel_in_frames_of_their_own(height: int, count: int) -> None:
    picture = np.arange(height * 120 * 3).astype(np.uint8).reshape(height, 120, 3)
    codec = MessageCodec(Image)
    for sent in (picture, picture[:, ::-1]):  # the latter without a contiguous buffer
        frames = codec.encode(Image(stamp_ns=5, data=sent, fx=1.0, fy=2.0, cx=3.0, cy=4.0))
        assert len(frames) == count
        assert sum(map(len, frames)) < sent.nbytes + 100
        back = codec.decode(frames)
        assert back.data.shape == sent.shape
        assert (back.data == sent).all()
        assert not back.data.flags.writeable


def test_numpy_scalars_are_encoded_as_the_numbers_they_are() -> None:
    codec = MessageCodec(messages.CmdVel)
    frames = codec.encode(messages.CmdVel(stamp_ns=1, v=np.float32(0.5), omega=np.float64(-1.25)))
    assert codec.decode(frames) == messages.CmdVel(stamp_ns=1, v=0.5, omega=-1.25)


def test_a_message_of_another_type_is_refused() -> None:
    frames = MessageCodec(messages.CmdVel).encode(messages.CmdVel(stamp_ns=1, v=0.0, omega=0.0))
    with pytest.raises(msgspec.ValidationError, match="angle_min"):
        MessageCodec(Scan).decode(frames)


def test_envelope_round_trip() -> None:
    envelope = Envelope("scan", 7, 10**15, "sim", False)
    assert decode_envelope(encode_envelope(envelope)) == envelope


def test_every_topic_stands_once_and_every_message_has_a_topic_or_a_place_in_one() -> None:
    assert all(name == topic.name for name, topic in topics.TABLE.items())
    used = {topic.type for topic in topics.TABLE.values()}
    inner = {messages.Sighting, messages.Track, messages.PersonTruth, messages.Contact}
    inner |= {messages.FaceView, messages.HeadTruth, messages.CommandStep}
    assert {getattr(messages, name) for name in messages.__all__} == used | inner


def test_inbox_tells_bad_and_stale_from_good() -> None:
    scan = Scan(
        stamp_ns=0, angle_min=0.0, angle_increment=0.1, range_min=0.1, range_max=8.0, ranges=np.ones(2, np.float32)
    )
    good, bad = (Stamped(Envelope("scan", 0, 10**9, "sim", valid), scan) for valid in (True, False))
    fresh = Inbox(10**9 + 10**8, {"scan": good}, {"scan": [good]})
    assert fresh.latest(topics.SCAN) is scan
    assert fresh.fresh(topics.SCAN) is scan
    assert not fresh.stale(topics.SCAN)
    assert Inbox(10**9, {"scan": bad}, {"scan": [bad]}).latest(topics.SCAN) is None
    assert Inbox(10**9 + 301 * 10**6, {"scan": good}, {}).stale(topics.SCAN)
    assert Inbox(10**9, {}, {}).stale(topics.SCAN)
