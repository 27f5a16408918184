"""What the network of hearing learns from: sentences of our own grammar, said by synthetic voices.

    python -m tools.hearing.corpus FOLDER [--seed 11] [--sentences 12000]

Writes parts of 500 sentences. Two in three are commands of the grammar, one in ten is talk that is not for the robot,
the rest are common words in no order, so that a sound is learned from what is heard and not from what is usually said.
Every sentence has a voice, speed and pitch of its own; the development set is never said.
"""

from __future__ import annotations

import argparse
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator

from policies.language.grammar.generator import examples, others
from robot.rng import spawn
from robot.voice.pronouncing import pronounced
from robot.voice.recogniser import MODEL
from robot.voice.recording import RATE_HZ, Samples
from robot.voice.speaker import SpeechError, Voice, speech
from tools.language.spoken import WAKE

PART = 500
SHARES = {"command": 0.64, "other": 0.10, "words": 0.22, "stop": 0.04}
CALLED, SPEEDS, PITCHES, LONGEST = 0.2, (0.75, 1.35), (0.75, 1.3), 22
FLITE = {"kal16": 0.12, "awb": 0.13, "rms": 0.11, "slt": 0.11}  # the rest is espeak-ng's
ACCENTS = ("en-us", "en-us", "en-gb", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-gb-x-gbclan",
           "en-gb-x-gbcwmd", "en-us-nyc")  # fmt: skip
VARIANTS = ("", "", "", "f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "Alex", "Alicia",
            "Andrea", "Andy", "Annie", "Denis", "Diogo", "Gene", "Henrique", "Hugo", "Jacky", "Lee", "Marco", "Mario",
            "Michael", "Mike", "adam", "anika", "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david",
            "ed", "edward", "grandma", "grandpa", "gustave", "iven", "john", "klatt", "klatt2", "klatt4", "linda",
            "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro",
            "shelby", "steph", "travis", "victor")  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A sentence as it was said."""

    words: tuple[str, ...]
    voice: str
    sound: Samples


def main() -> None:
    """Write the parts that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--sentences", type=int, default=12_000)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    chosen = texts(given.seed, given.sentences)
    for part in range(given.sentences // PART):
        rows = [next(chosen) for _ in range(PART)]
        path = given.folder / f"part{part:03d}.npz"
        if not path.exists():
            save(path, [one for i, words in enumerate(rows) for one in said(words, given.seed, part * PART + i)])
            print(path.name, flush=True)


def texts(seed: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield `count` sentences of words that the recogniser can pronounce."""
    known, common = frozenset(pronounced()), _common()
    rng = spawn(seed, "hearing texts")
    commands, talk = examples(seed + 1, 10 * count), others(seed + 1, 10 * count)
    kinds, shares = list(SHARES), list(SHARES.values())
    left = count
    while left:
        kind = kinds[int(rng.choice(len(kinds), p=shares))]
        if kind == "words":
            words = tuple(common[int(i)] for i in rng.integers(len(common), size=int(rng.integers(2, 9))))
        elif kind == "stop":
            words = (("stop",), ("stop",), ("halt",), ("freeze",))[int(rng.integers(4))]
        else:
            words = tuple(next(commands if kind == "command" else talk).words)
        if rng.random() < CALLED:
            words = (*WAKE[int(rng.integers(len(WAKE)))], *words)
        if len(words) <= LONGEST and all(word in known for word in words):
            left -= 1
            yield words


def said(words: tuple[str, ...], seed: int, number: int) -> Iterator[Said]:
    """Yield the sentence in a voice of its own; nothing where the synthesizer fails."""
    rng = spawn(seed, f"said {number}")
    voice = any_voice(rng)
    try:
        sound = speech(" ".join(words), voice)
    except SpeechError as error:
        print(f"{voice.name}: {error}", flush=True)
        return
    if len(sound) > RATE_HZ // 4:
        yield Said(words, f"{voice.program} {voice.name}", sound)


def any_voice(rng: Generator) -> Voice:
    """Return one of all voices, at a speed and pitch of its own."""
    speed, pitch = float(rng.uniform(*SPEEDS)), float(rng.uniform(*PITCHES))
    draw = rng.random()
    for name, share in FLITE.items():
        draw -= share
        if draw < 0.0:
            return Voice("flite", name, speed, pitch)
    accent, variant = ACCENTS[int(rng.integers(len(ACCENTS)))], VARIANTS[int(rng.integers(len(VARIANTS)))]
    return Voice("espeak-ng", f"{accent}+{variant}" if variant else accent, speed, pitch)


def save(path: Path, rows: list[Said]) -> None:
    """Write a part, whole or not at all."""
    ends = np.cumsum([len(row.sound) for row in rows])
    half = path.with_suffix(".half")
    with half.open("wb") as out:
        words, voices = np.array([" ".join(row.words) for row in rows]), np.array([row.voice for row in rows])
        np.savez(out, sound=np.concatenate([row.sound for row in rows]), ends=ends, words=words, voices=voices)
    os.replace(half, path)


def load(path: Path) -> list[Said]:
    """Return the sentences of a part."""
    with np.load(path) as part:
        sounds = np.split(part["sound"], part["ends"][:-1])
        rows = zip(part["words"], part["voices"], sounds, strict=True)
        return [Said(tuple(str(words).split()), str(voice), sound) for words, voice, sound in rows]


def _common() -> list[str]:
    """Return the words of the language model of hearing."""
    text = gzip.decompress(MODEL.read_bytes()).decode()
    singles = text.split("\\1-grams:\n")[1].split("\n\n")[0].splitlines()
    return [word for word in (line.split("\t")[1] for line in singles) if "<" not in word]


if __name__ == "__main__":
    main()
