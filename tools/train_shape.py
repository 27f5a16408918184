"""Learns robot/perception/shape_model.npz: `python -m tools.train_shape` (about a quarter of an hour on one core).

Frames come from the homes that ship, half from behind the followed person, half from random places, and from rooms of
boxes (tools/random_rooms.py). A candidate of the
depth image is a person when most of its points lie on one person's limbs. Prints, for each home, how a network that
never saw that home does on it; the one that is kept has seen all. New weights want a new
error model: `python -m tools.measure_detector`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robot.bodies.rover.body import RoverBody
from robot.perception.shape_model import CHANNELS, COLUMNS, FEATURES, ROWS, WEIGHTS, features_of
from robot.perception.silhouettes import SilhouetteConfig, cloud_of, find_silhouettes
from robot.rng import spawn
from tools.labelled_frames import LabelledFrame, Stroll, owners
from tools.random_rooms import random_room_frames
from worlds.catalog import list_worlds

Floats = NDArray[np.float32]
HIDDEN = 32
EPOCHS = 30
BATCH = 64
RATE = 1e-3
DECAY = 1e-4
DROPOUT = 0.2
SURE, UNSURE = 0.7, 0.3  # share of a candidate's points on one person: a person above, something else below
LEAST_SHARE = 0.3  # of a person's points; a lone hand is no example
SIZES = FEATURES - CHANNELS * COLUMNS * ROWS


@dataclass(frozen=True)
class Examples:
    """(N, FEATURES) features and (N,) labels, 1 = person."""

    features: NDArray[np.float16]
    labels: Floats


def examples_of(world: str, seeds: range, seconds: float) -> Examples:
    """Return the candidates of every other frame of episodes in one home."""
    features, labels = [], []
    for seed in seeds:
        stroll, rng = Stroll(world, seed), spawn(seed, f"train_shape/{world}")
        for step in range(round(seconds * 10)):
            stroll.advance()
            if step % 2 == 0:
                frame = stroll.frame(stroll.random_pose(rng) if step % 4 else None)
                for row, label in _candidates(frame):
                    features.append(row.astype(np.float16))
                    labels.append(label)
        stroll.close()
    return Examples(np.array(features), np.array(labels, dtype=np.float32))


def room_examples(seed: int, rooms: int) -> Examples:
    """Return the candidates of all frames of random rooms."""
    rows = [row for frame in random_room_frames(seed, rooms) for row in _candidates(frame)]
    features = np.array([f.astype(np.float16) for f, _ in rows]).reshape(-1, FEATURES)
    return Examples(features, np.array([label for _, label in rows], dtype=np.float32))


def _candidates(frame: LabelledFrame) -> list[tuple[Floats, float]]:
    """Return features and label of each candidate that is clearly one or the other."""
    mount = RoverBody().camera
    cloud = cloud_of(frame.depth, mount)
    owner, rows = owners(frame, cloud), []
    for silhouette in find_silhouettes(cloud, SilhouetteConfig()):
        of = owner[silhouette.mask]
        counts = np.bincount(of[of >= 0], minlength=1)
        who, share = int(counts.argmax()), float(counts.max()) / len(of)
        part = float(counts.max()) / max(1, np.count_nonzero(owner == who))
        if share < UNSURE or (share > SURE and part > LEAST_SHARE):
            features = features_of(silhouette, cloud, frame.depth, mount)
            rows.append((features, 1.0 if share > SURE else 0.0))
    return rows


class Network:
    """One hidden layer of rectifiers, trained by Adam on the logistic loss, mirrored at random."""

    def __init__(self, seed: int) -> None:
        self._rng = spawn(seed, "train_shape/network")
        first = self._rng.normal(0.0, 0.07, (FEATURES, HIDDEN)).astype(np.float32)
        last = self._rng.normal(0.0, HIDDEN**-0.5, HIDDEN).astype(np.float32)
        self.weights: list[Floats] = [first, np.zeros(HIDDEN, np.float32), last, np.zeros(1, np.float32)]
        self._mean = [np.zeros_like(w) for w in self.weights]
        self._square = [np.zeros_like(w) for w in self.weights]
        self._steps = 0

    def fit(self, examples: Examples) -> None:
        """Train on all examples."""
        count = len(examples.labels)
        for epoch in range(EPOCHS):
            rate = RATE * 0.5 * (1.0 + np.cos(np.pi * epoch / EPOCHS)) + 1e-5
            order = self._rng.permutation(count)
            for start in range(0, count, BATCH):
                rows = order[start : start + BATCH]
                batch = examples.features[rows].astype(np.float32)
                self._step(_mirror(batch) if self._rng.random() < 0.5 else batch, examples.labels[rows], rate)

    def probability(self, features: NDArray[np.float16]) -> Floats:
        """Return (N,) probabilities of being a person."""
        w1, b1, w2, b2 = self.weights
        logits = np.maximum(features.astype(np.float32) @ w1 + b1, 0.0) @ w2 + b2
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))), dtype=np.float32)

    def _step(self, x: Floats, labels: Floats, rate: float) -> None:
        w1, b1, w2, b2 = self.weights
        before = x @ w1 + b1
        kept = (self._rng.random(before.shape) > DROPOUT).astype(np.float32) / (1.0 - DROPOUT)
        hidden = np.maximum(before, 0.0) * kept
        logits = np.clip(hidden @ w2 + b2, -30.0, 30.0)
        error = ((1.0 / (1.0 + np.exp(-logits)) - labels) / len(labels)).astype(np.float32)
        back = np.outer(error, w2) * kept * (before > 0)
        gradients = [x.T @ back + DECAY * w1, back.sum(axis=0), hidden.T @ error, error.sum(keepdims=True)]
        self._adam(gradients, rate)

    def _adam(self, gradients: list[Floats], rate: float) -> None:
        self._steps += 1
        for i, gradient in enumerate(gradients):
            self._mean[i] = 0.9 * self._mean[i] + 0.1 * gradient
            self._square[i] = 0.999 * self._square[i] + 0.001 * gradient**2
            mean = self._mean[i] / (1.0 - 0.9**self._steps)
            square = self._square[i] / (1.0 - 0.999**self._steps)
            self.weights[i] = (self.weights[i] - rate * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)


def _mirror(batch: Floats) -> Floats:
    """Return the candidates seen in a mirror."""
    grids = batch[:, :-SIZES].reshape(len(batch), CHANNELS, ROWS, COLUMNS)[:, :, :, ::-1]
    return np.concatenate([grids.reshape(len(batch), -1), batch[:, -SIZES:]], axis=1)


def _joined(parts: list[Examples]) -> Examples:
    return Examples(np.concatenate([p.features for p in parts]), np.concatenate([p.labels for p in parts]))


def _trained(examples: Examples) -> Network:
    network = Network(seed=0)
    network.fit(examples)
    return network


def _report(name: str, network: Network, examples: Examples) -> None:
    score, person = network.probability(examples.features), examples.labels == 1.0
    cells = [f"{(score[person] > t).mean():6.3f}/{(score[~person] > t).mean():5.3f}" for t in (0.4, 0.6, 0.8)]
    print(f"{name:16} {person.sum():6d} {(~person).sum():6d}   {'   '.join(cells)}", flush=True)


def main() -> None:
    """Harvest, cross-check and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=90.0, help="of each episode")
    parser.add_argument("--seeds", type=int, default=2, help="episodes in each home")
    parser.add_argument("--rooms", type=int, default=200, help="random rooms, ten frames each")
    parser.add_argument("--first-seed", type=int, default=1000, help="far from those of benches")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    seeds = range(args.first_seed, args.first_seed + args.seeds)
    parts = {world: examples_of(world, seeds, args.seconds) for world in list_worlds()}
    rooms = room_examples(args.first_seed, args.rooms)
    print("home never seen  people others   found/false at 0.4, 0.6, 0.8")
    for world in parts:
        _report(world, _trained(_joined([rooms, *(p for w, p in parts.items() if w != world)])), parts[world])
    w1, b1, w2, b2 = _trained(_joined([rooms, *parts.values()])).weights
    np.savez_compressed(args.out, w1=w1.astype(np.float16), b1=b1, w2=w2, b2=b2[0])


if __name__ == "__main__":
    main()
