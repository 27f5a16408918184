"""A stage for face tests: people before a camera at head height, rendered, with the truth about their heads."""

import math

import numpy as np

from robot.perception.faces.camera import Intrinsics
from sim.bullet import pybullet
from sim.people.appearance import appearance
from sim.people.person import PersonBody
from sim.people.state import PersonState

WIDTH, HEIGHT, HALF_FOV = 480, 360, 0.47
FOCAL = WIDTH / 2 / math.tan(HALF_FOV)
CAMERA = Intrinsics(FOCAL, FOCAL, WIDTH / 2, HEIGHT / 2 - 1)


class FaceTheatre:
    """The camera is at (0, 0, 1.5) and looks along x; people face it."""

    def __init__(self):
        self.client = pybullet.connect(pybullet.DIRECT)
        self._people = {}

    def close(self):
        pybullet.disconnect(self.client)

    def put(self, name, x, y=0.0, z=1.5, yaw=0.0, pitch=0.0, roll=0.0, mouth=0.0, look=None):
        """Put somebody's eyes at (x, y, z); yaw left, pitch down, roll toward the left shoulder (rad) against the
        direction to a camera that looks along x."""
        if name not in self._people:
            self._people[name] = PersonBody(self.client, appearance(look or name), name)
        person = self._people[name]
        angles = {"head_yaw": yaw, "head_pitch": pitch, "head_roll": -roll, "mouth": mouth}
        person.place(PersonState(x, y, 0.0, yaw=math.pi, **angles))
        eyes = person.face_center_world()
        person.place(PersonState(2 * x - eyes[0], 2 * y - eyes[1], z - eyes[2], yaw=math.pi, **angles))

    def away(self, name):
        """Send somebody behind the camera."""
        self._people[name].place(PersonState(-50.0, 0.0, 0.0))

    def frame(self):
        """Return the (H, W, 3) picture."""
        view = pybullet.computeViewMatrix([0, 0, 1.5], [1, 0, 1.5], [0, 0, 1])
        vertical = 2 * math.degrees(math.atan(math.tan(HALF_FOV) * HEIGHT / WIDTH))
        projection = pybullet.computeProjectionMatrixFOV(vertical, WIDTH / HEIGHT, 0.1, 14.0)
        _, _, rgba, _, _ = pybullet.getCameraImage(
            WIDTH, HEIGHT, view, projection, lightDirection=(-0.5, 0.3, 1.0), shadow=0,
            flags=pybullet.ER_NO_SEGMENTATION_MASK, renderer=pybullet.ER_TINY_RENDERER, physicsClientId=self.client,
        )  # fmt: skip
        return np.ascontiguousarray(np.asarray(rgba, np.uint8).reshape(HEIGHT, WIDTH, 4)[:, :, :3])
