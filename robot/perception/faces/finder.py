"""All faces in one frame: the detector finds new ones, the mesh carries known ones on, each face comes out once.

The detector sees 192 x 192 px of any region. Frames take turns: the whole picture, then one of the tiles in which small
faces are large enough; a face once found is carried from frame to frame by its mesh (about 3 ms) whatever the detector
looks at. The first frame, and every frame in which a known face was lost from sight, is searched whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from robot.bounds import AtLeastZero, Count, Share
from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.head_pose import HeadPose, HeadPoseSolver
from robot.perception.faces.look import Look, describe, unseen
from robot.perception.faces.regions import Box, Mesh, Region

Place = tuple[float, float, float, float]  # x, y, width, height, px


@dataclass(frozen=True)
class FinderConfig:
    """Tuning. Scores 0 to 1."""

    min_score: Share = 0.5  # of the detector
    sure_score: Share = 0.7  # a detection that counts even where the mesh is in doubt
    presence: Share = 0.5  # of the mesh
    looks: Count = 3  # at most, at one face in one frame
    strays: AtLeastZero = 0.45  # of the crop's side, that a face may be from where it was expected
    guess_off: AtLeastZero = 0.10  # of it, from which on the detector knows better,
    guess_size: AtLeastZero = 0.35  # if it sees a face of that size (logarithm): a small one it sees but coarsely
    grains: AtLeastZero = 1.5  # px of the detector's, by which its boxes may be off
    off_centre: AtLeastZero = 0.05  # of the crop's side, that a face may be beside its middle
    off_size: AtLeastZero = 0.15  # by which (as a logarithm) the crop may be too large or small
    tile_px: Annotated[int, Meta(ge=64)] = 384  # edge of the tiles: faces from about 14 px on are found in them
    tile_share: Share = 0.6  # of the shorter side; the larger of both edges is taken
    overlap: Annotated[float, Meta(ge=0.0, le=0.9)] = 0.2  # of neighbouring tiles: the more, the more of them
    coarse: AtLeastZero = 10.0  # px of the detector's: what looks smaller in the whole picture is left to the tiles, as
    # the detector draws no smaller boxes than about this, wherever the small face in them is
    same: AtLeastZero = 0.45  # nearer than this share of their size, two are one face
    covered: Share = 0.5  # share of the smaller of two faces that the other may cover
    max_faces: Count = 24


@dataclass(frozen=True)
class Sight:
    """One face in one frame.

    Attributes:
        box: x, y, width, height, px.
        score: that it is a face, 0 to 1.
        detected: whether the detector saw it, and not only the mesh that was sent there.
    """

    box: Place
    score: float
    detected: bool
    mesh: Mesh
    pose: HeadPose
    look: Look

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box, px."""
        x, y, width, height = self.box
        return x + width / 2.0, y + height / 2.0

    @property
    def size(self) -> float:
        """Geometric mean of the box's sides, px."""
        return math.sqrt(max(1.0, self.box[2] * self.box[3]))


class FaceFinder:
    """Frames in, faces out. It counts frames to take turns; nothing else is kept."""

    def __init__(self, config: FinderConfig) -> None:
        """Build the networks."""
        self._config = config
        # mediapipe and what it brings are 80 MiB, which who only reads the ports of a node does not need
        from robot.perception.faces.networks import FaceDetector, FaceMesh

        self._detector = FaceDetector(config.min_score)
        self._mesh = FaceMesh()
        self._solver = HeadPoseSolver()
        self._frame = -1

    def close(self) -> None:
        """Free the networks."""
        self._detector.close()
        self._mesh.close()

    def find(
        self,
        rgb: NDArray[np.uint8],
        camera: Intrinsics,
        expected: Sequence[Region],
        moving: bool = False,
        sought: Sequence[Region] = (),
    ) -> list[Sight]:
        """Return the faces in an (H, W, 3) picture, each once, surest first.

        Args:
            expected: where known faces should be now.
            moving: whether that is a guess, because they or the camera move fast: the whole picture is searched.
            sought: where small faces were that were just lost; one of these places a frame is searched from near.
        """
        self._frame += 1
        boxes = self._detect(rgb, search_all=self._frame == 0, search_whole=moving)
        if sought:
            boxes = self._with(boxes, self._detector.find(rgb, sought[self._frame % len(sought)]))
        meshes = [self._carried(rgb, region, boxes) for region in expected]
        kept = [mesh for mesh in meshes if mesh.presence >= self._config.presence and _inside(mesh, rgb)]
        if len(kept) < len(expected) and not moving and self._frame % 2:
            boxes = self._detect(rgb, search_all=False, search_whole=True)
        faces = [(mesh, next((box for box in boxes if self._shows(box, mesh)), None)) for mesh in kept]
        for box in boxes:
            if not any(self._shows(box, mesh) for mesh in kept):
                mesh = self._read(rgb, box.region)
                if mesh.presence >= self._config.presence or box.score >= self._config.sure_score:
                    faces.append((mesh, box))
        sights = [self._sight(rgb, camera, mesh, box) for mesh, box in self._apart(faces)]
        return [sight for sight in sights if sight is not None]

    def _carried(self, rgb: NDArray[np.uint8], region: Region, boxes: Sequence[Box]) -> Mesh:
        """Return the mesh of a known face: looked for where the detector sees it now, if it sees it anywhere near and
        knows better; otherwise where it should be, and only then there."""
        near = [box.region for box in boxes]
        near = [r for r in near if math.hypot(r.x - region.x, r.y - region.y) < self._config.strays * region.size]
        best = min(near, key=lambda r: math.hypot(r.x - region.x, r.y - region.y), default=region)
        apart = math.hypot(best.x - region.x, best.y - region.y)
        if apart <= self._config.guess_off * region.size:
            return self._read(rgb, region)
        if abs(math.log(best.size / region.size)) < self._config.guess_size:
            return self._read(rgb, best)
        mesh = self._read(rgb, region)
        return mesh if mesh.presence >= self._config.presence else self._read(rgb, best)

    def _read(self, rgb: NDArray[np.uint8], region: Region) -> Mesh:
        """Return the mesh in a region; where the face turns out to sit badly in it, in the region that it says it has.
        The network was trained on centred faces and bends those that are not."""
        for _ in range(self._config.looks):
            mesh = self._mesh.read(rgb, region)
            found = mesh.region
            off = math.hypot(found.x - region.x, found.y - region.y) / region.size
            if mesh.presence < self._config.presence or not _inside(mesh, rgb):
                break
            if off < self._config.off_centre and abs(math.log(found.size / region.size)) < self._config.off_size:
                break
            region = found
        return mesh

    def _shows(self, box: Box, mesh: Mesh) -> bool:
        """Whether the detector's box is of the face that a mesh is of."""
        return self._same(_box_tuple(box), _box_of(mesh), self._config.grains * box.grain)

    def _apart(self, faces: Sequence[tuple[Mesh, Box | None]]) -> list[tuple[Mesh, Box | None]]:
        """Return the faces without those that lie over a surer one: two heads cannot fill one place."""
        sure = sorted(faces, key=self._doubt)
        kept: list[tuple[Mesh, Box | None]] = []
        for mesh, box in sure:
            if len(kept) < self._config.max_faces and all(
                _cover(_box_of(mesh), _box_of(other)) < self._config.covered for other, _ in kept
            ):
                kept.append((mesh, box))
        return kept

    def _doubt(self, face: tuple[Mesh, Box | None]) -> tuple[bool, bool, float]:
        """How unsure a face is: most where the mesh fits nobody, then where the detector does not see it."""
        mesh, box = face
        return mesh.presence < self._config.presence, box is None, -mesh.presence - (box.score if box else 0.0)

    def _detect(self, rgb: NDArray[np.uint8], search_all: bool, search_whole: bool) -> list[Box]:
        """Return what the detector finds in this frame's regions, each face once."""
        rows, columns = rgb.shape[:2]
        whole = Region(columns / 2.0, rows / 2.0, float(max(rows, columns)))
        tiles = _tiles(columns, rows, self._config)
        if search_all:
            regions = [whole, *tiles]
        elif tiles and self._frame % 2:
            tile = tiles[self._frame // 2 % len(tiles)]
            regions = [whole, tile] if search_whole else [tile]
        else:
            regions = [whole]
        found: list[Box] = []
        for region in regions:
            seen = [box for box in self._detector.find(rgb, region) if not _cut(box, region, whole)]
            least = self._config.coarse if tiles and region is whole else 0.0
            found = self._with(found, [box for box in seen if min(box.width, box.height) >= least * box.grain])
        return found

    def _with(self, found: list[Box], more: Sequence[Box]) -> list[Box]:
        """Return the boxes and those of `more` that show other faces."""
        for box in more:
            if not any(self._same(_box_tuple(box), _box_tuple(b)) for b in found):
                found = [*found, box]
        return found

    def _same(self, a: Place, b: Place, slack_px: float = 0.0) -> bool:
        """Whether two boxes show one face, one of which may be off by `slack_px`."""
        size = math.sqrt(max(1.0, min(a[2] * a[3], b[2] * b[3])))
        dx, dy = a[0] + a[2] / 2.0 - b[0] - b[2] / 2.0, a[1] + a[3] / 2.0 - b[1] - b[3] / 2.0
        return math.hypot(dx, dy) < self._config.same * size + slack_px

    def _sight(self, rgb: NDArray[np.uint8], camera: Intrinsics, mesh: Mesh, box: Box | None) -> Sight | None:
        pose = self._solver.solve(mesh.points, camera)
        if pose is None:
            return None
        if mesh.presence < self._config.presence and box is not None:
            place, look = _box_tuple(box), unseen()  # colours at the points of a mesh that fits nobody are nobody's
        else:
            place, look = _box_of(mesh), describe(rgb, mesh.points)
        score = mesh.presence if box is None else 1.0 - (1.0 - mesh.presence) * (1.0 - box.score)
        return Sight(place, min(1.0, score), box is not None, mesh, pose, look)


def _cover(a: Place, b: Place) -> float:
    """Return the share of the smaller of two boxes that the other covers."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height) / max(1.0, min(a[2] * a[3], b[2] * b[3]))


def _box_tuple(box: Box) -> Place:
    return box.x, box.y, box.width, box.height


def _box_of(mesh: Mesh) -> Place:
    low, high = mesh.points[:, :2].min(axis=0), mesh.points[:, :2].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def _inside(mesh: Mesh, rgb: NDArray[np.uint8]) -> bool:
    """Whether the middle of the face is in the picture, and the face is more than a few pixels."""
    x, y, width, height = _box_of(mesh)
    rows, columns = rgb.shape[:2]
    return 0.0 <= x + width / 2.0 < columns and 0.0 <= y + height / 2.0 < rows and min(width, height) >= 6.0


def _tiles(columns: int, rows: int, config: FinderConfig) -> list[Region]:
    """Return square tiles that cover the picture; none where the whole picture is hardly larger than one."""
    edge = max(float(config.tile_px), config.tile_share * min(columns, rows))
    if max(columns, rows) < 1.25 * edge:
        return []
    across, down = (
        max(1, math.ceil((side / edge - config.overlap) / (1.0 - config.overlap))) for side in (columns, rows)
    )
    return [
        Region(_spread(i, across, columns, edge), _spread(j, down, rows, edge), edge)
        for j in range(down)
        for i in range(across)
    ]


def _spread(index: int, count: int, side: float, edge: float) -> float:
    """Return the middle of tile `index` of `count` along a side."""
    return side / 2.0 if count == 1 else edge / 2.0 + index * (side - edge) / (count - 1)


def _cut(box: Box, region: Region, whole: Region) -> bool:
    """Whether a tile's edge runs through the face: then its neighbour, or the whole picture, shows it better."""
    if region is whole or region.size >= whole.size:
        return False
    half, margin = region.size / 2.0, 0.02 * region.size
    return (
        box.x < region.x - half + margin
        or box.y < region.y - half + margin
        or box.x + box.width > region.x + half - margin
        or box.y + box.height > region.y + half - margin
    )
