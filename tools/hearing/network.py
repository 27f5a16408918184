"""The network of hearing in JAX, to be trained: what `robot/voice/phones.py` runs in numpy, and its loss.

Nine frames of loudness, every third, become one row; eight residual blocks each look at rows before and after; what
comes out is, per 30 ms, the chance of each sound of speech or of none. The loss sums over all ways to line them up
with the words (connectionist temporal classification, Graves et al., 2006).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from numpy.random import Generator

from robot.voice.features import BANDS
from robot.voice.phones import DILATIONS, SPLICED
from robot.voice.pronouncing import PHONES

Weights = dict[str, jax.Array]
NEVER = -1e30


def fresh(rng: Generator, width: int) -> Weights:
    """Return weights to begin with (He et al., 2015)."""
    sizes = {"in": (SPLICED * BANDS, width), "out": (width, len(PHONES) + 1)}
    sizes |= {f"block{i}": (3 * width, width) for i in range(len(DILATIONS))}
    weights = {}
    for name, (rows, columns) in sizes.items():
        small = 0.3 if name.startswith("block") else 1.0
        weights[name] = jnp.asarray(small * rng.normal(0.0, np.sqrt(2.0 / rows), (rows, columns)), jnp.float32)
        weights[f"{name}.bias"] = jnp.zeros(columns, jnp.float32)
    return weights


def log_chances(weights: Weights, spliced: jax.Array, mask: jax.Array) -> jax.Array:
    """Return (batch, rows, sounds + 1) log chances.

    Args:
        spliced: (batch, rows, 360) loudness.
        mask: (batch, rows) 1 where sound is, 0 where the batch was filled up.
    """
    some = mask[..., None]
    x = jax.nn.relu(spliced @ weights["in"] + weights["in.bias"]) * some
    for i, far in enumerate(DILATIONS):
        y = level(x) * some
        before = jnp.pad(y, ((0, 0), (far, 0), (0, 0)))[:, : y.shape[1]]
        after = jnp.pad(y, ((0, 0), (0, far), (0, 0)))[:, far:]
        y = jnp.concatenate((before, y, after), axis=-1) @ weights[f"block{i}"] + weights[f"block{i}.bias"]
        x = (x + jax.nn.relu(y)) * some
    result: jax.Array = jax.nn.log_softmax(level(x) @ weights["out"] + weights["out.bias"])
    return result


def level(x: jax.Array) -> jax.Array:
    """Return every row with mean 0 and power 1 (layer normalisation without weights, Ba et al., 2016)."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)


def loss(logs: jax.Array, rows: jax.Array, labels: jax.Array, lengths: jax.Array) -> jax.Array:
    """Return -log chance of each sentence's sounds.

    Args:
        logs: (batch, rows, sounds + 1), the last column is "no sound".
        rows: (batch,) rows that count.
        labels: (batch, longest) sounds; what is past `lengths` (batch,) is ignored.
    """
    batch, longest = labels.shape
    none = logs.shape[-1] - 1
    states = jnp.full((batch, 2 * longest + 1), none).at[:, 1::2].set(labels)
    skips = jnp.zeros(states.shape, bool).at[:, 3::2].set(labels[:, 1:] != labels[:, :-1])
    emitted = jnp.take_along_axis(logs, states[:, None, :], axis=-1)

    def forward(alpha: jax.Array, now: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        scores, at = now
        one = jnp.pad(alpha, ((0, 0), (1, 0)), constant_values=NEVER)[:, :-1]
        two = jnp.where(skips, jnp.pad(alpha, ((0, 0), (2, 0)), constant_values=NEVER)[:, :-2], NEVER)
        total = jax.nn.logsumexp(jnp.stack((alpha, one, two)), axis=0) + scores
        return jnp.where((at < rows)[:, None], total, alpha), None

    first = jnp.full(states.shape, NEVER).at[:, :2].set(emitted[:, 0, :2])
    times = jnp.arange(1, logs.shape[1])
    alpha, _ = jax.lax.scan(forward, first, (jnp.moveaxis(emitted, 1, 0)[1:], times))
    ends = jnp.stack((2 * lengths, jnp.maximum(0, 2 * lengths - 1)), axis=-1)
    return -jax.nn.logsumexp(jnp.take_along_axis(alpha, ends, axis=-1), axis=-1)
