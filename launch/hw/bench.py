"""`launch bench hil`: the display's mimicry through the firmware in the loop, and the same scenes without it beside it.

Each scene runs three times: without a board in lockstep, and with it in both runners. So the firmware's cost is seen in
gain and correlation, two runs with it must give one hash, and the stepped one tells the speed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from launch.execute import RunOptions, execute
from launch.spec import Devices, Perception, Runner, RunSpec

Row = dict[str, Any]
SHOWN = ("mimic_gain", "mimic_r", "mimic_lag_ms", "lock_share", "base_tilt_deg_max")
GAIN, R, SPEED = (0.85, 1.1), 0.93, 0.5


def run(board: str, perceptions: Sequence[Perception], seeds: Sequence[int], scene: str, seconds: float) -> list[Row]:
    """Run every scene, print a line each, and return the rows."""
    rows = []
    print(f"{'':<26}" + "".join(f"{name:>18}" for name in (*SHOWN, "real time", "two runs")), flush=True)
    for perception in perceptions:
        for seed in seeds:
            rows += _scene(board, RunSpec("tabletop", scene, seed, seconds, perception))
    return rows


def bars(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what the runs through the firmware are held to: means of each level, and equality of all."""
    found = []
    for perception in sorted({row["perception"] for row in rows}):
        ours = [row for row in rows if row["board"] and row["perception"] == perception]
        gain, r = _mean(ours, "mimic_gain"), _mean(ours, "mimic_r")
        slowest = min(row["real_time_factor"] for row in ours)
        equal = all(row["equal"] for row in ours)
        found += [
            _bar(perception, "mean mimic_gain", f"{GAIN[0]} to {GAIN[1]}", gain, GAIN[0] <= gain <= GAIN[1]),
            _bar(perception, "mean mimic_r", f">= {R}", r, r >= R),
            _bar(perception, "slowest real_time_factor", f">= {SPEED}", slowest, slowest >= SPEED),
            _bar(perception, "two runs, one hash", "all", sum(row["equal"] for row in ours), equal),
        ]
    return found


def _scene(board: str, spec: RunSpec) -> list[Row]:
    driven = replace(spec, devices=Devices(hil=board))
    told, again, ours = _run(spec, "lockstep"), _run(driven, "lockstep"), _run(driven, "stepped")
    ours["equal"] = ours["log_sha256"] == again["log_sha256"]
    for row in (told, ours):
        name = f"{row['perception']} seed {row['seed']} {row['board'] or 'no board'}"
        equal = "" if "equal" not in row else "equal" if row["equal"] else "DIFFER"
        print(
            f"{name:<26}" + "".join(f"{row[n]:18.3f}" for n in (*SHOWN, "real_time_factor")) + f"{equal:>18}",
            flush=True,
        )
    return [told, ours]


def _run(spec: RunSpec, runner: Runner) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        options = RunOptions(runner=runner, fast=True, out=Path(folder), report=False)
        summary, _ = execute(spec, options)
    metrics = {name: float("nan") if summary["metrics"][name] is None else summary["metrics"][name] for name in SHOWN}
    kept = ("seed", "perception", "real_time_factor", "log_sha256", "failed", "command")
    return {**{name: summary[name] for name in kept}, "board": spec.devices.hil, "runner": runner, **metrics}


def _mean(rows: Sequence[Row], name: str) -> float:
    """Return the mean over the scenes that have a figure: where nobody nods there is no mimicry."""
    found = [row[name] for row in rows if np.isfinite(row[name])]
    return float(np.mean(found)) if found else float("nan")


def _bar(perception: str, what: str, rule: str, reached: float, held: bool) -> dict[str, Any]:
    return {"perception": perception, "metric": what, "rule": rule, "reached": reached, "held": bool(held)}
