"""`launch bench bus`: our bus beside bare pyzmq, Cyclone DDS, Zenoh and LCM, in one run on one machine.

Each cell is measured several times, the transports in turn, so that a machine whose speed drifts drifts for all of
them. What is compared is what a Python program gets: bytes (or an array) in one process to bytes in another.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from launch.bench.bus_peers import MODULES, PEERS, SIZES
from launch.bench.bus_trial import Measure, trial

CELLS: tuple[tuple[str, Measure], ...] = (*((payload, "latency") for payload in SIZES), ("image", "throughput"))
LATENCY_BAR = 1.5  # of bare pyzmq's median
THROUGHPUT_BAR = 0.9  # of bare pyzmq's
INSTALL = "pip install 'housemate[bench]'"


def run(rounds: int = 5, seconds: float = 1.0, peers: Sequence[str] = tuple(PEERS)) -> dict[str, Any]:
    """Measure, print the table, and return {"rows", "bars", "missing"} for summary.json.

    Args:
        rounds: how often each cell is measured; medians over rounds are reported.
        seconds: wall time of each measurement.
        peers: which of PEERS.
    """
    console = Console(width=120)
    missing = [name for name in peers if importlib.util.find_spec(MODULES[name]) is None]
    if missing:
        console.print(
            f"not installed, so not measured: {', '.join(missing)}. Try: {INSTALL}", highlight=False, markup=False
        )
    present = [name for name in peers if name not in missing]
    results = _measure(present, rounds, seconds)
    rows = [
        _row(name, payload, measure, results[name, payload, measure]) for payload, measure in CELLS for name in present
    ]
    bars = _bars(rows)
    _print(console, rows, bars, f"{rounds} rounds of {seconds:g} s")
    return {"bench": "bus", "rounds": rounds, "seconds": seconds, "rows": rows, "bars": bars, "missing": missing}


def _measure(names: Sequence[str], rounds: int, seconds: float) -> dict[tuple[str, str, Measure], list[dict[str, Any]]]:
    results: dict[tuple[str, str, Measure], list[dict[str, Any]]] = {}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("bus", total=rounds * len(CELLS) * len(names))
        for payload, measure in CELLS:
            for turn in range(rounds):
                for name in (*names[turn % len(names) :], *names[: turn % len(names)]):
                    progress.update(task, description=f"{name}, {payload}, {measure}")
                    results.setdefault((name, payload, measure), []).append(trial(name, payload, measure, seconds))
                    progress.advance(task)
    return results


def _row(name: str, payload: str, measure: Measure, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians over rounds; a round without a figure does not count, and says why when there is no other."""
    row: dict[str, Any] = {"peer": name, "payload": payload, "measure": measure, "lost": 0, "error": None}
    good = [result for result in results if result.get("us") or "mb_s" in result]
    row["lost"] = sum(result.get("lost", 0) for result in results)
    row["rounds"] = len(good)
    if not good:
        row["error"] = results[0].get("error", "every message was lost")
    elif measure == "latency":
        row["p50_us"] = float(np.median([np.percentile(result["us"], 50) for result in good]))
        row["p99_us"] = float(np.median([np.percentile(result["us"], 99) for result in good]))
        row["samples"] = sum(len(result["us"]) for result in good)
    else:
        row["mb_s"] = float(np.median([result["mb_s"] for result in good]))
    return row


def _bars(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ours over bare pyzmq in each cell, and whether the bar is held; nothing where one was not measured."""
    bars = []
    for payload, measure in CELLS:
        figure = "p50_us" if measure == "latency" else "mb_s"
        cell = {r["peer"]: r.get(figure) for r in rows if (r["payload"], r["measure"]) == (payload, measure)}
        ours, bare = cell.get("housemate"), cell.get("pyzmq")
        if ours is None or bare is None:
            continue
        ratio, at_most = ours / bare, measure == "latency"
        bar = LATENCY_BAR if at_most else THROUGHPUT_BAR
        bars.append(
            {
                "metric": f"{measure} {payload}, ours / pyzmq",
                "rule": "at most" if at_most else "at least",
                "bar": bar,
                "reached": ratio,
                "held": ratio <= bar if at_most else ratio >= bar,
            }
        )
    return bars


def _print(console: Console, rows: Sequence[dict[str, Any]], bars: Sequence[dict[str, Any]], how: str) -> None:
    table = Table(title=f"two processes, one machine; median of {how}, transports in turn", min_width=100)
    for column in ("payload", "transport", "median µs", "99 % µs", "MB/s", "lost", ""):
        table.add_column(column, justify="right")
    for row in rows:
        figures = (f"{row[key]:.0f}" if key in row else "" for key in ("p50_us", "p99_us", "mb_s"))
        table.add_row(row["payload"], row["peer"], *figures, str(row["lost"] or ""), row["error"] or "")
    console.print(table)
    verdicts = Table(title="bars (median latency one way)")
    for column in ("metric", "rule", "bar", "reached", ""):
        verdicts.add_column(column)
    for bar in bars:
        held = "held" if bar["held"] else "NOT held"
        verdicts.add_row(bar["metric"], bar["rule"], f"{bar['bar']:g}", f"{bar['reached']:.3f}", held)
    console.print(verdicts)
