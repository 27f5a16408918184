"""Fit the confidence to the development set, and write down what the committed model reaches there.

    python -m tools.language.calibrate

Two numbers (Platt, 1999) over the decoder's confidence; the half of the set they are fitted on is not the half that
the calibration error in the log is measured on. What is less sure than `reject_below` counts as not understood.
"""

from __future__ import annotations

import json

import numpy as np
from scipy.optimize import minimize

from policies.language.labels import all_unknown
from policies.language.model import WEIGHTS, LanguageModel
from policies.language.score import DEV, read_set, score

REJECT_BELOW = 0.3  # a reading that is wrong in more than two of three cases is none to act on


def main() -> None:
    """Write calibration.json and scores.json beside the weights."""
    target = WEIGHTS / "calibration.json"
    target.write_text(json.dumps({"scale": 1.0, "offset": 0.0, "reject_below": 0.0}) + "\n")
    model, sentences = LanguageModel(), read_set(DEV)
    readings = [model.read(sentence.text) for sentence in sentences]
    raw = np.clip([reading.confidence for reading in readings], 1e-6, 1 - 1e-6)
    odds = np.log(raw / (1 - raw))
    right = np.array([r.program == s.program for r, s in zip(readings, sentences, strict=True)], float)
    fitted = fit(odds[::2], right[::2])
    print(f"calibration error on the other half: {error(odds[1::2], right[1::2], fitted):.3f}")
    scale, offset = fit(odds, right)
    commands = right * np.array([not all_unknown(s.program) for s in sentences])
    sure = 1.0 / (1.0 + np.exp(-(scale * odds + offset)))
    lost = (commands * (sure < REJECT_BELOW)).sum() / commands.sum()
    print(
        f"below {REJECT_BELOW} rejected: {(sure < REJECT_BELOW).mean():.3f} of all, {lost:.3f} of commands read right"
    )
    target.write_text(json.dumps({"scale": scale, "offset": offset, "reject_below": REJECT_BELOW}) + "\n")
    reached = score([s.program for s in sentences], [reading.program for reading in readings])
    (WEIGHTS / "scores.json").write_text(json.dumps({k: round(v, 4) for k, v in reached.items()}, indent=1) + "\n")
    print(reached)


def fit(odds: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Return scale and offset that make the logistic of odds most likely for what was right."""

    def loss(parameters: np.ndarray) -> float:
        z = parameters[0] * odds + parameters[1]
        return float(np.mean(np.logaddexp(0, z) - right * z))

    best = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return round(float(best[0]), 4), round(float(best[1]), 4)


def error(odds: np.ndarray, right: np.ndarray, parameters: tuple[float, float]) -> float:
    """Return the expected calibration error over ten equal groups."""
    sure = 1 / (1 + np.exp(-(parameters[0] * odds + parameters[1])))
    groups = np.array_split(np.argsort(sure, kind="stable"), 10)
    return float(sum(len(g) * abs(sure[g].mean() - right[g].mean()) for g in groups) / len(odds))


if __name__ == "__main__":
    main()
