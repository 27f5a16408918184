"""Whether a display can stand where a home file puts it: on furniture that is there, has a flat top, and is wide."""

from __future__ import annotations

from robot.bodies.tabletop.body import TabletopBody
from worlds.errors import nearest
from worlds.place import TOPS, Placed, find_furniture, overhang, placed_furniture, stand_of
from worlds.reader import Reader, Trail
from worlds.schema import Robot, World


def stands(world: World, robot: Robot, trail: Trail, reader: Reader) -> None:
    """Raise a WorldError for the first reason why `robot`, a display, cannot stand where it shall."""
    label, line = f"robot '{robot.name}'", reader.line_of((*trail, "on"))
    tops = [item.name for item in placed_furniture(world) if item.kind in TOPS]
    if not robot.on:
        reader.fail(reader.line_of(trail), f"{label} lacks 'on' (the furniture that a tabletop stands on)")
    if robot.z:
        reader.fail(reader.line_of((*trail, "z")), f"{label} stands on '{robot.on}', whose height gives its 'z'")
    found = find_furniture(world, robot.on)
    if len(found) > 1:
        reader.fail(line, f"{label} stands on '{robot.on}', which could be {' or '.join(i.name for i in found)}")
    if not found:
        reader.fail(line, f"{label} stands on '{robot.on}', which is not there {nearest(robot.on, tops, 'tops')}")
    if found[0].kind not in TOPS:
        hint = nearest(robot.on, tops, "tops")
        reader.fail(line, f"{label} stands on '{found[0].name}', a {found[0].kind}, which has no flat top {hint}")
    _fits(found[0], world, robot, trail, reader)
    for k, other in enumerate(world.robots[: int(trail[1])]):
        if not other.drives:
            first = reader.line_of(("robots", k))
            reader.fail(reader.line_of(trail), f"{label} is a second tabletop (the first on line {first}): one a home")


def _fits(item: Placed, world: World, robot: Robot, trail: Trail, reader: Reader) -> None:
    half = TabletopBody().base_half
    over = overhang(item, stand_of(world, robot), half)
    if over > 1e-6:
        size = f"{item.size.width:g} x {item.size.depth:g} m"
        line = reader.line_of((*trail, "at" if robot.at is not None else "on"))
        text = f"robot '{robot.name}' reaches {over:.2f} m over the edge of '{item.name}' ({size})"
        reader.fail(line, f"{text}; its base is {2.0 * half:g} m square")
