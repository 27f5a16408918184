"""Angles and distances in sentences to train on: the number and its unit are the slot, and figures stand for words."""

from __future__ import annotations

import pytest

from policies.language.program import read
from policies.language.words import words_of
from tools.language.measures import in_figures
from tools.language.said import laid_out, reads_as


def example_of(text, program):
    example = laid_out(words_of(text), read(program))
    assert example is not None
    return example


@pytest.mark.parametrize(
    ("text", "program", "told"),
    [
        ("drive forward five metres full send", "move direction=forward distance_m=5", "five metres"),
        ("drive a metre and a half straight on", "move direction=forward distance_m=1.5", "a metre and a half"),
        ("turn right forty five degrees and stop", "turn direction=right angle_deg=45 ; stop", "forty five degrees"),
        ("turn yourself three sixty", "turn angle_deg=360", "three sixty"),
        ("stop and go back a metre and wait", "stop ; move direction=back distance_m=1 ; pause", "a metre"),
        ("go 2 metres back", "move direction=back distance_m=2", "2 metres"),
    ],
)
def test_no_more_than_the_measure_is_the_slot(text, program, told):
    example = example_of(text, program)
    slot = "angle_deg" if "angle" in program else "distance_m"
    assert " ".join(w for w, tag in zip(example.words, example.tags, strict=True) if tag.endswith(slot)) == told


@pytest.mark.parametrize(
    ("text", "program", "figures"),
    [
        ("turn left twenty degrees", "turn direction=left angle_deg=20", "turn left 20 degrees"),
        ("go back half a metre and stop", "move direction=back distance_m=0.5 ; stop", "go back 0.5 metre and stop"),
        ("back off three feet please", "move direction=back distance_m=0.914", "back off 3 feet please"),
    ],
)
def test_figures_stand_for_the_words(text, program, figures):
    told = in_figures(example_of(text, program))
    assert told is not None
    assert told.words == tuple(figures.split())
    assert reads_as(told) == read(program)


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("turn left 20 degrees", "turn direction=left angle_deg=20"),
        ("go to room two", "go_to place=room two"),
        ("spin half a turn", "turn angle_deg=180"),
    ],
)
def test_what_tells_no_measure_in_words_stays(text, program):
    assert in_figures(example_of(text, program)) is None
