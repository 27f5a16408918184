"""A camera that hangs repeats its last frame with fresh stamps. Sensor noise never repeats, so equal frames tell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FROZEN_FRAMES = 3  # equal frames in a row; two can be one frame delivered twice


class FrozenFrames:
    """Notices when a stream of frames stands still: when so many `frames` in a row are equal."""

    def __init__(self, frames: int = FROZEN_FRAMES) -> None:
        self._frames = frames
        self._last: NDArray[Any] | None = None
        self._equal = 1

    def see(self, frame: NDArray[Any]) -> bool:
        """Take the next frame; return whether the stream has stood still."""
        same = self._last is not None and np.array_equal(frame, self._last)
        self._equal = self._equal + 1 if same else 1
        self._last = frame
        return self._equal >= self._frames
