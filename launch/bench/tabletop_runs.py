"""Suites `lock` and `mimic`: the whole profile in the loop, in lockstep, scored as `launch sim tabletop` is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from launch.execute import RunOptions, prepare, reproduce
from launch.scoring.nearest import NearestBox
from launch.scoring.tabletop import TabletopScorer
from launch.spec import RunSpec
from robot.bodies.tabletop.body import TabletopBody
from robot.recording.log_hash import LogHash
from robot.runtime.commit import Observer
from robot.runtime.lockstep import Lockstep

Row = dict[str, Any]


def lock(spec: RunSpec) -> Row:
    """Return how well the caller was held among others, and how a tracker without identity would have done."""
    nearest = NearestBox()
    row = _run(spec, nearest)
    return {
        **row,
        "success": row["id_switches"] == 0 and row["lock_share"] >= 0.95 and not row["fallen"],
        "nearest_id_switches": nearest.hold.switches,
        "nearest_held_share": nearest.hold.right_share,
        "time_s": (1.0 - row["lock_share"]) * spec.duration_s,  # not centred: what a baseline calls slower
    }


def mimic(spec: RunSpec) -> Row:
    """Return how the display's motion copies the head's. `mimic_own_ms` is what is left of the lag beyond one camera
    period and the servo's own delay: exposure, the face node, filters, planning."""
    row = _run(spec)
    body = TabletopBody()
    servo = body.servos[2]
    given_ms = 1000.0 * (1.0 / body.camera.rate_hz + servo.latency_s + servo.time_constant_s)
    own_ms = row["mimic_lag_ms"] - given_ms
    good = row["mimic_lag_ms"] <= 150.0 and 0.9 <= row["mimic_gain"] <= 1.1 and row["mimic_r"] >= 0.95
    return {**row, "mimic_own_ms": own_ms, "success": bool(good), "time_s": row["mimic_lag_ms"] / 1000.0}


def _run(spec: RunSpec, *more: Observer) -> Row:
    """Run the profile in the scene that the episode's part names; return the metrics."""
    alone = replace(spec, world=spec.world.partition(":")[2])
    scorer, digest = TabletopScorer(), LogHash()
    graph = prepare(alone)
    runner = Lockstep(graph, alone.seed, [scorer, digest, *more])
    try:
        runner.advance(graph.ticks.count(alone.duration_s))
    finally:
        runner.close()
    metrics = scorer.metrics()
    return {
        **metrics,
        "collisions": int(metrics["fallen"]),
        "events": [event.as_dict() for event in scorer.events if event.kind != "gesture"],
        "log_sha256": digest.hexdigest(),
        "command": reproduce(alone, RunOptions(runner="lockstep", fast=True)),
    }
