"""`launch bench voice hearing`: sentences said by synthetic voices, clean and in a home's noise, and what was heard.

Voices are flite's four and four of espeak-ng's, each at another speed and pitch per sentence. A command counts as right
where its program is that of the written words. "stop" is listened for in a stream, as the robot does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from rich.console import Console
from rich.table import Table

from launch.bench.home_noise import home, noisy
from policies.language.labels import all_unknown
from policies.language.listener import Listener
from policies.language.score import DEV, read_set
from policies.language.words import words_of
from robot.rng import spawn
from robot.voice.ear import Ear, EarConfig
from robot.voice.recogniser import Recogniser
from robot.voice.recording import RATE_HZ, Samples
from robot.voice.speaker import Voice, speech

VOICES = (
    Voice("flite", "kal16"), Voice("flite", "awb"), Voice("flite", "rms"), Voice("flite", "slt"),
    Voice("espeak-ng", "en-us"), Voice("espeak-ng", "en-gb"), Voice("espeak-ng", "en-us+f3"),
    Voice("espeak-ng", "en-gb+m3"),
)  # fmt: skip
SPEEDS, PITCHES = (0.85, 1.15), (0.9, 1.1)
SNR_DB = 10.0
BARS = {  # clean, in noise; the first two at most, the third at least
    "word_error": (0.08, 0.20),
    "stop_missed": (0.01, 0.01),
    "real_time_factor": (0.5, 0.5),
    "commands_right": (0.92, 0.80),
}
STOPS_A_VOICE = 6
STOP_LATE_S = 0.3  # after the end of the word; what is heard later counts as missed


def run(sentences: int, seed: int, folder: Path) -> dict[str, Any]:
    """Measure, print a table, and leave summary.json in `folder`. Raises SpeechError where a synthesizer is missing."""
    rng = spawn(seed, "hearing")
    commands = [spoken.text for spoken in read_set(DEV) if not all_unknown(spoken.program)]
    chosen = [commands[int(i)] for i in rng.permutation(len(commands))[:sentences]]
    recogniser, listener = Recogniser(), Listener(None)
    rows = []
    for voice in VOICES:
        said = [(text, speech(text, varied(voice, rng))) for text in chosen]
        stops = [speech("stop", varied(voice, rng)) for _ in range(STOPS_A_VOICE)]
        for noise in (False, True):
            sounds = [(text, noisy(sound, SNR_DB, rng) if noise else sound) for text, sound in said]
            row = {"voice": f"{voice.program} {voice.name}", "noise": noise, **measured(recogniser, listener, sounds)}
            rows.append(row | {"stops": len(stops), "stops_missed": missed(stops, noise, rng)})
    summary = {"bench": "voice", "suite": "hearing", "seed": seed, "sentences": sentences, "rows": rows}
    summary |= {"clean": pooled(rows, False), "noise": pooled(rows, True)}
    (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    _print(summary, folder)
    return summary


def varied(voice: Voice, rng: Generator) -> Voice:
    """Return the voice at a speed and pitch of its own."""
    return Voice(voice.program, voice.name, float(rng.uniform(*SPEEDS)), float(rng.uniform(*PITCHES)))


def measured(recogniser: Recogniser, listener: Listener, sounds: Sequence[tuple[str, Samples]]) -> dict[str, float]:
    """Return counts: words, errors, commands, right ones, seconds of sound, processor seconds of recognition."""
    found = dict.fromkeys(("words", "errors", "commands", "right", "sound_s", "took_s"), 0.0)
    for text, sound in sounds:
        began = time.process_time()
        readings = recogniser.alternatives(sound) or ("",)
        found["took_s"] += time.process_time() - began
        found["sound_s"] += len(sound) / RATE_HZ
        wanted = words_of(text)
        found["errors"] += distance(wanted, readings[0].split())
        found["words"] += len(wanted)
        found["commands"] += 1
        found["right"] += listener.understand_heard(readings).actions == listener.understand(text).actions
    return found


def missed(stops: Sequence[Samples], noise: bool, rng: Generator) -> int:
    """Return how many of these words the ear did not know within `STOP_LATE_S` of their end, of one stream."""
    ear = Ear(EarConfig())
    return sum(not _stopped(ear, stop, noise, rng) for stop in stops)


def pooled(rows: Sequence[dict[str, Any]], noise: bool) -> dict[str, float]:
    """Return the shares over all voices, clean or in noise."""
    some = [row for row in rows if row["noise"] is noise]
    total = {key: sum(row[key] for row in some) for key in rows[0] if key not in ("voice", "noise")}
    return {
        "word_error": total["errors"] / total["words"],
        "commands_right": total["right"] / total["commands"],
        "stop_missed": total["stops_missed"] / total["stops"],
        "real_time_factor": total["took_s"] / total["sound_s"],
    }


def distance(wanted: Sequence[object], got: Sequence[object]) -> int:
    """Return the words (or sounds) to change, add or drop (Levenshtein, 1966)."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        before, row = row, [i]
        for j, other in enumerate(got, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (word != other)))
    return row[-1]


def _stopped(ear: Ear, stop: Samples, noise: bool, rng: Generator) -> bool:
    voice = np.trim_zeros(stop)
    stream = np.concatenate((np.zeros(RATE_HZ, np.int16), voice, np.zeros(int(STOP_LATE_S * RATE_HZ), np.int16)))
    if noise:
        level = np.sqrt(np.mean(voice.astype(np.float64) ** 2)) * 10.0 ** (-SNR_DB / 20.0)
        stream = np.clip(stream + level * home(len(stream), rng), -32768, 32767).astype(np.int16)
    found = any(heard.kind == "stop" for heard in ear.hear(stream))
    ear.hear(np.zeros(2 * RATE_HZ, np.int16))  # what is left of it is over before the next
    return found


def _print(summary: dict[str, Any], folder: Path) -> None:
    console = Console(width=120)
    table = Table(title=f"hearing, {summary['sentences']} sentences a voice, seed {summary['seed']}")
    for column in ("voice", "noise", "word error", "commands right", "stops missed", "real-time factor"):
        table.add_column(column)
    for row in summary["rows"]:
        table.add_row(row["voice"], *_shown(row))
    console.print(table)
    for line in _verdicts(summary):
        console.print(line, highlight=False)
    console.print(f"summary: {folder / 'summary.json'}", highlight=False, soft_wrap=True)


def _shown(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        "10 dB" if row["noise"] else "none",
        f"{row['errors'] / row['words']:.3f}",
        f"{row['right'] / row['commands']:.3f}",
        f"{row['stops_missed']} of {row['stops']}",
        f"{row['took_s'] / row['sound_s']:.2f}",
    )


def _verdicts(summary: dict[str, Any]) -> Iterator[str]:
    for at, condition in enumerate(("clean", "noise")):
        for name, bars in BARS.items():
            value = summary[condition][name]
            held = value >= bars[at] if name == "commands_right" else value <= bars[at]
            yield f"{condition} {name}: {value:.3f}, bar {bars[at]}: {'held' if held else 'NOT held'}"
