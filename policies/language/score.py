"""Score programs against the right ones: exact, action accuracy, and F1 of rejecting what is not for the robot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.language.labels import all_unknown
from policies.language.program import Program, action, names, read

DEV = Path(__file__).parent / "dev.txt"


@dataclass(frozen=True)
class Spoken:
    """A text and the program it asks for."""

    text: str
    program: Program


def read_set(path: Path) -> list[Spoken]:
    """Return the lines of a file: `TEXT | PROGRAM`, # before a remark; or, of a .jsonl, {"text", "actions"}.

    Raises:
        ProgramError: where a program names what does not exist.
        ValueError: where a line is neither.
    """
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    if path.suffix == ".jsonl":
        return [_from_json(json.loads(line)) for line in lines]
    pairs = [line.rsplit(" | ", 1) for line in lines]
    return [Spoken(text, read(program)) for text, program in pairs]


def _from_json(row: dict[str, Any]) -> Spoken:
    steps = [step if isinstance(step, dict) else {"action": step} for step in row["actions"]]
    pairs = [(str(step["action"]), {k: v for k, v in step.items() if k != "action"}) for step in steps]
    lists = [{k: tuple(v) if isinstance(v, list) else v for k, v in slots.items()} for _, slots in pairs]
    return Spoken(str(row["text"]), tuple(action(name, slots) for (name, _), slots in zip(pairs, lists, strict=True)))


def score(wanted: Sequence[Program], got: Sequence[Program]) -> dict[str, float]:
    """Return `exact` (whole program equal), `action_accuracy` (action names equal in order), and `reject_f1`."""
    pairs = list(zip(wanted, got, strict=True))
    exact = sum(a == b for a, b in pairs) / len(pairs)
    actions = sum(names(a) == names(b) for a, b in pairs) / len(pairs)
    hits = sum(all_unknown(a) and all_unknown(b) for a, b in pairs)
    given, due = sum(all_unknown(b) for _, b in pairs), sum(all_unknown(a) for a, _ in pairs)
    f1 = 2 * hits / (given + due) if given + due else 1.0
    ours = [pair for pair in pairs if not all_unknown(pair[0])]
    commands = sum(names(a) == names(b) for a, b in ours) / len(ours) if ours else 1.0
    rejected = hits / due if due else 1.0
    return {
        "exact": exact, "action_accuracy": actions, "reject_f1": f1,
        "command_accuracy": commands, "rejected": rejected,
    }  # fmt: skip
