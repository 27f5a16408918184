"""The fixed words of `SafetyState.reasons`: a closed list, so that reports and tests can count them."""

from __future__ import annotations

BAD_COMMAND = "bad command"  # NaN or infinite
OVER_LIMIT = "over limit"  # asked for more than the body does
STALE = {
    "cmd_vel/wanted": "stale command",
    "odom": "stale odometry",
    "contacts": "stale contacts",
    "scan": "stale lidar",
    "map/local": "stale map",
    "people/tracks": "stale people",
}
INVALID = {
    "cmd_vel/wanted": "invalid command",
    "odom": "invalid odometry",
    "contacts": "invalid contacts",
    "scan": "invalid lidar",
    "map/local": "invalid map",
    "people/tracks": "invalid people",
}
OPERATOR = "stopped by hand"  # until the person at the controls releases it
UNSEEING = "no sensors"  # a base that has none: nothing here keeps it clear of anything
NODE_DOWN = "node down"  # the supervisor says so, before its topics go stale
LIDAR_BLIND = "lidar blind"
BAD_ODOMETRY = "bad odometry"  # NaN or infinite pose
OBSTACLE = "obstacle near"
UNSEEN_FLOOR = "unseen floor"  # backing where something low may lie
PERSON_NEAR = "person near"
PERSON_AHEAD = "person ahead"
BUMPER = "bumper"
CLIFF = "cliff"

ALL = (
    BAD_COMMAND,
    OVER_LIMIT,
    *STALE.values(),
    *INVALID.values(),
    OPERATOR,
    UNSEEING,
    NODE_DOWN,
    LIDAR_BLIND,
    BAD_ODOMETRY,
    OBSTACLE,
    UNSEEN_FLOOR,
    PERSON_NEAR,
    PERSON_AHEAD,
    BUMPER,
    CLIFF,
)
