"""`report.html` and `junit.xml` of a bench: aggregates with intervals, bars, and every episode with its command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from launch.report.home_map import Plan, image_data, plan_of, svg_points
from launch.report.junit import junit_of
from launch.report.page import render
from launch.report.verdict import failed_bars, missed
from launch.report.words import in_order, told, words_for

THUMB_PX = (360.0, 320.0)  # width and height a thumbnail's plan fills
BESIDE_BARS = ("hidden_times", "final_distance_m", "min_gap_person_m", "min_clearance_m")  # shown per episode too


def write_bench_report(out_dir: Path, summary: Mapping[str, Any]) -> None:
    """Write report.html and junit.xml into `out_dir`.

    Args:
        summary: `bench`, `suite`, `bars` (metric, rule, bar, reached, held), `aggregate` (label → metric → mean, low,
            high, max, n) and `rows`: one per episode with label, world, seed, metrics, failed, command, and where
            there are any, `paths` (robot, person: lists of x, y in map). The first label is the one that is judged.
            `comparison` (heads, worst, red) where there was a baseline.

    Raises:
        OSError: a file cannot be written.
    """
    (out_dir / "junit.xml").write_text(junit_of(summary), encoding="utf-8")
    (out_dir / "report.html").write_text(render("bench.html", page_values(summary)), encoding="utf-8")


def page_values(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything bench.html shows."""
    rows, bars = summary["rows"], summary["bars"]
    labels = list(summary["aggregate"])
    plans, columns = _plans(rows), _columns(rows, bars)
    settings = [f"{key} {summary[key]}" for key in ("perception", "planner", "proxy") if summary.get(key)]
    return {
        "title": f"bench {summary['bench']}: {summary['suite']}",
        "subtitle": " · ".join([f"{sum(r['label'] == labels[0] for r in rows)} episodes", *settings]),
        "held": all(bar["held"] for bar in bars),
        "bars": [{**bar, "label": words_for(bar["metric"]).label} for bar in bars],
        "comparison": summary.get("comparison"),
        "labels": labels,
        "aggregate": _aggregate(summary["aggregate"], bars),
        "columns": columns,
        "rows": [_row(row, bars, columns) for row in rows],
        "plans": [{"id": name, "png": image_data(plan), "size": _size(plan)} for name, plan in plans.items()],
        "thumbs": [_thumb(row, plans[row["world"]], bars) for row in rows if row.get("paths", {}).get("robot")],
    }


@dataclass(frozen=True)
class Gauge:
    """A share with its interval on a line from 0 to 1, and the bar it is held against."""

    mean: float
    low: float
    high: float
    bar: float | None


def _aggregate(aggregate: Mapping[str, Any], bars: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    first = next(iter(aggregate.values()))
    wanted = {bar["metric"]: bar["bar"] for bar in bars if bar["rule"].startswith("mean")}
    return [
        {
            "name": metric,
            "label": words_for(metric).label,
            "meaning": words_for(metric).meaning,
            "cells": [_cell(metric, figures.get(metric), wanted.get(metric)) for figures in aggregate.values()],
        }
        for metric in in_order(first)
    ]


def _cell(metric: str, figures: Mapping[str, float] | None, bar: float | None) -> dict[str, Any]:
    if figures is None or figures["n"] == 0:
        return {"value": "–", "interval": "", "gauge": None}
    words = words_for(metric)
    form = "share" if words.form == "yes" else "plain" if words.form == "count" else words.form
    value, low, high = (told(float(figures[key]), form) for key in ("mean", "low", "high"))
    share = form == "share" and np.isfinite(figures["low"])
    gauge = Gauge(figures["mean"], max(figures["low"], 0.0), min(figures["high"], 1.0), bar) if share else None
    return {"value": value, "interval": f"{low} to {high}" if np.isfinite(figures["low"]) else "", "gauge": gauge}


def _columns(rows: Sequence[Mapping[str, Any]], bars: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    wanted = {*BESIDE_BARS, *(bar["metric"] for bar in bars)}
    return [(name, words_for(name).label) for name in in_order(rows[0] if rows else ()) if name in wanted]


def _row(
    row: Mapping[str, Any], bars: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    misses = missed(row, bars)
    return {
        "label": row["label"],
        "title": _title(row),
        "bad": bool(failed_bars(row, bars)) or bool(row.get("failed")),
        "failed": row.get("failed"),
        "cells": [(told(row.get(name), words_for(name).form), name in misses) for name, _ in columns],
        "command": row.get("command", ""),
        "events": row.get("events", []),
    }


def _title(row: Mapping[str, Any]) -> str:
    return str(row.get("title") or f"{Path(str(row['world'])).stem} {row['seed']}")


def _plans(rows: Sequence[Mapping[str, Any]]) -> dict[str, Plan]:
    plans: dict[str, Plan] = {}
    for row in rows:
        paths = row.get("paths", {})
        if paths.get("robot") and row["world"] not in plans:
            around = np.array([*paths["robot"], *paths["person"]], dtype=np.float64)
            plans[row["world"]] = plan_of(str(row["world"]), around, THUMB_PX)
    return plans


def _size(plan: Plan) -> tuple[int, int]:
    return plan.image.shape[1], plan.image.shape[0]


def _thumb(row: Mapping[str, Any], plan: Plan, bars: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    def points(name: str) -> str:
        return svg_points(plan.transform.pixels(np.array(row["paths"][name], dtype=np.float64).reshape(-1, 2)))

    misses = failed_bars(row, bars)
    failed = ["failed"] if row.get("failed") else []
    return {
        "plan": row["world"],
        "size": _size(plan),
        "robot": points("robot"),
        "person": points("person"),
        "goal": points("goal") if "goal" in row["paths"] else "",
        "words": f"{row['label']} · {_title(row)}",
        "command": row.get("command", ""),
        "misses": ", ".join([*failed, *(words_for(name).label for name in misses)]),
    }
