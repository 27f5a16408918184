"""How well recordings are understood: development sentences spoken by flite's voices, clean and in noise at 10 dB.

    python -m tools.language.measure_hearing [--sentences 20] [--noise]

Needs flite (Debian: apt-get install flite). A command counts as right where its program is that of the written words.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from policies.language.labels import all_unknown
from policies.language.model import LanguageModel
from policies.language.score import DEV, Spoken, read_set
from policies.language.words import words_of
from robot.rng import spawn
from robot.voice.recogniser import RATE_HZ, Recogniser, read_wav

VOICES = ("kal16", "awb", "rms", "slt")
NOISE_DB = 10.0


def main() -> None:
    """Print a line per voice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=20)
    parser.add_argument("--noise", action="store_true", help="add steady noise 10 dB below the voice")
    given = parser.parse_args()
    rng = spawn(0, "hearing")
    commands = [spoken for spoken in read_set(DEV) if not all_unknown(spoken.program)]
    chosen = [commands[int(i)] for i in rng.permutation(len(commands))[: given.sentences]]
    recogniser, model = Recogniser(), LanguageModel()
    for voice in VOICES:
        print(voice, measured(recogniser, model, voice, chosen, rng if given.noise else None), flush=True)


def measured(
    recogniser: Recogniser, model: LanguageModel, voice: str, chosen: Sequence[Spoken], noise: Generator | None
) -> str:
    """Return word error, share of whole commands right, and the real-time factor of recognition."""
    errors = words = right = 0
    heard_s = took_s = 0.0
    for spoken in chosen:
        samples = said(voice, spoken.text)
        if noise is not None:
            samples = noisy(samples, noise)
        began = time.perf_counter()
        text = recogniser.text(samples)
        took_s += time.perf_counter() - began
        heard_s += len(samples) / RATE_HZ
        wanted = words_of(spoken.text)
        errors += distance(wanted, text.split())
        words += len(wanted)
        right += model.read(text).program == model.read(spoken.text).program
    share = right / len(chosen)
    return f"word error {errors / words:.3f}, commands right {share:.3f}, real-time factor {took_s / heard_s:.2f}"


def said(voice: str, text: str) -> NDArray[np.int16]:
    """Return a sentence as flite speaks it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(file)], check=True)
        return read_wav(file)


def noisy(samples: NDArray[np.int16], rng: Generator) -> NDArray[np.int16]:
    """Return a recording with steady low noise, as of a fan, 10 dB below the voice."""
    noise = np.convolve(rng.normal(0.0, 1.0, len(samples)), np.ones(16) / 16, "same")
    voice = np.sqrt(np.mean(samples.astype(np.float64) ** 2))
    noise *= voice / 10 ** (NOISE_DB / 20) / np.sqrt(np.mean(noise**2))
    return np.clip(samples + noise, -32768, 32767).astype(np.int16)


def distance(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Return the words to change, add or drop (Levenshtein, 1966)."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        before, row = row, [i]
        for j, other in enumerate(got, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (word != other)))
    return row[-1]


if __name__ == "__main__":
    main()
