"""Every figure in plain words: what it is called, what it means, and what one would like it to be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Form = Literal["share", "yes", "count", "m", "s", "plain", "mm", "ms", "deg"]
UNITS = {"m": " m", "s": " s", "mm": " mm", "ms": " ms", "deg": "°"}


@dataclass(frozen=True)
class Words:
    """How a metric is told."""

    label: str
    form: Form
    meaning: str
    wish: str = ""


METRICS: dict[str, Words] = {
    "success": Words(
        "Success",
        "yes",
        "Following: ends 1 to 3 m from the person, touched nothing, never far away for long (EVT-Bench). "
        "Navigation: at the goal in time, touched nothing. Display: every bar that one episode can hold.",
        "yes",
    ),
    "follow_rate": Words(
        "At the right distance",
        "share",
        "Share of time, once the person was met, at 1 to 2 m from them and turned toward them (Habitat 3.0).",
        "85 % or more",
    ),
    "tracking_rate": Words(
        "Stayed with the person",
        "share",
        "Share of time no more than 3 m away and turned toward the person (EVT-Bench).",
        "95 % or more",
    ),
    "encountered": Words(
        "Met the person", "yes", "Whether the robot ever stood 1 to 2 m from the person, facing them.", "yes"
    ),
    "spl": Words(
        "Directness",
        "share",
        "Shortest possible way to the goal, or to the first meeting, over the way driven; 0 without success (SPL).",
        "near 100 %",
    ),
    "collisions_person": Words("Touched a person", "count", "How often the robot began to touch somebody.", "0"),
    "collisions_object": Words(
        "Touched a thing", "count", "How often the robot began to touch furniture, a wall or clutter.", "0"
    ),
    "falls": Words("Fell", "count", "How often the robot went over an edge.", "0"),
    "lost_s_max": Words(
        "Longest loss",
        "s",
        "Longest time without a hold of the right person although they could be seen.",
        "5 s or less",
    ),
    "id_switches": Words("Mix-ups", "count", "How often the robot took somebody else for its person.", "0"),
    "away_s_max": Words("Longest time far away", "s", "Longest time more than 4 m from the person.", "5 s or less"),
    "hidden_times": Words(
        "Times hidden", "count", "How often the person was out of sight behind something for 3 s or more."
    ),
    "final_distance_m": Words("Distance at the end", "m", "Between the middles of robot and person.", "1 to 3 m"),
    "min_gap_person_m": Words(
        "Closest to a person", "m", "Least gap between the robot's outline and anybody's body.", "above 0"
    ),
    "min_clearance_m": Words(
        "Closest to a thing", "m", "Least gap between the robot's outline and any solid thing.", "above 0"
    ),
    "barn_metric": Words(
        "BARN metric",
        "plain",
        "success x OT / clip(AT, 2 OT, 8 OT), OT the reference path at 2 m/s; at most 0.5. A proxy: another simulator.",
        "0.47 or more",
    ),
    "collisions": Words("Touches", "count", "How often the robot began to touch anything.", "0"),
    "time_s": Words("Time", "s", "From the start to the goal, or to the end; elsewhere what a baseline compares."),
    "reference_m": Words("Shortest way", "m", "Length of the shortest way that the body fits through."),
    "goal_distance_m": Words("From the goal", "m", "Between robot and goal at the end."),
    "drift_m": Words(
        "Odometry's error", "m", "Largest distance between where the robot was and where it thought it was."
    ),
    "control_hz": Words("Decisions", "plain", "How often a second the navigator decided."),
    "slip": Words("Slip", "share", "Share of the wheels' way that the scans did not confirm, mean over the run."),
    "recoveries": Words("Recoveries", "count", "How often the robot had to get itself unstuck."),
    "lock_share": Words("Kept in the middle", "share", "Share of the time in view.", "95 % or more"),
    "held_share": Words("Held the right one", "share", "Share of the time in view with the lock on the caller."),
    "crossings": Words("Crossings", "count", "How often somebody came into the caller's direction."),
    "relock_s": Words("Longest way back", "s", "Longest time from coming back to being held again.", "1 s or less"),
    "nearest_id_switches": Words("Mix-ups, nearest box", "count", "Of a tracker that knows nobody, same frames."),
    "nearest_held_share": Words("Held, nearest box", "share", "Of a tracker that knows nobody, same frames."),
    "nods": Words("Nods made", "count", "How often the head nodded."),
    "nods_found": Words("Nods found", "count", "How many of them were told."),
    "nods_false": Words("False nods", "count", "Nods told where there was none.", "0"),
    "nod_f1": Words("Nods, F1", "plain", "Harmonic mean of precision and recall of nods.", "0.95 or more"),
    "nod_latency_s": Words("Nod told after", "s", "From the end of a nod's first full cycle; median.", "0.5 s or less"),
    "pose_mae_yaw_deg": Words("Yaw error", "deg", "Mean absolute error of the head's yaw.", "3° or less"),
    "pose_mae_pitch_deg": Words("Pitch error", "deg", "Mean absolute error of the head's pitch.", "3° or less"),
    "pose_mae_roll_deg": Words("Roll error", "deg", "Mean absolute error of the head's roll.", "2° or less"),
    "pose_p95_deg": Words("Pose error, 95 %", "deg", "19 of 20 angles are nearer to the truth than this."),
    "pose_jitter_deg": Words("Pose jitter", "deg", "By how much errors change from frame to frame."),
    "seen_share": Words("Seen", "share", "Share of the frames in which the face was found."),
    "filter_lag_frames": Words("Filter's lag", "plain", "Frames by which smoothing is behind.", "1 or less"),
    "filter_lag_ms": Words("Filter's lag", "ms", "Time by which smoothing is behind."),
    "mimic_lag_ms": Words("Head to display", "ms", "How late the display copies a nod.", "150 ms or less"),
    "mimic_own_ms": Words("Of that, ours", "ms", "Beyond one camera period and the servo.", "60 ms or less"),
    "mimic_gain": Words("Size of the copy", "plain", "Display's motion over the head's.", "0.9 to 1.1"),
    "mimic_r": Words("Likeness", "plain", "Correlation of head and display during nods.", "0.95 or more"),
    "still_rms_deg": Words("Fidgeting", "deg", "Command's RMS while the head is still.", "0.2° or less"),
    "base_tilt_deg_max": Words("Largest tilt", "deg", "Of the base against the desk.", "0.5° or less"),
    "base_slip_mm_max": Words("Slid by", "mm", "Of the base from where it stood.", "3 mm or less"),
    "fallen": Words("Fell over", "yes", "Whether the display fell over.", "no"),
    "tips_or_slides": Words("Tips or slides", "yes", "Whether it fell, or slid by more than 3 mm."),
    "ms_p50": Words("Time a frame", "ms", "Median over frames."),
    "ms_mean": Words("Time a frame, mean", "ms", "Mean over frames."),
    "ms_p95": Words("Time a frame, 95 %", "ms", "19 of 20 frames take less."),
    "facemesh_ms_p50": Words("FaceMesh's time", "ms", "MediaPipe's ready-made FaceMesh on the same frames; median."),
    "over_facemesh": Words("Over FaceMesh", "plain", "Our time over FaceMesh's on the same frames."),
    "faces_seen": Words("Faces found", "plain", "Mean over frames."),
    "facemesh_faces_seen": Words("Faces FaceMesh finds", "plain", "Mean over frames."),
    "face_node_mb": Words("Memory", "plain", "MiB resident of a process that only watches faces.", "500 or less"),
    "path_m": Words("Robot's way", "m", "How far the robot drove."),
    "person_path_m": Words("Person's way", "m", "How far the followed person walked."),
    "servos_running_s": Words("Servos running", "s", "Time for which the servos followed setpoints."),
    "servos_holding_s": Words("Servos holding", "s", "Time for which they held because setpoints had stopped.", "0"),
    "faults": Words("Faults", "plain", "What the board has latched.", "none"),
    "frames_sent": Words("Frames sent", "count", "Frames to the device."),
    "frames_lost": Words("Frames lost", "count", "Frames lost on the line, both ways.", "0"),
    "programs_done": Words("Commands done", "count", "How many commands were carried out to their end."),
    "programs_failed": Words("Commands failed", "count", "How many could not be carried out, or not wholly."),
    "questions": Words("Questions", "count", "How often the robot had to ask back."),
    "refused": Words("Refused", "count", "How many requests went against its principles."),
    "display_did": Words("Display's gestures", "plain", "What its joints did, in order, whatever it was asked."),
    "display_locked_share": Words("Display's lock", "share", "Share of its frames with the face in view it is on."),
    "setpoints_refused": Words(
        "Setpoints refused", "count", "Not sent or not taken: before the servos had power, too late, not finite."
    ),
    "reconnects": Words("Reconnects", "count", "Times the line was opened or greeted again.", "0"),
    "round_trip_ms_p50": Words("Round trip", "ms", "Median from a frame to its answer."),
    "joint_gap_deg_p95": Words(
        "Joint gap", "deg", "95th percentile of what the device asked of a joint against what it measured."
    ),
    "locked_share": Words("Locked", "share", "Share of the frames in which the locked person was seen."),
}


def words_for(metric: str) -> Words:
    """Return how `metric` is told; one that is not in the table goes by its own name."""
    return METRICS.get(metric, Words(metric.replace("_", " "), "plain", ""))


def in_order(metrics: Iterable[str]) -> list[str]:
    """Return the names of `metrics`, those told above first and in that order."""
    known = list(METRICS)
    return sorted(metrics, key=lambda name: known.index(name) if name in METRICS else len(known))


def told(value: Any, form: Form = "plain") -> str:
    """Return a metric's value for people; "–" where it was never measured."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if form == "yes" or isinstance(value, bool):
        return "yes" if value else "no"
    if form == "share":
        return f"{100 * value:.1f} %"
    if form == "count" or isinstance(value, int):
        return f"{value:g}"
    if isinstance(value, float):
        return f"{value:.2f}{UNITS.get(form, '')}"
    return str(value)


def headline(metrics: dict[str, Any], person: str) -> list[str]:
    """Return a few sentences that say how a run of following went; empty for other runs."""
    if "follow_rate" not in metrics:
        return []
    lines = [
        f"The robot was 1 to 2 m from {person} and turned toward them {told(metrics['follow_rate'], 'share')} of the "
        f"time, and within 3 m {told(metrics['tracking_rate'], 'share')} of it."
    ]
    people, things = metrics["collisions_person"], metrics["collisions_object"]
    if people or things:
        lines.append(f"It touched people {_times(people)} and things {_times(things)}.")
    else:
        lines.append("It touched nobody and nothing.")
    hidden, lost = metrics.get("hidden_times", 0), metrics.get("lost_s_max") or 0.0
    if hidden:
        lines.append(f"The person was hidden {_times(hidden)} for 3 s or more.")
    lines.append(f"The longest it missed a person it could have seen was {lost:.1f} s.")
    return lines


def desk_headline(metrics: dict[str, Any]) -> list[str]:
    """Return a few sentences that say how a run of the display went."""
    lines = [
        f"The caller was within 5 degrees of the picture's middle {told(metrics['lock_share'], 'share')} of the time."
    ]
    if metrics["crossings"]:
        lines.append(
            f"Others crossed the caller {_times(metrics['crossings'])}; the lock went to another "
            f"{_times(metrics['id_switches'])}."
        )
    if isinstance(metrics["mimic_lag_ms"], float) and math.isfinite(metrics["mimic_lag_ms"]):
        lines.append(
            f"Nods were copied {metrics['mimic_lag_ms']:.0f} ms later, {told(metrics['mimic_gain'], 'share')} as large."
        )
    lines.append("It fell over." if metrics["fallen"] else "It stood.")
    return lines


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
