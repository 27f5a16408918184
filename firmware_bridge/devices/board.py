"""A board with our firmware and hobby servos, over a link. It sends the calibration before it enables anything.

After a lost session the servos are enabled again only where the board still holds them: after its reset, or once it has
relaxed them, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from firmware_bridge.devices.device import NAN, Health, Reading, State, all_finite
from firmware_bridge.joints import DEFAULT_CALIBRATION, ServoCalibration
from firmware_bridge.link.link import Answer, Link, LinkTimes
from firmware_bridge.protocol.codec import Packet
from firmware_bridge.protocol.description import load
from firmware_bridge.transports.transport import Transport

UNITS_PER_RAD = 10_000
INT16 = 32_767
ENABLE_WAITS_NS = 5_000_000_000  # for a board that is not there yet; later a person must ask again
UNKNOWN = load().unknown
STATES: dict[str, State] = {
    "relaxed": "relaxed",
    "starting": "starting",
    "running": "running",
    "holding": "holding",
    "faulted": "faulted",
}


class BoardDevice:
    """See the module's docstring; the interface is ServoDevice."""

    def __init__(
        self,
        opener: Callable[[], Transport],
        calibration: Sequence[ServoCalibration] = DEFAULT_CALIBRATION,
        times: LinkTimes | None = None,
        first_seq: int = 0,
    ) -> None:
        self.link = Link(opener, first_seq, times)
        self._calibration = tuple(calibration)
        self._telemetry: Packet | None = None
        self._session = 0
        self._wanted = False  # a person enabled the servos and nothing has taken that back
        self._asked = False  # Enable is on its way in this session
        self._calibrated = False
        self._refused = 0
        self._words: list[str] = []
        self._state = ""  # by the last telemetry
        self._now_ns = 0
        self._enable_until_ns: int | None = None  # a board that answers by then is enabled

    def aim(self, now_ns: int, positions: Sequence[float]) -> bool:
        """As ServoDevice."""
        if not all_finite(positions, len(self._calibration)):
            self._refused += 1
            return False
        units = [max(-INT16, min(INT16, round(position * UNITS_PER_RAD))) for position in positions]
        units += [0] * (load().joints - len(units))
        return self.link.setpoint(now_ns, now_ns, tuple(units))

    def poll(self, now_ns: int) -> list[Reading]:
        """As ServoDevice. Raises ProtocolMismatch, as nothing but flashing the board helps then."""
        before, self._now_ns = self.link.state, now_ns
        readings = [
            self._reading(packet)
            for packet in self.link.poll(now_ns)
            if packet.name == "Telemetry" and self.link.clock.known
        ]
        for answer in self.link.answers():
            self._hear(answer)
        if self.link.state != before:
            self._say_link()
        if self.link.sessions != self._session:
            self._begin_session()
        self._enable_again()
        return readings

    def enable(self, on: bool) -> None:
        """As ServoDevice."""
        self._wanted = self._asked = on
        self._enable_until_ns = None
        if self.link.state == "ready":
            self.link.command("Enable", on=int(on))
        elif on:
            self._enable_until_ns = self._now_ns + ENABLE_WAITS_NS

    def clear_faults(self) -> None:
        """As ServoDevice."""
        if self.link.state == "ready":
            self.link.command("ClearFaults", faults=load().mask("fault"))
        else:
            self._words.append("no board: nothing to clear")

    def health(self) -> Health:
        """As ServoDevice."""
        counts, telemetry, words = self.link.counts, self._telemetry, tuple(self._words)
        self._words.clear()
        line = {
            "round_trip_s": NAN if self.link.round_trip_ns is None else self.link.round_trip_ns / 1e9,
            "sent": counts.sent,
            "lost_to_device": counts.unanswered,
            "lost_from_device": counts.missed,
            "refused": self._refused,
            "reconnects": counts.reopened,
            "words": words,
        }
        if telemetry is None or self.link.state != "ready":
            return Health(**line)  # type: ignore[arg-type]  # each under its own name
        stuck = telemetry.number("stuck_joints")
        return Health(
            state=STATES.get(load().name("state", telemetry.number("state")), "faulted"),
            faults=load().bit_names("fault", telemetry.number("faults")),
            joints_at_fault=tuple(joint for joint in range(len(self._calibration)) if stuck >> joint & 1),
            supply_v=telemetry.number("supply_mv") / 1000,
            temperatures_c=tuple(_known(t, "temperature") for t in telemetry.numbers("temperature")),
            loop_s=telemetry.number("loop_us") / 1e6,
            **line,  # type: ignore[arg-type]
        )

    def close(self) -> None:
        """As ServoDevice."""
        self.link.close()

    def _reading(self, packet: Packet) -> Reading:
        self._notice(packet)
        self._telemetry, used = packet, len(self._calibration)
        return Reading(
            self.link.clock.host_ns(packet.number("device_us")),
            tuple(position / UNITS_PER_RAD for position in packet.numbers("commanded")[:used]),
            tuple(_known(position, "position") / UNITS_PER_RAD for position in packet.numbers("measured")[:used]),
        )

    def _notice(self, packet: Packet) -> None:
        """Tell a person what changed for the worse."""
        before = 0 if self._telemetry is None else self._telemetry.number("faults")
        news = load().bit_names("fault", packet.number("faults") & ~before)
        if news:
            self._wanted = False
            self._words.append(f"the board latched a fault: {', '.join(news)}")
        state = load().name("state", packet.number("state"))
        if state == "holding" and state != self._state:
            self._words.append("setpoints stopped coming: the board holds the joints")
        self._state = state

    def _say_link(self) -> None:
        if self.link.state == "ready":
            self._words.append(f"board answers: {self.link.board}")
        else:
            self._words.append(f"no board: {self.link.why}")

    def _begin_session(self) -> None:
        self._session = self.link.sessions
        self._telemetry = None
        self._asked = self._calibrated = False
        for joint, calibration in enumerate(self._calibration):
            self.link.command("Calibrate", joint=joint, **_wire(calibration))
        if self._enable_until_ns is not None and self._now_ns <= self._enable_until_ns:
            self._asked = True
            self.link.command("Enable", on=1)
        self._enable_until_ns = None

    def _enable_again(self) -> None:
        """The session was lost and came back in time: the board still holds, so its servos may go on."""
        if self._telemetry is None or not self._wanted or self._asked:
            return
        state = load().name("state", self._telemetry.number("state"))
        if state == "holding":
            self._asked = True
            self.link.command("Enable", on=1)
        elif state in ("relaxed", "faulted"):
            self._wanted = False
            self._words.append(f"the board is {state}: its servos stay limp until somebody enables them")

    def _hear(self, answer: Answer) -> None:
        if answer.status in ("ok", "repeated", "clamped"):
            return
        if answer.name == "Setpoint":
            self._refused += 1
        elif answer.name == "Calibrate" and answer.status == "refused":
            return  # the board still holds its servos by the calibration it has
        else:
            self._words.append(f"{answer.name}: {answer.status}")
            self._wanted = self._wanted and answer.name != "Enable"


def _wire(calibration: ServoCalibration) -> dict[str, int]:
    return {
        "centre_us": calibration.centre_us,
        "us_per_rad": calibration.us_per_rad,
        "range_min": round(calibration.range_min_rad * UNITS_PER_RAD),
        "range_max": round(calibration.range_max_rad * UNITS_PER_RAD),
        "feedback_centre_mv": calibration.feedback_centre_mv,
        "feedback_mv_per_rad": calibration.feedback_mv_per_rad,
    }


def _known(value: int, kind: str) -> float:
    return NAN if value == UNKNOWN[kind] else float(value)
