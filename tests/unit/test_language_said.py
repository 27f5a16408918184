"""What people would say: laid out for training so that it reads as its program, and kept apart from what measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.language.labels import DROPPED
from policies.language.program import read
from policies.language.score import DEV, read_set
from policies.language.words import words_of
from tools.language.said import SAID, laid_out, reads_as

HELD_OUT = [DEV, DEV.parent / "unseen.txt", DEV.parent / "unseen_author.txt"]


@pytest.mark.parametrize(
    ("text", "program", "begins"),
    [
        ("find my keys", "find target=my keys", [0]),
        ("go to the hall and look at the stain", "go_to place=hall ; look_at target=stain", [0, 4]),
        ("move back two metres then stop", "move direction=back distance_m=2 ; stop", [0, 4]),
        ("patrol the hall and the study", "patrol places=hall, study", [0]),
        ("nice weather", "unknown", [0]),
    ],
)  # fmt: skip
def test_a_sentence_is_laid_out_as_its_program(text, program, begins):
    example = laid_out(words_of(text), read(program))
    assert example is not None
    assert reads_as(example) == read(program)
    assert [i for i, place in enumerate(example.places) if place == 1] == begins


@pytest.mark.parametrize(
    ("text", "program", "dropped"),
    [
        ("go to the hall no wait the study", "go_to place=study", "the hall no wait"),
        ("follow anna no follow ben and stop", "follow target=ben ; stop", "follow anna no"),
        ("tell mum there is no milk", "say target=mum text=there is no milk", ""),
        ("hang up on the bank", "hang_up person=bank", ""),
    ],
)
def test_what_is_taken_back_is_marked(text, program, dropped):
    example = laid_out(words_of(text), read(program))
    assert example is not None
    assert reads_as(example) == read(program)
    assert " ".join(w for w, place in zip(example.words, example.places, strict=True) if place == DROPPED) == dropped


@pytest.mark.parametrize(
    ("text", "program"),
    [("find my keys", "find target=my glasses"), ("go to the hall", "go_to place=hall ; stop")],
)
def test_what_cannot_be_laid_out_is_left(text, program):
    assert laid_out(words_of(text), read(program)) is None


def test_nearly_all_is_laid_out():
    spoken = read_set(SAID)
    assert sum(laid_out(words_of(s.text), s.program) is not None for s in spoken[::7]) > 0.93 * len(spoken[::7])


@pytest.mark.parametrize("file", HELD_OUT)
def test_what_measures_is_not_learned_from(file: Path):
    learned = {tuple(words_of(s.text)) for s in read_set(SAID)}
    assert not [s.text for s in read_set(file) if tuple(words_of(s.text)) in learned]
