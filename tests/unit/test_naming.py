"""Whom words name: ways of calling somebody count, things that are called the same do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from launch.home import CALLED
from policies.language.naming import Part, parts_of
from policies.language.node import LanguageConfig, LanguageNode
from robot import topics
from robot.messages import CommandText
from robot.node import Envelope, Inbox, Stamped

NAMED = [
    ("nod", ("", "nod")),
    ("Go to the kitchen, then the hall.", ("", "Go to the kitchen, then the hall.")),
    ("display, nod", ("display", "nod")),
    ("Display: bow", ("display", "bow")),
    ("hey lamp look at me", ("display", "look at me")),
    ("housemate, screen, nod", ("display", "nod")),
    ("the arm, look up", ("display", "look up")),
    ("nod, display please.", ("display", "nod")),
    ("tell the display to nod", ("display", "nod")),
    ("ask the display who is there", ("display", "who is there")),
    ("make the lamp nod", ("display", "nod")),
    ("make the display brighter", ("", "make the display brighter")),
    ("display brightness 50", ("", "display brightness 50")),
    ("lamp on", ("", "lamp on")),
    ("arm the alarm", ("", "arm the alarm")),
    ("display the time", ("", "display the time")),
    ("turn off the lamp", ("", "turn off the lamp")),
    ("go to the display", ("", "go to the display")),
    ("where is the rover", ("", "where is the rover")),
    ("the display is dark", ("", "the display is dark")),
    ("rover come here", ("rover", "come here")),
    ("come here, rover", ("rover", "come here")),
    ("both of you, stop", ("both", "stop")),
    ("rover and display, stop", ("both", "stop")),
    ("display", ("", "display")),
    ("rover, go to the kitchen and display, nod", ("rover", "go to the kitchen"), ("display", "nod")),
    ("Rover, come here. Display, look at me.", ("rover", "come here."), ("display", "look at me.")),
    (
        "tell the rover to go to the kitchen and the display to nod",
        ("rover", "go to the kitchen"),
        ("display", "nod"),
    ),
    ("go to the kitchen and display, look at me", ("", "go to the kitchen"), ("display", "look at me")),
]


@pytest.mark.parametrize("case", NAMED, ids=lambda case: case[0])
def test_whom_a_text_names(case) -> None:
    text, *parts = case
    assert parts_of(text, CALLED) == tuple(Part(*part) for part in parts)


@given(st.text(max_size=60))
def test_any_text_is_somebodys_and_nobody_is_no_name(text: str) -> None:
    assert parts_of(text, CALLED)
    assert parts_of(text, ()) == (Part("", text),)


def test_one_text_becomes_a_command_for_each_body() -> None:
    node = LanguageNode(LanguageConfig(bodies=CALLED), default_rng(0))
    said = CommandText(stamp_ns=5, text="rover, go to the kitchen and display, nod")
    stamped = Stamped(Envelope(topics.COMMAND_TEXT.name, 0, 5, "commands"), said)
    out = node.step(10, Inbox(10, {stamped.envelope.topic: stamped}, {stamped.envelope.topic: [stamped]}))
    found = [(message.to, message.text, [step.action for step in message.steps]) for _, message, _ in out.items]
    assert found == [("rover", "go to the kitchen", ["go_to"]), ("display", "nod", ["gesture"])]
