"""MediaPipe's own ready-made FaceMesh, as it comes: what our watcher's time is compared with, and nothing else."""

from __future__ import annotations

import numpy as np
from mediapipe.python.solutions.face_mesh import FaceMesh as Solution
from numpy.typing import NDArray

from robot.perception.quiet import quiet_stderr


class ReadyMade:
    """FaceMesh in its video mode: it finds faces, then carries them from frame to frame by their landmarks."""

    def __init__(self, faces: int) -> None:
        """`faces`: how many it shall look for at most."""
        with quiet_stderr():
            self._solution = Solution(max_num_faces=faces)
            self.count(np.zeros((64, 64, 3), dtype=np.uint8))

    def count(self, rgb: NDArray[np.uint8]) -> int:
        """Return how many faces it finds in the next (H, W, 3) frame."""
        return len(self._solution.process(rgb).multi_face_landmarks or ())

    def close(self) -> None:
        """Free the networks."""
        self._solution.close()
