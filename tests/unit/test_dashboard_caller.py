"""The other end of a call on the display's screen: the frame that is due, forward and back, until the video is over."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from launch.dashboard.caller import Caller
from launch.dashboard.pictures import Packet

FPS, FRAMES, STEP_PX = 10, 150, 5


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a video of 15 s in which a bright bar wanders to the right."""
    path = str(tmp_path_factory.mktemp("call") / "call.mp4")
    writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"mp4v"), FPS, (800, 600))
    for index in range(FRAMES):
        picture = np.zeros((600, 800, 3), np.uint8)
        picture[:, STEP_PX * index : STEP_PX * index + 40] = 255
        writer.write(picture)
    writer.release()
    return path


def shown(packet: Packet | None) -> int:
    """Return which frame a packet shows."""
    assert packet is not None
    picture = packet.data[5 + int.from_bytes(packet.data[1:5], "big") :]
    grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey.shape == (480, 640)
    bar = np.flatnonzero(grey.mean(axis=0) > 128)
    return round(float(bar[0]) * 800 / 640 / STEP_PX)


def test_the_frame_that_is_due_is_shown_whatever_was_shown_before(video: str) -> None:
    caller = Caller(video)
    for t_s in (0.0, 0.5, 0.52, 3.0, 14.0, 13.9, 1.0, 9.0):  # on, the same again, a jump, back
        assert abs(shown(caller.frame(t_s)) - int(t_s * FPS)) <= 1
        assert caller.is_on(t_s)
    assert caller.frame(2.0) is caller.frame(2.04)


def test_after_the_end_nobody_is_there(video: str) -> None:
    caller = Caller(video)
    assert caller.is_on(14.9)
    assert not caller.is_on(15.1)
    assert caller.frame(15.1) is None
    assert caller.frame(1.0) is not None


@pytest.mark.parametrize("name", ["", "no such video.mp4"])
def test_without_a_video_there_is_no_call(name: str) -> None:
    caller = Caller(name)
    assert not caller.is_on(0.0)
    assert caller.frame(0.0) is None


def test_a_video_that_breaks_off_ends_there(video: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.avi"
    writer = cv2.VideoWriter(str(broken), cv2.VideoWriter_fourcc(*"MJPG"), FPS, (64, 48))
    for _ in range(50):
        writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    caller = Caller(str(broken))
    assert caller.frame(0.1) is not None
    assert caller.frame(4.9) is None
    assert not caller.is_on(4.9)
