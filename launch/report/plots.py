"""Plots over time as SVG that takes its colours from the page, so that they read in light and dark.

matplotlib draws with stand-in colours; each is then replaced by a variable of style.css.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from launch.report.story import Span, Story

INK, FAINT, GRID = "#010203", "#010204", "#010205"
BLUE, ORANGE, GREEN, RED, YELLOW, GREY = "#010206", "#010207", "#010208", "#010209", "#01020a", "#01020b"
VARIABLES = {
    INK: "var(--ink)",
    FAINT: "var(--faint)",
    GRID: "var(--line)",
    BLUE: "var(--blue)",
    ORANGE: "var(--orange)",
    GREEN: "var(--green)",
    RED: "var(--red)",
    YELLOW: "var(--yellow)",
    GREY: "var(--grey)",
}
STRIPS: dict[str, dict[str, str]] = {
    "what it does": {"following": GREEN, "making way": BLUE, "searching": ORANGE, "waiting": GREY},
    "person is": {"in view": GREEN, "outside the picture": YELLOW, "hidden": GREY},
    "its lock": {"locked": GREEN, "occluded": YELLOW, "lost": RED, "none": GREY},
    "safety": {"ok": GREEN, "slowed": YELLOW, "stopped": RED},
}
WIDTH_IN = 10.6
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "housemate",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": FAINT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
}
TOUCH_COLORS = {"person": RED, "object": ORANGE, "fall": RED}


def distance_plot(story: Story) -> str:
    """Distance to the person over time, with contacts and what the robot was doing beneath it."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, 4.6), layout="constrained")
        axes = figure.subplots(2, 1, sharex=True, height_ratios=(2.4, 1.3))
        _distance(axes[0], story)
        _strips(axes[1], strips_of(story))
        axes[1].set_xlabel("time, s")
        axes[1].set_xlim(0.0, max(story.end_s, 0.1))
        return svg_of(figure)


def strips_of(story: Story) -> dict[str, list[Span]]:
    """Return the spans of each row beneath the distance."""
    return {
        "what it does": story.mode.spans(story.end_s),
        "person is": story.sight.spans(story.end_s),
        "its lock": story.lock.spans(story.end_s),
        "safety": story.safety.spans(story.end_s),
    }


def strip_key(story: Story) -> dict[str, list[tuple[str, str]]]:
    """Return per row the colours (of style.css) and words that occur in it."""
    occurring = {name: {span.value for span in spans} for name, spans in strips_of(story).items()}
    return {
        name: [(VARIABLES[color], words) for words, color in colors.items() if words in occurring[name]]
        for name, colors in STRIPS.items()
    }


def speed_plot(story: Story) -> str:
    """Speeds asked for and let through."""
    speeds = story.speeds
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, 3.2), layout="constrained")
        axes = figure.subplots(2, 1, sharex=True)
        for axis, column, unit in ((axes[0], 1, "forward, m/s"), (axes[1], 3, "turning, rad/s")):
            axis.plot(speeds[:, 0], speeds[:, column], color=ORANGE, linewidth=1.0, label="asked for")
            axis.plot(speeds[:, 0], speeds[:, column + 1], color=BLUE, linewidth=1.4, label="let through by safety")
            axis.set_ylabel(unit)
            axis.grid(True, linewidth=0.6)
        axes[0].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False)
        axes[1].set_xlabel("time, s")
        axes[1].set_xlim(0.0, max(story.end_s, 0.1))
        return svg_of(figure)


def reasons_plot(story: Story) -> str:
    """When safety held the robot back, one row per reason."""
    rows = {reason: steps.spans(story.end_s) for reason, steps in sorted(story.reasons.items())}
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, 0.75 + 0.3 * len(rows)), layout="constrained")
        axis = figure.subplots()
        for row, spans in enumerate(rows.values()):
            bars = [(s.start_s, max(s.end_s - s.start_s, 0.05)) for s in spans if s.value == "on"]
            axis.broken_barh(bars, (row - 0.3, 0.6), facecolors=YELLOW)
        axis.set_yticks(range(len(rows)), list(rows))
        axis.set_ylim(len(rows) - 0.5, -0.5)
        axis.tick_params(axis="y", length=0, labelcolor=INK)
        axis.grid(True, axis="x", linewidth=0.6)
        axis.set_xlim(0.0, max(story.end_s, 0.1))
        axis.set_xlabel("time, s")
        return svg_of(figure)


def svg_of(figure: Figure) -> str:
    """Return the figure as an SVG element in the page's colours."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = out.getvalue()
    text = text[text.index("<svg") :]
    for stand_in, variable in VARIABLES.items():
        text = text.replace(stand_in, variable)
    return text


def _distance(axis: Axes, story: Story) -> None:
    time, distance = story.robot[:, 0], story.distance()
    axis.axhspan(1.0, 2.0, color=GREEN, alpha=0.18, linewidth=0)
    axis.text(1.01, 1.5, "1 to 2 m", color=GREEN, va="center", fontsize=9, transform=axis.get_yaxis_transform())
    for span in story.unlocked():
        axis.axvspan(span.start_s, span.end_s, color=GREY, alpha=0.25, linewidth=0)
    axis.plot(time, distance, color=BLUE, linewidth=1.6)
    for touch in story.touches:
        near = float(np.interp(touch.t_s, time, distance)) if len(time) else 0.0
        axis.plot(touch.t_s, near, marker="X", markersize=9, color=TOUCH_COLORS.get(touch.kind, RED))
        axis.annotate(touch.name, (touch.t_s, near), (9, 5), textcoords="offset points", color=INK, fontsize=9)
    axis.set_ylim(0.0, max(3.0, float(np.nanmax(distance, initial=0.0)) * 1.08))
    axis.set_ylabel("distance to the person, m")
    axis.grid(True, axis="y", linewidth=0.6)


def _strips(axis: Axes, strips: Mapping[str, Sequence[Span]]) -> None:
    for row, (name, spans) in enumerate(strips.items()):
        for span in spans:
            color = STRIPS[name].get(span.value, GREY)
            axis.broken_barh([(span.start_s, span.end_s - span.start_s)], (row - 0.34, 0.68), facecolors=color)
    axis.set_yticks(range(len(strips)), list(strips))
    axis.set_ylim(len(strips) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0, labelcolor=INK)
    axis.spines["left"].set_visible(False)
