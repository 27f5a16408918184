"""Train the constitution's network on the committed language model, choose its threshold, and write both.

    python -m tools.language.conscience [--seed 1] [--generated 9000]

Needs the extra `train` once, to give the model the output that the network reads. The threshold is chosen by cross-
validation on the sentences written by hand (never on `held_*.txt`, which no training sees), together with
the patterns: as low as lets 96 % of the harmless ones pass, most of which were written to resemble a deed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from policies.constitution import conscience as runtime
from policies.constitution.conscience import ALLOWED, Conscience, Layer
from policies.constitution.judge import judged
from policies.language.grammar.generator import examples
from policies.language.model import WEIGHTS, LanguageModel
from policies.language.score import DEV, read_set
from robot.rng import spawn
from tools.language.deeds import sentences

HERE = Path(runtime.__file__).parent
HIDDEN, EPOCHS, BATCH, RATE, DECAY, DROP, NOISE = 64, 12, 64, 1e-3, 1e-3, 0.3, 0.3
MEMBERS, FOLDS, BY_HAND, COMMANDS = 3, 5, 5.0, 1500
PASSES = 0.96
SURE = 0.05  # doubt below which wording that a pattern knows may pass after all
LAYER = "/layers.4/norm2/LayerNormalization_output_0"
Floats = NDArray[np.float32]
Labelled = list[tuple[str, str]]


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generated", type=int, default=9000)
    given = parser.parse_args()
    give_output(WEIGHTS / "language.int8.onnx")
    model, rng = LanguageModel(), spawn(given.seed, "conscience")
    made = sentences(rng, given.generated)
    made += [(" ".join(example.words), ALLOWED) for example in examples(given.seed, COMMANDS)]
    hand = by_hand()
    x_made, x_hand = features(model, made), features(model, hand)
    names = sorted({name for _, name in made})
    y_made, y_hand = labels(made, names), labels(hand, names)
    doubt = np.zeros(len(hand))
    for fold in range(FOLDS):
        out = np.arange(len(hand)) % FOLDS == fold
        trained = train(rng, names, (x_made, y_made), (x_hand[~out], y_hand[~out]), 1)
        doubt[out] = 1.0 - trained.shares(x_hand[out])[:, names.index(ALLOWED)]
    harmless = y_hand == names.index(ALLOWED)
    known = np.array([judged(text, ()) is not None for text, _ in hand])
    threshold = chosen(doubt, harmless, known)
    said_no = refused(doubt, known, threshold)
    passed = 1 - said_no[harmless].mean()
    print(f"cross-validated: {said_no[~harmless].mean():.3f} refused, {passed:.3f} of the harmless pass")
    final = train(rng, names, (x_made, y_made), (x_hand, y_hand), MEMBERS)
    write(final, threshold)


def chosen(doubt: Floats, harmless: NDArray[np.bool_], known: NDArray[np.bool_]) -> float:
    """Return the lowest doubt to refuse from that lets `PASSES` of the harmless pass."""
    steps = np.linspace(0.2, 0.99, 80)
    return next(float(step) for step in steps if not refused(doubt, known, step)[harmless].mean() > 1 - PASSES)


def refused(doubt: Floats, known: NDArray[np.bool_], above: float) -> NDArray[np.bool_]:
    """Return which sentences are refused, given which of them a pattern knows: as `judge.judged` does."""
    return np.where(known, doubt >= SURE, doubt >= above)


def by_hand() -> Labelled:
    """Return the sentences written by hand, but for those that are held out."""
    bad = [line.split(" | ", 1) for line in _lines(HERE / "refuse.txt")]
    good = [*_lines(HERE / "pass.txt"), *(spoken.text for spoken in read_set(DEV))]
    return [(text, name) for name, text in bad] + [(text, ALLOWED) for text in good]


def features(model: LanguageModel, rows: Labelled) -> Floats:
    """Return (N, D)."""
    return np.array([model.read(text).deep for text, _ in rows], np.float32)


def labels(rows: Labelled, names: Sequence[str]) -> NDArray[np.int64]:
    """Return (N,)."""
    return np.array([names.index(name) for _, name in rows], np.int64)


def train(
    rng: Generator, names: list[str], made: tuple[Floats, NDArray[np.int64]], hand: tuple[Floats, NDArray[np.int64]],
    members: int,
) -> Conscience:  # fmt: skip
    """Return a network trained on generated and hand-written sentences, the latter counting `BY_HAND` times."""
    x = np.vstack((made[0], hand[0]))
    y = np.concatenate((made[1], hand[1]))
    weights = np.concatenate((np.ones(len(made[0])), np.full(len(hand[0]), BY_HAND))).astype(np.float32)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    scaled = ((x - mean) / scale).astype(np.float32)
    layers = tuple(_layer(rng, scaled, np.eye(len(names), dtype=np.float32)[y], weights) for _ in range(members))
    return Conscience(tuple(names), mean, scale, layers, 0.5, SURE)


def _layer(rng: Generator, x: Floats, wanted: Floats, weights: Floats) -> Layer:
    """Return one network, by Adam (Kingma and Ba, 2015) with dropout."""
    size, count = x.shape[1], wanted.shape[1]
    parts = [
        rng.normal(0, (2 / size) ** 0.5, (size, HIDDEN)).astype(np.float32), np.zeros(HIDDEN, np.float32),
        rng.normal(0, HIDDEN**-0.5, (HIDDEN, count)).astype(np.float32), np.zeros(count, np.float32),
    ]  # fmt: skip
    first, second = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts]
    step = 0
    for epoch in range(EPOCHS):
        rate = RATE * (1.0 - 0.9 * epoch / EPOCHS)
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            slopes = _slopes(rng, parts, x[rows], wanted[rows], weights[rows])
            step += 1
            for i, slope in enumerate(slopes):
                first[i] = 0.9 * first[i] + 0.1 * slope
                second[i] = 0.999 * second[i] + 0.001 * slope**2
                move = first[i] / (1 - 0.9**step) / (np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)
                parts[i] = (parts[i] - rate * (move + (DECAY * parts[i] if i % 2 == 0 else 0.0))).astype(np.float32)
    return Layer(*parts)


def _slopes(rng: Generator, parts: list[Floats], x: Floats, wanted: Floats, weights: Floats) -> list[Floats]:
    """Return the gradient of the weighted cross-entropy for each part."""
    x = (x + rng.normal(0, NOISE, x.shape)).astype(np.float32) * (rng.random(x.shape) > DROP) / (1 - DROP)
    hidden = np.maximum(x @ parts[0] + parts[1], 0.0)
    kept = (rng.random(hidden.shape) > DROP) / (1 - DROP)
    logits = (hidden * kept) @ parts[2] + parts[3]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = (powers / powers.sum(axis=1, keepdims=True) - wanted) * weights[:, None] / len(x)
    inner = (error @ parts[2].T) * kept * (hidden > 0)
    return [x.T @ inner, inner.sum(axis=0), (hidden * kept).T @ error, error.sum(axis=0)]


def write(final: Conscience, threshold: float) -> None:
    """Write the network, halved in precision, beside the principles."""
    arrays = {
        f"{part}{i}": getattr(layer, part).astype(np.float16)
        for i, layer in enumerate(final.layers)
        for part in ("inner", "inner_bias", "outer", "outer_bias")
    }
    arrays |= {"names": np.array(final.names), "mean": final.mean, "scale": final.scale}
    np.savez_compressed(runtime.WEIGHTS, refuse_above=threshold, sure_below=SURE, **arrays)
    print(f"wrote {runtime.WEIGHTS.name}, {runtime.WEIGHTS.stat().st_size // 1000} kB, refuses above {threshold:.3f}")


def give_output(file: Path) -> None:
    """Give the model file the output `deep`, the word vectors of its fifth layer, where it has none."""
    import onnx
    from onnx import TensorProto, helper

    network = onnx.load(str(file))
    if any(output.name == "deep" for output in network.graph.output):
        return
    network.graph.node.append(helper.make_node("Identity", [LAYER], ["deep"], name="deep"))
    network.graph.output.append(helper.make_tensor_value_info("deep", TensorProto.FLOAT, [1, "pieces", 384]))
    onnx.save(network, str(file))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]


if __name__ == "__main__":
    main()
