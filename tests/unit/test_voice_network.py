"""The network of hearing: what it sees, what it gives, and that training and running compute the same."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from numpy.random import default_rng

from robot.voice.features import BANDS, loudness
from robot.voice.phones import NONE, Phones, spliced
from robot.voice.recording import RATE_HZ
from tools.hearing import network

TONE = np.sin(2.0 * np.pi * 1000.0 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)


def mixed() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Half a second of hiss, then a tone in it."""
    sound = default_rng(0).normal(0.0, 0.01, RATE_HZ).astype(np.float32)
    sound[RATE_HZ // 2 :] += 0.3 * TONE[RATE_HZ // 2 :]
    return sound


def test_a_tone_is_loud_in_its_own_band_whatever_the_level() -> None:
    seen = loudness(mixed())
    rises = seen[70:].mean(axis=0) - seen[:40].mean(axis=0)
    assert seen.shape == (98, BANDS)
    assert abs(int(rises.argmax()) - 13) <= 1  # 1000 Hz lies a third up the mel scale
    np.testing.assert_allclose(loudness(mixed() * 0.5), seen, atol=0.02)


def test_warped_frequencies_move_the_band() -> None:
    low, high = (loudness(mixed(), warp)[70:].mean(axis=0).argmax() for warp in (1.15, 0.85))
    assert low < high


def test_less_than_a_window_is_nothing() -> None:
    assert loudness(np.zeros(399, np.float32)).shape == (0, BANDS)
    assert spliced(loudness(np.zeros(10, np.float32))).shape[0] == 0


def test_the_network_in_numpy_gives_what_the_network_in_training_gives(tmp_path: Path) -> None:
    weights = network.fresh(default_rng(1), 16)
    np.savez(tmp_path / "w.npz", **{name: np.asarray(value) for name, value in weights.items()})
    samples = (mixed() * 20000).astype(np.int16)
    ours = Phones(tmp_path / "w.npz").log_chances(samples)
    rows = spliced(loudness(samples.astype(np.float32) / np.float32(32768.0)))
    filled = np.zeros((1, len(rows) + 5, rows.shape[1]), np.float32)  # as a shorter sentence stands in a batch
    filled[0, : len(rows)] = rows
    mask = (np.arange(filled.shape[1]) < len(rows))[None].astype(np.float32)
    theirs = np.asarray(network.log_chances(weights, jnp.asarray(filled), jnp.asarray(mask)))[0, : len(rows)]
    np.testing.assert_allclose(ours, theirs, atol=2e-4)
    np.testing.assert_allclose(np.exp(ours).sum(axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("sounds", [(0,), (0, 1), (1, 1)])
def test_the_loss_sums_over_every_way_to_line_up(sounds: tuple[int, ...]) -> None:
    chances = default_rng(2).dirichlet(np.ones(NONE + 1), size=4)
    total = 0.0
    for path in product((*set(sounds), NONE), repeat=len(chances)):
        merged = [s for i, s in enumerate(path) if s != NONE and (i == 0 or s != path[i - 1])]
        if tuple(merged) == sounds:
            total += float(np.prod([chances[t, s] for t, s in enumerate(path)]))
    labels = np.zeros((1, 3), np.int32)
    labels[0, : len(sounds)] = sounds
    logs = np.concatenate((np.log(chances), np.full((2, NONE + 1), -3.0)))[None]  # rows past the end do not count
    got = network.loss(jnp.asarray(logs), jnp.array([4]), jnp.asarray(labels), jnp.array([len(sounds)]))
    assert float(got[0]) == pytest.approx(-np.log(total), rel=1e-4)
