"""Speech to text by pocketsphinx, whose acoustic model of American English was made of many people's voices.

Digital silence, which no microphone gives and which that model has never seen, is covered with faint noise.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from robot.voice.pronouncing import dictionary
from robot.voice.recording import RATE_HZ, Samples

PAUSE_S, FAINT = 0.2, 16.0  # put before and after a phrase; standard deviation of the noise laid over it (-66 dB)


class Sphinx:
    """One decoder; about half a second to load. The same recording gives the same words, whatever came before."""

    def __init__(self, model: Path) -> None:
        """Load it with a language model, an ARPA file packed with gzip."""
        from pocketsphinx import Decoder

        with tempfile.TemporaryDirectory() as folder:
            plain, words = Path(folder) / "home.arpa", Path(folder) / "home.dict"
            plain.write_bytes(gzip.decompress(model.read_bytes()))
            words.write_text(dictionary(), encoding="utf-8")
            self._decoder: Any = Decoder(lm=str(plain), dict=str(words), samprate=float(RATE_HZ), logfn=os.devnull)

    def alternatives(self, samples: Samples, most: int) -> tuple[str, ...]:
        """Return up to `most` readings of a recording, the likeliest first; none where nothing was said."""
        self._decoder.start_utt()
        self._decoder.process_raw(covered(samples).tobytes(), full_utt=True)
        self._decoder.end_utt()
        best = self._decoder.hyp()
        if best is None or not best.hypstr:
            return ()
        found = {str(best.hypstr).lower(): None}
        if most > 1:
            for other in islice(self._decoder.nbest(), 4 * most):
                if other is not None and other.hypstr:
                    found[str(other.hypstr).lower()] = None
        return tuple(found)[:most]


def covered(samples: Samples) -> Samples:
    """Return a phrase with a pause around it and faint noise over it, always the same noise."""
    padded = np.pad(samples, int(PAUSE_S * RATE_HZ)).astype(np.float64)
    noise = np.random.default_rng(0).normal(0.0, FAINT, len(padded))
    return np.clip(np.round(padded + noise), -32768, 32767).astype(np.int16)
