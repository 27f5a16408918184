# ruff: noqa: E501  a message is easier to compare on one line
"""Every way a home file can be wrong ends in one line with file, line number, what is wrong and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from worlds.catalog import load_world
from worlds.errors import WorldError
from worlds.load import load_text

GOOD = """\
name: flat
rooms:
  - name: kitchen
    x: 0
    y: 0
    width: 4
    depth: 3
    furniture:
      - {kind: table, at: [2, 1.5]}
    clutter:
      - {kind: shoes, at: [1, 1]}
  - {name: hall, x: 4, y: 0, width: 2, depth: 3}
  - {name: attic, x: 9, y: 0, width: 2, depth: 3}
doors:
  - {between: [kitchen, hall], at: 1.5}
people:
  - name: alex
    role: followed
    at: [1, 2.5]
    script:
      - walk: {to: hall, speed: 0.7}
robots:
  - {at: [3.5, 0.5]}
"""

WRONG = [
    ("    furniture:", "    furnture:", "8: unknown key 'furnture' in room 'kitchen' (did you mean 'furniture'?)"),
    ("name: flat", "name: flat\nzzz: 1", "2: unknown key 'zzz' in world 'flat' (keys here: cameras, description, doors, "
     "goal, keep_clear, movers, name, people, robots, rooms, seed, solids, wall_height, wall_thickness)"),
    ("width: 4", "width: wide", "6: 'width' in room 'kitchen' must be a number in m, not the text 'wide'"),
    ("width: 4", "width: true", "6: 'width' in room 'kitchen' must be a number in m, not true"),
    ("width: 4", "width: .nan", "6: 'width' in room 'kitchen' must be a number in m, not nan"),
    ("width: 4", "width: 400", "6: 'width' in room 'kitchen' is 400, but must be 0.6 to 60 m"),
    ("    width: 4\n", "", "3: room 'kitchen' lacks 'width' (west to east, in m)"),
    ("width: 4", "width:", "6: 'width' in room 'kitchen' must be a number in m, not nothing"),
    ("kind: table", "kind: tabel", "9: 'kind' in furniture 'tabel' is unknown: 'tabel' (did you mean 'table'?)"),
    ("at: [2, 1.5]", "at: [2]", "9: 'at' in furniture 'table' must be a list of 2, not a list of 1"),
    ("at: [2, 1.5]", "at: [2, up]", "9: 'at' item 2 in furniture 'table' must be a number in m, not the text 'up'"),
    (", at: [2, 1.5]", "", "9: furniture 'table' in room 'kitchen' needs either 'at: [x, y]' or 'against: north' with 'along'"),
    ("at: [2, 1.5]", "at: [3.8, 1.5]", "9: 'kitchen/table' reaches 0.25 m out of room 'kitchen' (4 x 3 m)"),
    ("kind: table,", "kind: sofa, width: 0.2,", "9: 'kitchen/sofa' is too small to be a sofa: 0.2 x 0.9 x 0.85 m"),
    ("kind: table,", "kind: table, color: terracota,", "9: 'color' in furniture 'table' is not a colour: the text 'terracota' "
     "(did you mean 'terracotta'?, or write \"#rrggbb\")"),
    ("at: [1, 1]}", "at: [5, 1]}", "11: clutter 'shoes' at [5.0, 1.0] is outside room 'kitchen' (4 x 3 m)"),
    ("{name: hall, x: 4", "{name: hall, x: 3", "12: room 'hall' overlaps room 'kitchen' by 1.00 x 3.00 m"),
    ("{name: hall,", "{name: kitchen,", "12: 'rooms' has two called 'kitchen' (the first on line 3)"),
    ("{name: attic,", "{name: '',", "13: 'rooms' has the name ''; a name is at least one letter and has no '/'"),
    ("[kitchen, hall]", "[kitchen, hal]", "15: 'between' of door 1 names a room that is not there: 'hal' (did you mean 'hall'?)"),
    ("[kitchen, hall]", "[kitchen, attic]", "15: door 1 joins 'kitchen' and 'attic', which do not touch"),
    ("at: 1.5}", "at: 2.9}", "15: 'at' of door 1 is 2.9: the wall of 'kitchen' and 'hall' has room for it at 0.50 to 2.50 (map y)"),
    ("at: 1.5}", "at: 1.5, swings_into: attic}", "15: 'swings_into' of door 1 must be one of kitchen and hall"),
    ("at: 1.5}", "at: 1.5}\n  - {between: [hall, kitchen], at: 2}", "16: door 2 overlaps door 1 in the same wall"),
    ("width: 2, depth: 3}\n  - {name: attic", "width: 2, depth: 3, open_to: [kitchen]}\n  - {name: attic",
     "15: door 1 joins 'kitchen' and 'hall', which are open to each other: no wall for a door"),
    ("width: 2, depth: 3}\ndoors", "width: 2, depth: 3, open_to: [hall]}\ndoors",
     "13: 'open_to' of room 'attic' names 'hall', but the two rooms do not touch"),
    ("at: [1, 2.5]", "at: [7, 2.5]", "19: person 'alex' starts at [7.0, 2.5], in no room (the home spans x 0 to 11, y 0 to 3)"),
    ("at: [3.5, 0.5]", "at: [3.5, 7]", "23: robot 'rover' starts at [3.5, 7.0], in no room (the home spans x 0 to 11, y 0 to 3)"),
    ("  - {at: [3.5, 0.5]}", "  - {yaw_deg: 90}", "23: robot 'rover' lacks 'at' (start in map, in m)"),
    ("at: [3.5, 0.5]", "at: [3.5, 0.5], on: table", "23: robot 'rover' drives: 'on' is for kind tabletop, a rover starts 'at'"),
    ("{at: [3.5, 0.5]}", "{kind: tabletop}", "23: robot 'rover' lacks 'on' (the furniture that a tabletop stands on)"),
    ("{at: [3.5, 0.5]}", "{kind: tabletop, on: tabel}", "23: robot 'rover' stands on 'tabel', which is not there (tops: kitchen/table)"),
    ("{at: [3.5, 0.5]}", "{kind: tabletop, on: table, z: 0.7}", "23: robot 'rover' stands on 'table', whose height gives its 'z'"),
    ("- walk: {to: hall, speed: 0.7}", "- wlak: {to: hall}", "21: unknown step 'wlak' in person 'alex' (did you mean 'walk'?)"),
    ("- walk: {to: hall, speed: 0.7}", "- walk", "21: a step in person 'alex' must be one word with its options, "
     "such as '- walk: {to: kitchen}', not the text 'walk'"),
    ("to: hall", "to: hell", "21: the script of 'alex' goes to 'hell', which is not there (did you mean 'hall'?)"),
    ("to: hall", "to: [7, 1]", "21: the script of 'alex' goes to [7.0, 1.0], which is in no room"),
    ("speed: 0.7", "speed: 9", "21: 'speed' in step 'walk' is 9, but must be 0.1 to 1.6 m/s"),
    ("- walk: {to: hall, speed: 0.7}", "- sit: {furniture: table}", "21: the script of 'alex' sits on 'table', which is not one "
     "seat (seats: none)"),
    ("- walk: {to: hall, speed: 0.7}", "- turn: {}", "21: the script of 'alex' has a turn that needs either 'yaw_deg' or 'by_deg'"),
    ("- walk: {to: hall, speed: 0.7}", "- wander: {rooms: [cellar]}", "21: the script of 'alex' names a room that is not there: "
     "'cellar' (rooms: attic, hall, kitchen)"),
    ("- walk: {to: hall, speed: 0.7}", "- look_at: {target: rover2}", "21: the script of 'alex' looks at 'rover2', which is not "
     "there (did you mean 'rover'?)"),
    ("robots:", "  - {name: bo, role: followed, at: [1, 0.5]}\nrobots:", "22: 'alex' and 'bo' both have role 'followed'; only "
     "one person can"),
    ("    y: 0\n", "    y: 0\n    y: 1\n", "6: not valid YAML: found duplicate key \"y\" with value \"1\" (original value: \"0\")"),
    ("    x: 0\n", "    x: [0\n", "5: not valid YAML: expected ',' or ']', but got ':'"),
]  # fmt: skip


def test_the_good_home_is_good() -> None:
    world = load_text(GOOD, "flat.yaml")
    assert [room.name for room in world.rooms] == ["kitchen", "hall", "attic"]


@pytest.mark.parametrize(("old", "new", "line"), WRONG)
def test_wrong_home_says_where_and_what_in_one_line(old: str, new: str, line: str) -> None:
    assert GOOD.count(old) >= 1
    with pytest.raises(WorldError) as caught:
        load_text(GOOD.replace(old, new, 1), "flat.yaml")
    assert str(caught.value) == f"flat.yaml:{line}"


STANDS = [
    ("", "{name: d, kind: tabletop, on: table, at: [2.38, 1.5]}", "24: robot 'd' reaches 0.03 m over the edge of 'kitchen/table' "
     "(1.6 x 0.9 m); its base is 0.2 m square"),
    ("kind: table, ", "{name: d, kind: tabletop, on: sofa}", "24: robot 'd' stands on 'kitchen/sofa', a sofa, which has no flat "
     "top (tops: none)"),
    ("kind: table, ", "{name: d, kind: tabletop, on: slim}", "24: robot 'd' reaches 0.01 m over the edge of 'kitchen/slim' "
     "(1.4 x 0.19 m); its base is 0.2 m square"),
    ("", "{name: d, kind: tabletop, on: table}\n  - {name: e, kind: tabletop, on: table}", "25: robot 'e' is a second tabletop "
     "(the first on line 24): one a home"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "robot", "line"), STANDS)
def test_a_display_stands_where_it_can(old: str, robot: str, line: str) -> None:
    other = "kind: sofa, " if "sofa" in robot else "kind: sideboard, name: slim, depth: 0.19, "
    text = GOOD.replace(old, other, 1) if old else GOOD
    with pytest.raises(WorldError) as caught:
        load_text(f"{text}  - {robot}\n", "flat.yaml")
    assert str(caught.value) == f"flat.yaml:{line}"


def test_a_display_stands_on_top_in_the_middle_or_where_it_is_put() -> None:
    from worlds.place import place_of, stand_of

    for more, at in (("", (2.0, 1.5)), (", at: [2.2, 1.2]", (2.2, 1.2))):
        world = load_text(f"{GOOD}  - {{name: d, kind: tabletop, on: kitchen/table, yaw_deg: 90{more}}}\n", "flat.yaml")
        assert world.display is not None
        stand = stand_of(world, world.display)
        assert (stand.x, stand.y) == place_of(world, world.display) == at
        assert stand.z == pytest.approx(0.74)
        assert [robot.name for robot in world.drivers] == ["rover"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "flat.yaml:1: a home starts with keys such as 'name:' and 'rooms:', this file is empty"),
        ("- 1\n", "flat.yaml:1: a home starts with keys such as 'name:' and 'rooms:', this file is not a mapping"),
        ("name: x\nrooms: []\n", "flat.yaml:2: a home needs at least one room in 'rooms'"),
        ("name: x\nrooms: kitchen\n", "flat.yaml:2: 'rooms' in world 'x' must be a list, not the text 'kitchen'"),
        (
            "name: x\nrooms: [kitchen]\n",
            "flat.yaml:2: room must be a mapping of keys to values, not the text 'kitchen'",
        ),
        ("name: x\n", "flat.yaml:1: world 'x' lacks 'rooms' (at least one)"),
        ("name: 3\nrooms: []\n", "flat.yaml:1: 'name' in world must be text, not 3"),
    ],
)
def test_wrong_start(text: str, line: str) -> None:
    with pytest.raises(WorldError) as caught:
        load_text(text, "flat.yaml")
    assert str(caught.value) == line


def test_missing_unreadable_and_unknown(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    cases = {
        str(tmp_path / "none.yaml"): f"{tmp_path}/none.yaml: no such file (a home is a YAML file; see docs/worlds.md)",
        str(tmp_path) + "/": f"{tmp_path}: cannot be read: is a directory",
        str(binary): f"{binary}: cannot be read: is not UTF-8 text",
        "apartmant": "unknown world 'apartmant' (did you mean 'apartment'?)",
    }
    for name, line in cases.items():
        with pytest.raises(WorldError) as caught:
            load_world(name)
        assert str(caught.value) == line


def test_merged_keys_are_read() -> None:
    merged = GOOD.replace("{name: hall, x: 4", "&hall {name: hall, x: 4").replace(
        "{name: attic, x: 9, y: 0, width: 2, depth: 3}", "{<<: *hall, name: attic, x: 9}"
    )
    assert load_text(merged, "flat.yaml") == load_text(GOOD, "flat.yaml")
