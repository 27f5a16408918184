"""What the model is trained on: the grammar's commands and other speech, what people would say, and two public sets.

Of the public sets, what this robot could do (lights, plugs, volume, cleaning, coffee, calls) is left out.
"""

from __future__ import annotations

import json
from pathlib import Path

from policies.language.grammar.generator import Example, examples, others, plain
from robot.rng import spawn
from tools.language.measures import in_figures
from tools.language.said import said

SAID_TIMES = 2
OURS = ("iot_", "hue_light", "cleaning", "audio_volume", "wemo", "coffee", "general_greet", "greet")
OURS_FIRST = ("call", "phone", "stop", "pause", "resume", "help", "mute", "turn", "switch", "cancel")


def training(seed: int, commands: int, rest: int, folder: Path | None) -> list[Example]:
    """Return shuffled examples: `commands` from the grammar and what people would say, both also with their measures in
    figures, `rest` others of the grammar, and the sets of `folder`."""
    found = [*examples(seed, commands), *SAID_TIMES * list(said())]
    found += [figured for figured in map(in_figures, found) if figured is not None]
    found += others(seed, rest)
    if folder is not None:
        found += public(folder / "slurp_devel.jsonl", 10_000, seed)
        found += public(folder / "snips_train.jsonl", 1_500, seed)
    rng = spawn(seed, "language order")
    return [found[int(i)] for i in rng.permutation(len(found))]


def public(path: Path, most: int, seed: int) -> list[Example]:
    """Return up to `most` utterances of a public set that are not for this robot."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows if _foreign(row)]
    order = spawn(seed, path.name).permutation(len(texts))[:most]
    made = (plain(texts[int(i)], "unknown") for i in order)
    return [example for example in made if example is not None and len(example.words) < 30]


def _foreign(row: dict[str, str]) -> bool:
    mine = any(mark in row["intent"] for mark in OURS)
    return not mine and not row["text"].lower().startswith(OURS_FIRST)
