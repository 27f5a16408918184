"""Which of two bodies is meant, as tables: by name, by what each can do, by who asked, by who was spoken to last."""

from __future__ import annotations

import pytest
from numpy.random import default_rng

from policies.addressing.node import Addressing, AddressingConfig
from policies.addressing.turns import LATELY_S
from policies.language.program import action, read, told
from robot import topics
from robot.messages import BehaviourState, Command, CommandStep, Reply
from robot.node import Envelope, Inbox, Message, Stamped, Topic

STEP_NS = 50_000_000
TOPICS = {
    "rover": (topics.ROVER_COMMAND, topics.REPLY, topics.BEHAVIOUR),
    "display": (topics.DISPLAY_COMMAND, topics.DISPLAY_REPLY, topics.DISPLAY_BEHAVIOUR),
}


class Household:
    """Two bodies that do what the test says, and the node between them and the words."""

    def __init__(self) -> None:
        self.node = Addressing(AddressingConfig(), default_rng(0))
        self.now_ns = 0
        self.latest: dict[str, Stamped[Message]] = {}
        self.states("rover", "idle")
        self.states("display", "idle")

    def step(self, *messages: tuple[Topic, Message]) -> list[str]:
        """Return what goes to whom after these messages: "display: gesture name=nod", quiet ones in brackets."""
        self.now_ns += STEP_NS
        new: dict[str, list[Stamped[Message]]] = {}
        for topic, message in messages:
            stamped = Stamped(Envelope(topic.name, 0, self.now_ns, "test"), message)
            self.latest[topic.name] = stamped
            new.setdefault(topic.name, []).append(stamped)
        out = self.node.step(self.now_ns, Inbox(self.now_ns, dict(self.latest), new))
        found = []
        for topic, command, _ in out.items:
            body = next(name for name, ports in TOPICS.items() if ports[0] is topic)
            words = told(tuple(action(step.action, dict(step.slots)) for step in command.steps)) or command.reply
            found.append(f"({body}: {words})" if command.quiet else f"{body}: {words}")
        return found

    def say(self, text: str, program: str = "unknown", to: str = "", **more: str) -> list[str]:
        """Say something that was understood as `program`."""
        steps = tuple(CommandStep(action=step.name, slots=step.slots) for step in read(program)) if program else ()
        said = Command(stamp_ns=self.now_ns, text=text, steps=steps, confidence=1.0, to=to, **more)
        return self.step((topics.COMMAND, said))

    def states(self, body: str, state: str, *program: str) -> list[str]:
        """Have a body at something."""
        told_of = BehaviourState(stamp_ns=self.now_ns, state=state, program=program)  # type: ignore[arg-type]
        return self.step((TOPICS[body][2], told_of))

    def replies(self, body: str, kind: str, state: str = "idle") -> list[str]:
        """Have a body say something of a kind, and be in a state then."""
        reply = Reply(stamp_ns=self.now_ns, text="x", kind=kind)  # type: ignore[arg-type]
        now = BehaviourState(stamp_ns=self.now_ns, state=state)  # type: ignore[arg-type]
        return self.step((TOPICS[body][1], reply), (TOPICS[body][2], now))


ALONE = [
    ("nod", "gesture name=nod", "display"),
    ("shake your head", "gesture name=shake", "display"),
    ("tilt your head", "gesture name=tilt", "display"),
    ("take a bow", "gesture name=bow", "display"),
    ("dance", "gesture name=dance", "rover"),
    ("copy me", "mimic on=true", "display"),
    ("stop copying me", "mimic on=false", "display"),
    ("raise the display", "set parameter=height", "display"),
    ("brighter", "set parameter=brightness value=brighter", "display"),
    ("louder", "set parameter=volume value=louder", "rover"),
    ("look up", "unknown", "display"),
    ("look left", "look_at target=left", "display"),
    ("turn left", "turn direction=left", "rover"),
    ("look at me", "look_at target=me", "rover"),
    ("look at the coat rack", "look_at target=coat rack", "rover"),
    ("focus on me", "lock_on target=me", "rover"),
    ("let go of me", "unlock target=me", "rover"),
    ("go to the kitchen", "go_to place=kitchen", "rover"),
    ("follow me", "follow target=me", "rover"),
    ("find my keys", "find target=my keys", "rover"),
    ("is the oven on", "inspect question=is the oven on", "rover"),
    ("patrol", "patrol", "rover"),
    ("where are the keys", "where_is thing=keys", "rover"),
    ("the keys are on the table", "remember place=on the table thing=keys", "rover"),
    ("lights on", "device device=lights on=true", "rover"),
    ("call mum", "call person=mum", "rover"),
    ("say hello", "say text=hello", "rover"),
    ("how are you", "status", "rover"),
    ("help", "help", "rover"),
    ("bring me a beer", "manipulate object=beer target=me verb=bring", "rover"),
    ("the weather is nice", "unknown", "rover"),
    ("yes", "yes", "rover"),
    ("no", "no", "rover"),
]


@pytest.mark.parametrize(("text", "program", "body"), ALONE, ids=[text for text, _, _ in ALONE])
def test_who_is_meant_where_nobody_is_named(text: str, program: str, body: str) -> None:
    assert Household().say(text, program) == [f"{body}: {program}"]


@pytest.mark.parametrize("program", ["gesture name=nod", "go_to place=kitchen", "stop", "pause", "unknown", "help"])
@pytest.mark.parametrize("body", ["rover", "display"])
def test_who_is_named_gets_it(body: str, program: str) -> None:
    assert Household().say("x", program, body) == [f"{body}: {program}"]


def test_both_may_be_named() -> None:
    assert Household().say("look at me", "look_at target=me", "both") == [
        "display: look_at target=me",
        "rover: look_at target=me",
    ]


def test_a_refusal_and_a_taught_phrase_have_one_answer() -> None:
    assert Household().say("x", "unknown", refused="privacy", reply="I won't.") == ["rover: unknown"]
    assert Household().say("x", "", reply="Got it.") == ["rover: Got it."]
    assert Household().say("x", "unknown", "display", refused="privacy", reply="I won't.") == ["display: unknown"]


FOR_BOTH = [  # states of rover and display, word, who answers
    ("idle", "idle", "stop", "rover"),
    ("idle", "working", "stop", "rover"),
    ("working", "working", "stop", "rover"),
    ("idle", "working", "cancel", "display"),
    ("idle", "asking", "cancel", "display"),
    ("working", "working", "cancel", "rover"),
    ("idle", "idle", "pause", "rover"),
    ("idle", "working", "pause", "display"),
    ("paused", "idle", "resume", "rover"),
    ("idle", "paused", "resume", "display"),
]


@pytest.mark.parametrize(("rover", "display", "word", "speaks"), FOR_BOTH)
def test_what_both_do_one_of_them_answers(rover: str, display: str, word: str, speaks: str) -> None:
    house = Household()
    house.states("rover", rover)
    house.states("display", display)
    found = house.say(word, word)
    assert found == [f"{b}: {word}" if b == speaks else f"({b}: {word})" for b in ("rover", "display")]


@pytest.mark.parametrize("word", ["pause", "stop"])
def test_after_an_idle_home_was_still_the_display_says_that_it_goes_on(word: str) -> None:
    house = Household()
    house.say(word, word)
    assert house.say("carry on", "resume") == ["(rover: resume)", "display: resume"]


def test_what_comes_after_a_stop_is_for_whom_it_is_for() -> None:
    assert Household().say("stop and nod", "stop ; gesture name=nod") == [
        "rover: stop",
        "(display: stop ; gesture name=nod)",
    ]


def test_an_answer_goes_to_who_asked_last() -> None:
    house = Household()
    house.replies("rover", "question", "asking")
    assert house.say("the second one", "unknown") == ["rover: unknown"]
    house.replies("display", "question", "asking")
    assert house.say("the one on the left", "unknown") == ["display: unknown"]
    assert house.say("the one on the left", "look_at target=one on left") == ["display: look_at target=one on left"]
    assert house.say("no", "no") == ["display: no"]
    assert house.say("go to the kitchen", "go_to place=kitchen") == ["rover: go_to place=kitchen"]
    house.replies("display", "done")
    assert house.say("yes", "yes") == ["rover: yes"]


def test_what_both_can_do_is_for_who_was_spoken_to() -> None:
    house = Household()
    house.say("nod", "gesture name=nod")
    assert house.say("look at me", "look_at target=me") == ["display: look_at target=me"]
    assert house.say("look at the sofa", "look_at target=sofa") == ["rover: look_at target=sofa"]
    assert house.say("look at me", "look_at target=me") == ["rover: look_at target=me"]
    house.say("nod", "gesture name=nod")
    house.now_ns += int((LATELY_S + 1) * 1e9)
    assert house.say("look at me", "look_at target=me") == ["rover: look_at target=me"]


def test_a_correction_is_for_who_was_spoken_to() -> None:
    house = Household()
    house.say("look at me", "look_at target=me", "display")
    assert house.say("no, the one on the right", "unknown") == ["display: unknown"]
    assert house.say("the weather is nice", "unknown") == ["rover: unknown"]


def test_the_second_part_waits_for_the_end_of_the_first() -> None:
    house = Household()
    program = "go_to place=kitchen ; gesture name=nod ; gesture name=bow ; go_to place=here"
    assert house.say("x", program) == ["rover: go_to place=kitchen"]
    assert house.replies("display", "done") == []
    assert house.replies("rover", "progress", "working") == []
    assert house.replies("rover", "done") == ["display: gesture name=nod ; gesture name=bow"]
    assert house.replies("display", "done") == ["rover: go_to place=here"]
    assert house.replies("rover", "done") == []


def test_what_is_at_once_ends_with_its_answer() -> None:
    house = Household()
    assert house.say("x", "status ; gesture name=nod") == ["rover: status"]
    assert house.replies("rover", "answer") == ["display: gesture name=nod"]


def test_nothing_waits_for_what_has_no_end() -> None:
    assert Household().say("x", "follow target=me ; gesture name=nod") == [
        "rover: follow target=me",
        "display: gesture name=nod",
    ]


def test_a_part_that_is_not_understood_is_said_by_one() -> None:
    house = Household()
    assert house.say("x", "gesture name=nod ; unknown") == ["display: gesture name=nod ; unknown"]
    assert house.say("x", "unknown ; gesture name=nod") == ["display: unknown ; gesture name=nod"]


@pytest.mark.parametrize("word", ["stop", "cancel"])
def test_what_waits_is_dropped_with_the_rest(word: str) -> None:
    house = Household()
    house.say("x", "go_to place=kitchen ; gesture name=nod")
    house.states("rover", "working")
    house.say(word, word)
    assert house.replies("rover", "done") == []


def test_what_waits_is_dropped_where_the_first_is_told_something_else() -> None:
    house = Household()
    house.say("x", "go_to place=kitchen ; gesture name=nod")
    assert house.say("how are you", "status") == ["rover: status"]
    assert house.replies("rover", "answer", "working") == []
    house.say("go to the hall", "go_to place=hall")
    assert house.replies("rover", "done") == []


def test_what_waits_is_dropped_with_the_question_it_waits_for() -> None:
    house = Household()
    house.say("x", "go_to place=garage ; gesture name=nod")
    house.replies("rover", "question", "asking")
    assert house.say("no", "no") == ["rover: no"]
    assert house.replies("rover", "failed", "idle") == []
    assert house.replies("rover", "done") == []


def test_then_nod_waits_for_a_drive_but_not_for_following() -> None:
    house = Household()
    house.states("rover", "working", "go_to place=kitchen")
    assert house.say("then nod", "gesture name=nod") == []
    assert house.replies("rover", "done") == ["display: gesture name=nod"]
    house.states("rover", "working", "follow target=me")
    assert house.say("then nod", "gesture name=nod") == ["display: gesture name=nod"]
