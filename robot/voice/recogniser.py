"""Speech to text: pocketsphinx, whose acoustic model ships in its package, with a language model of home commands.

A recording may be of any rate and number of channels; it becomes 16 kHz mono. Silence and noise give no text. Digital
silence, which no microphone gives and which the acoustic model has never seen, is covered with faint noise.
"""

from __future__ import annotations

import gzip
import os
import tempfile
import wave
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
MODEL = Path(__file__).parent / "home.arpa.gz"
LONGEST_S = 60.0
QUIET = 0.004  # root mean square of full scale; less is silence
OWN_WORDS = {"housemate": "HH AW S M EY T"}  # what the pronouncing dictionary lacks
PAUSE_S, FAINT = 0.2, 16.0  # put before and after a phrase; standard deviation of the noise laid over it (-66 dB)
Samples = NDArray[np.int16]


class RecordingError(ValueError):
    """A file that is no recording; the message is one line."""


def pronounced() -> Iterator[str]:
    """Yield the words that the recogniser can pronounce."""
    yield from OWN_WORDS
    for line in _dictionary().splitlines():
        word = line.split(" ", 1)[0]
        if "(" not in word:
            yield word


class Recogniser:
    """One decoder; about half a second to load. The same recording gives the same words, whatever came before."""

    def __init__(self, model: Path = MODEL) -> None:
        from pocketsphinx import Decoder

        with tempfile.TemporaryDirectory() as folder:
            plain, words = Path(folder) / "home.arpa", Path(folder) / "home.dict"
            plain.write_bytes(gzip.decompress(model.read_bytes()))
            own = "".join(f"{word} {sounds}\n" for word, sounds in OWN_WORDS.items())
            words.write_text(own + _dictionary(), encoding="utf-8")
            self._decoder: Any = Decoder(lm=str(plain), dict=str(words), samprate=float(RATE_HZ), logfn=os.devnull)

    def text(self, samples: Samples) -> str:
        """Return the words of a recording at 16 kHz, lower-case; empty where nothing was said."""
        return next(iter(self.alternatives(samples, 1)), "")

    def alternatives(self, samples: Samples, most: int = 5) -> tuple[str, ...]:
        """Return up to `most` readings of a recording, the likeliest first; none where nothing was said."""
        if len(samples) < RATE_HZ // 10 or _loudness(samples) < QUIET:
            return ()
        self._decoder.start_utt()
        self._decoder.process_raw(_covered(samples).tobytes(), full_utt=True)
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


def _dictionary() -> str:
    from pocketsphinx import get_model_path

    return Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8")


def _covered(samples: Samples) -> Samples:
    """Return a phrase with a pause around it and faint noise over it, always the same noise."""
    padded = np.pad(samples, int(PAUSE_S * RATE_HZ)).astype(np.float64)
    noise = np.random.default_rng(0).normal(0.0, FAINT, len(padded))
    return np.clip(np.round(padded + noise), -32768, 32767).astype(np.int16)


def read_wav(path: Path) -> Samples:
    """Return a recording as 16 kHz mono; one that was cut short is read as far as it goes.

    Raises:
        RecordingError: no such file, or it is no wav of whole-number samples.
    """
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(int(LONGEST_S * rate))
    except (OSError, EOFError, wave.Error) as error:
        raise RecordingError(f"{path}: is no wav file that can be read ({error or 'it is empty'})") from error
    if width not in (1, 2, 4) or not 1000 <= rate <= 192_000:
        raise RecordingError(f"{path}: {8 * width} bits at {rate} Hz; wanted are 8, 16 or 32 bits at 1 to 192 kHz")
    raw = raw[: len(raw) // (width * channels) * width * channels]
    values = np.frombuffer(raw, {1: np.uint8, 2: np.int16, 4: np.int32}[width]).astype(np.float64)
    values = (values - 128.0) * 256.0 if width == 1 else values / (65536.0 if width == 4 else 1.0)
    mono = values.reshape(-1, channels).mean(axis=1)
    return _resampled(mono, rate)


def _resampled(mono: NDArray[np.float64], rate: int) -> Samples:
    if rate != RATE_HZ and len(mono) > 1:
        from math import gcd

        from scipy.signal import resample_poly

        common = gcd(rate, RATE_HZ)
        mono = resample_poly(mono, RATE_HZ // common, rate // common)
    return np.clip(np.round(mono), -32768, 32767).astype(np.int16)


def _loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float64))))) / 32768.0
