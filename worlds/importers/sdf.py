"""Gazebo worlds: models of boxes, cylinders, spheres and meshes, with the models they include, as plain solids.

Collision geometry counts where there is any, else the visual one. Poses are chained world, model, link, collision (SDF:
x y z roll pitch yaw). Ground planes are left out: the floor here is one slab under everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np

from worlds.errors import WorldError
from worlds.importers.mesh import boxes_of, read_mesh
from worlds.importers.pose import Placed, parse_pose, rpy_of
from worlds.schema import Solid, World
from worlds.suites import barn

DEEPEST = 8  # includes inside includes
MODEL_FILES = ("model.sdf", "model-1_5.sdf", "model-1_4.sdf")


@dataclass(frozen=True)
class _Source:
    """Where the reading is: the file, for errors, and the folders models are looked for in."""

    file: Path
    models: tuple[Path, ...]
    depth: int = 0


def sdf_world(file: Path, models: tuple[Path, ...] = ()) -> World:
    """Return the world of a `.world` or `.sdf` file. Raises WorldError in one line.

    A field of cylinders that leaves the BARN challenge's start and goal free gets its robot, start and goal too.
    """
    source = _Source(file, (*models, file.parent))
    root = _parse(file)
    solids = tuple(_solids(root, Placed.here(), source, ""))
    if not solids:
        raise WorldError(f"{file}: holds no box, cylinder, sphere or mesh to import")
    corners = [(s.at[0] + dx * _reach(s), s.at[1] + dy * _reach(s)) for s in solids for dx, dy in ((-1, -1), (1, 1))]
    is_barn = _is_barn(solids)
    ends = [barn.START[:2], barn.GOAL] if is_barn else []
    room = barn.floor_around([*corners, *ends])
    world = World(
        name=file.stem, description=f"Gazebo world {file.name}", wall_height=0.5, rooms=(room,), solids=solids
    )
    return barn.with_task(world) if is_barn else world


def _is_barn(solids: tuple[Solid, ...]) -> bool:
    upright = [s for s in solids if s.kind == "cylinder" and s.size[0] < 0.1]
    clear = all(math.dist(s.at[:2], end) > 0.5 for s in solids for end in (barn.START[:2], barn.GOAL))
    return len(upright) > 100 and len(upright) == len(solids) and clear


def _parse(file: Path) -> Xml.Element:
    try:
        root = Xml.parse(file).getroot()
    except Xml.ParseError as error:
        line, column = error.position
        raise WorldError(f"{file}:{line}: not valid XML at column {column + 1}: {str(error).split(':')[0]}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(f"{file}: cannot be read: {error}") from None
    if root.tag != "sdf":
        raise WorldError(f"{file}:1: not an SDF file: its root is <{root.tag}>, not <sdf>")
    return root


def _solids(parent: Xml.Element, at: Placed, source: _Source, path: str) -> Iterator[Solid]:
    """The solids of every model below `parent`, which stands at `at`."""
    for element in parent:
        if element.tag == "world":
            _take_state(element)
            yield from _solids(element, at, source, path)
        elif element.tag == "model":
            yield from _model(element, at, source, path)
        elif element.tag == "include":
            yield from _include(element, at, source, path)


def _take_state(world: Xml.Element) -> None:
    """Put models where a saved `<state>` has them: Gazebo starts from there."""
    saved = {model.get("name"): model.find("pose") for model in world.iterfind("state/model")}
    for model in world.findall("model"):
        pose = saved.get(model.get("name"))
        if pose is not None:
            for old in model.findall("pose"):
                model.remove(old)
            model.append(pose)


def _model(model: Xml.Element, at: Placed, source: _Source, path: str) -> Iterator[Solid]:
    name = f"{path}{model.get('name', 'model')}"
    here = at.then(_pose(model, source))
    yield from _solids(model, here, source, f"{name}.")
    for link in model.findall("link"):
        there = here.then(_pose(link, source))
        bodies = link.findall("collision") or link.findall("visual")
        for number, body in enumerate(bodies):
            geometry = body.find("geometry")
            if geometry is None:
                raise WorldError(f"{source.file}: '{name}' has a {body.tag} without <geometry>")
            label = f"{name}.{link.get('name', 'link')}" + (f".{number}" if number else "")
            yield from _geometry(geometry, there.then(_pose(body, source)), source, label)


def _include(include: Xml.Element, at: Placed, source: _Source, path: str) -> Iterator[Solid]:
    uri = (include.findtext("uri") or "").strip()
    if source.depth >= DEEPEST:
        raise WorldError(f"{source.file}: '{uri}' is included more than {DEEPEST} deep: does a model include itself?")
    name = include.findtext("name")
    folder = _find(uri, source)
    file = next((folder / known for known in MODEL_FILES if (folder / known).is_file()), None)
    if file is None:
        raise WorldError(f"{source.file}: '{uri}' has no {MODEL_FILES[0]} ({folder})")
    inner = _Source(file, source.models, source.depth + 1)
    here = at.then(_pose(include, source))
    prefix = f"{path}{name.strip()}." if name else path
    yield from _solids(_parse(file), here, inner, prefix)


def _geometry(geometry: Xml.Element, at: Placed, source: _Source, name: str) -> Iterator[Solid]:
    for shape in geometry:
        if shape.tag == "box":
            yield _solid("box", _numbers(shape, "size", 3, source, name), at, name)
        elif shape.tag == "cylinder":
            size = (*_numbers(shape, "radius", 1, source, name), *_numbers(shape, "length", 1, source, name))
            yield _solid("cylinder", size, at, name)
        elif shape.tag == "sphere":
            yield _solid("sphere", _numbers(shape, "radius", 1, source, name), at, name)
        elif shape.tag == "mesh":
            yield from _mesh(shape, at, source, name)
        elif shape.tag not in ("plane", "empty", "heightmap", "image"):
            raise WorldError(
                f"{source.file}: '{name}' is a <{shape.tag}>, which is not known (box, cylinder, sphere, mesh)"
            )


def _mesh(mesh: Xml.Element, at: Placed, source: _Source, name: str) -> Iterator[Solid]:
    uri = (mesh.findtext("uri") or "").strip()
    file = _find(uri, source)
    if not file.is_file():
        raise WorldError(f"{source.file}: '{name}' needs the mesh '{uri}', which is not there ({file})")
    scale = np.array(_numbers(mesh, "scale", 3, source, name) if mesh.find("scale") is not None else (1.0, 1.0, 1.0))
    triangles = read_mesh(file) * scale
    placed = triangles @ at.rotation.T + at.position
    for number, (middle, size) in enumerate(boxes_of(placed)):
        yield Solid(kind="box", name=f"{name}.mesh{number}", size=size, at=middle)


def _solid(kind: str, size: tuple[float, ...], at: Placed, name: str) -> Solid:
    x, y, z = (float(value) for value in at.position)
    roll, pitch, yaw = (math.degrees(angle) for angle in rpy_of(at.rotation))
    return Solid(kind=kind, name=name, size=size, at=(x, y, z), rpy_deg=(roll, pitch, yaw))


def _find(uri: str, source: _Source) -> Path:
    """Return the path a URI means: `model://NAME/...` in the models' folders, `file://`, or beside the file."""
    kind, _, rest = uri.partition("://")
    if not rest:
        kind, rest = "", uri
    if kind == "model":
        for folder in source.models:
            if (folder / rest.split("/")[0]).is_dir():
                return folder / rest
        looked = ", ".join(str(folder) for folder in source.models)
        raise WorldError(f"{source.file}: '{uri}' is in no models folder (looked in {looked}; name one with --models)")
    if kind not in ("", "file"):
        raise WorldError(f"{source.file}: '{uri}' is not on this machine; only model:// and file:// are read")
    return source.file.parent / rest


def _pose(element: Xml.Element, source: _Source) -> Placed:
    pose = element.find("pose")
    if pose is None:
        return Placed.here()
    frame = pose.get("frame") or pose.get("relative_to")
    if frame and frame != "world":
        raise WorldError(f"{source.file}: a pose relative to frame '{frame}' is not read; write it in its parent's")
    try:
        return parse_pose(pose.text or "")
    except ValueError as error:
        raise WorldError(f"{source.file}: <pose> of '{element.get('name', element.tag)}': {error}") from None


def _numbers(parent: Xml.Element, tag: str, count: int, source: _Source, name: str) -> tuple[float, ...]:
    text = (parent.findtext(tag) or "").split()
    try:
        numbers = tuple(float(word) for word in text)
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(math.isfinite(n) and n > 0.0 for n in numbers):
        wanted = "a number" if count == 1 else f"{count} numbers"
        raise WorldError(f"{source.file}: <{tag}> of '{name}' must be {wanted} above 0, not '{' '.join(text)}'")
    return numbers


def _reach(solid: Solid) -> float:
    return math.dist((0.0, 0.0, 0.0), solid.size) / 2.0 if solid.kind == "box" else max(solid.size)
