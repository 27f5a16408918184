"""One moment as the page wants it: plain values, places in map, what is not known left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launch.dashboard.board import Board
from robot import topics
from robot.bodies.rover.body import RoverBody
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import BehaviourState, Faces, Lock, People, Scan, Sightings, Track
from robot.node import STALE_PERIODS
from robot.runtime.table import Graph

BODY = RoverBody()
SAME_M = 0.8  # a sighting this near to a track is of it
SCAN_EVERY = 3  # rays drawn
WAY_EVERY = 3  # points of a rollout drawn


@dataclass(frozen=True)
class NodeRow:
    """A node as the table lists it."""

    name: str
    outputs: tuple[tuple[str, float], ...]
    """Topic and nominal rate, Hz; 0 = on event"""


def node_rows(graph: Graph) -> tuple[NodeRow, ...]:
    """Return the nodes of a run; what they say of the truth does not reach the page, nor whether they say it."""
    return tuple(
        NodeRow(s.row.name, tuple((t.name, t.rate_hz) for t in s.outputs if not t.is_truth)) for s in graph.slots
    )


def moment(board: Board, odom_in_map: Pose2) -> dict[str, Any]:
    """Return what moves: robot, people, lock, path, rollouts (best last), goal, states, and a point of every curve."""
    odom, goal, path = board.newest(topics.ODOM), board.newest(topics.NAV_GOAL), board.newest(topics.NAV_PATH)
    found: dict[str, Any] = {"t": board.now_ns / NS_PER_S, "curves": curves(board), "states": states(board)}
    if odom is not None:
        robot = odom_in_map * Pose2(odom.x, odom.y, odom.yaw)
        found["robot"] = _rounded(robot.x, robot.y, robot.yaw)
        scan = board.newest(topics.SCAN)
        if scan is not None:
            found["scan"] = scan_points(scan, robot)
    people = board.newest(topics.PEOPLE)
    if people is not None:
        found["people"] = people_in_map(people, board.newest(topics.LOCK), odom_in_map)
    if goal is not None and goal.mode == "go":
        found["goal"] = _rounded(*odom_in_map.apply(goal.x, goal.y))
    if path is not None and len(path.points) > 1:
        points = odom_in_map.apply_all(path.points.astype(np.float64))
        found["path"] = np.round(points, 2).tolist()
    rollouts = board.newest(topics.NAV_ROLLOUTS)
    if rollouts is not None and len(rollouts.chosen):
        found["rollouts"] = [_way(way, odom_in_map) for way in (*rollouts.tried[::-1], rollouts.chosen)]
    return found


def _way(points: NDArray[np.float32], odom_in_map: Pose2) -> list[list[float]]:
    """Return every third point of a way in map, its end among them."""
    way: list[list[float]] = np.round(odom_in_map.apply_all(points[::-WAY_EVERY].astype(np.float64)), 2).tolist()
    return way[::-1]


def people_in_map(people: People, lock: Lock | None, odom_in_map: Pose2) -> list[dict[str, Any]]:
    """Return everybody who is tracked, the locked one marked; one who is only remembered too."""
    rows = [_person(track, odom_in_map) for track in people.tracks]
    if lock is None or lock.state == "none":
        return rows
    for row in rows:
        if row["id"] == lock.id:
            row["lock"] = lock.state
    if not any("lock" in row for row in rows):
        x, y = _rounded(*odom_in_map.apply(lock.x, lock.y))
        rows.append({"id": lock.id, "x": x, "y": y, "lock": lock.state})
    return rows


def _person(track: Track, odom_in_map: Pose2) -> dict[str, Any]:
    x, y = _rounded(*odom_in_map.apply(track.x, track.y))
    row = {"id": track.id, "x": x, "y": y}
    if track.facing is not None:
        row["facing"] = round(track.facing + odom_in_map.yaw, 2)
    return row


def scan_points(scan: Scan, robot: Pose2) -> list[list[float]]:
    """Return every third lidar return in map."""
    ranges = scan.ranges[::SCAN_EVERY].astype(np.float64)
    kept = np.flatnonzero(np.isfinite(ranges))
    angles, ranges = scan.angle_min + scan.angle_increment * SCAN_EVERY * kept, ranges[kept]
    points = np.empty((len(kept), 2))
    points[:, 0], points[:, 1] = BODY.lidar.x + ranges * np.cos(angles), BODY.lidar.y + ranges * np.sin(angles)
    drawn: list[list[float]] = np.round(robot.apply_all(points), 2).tolist()
    return drawn


def boxes(board: Board) -> tuple[int | None, list[dict[str, Any]]]:
    """Return the stamp of the frame that was looked at, and who was found in it (px, and angles of a head, rad)."""
    faces, sightings = board.newest(topics.FACES), board.newest(topics.SIGHTINGS)
    if faces is not None:
        return faces.stamp_ns, _face_boxes(faces)
    if sightings is not None:
        return sightings.stamp_ns, _person_boxes(sightings, board)
    return None, []


def _face_boxes(faces: Faces) -> list[dict[str, Any]]:
    return [
        {
            "id": face.id,
            "box": _rounded(*face.bbox),
            "head": _rounded(face.yaw, face.pitch, face.roll),
            "lock": faces.lock if face.id == faces.locked_id else "",
            "note": f"{face.distance_m:.1f} m",
            "at": _rounded(face.azimuth, face.distance_m),
        }
        for face in faces.faces
    ]


def _person_boxes(sightings: Sightings, board: Board) -> list[dict[str, Any]]:
    odom, people, lock = board.newest(topics.ODOM), board.newest(topics.PEOPLE), board.newest(topics.LOCK)
    robot = None if odom is None else Pose2(odom.x, odom.y, odom.yaw)
    rows = []
    for seen in sightings.people:
        track = None if robot is None or people is None else _nearest(people, robot.apply(seen.x, seen.y))
        row: dict[str, Any] = {"box": _rounded(*seen.bbox), "note": f"{math.hypot(seen.x, seen.y):.1f} m", "lock": ""}
        if track is not None:
            row["id"] = track.id
            row["lock"] = lock.state if lock is not None and lock.id == track.id else ""
        rows.append(row)
    return rows


def _nearest(people: People, at: tuple[float, float]) -> Track | None:
    near = min(people.tracks, key=lambda t: math.dist((t.x, t.y), at), default=None)
    return near if near is not None and math.dist((near.x, near.y), at) < SAME_M else None


def states(board: Board) -> dict[str, str]:
    """Return what everybody is doing, a few words each."""
    found: dict[str, str] = {}
    follow, nav = board.newest(topics.FOLLOW_STATE), board.newest(topics.NAV_STATE)
    if follow is not None:
        found["follow"] = f"{follow.mode.replace('_', ' ')}" + (f": {follow.reason}" if follow.reason else "")
    if nav is not None:
        found["drive"] = nav.state + (f", {nav.distance_m:.1f} m left" if math.isfinite(nav.distance_m) else "")
    arm, behaviour = board.newest(topics.ARM_STATE), board.newest(topics.BEHAVIOUR)
    if arm is not None:
        found["display"] = arm.mode + (" (held back)" if arm.held_back else "")
    if behaviour is not None:
        found["doing"] = _doing(behaviour)
    display = board.newest(topics.DISPLAY_BEHAVIOUR)
    if display is not None:
        found["display doing"] = _doing(display)
    lock, faces = board.newest(topics.LOCK), board.newest(topics.FACES)
    if lock is not None:
        found["lock"] = lock.state + (f" on {lock.id}" if lock.id >= 0 else "")
    elif faces is not None:
        found["lock"] = faces.lock + (f" on {faces.locked_id}" if faces.locked_id >= 0 else "")
    for safety in (board.newest(topics.JOINT_SAFETY), board.newest(topics.SAFETY)):  # a rover's goes first
        if safety is not None:
            found["safety"] = safety.state + (f": {', '.join(safety.reasons)}" if safety.reasons else "")
    return found


def _doing(behaviour: BehaviourState) -> str:
    """Return what a body does about its commands."""
    step = behaviour.program[behaviour.step] if behaviour.step < len(behaviour.program) else ""
    return " ".join(word for word in (behaviour.state, step, behaviour.note) if word)


def curves(board: Board) -> dict[str, dict[str, float]]:
    """Return a point of every curve, by plot (its unit is in its name)."""
    found: dict[str, dict[str, float]] = {}
    safety, odom, follow = board.newest(topics.SAFETY), board.newest(topics.ODOM), board.newest(topics.FOLLOW_STATE)
    if safety is not None and odom is not None:
        found["speed, m/s"] = {"wanted": safety.wanted_v, "applied": safety.applied_v, "measured": odom.v}
        found["turning, rad/s"] = {
            "wanted": safety.wanted_omega, "applied": safety.applied_omega, "measured": odom.omega,
        }  # fmt: skip
    if follow is not None and follow.distance_m > 0:
        found["distance to person, m"] = {"believed": follow.distance_m}
    joints = board.newest(topics.JOINT_STATES)
    if joints is not None:
        names = ("base yaw", "boom pitch", "display pitch", "display roll")
        degrees = [round(math.degrees(value), 2) for value in joints.measured]
        found["joints, °"] = {n: d for n, d in zip(names, degrees, strict=False) if math.isfinite(d)}
    faces = board.newest(topics.FACES)
    locked = None if faces is None else next((f for f in faces.faces if f.id == faces.locked_id), None)
    if locked is not None:
        found["their head, °"] = {
            "yaw": math.degrees(locked.yaw), "pitch": math.degrees(locked.pitch), "roll": math.degrees(locked.roll),
        }  # fmt: skip
    return {plot: {k: round(v, 3) for k, v in points.items()} for plot, points in found.items()}


def node_table(board: Board, rows: tuple[NodeRow, ...]) -> list[dict[str, Any]]:
    """Return how every node is doing: its slowest periodic topic beside its nominal rate, silence, steps, restarts."""
    return [_node(board, row) for row in rows]


def _node(board: Board, row: NodeRow) -> dict[str, Any]:
    told = board.health.get(row.name, {})
    periodic = [(board.rate(name) / rate, name, rate) for name, rate in row.outputs if rate > 0]
    found: dict[str, Any] = {"name": row.name, "state": told.get("state", "running"), **told}
    if periodic:
        _, name, rate = min(periodic)
        found |= {"topic": name, "hz": round(board.rate(name), 1), "nominal_hz": rate}
        ages = [((board.now_ns / NS_PER_S) if (age := board.age_s(n)) is None else age) * r for _, n, r in periodic]
        found["stale"] = max(ages) > STALE_PERIODS
    return found


def _rounded(*values: float) -> list[float]:
    return [round(float(value), 3) for value in values]
