"""Whether a word stands in a row of sounds: exactly, with others around it, and how far behind it falls elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from robot.voice.features import Floats
from robot.voice.phones import NONE
from robot.voice.pronouncing import PHONES
from robot.voice.spotter import STOP, behind


def heard(text: str) -> Floats:
    """Rows in which each sound in turn has the chance 0.6, the others 0.01; "-" is none."""
    rows = np.full((len(text.split()), NONE + 1), np.log(0.01), np.float32)
    for row, sound in zip(rows, text.split(), strict=True):
        row[NONE if sound == "-" else PHONES.index(sound)] = np.log(0.6)
    return rows


@pytest.mark.parametrize("text", ["S T AA P", "- S S T - AA AA P -", "G OW - S T AA P", "S T AA P IH NG"])
def test_the_word_is_found_wherever_it_stands(text: str) -> None:
    assert behind(heard(text), STOP) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("text", "wrong"), [("S T AA R T", 1), ("S T EH P", 1), ("S P IY K", 3)])
def test_another_word_falls_behind_by_the_sounds_that_differ(text: str, wrong: int) -> None:
    assert behind(heard(text), STOP) == pytest.approx(wrong * np.log(60.0) / 4, rel=0.35)


def test_of_nothing_or_too_little_the_word_is_never_part() -> None:
    assert behind(heard(""), STOP) > 1e6
    assert behind(heard("S T AA"), STOP) > 1e6
