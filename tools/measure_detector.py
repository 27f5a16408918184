"""Measures how the real people detector errs on rendered pixels: `python -m tools.measure_detector`.

Writes sim/emulated_model.json, from which the emulated level draws its sightings, and prints the table. How: a camera
is carried through episodes in all six homes (tools/detector_samples.py; four to five minutes on one core), clothes
vary by episode so that everybody occurs, and every true person in every frame is compared with what the detector said.

The chance to be found is a product of three curves, over distance (one for each side of the person), over the share
of limbs that nothing hides and over the bearing, fitted together by maximum likelihood. Errors along and across the ray
are means and standard deviations over distance, weighted by the hat functions of the curve's knots; memories are the
correlation from one frame to the next, for misses that of the latent Gaussian that the emulator uses, matched to the
count of misses in a row.
"""

from __future__ import annotations

import argparse
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from robot.perception.appearance import BANDS
from robot.perception.detector import DetectorConfig
from sim.emulated_model import (
    MODEL_FILE,
    VIEWS,
    Curve,
    CurveByView,
    DetectorModel,
    FalsePositives,
    NumberByView,
    VectorByView,
)
from sim.people.appearance import APPEARANCES
from tools.detector_samples import Ghost, Sample, Samples, collect
from worlds.catalog import list_worlds

FIRST_SEED = 2000  # far from those of benches and of training
DISTANCES = (0.4, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)
BARE = (0.05, 0.15, 0.3, 0.5, 0.7, 1.0)
BEARINGS = (0.0, 0.55, 0.68, 0.76, 0.85)
ERRORS_AT = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.5)
QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)
PRIOR = 5.0  # people of a knot that are taken from the curve of all sides
MEMORY_MAX = 0.98
SAME_GHOST_M = 0.4  # a ghost this near to one of the frame before is the same
LEAST_VIEWS = 5  # sightings of one look from one side; with fewer the mean of its other sides stands in
Floats = NDArray[np.float64]


def hats(x: Floats, knots: tuple[float, ...]) -> Floats:
    """Return (N, K) weights by which a piecewise linear curve, flat beyond its ends, sums its values at the knots."""
    eye = np.eye(len(knots))
    return np.column_stack([np.interp(x, knots, row) for row in eye])


class Detection:
    """The chance to be found as a product of curves of the distance (for each side), what is bare and the bearing."""

    def __init__(self, people: list[Sample]) -> None:
        """Fit to people of whom something shows: most likely values, first for all sides together, then for each."""
        found = np.array([s.found for s in people], dtype=float)
        side = np.array([VIEWS.index(s.view) for s in people])
        near = hats(np.array([s.distance for s in people]), DISTANCES)
        bare = hats(np.array([s.bare for s in people]), BARE)
        aside = hats(np.array([abs(s.bearing) for s in people]), BEARINGS)
        pooled, self.bare, self.bearing = _product(found, near, bare, aside)
        rest = (bare @ self.bare) * (aside @ self.bearing)
        self.distance = np.array(
            [_most_likely(found[side == v], near[side == v], rest[side == v], pooled) for v in range(len(VIEWS))]
        )
        self.chance = (near * self.distance[side]).sum(axis=1) * rest


def _product(found: Floats, near: Floats, bare: Floats, aside: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the most likely values at the knots of three factors: any, rising to 1, falling from 1."""
    first, second = near.shape[1], near.shape[1] + bare.shape[1] - 1

    def parts(values: Floats) -> tuple[Floats, Floats, Floats]:
        rising = np.cumprod(np.append(1.0, values[first:second]))[::-1]
        return values[:first], rising, np.cumprod(np.append(1.0, values[second:]))

    def cost(values: Floats) -> float:
        distance, rising, falling = parts(values)
        return _unlikeliness(found, (near @ distance) * (bare @ rising) * (aside @ falling))

    start = np.full(second + aside.shape[1] - 1, 0.9)
    return parts(minimize(cost, start, method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(start)).x)


def _most_likely(found: Floats, near: Floats, rest: Floats, prior: Floats) -> Floats:
    """Return one factor's values when the others are known, drawn toward `prior` where there is little."""

    def cost(values: Floats) -> float:
        drawn = PRIOR * len(values) * _unlikeliness(prior, values)
        return drawn + len(found) * _unlikeliness(found, (near @ values) * rest)

    values: Floats = minimize(cost, prior, method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(prior)).x
    return values


def _unlikeliness(found: Floats, chance: Floats) -> float:
    """Return the mean negative log likelihood."""
    chance = np.clip(chance, 1e-4, 1.0 - 1e-4)
    return float(-np.mean(found * np.log(chance) + (1.0 - found) * np.log(1.0 - chance)))


def follow_ups(people: list[Sample]) -> list[tuple[int, int]]:
    """Return index pairs of one person in one frame and in the next."""
    at = {(s.run, s.person, s.frame): i for i, s in enumerate(people)}
    pairs = ((i, at.get((s.run, s.person, s.frame + 1))) for i, s in enumerate(people))
    return [(i, j) for i, j in pairs if j is not None]


def miss_memory(people: list[Sample], chance: Floats) -> float:
    """Return the correlation of the latent Gaussian that gives as many misses in a row as there are."""
    first, second = (np.array(column) for column in zip(*follow_ups(people), strict=True))
    missed = np.array([not s.found for s in people])
    both = float((missed[first] & missed[second]).sum())
    a, b = (ndtri(1.0 - np.clip(chance[rows], 1e-6, 1.0 - 1e-6)) for rows in (first, second))
    # Two Gaussians of correlation m are sqrt(m) z + sqrt(1 - m) e with a common z, over which is integrated.
    nodes = ndtri((np.arange(200) + 0.5) / 200)
    low, high = 0.0, MEMORY_MAX
    for _ in range(20):
        memory = 0.5 * (low + high)
        shared, own = math.sqrt(memory), math.sqrt(1.0 - memory)
        expected = np.mean([(ndtr((a - shared * z) / own) * ndtr((b - shared * z) / own)).sum() for z in nodes])
        low, high = (memory, high) if expected < both else (low, memory)
    return low


def curve(x: tuple[float, ...], y: Floats, digits: int = 3) -> Curve:
    """Return a rounded Curve."""
    return Curve(x=x, y=tuple(round(float(v), digits) for v in y))


def weighted(knots: tuple[float, ...], x: Floats, y: NDArray[np.floating[Any]]) -> Floats:
    """Return the mean of y about each knot."""
    weight = hats(x, knots) + 1e-9
    means: Floats = (weight * y[:, None]).sum(axis=0) / weight.sum(axis=0)
    return means


def by_side(people: list[Sample], number) -> NumberByView:  # type: ignore[no-untyped-def]
    """Return number(samples of one side) for each side."""
    return NumberByView(**{v: round(float(number([s for s in people if s.view == v])), 3) for v in VIEWS})


def _reversed(found: list[Sample]) -> float:
    told = [abs(s.facing) > math.pi / 2.0 for s in found if s.facing is not None]
    return float(np.mean(told)) if told else 0.0


def _facing_std(found: list[Sample]) -> float:
    told = [s.facing for s in found if s.facing is not None and abs(s.facing) <= math.pi / 2.0]
    return float(np.sqrt(np.mean(np.square(told)))) if told else 0.0


def _error_memory(found: list[Sample], along: Floats, across: Floats) -> float:
    """Return the correlation of scaled errors from frame to frame."""
    pairs = [(i, j) for i, j in follow_ups(found)]
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    products = [float(np.corrcoef(e[first], e[second])[0, 1]) for e in (along, across)]
    return max(0.0, float(np.mean(products)))


def appearances(found: list[Sample]) -> tuple[dict[str, VectorByView], Floats]:
    """Return the mean descriptor of each look from each side, and (N,) standard deviations of a component about it."""
    means, side = {}, {}
    for look in (row.name for row in APPEARANCES):
        rows = {v: [s.appearance for s in found if s.look == look and s.view == v] for v in VIEWS}
        everything = [a for v in VIEWS for a in rows[v]]
        if not everything:
            raise ValueError(f"nobody looked like '{look}' in these episodes; add seeds")
        for v in VIEWS:
            side[look, v] = np.mean(rows[v] if len(rows[v]) >= LEAST_VIEWS else everything, axis=0)
        means[look] = VectorByView(**{v: tuple(round(float(x), 4) for x in side[look, v]) for v in VIEWS})
    return means, np.array([_looks_error(s.appearance, side[s.look, s.view]) for s in found])


def _looks_error(seen: NDArray[np.float32], mean: Floats) -> float:
    """Return the standard deviation of a component over the bands of height that were in view (as comparing does)."""
    bands, usual = seen.reshape(BANDS, -1), mean.reshape(BANDS, -1)
    there = bands.any(axis=1)
    if not there.any():
        return float(np.sqrt(np.mean(np.square(mean))))
    usual = usual[there] / max(1e-9, float(np.linalg.norm(usual[there])))
    return float(np.sqrt(np.mean(np.square(bands[there] - usual))))


def _rank_memory(found: list[Sample], values: Floats) -> float:
    """Return the correlation from frame to frame of values made Gaussian by their ranks."""
    ranks = ndtri((np.argsort(np.argsort(values, kind="stable"), kind="stable") + 0.5) / len(values))
    first, second = (np.array(column) for column in zip(*follow_ups(found), strict=True))
    return max(0.0, float(np.corrcoef(ranks[first], ranks[second])[0, 1]))


def ghosts_model(samples: Samples) -> FalsePositives:
    """Return how often, where and for how long nobody is taken for somebody."""
    ghosts = samples.ghosts or [Ghost(0, 0, "", 0.0, 0.0, 3.0, 0.0, 0.5, np.zeros(0, np.float32))]
    distance, score = np.array([g.distance for g in ghosts]), np.array([g.score for g in ghosts])
    return FalsePositives(
        per_frame=round(len(samples.ghosts) / max(1, samples.following), 4),
        persistence=round(_stays(samples.ghosts), 3),
        distance_min_m=round(float(np.percentile(distance, 5)), 2),
        distance_max_m=round(float(np.percentile(distance, 95)), 2),
        score_mean=round(float(score.mean()), 3),
        score_std=round(float(score.std()), 3),
    )


def _stays(ghosts: list[Ghost]) -> float:
    """Return the share of ghosts that are still there in the next frame."""
    at: dict[tuple[int, int], list[Ghost]] = {}
    for ghost in ghosts:
        at.setdefault((ghost.run, ghost.frame), []).append(ghost)
    stayed = [
        any(math.hypot(g.x - n.x, g.y - n.y) < SAME_GHOST_M for n in at.get((g.run, g.frame + 1), ())) for g in ghosts
    ]
    return float(np.mean(stayed)) if stayed else 0.0


def fit(samples: Samples, source: str) -> DetectorModel:
    """Return the error model of what was collected. Raises ValueError when somebody was never seen."""
    people = [s for s in samples.people if s.fraction > 0.0]
    detection, found = Detection(people), [s for s in people if s.found]
    distance = np.array([s.distance for s in found])
    along, across = np.array([s.along for s in found]), np.array([s.across for s in found])
    bias = weighted(ERRORS_AT, distance, along)
    along = along - np.interp(distance, ERRORS_AT, bias)
    along_std, across_std = (np.sqrt(weighted(ERRORS_AT, distance, np.square(e))) for e in (along, across))
    scaled = (along / np.interp(distance, ERRORS_AT, along_std), across / np.interp(distance, ERRORS_AT, across_std))
    heights = np.array([s.height for s in found if not math.isnan(s.height)])
    score = np.array([s.score for s in found])
    score_mean = weighted(ERRORS_AT, distance, score)
    means, noise = appearances(found)
    box, reported = np.array([s.box for s in found]), np.array([s.std_m for s in found])
    return DetectorModel(
        measured=True,
        source=source,
        range_m=DetectorConfig().range_m,
        detection=CurveByView(**{v: curve(DISTANCES, detection.distance[i]) for i, v in enumerate(VIEWS)}),
        visible=curve((0.0, *BARE), np.append(0.0, detection.bare)),
        bearing=curve(BEARINGS, detection.bearing),
        miss_memory=round(miss_memory(people, detection.chance), 3),
        along_bias_m=curve(ERRORS_AT, bias),
        along_std_m=curve(ERRORS_AT, along_std),
        across_std_m=curve(ERRORS_AT, across_std),
        error_memory=round(_error_memory(found, *scaled), 3),
        reported_std_m=curve(ERRORS_AT, weighted(ERRORS_AT, distance, reported)),
        height_bias_m=round(float(np.median(heights)), 3),
        height_std_m=round(float(np.ptp(np.percentile(heights, (16, 84)))) / 2.0, 3),
        facing_given=by_side(found, lambda rows: np.mean([s.facing is not None for s in rows]) if rows else 0.0),
        facing_std_rad=by_side(found, _facing_std),
        facing_reversed=by_side(found, _reversed),
        bbox_std=round(float(1.4826 * np.median(np.abs(box))), 3),
        score_mean=curve(ERRORS_AT, score_mean),
        score_std=round(float((score - np.interp(distance, ERRORS_AT, score_mean)).std()), 3),
        appearance_noise=curve(QUANTILES, np.quantile(noise, QUANTILES), digits=4),
        appearance_memory=round(_rank_memory(found, noise), 3),
        appearance_means=means,
        false_positives=ghosts_model(samples),
    )


def table(samples: Samples, model: DetectorModel) -> str:
    """Return what was measured, to read."""
    people, found = samples.people, [s for s in samples.people if s.found]
    lines = [f"{samples.frames} frames, {len(people)} people in them, {len(found)} found, {len(samples.ghosts)} ghosts"]
    lines.append("found, share (of)   " + "".join(f"{f'{a:g}-{b:g} m':>14}" for a, b in _bins()))
    for view in VIEWS:
        cells = []
        for a, b in _bins():
            rows = [s.found for s in people if s.view == view and a <= s.distance < b and s.fraction >= 0.4]
            cells.append(f"{np.mean(rows):6.3f} ({len(rows)})" if rows else "-")
        lines.append(f"  {view + ', 0.4 in sight':18}" + "".join(f"{c:>14}" for c in cells))
    for name, value in msgspec.structs.asdict(model).items():
        if name != "appearance_means":
            lines.append(f"{name:18} {_told(value)}")
    looks = [row.name for row in APPEARANCES]
    lines.append("seen as " + ", ".join(f"{n} {sum(s.look == n for s in found)}" for n in looks))
    places: dict[tuple[str, float, float], int] = {}
    for g in samples.ghosts:
        key = (g.where, round(2.0 * g.x) / 2.0, round(2.0 * g.y) / 2.0)
        places[key] = places.get(key, 0) + 1
    worst = sorted(places.items(), key=lambda row: (-row[1], row[0]))[:8]
    lines.append("ghosts at " + ", ".join(f"{w} ({x:g}, {y:g}): {n}" for (w, x, y), n in worst))
    return "\n".join(lines)


def _bins() -> list[tuple[float, float]]:
    edges = (0.3, 0.7, 1.0, 1.5, 2.5, 3.5, 5.0, 6.5)
    return list(pairwise(edges))


def _told(value: object) -> str:
    if isinstance(value, Curve):
        return "  ".join(f"{x:g}: {y:g}" for x, y in zip(value.x, value.y, strict=True))
    if isinstance(value, CurveByView):
        return "".join(f"\n  {v:16} {_told(getattr(value, v))}" for v in VIEWS)
    if isinstance(value, msgspec.Struct):
        return ", ".join(f"{k} {v:g}" for k, v in msgspec.structs.asdict(value).items())
    return str(value)


def lines(model: DetectorModel) -> str:
    """Return the model as JSON, a line for each field and each look: so two measurements can be compared."""
    fields = msgspec.structs.asdict(model)
    looks = fields.pop("appearance_means")
    rows = [f'"{name}": {msgspec.json.encode(value).decode()}' for name, value in fields.items()]
    means = [f'  "{name}": {msgspec.json.encode(value).decode()}' for name, value in looks.items()]
    return "{\n" + ",\n".join([*rows, '"appearance_means": {\n' + ",\n".join(means) + "\n}"]) + "\n}\n"


def main() -> None:
    """Collect, fit, print, write."""
    parser = argparse.ArgumentParser(description="Measure the people detector on rendered pixels.")
    parser.add_argument("--seconds", type=float, default=24.0, help="of each episode")
    parser.add_argument("--seeds", type=int, default=2, help="episodes in each home")
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    args = parser.parse_args()
    samples, number = Samples(), 0
    for seed in range(FIRST_SEED, FIRST_SEED + args.seeds):
        for world in list_worlds():
            collect(world, seed, number, args.seconds, samples)
            number += 1
            print(f"\r{number} episodes", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    seeds = f"seeds {FIRST_SEED} to {FIRST_SEED + args.seeds - 1}"
    source = f"python -m tools.measure_detector --seconds {args.seconds:g} --seeds {args.seeds} (all homes, {seeds})"
    model = fit(samples, source)
    print(table(samples, model))
    args.out.write_text(lines(model))


if __name__ == "__main__":
    main()
