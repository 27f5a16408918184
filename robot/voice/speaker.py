"""Text to speech: espeak-ng where it is installed, else flite; where neither is, what the robot says stays text.

Both are programs of the system and wholly local. A voice is a name of theirs, a speed and a pitch, so that one sentence
can be said by many: the benches speak to the robot with these.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from robot.voice.recording import RATE_HZ, RecordingError, Samples, read_wav

LONGEST_S = 30.0  # a synthesizer that takes longer is stopped
LETTERS_MAX = 1000


class SpeechError(RuntimeError):
    """No synthesizer is installed, or it failed; the message is one line."""


@dataclass(frozen=True)
class Voice:
    """Who speaks: `name` as the program calls it; `speed` and `pitch` are shares of what that voice does by itself."""

    program: Literal["espeak-ng", "flite"]
    name: str
    speed: float = 1.0
    pitch: float = 1.0


OWN = (Voice("espeak-ng", "en-us"), Voice("flite", "slt"))  # the robot's, by preference
FLITE_PITCH_HZ = {"kal16": 105.0, "awb": 120.0, "rms": 95.0, "slt": 170.0}  # the mean of each voice
ESPEAK_WORDS_MIN, ESPEAK_PITCH = 165.0, 50.0


def own_voice() -> Voice | None:
    """Return the voice that this machine's robot speaks with; None where no synthesizer is installed."""
    return next((voice for voice in OWN if shutil.which(voice.program)), None)


def speech(text: str, voice: Voice) -> Samples:
    """Return a text as `voice` says it, 16 kHz mono; nothing for a text without words.

    Raises:
        SpeechError: the program is missing or failed.
    """
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:LETTERS_MAX]).split())
    with TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        call = _flite(voice, said, file) if voice.program == "flite" else _espeak(voice, file)
        try:
            subprocess.run(call, input=said.encode(), check=True, capture_output=True, timeout=LONGEST_S)
            return read_wav(file)
        except FileNotFoundError as error:
            raise SpeechError(f"{voice.program} is not installed (apt-get install {voice.program})") from error
        except (OSError, subprocess.SubprocessError, RecordingError) as error:
            raise SpeechError(f"{voice.program} said nothing: {error}") from error


def play(samples: Samples) -> None:
    """Play a recording at 16 kHz to its end.

    Raises:
        SpeechError: there is no loudspeaker, or PortAudio is missing.
    """
    try:
        import sounddevice
    except (OSError, ImportError) as error:
        raise SpeechError("loudspeaker: PortAudio is missing (apt-get install libportaudio2)") from error
    try:
        sounddevice.play(samples, RATE_HZ, blocking=True)
    except (sounddevice.PortAudioError, ValueError) as error:
        raise SpeechError(f"loudspeaker: {str(error).splitlines()[0]}") from error


def _flite(voice: Voice, said: str, file: Path) -> list[str]:
    hertz = FLITE_PITCH_HZ.get(voice.name, 120.0) * voice.pitch
    sets = ["--setf", f"duration_stretch={1.0 / voice.speed:.3f}"]
    sets += ["--setf", f"int_f0_target_mean={hertz:.1f}"] if voice.pitch != 1.0 else []
    return ["flite", "-voice", voice.name, *sets, "-t", said or " ", "-o", str(file)]


def _espeak(voice: Voice, file: Path) -> list[str]:
    speed, pitch = round(ESPEAK_WORDS_MIN * voice.speed), round(ESPEAK_PITCH * voice.pitch)
    return ["espeak-ng", "-v", voice.name, "-s", str(speed), "-p", str(pitch), "-w", str(file), "--stdin"]
