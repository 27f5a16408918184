"""Sound to what the network of hearing sees: forty loudnesses on the mel scale, a hundred times a second.

Each band is taken relative to its mean over the phrase (cepstral mean normalisation, Atal 1974, in the mel domain), so
neither a microphone's level nor its colour matters.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from robot.voice.recording import RATE_HZ

WINDOW, HOP, POINTS, BANDS = 400, 160, 512, 40
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
FLOOR = 1e-9  # of full-scale power
Floats = NDArray[np.float32]


def loudness(sound: NDArray[np.float32], warp: float = 1.0) -> Floats:
    """Return (frames, 40) of a sound of unit full scale at 16 kHz; none for less than a window.

    Args:
        warp: stretches the frequencies, as a shorter or longer vocal tract does (Jaitly and Hinton, 2013).
    """
    if len(sound) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP] * _window()
    spectrum = np.fft.rfft(frames, POINTS)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    bands = np.log(power @ _filters(round(warp, 2)) + np.float32(FLOOR))
    result: Floats = bands - bands.mean(axis=0)
    return result


@lru_cache(maxsize=1)
def _window() -> Floats:
    return np.hanning(WINDOW).astype(np.float32)


@lru_cache(maxsize=64)
def _filters(warp: float) -> Floats:
    """Return (257, 40) triangles, equally far apart in mel."""
    edges = _hertz(np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2)) * warp
    hz = np.arange(POINTS // 2 + 1) * RATE_HZ / POINTS
    up = (hz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - hz[:, None]) / (edges[2:] - edges[1:-1])
    result: Floats = np.maximum(0.0, np.minimum(up, down)).astype(np.float32)
    return result


def _mel(hertz: float) -> float:
    return float(2595.0 * np.log10(1.0 + hertz / 700.0))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    return result
