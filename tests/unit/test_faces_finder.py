"""What the finder makes of its networks: a coarse box of a small face does not displace the face carried along."""

import math

import numpy as np
import pytest

from robot.perception.faces.camera import Intrinsics
from robot.perception.faces.finder import FaceFinder, FinderConfig
from robot.perception.faces.regions import Box, Mesh, Region
from sim.people.head_mesh import canonical_face

CENTRE, HEIGHT = (232.0, 149.0), 38.0  # px, of the one face there is
FRAME = np.full((300, 400, 3), 128, dtype=np.uint8)  # so small that it is looked at whole


def mesh_at(x, y, height, presence):
    points = canonical_face()[0] * [1.0, -1.0, -1.0]  # x to the picture's right, y down, z away
    points = points - (points.min(axis=0) + points.max(axis=0)) / 2.0
    return Mesh(points * height / np.ptp(points[:, 1]) + [x, y, 0.0], presence)


class MeshOfOneFace:
    """Finds the face in a crop that fits it, and draws one of the crop's size in a crop that does not."""

    def read(self, rgb, region):
        fits = math.dist((region.x, region.y), CENTRE) < 0.2 * region.size and region.size < 70.0
        return mesh_at(*CENTRE, HEIGHT, 1.0) if fits else mesh_at(region.x, region.y, region.size / 1.5, self.misread)


class CoarseDetector:
    """Sees the face too large and beside its place, as where the picture was made too small for it."""

    def find(self, rgb, region):
        return [Box(216.0, 132.0, 64.0, 64.0, ((236.0, 175.0), (258.0, 152.0)), 0.9, 6.0)]


@pytest.fixture(scope="module")
def finder():
    finder = FaceFinder(FinderConfig())
    networks = finder._detector, finder._mesh
    finder._detector, finder._mesh = CoarseDetector(), MeshOfOneFace()
    yield finder
    for network in networks:
        network.close()


@pytest.mark.parametrize("misread", [0.1, 0.95])
def test_a_carried_face_is_not_displaced_by_a_coarse_box(finder, misread):
    finder._mesh.misread = misread
    expected = Region(CENTRE[0] + 1.0, CENTRE[1], 1.5 * HEIGHT)
    sights = finder.find(FRAME, Intrinsics.guess(400, 300), [expected])
    assert len(sights) == 1
    assert sights[0].centre == pytest.approx(CENTRE, abs=1.0)
    assert sights[0].detected


def test_a_box_in_which_the_mesh_finds_nobody_shows_no_colours(finder):
    finder._mesh.misread = 0.1
    sights = finder.find(FRAME, Intrinsics.guess(400, 300), [])
    assert len(sights) == 1
    assert not sights[0].look.known.any()
