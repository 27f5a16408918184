"""The numbers safety works with. What a body can do comes from the body; what is prudent at home stands here."""

from __future__ import annotations

from dataclasses import dataclass, field

from robot.bodies.rover.body import RoverBody
from robot.bounds import AtLeastZero, Count, Share
from robot.near_people import NearPeople


@dataclass(frozen=True)
class SafetyConfig:
    """Thresholds of the safety node."""

    body: RoverBody = field(default_factory=RoverBody)

    # How old an input may be before the robot stops, s. The wheels must stand 0.3 s after a writer died.
    command_age_s: AtLeastZero = 0.12
    odom_age_s: AtLeastZero = 0.08
    contacts_age_s: AtLeastZero = 0.08
    scan_age_s: AtLeastZero = 0.22
    map_age_s: AtLeastZero = 0.22
    people_age_s: AtLeastZero = 0.22

    # Obstacles: what must stay free around the footprint, and how late the wheels answer.
    margin_m: AtLeastZero = 0.02
    reaction_s: AtLeastZero = 0.10
    lookahead_s: AtLeastZero = 0.8  # of the commanded arc; covers braking from full speed
    arc_samples: Count = 16
    map_ignored_depth_m: AtLeastZero = 0.03  # map cells deeper than this under the robot are not solid: it stands there

    # Lidar: share of rays without data (in all, or toward the motion) beyond which the robot is blind.
    blind_share: Share = 0.5
    blind_sector_rad: AtLeastZero = 1.05  # half the sector looked at, about the direction of motion

    # People.
    near_people: NearPeople = field(default_factory=NearPeople)
    person_radius_m: AtLeastZero = 0.28  # feet and arms reach this far; the lidar sees only shins
    person_turning_m: AtLeastZero = 0.34  # and this far when they turn on the spot, where they are not as near already
    person_memory_s: AtLeastZero = 0.6  # tracks not seen for longer do not slow the robot

    # m/s, backing over floor that nothing has looked at. There the cliff sensors are all there is against a step down:
    # they see its edge 2 cm before the caster is over it, and from this speed the base stops in 1.3 cm.
    unseen_reverse_speed: AtLeastZero = 0.15
    unseen_margin_m: AtLeastZero = 0.01

    # Legs that the lidar saw arrive: toes and arms reach beyond them, and they may step aside while the robot passes.
    limb_margin_turn_m: AtLeastZero = 0.12  # turning on the spot
    limb_margin_m: AtLeastZero = 0.22  # driving
    limb_margin_s: AtLeastZero = 0.25  # m more for each m/s of the robot

    # Touch and edges: a direction stays forbidden until the robot has moved off, turned off, or waited.
    contact_turn_speed: AtLeastZero = 0.6  # rad/s while something touches or the floor is missing
    contact_clear_m: AtLeastZero = 0.12
    contact_clear_rad: AtLeastZero = 0.8
    contact_hold_s: AtLeastZero = 2.0
