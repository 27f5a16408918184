"""The body below the head as eleven lofted parts, each in the frame of its proximal joint.

Frames when standing: x forward, y left, z up. The trunk's origin is the hip centre, a limb's is its upper joint and
the limb hangs along -z, a foot's is the ankle. Sizes are shares of body height unless named otherwise.
"""

from __future__ import annotations

import numpy as np

from sim.people.appearance import Appearance
from sim.people.mesh import Mesh, MeshBuilder, Ring
from sim.people.skeleton import Skeleton


def trunk_mesh(look: Appearance, bones: Skeleton) -> Mesh:
    """Hips in trousers , belt, shirt and the neck."""
    h, up = bones.height, bones.shoulder_up / 0.288
    shoulder, waist, hips = look.shoulders, look.waist, look.hips
    neck = bones.neck_up
    thin_neck = 0.058 * look.head_scale
    belt = "belt" if look.legwear == "trousers" else "bottom"
    rings = [
        Ring(-0.050 * h, 0.040 * h, 0.050 * h * hips, "bottom", square=2.4),
        Ring(-0.022 * h, 0.062 * h, 0.088 * h * hips, "bottom", square=2.4),
        Ring(0.012 * h, 0.066 * h * hips, 0.094 * h * hips, "bottom", -0.004 * h, square=2.4),
        Ring(0.050 * up, 0.060 * h * waist, 0.086 * h * max(waist, 0.94), belt, square=2.4),
        Ring(0.064 * up, 0.064 * h * waist, 0.088 * h * waist, "top_shade", square=2.4),
        Ring(0.085 * up, 0.061 * h * waist, 0.083 * h * waist, "top", 0.002 * h, square=2.3),
        Ring(0.140 * up, 0.061 * h * waist, 0.082 * h * waist, "top", 0.002 * h, square=2.3),
        Ring(0.165 * up, 0.063 * h, 0.087 * h * (0.5 + 0.5 * shoulder), "accent", 0.003 * h, square=2.3),
        Ring(0.205 * up, 0.067 * h, 0.094 * h * shoulder, "top", 0.004 * h, square=2.3),
        Ring(0.250 * up, 0.062 * h, 0.104 * h * shoulder, "top", square=2.3),
        Ring(0.282 * up, 0.054 * h, 0.110 * h * shoulder, "top", -0.003 * h),
        Ring(0.302 * up, 0.047 * h, 0.090 * h * shoulder, "top", -0.005 * h),
        Ring(0.318 * up, 0.042 * h, 0.062 * h * shoulder, "top", -0.006 * h),
        Ring(0.330 * up, thin_neck * 1.15, thin_neck * 1.15, "top_shade", -0.008 * h),
        Ring(0.334 * up, thin_neck * 1.00, thin_neck * 1.00, "skin_shade", -0.008 * h),
        Ring(neck + 0.005, thin_neck * 0.96, thin_neck * 0.94, "skin_shade", -0.010 * h),
    ]
    builder = MeshBuilder()
    builder.loft(rings, sides=12)
    return builder.build()


def upper_arm_mesh(look: Appearance, bones: Skeleton) -> Mesh:
    """Shoulder cap to elbow."""
    h, length = bones.height, bones.upper_arm
    lower = "top" if look.sleeves == "long" else "skin"
    builder = MeshBuilder()
    builder.loft(
        [
            Ring(0.020 * h, 0.012 * h, 0.010 * h, "top"),
            Ring(0.010 * h, 0.026 * h, 0.022 * h, "top"),
            Ring(-0.015 * h, 0.031 * h, 0.028 * h, "top"),
            Ring(-0.50 * length, 0.028 * h, 0.026 * h, "accent" if look.sleeves == "short" else "top"),
            Ring(-0.58 * length, 0.025 * h, 0.023 * h, lower),
            Ring(-1.0 * length, 0.021 * h, 0.020 * h, lower),
            Ring(-1.0 * length - 0.012 * h, 0.014 * h, 0.014 * h, lower),
        ],
        sides=8,
    )
    return builder.build()


def forearm_mesh(look: Appearance, bones: Skeleton, side: int) -> Mesh:
    """Elbow to fingertips; `side` is +1 for the left arm, -1 for the right (where the thumb points inward)."""
    h, wrist = bones.height, bones.forearm
    sleeve, cuff = ("top", "accent") if look.sleeves == "long" else ("skin", "skin")
    builder = MeshBuilder()
    builder.loft(
        [
            Ring(0.016 * h, 0.014 * h, 0.014 * h, sleeve),
            Ring(0.0, 0.022 * h, 0.020 * h, sleeve),
            Ring(-0.25 * wrist, 0.023 * h, 0.021 * h, sleeve),
            Ring(-0.86 * wrist, 0.018 * h, 0.016 * h, cuff),
            Ring(-0.93 * wrist, 0.017 * h, 0.016 * h, "skin"),
            Ring(-1.0 * wrist, 0.016 * h, 0.012 * h, "skin"),
            Ring(-1.0 * wrist - 0.020 * h, 0.022 * h, 0.011 * h, "skin"),
            Ring(-1.0 * wrist - 0.050 * h, 0.024 * h, 0.010 * h, "skin"),
            Ring(-1.0 * wrist - 0.080 * h, 0.019 * h, 0.009 * h, "skin_shade", y=-side * 0.005 * h),
            Ring(-1.0 * wrist - 0.100 * h, 0.010 * h, 0.006 * h, "skin_shade", y=-side * 0.010 * h),
        ],
        sides=8,
    )
    thumb = (0.026 * h, -side * 0.006 * h, -wrist - 0.034 * h)
    builder.ellipsoid(thumb, (0.008 * h, 0.007 * h, 0.024 * h), "skin", rows=4, sides=6)
    return builder.build()


def thigh_mesh(look: Appearance, bones: Skeleton) -> Mesh:
    """Hip to knee."""
    h, length = bones.height, bones.thigh
    below = "bottom" if look.legwear == "trousers" else "skin"
    flare = 1.35 if look.legwear == "culottes" else 1.0
    builder = MeshBuilder()
    builder.loft(
        [
            Ring(0.020 * h, 0.040 * h, 0.036 * h, "bottom"),
            Ring(-0.02 * h, 0.055 * h, 0.049 * h, "bottom"),
            Ring(-0.45 * length, 0.049 * h * flare, 0.045 * h * flare, "bottom"),
            Ring(-0.72 * length, 0.043 * h * flare**1.6, 0.040 * h * flare**1.3, below),
            Ring(-0.78 * length, 0.039 * h, 0.036 * h, below),
            Ring(-1.0 * length, 0.036 * h, 0.034 * h, below),
            Ring(-1.0 * length - 0.022 * h, 0.024 * h, 0.024 * h, below),
        ],
        sides=10,
    )
    return builder.build()


def shank_mesh(look: Appearance, bones: Skeleton) -> Mesh:
    """Knee to ankle; trousers end in a wider hem above the shoe."""
    h, length = bones.height, bones.shank
    long_legs = look.legwear == "trousers"
    cloth, hem, sock = ("bottom", "bottom_shade", "bottom_shade") if long_legs else ("skin", "skin", "accent")
    wide = 0.030 * h if long_legs else 0.021 * h
    builder = MeshBuilder()
    builder.loft(
        [
            Ring(0.020 * h, 0.024 * h, 0.024 * h, cloth, 0.004 * h),
            Ring(0.0, 0.036 * h, 0.034 * h, cloth, 0.002 * h),
            Ring(-0.28 * length, 0.037 * h, 0.034 * h, cloth, -0.006 * h),
            Ring(-0.60 * length, 0.030 * h, 0.029 * h, cloth, -0.003 * h),
            Ring(-0.86 * length, wide, wide * 0.94, hem),
            Ring(-0.94 * length, wide, wide * 0.94, sock),
            Ring(-1.0 * length, 0.022 * h, 0.021 * h, sock),
        ],
        sides=10,
    )
    return builder.build()


def foot_mesh(look: Appearance, bones: Skeleton) -> Mesh:
    """A shoe: sole on the floor, heel behind the ankle, rounded toe."""
    h, drop = bones.height, bones.ankle
    back, toe = -0.036 * h, 0.122 * h
    profile = [  # along the shoe: distance from the ankle, top height above the sole, half width (shares of height)
        (back, 0.030, 0.016),
        (back + 0.010 * h, 0.046, 0.024),
        (0.014 * h, 0.050, 0.025),
        (0.050 * h, 0.034, 0.026),
        (0.085 * h, 0.025, 0.029),
        (0.110 * h, 0.020, 0.024),
        (toe, 0.012, 0.014),
    ]
    builder = MeshBuilder()
    for low, high, swatch in ((0.0, 0.012, "sole"), (0.010, 1.0, "shoes")):
        grow = 1.06 if swatch == "sole" else 1.0
        rings = [
            Ring(
                z=x,
                depth=0.5 * (min(top, high) - low) * h,
                width=width * h * grow,
                swatch=swatch,
                x=0.5 * (min(top, high) + low) * h - drop,
                square=3.0,
            )
            for x, top, width in profile
        ]
        shoe = MeshBuilder()
        shoe.loft(rings, sides=8 if swatch == "shoes" else 4)
        mesh = shoe.build()
        upright = mesh.vertices[:, [2, 1, 0]] * np.array([1.0, -1.0, 1.0])  # loft axis z -> x, its x -> up
        builder.add_textured(upright, mesh.faces, mesh.uvs[mesh.faces])
    return builder.build()
