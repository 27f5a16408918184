"""Programs, labels, numbers and words: what the model may say, and what it reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.language.grammar.generator import examples, others
from policies.language.grammar.patterns import load
from policies.language.labels import ACTIONS, BEGIN, LABELLED, TAGS, allowed, label_of
from policies.language.model import WEIGHTS
from policies.language.numbers import degrees, metres
from policies.language.program import ProgramError, action, read, told
from policies.language.words import WORDS_MAX, WordPieces, words_of


def test_a_program_is_canonical_and_survives_its_line():
    program = (action("go_to", {"place": "The  Kitchen"}), action("turn", {"direction": "left", "angle_deg": 90}))
    assert told(program) == "go_to place=kitchen ; turn angle_deg=90 direction=left"
    assert read(told(program)) == program


@pytest.mark.parametrize(
    ("name", "slots"),
    [("fly", {}), ("stop", {"place": "here"}), ("turn", {"direction": "up"}), ("mimic", {"on": "yes"})],
)
def test_what_the_table_has_not_is_no_action(name, slots):
    with pytest.raises(ProgramError):
        action(name, slots)


def test_json_has_the_contract_s_shape():
    step = action("device", {"device": "the lights", "on": False})
    assert step.as_json() == {"action": "device", "device": "lights", "on": False}


def test_labels_cover_the_table_and_the_grammar():
    assert all(label_of(step) == i for i, step in enumerate(LABELLED))
    assert set(load().commands) == set(ACTIONS) - {"unknown"}


def test_the_grammar_speaks_in_valid_labels_and_repeats_itself():
    drawn = list(examples(3, 400))
    assert drawn == list(examples(3, 400))
    assert drawn != list(examples(4, 400))
    for example in drawn:
        assert BEGIN in example.places
        assert set(example.tags) <= set(TAGS)
        for tag, label in zip(example.tags, example.actions, strict=True):
            assert tag == "O" or tag[2:] in allowed(ACTIONS.index(label))
    assert all(set(example.actions) == {"unknown"} for example in others(3, 200))


@pytest.mark.parametrize(
    ("text", "value"),
    [("ninety degrees", 90), ("half a turn", 180), ("a hundred and twenty degrees", 120), ("270°", 270),
     ("a bit", None),
     ("three sixty", 360), ("a full turn", 360), ("forty-five degrees", 45)],
)  # fmt: skip
def test_angles_as_people_say_them(text, value):
    assert degrees(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("two metres", 2), ("half a metre", 0.5), ("one and a half meters", 1.5), ("50 cm", 0.5), ("a few steps", 1.5),
     ("a bit", None), ("six feet", 1.8288), ("9000 metres", None), ("1,5 m", 1.5)],
)  # fmt: skip
def test_distances_as_people_say_them(text, value):
    assert metres(text) == (None if value is None else pytest.approx(value))


def test_words_are_lower_case_and_few():
    assert words_of("Don’t GO, to the\x00kitchen!! 🤖 2.5 m") == ["don't", "go", "to", "the", "kitchen", "2.5", "m"]
    assert words_of("\t\x07 ... 🙂") == []
    assert len(words_of("go " * 5000)) == WORDS_MAX


@given(st.text(max_size=200))
def test_any_text_has_pieces_for_every_word(text):
    words = words_of(text)
    ids, firsts = PIECES.ids(words)
    assert len(firsts) == len(words)
    assert all(0 < i < len(ids) - 1 for i in firsts)


PIECES = WordPieces(WEIGHTS / "vocab.txt")


def test_pieces_are_bert_s():
    ids, firsts = PIECES.ids(["housemate", "don't", "café"])
    assert ids == [101, 2160, 8585, 2123, 1005, 1056, 7668, 102]
    assert firsts == [1, 3, 6]
