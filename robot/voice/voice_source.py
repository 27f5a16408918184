"""The source of spoken words: a microphone, or a recording that is heard as the run's time passes, through the ear.

With a recording two runs hear the same; a microphone is for `live` runs, whose log holds what was understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator

from robot import topics
from robot.clock import NS_PER_S
from robot.messages import CommandText
from robot.node import Inbox, Node, Outbox
from robot.voice.ear import Ear, EarConfig
from robot.voice.microphone import Microphone
from robot.voice.recording import RATE_HZ, Samples, read_wav


@dataclass(frozen=True)
class VoiceConfig:
    """What is listened to, and how the robot is called."""

    wav: str = ""  # a recording that begins with the run; empty: the microphone
    device: int | str = ""  # the microphone's name or number; empty: the system's own
    wake_word: str = "housemate"  # empty: everything is for the robot


class VoiceSource(Node):
    """Hear people, and publish what they say to the robot. Its questions may be answered without the wake word."""

    inputs = (topics.REPLY, topics.DISPLAY_REPLY)
    outputs = (topics.HEARD,)
    rate_hz = 20
    faces_world = True

    def __init__(self, config: VoiceConfig, rng: Generator) -> None:
        """Load the ear and open what is heard. Raises RecordingError or MicrophoneError where that cannot be."""
        del rng  # nothing here is left to chance
        self._recording = read_wav(Path(config.wav)) if config.wav else None
        self._microphone = None if config.wav else Microphone(str(config.device))
        self._ear = Ear(EarConfig(wake_word=config.wake_word))
        self._heard = 0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return what was said to the robot in the sound since the last step."""
        said = (*inbox.new(topics.REPLY), *inbox.new(topics.DISPLAY_REPLY))
        if any(stamped.message.kind == "question" for stamped in said):
            self._ear.attend()
        out = Outbox()
        for heard in self._ear.hear(self._sound(now_ns)):
            if heard.readings:
                text, *others = heard.readings
                message = CommandText(stamp_ns=now_ns, text=text, source="voice", alternatives=tuple(others))
                out.put(topics.HEARD, message)
        return out

    def close(self) -> None:
        """Close the microphone."""
        if self._microphone:
            self._microphone.close()

    def _sound(self, now_ns: int) -> Samples:
        """Return the sound since the last step; after a recording's end there is silence."""
        if self._recording is None:
            return self._microphone.sound() if self._microphone else np.zeros(0, np.int16)
        start, self._heard = self._heard, now_ns * RATE_HZ // NS_PER_S
        piece = self._recording[start : self._heard]
        return np.pad(piece, (0, self._heard - start - len(piece)))
