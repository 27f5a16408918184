"""COLLADA (`.dae`), as Gazebo's models use it: triangles and polygons of all geometries, in their nodes' places.

Follows the 1.4.1 specification as far as geometry goes: sources, `<triangles>`, `<polylist>`, node matrices, unit, up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
UP = {"X_UP": [[0, -1, 0], [1, 0, 0], [0, 0, 1]], "Y_UP": [[1, 0, 0], [0, 0, -1], [0, 1, 0]]}


def read_collada(file: Path) -> Floats:
    """Return (N, 3, 3) triangles in m, z up. Raises ValueError or KeyError on what is not COLLADA."""
    try:
        root = Xml.parse(file).getroot()
    except Xml.ParseError as error:
        raise ValueError(f"not valid XML: {error}") from None
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    meshes = {f"#{g.get('id')}": _triangles(g, space) for g in root.iter(f"{space}geometry")}
    placed = [
        matrix[:3, :3] @ mesh.reshape(-1, 3).T + matrix[:3, 3:] for matrix, mesh in _instances(root, space, meshes)
    ]
    points = np.concatenate([part.T for part in placed]) if placed else np.zeros((0, 3))
    unit = root.find(f"{space}asset/{space}unit")
    metre = float(unit.get("meter", "1")) if unit is not None else 1.0
    up = np.array(UP.get(root.findtext(f"{space}asset/{space}up_axis") or "", np.eye(3)))
    return np.asarray((points @ up.T * metre).reshape(-1, 3, 3))


def _instances(root: Xml.Element, space: str, meshes: dict[str, Floats]) -> Iterator[tuple[Floats, Floats]]:
    """The place of every mesh that a scene shows; where there is no scene, each mesh as it is."""
    scenes = list(root.iter(f"{space}visual_scene"))
    for scene in scenes:
        for node in scene.findall(f"{space}node"):
            yield from _node(node, space, meshes, np.eye(4))
    if not scenes:
        yield from ((np.eye(4), mesh) for mesh in meshes.values())


def _node(node: Xml.Element, space: str, meshes: dict[str, Floats], at: Floats) -> Iterator[tuple[Floats, Floats]]:
    for element in node:
        at = at @ _step(element, element.tag.removeprefix(space))
    for instance in node.findall(f"{space}instance_geometry"):
        yield at, meshes[str(instance.get("url"))]
    for child in node.findall(f"{space}node"):
        yield from _node(child, space, meshes, at)


def _step(element: Xml.Element, kind: str) -> Floats:
    """Return the 4 x 4 matrix of one transformation, the identity for anything else."""
    matrix = np.eye(4)
    if kind not in ("matrix", "translate", "scale", "rotate"):
        return matrix
    values = np.array((element.text or "").split(), dtype=np.float64)
    if kind == "matrix":
        return values.reshape(4, 4)
    if kind == "translate":
        matrix[:3, 3] = values
    elif kind == "scale":
        matrix[:3, :3] = np.diag(values)
    else:
        axis, angle = values[:3] / max(float(np.linalg.norm(values[:3])), 1e-12), np.radians(values[3])
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        matrix[:3, :3] = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
    return matrix


def _triangles(geometry: Xml.Element, space: str) -> Floats:
    """Return (N, 3, 3) triangles of one geometry in its own frame."""
    sources = {}
    for source in geometry.iter(f"{space}source"):
        values = source.find(f"{space}float_array")
        if values is not None:
            sources[f"#{source.get('id')}"] = np.array((values.text or "").split(), dtype=np.float64)
    position = {
        f"#{vertices.get('id')}": str(entry.get("source"))
        for vertices in geometry.iter(f"{space}vertices")
        for entry in vertices.findall(f"{space}input")
        if entry.get("semantic") == "POSITION"
    }
    found = [np.zeros((0, 3, 3))]
    for kind in ("triangles", "polylist"):
        for part in geometry.iter(f"{space}{kind}"):
            inputs = part.findall(f"{space}input")
            stride = 1 + max(int(entry.get("offset", "0")) for entry in inputs)
            vertex = next(entry for entry in inputs if entry.get("semantic") == "VERTEX")
            points = sources[position[str(vertex.get("source"))]].reshape(-1, 3)
            index = np.array((part.findtext(f"{space}p") or "").split(), dtype=np.int64)
            corners = index.reshape(-1, stride)[:, int(vertex.get("offset", "0"))]
            counts = (part.findtext(f"{space}vcount") or "").split()
            found.append(points[_fans(corners, [int(n) for n in counts]) if counts else corners.reshape(-1, 3)])
    return np.concatenate(found)


def _fans(corners: NDArray[np.int64], counts: list[int]) -> NDArray[np.int64]:
    """Return (N, 3) triangles of polygons with these numbers of corners."""
    triangles, first = [], 0
    for count in counts:
        own = corners[first : first + count]
        triangles += [(own[0], own[k], own[k + 1]) for k in range(1, count - 1)]
        first += count
    return np.array(triangles, dtype=np.int64).reshape(-1, 3)
