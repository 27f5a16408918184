"""One word heard at once, in a stream and beside everything else: "stop", which needs no wake word and no pause.

pocketsphinx's keyword search against a loop of phones. It is asked after every 30 ms of sound, so the word is known
about a tenth of a second after its end. To hear it where it was not said only stops the robot.
"""

from __future__ import annotations

import os
from typing import Any

from robot.voice.recogniser import RATE_HZ, Samples

FORGET_S = 6.0  # sound after which the search begins anew: its statistics must not grow old


class Spotter:
    """Feed it sound of any length in order; deterministic."""

    def __init__(self, word: str = "stop", threshold: float = 1e-25) -> None:
        """Load it. `threshold` is the least ratio of the word's likelihood to that of any other sounds."""
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(
            keyphrase=word, kws_threshold=threshold, samprate=float(RATE_HZ), lm=None, logfn=os.devnull
        )
        self._decoder.start_utt()
        self._fed = 0

    def heard(self, samples: Samples) -> bool:
        """Return whether the word ended in this piece of sound, or just before it."""
        self._decoder.process_raw(samples.tobytes())
        self._fed += len(samples)
        found = self._decoder.hyp() is not None
        if found or self._fed > FORGET_S * RATE_HZ:
            self._decoder.end_utt()
            self._decoder.start_utt()
            self._fed = 0
        return found
