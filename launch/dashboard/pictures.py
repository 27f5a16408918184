"""The two pictures that the page gets as bytes: the camera's frame, and the robot's own map laid over the home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from launch.dashboard.board import Board
from launch.dashboard.scene import boxes
from robot import topics
from robot.geometry import Pose2
from robot.messages import Image, LocalMap
from robot.runtime.commit import Commit

JPEG_QUALITY = 82
CAMERA, MAP = b"C", b"M"
OCCUPIED, UNSEEN = 100, 50
PALETTE = np.zeros((256, 4), np.uint8)  # BGRA of a cell
PALETTE[OCCUPIED] = (60, 60, 200, 190)
PALETTE[UNSEEN] = (200, 160, 60, 45)


@dataclass(frozen=True)
class Packet:
    """Bytes for the page: a letter, the length of a JSON header, the header, the picture."""

    version: object
    """Equal for equal content"""
    data: bytes


def packed(kind: bytes, header: dict[str, Any], picture: bytes) -> bytes:
    """Return one binary message."""
    head = msgspec.json.encode(header)
    return kind + len(head).to_bytes(4, "big") + head + picture


class Pictures:
    """Makes each picture once, however many look."""

    def __init__(self) -> None:
        self._camera: Packet | None = None
        self._map: Packet | None = None

    def camera(self, board: Board) -> Packet | None:
        """Return the newest frame that was looked at, with who was found in it; None before the first."""
        stamp, found = boxes(board)
        commit = board.picture(stamp)
        if commit is None:
            return None
        version = (commit.envelope.seq, stamp, str(found))
        if self._camera is None or self._camera.version != version:
            image = commit.message
            assert isinstance(image, Image)
            _, jpeg = cv2.imencode(".jpg", image.data[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            height, width = image.data.shape[:2]
            header = {"size": [width, height], "boxes": found if stamp == image.stamp_ns else []}
            self._camera = Packet(version, packed(CAMERA, header, jpeg.tobytes()))
        return self._camera

    def local_map(self, board: Board, odom_in_map: Pose2) -> Packet | None:
        """Return the robot's map as a see-through picture, first row farthest along odom's y."""
        commit: Commit | None = board.commit(topics.LOCAL_MAP)
        if commit is None:
            return None
        version = commit.envelope.seq
        if self._map is None or self._map.version != version:
            grid = commit.message
            assert isinstance(grid, LocalMap)
            _, png = cv2.imencode(".png", _colored(grid.cells))
            header = {
                "origin": [grid.origin_x, grid.origin_y],
                "resolution": grid.resolution_m,
                "size": [grid.cells.shape[1], grid.cells.shape[0]],
                "odom": [odom_in_map.x, odom_in_map.y, odom_in_map.yaw],
            }
            self._map = Packet(version, packed(MAP, header, png.tobytes()))
        return self._map


def _colored(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    colored: NDArray[np.uint8] = PALETTE[cells[::-1]]
    return colored
