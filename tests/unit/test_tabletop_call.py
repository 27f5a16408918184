"""The other end of a call: its video drives the nods, the local camera the lock, and wrong videos are one line."""

import math
from fractions import Fraction

import av
import numpy as np
import pytest

from launch.cli import call
from robot.messages import Faces, FaceView
from robot.motion.mimicry import MimicConfig
from robot.motion.node import ArmConfig, ArmNode
from robot.node import Envelope, Inbox, Stamped
from robot.perception.faces.call import CallConfig, CallSource
from robot.topics import CALL_FACES, FACES, JOINTS_WANTED
from sim.people.head_scripts import nod
from sim.tabletop.scenes import EYES_Z, Actor, Scene
from sim.tabletop.studio import Studio


def faces(stamp_ns, pitch, azimuth=0.0):
    face = FaceView(
        id=1, bbox=(0, 0, 1, 1), azimuth=azimuth, elevation=0.0, distance_m=0.8, yaw=0.0, pitch=pitch, roll=0.0,
        mouth=0.0, score=1.0,
    )  # fmt: skip
    return Faces(stamp_ns=stamp_ns, faces=(face,), lock="locked", locked_id=1)


def played(config, local, remote, seconds=3.0):
    """Return base yaw and display pitch that the arm asks for, while both heads do what their functions of time say."""
    node, asked, kept = ArmNode(config, np.random.default_rng(0)), [], {}
    for k in range(int(seconds * 120)):
        now_ns, new = k * 1_000_000_000 // 120, {}
        if k % 4 == 0:
            for topic, message in ((FACES, local(now_ns)), (CALL_FACES, remote(now_ns))):
                kept[topic.name] = Stamped(Envelope(topic.name, k, now_ns, "test"), message)
                new[topic.name] = (kept[topic.name],)
        out = {topic.name: message for topic, message, _ in node.step(now_ns, Inbox(now_ns, kept, new)).items}
        asked.append(out[JOINTS_WANTED.name].positions)
    return np.array(asked)[:, 0], np.array(asked)[:, 2]


def nodding(stamp_ns):
    return math.radians(5) * (1 - math.cos(2 * math.pi * 1.2 * stamp_ns / 1e9))


@pytest.mark.parametrize(
    ("copies_call", "on", "moves"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_the_call_drives_the_nods_and_the_camera_the_lock(copies_call, on, moves):
    config = ArmConfig(mimic=MimicConfig(on=on), copies_call=copies_call)
    yaw, pitch = played(config, lambda t: faces(t, 0.0, azimuth=0.4), lambda t: faces(t, nodding(t)))
    assert yaw[-1] == pytest.approx(0.4, abs=0.05)
    assert (np.ptp(pitch) > math.radians(6)) == moves


def test_a_call_that_ended_leaves_the_display_upright():
    config = ArmConfig(copies_call=True)

    def remote(stamp_ns):
        return (
            faces(stamp_ns, nodding(stamp_ns)) if stamp_ns < 1.3e9 else Faces(stamp_ns=stamp_ns, faces=(), lock="none")
        )

    _, pitch = played(config, lambda t: faces(t, 0.0), remote)
    assert abs(pitch[-1] + config.gaze.boom) < math.radians(0.5)


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    """Two seconds of a rendered head that nods once."""
    path = tmp_path_factory.mktemp("call") / "call.mp4"
    scene = Scene((Actor("a", "hana", ((0.0, (0.8, 0.0, EYES_Z)),), ((0.5, nod(1.0, math.radians(14), 1)),)),))
    with av.open(str(path), "w") as container, Studio(scene, 0) as studio:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 480, 360, "yuv420p"
        for shot in studio.shots(2.0):
            frame = av.VideoFrame.from_ndarray(shot.image.data, format="rgb24")
            frame.pts, frame.time_base = round(shot.t * 30), Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def test_a_video_tells_its_face_at_its_own_pace_and_then_ends(video):
    source = CallSource(CallConfig(video=str(video)), np.random.default_rng(0))
    told = [source.step(k * 1_000_000_000 // 30, Inbox(0, {}, {})).items for k in range(70)]
    source.close()
    assert [bool(items) for items in told] == [True] * 60 + [False] * 10
    pitches = [items[0][1].faces[0].pitch for items in told if items and items[0][1].faces]
    assert len(pitches) >= 58
    assert math.degrees(max(pitches) - pitches[5]) == pytest.approx(14, abs=4)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tabletop", "--mimic", "nowhere.mp4"], "--mimic: no such file"),
        (["tabletop", "--mimic", "7"], "must be camera, off, or a video file"),
        (["tabletop", "--mimic", "{dir}/note.txt"], "is text"),
        (["tabletop", "--mimic", "{dir}/junk.mp4"], "cannot be read as a video"),
        (["follow_me", "--mimic", "off"], "copies nobody"),
    ],
)
def test_a_wrong_call_is_one_line(arguments, said, tmp_path, capfd):
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "junk.mp4").write_bytes(np.random.default_rng(0).bytes(4000))
    assert call(["sim", *[a.replace("{dir}", str(tmp_path)) for a in arguments]]) == 2
    told = capfd.readouterr().err.splitlines()
    assert len(told) == 1
    assert said in told[0]
