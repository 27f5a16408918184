"""Noise to learn hearing in: made, and of more kinds than `launch bench voice hearing` has, none of them its code.

Coloured hiss that swells, hums and motors, knocks and clinks, tones like music, and many voices at once. A room may
answer (noise that dies away), and the microphone is anywhere between near and far.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from robot.voice.recording import RATE_HZ

Sound = NDArray[np.float32]
LENGTH = 8 * RATE_HZ
CLEAN, ROOM = 0.2, 0.2  # shares of the sentences without noise, and in a room that answers
SNR_DB = (2.0, 30.0)


def bank(rng: Generator, voices: list[Sound], each: int = 60) -> list[Sound]:
    """Return noises of eight seconds and unit power, of every kind as many."""
    return [_unit(kind) for _ in range(each) for kind in (_hiss(rng), _hum(rng), _knocks(rng), _music(rng),
                                                         _babble(rng, voices))]  # fmt: skip


def heard(rng: Generator, sound: Sound, noises: list[Sound]) -> Sound:
    """Return a sentence as a microphone may get it, at a tenth of full scale or so."""
    if rng.random() < ROOM:
        sound = _room(rng, sound)
    sound = sound * np.float32(10.0 ** rng.uniform(-1.8, -0.6) / (np.sqrt(np.mean(sound**2)) + 1e-6))
    faint = rng.standard_normal(len(sound), dtype=np.float32) * np.float32(5e-4)
    if rng.random() < CLEAN:
        return sound + faint
    noise = np.zeros(len(sound), np.float32)
    for _ in range(int(rng.integers(1, 5))):
        noise += _piece(rng, noises[int(rng.integers(len(noises)))], len(sound)) * np.float32(rng.uniform(0.2, 1.0))
    level = np.sqrt(np.mean(sound**2)) * 10.0 ** (-rng.uniform(*SNR_DB) / 20.0)
    result: Sound = sound + faint + np.float32(level) * _unit(noise)
    return result


def _piece(rng: Generator, noise: Sound, count: int) -> Sound:
    start = int(rng.integers(len(noise)))
    return np.resize(np.concatenate((noise[start:], noise[:start])), count)


def _hiss(rng: Generator) -> Sound:
    """Return noise that falls with frequency as it likes, with a band of its own, swelling or not."""
    hz = np.fft.rfftfreq(LENGTH, 1.0 / RATE_HZ) + 20.0
    gain = hz ** -rng.uniform(0.0, 1.2)
    centre, width = np.exp(rng.uniform(np.log(200.0), np.log(6000.0))), rng.uniform(0.3, 1.2)
    gain *= 1.0 + rng.uniform(0.0, 8.0) * np.exp(-(np.log(hz / centre) ** 2) / (2.0 * width**2))
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(LENGTH)) * gain, LENGTH)
    t = np.arange(LENGTH) / RATE_HZ
    swell = 1.0 + rng.uniform(0.0, 0.8) * np.sin(2.0 * np.pi * (np.exp(rng.uniform(-2.5, 2.5)) * t + rng.random()))
    result: Sound = (noise * swell).astype(np.float32)
    return result


def _hum(rng: Generator) -> Sound:
    t = np.arange(LENGTH) / RATE_HZ
    lowest, wander = np.exp(rng.uniform(np.log(40.0), np.log(450.0))), rng.uniform(0.0, 0.02)
    phase = 2.0 * np.pi * lowest * (t + wander * np.sin(2.0 * np.pi * rng.uniform(0.1, 2.0) * t))
    falls = rng.uniform(0.3, 1.5)
    tones = (rng.uniform(0.2, 1.0) * np.sin(n * phase + rng.uniform(0.0, 6.3)) / n**falls for n in range(1, 16))
    result: Sound = sum(tones, np.zeros(LENGTH)).astype(np.float32)
    return result


def _knocks(rng: Generator) -> Sound:
    """Return knocks, clinks and rustles: short tones and bursts that die away, a few a second."""
    sound = np.zeros(LENGTH, np.float32)
    length = RATE_HZ // 4
    t = np.arange(length) / RATE_HZ
    for _ in range(int(rng.integers(3, 40))):
        centre, fade = (
            np.exp(rng.uniform(np.log(150.0), np.log(7000.0))),
            np.exp(rng.uniform(np.log(0.004), np.log(0.08))),
        )
        tones = sum(
            np.sin(2.0 * np.pi * centre * ratio * t) for ratio in rng.uniform(0.5, 2.0, int(rng.integers(1, 5)))
        )
        burst = (tones + rng.uniform(0.0, 2.0) * rng.standard_normal(length)) * np.exp(-t / fade)
        start = int(rng.integers(LENGTH - length))
        sound[start : start + length] += (rng.uniform(0.2, 1.0) * burst).astype(np.float32)
    return sound


def _music(rng: Generator) -> Sound:
    """Return chords that change a few times a second."""
    sound, at = np.zeros(LENGTH, np.float32), 0
    while at < LENGTH:
        count = min(LENGTH - at, int(rng.uniform(0.15, 0.8) * RATE_HZ))
        t = np.arange(count) / RATE_HZ
        for note in rng.integers(35, 85, int(rng.integers(1, 5))):
            tone = np.sin(2.0 * np.pi * 440.0 * 2.0 ** ((note - 69) / 12.0) * t)
            sound[at : at + count] += np.exp(-2.0 * t) * (np.sign(tone) if rng.random() < 0.2 else tone)
        at += count
    return sound


def _babble(rng: Generator, voices: list[Sound]) -> Sound:
    """Return two to eight voices at once, dulled as by a wall."""
    total = np.zeros(LENGTH, np.float32)
    for _ in range(int(rng.integers(2, 9))):
        total += _piece(rng, _unit(voices[int(rng.integers(len(voices)))]), LENGTH)
    spectrum, hz = np.fft.rfft(total), np.fft.rfftfreq(LENGTH, 1.0 / RATE_HZ)
    return np.fft.irfft(spectrum / (1.0 + (hz / rng.uniform(700.0, 5000.0)) ** 2), LENGTH).astype(np.float32)


def _room(rng: Generator, sound: Sound) -> Sound:
    t = np.arange(int(0.35 * RATE_HZ)) / RATE_HZ
    answer = rng.standard_normal(len(t)) * np.exp(-t * 6.9 / rng.uniform(0.1, 0.5))
    answer *= rng.uniform(0.1, 0.8) / np.sqrt(np.sum(answer**2))
    answer[0] = 1.0
    result: Sound = fftconvolve(sound, answer.astype(np.float32))[: len(sound)].astype(np.float32)
    return result


def _unit(sound: Sound) -> Sound:
    result: Sound = sound / (np.sqrt(np.mean(sound**2)) + np.float32(1e-9))
    return result
