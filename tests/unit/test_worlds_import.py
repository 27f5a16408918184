"""Importers: a Gazebo world and a ROS map become homes that load, and everything broken is one clear line."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from launch.cli import call
from worlds.catalog import load_world
from worlds.errors import WorldError
from worlds.importers.convert import import_world, written
from worlds.importers.map_server import rectangles
from worlds.importers.mesh import boxes_of
from worlds.importers.pose import rotation_of, rpy_of
from worlds.picture import draw_map
from worlds.shapes import shapes_of

BOX = "<collision name='c'><pose>0 0 0.5 0 0 0</pose><geometry><box><size>1 2 1</size></box></geometry></collision>"


def sdf(folder: Path, inside: str, name: str = "a.world") -> Path:
    file = folder / name
    file.write_text(f"<sdf version='1.6'><world name='w'>{inside}</world></sdf>")
    return file


def model(inside: str, pose: str = "0 0 0 0 0 0", name: str = "m") -> str:
    return f"<model name='{name}'><pose>{pose}</pose><link name='l'>{inside}</link></model>"


def cylinder(x: float, y: float, name: str) -> str:
    shape = "<cylinder><radius>0.075</radius><length>1</length></cylinder>"
    body = f"<collision name='c'><geometry>{shape}</geometry></collision>"
    return model(body, f"{x} {y} 0 0 0 0", name)


def ros_map(folder: Path, **changes: object) -> Path:
    cells = np.full((40, 60), 254, np.uint8)
    cells[0, :] = cells[-1, :] = cells[:, 0] = cells[:, -1] = 0
    cells[5:8, 10:30] = 0
    cells[20:30, 50:55] = 205  # unknown
    cv2.imwrite(str(folder / "map.pgm"), cells)
    settings = {
        "image": "map.pgm", "resolution": 0.1, "origin": "[-3.0, -2.0, 0.0]", "negate": 0,
        "occupied_thresh": 0.65, "free_thresh": 0.196, **changes,
    }  # fmt: skip
    file = folder / "map.yaml"
    file.write_text("".join(f"{key}: {value}\n" for key, value in settings.items() if value is not None))
    return file


def test_poses_chain_from_world_to_collision(tmp_path: Path) -> None:
    world = import_world(sdf(tmp_path, model(BOX, "3 1 0 0 0 1.5707963267948966")))
    (solid,) = world.solids
    assert solid.at == pytest.approx((3.0, 1.0, 0.5))
    assert solid.rpy_deg == pytest.approx((0.0, 0.0, 90.0))
    (shape,) = [s for s in shapes_of(world) if s.owner == solid.name]
    assert np.ptp(shape.footprint(), axis=0) == pytest.approx((2.0, 1.0))


def test_saved_state_overrides_the_models_own_pose(tmp_path: Path) -> None:
    state = "<state world_name='w'><model name='m'><pose>-2 0 0 0 0 0</pose></model></state>"
    assert import_world(sdf(tmp_path, model(BOX) + state)).solids[0].at == pytest.approx((-2.0, 0.0, 0.5))


def test_includes_come_from_the_models_folder(tmp_path: Path) -> None:
    (tmp_path / "models" / "crate").mkdir(parents=True)
    inner = f"<sdf version='1.6'>{model(BOX, name='crate')}</sdf>"
    (tmp_path / "models" / "crate" / "model.sdf").write_text(inner)
    include = "<include><uri>model://crate</uri><name>left</name><pose>4 0 0 0 0 0</pose></include>"
    world = import_world(sdf(tmp_path, include), [tmp_path / "models"])
    assert [(s.name, s.at[0]) for s in world.solids] == [("left.crate.l", 4.0)]


def test_a_mesh_is_covered_by_boxes_to_within_a_cube(tmp_path: Path) -> None:
    corners = np.array([(x, y, z) for x in (0.0, 0.4) for y in (0.0, 0.6) for z in (0.0, 0.3)])
    quads = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    faces = [corners[list(f)] for q in quads for f in ((q[0], q[1], q[2]), (q[0], q[2], q[3]))]
    body = b"".join(struct.pack("<12fH", 0, 0, 0, *face.ravel(), 0) for face in faces)
    (tmp_path / "box.stl").write_bytes(b"\0" * 80 + struct.pack("<I", len(faces)) + body)
    mesh = "<collision name='c'><geometry><mesh><uri>box.stl</uri></mesh></geometry></collision>"
    world = import_world(sdf(tmp_path, model(mesh, "1 0 0 0 0 0")))
    low = np.min([np.array(s.at) - np.array(s.size) / 2 for s in world.solids], axis=0)
    high = np.max([np.array(s.at) + np.array(s.size) / 2 for s in world.solids], axis=0)
    assert low == pytest.approx((1.0, 0.0, 0.0), abs=0.051)
    assert high == pytest.approx((1.4, 0.6, 0.3), abs=0.051)
    assert len(world.solids) < 40


def test_obj_and_collada_hold_the_same_triangle(tmp_path: Path) -> None:
    (tmp_path / "t.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    (tmp_path / "t.dae").write_text(
        "<COLLADA><asset><unit meter='1'/><up_axis>Z_UP</up_axis></asset><library_geometries><geometry id='g'><mesh>"
        "<source id='p'><float_array>0 0 0 1 0 0 0 1 0</float_array></source>"
        "<vertices id='v'><input semantic='POSITION' source='#p'/></vertices>"
        "<triangles><input semantic='VERTEX' source='#v' offset='0'/><p>0 1 2</p></triangles>"
        "</mesh></geometry></library_geometries></COLLADA>"
    )
    from worlds.importers.mesh import read_mesh

    assert np.array_equal(read_mesh(tmp_path / "t.obj"), read_mesh(tmp_path / "t.dae"))
    assert all(size[2] == pytest.approx(0.05) for _, size in boxes_of(read_mesh(tmp_path / "t.obj")))


def test_a_barn_world_gets_the_challenge_start_goal_and_robot(tmp_path: Path) -> None:
    fence = [(x, 0.15 * k) for k in range(64) for x in (-4.425, -0.075)]
    world = load_world(sdf(tmp_path, "".join(cylinder(x, y, f"c{i}") for i, (x, y) in enumerate(fence))))
    assert world.robots[0].kind == "jackal"
    assert world.goal == (-2.25, 13.0)
    assert draw_map(world, 10.0)[0].std() > 0


def test_a_map_becomes_walls_where_it_is_dark(tmp_path: Path) -> None:
    world = import_world(ros_map(tmp_path))
    area = sum(s.size[0] * s.size[1] for s in world.solids)
    assert area == pytest.approx(0.01 * (2 * 60 + 2 * 38 + 3 * 20))
    bar = [s for s in world.solids if s.size[1] == pytest.approx(0.3) and s.size[0] == pytest.approx(2.0)]
    assert bar[0].at[:2] == pytest.approx((-3.0 + 2.0, -2.0 + (40 - 6.5) * 0.1))


def test_unknown_ground_around_a_map_is_left_out(tmp_path: Path) -> None:
    file = ros_map(tmp_path)
    cells = cv2.imread(str(tmp_path / "map.pgm"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(tmp_path / "map.pgm"), np.pad(cells, ((30, 5), (20, 10)), constant_values=205))
    file.write_text(file.read_text().replace("[-3.0, -2.0, 0.0]", "[-5.0, -2.5, 0.0]"))
    around = import_world(file)
    plain = import_world(ros_map(tmp_path))
    assert around.rooms == plain.rooms
    assert [(s.at, s.size) for s in around.solids] == [(s.at, s.size) for s in plain.solids]


def test_rectangles_cover_exactly_and_once() -> None:
    cells = np.random.default_rng(0).random((30, 40)) < 0.4
    count = np.zeros(cells.shape, int)
    for row, column, rows, columns in rectangles(cells):
        count[row : row + rows, column : column + columns] += 1
    assert np.array_equal(count, cells.astype(int))


def test_rotations_are_urdf_and_go_back() -> None:
    rng = np.random.default_rng(1)
    for roll, pitch, yaw in rng.uniform(-1.5, 1.5, (50, 3)):
        assert rpy_of(rotation_of(roll, pitch, yaw)) == pytest.approx((roll, pitch, yaw))
    assert rotation_of(0.0, 0.0, math.pi / 2) @ (1, 0, 0) == pytest.approx((0, 1, 0))


def test_imported_worlds_are_rendered_and_driven_through(tmp_path: Path) -> None:
    fence = [(x, 0.15 * k) for k in range(64) for x in (-4.425, -0.075)]
    field = [*fence, (-2.25, 6.0), (-2.6, 6.0), (-1.6, 8.0)]
    barn = sdf(tmp_path, "".join(cylinder(x, y, f"c{i}") for i, (x, y) in enumerate(field)))
    for file in (barn, ros_map(tmp_path)):
        out = tmp_path / f"{file.stem}-bench"
        assert call(["worlds", "render", str(file), "--out", str(tmp_path / "seen.png")]) == 0
        assert cv2.imread(str(tmp_path / "seen.png")).std() > 10.0
        assert call(["bench", "nav", str(file), "--seeds", "1", "--jobs", "1", "--out", str(out)]) == 0
        (row,) = json.loads((out / "summary.json").read_text())["rows"]
        assert (row["success"], row["collisions"]) == (True, 0)


def test_the_command_writes_a_home_that_loads(tmp_path: Path) -> None:
    out = tmp_path / "home.yaml"
    task = ["--start", "-2", "-1", "90", "--goal", "1", "1"]
    assert call(["worlds", "import", str(ros_map(tmp_path)), "--out", str(out), *task]) == 0
    world = load_world(out)
    assert world.goal == (1.0, 1.0)
    assert len(world.solids) == len(import_world(tmp_path / "map.yaml").solids)
    assert written(world, "x")


WRONG_SDF = [
    ("<model>", "a.world:1: not valid XML at column"),
    ("", "a.world: holds no box, cylinder, sphere or mesh to import"),
    (model(BOX.replace("1 2 1", "1 2")), "a.world: <size> of 'm.l' must be 3 numbers above 0, not '1 2'"),
    (model(BOX.replace("1 2 1", "1 -2 1")), "a.world: <size> of 'm.l' must be 3 numbers above 0, not '1 -2 1'"),
    (model(BOX, "0 0"), "a.world: <pose> of 'm': must be six finite numbers, x y z roll pitch yaw, not '0 0'"),
    (model("<collision name='c'/>"), "a.world: 'm' has a collision without <geometry>"),
    (
        model("<collision name='c'><geometry><mesh><uri>x.stl</uri></mesh></geometry></collision>"),
        "a.world: 'm.l' needs the mesh 'x.stl', which is not there",
    ),
    ("<include><uri>model://sofa</uri></include>", "a.world: 'model://sofa' is in no models folder"),
    ("<include><uri>https://x/sofa</uri></include>", "a.world: 'https://x/sofa' is not on this machine"),
]
WRONG_MAP: list[tuple[dict[str, object], str]] = [
    ({"origin": "[0, 0]"}, "map.yaml: 'origin' must be [x, y, yaw] of the lower left cell, not [0, 0]"),
    ({"origin": "[0, 0, 0.5]"}, "map.yaml: 'origin' is turned by 0.5 rad"),
    ({"origin": "[.nan, 0, 0]"}, "map.yaml: 'origin' must be"),
    ({"origin": "[900, 0, 0]"}, "map.yaml: 'origin' [900, 0] lies more than 100 m away"),
    ({"resolution": -0.1}, "map.yaml: 'resolution' must be a number above 0, not -0.1"),
    ({"resolution": 5}, "worlds of more than 60 m are not read"),
    ({"image": "gone.pgm"}, "map.yaml: its image 'gone.pgm' is not there"),
    ({"image": "map.yaml"}, "map.yaml: its image 'map.yaml' is no picture"),
    ({"resolution": None}, "map.yaml: is no map_server map: 'resolution' is missing"),
]


@pytest.mark.parametrize(("inside", "line"), WRONG_SDF)
def test_a_broken_world_is_one_line(inside: str, line: str, tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        import_world(sdf(tmp_path, inside))
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("changes", "line"), WRONG_MAP)
def test_a_broken_map_is_one_line(changes: dict[str, object], line: str, tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        import_world(ros_map(tmp_path, **changes))
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_says_it_in_one_line_and_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["worlds", "import", str(sdf(tmp_path, "<model>"))]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
