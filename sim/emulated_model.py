"""The error model of the people detector: numbers measured from rendered pixels, loaded from `emulated_model.json`.

Unknown, missing or malformed fields are errors. Curves are piecewise linear and flat beyond their ends.
"""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import msgspec

MODEL_FILE = Path(__file__).resolve().parent / "emulated_model.json"
VIEWS = ("front", "side", "back")  # within 60 degrees of the camera, between, more than 120 degrees


class Curve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """y over x; x rises."""

    x: tuple[float, ...]
    y: tuple[float, ...]

    def __post_init__(self) -> None:
        """Raises ValueError when it is not a curve."""
        rising = all(a < b for a, b in zip(self.x, self.x[1:], strict=False))
        if len(self.x) != len(self.y) or not self.x or not rising:
            raise ValueError("a curve needs as many y as x, at least one, and rising x")

    def at(self, x: float) -> float:
        """Return y at x."""
        i = bisect_right(self.x, x)
        if i == 0 or i == len(self.x):
            return self.y[min(i, len(self.x) - 1)]
        x0, x1, y0, y1 = self.x[i - 1], self.x[i], self.y[i - 1], self.y[i]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


class CurveByView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One curve for each side from which a person is seen."""

    front: Curve
    side: Curve
    back: Curve


class NumberByView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number for each side from which a person is seen."""

    front: float
    side: float
    back: float


class VectorByView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One descriptor for each side from which a person is seen; need not be of unit length."""

    front: tuple[float, ...]
    side: tuple[float, ...]
    back: tuple[float, ...]


class FalsePositives(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Things taken for people."""

    per_frame: float
    """probability that a frame holds one"""
    persistence: float
    """probability that it is there in the next frame too, in the same place"""
    distance_min_m: float
    distance_max_m: float
    score_mean: float
    score_std: float


class DetectorModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the pixel detector errs."""

    measured: bool
    """False: provisional numbers, not yet measured."""
    source: str
    """command and date of the measurement"""
    range_m: float
    """what the detector says it can be trusted to"""
    detection: CurveByView
    """probability to be found in a frame over distance (m), wholly visible, near the image's centre line"""
    visible: Curve
    """factor on that over the share of the limbs inside the frame that nothing hides, 0 to 1"""
    bearing: Curve
    """factor on that over |bearing| (rad)"""
    miss_memory: float
    """correlation of being found in one frame and in the next, 0 to 1 (of the latent Gaussian)"""
    along_bias_m: Curve
    """mean error along the ray over distance (m), away from the camera positive"""
    along_std_m: Curve
    """standard deviation of the error along the ray over distance (m)"""
    across_std_m: Curve
    """the same across the ray, in the plane"""
    error_memory: float
    """correlation of position errors from frame to frame, 0 to 1"""
    reported_std_m: Curve
    """what the detector itself says its error is, over distance (m)"""
    height_bias_m: float
    """mean error of the height, above the truth positive"""
    height_std_m: float
    facing_given: NumberByView
    """probability that facing is told at all"""
    facing_std_rad: NumberByView
    facing_reversed: NumberByView
    """probability that it is off by half a turn"""
    bbox_std: float
    """of each edge, relative to the box's height"""
    score_mean: Curve
    """over distance (m)"""
    score_std: float
    appearance_noise: Curve
    """standard deviation of each component of the descriptor before it is made unit length, over the share of sightings
    that have less: most are clean, a few (cut off, half hidden) look like nobody"""
    appearance_memory: float
    """correlation of how noisy it is from frame to frame, 0 to 1 (of the latent Gaussian)"""
    appearance_means: dict[str, VectorByView]
    """per appearance, by the name in sim/people/appearance.py"""
    false_positives: FalsePositives


def load_model(path: Path = MODEL_FILE) -> DetectorModel:
    """Return the model in a JSON file. Raises ValueError with one line that names the file and what is wrong."""
    try:
        model = msgspec.json.decode(path.read_bytes(), type=DetectorModel)
    except (OSError, msgspec.DecodeError) as error:  # ValidationError is a DecodeError
        raise ValueError(f"{path.name}: {error}") from error
    sizes = {len(getattr(v, view)) for v in model.appearance_means.values() for view in VIEWS}
    if len(sizes) != 1:
        raise ValueError(f"{path.name}: appearance_means: descriptors differ in size: {sorted(sizes)}")
    return model
