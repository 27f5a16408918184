"""Segment lengths of a person from height, after Drillis and Contini (1966) as tabled by Winter, Biomechanics and
Motor Control of Human Movement, fig. 4.1; the head has its own scale because children's heads are not shrunk adults'.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.people.appearance import Appearance

CHIN_TO_CROWN_M = 0.22
NECK_PIVOT_TO_CROWN_M = 0.165  # the skull nods on the atlas, 5 cm above the chin line


class Skeleton(NamedTuple):
    """Lengths in metres. Heights above the hip centre are named *_up, half distances left-right *_side."""

    height: float
    thigh: float
    shank: float
    ankle: float
    heel_back: float
    ball_ahead: float
    hip_side: float
    shoulder_side: float
    shoulder_up: float
    neck_up: float
    upper_arm: float
    forearm: float

    @staticmethod
    def of(look: Appearance) -> Skeleton:
        """Return the skeleton of one appearance."""
        h = look.height_m
        hip = 0.53 * h
        chin = h - CHIN_TO_CROWN_M * look.head_scale
        return Skeleton(
            height=h,
            thigh=0.245 * h,
            shank=0.246 * h,
            ankle=0.039 * h,
            heel_back=0.026 * h,
            ball_ahead=0.075 * h,
            hip_side=0.050 * h,
            shoulder_side=0.108 * h * look.shoulders,
            shoulder_up=chin - 0.060 * h - hip,
            neck_up=h - NECK_PIVOT_TO_CROWN_M * look.head_scale - hip,
            upper_arm=0.178 * h,
            forearm=0.146 * h,
        )
