"""What every bench prints and leaves: a progress bar, a table with intervals, the bars, and its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from launch.bench.aggregate import aggregate
from launch.bench.collect import plain
from launch.report.bench import write_bench_report

SHOWN = (
    "follow_rate", "tracking_rate", "success", "encountered", "spl", "collisions_person", "collisions_object",
    "id_switches", "lost_s_max", "away_s_max", "hidden_times", "min_gap_person_m", "barn_metric", "lock_share",
    "crossings", "held_share", "relock_s", "nearest_id_switches", "nearest_held_share", "nods", "nods_found",
    "nods_false", "nod_f1", "nod_latency_s", "pose_mae_yaw_deg", "pose_mae_pitch_deg", "pose_mae_roll_deg",
    "pose_p95_deg", "pose_jitter_deg", "seen_share", "filter_lag_frames", "mimic_lag_ms", "mimic_own_ms",
    "mimic_gain", "mimic_r", "still_rms_deg", "base_tilt_deg_max", "base_slip_mm_max", "fallen", "ms_p50", "ms_p95",
    "facemesh_ms_p50", "over_facemesh", "faces_seen", "facemesh_faces_seen", "face_node_mb", "collisions", "falls",
    "min_clearance_m", "time_s", "recoveries", "wall_seconds", "real_time_factor", "rss_mb",
)  # fmt: skip


def finish(folder: Path, summary: dict[str, Any], rows: list[dict[str, Any]], *, bootstrap: bool = False) -> None:
    """Add aggregates and rows to `summary`, write summary.json, report.html and junit.xml, and print the tables."""
    labels = list(dict.fromkeys(row["label"] for row in rows))
    summary["aggregate"] = {
        label: aggregate([row for row in rows if row["label"] == label], bootstrap=bootstrap) for label in labels
    }
    summary["rows"] = rows
    (folder / "summary.json").write_text(json.dumps(plain(summary), indent=1) + "\n")
    write_bench_report(folder, summary)
    console = Console(width=140)
    console.print(_aggregate_table(summary, labels))
    if summary["bars"]:
        console.print(bar_table(summary["bars"]))
    console.print(f"report: {folder / 'report.html'}", highlight=False, soft_wrap=True)


def _aggregate_table(summary: dict[str, Any], labels: list[str]) -> Table:
    first = summary["aggregate"][labels[0]]
    counts = ", ".join(f"{label}: {summary['aggregate'][label]['success']['n']}" for label in labels)
    proxy = ", a proxy" if summary.get("proxy") else ""
    name = f"{summary['bench']} {summary['suite']}{proxy}"
    table = Table(title=f"{name} (episodes: {counts}), mean [95 % interval]")
    table.add_column("metric")
    for label in labels:
        table.add_column(label, justify="right")
    for metric in (name for name in SHOWN if name in first):
        table.add_row(metric, *(_cell(summary["aggregate"][label].get(metric)) for label in labels))
    return table


def _cell(interval: dict[str, float] | None) -> str:
    if interval is None or interval["n"] == 0:
        return "-"
    return f"{interval['mean']:.3f} [{interval['low']:.3f}, {interval['high']:.3f}]"


def bar_table(bars: list[dict[str, Any]]) -> Table:
    """Return the table of bars: what was wanted, what was reached, held or not."""
    table = Table(title="bars")
    for column in ("metric", "rule", "bar", "reached", ""):
        table.add_column(column)
    for bar in bars:
        reached, wanted = f"{bar['reached']:.3f}", f"{bar['bar']:.3f}"
        table.add_row(bar["metric"], bar["rule"], wanted, reached, "held" if bar["held"] else "NOT held")
    return table
