"""The language model of recognition: three-word statistics of what people say to a home robot.

That is, of the grammar and of what people would say (`said.txt`), on which understanding was trained, and of the
requests that the constitution learned from.

    python -m tools.language.spoken [--seed 7] [--sentences 60000]

Writes `robot/voice/home.arpa.gz` (ARPA, absolute discounting after Ney, Essen and Kneser, 1994) over the words that the
recogniser's dictionary can pronounce, and a little general English, so that a new name or thing is not out of reach.
"""

from __future__ import annotations

import argparse
import gzip
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from policies.constitution.judge import PRINCIPLES
from policies.language.grammar.generator import examples
from policies.language.score import read_set
from policies.language.words import words_of
from robot.rng import spawn
from robot.voice.pronouncing import pronounced
from robot.voice.recogniser import MODEL
from tools.language.said import SAID

DISCOUNT = 0.75
RARE = (1, 1, 2)  # sequences of one, two and three words that were seen less often are left to shorter ones
SAID_TIMES = 2
CALLED, ALONE = 0.3, 0.01  # shares of the sentences
COMMON, GENERAL, LOG_BASE = 15_000, 0.03, 1.0001  # words of general English, their share, the base of its figures
CONSTITUTION = PRINCIPLES.parent
Gram = tuple[str, ...]
WAKE: tuple[Gram, ...] = (("housemate",), ("hey", "housemate"), ("okay", "housemate"), ("housemate", "please"))


def main() -> None:
    """Write the model as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sentences", type=int, default=60_000)
    given = parser.parse_args()
    known = frozenset(pronounced())
    counts = [Counter[Gram](), Counter[Gram](), Counter[Gram]()]
    for words in (*sentences(given.seed, given.sentences), *written(), *SAID_TIMES * list(said())):
        if all(word in known for word in words):
            count(counts, ("<s>", *words, "</s>"))
    widen(counts[0], known)
    text = "\n".join(arpa(counts)) + "\n"
    with gzip.GzipFile(MODEL, "wb", mtime=0) as out:
        out.write(text.encode())
    print(f"{[len(c) for c in counts]} sequences, {MODEL.stat().st_size // 1000} kB")


def sentences(seed: int, number: int) -> Iterator[Gram]:
    """Yield the words of generated commands, some of them after the wake word, and now and then that alone."""
    rng = spawn(seed, "wake word")
    for example in examples(seed, number, misheard=False):
        called = WAKE[int(rng.integers(len(WAKE)))]
        yield (*called, *example.words) if rng.random() < CALLED else tuple(example.words)
        if rng.random() < ALONE:
            yield called


def written() -> Iterator[Gram]:
    """Yield the requests that the constitution learned from, the good and the bad."""
    for name in ("pass.txt", "refuse.txt"):
        for line in (CONSTITUTION / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield tuple(words_of(line.rpartition(" | ")[2]))


def said() -> Iterator[Gram]:
    """Yield what people would say to a robot at home."""
    for spoken in read_set(SAID):
        yield tuple(words_of(spoken.text))


def widen(singles: Counter[Gram], known: frozenset[str]) -> None:
    """Give the common words of English that the grammar lacks a small share, by the model that pocketsphinx brings."""
    from pocketsphinx import Config, LogMath, NGramModel, get_model_path

    general = NGramModel(Config(lm=None), LogMath(LOG_BASE), get_model_path("en-us/en-us.lm.bin"))
    rated = sorted(((general.prob([word]), word) for word in sorted(known)), reverse=True)[:COMMON]
    chances = {word: LOG_BASE**log for log, word in rated}
    mass = GENERAL * sum(singles.values()) / sum(chances.values())
    for word, chance in chances.items():
        singles[(word,)] += mass * chance  # type: ignore[assignment]  # a share of a count


def count(counts: list[Counter[Gram]], words: Gram) -> None:
    """Add the sequences of one sentence."""
    for length in (1, 2, 3):
        for i in range(len(words) - length + 1):
            counts[length - 1][words[i : i + length]] += 1


def arpa(counts: list[Counter[Gram]]) -> Iterable[str]:
    """Yield the lines of the model."""
    kept = [Counter({g: c for g, c in counted.items() if c >= RARE[n] or n == 0}) for n, counted in enumerate(counts)]
    chances: list[dict[Gram, float]] = []
    backoffs: list[dict[Gram, float]] = []
    total = sum(c for g, c in kept[0].items() if g != ("<s>",))
    chances.append({g: c / total for g, c in kept[0].items()})
    for n in (1, 2):
        chance, backoff = _discounted(kept[n], chances[n - 1])
        chances.append(chance)
        backoffs.append(backoff)
    yield "\\data\\"
    yield from (f"ngram {n + 1}={len(chances[n])}" for n in range(3))
    for n in range(3):
        yield f"\n\\{n + 1}-grams:"
        for gram, chance in sorted(chances[n].items()):
            shown = -99.0 if gram == ("<s>",) else math.log10(chance)
            tail = f"\t{math.log10(backoffs[n].get(gram, 1.0)):.4f}" if n < 2 else ""
            yield f"{shown:.4f}\t{' '.join(gram)}{tail}"
    yield "\n\\end\\"


def _discounted(kept: Counter[Gram], lower: dict[Gram, float]) -> tuple[dict[Gram, float], dict[Gram, float]]:
    """Return the chance of each sequence and, per beginning, what is left for the shorter ones."""
    by_start: dict[Gram, list[tuple[Gram, int]]] = defaultdict(list)
    for gram, number in kept.items():
        by_start[gram[:-1]].append((gram, number))
    chances, backoffs = {}, {}
    for start, rows in by_start.items():
        total = sum(number for _, number in rows)
        for gram, number in rows:
            chances[gram] = (number - DISCOUNT) / total
        left = DISCOUNT * len(rows) / total
        covered = sum(lower.get(gram[1:], 0.0) for gram, _ in rows)
        backoffs[start] = max(1e-6, left / max(1e-9, 1.0 - min(covered, 1.0 - 1e-9)))
    return chances, backoffs


if __name__ == "__main__":
    main()
