"""Eight visibly different people, as data: size, skin, hair, clothes and the painted face of each.

Colours are 8-bit sRGB triples. Everything that meshes, textures and collision shapes need to know about one
person is in one `Appearance`; adding a person is adding a row and running `tools/make_people.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Color = tuple[int, int, int]
HairStyle = Literal["bald", "short", "curly", "bob", "long", "bun", "ponytail"]
Sleeves = Literal["short", "long"]
Legwear = Literal["trousers", "shorts", "culottes"]

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Appearance:
    """One person's looks.

    Attributes:
        name: also the stem of the texture file.
        height_m: floor to crown, standing, without hair volume.
        head_scale: 1 is the canonical face (chin to crown 0.22 m); a child's head is smaller than an adult's,
            but larger for its height.
        shoulders, waist, hips: width factors of the trunk, 1 is the average adult for that height.
        beard: 0 clean-shaven, 1 full.
    """

    name: str
    height_m: float
    head_scale: float
    skin: Color
    lips: Color
    iris: Color
    hair: Color
    hair_style: HairStyle
    top: Color
    top_accent: Color
    bottom: Color
    shoes: Color
    sleeves: Sleeves = "long"
    legwear: Legwear = "trousers"
    shoulders: float = 1.0
    waist: float = 1.0
    hips: float = 1.0
    beard: float = 0.0
    glasses: bool = False

    def at_height(self, height_m: float) -> Appearance:
        """Return the same person grown or shrunk; the head follows a third of the way, as in children."""
        ratio = height_m / self.height_m
        return replace(self, height_m=height_m, head_scale=self.head_scale * ratio ** (1.0 / 3.0))

    @property
    def texture_path(self) -> Path:
        """The painted face with a strip of colour swatches (PNG, 256 x 256)."""
        return ASSETS / f"{self.name}.png"


APPEARANCES: tuple[Appearance, ...] = (
    Appearance(
        name="anna", height_m=1.68, head_scale=0.97, skin=(236, 196, 170), lips=(196, 98, 96), iris=(70, 105, 140),
        hair=(150, 98, 48), hair_style="long", top=(190, 40, 48), top_accent=(235, 225, 210), bottom=(44, 62, 110),
        shoes=(240, 240, 235), shoulders=0.92, waist=0.9, hips=1.04,
    ),
    Appearance(
        name="ben", height_m=1.83, head_scale=1.02, skin=(224, 178, 148), lips=(176, 104, 96), iris=(84, 62, 40),
        hair=(62, 42, 28), hair_style="short", top=(46, 110, 62), top_accent=(28, 70, 40), bottom=(150, 132, 100),
        shoes=(92, 58, 36), shoulders=1.05, beard=0.55,
    ),
    Appearance(
        name="chidi", height_m=1.9, head_scale=1.03, skin=(128, 82, 56), lips=(128, 66, 62), iris=(46, 28, 18),
        hair=(24, 20, 20), hair_style="short", top=(236, 190, 40), top_accent=(60, 60, 66), bottom=(58, 60, 66),
        shoes=(32, 32, 36), sleeves="short", shoulders=1.08, waist=0.98,
    ),
    Appearance(
        name="dina", height_m=1.6, head_scale=0.95, skin=(202, 150, 112), lips=(170, 78, 80), iris=(60, 40, 26),
        hair=(34, 24, 22), hair_style="bun", top=(120, 60, 150), top_accent=(90, 40, 120), bottom=(50, 40, 70),
        shoes=(140, 50, 90), legwear="culottes", shoulders=0.9, waist=0.88, hips=1.05,
    ),
    Appearance(
        name="emil", height_m=1.1, head_scale=0.87, skin=(240, 202, 178), lips=(206, 120, 114), iris=(70, 120, 110),
        hair=(214, 172, 96), hair_style="short", top=(240, 130, 36), top_accent=(250, 250, 245), bottom=(40, 90, 170),
        shoes=(200, 44, 44), sleeves="short", legwear="shorts", shoulders=0.95, waist=1.1,
    ),
    Appearance(
        name="fumiko", height_m=1.55, head_scale=0.95, skin=(238, 200, 162), lips=(190, 90, 92), iris=(50, 34, 26),
        hair=(26, 24, 30), hair_style="bob", top=(240, 236, 226), top_accent=(40, 120, 150), bottom=(40, 128, 136),
        shoes=(60, 60, 64), shoulders=0.9, waist=0.92, glasses=True,
    ),
    Appearance(
        name="george", height_m=1.74, head_scale=1.0, skin=(232, 186, 160), lips=(184, 112, 104), iris=(90, 110, 130),
        hair=(196, 194, 190), hair_style="bald", top=(84, 128, 190), top_accent=(60, 96, 150), bottom=(84, 70, 60),
        shoes=(50, 40, 34), waist=1.18, hips=1.05, beard=0.25,
    ),
    Appearance(
        name="hana", height_m=1.38, head_scale=0.92, skin=(172, 118, 84), lips=(156, 78, 76), iris=(40, 26, 18),
        hair=(58, 30, 20), hair_style="ponytail", top=(236, 120, 170), top_accent=(250, 210, 230), bottom=(70, 70, 80),
        shoes=(245, 245, 245), sleeves="short", shoulders=0.92, waist=0.98,
    ),
)  # fmt: skip


def appearance(name: str) -> Appearance:
    """Return the appearance called `name`; KeyError names the ones there are."""
    for row in APPEARANCES:
        if row.name == name:
            return row
    raise KeyError(f"no appearance {name!r}; there are {', '.join(row.name for row in APPEARANCES)}")
