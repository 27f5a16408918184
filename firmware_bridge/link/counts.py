"""What happened to every frame: nothing is lost without being counted on one side or the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from firmware_bridge.protocol.codec import Packet

COUNTER_WRAP = 1 << 16
BOARD_COUNTERS = ("accepted", "bad_frames", "rejected", "late", "lost_bytes", "unsent")


@dataclass
class LinkCounts:
    """Counters of one link. They only grow."""

    sent: int = 0
    answered: int = 0
    unanswered: int = 0
    """Frames whose answer did not come in time, or whose session ended before."""
    resent: int = 0
    """Of those sent, repetitions of a command that was not answered."""
    failed_commands: int = 0
    """Commands given up: never answered, or their session ended."""
    received: int = 0
    bad_received: int = 0
    """Pieces that were no frame: CRC, COBS, length, or a message the protocol does not have."""
    missed: int = 0
    """Frames the board numbered that never came, whole or in pieces."""
    stale_received: int = 0
    """Frames of the board that came again or out of order; not used."""
    reopened: int = 0
    """Times the line was opened or greeted again after the first."""
    board: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BOARD_COUNTERS, 0))
    """The board's own counters, added up over its resets."""

    @property
    def never_read(self) -> int:
        """Frames sent that the board did not read whole, as far as its last telemetry tells (resets hide some)."""
        return max(0, self.sent - self.board["accepted"])


class BoardCounters:
    """Adds up the 16-bit counters of telemetry over their wraps and over the board's resets."""

    def __init__(self, counts: LinkCounts) -> None:
        self._counts = counts
        self._last: dict[str, int] = dict.fromkeys(BOARD_COUNTERS, 0)

    def board_was_reset(self) -> None:
        """Its counters begin at 0 again."""
        self._last = dict.fromkeys(BOARD_COUNTERS, 0)

    def take(self, telemetry: Packet) -> None:
        """Add what was counted since the last telemetry."""
        for name in BOARD_COUNTERS:
            now = telemetry.number(name)
            self._counts.board[name] += (now - self._last[name]) % COUNTER_WRAP
            self._last[name] = now
