"""The numbers the follower works with, metres and seconds. Defaults fit the rover at home."""

from __future__ import annotations

from dataclasses import dataclass

from robot.bounds import AtLeastZero, Count, Positive, Share


@dataclass(frozen=True)
class FollowerConfig:
    """Distances are centre to centre."""

    # Standoff: where to be.
    standoff_m: AtLeastZero = 1.4  # of 1 to 2 m, with room for the start of a person who walks off
    nearest_m: AtLeastZero = 1.15  # no goal nearer to the person than this
    good_from_m: AtLeastZero = 1.15  # between these two and in sight, a standing robot stays put
    good_to_m: AtLeastZero = 1.7
    catch_up_gain: AtLeastZero = 0.5  # goal moves this much nearer per metre the robot lags
    body_radius_m: AtLeastZero = 0.24  # least clearance of a place to stand
    pass_radius_m: AtLeastZero = 0.16  # of a way to take, where cells count double; the navigator looks closer
    easy_clearance_m: AtLeastZero = 0.45  # more than this is not worth a detour
    passage_m: AtLeastZero = 0.35  # with less clearance the robot stands in somebody's way
    sight_range_m: AtLeastZero = 4.5  # beyond, the camera cannot be trusted to find a person
    half_view_rad: AtLeastZero = 0.70  # half of what the camera sees, with a little margin

    # The person.
    standing_speed: AtLeastZero = 0.2  # m/s, slower is standing
    fastest_person: AtLeastZero = 1.3  # m/s, faster is noise
    velocity_window_s: AtLeastZero = 0.7  # positions that a velocity is fitted through
    latency_s: AtLeastZero = 0.1  # from a lock's stamp to the wheels, beyond what the stamp tells
    look_ahead_s: AtLeastZero = 0.8
    person_erase_m: AtLeastZero = 0.4  # map cells this near to a person are the person

    # Speed.
    max_speed: AtLeastZero = 1.0  # m/s
    gap_gain: AtLeastZero = 0.9  # m/s per metre of gap
    calm_speed: AtLeastZero = 0.25  # m/s, always allowed

    # Making way.
    corridor_half_m: Positive = 0.6  # half of what a walking person and the rover need beside each other
    way_horizon_s: AtLeastZero = 2.5
    too_near_m: AtLeastZero = 0.8
    way_wide_m: AtLeastZero = 0.3  # this much more than else to someone who comes
    near_stranger_m: AtLeastZero = 0.6
    stranger_horizon_s: AtLeastZero = 1.2
    clear_of_m: AtLeastZero = 1.0
    way_hold_s: AtLeastZero = 0.7  # stays out of the way this long after the reason went
    stuck_s: AtLeastZero = 2.0  # a robot that stands for so long though it would go yields to whoever stands before it
    yield_s: AtLeastZero = 5.0  # and leaves them so long to pass before it tries again
    step_aside_speed: AtLeastZero = 0.4  # m/s, what to expect of the base when it steps aside

    # Losing and finding.
    trust_prediction_s: AtLeastZero = 0.5  # after this long unseen, search instead of following a prediction
    trust_near_s: AtLeastZero = 3.0  # the same for someone who stood so near that the camera may not show them
    particles: Count = 240
    look_rate: AtLeastZero = 1.8  # rad/s, how fast the base looks around
    see_probability: Share = 0.5  # that a step's look at a clear place would have shown the person
    miss_probability: Share = 0.015  # the same for places behind something in the map
    search_speed: AtLeastZero = 1.0  # m/s

    trail_step_m: Positive = 0.1
    trail_length_m: AtLeastZero = 8.0
