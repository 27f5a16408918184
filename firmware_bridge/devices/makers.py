"""Bus servos by their port's name: `dynamixel:PATH` or `feetech:PATH`, a maker's adapter instead of a board of ours.

The makers' packages are an extra; each is imported only where its servos are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firmware_bridge.devices.bus import ServoBus
from firmware_bridge.devices.bus_servos import BusServo, BusServos
from firmware_bridge.devices.sdk_port import DEFAULT_BAUD
from firmware_bridge.joints import JointLimits
from firmware_bridge.transports.serial_port import SerialTransport

MAKERS = ("dynamixel", "feetech")


class MakerMissing(ValueError):
    """The maker's package is not installed; the text says how to install it."""


@dataclass(frozen=True)
class BusMounting:
    """How the servos of a body are set up: ids on the bus, counts at the joints' zero, and which way they turn."""

    ids: tuple[int, ...] = (1, 2, 3, 4)
    centre_counts: tuple[int, ...] = (2048, 2048, 2048, 2048)
    directions: tuple[int, ...] = (1, 1, 1, 1)

    def servos(self, limits: Sequence[JointLimits]) -> list[BusServo]:
        """Return the servos of joints with these limits. Raises ValueError where the numbers do not match."""
        rows = zip(self.ids, limits, self.centre_counts, self.directions, strict=True)
        return [BusServo(number, joint, centre, way) for number, joint, centre, way in rows]


def maker_of(port: str) -> tuple[str, str] | None:
    """Return maker and path of such a port, None where it is another."""
    maker, colon, path = port.partition(":")
    return (maker, path) if colon and maker in MAKERS else None


def bus_device(maker: str, path: str, mounting: BusMounting, limits: Sequence[JointLimits]) -> BusServos:
    """Return the device of a maker's servos at `path`. Raises MakerMissing, ValueError."""
    return BusServos(_bus(maker, path), mounting.servos(limits))


def _bus(maker: str, path: str) -> ServoBus:
    def opener() -> SerialTransport:
        return SerialTransport(path, DEFAULT_BAUD)

    try:
        if maker == "dynamixel":
            from firmware_bridge.devices.dynamixel import DynamixelBus

            return DynamixelBus(opener)
        from firmware_bridge.devices.feetech import FeetechBus

        return FeetechBus(opener)
    except ModuleNotFoundError as error:
        raise MakerMissing(f"{maker}: {error.name} is not installed: pip install .[servos]") from error
