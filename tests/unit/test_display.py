"""Programs carried out by a display: whom words mean, questions, corrections, limits, stillness, honest ends."""

from __future__ import annotations

import math

import pytest

from tests.unit.display_theatre import DisplayTheatre

THREE = {2: 20.0, 1: 0.0, 3: -20.0}  # from left to right; 1 speaks


def test_as_long_as_nobody_speaks_nothing_is_asked_of_the_arm_or_the_lock() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.run(5.0)
    assert theatre.tasks == []
    assert theatre.requests == []
    assert theatre.replies == []


@pytest.mark.parametrize(
    ("target", "number"),
    [
        ("person on the left", 2),
        ("right one", 3),
        ("person in the middle", 1),
        ("me", 1),
        ("nearest person", 1),
        ("one farthest away", 3),
        ("second from the right", 1),
        ("next person", 3),
    ],
)
def test_words_mean_one_person(target: str, number: int) -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell(f"focus on the {target}", f"lock_on target={target}")
    theatre.until_idle()
    assert theatre.locked == number
    assert theatre.yaw == pytest.approx(theatre.people[number], abs=0.02)
    assert theatre.replies[-1].kind == "done"


@pytest.mark.parametrize(
    ("answer", "number"), [("the one on the right", 3), ("the left one please", 2), ("the second", 3)]
)
def test_which_of_several_is_asked_before_anything_moves(answer: str, number: int) -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("focus on him", "lock_on target=him")
    theatre.run(1.0)
    assert theatre.replies[-1].text == "Which one: the person on the left or the one on the right?"
    assert theatre.requests == []
    theatre.tell(answer)
    theatre.until_idle()
    assert theatre.locked == number


def test_something_else_while_it_asks_is_no_answer() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("focus on him", "lock_on target=him")
    theatre.tell("nod", "gesture name=nod")
    theatre.until_idle()
    assert theatre.made == ["nod"]
    assert theatre.locked == 1


def test_him_is_the_only_other_one() -> None:
    theatre = DisplayTheatre({1: 0.0, 5: -15.0})
    theatre.tell("look at him", "look_at target=him")
    theatre.until_idle()
    assert theatre.locked == 5


def test_it_says_so_when_nobody_is_there() -> None:
    theatre = DisplayTheatre({})
    theatre.tell("focus on me", "lock_on target=me")
    theatre.until_idle()
    assert "I don't see anybody" in theatre.said
    assert theatre.replies[-1].kind == "failed"
    assert max(abs(task.azimuth) for task in theatre.tasks) > math.radians(70)  # it looked around first


def test_it_looks_around_for_who_is_out_of_sight() -> None:
    theatre = DisplayTheatre({4: 70.0})
    theatre.tell("look at me", "look_at target=me")
    theatre.until_idle()
    assert theatre.locked == 4
    assert theatre.yaw == pytest.approx(math.radians(70.0), abs=0.02)


def test_who_went_away_is_missed() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("turn left", "turn direction=left")
    theatre.until_idle()
    del theatre.people[3]
    theatre.tell("look at the person on the right", "look_at target=person on the right")
    theatre.until_idle()
    assert "I don't see the person on the right any more" in theatre.said


def test_a_correction_after_the_end_does_that_step_again() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("focus on the person on the left then nod", "lock_on target=person on the left ; gesture name=nod")
    theatre.until_idle()
    theatre.tell("no, the one on the right", "no")
    theatre.until_idle()
    assert theatre.locked == 3
    assert theatre.made == ["nod"]
    assert theatre.replies[-1].text == "I'm looking at the person on the right."


def test_a_correction_midway_keeps_the_rest() -> None:
    theatre = DisplayTheatre(THREE)
    program = "lock_on target=person on the left ; gesture name=dance ; gesture name=bow"
    theatre.tell("focus on the person on the left, dance and bow", program)
    theatre.run(3.0)
    assert theatre.made == ["dance"]
    theatre.tell("sorry, i meant the person on the right", "lock_on target=person on the right")
    theatre.until_idle()
    assert theatre.locked == 3
    assert theatre.made == ["dance", "dance", "bow"]


def test_a_turn_says_how_far_it_came() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("turn left by 200 degrees", "turn direction=left angle_deg=200")
    theatre.until_idle()
    assert "I turned 160 of 200 degrees: my base stops at 160 degrees to either side." in theatre.said
    theatre.tell("turn left", "turn direction=left")
    theatre.until_idle()
    assert "I can't turn any further that way" in theatre.said
    theatre.tell("turn around", "turn direction=around")
    theatre.until_idle()
    assert theatre.yaw == pytest.approx(math.radians(-20.0), abs=0.03)


@pytest.mark.parametrize(
    ("text", "program", "azimuth", "elevation"),
    [
        ("look left", "look_at target=left", 40.0, 0.0),
        ("look a bit to the right", "look_at target=bit", -40.0, 0.0),
        ("please look up", "unknown", 0.0, 15.0),
        ("look straight ahead", "move direction=forward", 0.0, 0.0),
    ],
)
def test_it_looks_in_a_direction_however_that_was_understood(
    text: str, program: str, azimuth: float, elevation: float
) -> None:
    theatre = DisplayTheatre({1: 0.0})
    theatre.tell(text, program)
    theatre.until_idle()
    last = theatre.tasks[-1]
    assert (last.look, math.degrees(last.azimuth)) == ("direction", pytest.approx(azimuth))
    assert math.degrees(last.elevation) == pytest.approx(elevation, abs=0.1)


def test_people_are_counted_all_around() -> None:
    theatre = DisplayTheatre({1: 0.0, 2: 60.0, 3: -75.0, 4: 150.0})
    theatre.tell("how many people are there", "inspect question=how many people are there")
    theatre.until_idle()
    theatre.run(2.0)
    assert "see three people" in theatre.said
    assert theatre.yaw == pytest.approx(0.0, abs=0.02)  # back to whom it looked at
    theatre.tell("is there anybody behind you", "inspect question=is there anybody behind you")
    theatre.until_idle()
    assert "see four people" in theatre.said


def test_stop_holds_still_at_once_until_something_is_asked() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("dance", "gesture name=dance")
    theatre.run(1.0)
    theatre.tell("stop", "stop")
    assert theatre.tasks[-1].look == "still"
    assert theatre.tasks[-1].gesture == ""
    count = len(theatre.tasks)
    theatre.run(3.0)
    assert len(theatre.tasks) == count
    theatre.tell("look at me", "look_at target=me")
    theatre.until_idle()
    assert theatre.tasks[-1].look == "face"


def test_a_pause_holds_a_program_and_carries_on_with_it() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("look left, then nod", "look_at target=left ; gesture name=nod")
    theatre.tell("wait", "pause")
    assert theatre.tasks[-1].look == "still"
    theatre.run(3.0)
    assert theatre.made == []
    theatre.tell("carry on", "resume")
    theatre.until_idle()
    assert theatre.made == ["nod"]
    assert theatre.tasks[-1].look == "direction"


def test_copying_is_left_and_taken_up() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("stop mimicking me", "mimic on=false")
    theatre.until_idle()
    assert theatre.tasks[-1].mimic is False
    theatre.tell("copy my nods", "mimic on=true")
    theatre.until_idle()
    assert theatre.tasks[-1].mimic is True


def test_letting_go_of_somebody_is_no_work_for_hands() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("let go of him", "manipulate target=him verb=release")
    theatre.until_idle()
    assert theatre.requests[-1].mode == "release"
    theatre.tell("what are you doing", "status")
    assert theatre.replies[-1].text == "I'm watching nobody."


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("go_to place=kitchen", "I have no wheels"),
        ("follow target=me", "I can keep looking at you"),
        ("manipulate verb=bring object=beer", "I have no arms, so I cannot bring the beer"),
        ("device device=lights on=true", "I'm not connected to the lights"),
        ("call person=anna", "I'm not connected to a telephone"),
        ("look_at target=window", "I can't tell the window by sight"),
        ("inspect question=is the oven on", "I know faces only"),
    ],
)
def test_what_it_cannot_do_it_declines_and_the_rest_goes_on(program: str, said: str) -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("please do that and then nod", f"{program} ; gesture name=nod")
    theatre.until_idle()
    assert said in theatre.said
    assert theatre.made == ["nod"]
    assert theatre.replies[-1].kind == "failed"


def test_answers_at_once_leave_the_program_alone() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("dance", "gesture name=dance")
    theatre.tell("where are the others", "where_is thing=others")
    theatre.tell("the keys are on the desk", "remember place=on the desk thing=keys")
    theatre.tell("where are the keys", "where_is thing=keys")
    theatre.tell("what can you do", "help")
    assert "The person on the left is 20 degrees to my left" in theatre.said
    assert "keys, on the desk" in theatre.said
    assert "copy your head" in theatre.said
    theatre.until_idle()
    assert theatre.made == ["dance"]


def test_a_refusal_moves_nothing_and_talk_for_others_is_left_with_what_a_display_can_do() -> None:
    from policies.language.replies import NOT_FOR_ME

    theatre = DisplayTheatre(THREE)
    theatre.tell("film her in secret", "lock_on target=her", refused="privacy", reply="I don't watch in secret.")
    theatre.tell("what is the capital of france", "unknown", reply=NOT_FOR_ME)
    theatre.tell("what is that thing over there", "unknown", reply=NOT_FOR_ME)
    assert [reply.kind for reply in theatre.replies] == ["refused", "answer", "answer"]
    assert "follow" not in theatre.replies[-1].text
    assert theatre.tasks == []
    assert theatre.requests == []


def test_who_comes_back_under_a_new_number_is_still_the_same_person() -> None:
    theatre = DisplayTheatre(THREE)
    theatre.tell("turn left", "turn direction=left")
    theatre.until_idle()
    theatre.people |= {9: theatre.people.pop(3), 8: theatre.people.pop(1)}
    theatre.tell("look at the person on the right", "look_at target=person on the right")
    theatre.until_idle()
    assert theatre.locked == 9
    theatre.tell("look at me", "look_at target=me")
    theatre.until_idle()
    assert theatre.locked == 8
    theatre.tell("how many people are there", "inspect question=how many people are there")
    theatre.until_idle()
    assert "see three people" in theatre.said


def test_after_a_turn_words_mean_who_is_in_view_then() -> None:
    theatre = DisplayTheatre({1: 0.0, 2: 90.0, 3: 80.0})
    program = "turn direction=left ; look_at target=person on the right"
    theatre.tell("turn left and look at the person on the right", program)
    theatre.until_idle()
    assert theatre.locked == 3
    theatre.tell("turn left and look at me", "turn direction=left ; look_at target=me")
    theatre.until_idle()
    assert theatre.locked == 1
