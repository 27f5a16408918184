"""Recordings: a wav of any rate and number of channels becomes 16 kHz mono, or one clear line says why not."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
LONGEST_S = 60.0
Samples = NDArray[np.int16]


class RecordingError(ValueError):
    """A file that is no recording; the message is one line."""


def read_wav(path: Path) -> Samples:
    """Return a recording as 16 kHz mono; one that was cut short is read as far as it goes.

    Raises:
        RecordingError: no such file, or it is no wav of whole-number samples.
    """
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(int(LONGEST_S * rate))
    except FileNotFoundError as error:
        raise RecordingError(f"{path}: there is no such file") from error
    except (OSError, EOFError, wave.Error) as error:
        raise RecordingError(f"{path}: is no wav file that can be read ({str(error) or 'it ends too soon'})") from error
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
