"""The display's wiring as SVG, and which servo is on which pin: what docs/hardware.md draws and lists."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from firmware_bridge.joints import PULSE_MAX_US, PULSE_MIN_US
from robot.bodies.tabletop.body import TabletopBody


@dataclass(frozen=True)
class Drive:
    """What drives a joint: a servo's travel, turns of the servo per turn of the joint, its torque, and its pins."""

    travel_deg: float
    turns: float
    torque_kg_cm: float
    gear: str
    uno: str
    mega: str

    @property
    def us_per_rad(self) -> int:
        """The pulse per radian of the joint."""
        return round((PULSE_MAX_US - PULSE_MIN_US) / math.radians(self.travel_deg) * self.turns)


DRIVES = (
    Drive(270, 14 / 17, 40, "belt 17:14", "D9 (timer 1 A)", "D11 (timer 1 A)"),
    Drive(270, 1.5, 80, "belt 2:3", "D10 (timer 1 B)", "D12 (timer 1 B)"),
    Drive(180, 1.0, 35, "direct", "D11 (timer 2 A)", "D5 (timer 3 A)"),
    Drive(180, 1.0, 25, "direct", "D3 (timer 2 B)", "D2 (timer 3 B)"),
)
"""In the order of the channels."""


def drawing() -> str:
    """Return the wiring as SVG."""
    return "\n".join(_drawn()) + "\n"


def _drawn() -> Iterator[str]:
    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 600" font-family="sans-serif" font-size="14">'
    yield '  <rect width="980" height="600" fill="#fff"/>'
    boxes = [(20, 40, 150, 90), (330, 30, 270, 400), (20, 470, 190, 90), (20, 220, 150, 80)]
    boxes += [(330, 500, 90, 30), (470, 500, 90, 30), *((760, 30 + 110 * n, 200, 80) for n in range(len(DRIVES)))]
    for x, y, width, height in boxes:
        yield (
            f'  <rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="#f4f6f8" stroke="#345" '
            'stroke-width="1.5"/>'
        )
    yield from _words(
        "#123",
        (36, 66, "Host computer"), (346, 56, "Arduino Uno (Mega)"), (36, 496, "Supply 7.4 V, 15 A"),
        (36, 246, "E-stop"),
        bold=True,
    )  # fmt: skip
    yield from _words(
        "#345",
        (36, 90, "USB, 250 000 baud"), (36, 520, "through a second e-stop"), (36, 538, "contact and a 15 A fuse"),
        (36, 268, "normally closed:"), (36, 286, "open = stop"), (350, 520, "20 kΩ"), (492, 520, "10 kΩ"),
        (340, 90, "USB"), (340, 255, "D4"), (340, 285, "GND"), (430, 420, "A4"), (346, 420, "GND"),
    )  # fmt: skip
    for channel, (servo, drive) in enumerate(zip(TabletopBody().servos, DRIVES, strict=True)):
        yield from _servo(channel, servo.name.replace("_", " "), drive)
    for colour, width, dash, paths in WIRES:
        style = ' stroke-dasharray="6 4"' if dash else ""
        for path in paths:
            yield f'  <path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{style}/>'
    for x, (colour, _, dash, _), word in zip(
        (560, 690, 790, 870), KEY, ("pulses, USB", "feedback", "7.4 V", "ground"), strict=True
    ):
        style = ' stroke-dasharray="6 4"' if dash else ""
        yield f'  <path d="M{x} 580h24" stroke="{colour}" stroke-width="3"{style}/>'
        yield f'  <text x="{x + 30}" y="585">{word}</text>'
    yield "</svg>"


def _servo(channel: int, name: str, drive: Drive) -> Iterator[str]:
    top = 30 + 110 * channel
    yield from _words("#123", (776, top + 24, f"{channel}  {name}"), bold=True)
    yield from _words("#345", (776, top + 46, f"{drive.travel_deg:g}° servo, {drive.torque_kg_cm:g} kg·cm"))
    yield from _words("#345", (776, top + 66, drive.gear))
    short = [pin.partition(" ")[0] for pin in (drive.uno, drive.mega)]
    yield from _words("#123", (500, top + 46, f"{short[0]} ({short[1]})"), (560, top + 66, f"A{channel}"))


def _words(colour: str, *texts: tuple[int, int, str], bold: bool = False) -> Iterator[str]:
    weight = ' font-weight="bold"' if bold else ""
    for x, y, text in texts:
        yield f'  <text x="{x}" y="{y}" fill="{colour}"{weight}>{text}</text>'


PULSES = ("#0a62c4", 2, False, ("M170 85H330", *(f"M600 {72 + 110 * n}H760" for n in range(4))))
FEEDBACK = ("#188038", 2, True, tuple(f"M600 {92 + 110 * n}H760" for n in range(4)))
ESTOP = ("#c5221f", 2, False, ("M170 250H330", "M170 280H330"))
POWER = (
    "#b06000", 3, False,
    ("M210 490H260V455H720V52", *(f"M720 {52 + 110 * n}H760" for n in range(4)), "M260 490V515H330", "M420 515H470"),
)  # fmt: skip
GROUND = (
    "#111", 3, False,
    ("M210 545H640V515H560", "M640 545H738V106", "M290 545V450H360V430",
     *(f"M738 {106 + 110 * n}H760" for n in range(4))),
)  # fmt: skip
DIVIDER = ("#345", 2, False, ("M445 515V430",))
WIRES = (PULSES, FEEDBACK, ESTOP, POWER, GROUND, DIVIDER)
KEY = (PULSES, FEEDBACK, POWER, GROUND)
