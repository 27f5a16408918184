"""`launch track` as strangers call it: its lines, its films, and every kind of bad input."""

import json
import math

import av
import cv2
import numpy as np
import pytest
from face_theatre import HEIGHT, WIDTH, FaceTheatre

from launch.cli import call

KEYS = ["frame", "t", "faces", "locked_id", "gesture"]
FACE_KEYS = ["id", "bbox", "yaw_deg", "pitch_deg", "roll_deg", "score"]


@pytest.fixture(scope="module")
def frames():
    """Two people, one of whom nods twice; 10 frames a second."""
    theatre, frames = FaceTheatre(), []
    for k in range(30):
        nod = math.radians(16) * 0.5 * (1 - math.cos(2 * math.pi * 1.0 * (k - 8) / 10)) if 8 <= k < 28 else 0.0
        theatre.put("anna", 0.7, 0.12, pitch=nod)
        theatre.put("ben", 1.2, -0.35)
        frames.append(theatre.frame())
    theatre.close()
    return frames


def film(path, pictures, codec="libx264", pixels="yuv420p", given="rgb24"):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixels
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format=given)))
        container.mux(stream.encode())
    return path


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_lines_are_the_contract(tmp_path, frames, capfd):
    video = film(tmp_path / "two.mp4", frames)
    assert call(["track", str(video), "--out", str(tmp_path / "two.jsonl"), "--out", str(tmp_path / "seen.mp4")]) == 0
    found = lines(tmp_path / "two.jsonl")
    assert [record["frame"] for record in found] == list(range(30))
    assert all(list(record) == KEYS for record in found)
    assert [record["t"] for record in found] == pytest.approx([k / 10 for k in range(30)], abs=1e-3)
    assert all([face["id"] for face in record["faces"]] == [1, 2] for record in found)
    assert all(list(face) == FACE_KEYS for record in found for face in record["faces"])
    assert {record["locked_id"] for record in found} == {1}
    assert [record["gesture"] for record in found if record["gesture"]] == ["nod"]
    x, _, width, _ = found[0]["faces"][0]["bbox"]
    assert x + width / 2 < WIDTH / 2  # anna, the larger, is on the left
    with av.open(str(tmp_path / "seen.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


def test_a_click_and_the_terminal(tmp_path, frames, capfd):
    video = film(tmp_path / "two.mp4", frames[:4])
    x = WIDTH / 2 + 0.35 / 1.2 * (WIDTH / 2 / math.tan(0.47))
    assert call(["track", str(video), "--lock", f"{x:.0f},{HEIGHT / 2:.0f}"]) == 0
    said = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {record["locked_id"] for record in said} == {2}


@pytest.mark.parametrize("kind", ["grey", "grey16", "portrait", "odd", "still16"])
def test_pictures_of_all_kinds(tmp_path, frames, kind, capfd):
    grey = [cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in frames[:3]]
    if kind == "grey":
        path = film(tmp_path / "v.mkv", grey, "ffv1", "gray", "gray")
    elif kind == "grey16":
        path = film(tmp_path / "v.mkv", [g.astype(np.uint16) * 257 for g in grey], "ffv1", "gray16le", "gray16le")
    elif kind == "portrait":
        path = film(tmp_path / "v.mp4", [f[:, 40:270] for f in frames[:3]])
    elif kind == "odd":
        path = film(tmp_path / "v.mkv", [f[:355, 3:] for f in frames[:3]], "ffv1", "bgr0", "rgb24")
    else:
        path = tmp_path / "v.png"
        cv2.imwrite(str(path), frames[0][:, :, ::-1].astype(np.uint16) * 257)
    assert call(["track", str(path), "--out", str(tmp_path / "o.jsonl"), "--out", str(tmp_path / "o.mp4")]) == 0
    found = lines(tmp_path / "o.jsonl")
    assert len(found) == (1 if kind == "still16" else 3)
    assert all(record["faces"] for record in found)


def test_nobody_and_black(tmp_path, capfd):
    video = film(tmp_path / "v.mp4", [np.zeros((120, 160, 3), np.uint8), np.full((120, 160, 3), 90, np.uint8)])
    assert call(["track", str(video), "--out", str(tmp_path / "o.jsonl")]) == 0
    assert [(r["faces"], r["locked_id"], r["gesture"]) for r in lines(tmp_path / "o.jsonl")] == [([], None, None)] * 2


def test_twenty_faces(tmp_path, frames, capfd):
    face = frames[0][40:320, 20:300]
    crowd = np.vstack([np.hstack([face] * 5)] * 4)
    cv2.imwrite(str(tmp_path / "v.png"), crowd[:, :, ::-1])
    assert call(["track", str(tmp_path / "v.png"), "--out", str(tmp_path / "o.jsonl")]) == 0
    found = lines(tmp_path / "o.jsonl")[0]["faces"]
    assert len(found) == 20
    assert len({f["id"] for f in found}) == 20


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path, frames, capfd):
    whole = film(tmp_path / "whole.mkv", frames).read_bytes()
    (tmp_path / "half.mkv").write_bytes(whole[: len(whole) // 2])
    assert call(["track", str(tmp_path / "half.mkv"), "--out", str(tmp_path / "o.jsonl")]) == 0
    assert 3 < len(lines(tmp_path / "o.jsonl")) < 30
    assert len(capfd.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.mp4"], "no such file"),
        (["97"], "no camera 97"),
        (["{dir}"], "not a file"),
        (["{dir}/empty.mp4"], "is empty"),
        (["{dir}/junk.mp4"], "cannot be read as a video"),
        (["{dir}/junk.png"], "cannot be read as a picture"),
        (["{dir}/note.txt"], "is text"),
        (["{dir}/ok.mp4", "--lock", "somebody nice"], "must be 'largest'"),
        (["{dir}/ok.mp4", "--lock", "5000,20"], "outside the picture"),
        (["{dir}/ok.mp4", "--out", "{dir}/x.doc"], "must end in .jsonl"),
        (["{dir}/ok.mp4", "--out", "{dir}/none/x.jsonl"], "folder that exists"),
    ],
)
def test_bad_calls_are_one_line(tmp_path, frames, capfd, arguments, said):
    film(tmp_path / "ok.mp4", frames[:2])
    (tmp_path / "empty.mp4").touch()
    for name in ("junk.mp4", "junk.png"):
        (tmp_path / name).write_bytes(np.random.default_rng(0).bytes(5000))
    (tmp_path / "note.txt").write_text("hello")
    assert call(["track", *[a.replace("{dir}", str(tmp_path)) for a in arguments]]) == 2
    told = capfd.readouterr().err.splitlines()
    assert len(told) == 1
    assert said in told[0]


def test_a_window_needs_a_display(tmp_path, frames, capfd, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    video = film(tmp_path / "ok.mp4", frames[:2])
    assert call(["track", str(video), "--show"]) == 2
    assert "no display" in capfd.readouterr().err
