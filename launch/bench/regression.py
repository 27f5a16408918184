"""Rows against a baseline: what changed, what got worse, and whether that is more than the baseline's limits allow.

Runs are deterministic, so a row whose log differs is a change of behaviour, wanted or not; red are only those changes
that cost success, contacts or time. A baseline is a JSON file that people review: rows, and the limits beside them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from launch.bench.collect import plain
from launch.errors import CallError

SYSTEMATIC_P = 0.01
WORST = 10  # episodes that are told one by one
Row = dict[str, Any]
Key = tuple[str, str, int]
KEPT = (
    "label",
    "world",
    "seed",
    "success",
    "collisions",
    "falls",
    "time_s",
    "spl",
    "min_clearance_m",
    "slip",
    "control_hz",
    "log_sha256",
)


@dataclass(frozen=True)
class Limits:
    """How much worse is still green."""

    success_lost: int = 0  # episodes that succeeded and no longer do
    collisions_more: int = 0  # contacts of all episodes together
    time_share: float = 0.01  # of the time of all episodes that succeed in both, together
    systematic_share: float = 0.002  # the same where nearly all episodes got slower (sign test, p < 0.01)
    row_time_share: float = 0.25  # of one such episode's time,
    row_time_s: float = 1.0  # if it is also more than this
    control_share: float = 0.05  # fewer decisions a second, mean of all episodes
    slip_more: float = 0.004  # share of the wheels' way that the scans do not confirm, mean of all episodes


@dataclass(frozen=True)
class Change:
    """One episode before and after."""

    before: Row
    after: Row

    @property
    def slower_s(self) -> float:
        """How much longer it takes, s; inf where it no longer succeeds, -inf where it does at last."""
        if bool(self.before["success"]) != bool(self.after["success"]):
            return math.inf if self.before["success"] else -math.inf
        return float(self.after["time_s"]) - float(self.before["time_s"])

    @property
    def touches_more(self) -> int:
        """How many more contacts it has."""
        return int(self.after["collisions"]) - int(self.before["collisions"])

    @property
    def command(self) -> str:
        """What runs the episode alone, as it is now."""
        return str(self.after.get("command", ""))

    def line(self) -> str:
        """Return the change in one line."""
        parts = []
        for key, form in (("success", "{}"), ("collisions", "{}"), ("time_s", "{:.2f}"), ("min_clearance_m", "{:.3f}")):
            old, new = self.before.get(key), self.after.get(key)
            if old != new:
                told = [("-" if value is None else form.format(value)) for value in (old, new)]
                parts.append(f"{key} {told[0]} -> {told[1]}")
        name = f"{self.after['label']} {self.after['world']} seed {self.after['seed']}"
        return f"{name}: {', '.join(parts) or 'another way, same figures'}"


@dataclass(frozen=True)
class Comparison:
    """What a comparison found; `red` says why it fails, empty where it does not."""

    changes: tuple[Change, ...]
    missing: tuple[Key, ...]
    added: tuple[Key, ...]
    red: tuple[str, ...] = field(default=())

    def worst(self, most: int = WORST) -> list[Change]:
        """Return the changed episodes, at most so many, those that lost most first."""
        return sorted(self.changes, key=lambda c: (-c.touches_more, -c.slower_s))[:most]

    def heads(self) -> list[str]:
        """Return what concerns all episodes together, red reasons first."""
        found = [f"worse than the baseline: {reason}" for reason in self.red]
        found += [f"not run, but in the baseline: {' '.join(map(str, key))}" for key in self.missing[:WORST]]
        found += [f"{len(self.added)} episodes are not in the baseline"] if self.added else []
        count = len(self.changes)
        return [*found, f"{count} episodes changed" if count else "no episode changed"]

    def lines(self) -> list[str]:
        """Return the report for a terminal: the worst episodes and how to run the very worst of them alone."""
        worst = self.worst()
        alone = [f"  alone: {change.command}" for change in worst[:1] if change.command]
        return [*self.heads(), *(change.line() for change in worst[:1]), *alone, *(c.line() for c in worst[1:])]

    def as_dict(self) -> dict[str, Any]:
        """Return it for summary.json and the report."""
        worst = [{"line": change.line(), "command": change.command} for change in self.worst()]
        return {"red": list(self.red), "heads": self.heads(), "worst": worst}


def compare(baseline: Sequence[Row], rows: Sequence[Row], limits: Limits) -> Comparison:
    """Return what differs between two sets of rows, matched by label, world and seed."""
    old, new = ({key_of(row): row for row in found} for found in (baseline, rows))
    both = [Change(old[key], new[key]) for key in old if key in new]
    changes = tuple(c for c in both if c.before["log_sha256"] != c.after["log_sha256"])
    missing = tuple(key for key in old if key not in new)
    added = tuple(key for key in new if key not in old)
    red = [f"{len(missing)} episodes of the baseline were not run"] if missing else []
    return Comparison(changes, missing, added, (*red, *_worse(both, limits)))


def _worse(both: Sequence[Change], limits: Limits) -> list[str]:
    red = []
    lost = sum(change.slower_s == math.inf for change in both)
    if lost > limits.success_lost:
        red.append(f"{lost} episodes no longer succeed (limit {limits.success_lost})")
    touches = sum(change.touches_more for change in both)
    if touches > limits.collisions_more:
        red.append(f"{touches} more contacts (limit {limits.collisions_more})")
    done = [change for change in both if change.before["success"] and change.after["success"]]
    total = sum(float(change.before["time_s"]) for change in done)
    share = sum(change.slower_s for change in done) / total if total else 0.0
    if share > limits.time_share:
        red.append(f"{share:.1%} more time over all (limit {limits.time_share:.1%})")
    slower, faster = (sum(sign * c.slower_s > 1e-9 for c in done) for sign in (1, -1))
    if share > limits.systematic_share and slower + faster and _by_chance(slower, slower + faster) < SYSTEMATIC_P:
        red.append(f"{slower} of the {slower + faster} episodes whose time changed got slower")
    slow = [c for c in done if c.slower_s > max(limits.row_time_s, limits.row_time_share * float(c.before["time_s"]))]
    if slow:
        red.append(f"{len(slow)} episodes take more than {limits.row_time_share:.0%} longer")
    pace = [float(c.after["control_hz"]) / float(c.before["control_hz"]) for c in both if c.before.get("control_hz")]
    if pace and 1.0 - sum(pace) / len(pace) > limits.control_share:
        red.append(f"{1.0 - sum(pace) / len(pace):.0%} fewer decisions a second")
    slips = [float(c.after["slip"]) - float(c.before["slip"]) for c in both if c.before.get("slip") is not None]
    if slips and sum(slips) / len(slips) > limits.slip_more:
        red.append(f"{sum(slips) / len(slips):.3f} more of the wheels' way is not confirmed by scans")
    return red


def _by_chance(slower: int, changed: int) -> float:
    """Return the chance of at least so many slower episodes if slower and faster were equally likely."""
    return float(binomtest(slower, changed, alternative="greater").pvalue)


def key_of(row: Row) -> Key:
    """Return what tells episodes apart."""
    return str(row["label"]), str(row["world"]), int(row["seed"])


def read_baseline(file: Path) -> tuple[list[Row], Limits]:
    """Return rows and limits of a baseline file. Raises CallError in one line."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        rows, given = list(found["rows"]), dict(found.get("limits", {}))
        for row in rows:
            key_of(row), row["success"], row["collisions"], row["time_s"], row["log_sha256"]
    except FileNotFoundError:
        raise CallError(f"--baseline {file}: no such file; --update-baseline makes it") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CallError(f"--baseline {file}: is no baseline: {type(error).__name__}: {error}") from None
    known = {entry.name for entry in fields(Limits)}
    if unknown := sorted(set(given) - known):
        raise CallError(f"--baseline {file}: unknown limit '{unknown[0]}' (there is: {', '.join(sorted(known))})")
    return rows, Limits(**given)


def write_baseline(file: Path, rows: Sequence[Row], limits: Limits) -> None:
    """Write a baseline. Raises CallError where it cannot be written."""
    kept = [{key: row[key] for key in KEPT if key in row} for row in rows]
    try:
        lines = ",\n  ".join(json.dumps(plain(row)) for row in kept)
        file.write_text(f'{{"limits": {json.dumps(asdict(limits))},\n "rows": [\n  {lines}\n]}}\n', encoding="utf-8")
    except OSError as error:
        raise CallError(f"--baseline {file}: cannot be written ({error.strerror})") from error
