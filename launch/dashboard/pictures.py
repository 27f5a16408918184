"""The pictures that the page gets as bytes: the camera's frame, and the robot's own map and costs laid over the home.

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
from robot.messages import Costs, Image, LocalMap
from robot.node import Topic

JPEG_QUALITY = 70
GRID_EVERY_S = 0.2  # of wall time
CAMERA, MAP, COSTS, CALLER = b"C", b"M", b"K", b"V"
OCCUPIED, UNSEEN, NO_WAY = 100, 50, 255


def _map_palette() -> NDArray[np.uint8]:
    rgba = np.zeros((256, 4), np.uint8)
    rgba[OCCUPIED] = (200, 60, 60, 190)
    rgba[UNSEEN] = (60, 160, 200, 45)
    return rgba


def _cost_palette() -> NDArray[np.uint8]:
    """The dearer the darker, of one colour, so that what lies on it stays readable."""
    rgba = np.zeros((256, 4), np.uint8)
    rgba[:] = (124, 77, 190, 0)
    rgba[:, 3] = np.minimum(np.arange(256) // 2, 60)
    rgba[NO_WAY, 3] = 85
    return rgba


GRIDS: dict[bytes, tuple[Topic[Any], NDArray[np.uint8]]] = {
    COSTS: (topics.NAV_COSTS, _cost_palette()),
    MAP: (topics.LOCAL_MAP, _map_palette()),
}
"""Topic and colours (RGBA) of each picture of a grid, lowest first"""


@dataclass(frozen=True)
class Packet:
    """Bytes for the page: a letter, the length of a JSON header, the header, the picture."""

    version: object
    """Equal for equal content"""
    data: bytes

    @property
    def kind(self) -> bytes:
        """The letter."""
        return self.data[:1]


def packed(kind: bytes, header: dict[str, Any], picture: bytes) -> bytes:
    """Return one binary message."""
    head = msgspec.json.encode(header)
    return kind + len(head).to_bytes(4, "big") + head + picture


class Pictures:
    """Makes each picture once, however many look."""

    def __init__(self) -> None:
        self._made: dict[bytes, Packet] = {}
        self._due_s: dict[bytes, float] = {}

    def all(self, board: Board, odom_in_map: Pose2) -> list[Packet]:
        """Return the newest of each kind that there is."""
        made = (self.camera(board), *(self.grid(kind, board, odom_in_map) for kind in GRIDS))
        return [packet for packet in made if packet is not None]

    def camera(self, board: Board) -> Packet | None:
        """Return the newest frame that was looked at, with who was found in it; None before the first."""
        stamp, found = boxes(board)
        commit = board.picture(stamp)
        if commit is None:
            return None
        version = (commit.envelope.seq, stamp, str(found))
        made = self._made.get(CAMERA)
        if made is None or made.version != version:
            image = commit.message
            assert isinstance(image, Image)
            _, jpeg = cv2.imencode(".jpg", _bgr(image), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            height, width = image.data.shape[:2]
            header = {"size": [width, height], "boxes": found if stamp == image.stamp_ns else []}
            made = self._made[CAMERA] = Packet(version, packed(CAMERA, header, jpeg.tobytes()))
        return made

    def grid(self, kind: bytes, board: Board, odom_in_map: Pose2) -> Packet | None:
        """Return a grid of the robot's as a see-through picture, first row farthest along odom's y; None before it."""
        topic, palette = GRIDS[kind]
        commit, made, now_s = board.commit(topic), self._made.get(kind), time.monotonic()
        if commit is None:
            return None
        if made is not None and (made.version == commit.envelope.seq or now_s < self._due_s[kind]):
            return made
        self._due_s[kind] = now_s + GRID_EVERY_S
        grid = commit.message
        assert isinstance(grid, LocalMap | Costs)
        header = {
            "origin": [grid.origin_x, grid.origin_y],
            "resolution": grid.resolution_m,
            "size": [grid.cells.shape[1], grid.cells.shape[0]],
            "odom": [odom_in_map.x, odom_in_map.y, odom_in_map.yaw],
        }
        made = self._made[kind] = Packet(commit.envelope.seq, packed(kind, header, _png(grid.cells[::-1], palette)))
        return made


def _bgr(image: Image) -> NDArray[np.uint8]:
    bgr: NDArray[np.uint8] = cv2.cvtColor(image.data, cv2.COLOR_RGB2BGR)
    return bgr


def _png(cells: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Return (H, W) cells as a PNG with a palette: far less to compress than RGBA."""
    height, width = cells.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = cells
    shape = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # 8 bits, indexed; PNG 3rd edition, 11.2
    chunks = (
        (b"IHDR", shape),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 1)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
