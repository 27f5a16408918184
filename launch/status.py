"""What a person sees in the terminal: one live line while a run goes on, and a short table at its end."""

from __future__ import annotations

import math
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from launch.rates import Rates
from launch.report.words import words_for
from launch.scoring.scorer import Scorer
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import (
    ArmState,
    BehaviourState,
    CommandText,
    Faces,
    FollowState,
    JointSafetyState,
    Reply,
    SafetyState,
)
from robot.node import STALE_PERIODS
from robot.runtime.commit import Commit

MEANING = {
    "follow_rate": "share of time at 1 to 2 m and facing, after the first encounter (Habitat 3.0)",
    "tracking_rate": "share of time within 3 m and facing (EVT-Bench)",
    "success": "no contact, and: following, ended at 1 to 3 m, never over 4 m away for 5 s; navigating, there in time",
    "collisions_person": "times a person was touched",
    "collisions_object": "times anything else was touched",
    "id_switches": "times the lock went to another person",
    "lost_s_max": "longest time until the right person was locked again, once visible, s",
    "min_gap_person_m": "least gap to a person, m",
    "spl": "shortest way over way driven, 0 without success (Anderson et al., 2018)",
    "collisions": "times anything was touched",
    "min_clearance_m": "least gap to a thing, m",
    "programs_done": "commands carried out to their end",
    "programs_failed": "commands that could not be carried out, or not wholly",
    "questions": "times the robot had to ask back",
    "display_did": "gestures that the display's joints made",
    "refused": "requests that went against its principles",
    "time_s": "from the start to the goal, s",
    "barn_metric": "success x OT / clip(AT, 2 OT, 8 OT); a proxy of the challenge",
}


class RunMonitor:
    """Observer that keeps what the status line shows."""

    def __init__(self, rates_hz: dict[str, float]) -> None:
        self._nominal_hz = rates_hz
        self.rates = Rates()
        self._beside_rover = topics.DISPLAY_REPLY.name in rates_hz  # then the line is about the rover
        self.mode = "-"
        self.safety = "-"
        self.lock = ""
        self.spoken: list[str] = []
        """Lines of the talk between people and the robot, until somebody shows them"""

    def on_commit(self, commit: Commit) -> None:
        """Note the time of each topic, the follower's mode and what safety does."""
        name = commit.envelope.topic
        self.rates.note(name, commit.envelope.t_ns)
        if name == topics.FOLLOW_STATE.name:
            message = commit.message
            assert isinstance(message, FollowState)
            self.mode = message.mode
        elif name == topics.ARM_STATE.name:
            arm = commit.message
            assert isinstance(arm, ArmState)
            if not self._beside_rover:
                self.mode = f"{arm.mode}, held back by the stand" if arm.held_back else arm.mode
        elif name == topics.BEHAVIOUR.name:
            doing = commit.message
            assert isinstance(doing, BehaviourState)
            self.mode = f"{doing.state}: {doing.note}" if doing.note else doing.state
        elif isinstance(commit.message, CommandText):
            self.spoken.append(f"you:   {commit.message.text}")
        elif isinstance(commit.message, Reply):
            self.spoken.append(f"{self._who(name)}: {commit.message.text}")
        elif name == topics.FACES.name:
            faces = commit.message
            assert isinstance(faces, Faces)
            self.lock = _told_lock(faces)
        elif name == topics.JOINT_SAFETY.name:
            joints = commit.message
            assert isinstance(joints, JointSafetyState)
            if self._beside_rover:
                return
            self.safety = joints.state if joints.state == "ok" else f"{joints.state} ({', '.join(joints.reasons)})"
        elif name == topics.SAFETY.name:
            state = commit.message
            assert isinstance(state, SafetyState)
            self.safety = state.state if state.state == "ok" else f"{state.state} ({', '.join(state.reasons)})"

    def _who(self, topic: str) -> str:
        """Return who says something on a topic."""
        if topic == topics.DISPLAY_REPLY.name:
            return "display"
        return "rover" if self._beside_rover else "robot"

    @property
    def now_ns(self) -> int:
        """The run's time."""
        return self.rates.now_ns

    def silent(self) -> list[str]:
        """Return the periodic topics that have gone stale."""
        return [
            name
            for name, rate in self._nominal_hz.items()
            if rate > 0 and (self.now_ns - self.rates.last_ns.get(name, 0)) / NS_PER_S * rate > STALE_PERIODS
        ]


class Watch(Protocol):
    """Looks at a run several times a simulated second."""

    def update(self, monitor: RunMonitor, scorer: Scorer, wall_s: float, duration_s: float) -> None:
        """Look at where the run stands."""

    def say(self, text: str) -> None:
        """Hear what happens after the run."""


class StatusLine:
    """One line that rewrites itself on a terminal; silent where there is none."""

    def __init__(self) -> None:
        self._console = Console()
        self._live = Live(Text("starting"), console=self._console, refresh_per_second=8, transient=True)

    def __enter__(self) -> StatusLine:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def update(self, monitor: RunMonitor, scorer: Scorer, wall_s: float, duration_s: float) -> None:
        """Show where the run stands, and what was said since the last look."""
        while monitor.spoken:
            self._console.print(monitor.spoken.pop(0), highlight=False, markup=False, soft_wrap=True)
        if not self._console.is_terminal:
            return
        now_s = monitor.now_ns / NS_PER_S
        distance = "-" if math.isnan(scorer.distance_m) else f"{scorer.distance_m:.1f} m"
        silent = monitor.silent()
        health = "all nodes well" if not silent else f"silent: {', '.join(silent)}"
        self._live.update(
            Text(
                f"{now_s:6.1f} / {duration_s:g} s  {now_s / max(wall_s, 1e-3):4.1f} x real time  "
                f"{distance} away  {monitor.mode}  {monitor.lock}safety {monitor.safety}  {health}",
                no_wrap=True,
            )
        )

    def announce(self, text: str) -> None:
        """Print a line that stays, at once."""
        self._console.print(text, highlight=False, soft_wrap=True)
        self._console.file.flush()

    def say(self, text: str) -> None:
        """Replace the line by a word on what happens now."""
        if self._console.is_terminal:
            self._live.update(Text(text))


def print_summary(summary: dict[str, Any], folder: Path) -> None:
    """Print the short table at the end of a run."""
    console = Console()
    table = Table(title=_title(summary), title_justify="left")
    table.add_column("metric")
    table.add_column("value", justify="right")
    table.add_column("what it says")
    worded = summary["profile"] == "tabletop" or summary["runner"] == "live"
    for name, value in summary["metrics"].items():
        meaning = MEANING.get(name) or (words_for(name).meaning if worded else "")
        if meaning:
            table.add_row(name, _shown(value), meaning)
    table.add_row("real_time_factor", f"{summary['real_time_factor']:.2f}", "simulated over wall time")
    console.print(table)
    for event in summary["events"]:
        if event["kind"] in ("node failed", "contact", "id switch", "recording"):
            console.print(f"{event['t_s']:7.2f} s  {event['kind']}: {event['text']}", highlight=False)
    console.print(f"report: {folder / 'report.html'}", highlight=False, soft_wrap=True)


def _told_lock(faces: Faces) -> str:
    """Return who is locked and how sure that is, for the line."""
    if faces.locked_id < 0:
        return f"nobody locked, {len(faces.faces)} in view  "
    return f"{faces.lock} {faces.locked_id} ({faces.confidence:.0%}), {len(faces.faces)} in view  "


def _title(summary: dict[str, Any]) -> str:
    seed = "" if summary["runner"] == "live" else f", seed {summary['seed']}"
    return f"{summary['profile']} in {summary['world']}{seed}"


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
