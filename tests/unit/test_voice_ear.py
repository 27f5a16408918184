"""The ear: wake word, "stop" at any time, the same words however sound is cut; and what is no speech."""

from __future__ import annotations

import json
import shutil
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng

from launch.bench import hearing
from launch.bench.home_noise import noisy
from launch.cli import call
from robot import topics
from robot.messages import CommandText
from robot.node import Inbox
from robot.voice.ear import Ear, EarConfig, Heard
from robot.voice.recording import RATE_HZ, Samples
from robot.voice.speaker import SpeechError, Voice, speech
from robot.voice.voice_source import VoiceConfig, VoiceSource

SLT = Voice("flite", "slt")


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE_HZ), np.int16)


@pytest.fixture(scope="module")
def talk() -> Samples:
    """Called and told something; then told something without being called; then stopped."""
    if shutil.which("flite") is None:
        pytest.skip("bash tools/system_packages.sh voice (as root: apt-get install flite)")
    parts = [silence(0.5), speech("housemate, go to the kitchen", SLT), silence(10.0), speech("turn left please", SLT),
             silence(1.5), speech("stop", SLT), silence(1.0)]  # fmt: skip
    return np.concatenate(parts)


def heard(ear: Ear, sound: Samples, piece: int) -> list[Heard]:
    return [found for i in range(0, len(sound), piece) for found in ear.hear(sound[i : i + piece])] + ear.close()


@pytest.fixture(scope="module")
def of_talk(talk: Samples) -> list[Heard]:
    return heard(Ear(EarConfig()), talk, 1600)


def test_only_what_follows_the_wake_word_is_for_the_robot_and_stop_always(of_talk: list[Heard]) -> None:
    assert [found.kind for found in of_talk] == ["phrase", "stop"]
    assert of_talk[0].readings[0] == "go to the kitchen"


def test_stop_is_known_within_300_ms_of_its_end(of_talk: list[Heard], talk: Samples) -> None:
    spoken_until_s = (np.flatnonzero(np.abs(talk) > 300)[-1] + 1) / RATE_HZ
    assert of_talk[-1].end_s - spoken_until_s < 0.3


def test_stop_is_heard_in_the_noise_of_a_home_time_after_time() -> None:
    if shutil.which("flite") is None:
        pytest.skip("bash tools/system_packages.sh voice (as root: apt-get install flite)")
    ear, stop = Ear(EarConfig()), noisy(np.concatenate((silence(1.0), speech("stop", SLT))), 10.0, default_rng(3))
    found = [heard.kind for _ in range(3) for heard in ear.hear(np.concatenate((stop, silence(1.5))))]
    assert found.count("stop") == 3


def test_however_sound_is_cut_the_same_is_heard(of_talk: list[Heard], talk: Samples) -> None:
    assert heard(Ear(EarConfig()), talk, 777) == of_talk


def test_without_a_wake_word_everything_is_for_the_robot(talk: Samples) -> None:
    kinds = [found.kind for found in heard(Ear(EarConfig(wake_word="")), talk, 1600)]
    assert kinds == ["phrase", "phrase", "stop"]


def test_an_answer_needs_no_wake_word(talk: Samples) -> None:
    ear = Ear(EarConfig(attentive_s=60.0))
    ear.attend()
    assert [found.kind for found in heard(ear, talk, 1600)] == ["phrase", "phrase", "stop"]


def test_silence_and_steady_noise_say_nothing() -> None:
    assert heard(Ear(EarConfig(wake_word="")), silence(3.0), 1600) == []
    fan = noisy(silence(0.1), 10.0, default_rng(0))
    assert heard(Ear(EarConfig(wake_word="")), np.resize(fan, 3 * RATE_HZ), 1600) == []


def test_a_run_hears_a_recording_as_its_time_passes(talk: Samples, tmp_path: Path) -> None:
    path = write(tmp_path / "talk.wav", talk)
    said: list[CommandText] = []
    node = VoiceSource(VoiceConfig(wav=str(path)), default_rng(0))
    for tick in range(int(20 * len(talk) / RATE_HZ) + 40):
        now_ns = tick * 50_000_000
        out = node.step(now_ns, Inbox(now_ns, {}, {}))
        said += [message for topic, message, _ in out.items if topic is topics.HEARD]
    assert [message.text for message in said] == ["go to the kitchen", "stop"]
    assert {message.source for message in said} == {"voice"}


def test_listen_prints_what_was_understood(talk: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["listen", "--wav", str(write(tmp_path / "talk.wav", talk))]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["actions"][0]["action"] for row in rows] == ["go_to", "stop"]


def test_a_robot_in_a_home_does_what_a_recording_says(talk: Samples, tmp_path: Path) -> None:
    path = write(tmp_path / "talk.wav", talk[: 4 * RATE_HZ])
    calls = ["sim", "home", "--set", f"voice.wav={path}", "--duration", "5", "--perception", "emulated", "--fast",
             "--runner", "lockstep", "--no-video", "--out"]  # fmt: skip
    assert [call([*calls, str(tmp_path / name)]) for name in ("one", "two")] == [0, 0]
    one, two = (json.loads((tmp_path / name / "summary.json").read_text()) for name in ("one", "two"))
    assert "go to the kitchen" in json.dumps(one["events"])
    assert one["log_sha256"] == two["log_sha256"]


def test_without_a_microphone_one_line_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)  # PortAudio or its binding is missing
    assert call(["listen"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "libportaudio2" in err
    run = ["--duration", "1", "--perception", "emulated", "--runner", "lockstep", "--no-video", "--out", str(tmp_path)]
    assert call(["sim", "home", "--set", "voice.device=0", *run]) == 2
    assert "libportaudio2" in capsys.readouterr().err
    assert call(["listen", "--tell", "--speak"]) == 2


def test_the_bench_of_hearing_counts_words_commands_and_stops(
    talk: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hearing, "VOICES", (SLT,))
    assert call(["bench", "voice", "hearing", "--seeds", "2", "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "summary.json").read_text())
    assert [row["noise"] for row in found["rows"]] == [False, True]
    assert 0.0 <= found["clean"]["word_error"] <= found["noise"]["word_error"]
    assert found["clean"]["stop_missed"] <= 0.5
    assert "bar 0.92" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--wav", "none.wav"], ["--wake", "xqzt", "--wav", "none.wav"]])
def test_a_wrong_call_is_told_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["listen", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_synthesizer_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpeechError, match="not installed"):
        speech("hello", SLT)


def write(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())
    return path
