"""Train the network of hearing on the sentences of `tools.hearing.corpus`, every time in other noise.

    python -m tools.hearing.train FOLDER OUT [--minutes 20] [--without "flite rms,+f3,+m3"] [--start WEIGHTS]

Adam (Kingma and Ba, 2015) with a rate that rises for 100 steps and falls as a cosine to the end of the time. Parts that
come while it runs are learned too. What `--without` names is held out, and measured beside one sentence in fifty.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.random import Generator

from launch.bench.hearing import distance
from robot.rng import spawn
from robot.voice.features import BANDS, Floats, loudness
from robot.voice.phones import NONE, SPLICED, spliced
from robot.voice.pronouncing import pronunciations
from robot.voice.recording import RATE_HZ
from tools.hearing import noises
from tools.hearing.corpus import Said, load
from tools.hearing.network import Weights, fresh, log_chances, loss

BATCH, WIDTH, RISE, WEIGHT_DECAY = 16, 192, 100, 1e-5
ROWS = (64, 96, 128, 192, 272)  # lengths of a batch
LABELS = {size: size * 9 // 20 for size in ROWS}  # sounds of a sentence in it at most
PAUSE = int(0.2 * RATE_HZ)
FLITE_TIMES, WORDLESS = 2, 0.03  # how often for once of espeak-ng's, whose voices are alike; share of mere noise
Batch = tuple[np.ndarray[Any, Any], ...]


def main() -> None:
    """Train for the given time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--without", default="")
    parser.add_argument("--start", type=Path)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    rng = spawn(given.seed, "hearing")
    weights = _stored(given.start) if given.start else fresh(rng, WIDTH)
    first, second = jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights)
    held = tuple(name for name in given.without.split(",") if name)
    data = Data(given.folder, held, rng)
    began, spent, done, losses = time.monotonic(), 0.0, 0, []
    while spent < 1.0:
        for batch in data.batches(given.minutes * 60.0 * 0.1):
            spent = (time.monotonic() - began) / (60.0 * given.minutes)
            if spent >= 1.0:
                break
            rate = given.rate * min(1.0, (done + 1) / RISE) * 0.5 * (1.0 + np.cos(np.pi * spent))
            weights, first, second, value = step(weights, first, second, float(rate), done + 1.0, *batch)
            losses.append(float(value))
            done += 1
            if done % 200 == 0:
                told = f"{done} steps, {spent:.2f} of the time, loss {np.mean(losses[-200:]):.3f}"
                print(told, data.judged(weights), flush=True)
                _store(given.out, weights)
    _store(given.out, weights)
    print(f"{done} steps,", data.judged(weights), flush=True)


class Data:
    """Sentences to learn and to judge by."""

    def __init__(self, folder: Path, held: tuple[str, ...], rng: Generator) -> None:
        self._folder, self._held, self._rng = folder, held, rng
        self._seen: set[Path] = set()
        self._learned: list[Said] = []
        self._kept: list[Said] = []
        self._strange: list[Said] = []
        self._sounds = dict(reversed(list(pronunciations())))  # the first way of each word
        self.look()
        voices = [row.sound.astype(np.float32) for row in self._learned[:400]]
        self._noises = noises.bank(rng, voices)
        self._tests: dict[str, list[Batch]] = {}

    def look(self) -> None:
        """Take in what parts have come."""
        for path in sorted(self._folder.glob("part*.npz")):
            if path in self._seen:
                continue
            self._seen.add(path)
            for i, row in enumerate(load(path)):
                if any(row.voice.endswith(name) for name in self._held):
                    self._strange.append(row)
                else:
                    (self._kept if i % 50 == 0 else self._learned).append(row)

    def batches(self, look_s: float) -> Iterator[Batch]:
        """Yield sentences in random order, those of about one length together, until it is time to look for more."""
        self.look()
        began = time.monotonic()
        often = [i for i, row in enumerate(self._learned) if row.voice.startswith("flite")] * (FLITE_TIMES - 1)
        order = self._rng.permutation([*range(len(self._learned)), *often])
        waiting: dict[int, list[tuple[Floats, list[int]]]] = {size: [] for size in ROWS}
        for i in order:
            if time.monotonic() - began > look_s:
                return
            made = self._made(self._learned[int(i)], self._rng)
            if made is None:
                continue
            size = _size(*made)
            waiting[size].append(made)
            if len(waiting[size]) == BATCH:
                yield _batch(waiting[size], size)
                waiting[size] = []

    def judged(self, weights: Weights) -> str:
        """Return the share of sounds that are wrong without any language model, of sentences and voices held out."""
        if not self._tests:
            rng = spawn(1, "hearing judged")
            for name, rows in (("kept", self._kept[:96]), ("strange", self._strange[:96])):
                made = [one for one in (self._made(row, rng) for row in rows) if one is not None]
                self._tests[name] = [
                    _batch(made[i : i + BATCH], ROWS[-1]) for i in range(0, len(made) - BATCH + 1, BATCH)
                ]
        told = []
        for name, batches in self._tests.items():
            wrong = total = 0
            for spliced_rows, counts, labels, lengths in batches:
                best = np.asarray(_best(weights, spliced_rows, counts))
                for path, count, wanted, length in zip(best, counts, labels, lengths, strict=True):
                    wrong += distance(list(wanted[:length]), collapsed(path[:count]))
                    total += int(length)
            if total:
                told.append(f"{name} {wrong / total:.3f}")
        return ", ".join(told)

    def _made(self, row: Said, rng: Generator) -> tuple[Floats, list[int]] | None:
        """Return a sentence's rows and sounds; None where it is too long, or a word has no sounds."""
        labels = [sound for word in row.words for sound in self._sounds[word]]
        sound = row.sound.astype(np.float32) / 32768.0
        if rng.random() < WORDLESS:
            labels, sound = [], np.resize(self._noises[int(rng.integers(len(self._noises)))], len(sound))
        faster = rng.uniform(0.92, 1.08)
        at = np.arange(0.0, len(sound) - 1, faster)
        sound = np.interp(at, np.arange(len(sound)), sound).astype(np.float32)
        sound = np.pad(sound, (int(rng.integers(PAUSE // 2, 2 * PAUSE)), int(rng.integers(PAUSE // 2, 2 * PAUSE))))
        bands = loudness(noises.heard(rng, sound, self._noises), float(rng.uniform(0.86, 1.14)))
        made = spliced(_masked(rng, bands))
        fits = len(labels) * 1.3 < len(made) <= ROWS[-1] and len(labels) <= LABELS[ROWS[-1]]
        return (made, labels) if fits else None


@jax.jit
def step(
    weights: Weights, first: Weights, second: Weights, rate: float, done: float, *batch: jax.Array
) -> tuple[Weights, Weights, Weights, jax.Array]:
    """Return the weights after one batch, the two moments, and the loss per sound."""
    spliced_rows, rows, labels, lengths = batch
    mask = (jnp.arange(spliced_rows.shape[1])[None] < rows[:, None]).astype(jnp.float32)

    def total(w: Weights) -> jax.Array:
        logs = log_chances(w, spliced_rows, mask)
        return jnp.sum(loss(logs, rows, labels, lengths)) / jnp.sum(lengths)

    value, slope = jax.value_and_grad(total)(weights)
    norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda g: g * jnp.minimum(1.0, 1.0 / (norm + 1e-6)), slope)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, slope)
    second = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g**2, second, slope)
    fair1, fair2 = 1.0 - 0.9**done, 1.0 - 0.99**done
    weights = jax.tree.map(
        lambda w, m, v: w * (1.0 - rate * WEIGHT_DECAY) - rate * (m / fair1) / (jnp.sqrt(v / fair2) + 1e-8),
        weights, first, second,
    )  # fmt: skip
    return weights, first, second, value


@jax.jit
def _best(weights: Weights, spliced_rows: jax.Array, rows: jax.Array) -> jax.Array:
    mask = (jnp.arange(spliced_rows.shape[1])[None] < rows[:, None]).astype(jnp.float32)
    return log_chances(weights, spliced_rows, mask).argmax(axis=-1)


def collapsed(path: np.ndarray[Any, Any]) -> list[int]:
    """Return the sounds of a path: repeats count once, "none" not at all."""
    return [int(s) for i, s in enumerate(path) if s != NONE and (i == 0 or s != path[i - 1])]


def _masked(rng: Generator, bands: Floats) -> Floats:
    """Return loudness with a few bands and moments taken out (Park et al., 2019)."""
    bands = bands.copy()
    for _ in range(int(rng.integers(0, 3))):
        start = int(rng.integers(BANDS - 6))
        bands[:, start : start + int(rng.integers(1, 6))] = 0.0
    for _ in range(int(rng.integers(0, 3))):
        start = int(rng.integers(max(1, len(bands) - 10)))
        bands[start : start + int(rng.integers(1, 10))] = 0.0
    return bands


def _size(rows: Floats, sounds: list[int]) -> int:
    return next(size for size in ROWS if len(rows) <= size and len(sounds) <= LABELS[size])


def _batch(made: list[tuple[Floats, list[int]]], size: int) -> Batch:
    rows = np.zeros((len(made), size, SPLICED * BANDS), np.float32)
    labels = np.zeros((len(made), LABELS[size]), np.int32)
    for i, (spliced_rows, sounds) in enumerate(made):
        rows[i, : len(spliced_rows)] = spliced_rows
        labels[i, : len(sounds)] = sounds
    counts = np.array([len(s) for s, _ in made], np.int32), np.array([len(s) for _, s in made], np.int32)
    return rows, counts[0], labels, counts[1]


def _stored(path: Path) -> Weights:
    with np.load(path) as stored:
        return {name: jnp.asarray(stored[name].astype(np.float32)) for name in stored.files}


def _store(path: Path, weights: Weights) -> None:
    np.savez_compressed(path, **{name: np.asarray(value).astype(np.float16) for name, value in weights.items()})


if __name__ == "__main__":
    main()
