"""The numbers and the drawing of docs/hardware.md, made from the bodies: `python -m tools.hardware_page`.

What stands between a pair of marks in the page, and docs/pictures/wiring.svg, is written here and nowhere else; a test
fails where page or drawing differ from what the bodies say now.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from firmware_bridge.joints import DEFAULT_CALIBRATION
from firmware_bridge.wheels import SPEED_MAX, US_PER_UNIT
from robot.bodies.rover.body import RoverBody
from robot.bodies.tabletop.body import TabletopBody
from tools.wiring_drawing import DRIVES, drawing

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, DRAWING = DOCS / "hardware.md", DOCS / "pictures" / "wiring.svg"
G = 9.81  # m/s²
WIDE = 120
NM_PER_KG_CM = 0.0980665
GEARS_HOLD = 0.1  # of a servo's torque, without power; as sim/tabletop/stand.py has it


def filled(page: str) -> str:
    """Return `page` with every marked part made anew. Raises KeyError for a mark that nobody fills."""
    parts = {"joints": joints, "masses": masses, "balance": balance, "pins": pins, "wheels": wheels}

    def part(found: re.Match[str]) -> str:
        name = found[1]
        return f"<!-- {name} -->\n" + "\n".join(parts[name]()) + "\n<!-- end -->"

    return re.sub(r"<!-- (\w+) -->\n.*?<!-- end -->", part, page, flags=re.DOTALL)


def joints() -> Iterator[str]:
    """Yield what each joint needs, and the servo that gives it."""
    yield "| joint | range | speed | torque at the joint | servo | through | torque that gives | pulses, us/rad |"
    yield "|---|---|---|---|---|---|---|---|"
    for servo, drive, default in zip(TabletopBody().servos, DRIVES, DEFAULT_CALIBRATION, strict=True):
        given = drive.torque_kg_cm * NM_PER_KG_CM * drive.turns
        if given < servo.torque or drive.us_per_rad != default.us_per_rad:
            raise ValueError(f"{servo.name}: {given:.1f} Nm and {drive.us_per_rad} us/rad are not the body's")
        reach = f"{math.degrees(servo.low):.0f}° to {math.degrees(servo.high):.0f}°"
        bought = f"{drive.travel_deg:g}°, {drive.torque_kg_cm:g} kg·cm | {drive.gear} | {given:.1f} Nm"
        yield f"| {servo.name} | {reach} | {servo.rate:g} rad/s | {servo.torque:g} Nm | {bought} | {drive.us_per_rad} |"


def masses() -> Iterator[str]:
    """Yield what the parts may weigh."""
    body = TabletopBody()
    plate = body.base_mass / (7850.0 * (2.0 * body.base_half) ** 2)
    yield "| part | mass | what it is |"
    yield "|---|---|---|"
    yield (
        f"| stand | {body.base_mass:g} kg | steel plate, {200 * body.base_half:.0f} × {200 * body.base_half:.0f} cm, "
        f"{1000 * plate:.0f} mm, on rubber feet {100 * body.foot_half:.1f} cm from its middle |"
    )
    high = f"{100 * body.turntable_z:.0f} cm high"
    yield f"| turntable | {body.turntable_mass:g} kg | bearing, yaw servo and belt, {high} |"
    yield f"| boom | {body.boom_mass:g} kg | aluminium tube, {body.boom_length:.2f} m, and its servo at the foot |"
    yield f"| gimbal | {body.gimbal_mass:g} kg | bracket at the boom's end |"
    load, camera = body.payload, body.camera
    size = f"{100 * load.width:.0f} × {100 * load.height:.0f} cm"
    seen = f"{2.0 * math.degrees(camera.half_fov):.0f}° ({camera.width} × {camera.height} or more)"
    yield f"| payload | {load.mass:g} kg | display of {size} with its two servos, camera of {seen} in its bezel |"


def balance() -> Iterator[str]:
    """Yield what the boom's servo carries, and how near the stand is to tipping."""
    body = TabletopBody()
    boom = body.servos[1]
    weight, centres = body.masses((0.0, boom.high, 0.0, 0.0))
    torque = float(G * (weight[2:] * centres[2:, 0]).sum())
    inside = body.foot_half - float((weight * centres[:, 0]).sum() / weight.sum())
    sinks = math.degrees(math.asin(GEARS_HOLD * boom.torque / (torque / math.sin(boom.high))))
    yield from textwrap.wrap(
        f"**Boom torque.** Leaning to its limit of {boom.high:g} rad the boom carries {torque:.1f} Nm; its servo gives "
        f"{boom.torque:g} Nm. The rest is for moving: the arm's limiter counts on it.",
        WIDE,
    )
    yield ""
    yield from textwrap.wrap(
        f"**Tipping.** At that limit the centre of mass of all {weight.sum():.2f} kg is {1000 * inside:.0f} mm inside "
        "the feet: it stands, and a quick boom tips it. Motion must not let it, and reads the payload from the "
        "calibration file for that. In simulation a boom that loses its pulses while it leans more than about "
        f"{sinks:.0f}° sinks (gears hold about {GEARS_HOLD:.0%} of the torque), and the blow at its forward stop "
        "throws the stand over. So pad that stop, and where the boom shall lean in use give it a spring that carries "
        "half of the display. While it looks at people it leans 3°.",
        WIDE,
    )


def pins() -> Iterator[str]:
    """Yield what goes to which pin."""
    yield "| | Uno | Mega |"
    yield "|---|---|---|"
    for channel, (servo, drive) in enumerate(zip(TabletopBody().servos, DRIVES, strict=True)):
        yield f"| {channel} {servo.name.replace('_', ' ')}, pulses | {drive.uno} | {drive.mega} |"
    yield "| feedback of 0 to 3, 0 to 5 V | A0 to A3 | A0 to A3 |"
    yield "| supply over the divider | A4 | A4 |"
    yield "| e-stop to ground, closed = run | D4 | D4 |"
    yield "| lamp: lit while the servos have pulses | D13 | D13 |"


def wheels() -> Iterator[str]:
    """Yield what the rover's motors must do, and how their controllers are told."""
    body = RoverBody()
    full = US_PER_UNIT * SPEED_MAX / 10.0
    yield "| | |"
    yield "|---|---|"
    yield f"| wheels | {2000 * body.wheels.radius:.0f} mm, {1000 * body.wheels.separation:.0f} mm apart |"
    yield (
        f"| fastest wheel | {SPEED_MAX:.2f} rad/s ({60 * SPEED_MAX / (2 * math.pi):.0f} turns a minute): "
        f"{body.drive.v_max:g} m/s and {body.drive.omega_max:g} rad/s at once |"
    )
    forward = f"{1500 + full:.0f} us on the left and {1500 - full:.0f} us on the right, whose motor is mirrored"
    yield f"| pulses | 1500 us stands; full speed forward is {forward} |"
    brake = f"both brake at {body.drive.emergency_braking:g} m/s²"
    yield f"| watchdog | 100 ms without a command: {brake}; 2 s later no pulses |"
    yield "| left, right | D9, D10 (Uno); D11, D12 (Mega) |"


def main() -> None:
    """Write both."""
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
    DRAWING.write_text(drawing(), "utf-8")


if __name__ == "__main__":
    main()
