"""What each suite of `launch bench tabletop` is held to. `docs/benchmarks.md` tells where the bars come from.

A bar is a figure over the rows of one part of the bench; the rule says how rows are joined. "pooled" divides sums, so
that scenes with many crossings weigh more than those with few.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Row = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """A metric of the rows whose world begins with `where`."""

    where: str
    metric: str
    rule: str
    """How rows are joined and compared: mean, median, min, max, sum, pooled or "episodes with any", then <= or >=."""
    bar: float


BARS = (
    Bar("pose", "pose_mae_pitch_deg", "mean <=", 3.0),
    Bar("pose", "pose_mae_yaw_deg", "mean <=", 3.0),
    Bar("pose", "pose_mae_roll_deg", "mean <=", 2.0),
    Bar("pose", "filter_lag_frames", "median <=", 1.0),
    Bar("nods:mixed", "nod_f1", "pooled >=", 0.95),
    Bar("nods:mixed", "nod_latency_s", "median <=", 0.5),
    Bar("nods:talk", "nods_false", "episodes with any <=", 0.0),
    Bar("lock:crowd", "crossings", "sum >=", 300.0),
    Bar("lock:crowd", "id_switches", "pooled <=", 0.01),
    Bar("lock:crowd", "lock_share", "mean >=", 0.95),
    Bar("lock:crowd", "relock_s", "max <=", 1.0),
    Bar("lock:party", "held_share", "mean >=", 0.90),
    Bar("mimic:nodder", "mimic_lag_ms", "mean <=", 150.0),
    Bar("mimic:nodder", "mimic_own_ms", "mean <=", 60.0),
    Bar("mimic:nodder", "mimic_gain", "min >=", 0.9),
    Bar("mimic:nodder", "mimic_gain", "max <=", 1.1),
    Bar("mimic:nodder", "mimic_r", "min >=", 0.95),
    Bar("mimic:nodder", "still_rms_deg", "max <=", 0.2),
    Bar("stability:limiter", "base_tilt_deg_max", "max <=", 0.5),
    Bar("stability:limiter", "base_slip_mm_max", "max <=", 3.0),
    Bar("stability:off", "tips_or_slides", "mean >=", 1.0),
    Bar("stability:heavy", "fallen", "episodes with any <=", 0.0),
    Bar("speed:1_face", "ms_p50", "max <=", 15.0),
    Bar("speed:4_faces", "ms_p50", "max <=", 30.0),
    Bar("speed", "face_node_mb", "max <=", 500.0),
)


def judge(rows: Sequence[Row], suites: Collection[str]) -> list[dict[str, Any]]:
    """Return one line per bar of these suites: metric, rule, where, the bar, what was reached, held or not."""
    lines = []
    for bar in BARS:
        mine = [row for row in rows if str(row["world"]).startswith(bar.where)]
        if bar.where.partition(":")[0] not in suites or not mine:
            continue
        reached = _reached(bar, mine)
        held = reached >= bar.bar - 1e-9 if ">=" in bar.rule else reached <= bar.bar + 1e-9
        rule = f"{bar.rule} ({bar.where})"
        lines.append(
            {
                "metric": bar.metric,
                "rule": rule,
                "bar": bar.bar,
                "reached": reached,
                "held": bool(held),
                "where": bar.where,
            }
        )
    return lines


def _reached(bar: Bar, rows: Sequence[Row]) -> float:
    """Return the figure; NaN, which holds no bar, where nothing was measured."""
    if bar.rule.startswith("pooled"):
        return _pooled(bar.metric, rows)
    values = np.array([_number(row.get(bar.metric)) for row in rows])
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan
    how = bar.rule.rpartition(" ")[0]
    if how == "episodes with any":
        return float((values > 0).sum())
    joined = {
        "mean": values.mean(),
        "median": np.median(values),
        "max": values.max(),
        "min": values.min(),
        "sum": values.sum(),
    }
    return float(joined[how])


def _pooled(metric: str, rows: Sequence[Row]) -> float:
    def total(name: str) -> float:
        return float(sum(_number(row.get(name)) for row in rows))

    if metric == "nod_f1":
        return 2.0 * total("nods_found") / max(1.0, total("nods") + total("nods_found") + total("nods_false"))
    return total(metric) / max(1.0, total("crossings"))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, bool | int | float) else math.nan
