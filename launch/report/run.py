"""`report.html` and `overview.mp4` of one run, from its summary.json and log.mcap alone."""

from __future__ import annotations

import base64
import json
from itertools import takewhile
from pathlib import Path
from typing import Any

from markupsafe import Markup

from launch.report import desk_plots, plots
from launch.report.desk_film import DeskFilm
from launch.report.desk_story import DeskStory
from launch.report.film import Film, Reel
from launch.report.home_map import map_picture, plan_of
from launch.report.page import render
from launch.report.story import Story
from launch.report.words import desk_headline, headline, in_order, told, words_for
from robot import topics
from robot.clock import NS_PER_S
from robot.recording.reader import LogReader

EMBED_BYTES = 12_000_000  # a larger film stays a file beside the page
NODE_COLUMNS = {"steps": "steps", "mean_ms": "mean, ms", "p50_ms": "median, ms", "p99_ms": "99th percentile, ms"}


def write_report(run_dir: Path, *, video: bool = True) -> None:
    """Write `report.html`, and `overview.mp4` where wanted, into a run's folder.

    Args:
        run_dir: holds summary.json and log.mcap (which may be cut short: then the report ends where it ends).

    Raises:
        OSError: a file is missing or cannot be written.
        ValueError: summary.json is no summary, or the log no log.
    """
    summary: dict[str, Any] = json.loads((run_dir / "summary.json").read_text(encoding="utf-8"))
    reader = LogReader(run_dir / "log.mcap")
    story: Story | DeskStory = DeskStory() if summary["profile"] == "tabletop" else Story()
    rendered = _is_rendered(reader)
    film = _film(run_dir / "overview.mp4", summary, rendered) if video else None
    try:
        for commit in reader.commits():
            story.on_commit(commit)
            if film is not None:
                film.on_commit(commit)
    finally:
        if film is not None:
            film.close()
    if isinstance(story, DeskStory):
        template, values = "desk.html", desk_values(summary, story, reader.damage)
    else:
        template, values = "run.html", page_values(summary, story, reader.damage)
    values["video"] = _embedded(run_dir / "overview.mp4", film) if film is not None and film.frames else None
    values["rendered"] = rendered
    (run_dir / "report.html").write_text(render(template, values), encoding="utf-8")


def page_values(summary: dict[str, Any], story: Story, damage: str | None) -> dict[str, Any]:
    """Return everything run.html shows but the film."""
    person = story.people[0] if story.people else "the person"
    has_truth = len(story.robot) > 0
    plan = (
        plan_of(str(summary["world"]), story.robot[:, 1:3], display=summary["profile"] == "home") if has_truth else None
    )
    return {
        **_common(summary, story, damage),
        "headline": headline(summary["metrics"], person),
        "person": person,
        "picture": map_picture(plan, story) if plan else None,
        "distance": Markup(plots.distance_plot(story)) if has_truth and story.people else None,
        "strips": plots.strip_key(story),
        "people": story.people,
        "speeds": Markup(plots.speed_plot(story)) if len(story.speeds) else None,
        "reasons": Markup(plots.reasons_plot(story)) if story.reasons else None,
    }


def desk_values(summary: dict[str, Any], story: DeskStory, damage: str | None) -> dict[str, Any]:
    """Return everything desk.html shows but the film."""
    has_truth = len(story.truth) > 0
    return {
        **_common(summary, story, damage),
        "headline": desk_headline(summary["metrics"]),
        "heads": Markup(desk_plots.heads_plot(story)) if has_truth else None,
        "gaze": Markup(desk_plots.gaze_plot(story)) if has_truth else None,
        "stand": Markup(desk_plots.stand_plot(story)) if has_truth and len(story.load) else None,
        "strips": desk_plots.strip_key(story),
    }


def _film(path: Path, summary: dict[str, Any], rendered: bool) -> Reel:
    seconds = float(summary["sim_seconds"])
    if summary["profile"] == "tabletop":
        return DeskFilm(path, seconds, rendered)
    return Film(path, str(summary["world"]), seconds, rendered)


def _is_rendered(reader: LogReader) -> bool:
    """Whether a camera takes pictures in a log: then the first comes within its first second."""
    early = takewhile(lambda commit: commit.envelope.t_ns <= NS_PER_S, reader.commits())
    return any(commit.topic.name == topics.CAMERA.name for commit in early)


def _common(summary: dict[str, Any], story: Story | DeskStory, damage: str | None) -> dict[str, Any]:
    """Return what every page of a run shows."""
    return {
        "title": _title(summary),
        "subtitle": _subtitle(summary),
        "failed": summary.get("failed"),
        "metrics": [_metric_row(name, summary["metrics"][name]) for name in in_order(summary["metrics"])],
        "events": _events(summary, story, damage),
        **_node_table(summary.get("nodes") or {}),
        "command": summary.get("command", ""),
        "sha": summary["log_sha256"],
        "repeatable": not _is_live(summary),
    }


def _is_live(summary: dict[str, Any]) -> bool:
    """Whether it ran on the wall clock, on hardware: no two such runs are alike."""
    return bool(summary.get("runner") == "live")


def _title(summary: dict[str, Any]) -> str:
    name = str(summary["profile"]).replace("_", " ")
    return name if _is_live(summary) else f"{name} in {Path(summary['world']).stem}, seed {summary['seed']}"


def _subtitle(summary: dict[str, Any]) -> str:
    if _is_live(summary):
        return f"{summary['sim_seconds']:.0f} s on the wall clock"
    parts = [f"{summary['sim_seconds']:.0f} s simulated in {summary['wall_seconds']:.0f} s"]
    parts += [f"{summary['real_time_factor']:.1f} × real time"]
    parts += [f"{key} {summary[key]}" for key in ("perception", "runner") if summary.get(key)]
    return " · ".join(parts)


def _metric_row(name: str, value: Any) -> dict[str, str]:
    words = words_for(name)
    return {
        "name": name,
        "label": words.label,
        "value": told(value, words.form),
        "wish": words.wish,
        "meaning": words.meaning,
    }


def _events(summary: dict[str, Any], story: Story | DeskStory, damage: str | None) -> list[dict[str, Any]]:
    events = list(summary["events"])
    if not _is_live(summary):  # there the scorer has told them already
        events += [{"t_s": t, "kind": level, "text": text} for t, level, text in story.words]
    if damage is not None:
        text = f"the log ends here, before the run did ({damage})"
        events.append({"t_s": story.end_s, "kind": "recording", "text": text})
    return sorted(events, key=lambda event: float(event["t_s"]))


def _node_table(nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    keys = [key for key in NODE_COLUMNS if any(key in values for values in nodes.values())]
    rows = [(name, [told(values.get(key)) for key in keys]) for name, values in nodes.items()]
    return {"nodes": rows, "node_columns": [NODE_COLUMNS[key] for key in keys]}


def _embedded(path: Path, film: Reel) -> dict[str, str]:
    seconds = f"{film.seconds:.0f}"
    if path.stat().st_size > EMBED_BYTES:
        return {"source": path.name, "seconds": seconds}
    return {"source": "data:video/mp4;base64," + base64.b64encode(path.read_bytes()).decode(), "seconds": seconds}
