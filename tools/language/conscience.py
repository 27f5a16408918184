"""Train the constitution's network on the committed language model, and write it.

    python -m tools.language.conscience [--seed 1] [--generated 6000]

Needs the extra `train` once, to give the model the output that the network reads. What it prints is cross-validated on
the sentences written by hand, together with the patterns. Most of the harmless ones were written to resemble a deed,
many bad ones to hide it, so new sentences fare better: `held*.txt`, which no training sees, tell how much.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from policies.constitution import conscience as runtime
from policies.constitution.conscience import ALLOWED, Conscience, Layer
from policies.constitution.judge import judged
from policies.language.grammar.generator import examples
from policies.language.model import WEIGHTS, LanguageModel
from policies.language.score import DEV, read_set
from robot.rng import spawn
from tools.language.deeds import sentences

HERE = Path(runtime.__file__).parent
HIDDEN, EPOCHS, BATCH, RATE, DECAY, DROP = 96, 8, 64, 1e-3, 1e-3, 0.3
MEMBERS, FOLDS, BY_HAND, COMMANDS = 3, 4, 5.0, 1500
REFUSE = 0.5  # doubt from which a sentence is refused: more likely than not it may not pass
SURE = 0.2  # doubt below which wording that a pattern knows may pass after all
LAYER = "/layers.4/norm2/LayerNormalization_output_0"
Floats = NDArray[np.float32]
Labelled = list[tuple[str, str]]


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generated", type=int, default=6000)
    given = parser.parse_args()
    give_output(WEIGHTS / "language.int8.onnx")
    model, rng = LanguageModel(), spawn(given.seed, "conscience")
    made = sentences(rng, given.generated)
    made += [(" ".join(example.words), ALLOWED) for example in examples(given.seed, COMMANDS)]
    hand = by_hand()
    deep_made, deep_hand = features(model, made), features(model, hand)
    names = sorted({name for _, name in made})
    y_made, y_hand = labels(made, names), labels(hand, names)
    both = np.vstack((deep_made, deep_hand))
    untrained = Conscience(tuple(names), both.mean(axis=0), both.std(axis=0) + 1e-6, (), REFUSE, SURE)
    x_made, x_hand = (untrained.read(deep, [t for t, _ in r]) for deep, r in ((deep_made, made), (deep_hand, hand)))
    doubt = np.zeros(len(hand))
    for fold in range(FOLDS):
        out = np.arange(len(hand)) % FOLDS == fold
        trained = train(rng, untrained, (x_made, y_made), (x_hand[~out], y_hand[~out]), 1)
        doubt[out] = 1.0 - trained.shares(x_hand[out])[:, names.index(ALLOWED)]
    harmless = y_hand == names.index(ALLOWED)
    known = np.array([judged(text, ()) is not None for text, _ in hand])
    said_no = refused(doubt, known)
    passed = 1 - said_no[harmless].mean()
    print(f"cross-validated: {said_no[~harmless].mean():.3f} refused, {passed:.3f} of the harmless pass")
    final = train(rng, untrained, (x_made, y_made), (x_hand, y_hand), MEMBERS)
    write(final)


def refused(doubt: Floats, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which sentences are refused, given which of them a pattern knows: as `judge.judged` does."""
    return np.where(known, doubt >= SURE, doubt >= REFUSE)


def by_hand() -> Labelled:
    """Return the sentences written by hand, but for those that are held out."""
    bad = [line.split(" | ", 1) for line in _lines(HERE / "refuse.txt")]
    good = [*_lines(HERE / "pass.txt"), *(spoken.text for spoken in read_set(DEV))]
    return [(text, name) for name, text in bad] + [(text, ALLOWED) for text in good]


def features(model: LanguageModel, rows: Labelled) -> Floats:
    """Return (N, E) what the language model makes of each sentence."""
    return np.array([model.read(text).deep for text, _ in rows], np.float32)


def labels(rows: Labelled, names: Sequence[str]) -> NDArray[np.int64]:
    """Return (N,)."""
    return np.array([names.index(name) for _, name in rows], np.int64)


def train(
    rng: Generator, untrained: Conscience, made: tuple[Floats, NDArray[np.int64]],
    hand: tuple[Floats, NDArray[np.int64]], members: int,
) -> Conscience:  # fmt: skip
    """Return networks trained on generated and hand-written sentences, the latter counting `BY_HAND` times."""
    x = np.vstack((made[0], hand[0]))
    wanted = np.eye(len(untrained.names), dtype=np.float32)[np.concatenate((made[1], hand[1]))]
    weights = np.concatenate((np.ones(len(made[0])), np.full(len(hand[0]), BY_HAND))).astype(np.float32)
    return replace(untrained, layers=tuple(_layer(rng, x, wanted, weights) for _ in range(members)))


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
    x = x * _kept(rng, x.shape)
    hidden = np.maximum(x @ parts[0] + parts[1], 0.0)
    kept = _kept(rng, hidden.shape)
    logits = (hidden * kept) @ parts[2] + parts[3]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = (powers / powers.sum(axis=1, keepdims=True) - wanted) * weights[:, None] / len(x)
    inner = (error @ parts[2].T) * kept * (hidden > 0)
    return [x.T @ inner, inner.sum(axis=0), (hidden * kept).T @ error, error.sum(axis=0)]


def _kept(rng: Generator, shape: tuple[int, ...]) -> Floats:
    """Return 0 for what is dropped, and what makes up for it for the rest."""
    return (rng.random(shape, dtype=np.float32) > DROP) / np.float32(1 - DROP)


def write(final: Conscience) -> None:
    """Write the network, halved in precision, beside the principles."""
    arrays = {
        f"{part}{i}": getattr(layer, part).astype(np.float16)
        for i, layer in enumerate(final.layers)
        for part in ("inner", "inner_bias", "outer", "outer_bias")
    }
    arrays |= {"names": np.array(final.names), "mean": final.mean, "scale": final.scale}
    np.savez_compressed(runtime.WEIGHTS, refuse_above=REFUSE, sure_below=SURE, **arrays)
    print(f"wrote {runtime.WEIGHTS.name}, {runtime.WEIGHTS.stat().st_size // 1000} kB")


def give_output(file: Path) -> None:
    """Give the model file the output `deep`, the word vectors of its fifth layer, where it has none."""
    if any(output.name == "deep" for output in InferenceSession(str(file)).get_outputs()):
        return
    import onnx
    from onnx import TensorProto, helper

    network = onnx.load(str(file))
    network.graph.node.append(helper.make_node("Identity", [LAYER], ["deep"], name="deep"))
    network.graph.output.append(helper.make_tensor_value_info("deep", TensorProto.FLOAT, [1, "pieces", 384]))
    onnx.save(network, str(file))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]


if __name__ == "__main__":
    main()
