"""One word heard at once, in a stream and beside everything else: "stop", which needs no wake word and no pause.

Two searches, and either will do, because to hear the word where it was not said only stops the robot. The network of
hearing looks at the last second, again and again: are the sounds of the word in it, nearly as likely as what was heard
in their place? It bears noise. And pocketsphinx's keyword search against a loop of phones, which knows people's voices.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from robot.voice.features import Floats
from robot.voice.phones import NONE, Phones
from robot.voice.pronouncing import PHONES
from robot.voice.recording import RATE_HZ, Samples

FORGET_S = 6.0  # sound after which the search begins anew: its statistics must not grow old
STOP = tuple(PHONES.index(sound) for sound in ("S", "T", "AA", "P"))
WINDOW, STEP = int(1.2 * RATE_HZ), int(0.06 * RATE_HZ)
BEHIND = 0.9  # log chance per sound by which the word may fall behind what else was heard
FAINT = 16.0  # of the noise laid over digital silence, as in the recogniser
NEVER = -1e30


class Spotter:
    """Feed it sound of any length in order; deterministic."""

    def __init__(self, phones: Phones, word: str = "stop", sounds: Sequence[int] = STOP, ratio: float = 1e-20) -> None:
        """Load it. `ratio` is pocketsphinx's least ratio of the word's likelihood to that of any other sounds."""
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(
            keyphrase=word, kws_threshold=ratio, samprate=float(RATE_HZ), lm=None, logfn=os.devnull
        )
        self._decoder.start_utt()
        self._phones, self._sounds = phones, tuple(sounds)
        self._cover = np.random.default_rng(0).normal(0.0, FAINT, WINDOW)
        self._window = np.zeros(WINDOW, np.int16)
        self._fed = self._waits = 0

    def heard(self, samples: Samples) -> bool:
        """Return whether the word ended in this piece of sound, or just before it."""
        found = self._by_keyword(samples)
        for start in range(0, len(samples), STEP):
            found |= self._by_network(samples[start : start + STEP])
        return found

    def _by_keyword(self, samples: Samples) -> bool:
        self._decoder.process_raw(samples.tobytes())
        self._fed += len(samples)
        found = self._decoder.hyp() is not None
        if found or self._fed > FORGET_S * RATE_HZ:
            self._decoder.end_utt()
            self._decoder.start_utt()
            self._fed = 0
        return found

    def _by_network(self, samples: Samples) -> bool:
        """Return whether the word stands in the last second. Once heard, it is forgotten."""
        self._window = np.concatenate((self._window, samples))[-WINDOW:]
        self._waits += len(samples)
        if self._waits < STEP:
            return False
        self._waits -= STEP
        covered = np.clip(np.round(self._window + self._cover), -32768, 32767).astype(np.int16)
        found = behind(self._phones.log_chances(covered), self._sounds) <= BEHIND
        if found:
            self._window = np.zeros(WINDOW, np.int16)
        return found


def behind(chances: Floats, sounds: Sequence[int]) -> float:
    """Return how far, in log chance per sound, a word falls behind the likeliest sounds in its place, anywhere.

    Args:
        chances: (rows, 40) of `Phones.log_chances`.
        sounds: of the word, as numbers of `PHONES`, no two alike in a row.
    """
    lost = chances - chances.max(axis=1, keepdims=True) if len(chances) else chances
    states = [state for sound in sounds for state in (sound, NONE)][:-1]
    now = np.full(len(states), NEVER)  # the best so far that ends in this state
    best = NEVER
    for row in lost[:, states].astype(np.float64):
        one = np.concatenate(([0.0], now[:-1]))  # the word may begin at any time
        two = np.concatenate(([NEVER, NEVER], now[:-2]))
        two[1::2] = NEVER  # only "none" between two sounds may be left out
        now = row + np.maximum(now, np.maximum(one, two))
        best = max(best, float(now[-1]))
    return -best / len(sounds)
