"""Speech to text, wholly on the device: a small network of our own, and pocketsphinx where the network is in doubt.

The network (`phones.py`, `search.py`) learned from synthetic voices in noise and has never heard a person; the model of
pocketsphinx was made of people in quiet. So every phrase is first read by the network. How far the words that it found
fall behind the sounds that it heard says whether this is a voice of a kind it knows; if not, and it is quiet enough for
the other, pocketsphinx reads the phrase. Both have one language model of home commands. Silence gives no text.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from robot.voice.ngrams import Ngrams, tree
from robot.voice.phones import NONE, Phones
from robot.voice.pronouncing import pronunciations
from robot.voice.recording import RATE_HZ, Samples
from robot.voice.search import Reading, Search
from robot.voice.sphinx import Sphinx, covered

MODEL = Path(__file__).parent / "home.arpa.gz"
QUIET = 0.004  # root mean square of full scale; less is silence
DOUBT = 0.5  # log chance per sound by which the words may fall behind the sounds
FEWER_PAUSES = 2.0  # taken off the log chance of "no sound": in noise the network hears too few sounds
IN_QUIET_DB = 20.0  # from the faintest to the loudest moments of a phrase: less is noise, in which pocketsphinx is lost
MOMENT = RATE_HZ // 50


class Recogniser:
    """Both recognisers; about a second to load. The same recording gives the same words, whatever came before."""

    def __init__(self, model: Path = MODEL) -> None:
        ngrams = Ngrams(model)
        self.phones, self._search = Phones(), Search(tree(pronunciations(), ngrams), ngrams)
        self._sphinx = Sphinx(model)

    def text(self, samples: Samples) -> str:
        """Return the words of a recording at 16 kHz, lower-case; empty where nothing was said."""
        return next(iter(self.alternatives(samples, 1)), "")

    def alternatives(self, samples: Samples, most: int = 5) -> tuple[str, ...]:
        """Return up to `most` readings of a recording, the likeliest first; none where nothing was said."""
        if len(samples) < RATE_HZ // 10 or _loudness(samples) < QUIET:
            return ()
        readings, doubt = self.by_network(samples, most)
        if doubt <= DOUBT or _contrast_db(samples) < IN_QUIET_DB:
            return tuple(" ".join(reading.words) for reading in readings)
        return self._sphinx.alternatives(samples, most)

    def by_network(self, samples: Samples, most: int) -> tuple[list[Reading], float]:
        """Return the network's readings, and how far per sound the best falls behind what was heard."""
        chances = self.phones.log_chances(covered(samples))
        chances[:, NONE] -= FEWER_PAUSES
        best = chances.argmax(axis=1)
        sounds = int(np.count_nonzero((best != NONE) & (np.diff(best, prepend=NONE) != 0)))
        readings = self._search.readings(chances, most) if sounds else []
        if not readings:
            return [], float("inf") if sounds else 0.0
        return readings, (float(chances.max(axis=1).sum()) - readings[0].sound) / sounds


def _contrast_db(samples: Samples) -> float:
    """Return how much louder the loud tenth of a phrase is than its faintest twentieth."""
    moments = samples[: len(samples) // MOMENT * MOMENT].reshape(-1, MOMENT).astype(np.float64)
    faint, loud = np.percentile(np.mean(moments**2, axis=1) + 1.0, (5.0, 90.0))
    return float(10.0 * np.log10(loud / faint))


def _loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float64))))) / 32768.0
