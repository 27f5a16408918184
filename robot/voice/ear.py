"""From sound to phrases for the robot: voice activity, the wake word, "stop" at any time, then recognition.

Pure: sound goes in piece by piece, what was heard comes out; the same sound gives the same words however it was cut.
The node of the voice and `launch listen` feed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from robot.bounds import AtLeastZero, Count
from robot.voice.recogniser import Recogniser
from robot.voice.recording import RATE_HZ, Samples
from robot.voice.spotter import Spotter

STOPS = frozenset({"stop", "halt", "freeze"})
GREETINGS = frozenset({"hey", "hi", "okay", "ok", "hello", "please"})
LONGEST_PHRASE_S = 20.0
SAME_STOP_S = 1.0  # what sounds like "stop" so soon after one is the same


@dataclass(frozen=True)
class EarConfig:
    """How the robot is called, and how long it goes on listening."""

    wake_word: str = "housemate"  # one or more words that the recogniser can pronounce; empty: everything is for it
    attentive_s: AtLeastZero = 8.0  # after it was called, or answered: phrases need no wake word
    alternatives: Count = 5  # readings of a phrase that are handed on


@dataclass(frozen=True)
class Heard:
    """A phrase for the robot, without the wake word; or that it was only called."""

    kind: Literal["phrase", "stop", "called"]
    readings: tuple[str, ...]
    """The likeliest first; ("stop",) for stop, none where it was only called."""
    end_s: float
    """Of the sound heard so far"""


class Ear:
    """One stream of sound at 16 kHz, mono."""

    def __init__(self, config: EarConfig) -> None:
        """Load the recogniser and the spotter, about a second."""
        from pocketsphinx import Endpointer

        self._config = config
        self._recogniser = Recogniser()
        self._spotter = Spotter(self._recogniser.phones)
        self._endpointer: Any = Endpointer(sample_rate=RATE_HZ)
        self._frame = int(self._endpointer.frame_bytes) // 2
        self._rest = np.zeros(0, np.int16)
        self._phrase: list[bytes] = []
        self._passed = 0
        self._attentive_until_s = 0.0
        self._stopped_at_s = -1e9

    def attend(self) -> None:
        """Take what is said next as said to the robot: it has just asked something."""
        self._attentive_until_s = self._now_s + self._config.attentive_s

    def hear(self, samples: Samples) -> list[Heard]:
        """Return what was heard by the end of this piece of sound."""
        sound = np.concatenate((self._rest, samples))
        whole = len(sound) // self._frame * self._frame
        self._rest = sound[whole:]
        return [heard for at in range(0, whole, self._frame) for heard in self._step(sound[at : at + self._frame])]

    def close(self) -> list[Heard]:
        """Return what the end of the sound completes."""
        phrase, self._phrase = b"".join([*self._phrase, self._rest.tobytes()]), []
        return self._phrase_heard(phrase) if self._endpointer.in_speech else []

    @property
    def _now_s(self) -> float:
        return self._passed / RATE_HZ

    def _step(self, frame: Samples) -> list[Heard]:
        self._passed += len(frame)
        found = []
        if self._spotter.heard(frame) and self._now_s - self._stopped_at_s > SAME_STOP_S:
            found.append(self._stop())
        before = self._endpointer.in_speech
        speech = self._endpointer.process(frame.tobytes())
        if speech is not None:
            self._phrase.append(speech)
        too_long = len(self._phrase) * self._frame > LONGEST_PHRASE_S * RATE_HZ
        if (before and not self._endpointer.in_speech) or too_long:
            phrase, self._phrase = b"".join(self._phrase), []
            found += self._phrase_heard(phrase)
        return found

    def _phrase_heard(self, phrase: bytes) -> list[Heard]:
        """Return what a whole phrase says to the robot, if it is for it."""
        readings = self._recogniser.alternatives(np.frombuffer(phrase, np.int16), self._config.alternatives)
        if any(reading.split()[0] in STOPS and len(reading.split()) < 4 for reading in readings[:1]):
            stopped = self._now_s - self._stopped_at_s < len(phrase) / 2 / RATE_HZ + SAME_STOP_S
            return [] if stopped else [self._stop()]
        mine = [said for said in (self._to_me(reading) for reading in readings) if said is not None]
        if not mine:
            return []
        self.attend()
        said = tuple(dict.fromkeys(text for text in mine if text))
        return [Heard("phrase" if said else "called", said, self._now_s)]

    def _stop(self) -> Heard:
        self._stopped_at_s = self._now_s
        return Heard("stop", ("stop",), self._now_s)

    def _to_me(self, reading: str) -> str | None:
        """Return a reading without the wake word; None where it was not said and has to be."""
        words, wake = reading.split(), self._config.wake_word.split()
        start = next((i for i, word in enumerate(words) if word not in GREETINGS), len(words))
        if wake and words[start : start + len(wake)] == wake:
            return " ".join(words[start + len(wake) :])
        if wake and words[-len(wake) :] == wake:
            return " ".join(words[: -len(wake)])
        return reading if not wake or self._now_s <= self._attentive_until_s else None
