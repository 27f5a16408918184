"""Train what the language model has for a conscience, and write it into the committed model's file.

    python -m tools.language.conscience [--seed 1] [--epochs 4] [--aside 0.05] [--start FILE]

Needs the extra `train`. A share of the sentences is set aside and judged after each epoch, beside the patterns that
`judge.py` asks too; `held*.txt`, which no training sees, tell how much it is worth on sentences of other hands.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor, nn

from policies.constitution import judge
from policies.constitution.conscience import ALLOWED, NAMES
from policies.constitution.judge import judged
from policies.language.grammar.generator import examples
from policies.language.model import PIECES_MAX, WEIGHTS
from policies.language.program import UNKNOWN
from policies.language.score import DEV, read_set
from policies.language.words import WordPieces, words_of
from robot.rng import spawn
from tools.language.adapters import Conscience, go_on_from, graft, network_in
from tools.language.said import SAID

HERE = Path(judge.__file__).parent
COMMANDS, BATCH, RATE, RISE, DECAY, SMOOTH = 1500, 32, 6e-4, 200, 0.01, 0.05
Labelled = list[tuple[str, str]]


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--aside", type=float, default=0.05, help="share of the sentences that is judged, not learned")
    parser.add_argument("--start", type=Path, help="a model's file whose conscience is gone on from")
    given = parser.parse_args()
    rng = spawn(given.seed, "conscience")
    torch.manual_seed(given.seed)
    rows = sentences(given.seed)
    rng.shuffle(rows)
    aside = int(given.aside * len(rows))
    file = WEIGHTS / "language.int8.onnx"
    pieces, conscience = WordPieces(WEIGHTS / "vocab.txt"), Conscience(network_in(file), len(NAMES))
    if given.start:
        go_on_from(given.start, conscience)
    train(conscience, pieces, rows[aside:], rows[:aside], given.epochs, rng)
    graft(file, conscience)
    print(f"wrote {file.name}, {file.stat().st_size // 1000} kB")


def sentences(seed: int) -> Labelled:
    """Return each sentence once, with its principle or "pass"."""
    bad = [line.split(" | ", 1) for line in _lines(HERE / "refuse.txt")]
    good = [*_lines(HERE / "pass.txt"), *(spoken.text for file in (DEV, SAID) for spoken in read_set(file))]
    good += [" ".join(example.words) for example in examples(seed, COMMANDS)]
    return list(dict.fromkeys([(text, name) for name, text in bad] + [(text, ALLOWED) for text in good]))


def train(
    conscience: Conscience, pieces: WordPieces, rows: Labelled, aside: Labelled, epochs: int, rng: Generator
) -> None:
    """Change the conscience by AdamW (Loshchilov and Hutter, 2019), and print how it does on what was set aside."""
    parameters = [p for p in conscience.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, RATE, weight_decay=DECAY)
    done, steps = 0, epochs * (len(rows) // BATCH)
    for epoch in range(epochs):
        total = 0.0
        for batch in batches(rows, rng):
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, done / RISE) * (1.0 - done / steps)
            wanted = torch.tensor([NAMES.index(name) for _, name in batch])
            with torch.autocast("cpu", torch.bfloat16):  # nearly twice as fast where the processor knows it
                logits = conscience(*_fed(pieces, [text for text, _ in batch]))
            loss = nn.functional.cross_entropy(logits.float(), wanted, label_smoothing=SMOOTH)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            done, total = done + 1, total + loss.item()
        print(f"epoch {epoch + 1}, loss {BATCH * total / len(rows):.3f}, {told(conscience, pieces, aside)}", flush=True)


def batches(rows: Labelled, rng: Generator) -> Iterator[Labelled]:
    """Yield all rows in batches of about one length, in an order of chance."""
    order, wide = rng.permutation(len(rows)), 50 * BATCH
    found = []
    for start in range(0, len(rows), wide):
        alike = sorted(order[start : start + wide], key=lambda i: len(rows[i][0]))
        found += [alike[i : i + BATCH] for i in range(0, len(alike) - BATCH + 1, BATCH)]
    for i in rng.permutation(len(found)):
        yield [rows[j] for j in found[i]]


def told(conscience: Conscience, pieces: WordPieces, rows: Labelled) -> str:
    """Return how many of the bad ones are refused and of the others are not, as `judge.judged` decides."""
    conscience.eval()
    refused: dict[bool, list[bool]] = {True: [], False: []}
    for text, name in rows:
        with torch.no_grad():
            shares = torch.softmax(conscience(*_fed(pieces, [text])), dim=-1)[0]
        refused[name == ALLOWED].append(judged(text, UNKNOWN, shares.numpy()) is not None)
    conscience.train()
    bad, good = np.mean(refused[False]), 1.0 - np.mean(refused[True])
    return f"of {len(rows)} set aside {bad:.3f} refused, {good:.3f} of the harmless pass"


def _fed(pieces: WordPieces, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return ids and mask (B, T)."""
    ids = [pieces.ids(words_of(text))[0][:PIECES_MAX] for text in texts]
    longest = max(map(len, ids))
    mask = [[1.0] * len(row) + [0.0] * (longest - len(row)) for row in ids]
    return torch.tensor([row + [0] * (longest - len(row)) for row in ids]), torch.tensor(mask)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]


if __name__ == "__main__":
    main()
