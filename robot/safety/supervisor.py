"""The last node before the wheels. It lets a twist through, slows it or stops it, and publishes which and why.

Order: faults of inputs (stop at once), limits of the body, touch and edges, people, then the exact footprint along the
arc against lidar points and map, with more air around legs. Every limit only takes speed away, and none forbids motion
that leads away.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.random import Generator

from robot import topics
from robot.clock import NS_PER_S
from robot.geometry import Pose2
from robot.messages import CmdVel, Odom, SafetyState
from robot.node import Inbox, Node, Outbox, Topic
from robot.safety import reasons as words
from robot.safety.blindness import Blindness
from robot.safety.by_hand import still_stopped
from robot.safety.config import SafetyConfig
from robot.safety.contact import ContactGuard
from robot.safety.limits import STILL, Twist, clip, is_finite, ramp
from robot.safety.obstacles import Obstacles
from robot.safety.people import limit_near_people, near_people, of_standing, outlines
from robot.safety.points import Points
from robot.safety.share import share_backing, share_before, share_near_limbs

Reasons = tuple[str, ...]


class Around(NamedTuple):
    """Points that the footprint must keep clear of, each (N, 2) m in base_link."""

    solid: Points
    limbs: Points
    """Legs that may move at any time."""
    standing: Points
    """Legs of people who are known to stand."""


class SafetyNode(Node):
    """Turn the twist asked for into the twist that goes to the wheels. Frames: base_link; obstacles in odom."""

    inputs = (
        topics.CMD_VEL_WANTED,
        topics.SCAN,
        topics.LOCAL_MAP,
        topics.ODOM,
        topics.CONTACTS,
        topics.PEOPLE,
        topics.OPERATOR,
    )
    outputs = (topics.CMD_VEL, topics.SAFETY)
    rate_hz = 60

    def __init__(self, config: SafetyConfig, rng: Generator) -> None:
        self._config = config
        self._obstacles = Obstacles(config.body, config.map_ignored_depth_m)
        self._blindness = Blindness(config.blind_share, config.blind_sector_rad)
        self._contacts = ContactGuard(config)
        self._applied = STILL
        self._stopped_by_hand = False
        self._ages: tuple[tuple[Topic[Any], float, bool], ...] = (  # topic, largest age, needed from the start
            (topics.CMD_VEL_WANTED, config.command_age_s, False),
            (topics.ODOM, config.odom_age_s, True),
            (topics.CONTACTS, config.contacts_age_s, True),
            (topics.SCAN, config.scan_age_s, True),
            (topics.LOCAL_MAP, config.map_age_s, False),
            (topics.PEOPLE, config.people_age_s, False),
        )

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return the applied twist and the account of it."""
        command = inbox.latest(topics.CMD_VEL_WANTED)
        wanted = STILL if command is None else Twist(command.v, command.omega)
        faults = self._faults(inbox)
        scan = inbox.fresh(topics.SCAN)
        if scan is not None:
            self._blindness.update(scan)
        odom = inbox.latest(topics.ODOM)
        if odom is not None and is_finite(odom.x, odom.y, odom.yaw):
            self._obstacles.update(odom, scan, inbox.fresh(topics.LOCAL_MAP))
        elif odom is not None:
            faults += (words.BAD_ODOMETRY,)
        if not is_finite(*wanted):
            wanted = STILL
            faults += (words.BAD_COMMAND,)
        if faults or odom is None:
            self._applied, why = STILL, faults
        else:
            self._applied, why = self._limited(now_ns, inbox, odom, wanted)
        return self._account(now_ns, wanted, why, brake=bool(faults) or words.LIDAR_BLIND in why)

    def _faults(self, inbox: Inbox) -> Reasons:
        """Return why nothing may move at all: nodes that died, inputs that are late or marked bad."""
        found: list[str] = [words.NODE_DOWN] if inbox.absent else []
        self._stopped_by_hand = still_stopped(self._stopped_by_hand, inbox)
        if self._stopped_by_hand:
            found.append(words.OPERATOR)
        for topic, age_s, needed in self._ages:
            stamped = inbox.stamped(topic)
            if stamped is None:
                found += [words.STALE[topic.name]] if needed else []
                continue
            if not stamped.envelope.valid:
                found.append(words.INVALID[topic.name])
            if (inbox.now_ns - stamped.envelope.t_ns) / NS_PER_S > age_s:
                found.append(words.STALE[topic.name])
        return tuple(found)

    def _limited(self, now_ns: int, inbox: Inbox, odom: Odom, wanted: Twist) -> tuple[Twist, Reasons]:
        """Return the twist after all limits, and the reasons of those that took something away."""
        config = self._config
        pose = Pose2(odom.x, odom.y, odom.yaw)
        clipped = clip(wanted, config.body.drive)
        why: Reasons = (words.OVER_LIMIT,) if clipped != wanted else ()
        assert self.rate_hz is not None
        twist = ramp(self._applied, clipped, config.body.drive, 1.0 / self.rate_hz)

        contacts = inbox.latest(topics.CONTACTS)
        if contacts is not None:
            self._contacts.update(contacts, pose, now_ns)
        twist, more = self._contacts.limit(twist)
        why += more
        people = inbox.latest(topics.PEOPLE)
        near = [] if people is None else near_people(people, pose, now_ns, config)
        twist, more = limit_near_people(twist, near, config)
        why += more
        if self._blindness.toward(twist.v):
            return STILL, (*why, words.LIDAR_BLIND)
        backing = twist.v < -config.unseen_reverse_speed
        share = share_backing(self._obstacles.unseen(pose), twist, config) if backing else 1.0
        if share < 1.0:
            twist, why = Twist(twist.v * share, twist.omega * share), (*why, words.UNSEEN_FLOOR)
        solid = self._obstacles.around(pose, outlines(near, config))
        arrived = self._obstacles.arrived(pose)
        standing = of_standing(near, arrived, config)
        twist, more = self._clear_of(Around(solid, arrived[~standing], arrived[standing]), twist)
        return twist, why + more

    def _clear_of(self, around: Around, twist: Twist) -> tuple[Twist, Reasons]:
        """Return the twist from which the robot can stop short of every point; turning alone if the arc is shut."""
        share, reason = self._share(around, twist)
        if share == 1.0:
            return twist, ()
        if share < 0.05 and twist.v != 0.0 and twist.omega != 0.0:
            turn = Twist(0.0, twist.omega)
            return Twist(0.0, twist.omega * self._share(around, turn)[0]), (reason,)
        return Twist(twist.v * share, twist.omega * share), (reason,)

    def _share(self, around: Around, twist: Twist) -> tuple[float, str]:
        """Return the largest share of the twist that may be driven, and for whom or what it is less than 1."""
        if twist == STILL:
            return 1.0, ""
        config = self._config
        beside = share_before(around.solid, twist, config.margin_m, config)
        toes = share_before(around.standing, twist, config.limb_margin_turn_m, config)
        near_limbs = min(toes, share_near_limbs(around.limbs, twist, config))
        return (near_limbs, words.PERSON_NEAR) if near_limbs < beside else (beside, words.OBSTACLE)

    def _account(self, now_ns: int, wanted: Twist, why: Reasons, brake: bool) -> Outbox:
        applied = self._applied
        if not why:
            state = SafetyState(stamp_ns=now_ns, state="ok", reasons=(), **_speeds(wanted, applied))
        elif applied == STILL:
            state = SafetyState(stamp_ns=now_ns, state="stopped", reasons=why, **_speeds(wanted, applied))
        else:
            state = SafetyState(stamp_ns=now_ns, state="slowed", reasons=why, **_speeds(wanted, applied))
        command = CmdVel(stamp_ns=now_ns, v=applied.v, omega=applied.omega, brake=brake)
        return Outbox().put(topics.CMD_VEL, command).put(topics.SAFETY, state)


def _speeds(wanted: Twist, applied: Twist) -> dict[str, float]:
    return {
        "wanted_v": wanted.v,
        "wanted_omega": wanted.omega,
        "applied_v": applied.v,
        "applied_omega": applied.omega,
    }
