"""Noise of a home, made and not recorded: a fan, a fridge's hum, running water, dishes, and a television that talks.

Deterministic for a seed. Levels are those of the mixture against the voice, root mean square over the voice's length.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from robot.voice.recording import RATE_HZ, Samples

Wave = NDArray[np.float64]
HUM_HZ = (50.0, 100.0, 150.0, 300.0)


def noisy(samples: Samples, snr_db: float, rng: Generator, talk: Samples | None = None) -> Samples:
    """Return a recording with a home around it.

    Args:
        snr_db: the voice's level over the noise's.
        talk: 16 kHz speech of a television in the next room, a quarter of the noise's power; None for none.
    """
    noise = home(len(samples), rng)
    if talk is not None and len(talk):
        far = _shaped(np.resize(talk.astype(np.float64), len(samples)), lambda hz: 1.0 / (1.0 + (hz / 1500.0) ** 2))
        noise = np.sqrt(0.75) * _unit(noise) + np.sqrt(0.25) * _unit(far)
    level = np.sqrt(np.mean(samples.astype(np.float64) ** 2)) * 10.0 ** (-snr_db / 20.0)
    result: Samples = np.clip(np.round(samples + level * _unit(noise)), -32768, 32767).astype(np.int16)
    return result


def home(count: int, rng: Generator) -> Wave:
    """Return `count` samples of a kitchen in use, of unit power: half fan and hum, the rest water and dishes."""
    fan = _shaped(rng.normal(size=count), lambda hz: 1.0 / np.sqrt(1.0 + (hz / 200.0) ** 2))
    water = _shaped(rng.normal(size=count), lambda hz: (hz / 2500.0) / (1.0 + (hz / 2500.0) ** 2))
    water *= 1.0 + 0.5 * np.sin(2.0 * np.pi * (rng.random() + 0.4 * np.arange(count) / RATE_HZ))
    return _unit(
        0.65 * _unit(fan) + 0.25 * _unit(_hum(count, rng)) + 0.45 * _unit(water) + 0.35 * _unit(_dishes(count, rng))
    )


def _hum(count: int, rng: Generator) -> Wave:
    t = np.arange(count) / RATE_HZ
    parts = [np.sin(2.0 * np.pi * (hz * t + rng.random())) / (i + 1) for i, hz in enumerate(HUM_HZ)]
    result: Wave = np.sum(parts, axis=0)
    return result


def _dishes(count: int, rng: Generator) -> Wave:
    """Return clinks, about one and a half a second: tones of a few kilohertz that fade within 50 ms."""
    sound = np.zeros(count)
    length = RATE_HZ // 8
    t = np.arange(length) / RATE_HZ
    for _ in range(1 + rng.poisson(1.5 * count / RATE_HZ)):
        tones = [np.sin(2.0 * np.pi * hz * t) for hz in rng.uniform(1500.0, 5500.0, 3)]
        clink = np.sum(tones, axis=0) * np.exp(-t / 0.02)
        start = int(rng.integers(max(1, count)))
        end = min(count, start + length)
        sound[start:end] += clink[: end - start]
    return sound


def _shaped(noise: Wave, gain: Callable[[Wave], Wave]) -> Wave:
    spectrum = np.fft.rfft(noise)
    hz = np.fft.rfftfreq(len(noise), 1.0 / RATE_HZ)
    result: Wave = np.fft.irfft(spectrum * gain(hz), len(noise))
    return result


def _unit(sound: Wave) -> Wave:
    result: Wave = sound / (np.sqrt(np.mean(sound**2)) + 1e-9)
    return result
