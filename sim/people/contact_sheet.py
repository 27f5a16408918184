"""Every person from all sides, standing, striding, sitting: `python -m sim.people.contact_sheet OUT.png`."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sim.bullet import pybullet
from sim.people.appearance import APPEARANCES, Appearance
from sim.people.person import PersonBody
from sim.people.state import PersonState

CELL = (150, 240)  # pixels
FACE_CELL = (150, 150)
_STAND = PersonState(0.0, 0.0)
_STRIDE = PersonState(0.0, 0.0, gait_phase=0.02, speed=1.1)
_PASSING = PersonState(0.0, 0.0, gait_phase=0.75, speed=0.9)
_SIT = PersonState(0.0, 0.0, sitting=1.0)
VIEWS = (  # state, direction the person is seen from (degrees, 0 front, 90 their left)
    (_STAND, 0), (_STAND, 90), (_STAND, 180), (_STRIDE, 25), (_STRIDE, 90), (_PASSING, 90), (_SIT, 40), (_SIT, 90),
)  # fmt: skip


def camera_image(
    client: int,
    eye: tuple[float, float, float],
    target: tuple[float, float, float],
    fov_deg: float,
    size: tuple[int, int],
) -> NDArray[np.uint8]:
    """Return an (H, W, 3) RGB picture by TinyRenderer; `fov_deg` is vertical."""
    view = pybullet.computeViewMatrix(eye, target, [0, 0, 1])
    lens = pybullet.computeProjectionMatrixFOV(fov_deg, size[0] / size[1], 0.05, 20.0)
    width, height, rgba, _, _ = pybullet.getCameraImage(
        *size, view, lens, lightDirection=[2.0, 1.0, 3.0], shadow=0, flags=pybullet.ER_NO_SEGMENTATION_MASK,
        renderer=pybullet.ER_TINY_RENDERER, physicsClientId=client,
    )  # fmt: skip
    return np.asarray(rgba, dtype=np.uint8).reshape(height, width, 4)[:, :, :3]


def person_row(look: Appearance) -> NDArray[np.uint8]:
    """Return one strip: the face from two sides and the body in every view."""
    client = pybullet.connect(pybullet.DIRECT)
    person = PersonBody(client, look, look.name)
    x, y, z = person.face_center_world()
    pictures = []
    for angle in (0, 35, 90):
        bearing = math.radians(angle)
        eye = (x + 0.6 * math.cos(bearing), y + 0.6 * math.sin(bearing), z)
        face = camera_image(client, eye, (x - 0.06, y, z), 34.0, FACE_CELL)
        pictures.append(
            cv2.copyMakeBorder(face, 0, CELL[1] - FACE_CELL[1], 0, 0, cv2.BORDER_CONSTANT, value=(255,) * 3)
        )
    for state, angle in VIEWS:
        person.place(state)
        bearing = math.radians(angle)
        eye = (3.6 * math.cos(bearing), 3.6 * math.sin(bearing), 1.1)
        pictures.append(camera_image(client, eye, (0.0, 0.0, 0.93), 33.0, CELL))
    pybullet.disconnect(client)
    return np.hstack(pictures)


def main() -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    sheet = np.vstack([person_row(look) for look in APPEARANCES])
    cv2.imwrite(str(parser.parse_args().out), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
