"""Plots of a display's run: head and display, where the face was in the picture, and what the stand had to carry."""

from __future__ import annotations

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from launch.report.desk_story import DeskStory
from launch.report.plots import BLUE, FAINT, GREEN, GREY, INK, ORANGE, RED, STYLE, VARIABLES, WIDTH_IN, YELLOW, svg_of
from launch.report.story import Column, Span

STRIPS: dict[str, dict[str, str]] = {
    "caller is": {"in view": GREEN, "hidden or outside": GREY},
    "its lock": {"locked": GREEN, "occluded": YELLOW, "lost": RED, "none": GREY},
    "it is": {"mimicking": GREEN, "tracking": BLUE, "held back": ORANGE, "waiting": YELLOW, "idle": GREY},
    "safety": {"ok": GREEN, "limited": YELLOW, "holding": RED},
}
EVERY = 4  # of the truth's moments that are drawn
CENTRE_DEG, MARGIN = 5.0, 0.66


def heads_plot(story: DeskStory) -> str:
    """Pitch of head and display over time with the gestures that were told, and beneath it what went on."""
    truth = story.truth[::EVERY]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, 5.0), layout="constrained")
        axes = figure.subplots(2, 1, sharex=True, height_ratios=(2.6, 1.3))
        whose = "head at the other end" if story.has_call else f"{story.caller}'s head"
        head = story.call if story.has_call else truth[:, :2]
        _line(axes[0], head, ORANGE, 1.1, whose)
        _line(axes[0], truth[:, [0, 2]], BLUE, 1.5, "display")
        _gestures(axes[0], story)
        axes[0].set_ylabel("looking down, degrees")
        axes[0].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False)
        axes[0].grid(True, axis="y", linewidth=0.6)
        _strips(axes[1], story)
        _time(axes[1], story)
        return svg_of(figure)


def gaze_plot(story: DeskStory) -> str:
    """Where the caller's face was in the picture."""
    truth = story.truth[::EVERY]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, 2.3), layout="constrained")
        axis = figure.subplots()
        axis.axhspan(-CENTRE_DEG, CENTRE_DEG, color=GREEN, alpha=0.18, linewidth=0)
        for span in story.sight.spans(story.end_s):
            if span.value != "in view":
                axis.axvspan(span.start_s, span.end_s, color=GREY, alpha=0.25, linewidth=0)
        _line(axis, truth[:, [0, 3]], BLUE, 1.4, "")
        axis.set_ylabel("left of the middle, °")
        axis.grid(True, axis="y", linewidth=0.6)
        _time(axis, story)
        return svg_of(figure)


def stand_plot(story: DeskStory) -> str:
    """The share of the feet's distance that the zero-moment point uses, and how far the base tilted."""
    truth, load = story.truth[::EVERY], story.load
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, 3.4), layout="constrained")
        axes = figure.subplots(2, 1, sharex=True)
        axes[0].axhline(MARGIN, color=RED, linewidth=1.0, linestyle="--")
        axes[0].plot(load[:, 0], load[:, 1], color=BLUE, linewidth=1.2)
        axes[0].set_ylim(0.0, max(1.0, float(np.max(load[:, 1], initial=0.0)) * 1.1))
        axes[0].set_ylabel("load at the feet")
        axes[1].plot(truth[:, 0], np.degrees(truth[:, 4]), color=BLUE, linewidth=1.2, label="tilt, degrees")
        axes[1].plot(truth[:, 0], 1000.0 * truth[:, 5], color=ORANGE, linewidth=1.2, label="slip, mm")
        axes[1].legend(loc="upper right", ncols=2, frameon=False)
        for axis in axes:
            axis.grid(True, axis="y", linewidth=0.6)
        _time(axes[1], story)
        return svg_of(figure)


def strip_key(story: DeskStory) -> dict[str, list[tuple[str, str]]]:
    """Return per row the colours (of style.css) and words that occur in it."""
    occurring = {name: {span.value for span in spans} for name, spans in story.strips().items()}
    return {
        name: [(VARIABLES[color], words) for words, color in colors.items() if words in occurring[name]]
        for name, colors in STRIPS.items()
    }


def _line(axis: Axes, rows: Column, color: str, width: float, label: str) -> None:
    """Draw times against angles (rad)."""
    axis.plot(rows[:, 0], np.degrees(rows[:, 1]), color=color, linewidth=width, label=label or None)


def _gestures(axis: Axes, story: DeskStory) -> None:
    for t_s, kind in story.gestures:
        axis.axvline(t_s, color=FAINT, linewidth=0.8, linestyle=":")
        at = (t_s, 1.0)
        axis.annotate(
            kind, at, (2, -11), xycoords=("data", "axes fraction"), textcoords="offset points", color=INK, fontsize=9
        )


def _strips(axis: Axes, story: DeskStory) -> None:
    strips: dict[str, list[Span]] = story.strips()
    for row, (name, spans) in enumerate(strips.items()):
        for span in spans:
            bar = (span.start_s, max(span.end_s - span.start_s, 0.04))
            axis.broken_barh([bar], (row - 0.34, 0.68), facecolors=STRIPS[name].get(span.value, GREY))
    axis.set_yticks(range(len(strips)), list(strips))
    axis.set_ylim(len(strips) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0, labelcolor=INK)
    axis.spines["left"].set_visible(False)


def _time(axis: Axes, story: DeskStory) -> None:
    axis.set_xlim(0.0, max(story.end_s, 0.1))
    axis.set_xlabel("time, s")
