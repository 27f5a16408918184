"""Train the language model from one seed, write a checkpoint after every epoch, and log what it was.

    python -m tools.language.train --weights FOLDER --out FOLDER [--sets FOLDER] [--seed 6] [--commands N] [--epochs N]

Needs the extra `train`. The embeddings and the first layers stay frozen: faster, and rare words keep their meaning.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from policies.language.grammar.generator import Example
from policies.language.labels import ACTIONS, BEGIN, DROPPED, LABELLED, TAGS
from policies.language.program import SLOTS
from policies.language.words import WordPieces
from robot.rng import spawn
from tools.language.adapters import network_in
from tools.language.corpus import training
from tools.language.network import Network, pretrained

IGNORED = -100
NAMES = list(SLOTS)


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="the folder with model.safetensors and vocab.txt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sets", type=Path, help="the folder with slurp_devel.jsonl and snips_train.jsonl")
    parser.add_argument("--start", type=Path, help="a checkpoint or a model's int8 file to go on from")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--commands", type=int, default=10_000)
    parser.add_argument("--rest", type=int, default=2_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--frozen", type=int, default=3, help="layers that stay as they were")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    given.out.mkdir(parents=True, exist_ok=True)
    network = pretrained(given.weights / "model.safetensors")
    if given.start:
        onward = given.start.suffix == ".onnx"
        network.load_state_dict(network_in(given.start).state_dict() if onward else torch.load(given.start))
    pieces = WordPieces(given.weights / "vocab.txt")
    run(network, pieces, given)


def run(network: Network, pieces: WordPieces, given: argparse.Namespace) -> None:
    """Train for the epochs asked for, each over a fresh draw from the grammar."""
    for part in (network.words, network.positions, network.norm, *network.layers[: given.frozen]):
        part.requires_grad_(False)
    network.kind.requires_grad_(False)
    heads = [
        p for name, p in network.named_parameters() if name.split(".")[0] in ("actions", "places", "tags", "intents")
    ]
    body = [p for p in network.layers.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": given.rate}, {"params": heads, "lr": 10 * given.rate}], weight_decay=0.01
    )
    total, done = None, 0
    for epoch in range(given.epochs):
        examples = training(given.seed + epoch, given.commands, given.rest, given.sets)
        groups = batches(examples, pieces, given.seed + epoch)
        total = total or len(groups) * given.epochs
        began, sums = time.monotonic(), np.zeros(4)
        network.train()
        for i, group in enumerate(groups):
            share = done / total
            for part, top in zip(optimiser.param_groups, (given.rate, 10 * given.rate), strict=True):
                part["lr"] = top * min(1.0, done / 50) * max(0.02, 1.0 - share)
            parts = losses(network, group)
            optimiser.zero_grad()
            sum(parts).backward()
            nn.utils.clip_grad_norm_(body + heads, 1.0)
            optimiser.step()
            done += 1
            sums += [float(part.detach()) for part in parts]
            if i % 50 == 49:
                loss, took = [round(float(x), 4) for x in sums / 50], round(time.monotonic() - began)
                note(given.out, {"epoch": epoch, "batch": i + 1, "of": len(groups), "seconds": took, "loss": loss})
                sums[:] = 0
                torch.save(network.state_dict(), given.out / "last.pt")
        torch.save(network.state_dict(), given.out / f"epoch{epoch}.pt")


def note(folder: Path, row: dict[str, object]) -> None:
    """Add a line to the log and print it."""
    line = json.dumps(row)
    print(line, flush=True)
    with (folder / "training.log").open("a") as log:
        log.write(line + "\n")


def batches(examples: list[Example], pieces: WordPieces, seed: int, tokens: int = 768) -> list[tuple[Tensor, ...]]:
    """Return batches of about `tokens` tokens, of sentences of like length, in random order."""
    rows = sorted((encoded(example, pieces) for example in examples), key=lambda row: len(row[0]))
    groups: list[list[tuple[list[int], ...]]] = [[]]
    for row in rows:
        if groups[-1] and (len(groups[-1]) + 1) * len(row[0]) > tokens:
            groups.append([])
        groups[-1].append(row)
    order = spawn(seed, "language batches").permutation(len(groups))
    return [padded(groups[int(i)]) for i in order]


def encoded(example: Example, pieces: WordPieces) -> tuple[list[int], ...]:
    """Return ids and, per token, action, place and tag (ignored on further pieces of a word), and the intent."""
    ids, firsts = pieces.ids(list(example.words))
    actions, places, tags = ([IGNORED] * len(ids) for _ in range(3))
    for at, tag, place, action in zip(firsts, example.tags, example.places, example.actions, strict=True):
        places[at] = place
        if place != DROPPED:
            actions[at], tags[at] = ACTIONS.index(action), TAGS.index(tag)
    first = next(a for a, p in zip(example.actions, example.places, strict=True) if p == BEGIN)
    return ids, actions, places, tags, [NAMES.index(LABELLED[ACTIONS.index(first)].name)]


def padded(rows: list[tuple[list[int], ...]]) -> tuple[Tensor, ...]:
    """Return ids, mask, actions, places, tags (B, T) and intents (B)."""
    longest = max(len(row[0]) for row in rows)

    def table(column: int, filler: int) -> Tensor:
        return torch.tensor([row[column] + [filler] * (longest - len(row[column])) for row in rows])

    mask = torch.tensor([[1.0] * len(row[0]) + [0.0] * (longest - len(row[0])) for row in rows])
    return (
        table(0, 0),
        mask,
        table(1, IGNORED),
        table(2, IGNORED),
        table(3, IGNORED),
        torch.tensor([row[4][0] for row in rows]),
    )


def losses(network: Network, batch: tuple[Tensor, ...]) -> list[Tensor]:
    """Return the cross entropies of actions, places, tags and the sentence's intent."""
    ids, mask, *wanted = batch
    with torch.autocast("cpu", torch.bfloat16):  # twice as fast where the processor has it
        outputs = network(ids, mask)[:4]
    return [
        nn.functional.cross_entropy(
            out.float().flatten(0, -2), want.flatten(), ignore_index=IGNORED, label_smoothing=0.02
        )
        for out, want in zip(outputs, wanted, strict=True)
    ]


if __name__ == "__main__":
    main()
