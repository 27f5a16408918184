"""Paint the people's face textures, and write the canonical face mesh, into sim/people/assets.

The textures follow from `sim/people/appearance.py` alone (no randomness). The mesh is MediaPipe's canonical face model
(Apache-2.0), read once from `geometry_pipeline_metadata_landmarks.binarypb`, which the npm package
@mediapipe/face_mesh 0.4.1633559619 carries inside its packed assets:

    python -m tools.make_people                       # repaint the textures
    python -m tools.make_people --metadata FILE       # rewrite canonical_face.obj first
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sim.people.appearance import APPEARANCES, ASSETS, Appearance, Color
from sim.people.atlas import FACE_SIZE, SWATCHES, TEXTURE_SIZE, swatch_box
from sim.people.head_mesh import canonical_face

OVERSAMPLE = 4
Canvas = NDArray[np.float32]

EYES = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249),
)
BROWS = (
    (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    (300, 293, 334, 296, 336, 285, 295, 282, 283, 276),
)
LIPS_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
MOUTH_LINE = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
MOUTH_LOWER = (95, 88, 178, 87, 14, 317, 402, 318, 324)
UPPER_LIP = (*LIPS_OUTER[:11], *reversed(MOUTH_LINE))
LOWER_LIP = (*LIPS_OUTER[10:], 61, 78, *MOUTH_LOWER, 308)
RIM = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
       152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
BEARD = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
         425, 426, 322, 391, 164, 165, 92, 206, 205)  # fmt: skip
NOSE_SIDES = ((193, 245, 188, 174, 236, 198, 49, 48), (417, 465, 412, 399, 456, 420, 279, 278))


class Painter:
    """An oversampled face canvas addressed by landmark numbers."""

    def __init__(self, look: Appearance) -> None:
        """Start from plain skin."""
        self.look = look
        side = FACE_SIZE * OVERSAMPLE
        self.canvas: Canvas = np.empty((side, side, 3), np.float32)
        self.canvas[:] = look.skin
        _, uvs, _ = canonical_face()
        self.marks = uvs * side

    def at(self, indices: Sequence[int]) -> NDArray[np.float64]:
        """Return (N, 2) pixels of landmarks."""
        return np.asarray(self.marks[list(indices)])

    def tint(self, mask: NDArray[np.float32], color: Color, strength: float, blur: float = 0.0) -> None:
        """Mix a colour in where `mask` is 1, softened by a Gaussian of `blur` pixels of the final texture."""
        if blur > 0.0:
            mask = cv2.GaussianBlur(mask, (0, 0), blur * OVERSAMPLE)
        weight = mask[..., None] * strength
        self.canvas = (self.canvas * (1.0 - weight) + np.array(color, np.float32) * weight).astype(np.float32)

    def polygon(self, points: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the mask of a filled polygon."""
        mask = np.zeros(self.canvas.shape[:2], np.float32)
        cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 1.0, cv2.LINE_AA)
        return mask

    def stroke(self, points: NDArray[np.float64], width: float, closed: bool = False) -> NDArray[np.float32]:
        """Return the mask of a polyline `width` final pixels wide."""
        mask = np.zeros(self.canvas.shape[:2], np.float32)
        pixels = [np.rint(points).astype(np.int32)]
        cv2.polylines(mask, pixels, closed, 1.0, max(1, round(width * OVERSAMPLE)), cv2.LINE_AA)
        return mask

    def disc(self, center: NDArray[np.float64], rx: float, ry: float) -> NDArray[np.float32]:
        """Return the mask of an ellipse with radii in final pixels."""
        mask = np.zeros(self.canvas.shape[:2], np.float32)
        axes = (round(rx * OVERSAMPLE), round(ry * OVERSAMPLE))
        cv2.ellipse(mask, (round(center[0]), round(center[1])), axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
        return mask


def darker(color: Color, factor: float) -> Color:
    """Return a colour scaled toward black."""
    return int(color[0] * factor), int(color[1] * factor), int(color[2] * factor)


def warmer(color: Color, factor: float) -> Color:
    """Return skin in shadow: blue falls faster than red."""
    return int(color[0] * factor), int(color[1] * factor**1.5), int(color[2] * factor**1.7)


def paint_face(look: Appearance) -> NDArray[np.uint8]:
    """Return the (FACE_SIZE, FACE_SIZE, 3) RGB painting of one face in canonical texture coordinates."""
    painter = Painter(look)
    _shade(painter)
    if look.beard > 0.0:
        _beard(painter)
    for eye, brow in zip(EYES, BROWS, strict=True):
        _eye(painter, eye)
        painter.tint(painter.polygon(painter.at(brow)), _brow_color(look), 0.9, blur=0.8)
    _mouth(painter)
    if look.glasses:
        _glasses(painter)
    small = cv2.resize(painter.canvas, (FACE_SIZE, FACE_SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(np.rint(small), 0, 255), dtype=np.uint8)


def _brow_color(look: Appearance) -> Color:
    return darker(look.hair, 0.75) if sum(look.hair) < 450 else darker(look.hair, 0.6)


def _shade(p: Painter) -> None:
    """Soft light and shadow that a low-poly mesh does not have by itself."""
    skin = p.look.skin
    inside = p.polygon(p.at(RIM))
    edge = 1.0 - cv2.GaussianBlur(inside, (0, 0), 14.0 * OVERSAMPLE)
    p.tint(np.clip(edge * 1.2 - 0.25, 0, 1).astype(np.float32), warmer(skin, 0.80), 0.5)
    for eye, side in zip(EYES, NOSE_SIDES, strict=True):
        center = p.at(eye).mean(axis=0)
        p.tint(p.disc(center, 22, 12), warmer(skin, 0.70), 0.55, blur=5)
        p.tint(p.stroke(p.at(side), 4), warmer(skin, 0.72), 0.6, blur=3)
    p.tint(p.stroke(p.at((168, 6, 197, 195, 5)), 5), _lighter(skin), 0.55, blur=2.5)
    p.tint(p.disc(p.at((4,))[0], 5, 5), _lighter(skin), 0.5, blur=2.5)
    p.tint(p.disc(p.at((151,))[0], 34, 12), _lighter(skin), 0.35, blur=9)
    for cheek in (50, 280):
        p.tint(p.disc(p.at((cheek,))[0], 15, 11), (220, 110, 100), 0.22, blur=7)
    p.tint(p.stroke(p.at((98, 97, 2, 326, 327)), 4), warmer(skin, 0.55), 0.6, blur=1.8)
    for nostril in ((99, 98, 97), (328, 327, 326)):
        p.tint(p.disc(p.at(nostril).mean(axis=0), 4.2, 2.4), warmer(skin, 0.28), 0.85, blur=0.7)
    for wing in ((49, 48, 64, 98), (279, 278, 294, 327)):
        p.tint(p.stroke(p.at(wing), 1.6), warmer(skin, 0.55), 0.6, blur=1.2)
    p.tint(p.disc(p.at((18, 200)).mean(axis=0), 14, 4), warmer(skin, 0.72), 0.5, blur=3)
    p.tint(p.stroke(p.at((205, 206, 92)), 2), warmer(skin, 0.78), 0.35, blur=2)
    p.tint(p.stroke(p.at((425, 426, 322)), 2), warmer(skin, 0.78), 0.35, blur=2)


def _lighter(color: Color) -> Color:
    return tuple(min(255, int(c * 1.08 + 10)) for c in color)  # type: ignore[return-value]


def _beard(p: Painter) -> None:
    mask = p.polygon(p.at(BEARD))
    p.tint(mask, darker(p.look.hair, 0.85), p.look.beard, blur=5)


def _eye(p: Painter, contour: Sequence[int]) -> None:
    """White, iris, pupil, glint, lids and lashes inside the eyelid loop."""
    rim = p.at(contour)
    center = rim.mean(axis=0)
    wide = rim.copy()
    wide[:, 1] = center[1] + (rim[:, 1] - center[1]) * 1.12
    opening = p.polygon(wide)
    p.tint(opening, (244, 240, 236), 1.0)
    height = float(np.ptp(wide[:, 1])) / OVERSAMPLE
    radius = height * 0.56
    p.tint(p.disc(center, radius, radius) * opening, darker(p.look.iris, 0.6), 1.0)
    p.tint(p.disc(center, radius * 0.84, radius * 0.84) * opening, p.look.iris, 1.0)
    p.tint(p.disc(center, radius * 0.45, radius * 0.45) * opening, (12, 10, 10), 1.0)
    glint = center + np.array([radius * 0.3, -radius * 0.35]) * OVERSAMPLE
    p.tint(p.disc(glint, radius * 0.2, radius * 0.2), (255, 255, 255), 0.9)
    upper, lower = wide[:9], wide[8:]
    p.tint(p.stroke(upper + np.array([0, 4.0]), 2.2) * opening, (90, 70, 66), 0.5, blur=0.8)
    p.tint(p.stroke(upper, 2.2), (34, 22, 20), 0.95, blur=0.4)
    p.tint(p.stroke(lower, 1.2), warmer(p.look.skin, 0.5), 0.7, blur=0.6)
    p.tint(p.stroke(upper - np.array([0, 4.5 * OVERSAMPLE]), 1.4), warmer(p.look.skin, 0.55), 0.55, blur=0.9)


def _mouth(p: Painter) -> None:
    lips = p.look.lips
    p.tint(p.polygon(p.at(UPPER_LIP)), darker(lips, 0.86), 0.95, blur=0.8)
    p.tint(p.polygon(p.at(LOWER_LIP)), lips, 0.95, blur=0.8)
    line = p.at(MOUTH_LINE)
    p.tint(p.stroke(line, 1.9), darker(lips, 0.32), 0.9, blur=0.5)
    p.tint(p.disc(p.at((17, 15)).mean(axis=0), 9, 2), _lighter(lips), 0.4, blur=1.5)


def _glasses(p: Painter) -> None:
    frame = (40, 36, 44)
    centers = [p.at(eye).mean(axis=0) + np.array([0.0, 2.0 * OVERSAMPLE]) for eye in EYES]
    for center in centers:
        hollow = np.clip(p.disc(center, 25, 18) - p.disc(center, 22.8, 15.8), 0, 1)
        p.tint(hollow, frame, 0.95)
    inner = [center + np.array([s * 24 * OVERSAMPLE, 0]) for center, s in zip(centers, (1, -1), strict=True)]
    p.tint(p.stroke(np.array(inner), 2.0), frame, 0.95)


def swatch_colors(look: Appearance) -> dict[str, Color]:
    """Return the plain colour of every swatch."""
    jaw = np.array(look.skin) * (1 - look.beard) + np.array(darker(look.hair, 0.85)) * look.beard
    return {
        "skin": look.skin,
        "skin_shade": warmer(look.skin, 0.9),
        "hair": look.hair,
        "hair_shade": darker(look.hair, 0.82),
        "top": look.top,
        "top_shade": darker(look.top, 0.8),
        "accent": look.top_accent,
        "bottom": look.bottom,
        "bottom_shade": darker(look.bottom, 0.75),
        "shoes": look.shoes,
        "sole": darker(look.shoes, 0.45) if sum(look.shoes) < 600 else (180, 180, 180),
        "jaw": (int(jaw[0]), int(jaw[1]), int(jaw[2])),
        "mouth": (66, 22, 24),
        "belt": darker(look.bottom, 0.45),
    }


def paint_texture(look: Appearance) -> NDArray[np.uint8]:
    """Return the whole (256, 256, 3) RGB texture of one person."""
    texture = np.zeros((TEXTURE_SIZE, TEXTURE_SIZE, 3), np.uint8)
    texture[:] = look.skin
    texture[:FACE_SIZE, :FACE_SIZE] = paint_face(look)
    colors = swatch_colors(look)
    for name in SWATCHES:
        left, top, right, bottom = swatch_box(name)
        texture[top:bottom, left:right] = colors[name]
    return texture


def write_canonical_face(metadata: Path) -> None:
    """Write the canonical face mesh as OBJ (centimetres, texture v up)."""
    from mediapipe.modules.face_geometry.protos import geometry_pipeline_metadata_pb2

    message = geometry_pipeline_metadata_pb2.GeometryPipelineMetadata()
    message.ParseFromString(metadata.read_bytes())
    mesh = message.canonical_mesh
    rows = np.array(mesh.vertex_buffer).reshape(-1, 5)
    lines = ["# Canonical face model of MediaPipe, Copyright The MediaPipe Authors, Apache-2.0"]
    lines += [f"v {x:.5f} {y:.5f} {z:.5f}" for x, y, z, _, _ in rows]
    lines += [f"vt {u:.5f} {1.0 - v:.5f}" for *_, u, v in rows]
    lines += [
        f"f {a + 1}/{a + 1} {b + 1}/{b + 1} {c + 1}/{c + 1}" for a, b, c in np.reshape(mesh.index_buffer, (-1, 3))
    ]
    (ASSETS / "canonical_face.obj").write_text("\n".join(lines) + "\n", encoding="ascii")


def main() -> None:
    """Parse the command line and write the assets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--metadata", type=Path, help="geometry_pipeline_metadata_landmarks.binarypb")
    arguments = parser.parse_args()
    ASSETS.mkdir(exist_ok=True)
    if arguments.metadata is not None:
        write_canonical_face(arguments.metadata)
        canonical_face.cache_clear()
    for look in APPEARANCES:
        cv2.imwrite(str(look.texture_path), cv2.cvtColor(paint_texture(look), cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
