"""Programs carried out on a point robot in the apartment's floor plan: places, questions, corrections, pauses, ends."""

from __future__ import annotations

import math

import pytest

from tests.unit.behaviour_theatre import Theatre


def test_it_goes_where_it_is_told_and_says_so() -> None:
    theatre = Theatre()
    theatre.tell("go to the kitchen", "go_to place=kitchen")
    theatre.until_idle()
    assert theatre.room == "kitchen"
    assert [reply.kind for reply in theatre.replies] == ["progress", "done"]


def test_it_counts_who_is_there() -> None:
    theatre = Theatre(others=((0.6, 5.2), (2.9, 6.6)))
    theatre.tell("see who is in the kitchen", "inspect place=kitchen question=who is in the kitchen")
    theatre.until_idle()
    assert theatre.room == "kitchen"
    assert "two people in the kitchen" in theatre.said


def test_an_empty_room_is_said_to_be_empty() -> None:
    theatre = Theatre()
    theatre.tell("is anyone in the office", "inspect question=is anyone in the office")
    theatre.until_idle()
    assert "nobody in the office" in theatre.said


def test_one_of_several_is_asked_for_before_anything_moves() -> None:
    theatre = Theatre()
    theatre.tell("go to the desk", "go_to place=desk")
    theatre.run(2.0)
    assert theatre.replies[-1].kind == "question"
    assert theatre.rooms == ["living"]
    assert theatre.pose.distance_to(0.0, 0.0) == 0.0
    theatre.tell("the one in the office")
    theatre.until_idle()
    assert theatre.room == "office"


def test_an_unknown_place_is_asked_for_and_remembered() -> None:
    theatre = Theatre()
    theatre.tell("go to the den", "go_to place=den")
    assert theatre.replies[-1].kind == "question"
    theatre.tell("that's the office")
    theatre.until_idle()
    assert theatre.room == "office"
    theatre.tell("come here", "go_to place=here")
    theatre.until_idle()
    theatre.tell("go to the den", "go_to place=den")
    theatre.until_idle()
    assert theatre.room == "office"


def test_no_answer_drops_the_question() -> None:
    theatre = Theatre()
    theatre.tell("go to the den", "go_to place=den")
    theatre.tell("blah")
    theatre.tell("blah blah")
    theatre.until_idle()
    assert theatre.replies[-1].kind == "failed"
    assert theatre.pose.distance_to(0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("no, not the bedroom, the bath", "no"),
        ("not the bedroom but the bath", "unknown"),
        ("sorry, I meant the bath instead of the bedroom", "unknown"),
    ],
)
def test_a_correction_changes_one_step_and_keeps_the_rest(text: str, program: str) -> None:
    theatre = Theatre()
    theatre.tell("…", "go_to place=kitchen ; go_to place=bedroom ; go_to place=office ; go_to place=me")
    theatre.run(3.0)
    theatre.tell(text, program)
    theatre.until_idle()
    assert "bedroom" not in theatre.rooms
    assert [room for room in theatre.rooms if room in ("kitchen", "bath", "office")] == ["kitchen", "bath", "office"]
    assert theatre.room == "living"
    assert math.dist(theatre.at, theatre.speaker) < 1.5


def test_a_correction_of_the_step_at_hand_needs_no_verb() -> None:
    theatre = Theatre()
    theatre.tell("go to the bedroom", "go_to place=bedroom")
    theatre.run(1.0)
    theatre.tell("no, the kitchen", "no")
    theatre.until_idle()
    assert theatre.room == "kitchen"


def test_then_adds_and_anything_else_replaces() -> None:
    theatre = Theatre()
    theatre.tell("go to the kitchen", "go_to place=kitchen")
    theatre.run(1.0)
    theatre.tell("then go to the bath", "go_to place=bath")
    theatre.until_idle()
    assert [room for room in theatre.rooms if room in ("kitchen", "bath")] == ["kitchen", "bath"]
    theatre.tell("go to the bedroom", "go_to place=bedroom")
    theatre.run(1.0)
    theatre.tell("go to the office", "go_to place=office")
    theatre.until_idle()
    assert "bedroom" not in theatre.rooms


def test_stop_pause_resume_and_cancel() -> None:
    theatre = Theatre()
    theatre.tell("go to the kitchen", "go_to place=kitchen")
    theatre.run(1.0)
    theatre.tell("wait", "pause")
    held = theatre.pose
    theatre.run(30.0)
    assert theatre.pose == held
    theatre.tell("where are you", "status")
    theatre.tell("carry on", "resume")
    theatre.until_idle()
    assert theatre.room == "kitchen"
    theatre.tell("go to the bedroom", "go_to place=bedroom")
    theatre.run(1.0)
    theatre.tell("stop", "stop")
    held = theatre.pose
    theatre.run(5.0)
    assert theatre.pose == held
    theatre.tell("never mind", "cancel")
    assert theatre.replies[-1].text == "There is nothing to drop."


@pytest.mark.parametrize("program", ["device device=lights on=true", "call person=mum", "manipulate verb=bring"])
def test_what_it_cannot_do_it_says_and_does_not_promise(program: str) -> None:
    theatre = Theatre()
    theatre.tell("…", program)
    theatre.until_idle()
    assert theatre.replies[-1].kind == "failed"
    assert "I'll" not in theatre.said
    assert theatre.pose.distance_to(0.0, 0.0) == 0.0


def test_a_refused_command_moves_nothing_and_leaves_the_program_alone() -> None:
    theatre = Theatre()
    theatre.tell("go to the kitchen", "go_to place=kitchen")
    theatre.tell("spy on her", refused="privacy", reply="No.")
    assert theatre.replies[-1].kind == "refused"
    theatre.until_idle()
    assert theatre.room == "kitchen"


def test_told_places_and_things() -> None:
    theatre = Theatre()
    theatre.tell("the keys are on the kitchen table", "remember thing=keys place=on the kitchen table")
    theatre.tell("where are my keys", "where_is thing=my keys")
    assert "on the kitchen table" in theatre.replies[-1].text
    theatre.tell("find the keys", "find target=keys")
    theatre.until_idle()
    assert theatre.room == "kitchen"
    theatre.tell("where is the unicorn", "where_is thing=unicorn")
    assert "don't know" in theatre.replies[-1].text


def test_settings_have_limits() -> None:
    theatre = Theatre()
    for _ in range(5):
        theatre.tell("stay further back", "set parameter=distance value=further back")
    assert "2.0 metres" in theatre.replies[-1].text
    theatre.tell("speak martian", "set parameter=language value=martian")
    assert "not my language" in theatre.replies[-1].text


def test_turning_goes_the_way_it_was_asked() -> None:
    theatre = Theatre()
    theatre.tell("turn right", "turn direction=right")
    theatre.until_idle()
    assert theatre.pose.yaw == pytest.approx(-math.pi / 2, abs=0.15)


def test_a_room_that_cannot_be_reached_is_no_promise() -> None:
    theatre = Theatre()
    theatre.tell("go upstairs", "go_to place=upstairs")
    assert theatre.replies[-1].kind == "question"
    theatre.tell("no", "no")
    theatre.until_idle()
    assert theatre.replies[-1].text == "All right, dropped."


def test_a_correction_does_not_begin_anew_what_was_done() -> None:
    theatre = Theatre()
    theatre.tell("go to the kitchen, then the bedroom", "go_to place=kitchen ; go_to place=bedroom")
    while "kitchen" not in theatre.rooms or theatre.room == "kitchen":
        theatre.step()
    theatre.tell("no, the bath", "no")
    theatre.until_idle()
    assert theatre.room == "bath"
    assert theatre.rooms.count("kitchen") == 1


def test_a_question_can_be_dropped() -> None:
    theatre = Theatre()
    theatre.tell("go to the desk", "go_to place=desk")
    theatre.tell("never mind", "cancel")
    assert theatre.replies[-1].text == "All right, dropped."
