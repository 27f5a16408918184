"""Recordings of every bad kind: silent, stereo, 8 kHz, cut short, no wav at all: a sensible reply or one clear line."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng
from numpy.typing import NDArray

from launch.bench.home_noise import noisy
from launch.cli import call
from robot.voice.recogniser import Recogniser
from robot.voice.recording import RATE_HZ, RecordingError, Samples, read_wav
from robot.voice.speaker import Voice, speech


def write(path: Path, samples: NDArray[np.int16], rate: int = RATE_HZ, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return path


def tone(seconds: float, rate: int = RATE_HZ) -> NDArray[np.int16]:
    return (8000 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.int16)


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 2), (44100, 2), (48000, 1)])
def test_every_rate_and_number_of_channels_becomes_16_khz_mono(tmp_path: Path, rate: int, channels: int) -> None:
    samples = np.repeat(tone(1.0, rate), channels)
    read = read_wav(write(tmp_path / "a.wav", samples, rate, channels))
    assert len(read) == pytest.approx(RATE_HZ, abs=2)
    loudest = np.argmax(np.abs(np.fft.rfft(read.astype(float)))) * RATE_HZ / len(read)
    assert loudest == pytest.approx(440, abs=3)


def test_a_recording_that_was_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1.0))
    path.write_bytes(path.read_bytes()[:10_001])
    assert 4000 < len(read_wav(path)) < 5000


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a wav at all" * 100, bytes(range(256))])
def test_what_is_no_wav_is_told_in_one_line(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"\(.+\)|wanted are"):
        read_wav(path)
    assert call(["understand", "--wav", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_file_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["understand", "--wav", str(tmp_path / "none.wav")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture(scope="module")
def said() -> Samples:
    if shutil.which("flite") is None:
        pytest.skip("bash tools/system_packages.sh voice (as root: apt-get install flite)")
    return speech("go to the kitchen", Voice("flite", "slt"))


def test_a_sentence_is_read_in_quiet_and_in_a_home_and_the_same_each_time(
    recogniser: Recogniser, said: Samples
) -> None:
    at_home = noisy(said, 20.0, default_rng(1))
    first = recogniser.alternatives(at_home)
    assert recogniser.text(said) == "go to the kitchen"
    assert first[0] == "go to the kitchen"
    assert recogniser.alternatives(at_home) == first
    assert len(set(first)) == len(first) > 1


def test_a_strange_voice_is_left_to_pocketsphinx_where_it_is_quiet(
    recogniser: Recogniser, said: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings, doubt = recogniser.by_network(said, 5)
    monkeypatch.setattr(recogniser, "by_network", lambda samples, most: (readings[1:], 10.0))
    assert doubt < 0.5
    assert recogniser.text(said) == "go to the kitchen"  # by pocketsphinx: the network's best was taken away
    assert recogniser.text(noisy(said, 5.0, default_rng(1))) == " ".join(readings[1].words)


def test_silence_and_a_click_say_nothing(recogniser: Recogniser) -> None:
    assert recogniser.text(np.zeros(RATE_HZ, np.int16)) == ""
    assert recogniser.text(default_rng(0).integers(-30, 30, RATE_HZ).astype(np.int16)) == ""
    assert recogniser.text(np.array([32767], np.int16)) == ""
    assert recogniser.text(np.zeros(0, np.int16)) == ""


def test_a_silent_recording_has_a_sensible_reply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["understand", "--wav", str(write(tmp_path / "a.wav", np.zeros(RATE_HZ, np.int16)))]) == 0
    assert "did not hear any words" in capsys.readouterr().out
