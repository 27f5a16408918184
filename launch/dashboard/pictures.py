"""The two pictures that the page gets as bytes: the camera's frame, and the robot's own map laid over the home.

They are made for eyes, on a machine whose cores belong to the robot: no more often than is looked at, and quickly.
"""

from __future__ import annotations

import struct
import time
import zlib
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

JPEG_QUALITY = 70
MAP_EVERY_S = 0.2  # of wall time
CAMERA, MAP = b"C", b"M"
OCCUPIED, UNSEEN = 100, 50
PALETTE = np.zeros((256, 4), np.uint8)  # RGBA of a cell
PALETTE[OCCUPIED] = (200, 60, 60, 190)
PALETTE[UNSEEN] = (60, 160, 200, 45)


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
        self._map_s = 0.0

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
            _, jpeg = cv2.imencode(".jpg", _bgr(image), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
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
        if self._map is None or (self._map.version != version and time.monotonic() >= self._map_s):
            self._map_s = time.monotonic() + MAP_EVERY_S
            grid = commit.message
            assert isinstance(grid, LocalMap)
            header = {
                "origin": [grid.origin_x, grid.origin_y],
                "resolution": grid.resolution_m,
                "size": [grid.cells.shape[1], grid.cells.shape[0]],
                "odom": [odom_in_map.x, odom_in_map.y, odom_in_map.yaw],
            }
            self._map = Packet(version, packed(MAP, header, _png(grid.cells[::-1])))
        return self._map


def _bgr(image: Image) -> NDArray[np.uint8]:
    bgr: NDArray[np.uint8] = cv2.cvtColor(image.data, cv2.COLOR_RGB2BGR)
    return bgr


def _png(cells: NDArray[np.uint8]) -> bytes:
    """Return (H, W) cells as a PNG with our palette: far less to compress than RGBA."""
    height, width = cells.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = cells
    shape = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # 8 bits, indexed; PNG 3rd edition, 11.2
    chunks = (
        (b"IHDR", shape),
        (b"PLTE", PALETTE[:, :3].tobytes()),
        (b"tRNS", PALETTE[:, 3].tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 1)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
