"""A tiny made-up run that speaks on every topic: a robot behind a person on a circle. For log and report tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from recording_desk import say_desk

from robot import messages as m
from robot import topics
from robot.node import Inbox, Node, Outbox
from robot.runtime.commit import Observer
from robot.runtime.lockstep import Lockstep
from robot.runtime.table import Row, resolve

TICK_HZ = 240
RADIUS, TURN = 2.0, 0.25  # m, rad/s


@dataclass(frozen=True)
class MadeUpConfig:
    """How the made-up run goes."""

    pixels: bool = True
    center: tuple[float, float] = (0.0, 0.0)
    lost: tuple[float, float] = (4.0, 6.0)
    """s, while the lock is lost"""
    touch_s: float = 7.0
    """when the robot touches a chair"""
    bad_scan: bool = False


class MadeUpWorld(Node):
    """Publishes every topic at about its rate."""

    outputs = tuple(topic for topic in topics.TABLE.values() if topic is not topics.LOCK_REQUEST)
    rate_hz = 60

    def __init__(self, config: MadeUpConfig, rng: Generator) -> None:
        self._config = config
        self._rng = rng
        self._step = 0

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return this step's messages."""
        out, t = Outbox(), now_ns / 1e9
        step, self._step = self._step, self._step + 1
        self._fast(out, now_ns, t)
        if step % 3 == 0:
            self._truth(out, now_ns, t)
            out.put(topics.CMD_VEL_WANTED, m.CmdVel(stamp_ns=now_ns, v=0.6, omega=TURN))
            out.put(topics.NAV_STATE, m.NavState(stamp_ns=now_ns, state="driving", distance_m=1.5))
        if step % 6 == 0:
            self._slow(out, now_ns, t)
        if step % 60 == 0:
            out.put(topics.LOG, m.Log(stamp_ns=now_ns, level="info", text=f"second {step // 60}"))
        return out

    def person(self, t: float, ahead: float = 0.0) -> tuple[float, float, float]:
        """Return where somebody `ahead` rad along the circle is: x, y, heading."""
        angle = TURN * t + ahead
        cx, cy = self._config.center
        return cx + RADIUS * math.cos(angle), cy + RADIUS * math.sin(angle), angle + math.pi / 2

    def _in_odom(self, x: float, y: float) -> tuple[float, float]:
        x0, y0, yaw0 = self.person(0.0)
        c, s = math.cos(yaw0), math.sin(yaw0)
        return c * (x - x0) + s * (y - y0), -s * (x - x0) + c * (y - y0)

    def _fast(self, out: Outbox, now_ns: int, t: float) -> None:
        x, y, _ = self.person(t)
        ox, oy = self._in_odom(x, y)
        slow = 6.5 < t < 7.5
        out.put(topics.IMU, m.Imu(stamp_ns=now_ns, angular_velocity=(0.0, 0.0, TURN), linear_acceleration=(0, 0, 9.81)))
        out.put(topics.WHEELS, m.WheelState(stamp_ns=now_ns, left_rad=5.0 * t, right_rad=6.0 * t))
        out.put(topics.CONTACTS, m.Contacts(stamp_ns=now_ns, bumper=(False,) * 4, cliff=(False,) * 4))
        out.put(topics.ODOM, m.Odom(stamp_ns=now_ns, x=ox, y=oy, yaw=TURN * t, v=0.5, omega=TURN))
        out.put(topics.CMD_VEL, m.CmdVel(stamp_ns=now_ns, v=0.3 if slow else 0.5, omega=TURN))
        out.put(
            topics.SAFETY,
            m.SafetyState(
                stamp_ns=now_ns,
                state="slowed" if slow else "ok",
                reasons=("person near",) if slow else (),
                wanted_v=0.6,
                wanted_omega=TURN,
                applied_v=0.3 if slow else 0.5,
                applied_omega=TURN,
            ),
        )

    def _truth(self, out: Outbox, now_ns: int, t: float) -> None:
        x, y, yaw = self.person(t)
        px, py, pyaw = self.person(t, 0.7 + 0.3 * math.sin(t))
        lost = self._lost(t)
        people = (
            m.PersonTruth(name="anna", x=px, y=py, yaw=pyaw, speed=0.5, in_sight=not lost, in_view=not lost, gap_m=1.0),
            m.PersonTruth(name="ben", x=0.3 * t, y=0.0, yaw=0.0, speed=0.3, in_sight=True, in_view=False, gap_m=1.5),
        )
        touch = self._config.touch_s <= t < self._config.touch_s + 0.05
        contacts = (m.Contact(kind="object", name="chair 1"),) if touch else ()
        out.put(
            topics.TRUTH,
            m.WorldTruth(
                stamp_ns=now_ns,
                x=x,
                y=y,
                z=0.0,
                yaw=yaw,
                v=0.5,
                omega=TURN,
                people=people,
                contacts=contacts,
                clearance_m=0.4,
            ),
        )

    def _lost(self, t: float) -> bool:
        return self._config.lost[0] <= t < self._config.lost[1]

    def _slow(self, out: Outbox, now_ns: int, t: float) -> None:
        lost = self._lost(t)
        px, py = self._in_odom(*self.person(t, 0.7)[:2])
        ranges = self._rng.normal(2.5, 0.01, 360).astype(np.float32)
        ranges[:10] = np.inf
        ranges[10:20] = np.nan
        scan = m.Scan(
            stamp_ns=now_ns,
            angle_min=-math.pi,
            angle_increment=math.pi / 180,
            range_min=0.1,
            range_max=8.0,
            ranges=ranges,
        )
        out.put(topics.SCAN, scan, valid=not self._config.bad_scan)
        if self._config.pixels:
            f = 228.5
            out.put(topics.CAMERA, m.Image(stamp_ns=now_ns, data=self._picture(t), fx=f, fy=f, cx=160, cy=120))
            dark = np.full((360, 480, 3), 9, np.uint8)  # the home's other camera, where nobody is
            out.put(topics.DISPLAY_CAMERA, m.Image(stamp_ns=now_ns, data=dark, fx=f, fy=f, cx=240, cy=180))
            depth = (1500 + self._rng.normal(0, 5, (120, 160))).astype(np.uint16)
            out.put(topics.DEPTH, m.DepthImage(stamp_ns=now_ns, data=depth, fx=f / 2, fy=f / 2, cx=80, cy=60))
            for topic in (topics.DEPTH_FRONT, topics.DEPTH_REAR):
                floor = m.DepthImage(stamp_ns=now_ns, data=depth[:36, :48].copy(), fx=28.5, fy=28.5, cx=24, cy=17)
                out.put(topic, floor)
        appearance = np.zeros(8, np.float32)
        seen = m.Sighting(
            x=1.4,
            y=0.1,
            std_m=0.05,
            height_m=1.7,
            facing=None,
            bbox=(140, 60, 40, 130),
            appearance=appearance,
            score=0.9,
        )
        out.put(
            topics.SIGHTINGS, m.Sightings(stamp_ns=now_ns, people=() if lost else (seen,), half_fov=0.61, range_m=5.0)
        )
        track = m.Track(
            id=3, x=px, y=py, vx=0.3, vy=0.1, std_m=0.1, height_m=1.7, facing=None, seen_ns=now_ns, score=0.9
        )
        out.put(topics.PEOPLE, m.People(stamp_ns=now_ns, tracks=(track,)))
        out.put(
            topics.LOCK, m.Lock(stamp_ns=now_ns, state="lost" if lost else "locked", id=3, x=px, y=py, confidence=0.9)
        )
        cells = np.full((160, 160), 255, np.uint8)
        cells[40:120, 40:120] = 0
        cells[60:64, 60:90] = 100
        local = m.LocalMap(stamp_ns=now_ns, origin_x=-4.0, origin_y=-4.0, resolution_m=0.05, cells=cells)
        out.put(topics.LOCAL_MAP, local)
        out.put(topics.NAV_GOAL, m.NavGoal(stamp_ns=now_ns, mode="go", x=px, y=py))
        here = self._in_odom(*self.person(t)[:2])
        way = np.array([here, (px, py)], np.float32)
        out.put(topics.NAV_PATH, m.Path(stamp_ns=now_ns, points=way))
        mode = "searching" if lost else "following"
        out.put(topics.FOLLOW_STATE, m.FollowState(stamp_ns=now_ns, mode=mode, distance_m=1.4))
        say_desk(out, now_ns)

    def _picture(self, t: float) -> NDArray[np.uint8]:
        picture = backdrop().copy()
        left = int(100 + 50 * math.sin(t))
        picture[60:190, left : left + 40] = (200, 90, 40)
        return picture


@lru_cache(maxsize=1)
def backdrop() -> NDArray[np.uint8]:
    """Return a wall and a floor with some grain."""
    grain = np.random.default_rng(0).integers(0, 6, (240, 320, 3), dtype=np.uint8)
    wall = np.full((240, 320, 3), (170, 170, 160), np.uint8)
    wall[130:] = (170, 130, 90)
    return wall + grain


def play(observers: list[Observer], seconds: float, config: MadeUpConfig | None = None, seed: int = 0) -> None:
    """Run the made-up world under `observers`."""
    row = Row("world", f"{__name__}:MadeUpWorld", config or MadeUpConfig())
    runner = Lockstep(resolve([row], TICK_HZ), seed, observers)
    runner.advance(round(seconds * TICK_HZ))
    runner.close()
