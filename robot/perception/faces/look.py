"""What a face and the clothes below it look like, as numbers to tell people apart within a scene.

Colours are read at the points of the face mesh, which is the best alignment there is: cheeks, brow, nose, beard, lips
and hair are the same numbers whichever way the head points. Below the chin come six patches of clothes. All are CIELAB
with lightness counted less, because it changes with the lamp. No network: there is none for faces that may be shipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# fmt: off
_PARTS = (  # points of the mesh, averaged
    (10, 151, 9, 67, 297, 103, 332, 109, 338),  # brow
    (50, 101, 205, 36, 187), (280, 330, 425, 266, 411),  # cheeks
    (1, 4, 5, 195, 197),  # nose
    (70, 63, 105, 66, 107, 336, 296, 334, 293, 300),  # eyebrows
    (0, 37, 267, 17, 84, 314, 61, 291),  # lips
    (152, 175, 199, 200, 148, 377),  # chin
    (172, 136, 150, 58), (397, 365, 379, 288),  # jaw
    (164, 165, 391, 167, 393),  # above the lips
    (33, 133, 159, 145, 263, 362, 386, 374),  # eyes
)
# fmt: on
_CROWN = (103, 67, 10, 297, 332)  # hair is this way out from the bridge of the nose
_BRIDGE = 168
_HAIR_OUT = 0.32
_CLOTHES = tuple((x, y) for y in (0.55, 1.05) for x in (-0.55, 0.0, 0.55))  # of the face's height, from the chin
_PATCH = 0.14  # half side, of the face's height
_SCALE = 24.0  # px of height that a face is brought to before colours are read
_LIGHTNESS = 0.45  # weight of L* against a* and b*
_HEAD_WEIGHT, _CLOTHES_WEIGHT = 1.0, 1.4  # one patch of clothes says more than one of skin
_UNIT = 11.0  # root mean square difference (CIELAB) that two frames of one person rarely exceed

_WEIGHTS = np.array([_HEAD_WEIGHT] * (len(_PARTS) + len(_CROWN)) + [_CLOTHES_WEIGHT] * len(_CLOTHES))


@dataclass(frozen=True)
class Look:
    """(20, 3) weighted CIELAB colours, and (20,) which of them were in the picture."""

    colours: Floats
    known: NDArray[np.bool_]

    def distance(self, other: Look) -> float:
        """Return how different two looks are: below 1 one person, above 2 hardly; inf where they share nothing."""
        weight = _WEIGHTS * (self.known & other.known)
        total = float(weight.sum())
        if total < 3.0:
            return float("inf")
        square = ((self.colours - other.colours) ** 2).sum(axis=1)
        # A part hidden by a hand or by another head must not outweigh all the rest.
        return float(np.sqrt((weight * np.minimum(square, (4.0 * _UNIT) ** 2)).sum() / total)) / _UNIT

    def toward(self, other: Look, share: float) -> Look:
        """Return this look moved a share of the way to another; what was not known yet is taken over."""
        step = np.where(self.known, share, 1.0)[:, None] * other.known[:, None]
        return Look(self.colours + step * (other.colours - self.colours), self.known | other.known)


def unseen() -> Look:
    """Return the look of which nothing is known."""
    return Look(np.zeros((len(_WEIGHTS), 3)), np.zeros(len(_WEIGHTS), dtype=np.bool_))


def describe(rgb: NDArray[np.uint8], points: Floats) -> Look:
    """Return the look of the face with these (468, 3) points in an (H, W, 3) picture."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    height = max(float(high[1] - low[1]), 2.0)
    chin = np.array([(low[0] + high[0]) / 2.0, high[1]])
    spots = [points[list(part), :2] for part in _PARTS]
    spots += [(p + _HAIR_OUT * (p - points[_BRIDGE, :2]))[None] for p in points[list(_CROWN), :2]]
    spots += [_patch(chin + height * np.array(place), _PATCH * height) for place in _CLOTHES]
    small, corner, scale = _shrunk(
        rgb, low - height * 0.6, np.array([high[0], high[1] + 1.3 * height]) + 0.6 * height, height
    )
    return _read(small, corner, scale, spots)


def _patch(centre: Floats, half: float) -> Floats:
    offsets = np.array([(x, y) for x in (-half, 0.0, half) for y in (-half, 0.0, half)])
    patch: Floats = centre + offsets
    return patch


def _shrunk(
    rgb: NDArray[np.uint8], low: Floats, high: Floats, height: float
) -> tuple[NDArray[np.float32] | None, Floats, float]:
    """Return the part of the picture between two corners in CIELAB (None: outside), its corner (px), its scale."""
    rows, columns = rgb.shape[:2]
    x0, y0 = (int(max(0.0, np.floor(v))) for v in low)
    x1, y1 = (int(min(limit, np.ceil(v))) for v, limit in zip(high, (columns, rows), strict=True))
    corner = np.array([float(x0), float(y0)])
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None, corner, 1.0
    scale = min(1.0, _SCALE / height)
    part = rgb[y0:y1, x0:x1]
    if scale < 1.0:
        size = (max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale)))
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    lab: NDArray[np.float32] = cv2.cvtColor(part.astype(np.float32) / np.float32(255.0), cv2.COLOR_RGB2LAB)
    return lab, corner, scale


def _read(small: NDArray[np.float32] | None, corner: Floats, scale: float, spots: list[Floats]) -> Look:
    nothing = unseen()
    if small is None:
        return nothing
    colours, known = nothing.colours, nothing.known
    rows, columns = small.shape[:2]
    for i, spot in enumerate(spots):
        at = np.floor((spot - corner) * scale).astype(int)
        inside = (at[:, 0] >= 0) & (at[:, 0] < columns) & (at[:, 1] >= 0) & (at[:, 1] < rows)
        if inside.mean() >= 0.5:
            colours[i] = small[at[inside, 1], at[inside, 0]].mean(axis=0)
            known[i] = True
    return Look(colours * np.array([_LIGHTNESS, 1.0, 1.0]), known)
