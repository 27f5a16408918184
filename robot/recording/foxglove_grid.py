"""The local map for Foxglove and Rerun."""

from __future__ import annotations

from foxglove.messages import Grid, PackedElementField, PackedElementFieldNumericType, Vector2

from robot.messages import LocalMap
from robot.recording.foxglove_values import pose, timestamp


def grid(message: LocalMap, t_ns: int) -> Grid:
    """Return the occupancy in odom: 0 free, 100 occupied, 255 unknown."""
    columns = message.cells.shape[1]
    return Grid(
        timestamp=timestamp(t_ns),
        frame_id="odom",
        pose=pose(message.origin_x, message.origin_y),
        column_count=columns,
        cell_size=Vector2(x=message.resolution_m, y=message.resolution_m),
        row_stride=columns,
        cell_stride=1,
        fields=[PackedElementField(name="occupancy", offset=0, type=PackedElementFieldNumericType.Uint8)],
        data=message.cells.tobytes(),
    )
