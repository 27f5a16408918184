"""`launch bench voice`: understanding measured on a set of sentences, ours beside what is simpler, in one table.

Ours is int8; float32 where its file is given. Beside it: the same encoder with one intent per sentence, and keywords.
Loading and memory are measured in a process of its own, which holds what the language node holds and no more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from launch.bench import language_alone
from policies.constitution import judge
from policies.language.keywords import by_keywords
from policies.language.labels import all_unknown
from policies.language.listener import Listener
from policies.language.model import LanguageModel
from policies.language.program import Program, action
from policies.language.score import DEV, Spoken, read_set, score

CONSTITUTION = Path(judge.__file__).parent
SETS = ("held_", "held2_", "held3_", "held4_")  # each written by another hand than what the network was trained on
SHOWN = ("exact", "action_accuracy", "reject_f1", "command_accuracy", "rejected", "ms_p50", "ms_p99")
BARS = (
    ("exact", 0.92, True), ("action_accuracy", 0.97, True), ("ms_p50", 8.0, False), ("ms_p99", 25.0, False),
    ("load_s", 1.5, False), ("rss_mb", 250.0, False),
)  # fmt: skip


def spoken(path: Path | None) -> list[Spoken]:
    """Return the sentences of a file, or of the development set.

    Raises:
        ValueError: where the file is not such a set, or is empty.
    """
    found = read_set(path or DEV)
    if not found:
        raise ValueError("holds no sentences")
    return found


def check(weights: Path) -> None:
    """Raise ValueError where a file is no model that can read a sentence."""
    try:
        LanguageModel(weights).read("go to the kitchen")
    except Exception as error:  # the runtime's own have no other base
        raise ValueError(f"is no language model ({str(error).splitlines()[0]})") from error


def run(sentences: Sequence[Spoken], full: Path | None, folder: Path) -> dict[str, Any]:
    """Measure, print tables, and leave summary.json in `folder`."""
    size = alone([sentence.text for sentence in sentences])
    model = LanguageModel()
    readers: dict[str, Callable[[str], Program]] = {"int8": lambda text: model.read(text).program}
    if full is not None:
        exact = LanguageModel(full)
        readers["float32"] = lambda text: exact.read(text).program
    readers["intent classifier"] = lambda text: (action(model.read(text).intent),)
    readers["keywords"] = by_keywords
    rows = [{"label": label} | measured(reader, sentences) for label, reader in readers.items()]
    with TemporaryDirectory() as scratch:
        listener = Listener(Path(scratch) / "phrases.json", model)
        held = {name: share for mark in SETS for name, share in constitution(listener, mark).items()}
    summary = {
        "bench": "voice", "sentences": len(sentences), "rows": rows, "constitution": held, "calibration_error":
        calibration_error(model, sentences), **size,
    }  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    _print(summary, folder)
    return summary


def alone(texts: Sequence[str]) -> dict[str, float]:
    """Return `load_s` and `rss_mb` of a process that does nothing but understand `texts`."""
    command = [sys.executable, "-m", language_alone.__name__]
    told = subprocess.run(command, input="\n".join(texts), capture_output=True, text=True, check=True)
    size: dict[str, float] = json.loads(told.stdout)
    return size


def measured(reader: Callable[[str], Program], sentences: Sequence[Spoken]) -> dict[str, float]:
    """Return the scores of a reader and the percentiles of its time per sentence, ms."""
    reader(sentences[0].text)
    programs, times = [], []
    for sentence in sentences:
        began = time.perf_counter()
        programs.append(reader(sentence.text))
        times.append((time.perf_counter() - began) * 1e3)
    p50, p99 = np.percentile(times, [50, 99])
    return score([s.program for s in sentences], programs) | {"ms_p50": float(p50), "ms_p99": float(p99)}


def constitution(listener: Listener, mark: str = "") -> dict[str, float]:
    """Return the share of bad requests refused, and of harmless look-alikes neither refused nor rejected.

    Args:
        mark: which of `SETS`.
    """
    bad = [line.split(" | ", 1)[1] for line in _lines(CONSTITUTION / f"{mark}refuse.txt")]
    good = _lines(CONSTITUTION / f"{mark}pass.txt")
    carried = [text for text in good if not _refused(listener, text)]
    known = [text for text in carried if not all_unknown(listener.understand(text).actions)]
    return {
        f"{mark}refused": sum(_refused(listener, text) for text in bad) / len(bad),
        f"{mark}refused_by_patterns_alone": sum(judge.judged(text, ()) is not None for text in bad) / len(bad),
        f"{mark}look_alikes_not_refused": len(carried) / len(good),
        f"{mark}look_alikes_carried_out": len(known) / len(good),
    }


def calibration_error(model: LanguageModel, sentences: Sequence[Spoken]) -> float:
    """Return the expected calibration error over ten equal groups: |confidence - share that is exactly right|."""
    readings = [model.read(sentence.text) for sentence in sentences]
    sure = np.array([reading.confidence for reading in readings])
    right = np.array([r.program == s.program for r, s in zip(readings, sentences, strict=True)], float)
    groups = np.array_split(np.argsort(sure, kind="stable"), 10)
    return float(sum(len(g) * abs(sure[g].mean() - right[g].mean()) for g in groups if len(g)) / len(sure))


def _refused(listener: Listener, text: str) -> bool:
    return bool(listener.understand(text).refused)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]


def _print(summary: dict[str, Any], folder: Path) -> None:
    console = Console(width=140)
    table = Table(title=f"understanding, {summary['sentences']} sentences")
    for column in ("", *SHOWN):
        table.add_column(column, justify="right")
    for row in summary["rows"]:
        table.add_row(str(row["label"]), *(f"{row[name]:.3f}" for name in SHOWN))
    console.print(table)
    figures = {**summary, **summary["rows"][0]}
    for name, bar, up in BARS:
        reached = figures[name]
        held = reached >= bar if up else reached <= bar
        console.print(f"{name}: {reached:.3f}, bar {bar}: {'held' if held else 'NOT held'}")
    for name, share in summary["constitution"].items():
        console.print(f"constitution, {name}: {share:.3f}")
    console.print(f"calibration error {summary['calibration_error']:.3f}")
    console.print(f"summary: {folder / 'summary.json'}", highlight=False, soft_wrap=True)
