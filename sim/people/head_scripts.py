"""Motions of a head as functions of time: gestures to be recognised, and what people do that only looks like one.

Each returns the angles of the head against the trunk that are added to how it is held, and how far the mouth is open.
Rates and sizes follow what is known of nods in conversation (Hadar et al. 1985: 0.2 to 7 Hz, mostly 1.8 to 3.7).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from numpy.random import Generator

TWO_PI = 2.0 * math.pi


class HeadAngles(NamedTuple):
    """Yaw left, pitch down, roll toward the right shoulder (rad, as in PersonState), mouth 0 closed to 1 open."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    mouth: float = 0.0

    def plus(self, other: HeadAngles) -> HeadAngles:
        """Return both motions at once."""
        return HeadAngles(*(a + b for a, b in zip(self, other, strict=True)))


class HeadScript(NamedTuple):
    """A motion and how long it takes (s). `at` is asked for times from 0 on and is at rest after the end."""

    kind: str
    seconds: float
    at: Callable[[float], HeadAngles]
    cycle_s: float = 0.0  # of its first full cycle, where it has cycles


def nod(hz: float, depth: float, cycles: int) -> HeadScript:
    """Down by `depth` (rad) and back, `cycles` times."""
    end = cycles / hz

    def at(t: float) -> HeadAngles:
        return HeadAngles(pitch=depth * 0.5 * (1.0 - math.cos(TWO_PI * hz * t))) if 0.0 < t < end else HeadAngles()

    return HeadScript("nod", end, at, 1.0 / hz)


def shake(hz: float, width: float, cycles: int) -> HeadScript:
    """To both sides by half of `width` (rad), growing and dying within the first and last quarter of a cycle."""
    end = cycles / hz

    def at(t: float) -> HeadAngles:
        return HeadAngles(yaw=0.5 * width * math.sin(TWO_PI * hz * t)) if 0.0 < t < end else HeadAngles()

    return HeadScript("shake", end, at, 1.0 / hz)


def glance(pitch: float, yaw: float, move_s: float, hold_s: float, kind: str) -> HeadScript:
    """There, stay, and back: at a phone, a keyboard, another screen, out of the window."""
    end = 2.0 * move_s + hold_s

    def at(t: float) -> HeadAngles:
        share = _ease(t / move_s) * _ease((end - t) / move_s)
        return HeadAngles(yaw=yaw * share, pitch=pitch * share)

    return HeadScript(kind, end, at)


def read(rng: Generator, seconds: float) -> HeadScript:
    """Eyes down on a page: the head sweeps along the lines and sinks slowly."""
    line_s, width = rng.uniform(1.8, 3.2), math.radians(rng.uniform(3.0, 7.0))
    down = math.radians(rng.uniform(8.0, 18.0))

    def at(t: float) -> HeadAngles:
        held = _ease(t / 0.8) * _ease((seconds - t) / 0.8)
        along = (t % line_s) / line_s
        sweep = (along / 0.85 if along < 0.85 else (1.0 - along) / 0.15) - 0.5
        return HeadAngles(yaw=-width * sweep * held, pitch=(down + math.radians(0.4) * t / line_s) * held)

    return HeadScript("read", seconds, at)


def talk(rng: Generator, seconds: float) -> HeadScript:
    """Speech: the mouth moves, and the head beats along with it in all three angles."""
    rates, phases = rng.uniform(0.7, 1.3, 6), rng.uniform(0.0, TWO_PI, 6)

    def at(t: float) -> HeadAngles:
        held = _ease(t / 0.5) * _ease((seconds - t) / 0.5)
        beats = []
        for i, (size, hz) in enumerate(((1.6, 0.9), (2.2, 0.45), (1.5, 0.5))):
            slow = math.sin(TWO_PI * hz * rates[i] * t + phases[i])
            beats.append(math.radians(size) * (slow + 0.5 * math.sin(2.9 * hz * t + phases[i + 1])))
        pitch, yaw, roll = beats
        syllables = abs(math.sin(TWO_PI * 2.1 * rates[4] * t)) * (0.6 + 0.4 * math.sin(1.7 * t + phases[5]))
        return HeadAngles(yaw * held, pitch * held, roll * held, syllables * held)

    return HeadScript("talk", seconds, at)


def walk(rng: Generator, seconds: float) -> HeadScript:
    """Steps: the head bobs twice a stride and sways once."""
    steps_hz, phase = rng.uniform(1.6, 2.1), rng.uniform(0.0, TWO_PI)

    def at(t: float) -> HeadAngles:
        held = _ease(t / 0.8) * _ease((seconds - t) / 0.8)
        bob, sway = math.sin(TWO_PI * steps_hz * t + phase), math.sin(math.pi * steps_hz * t + phase)
        return HeadAngles(
            math.radians(1.5) * sway * held, math.radians(1.3) * bob * held, math.radians(1.5) * sway * held
        )

    return HeadScript("walk", seconds, at)


def look_around(rng: Generator, seconds: float) -> HeadScript:
    """Turns to one thing after another and stays with each."""
    stops, t = [(0.0, 0.0, 0.0)], 0.4
    while t < seconds - 1.6:
        stops.append((t, math.radians(rng.uniform(-30.0, 30.0)), math.radians(rng.uniform(-8.0, 12.0))))
        t += rng.uniform(0.9, 2.2)
    stops.append((seconds - 0.7, 0.0, 0.0))

    def at(t: float) -> HeadAngles:
        yaw = pitch = 0.0
        for start, to_yaw, to_pitch in stops:
            share = _ease((t - start) / 0.5)
            yaw, pitch = yaw + share * (to_yaw - yaw), pitch + share * (to_pitch - pitch)
        return HeadAngles(yaw=yaw, pitch=pitch)

    return HeadScript("look_around", seconds, at)


def random_nod(rng: Generator) -> HeadScript:
    """A nod of 0.6 to 3 Hz, 5 to 25 degrees, 1 to 4 cycles; fast ones are not deep, as a neck has it."""
    hz = float(rng.uniform(0.6, 3.0))
    deepest = min(25.0, 45.0 / hz)
    return nod(hz, math.radians(rng.uniform(5.0, deepest)), int(rng.integers(1, 5)))


def look_alike(rng: Generator) -> HeadScript:
    """No nod: a look at a phone or the keyboard, a shake, reading, talking, walking, looking around."""
    kind = int(rng.integers(0, 7))
    side = math.radians(rng.uniform(-8.0, 8.0))
    if kind == 0:
        return glance(math.radians(rng.uniform(15, 30)), side, rng.uniform(0.3, 0.6), rng.uniform(1.0, 3.5), "phone")
    if kind == 1:
        return glance(math.radians(rng.uniform(8, 20)), side, rng.uniform(0.25, 0.4), rng.uniform(0.5, 1.2), "keyboard")
    if kind == 2:
        return shake(rng.uniform(0.8, 2.2), math.radians(rng.uniform(12, 40)), int(rng.integers(1, 4)))
    makers = (read, talk, walk, look_around)
    return makers[kind - 3](rng, float(rng.uniform(3.0, 6.0)))


def _ease(share: float) -> float:
    """Minimum-jerk way from 0 to 1 (Flash and Hogan 1985)."""
    s = min(1.0, max(0.0, share))
    return s * s * s * (10.0 - 15.0 * s + 6.0 * s * s)
