"""How well a display keeps one person in view, knows them, nods with them, and stands.

Who is meant is whom the lock was first on. Everything is compared with the simulator's truth at the moment the frame
was taken, so the robot's own delay counts where it matters: in the lag from head to display.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launch.scoring.camera import aside
from launch.scoring.event import Event
from launch.scoring.gestures import Nod, match
from launch.scoring.hold import Hold
from launch.scoring.mimicry import mimic_figures
from robot import topics
from robot.clock import NS_PER_S
from robot.messages import CommandText, FaceRequest, Faces, HeadTruth, JointSetpoints, Reply, TabletopTruth
from robot.runtime.commit import Commit

CENTRE = math.radians(5.0)
SETTLE_S = 1.5  # before this the display is still turning to whom it just found
NEAR = math.radians(12.0)  # another head this near to the caller's direction is a crossing
STILL_S = 1.0  # after a head came to rest, its display has come to rest


@dataclass
class _Series:
    """What is kept of every moment of truth."""

    t: list[float] = field(default_factory=list)
    head: list[float] = field(default_factory=list)
    display: list[float] = field(default_factory=list)
    doing: list[str] = field(default_factory=list)


class TabletopScorer:
    """Watches a run of the display."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._hold = Hold(self.events)
        self.distance_m = math.nan
        self._truths: dict[int, TabletopTruth] = {}
        self._last: TabletopTruth | None = None
        self._series = _Series()
        self._commands: list[tuple[float, float]] = []
        self._errors: list[tuple[float, float, float]] = []
        self._nods: list[float] = []
        self._in_view = self._centred = 0
        self._crossing = self._crossings = 0
        self._away_since: float | None = None
        self._back_s: float | None = None
        self._relocks: list[float] = []
        self._tilt = self._slip = 0.0
        self._fallen = False
        self._calls = False  # somebody else is copied, whose head the simulator does not know

    def on_commit(self, commit: Commit) -> None:
        """Take note of one commit."""
        name = commit.envelope.topic
        if name == topics.TRUTH_TABLETOP.name:
            message = commit.message
            assert isinstance(message, TabletopTruth)
            self._on_truth(message)
        elif name == topics.FACES.name and commit.envelope.valid:
            faces = commit.message
            assert isinstance(faces, Faces)
            self._on_faces(faces, commit.envelope.t_ns / NS_PER_S)
        elif name == topics.CALL_FACES.name:
            self._calls = True
        elif name == topics.JOINT_SETPOINTS.name:
            asked = commit.message
            assert isinstance(asked, JointSetpoints)
            self._commands.append((asked.stamp_ns / NS_PER_S, asked.positions[1] + asked.positions[2]))
        elif isinstance(commit.message, FaceRequest):
            self._hold.ask_anew()
        elif isinstance(commit.message, (Reply, CommandText)) and name != topics.HEARD.name:
            kind = "says" if isinstance(commit.message, Reply) else "is told"
            self.events.append(Event(commit.envelope.t_ns / NS_PER_S, kind, commit.message.text))

    def metrics(self) -> dict[str, Any]:
        """Return the figures so far."""
        errors = np.degrees(np.abs(np.array(self._errors))) if self._errors else np.full((1, 3), math.nan)
        return {
            "lock_share": self._centred / self._in_view if self._in_view else math.nan,
            "crossings": self._crossings,
            "id_switches": self._hold.switches,
            "held_share": self._hold.right_share,
            "relock_s": max(self._all_relocks(), default=math.nan),
            **self._nod_figures(),
            **mimic_figures(np.array(self._series.t), self._columns(), [] if self._calls else self._series.doing),
            "still_rms_deg": self._still(),
            "pose_mae_yaw_deg": float(errors[:, 0].mean()),
            "pose_mae_pitch_deg": float(errors[:, 1].mean()),
            "pose_mae_roll_deg": float(errors[:, 2].mean()),
            "base_tilt_deg_max": math.degrees(self._tilt),
            "base_slip_mm_max": 1000.0 * self._slip,
            "fallen": self._fallen,
        }

    def _columns(self) -> NDArray[np.float64]:
        return np.array([self._series.head, self._series.display])

    def _person(self, truth: TabletopTruth) -> HeadTruth:
        return next((p for p in truth.people if p.name == self._hold.caller), truth.people[0])

    def _on_truth(self, truth: TabletopTruth) -> None:
        t_s = truth.stamp_ns / NS_PER_S
        self._truths[truth.stamp_ns] = self._last = truth
        for old in [stamp for stamp in self._truths if stamp < truth.stamp_ns - NS_PER_S // 2]:
            del self._truths[old]
        person = self._person(truth)
        self.distance_m = math.hypot(person.x, person.y)
        self._tilt, self._slip = max(self._tilt, truth.base_tilt), max(self._slip, truth.base_slip_m)
        if truth.fallen and not self._fallen:
            self._fallen = True
            self.events.append(Event(t_s, "contact", "the display fell over"))
        self._series.t.append(t_s)
        self._series.head.append(person.pitch)
        self._series.display.append(truth.joints[1] + truth.joints[2])
        self._series.doing.append(person.doing)
        if t_s > SETTLE_S and person.in_view:
            self._in_view += 1
            self._centred += abs(self._off(truth, person)) <= CENTRE
        self._cross(truth, person)
        self._presence(t_s, person)

    def _off(self, truth: TabletopTruth, person: HeadTruth) -> float:
        """Return the direction of somebody's eyes in the camera, rad; of the first person the simulator says it."""
        return truth.target_error if person is truth.people[0] else aside(truth.joints, person)

    def _cross(self, truth: TabletopTruth, person: HeadTruth) -> None:
        """Count each time somebody comes into the caller's direction, or hides them."""
        bearing = math.atan2(person.y, person.x)
        near = any(abs(math.atan2(p.y, p.x) - bearing) < NEAR for p in truth.people if p is not person)
        self._crossings += bool(near) and not self._crossing
        self._crossing = bool(near)

    def _presence(self, t_s: float, person: HeadTruth) -> None:
        if person.in_view:
            if self._away_since is not None:
                self._away_since, self._back_s = None, t_s
            return
        if self._away_since is None:
            self._away_since = t_s
            if self._back_s is not None:  # gone again before they were locked: at least so long it took
                self._relocks.append(t_s - self._back_s)
        self._back_s = None

    def _all_relocks(self) -> list[float]:
        """Every time from coming back to being locked again; one that the end cut off counts as far as it went."""
        cut = [] if self._back_s is None or self._last is None else [self._last.stamp_ns / NS_PER_S - self._back_s]
        return self._relocks + cut

    def _on_faces(self, faces: Faces, told_s: float) -> None:
        truth = self._truths.get(faces.stamp_ns)
        locked = next((f for f in faces.faces if f.id == faces.locked_id), None)
        t_s = faces.stamp_ns / NS_PER_S
        if faces.gesture:
            self.events.append(Event(t_s, "gesture", faces.gesture))
            if faces.gesture == "nod":
                self._nods.append(told_s)
        if truth is None:
            return
        who = self._hold.see(t_s, locked, truth)
        if who is None or locked is None:
            return
        if self._back_s is not None and t_s >= self._back_s:
            self._relocks.append(told_s - self._back_s)
            self._back_s = None
        self._errors.append((locked.yaw - who.yaw, locked.pitch - who.pitch, locked.roll - who.roll))

    def _nod_figures(self) -> dict[str, float]:
        """F1 of nod events, and their median delay after the nods' first cycles, counted to when they were told."""
        spans = [(start, end) for kind, start, end in _spans(self._series) if kind == "nod"]
        nods = [Nod(start, end, self._cycle(start, end)) for start, end in spans if not self._cut_off(start, end)]
        if not nods and not self._nods:
            return {"nod_f1": math.nan, "nod_latency_s": math.nan}
        found = match(nods, self._nods)
        late = float(np.median(list(found.late.values()))) if found.late else math.nan
        return {"nod_f1": found.f1, "nod_latency_s": late}

    def _cut_off(self, start: float, end: float) -> bool:
        """Whether the run ended within a nod's first cycle, and nothing was told of it."""
        unfinished = end == self._series.t[-1] and self._cycle(start, end) == end - start
        return unfinished and not any(start <= told <= end for told in self._nods)

    def _cycle(self, start: float, end: float) -> float:
        """Return how long the first full cycle of a nod took, s: until the head is first back near where it began."""
        times, head = np.array(self._series.t), np.array(self._series.head)
        inside = (times >= start) & (times <= end)
        moved = np.abs(head[inside] - head[inside][0])
        turn = int(np.argmax(moved >= 0.8 * moved.max()))
        back = np.flatnonzero(moved[turn:] <= 0.1 * moved.max())
        return float(times[inside][turn + back[0]] - start) if len(back) else end - start

    def _still(self) -> float:
        """RMS of the commanded pitch about its own mean while the head has been at rest for a while, degrees."""
        times, values = np.array(self._commands).T if self._commands else (np.zeros(0), np.zeros(0))
        parts = []
        for kind, start, end in _spans(self._series):
            inside = values[(times > start + STILL_S) & (times < end)]
            if kind == "" and len(inside) > 30 and start > SETTLE_S:
                parts.append(inside - inside.mean())
        return math.degrees(float(np.sqrt(np.mean(np.concatenate(parts) ** 2)))) if parts else math.nan


def _spans(series: _Series) -> list[tuple[str, float, float]]:
    """Return (what, from, to) of everything the head did, rest included."""
    spans: list[tuple[str, float, float]] = []
    for t, kind in zip(series.t, series.doing, strict=True):
        if spans and spans[-1][0] == kind:
            spans[-1] = (kind, spans[-1][1], t)
        else:
            spans.append((kind, t, t))
    return spans
