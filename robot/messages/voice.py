"""Words to the robot, what they were understood as, what is being done about them, and what the robot says."""

from __future__ import annotations

from typing import Literal

from robot.node import Message


class CommandText(Message, frozen=True, kw_only=True):
    """Words said or written to the robot, before anything is made of them."""

    stamp_ns: int
    text: str
    source: Literal["text", "voice", "script"] = "text"
    """text: written (`launch say`, dashboard); voice: recognised speech; script: given to the run beforehand."""
    alternatives: tuple[str, ...] = ()
    """What else recognised speech may have been, the likelier first"""


class CommandStep(Message, frozen=True, kw_only=True):
    """One action of a program."""

    action: str
    """Name, as in the table of actions"""
    slots: tuple[tuple[str, str | bool | float | tuple[str, ...]], ...] = ()
    """Slot and value, sorted by slot; words are lower-case and without article."""


class Command(Message, frozen=True, kw_only=True):
    """What a text was understood as."""

    stamp_ns: int
    text: str
    steps: tuple[CommandStep, ...]
    """In order; the single action "unknown" where nothing is asked of the robot."""
    confidence: float
    """That all of it is right, 0 to 1"""
    refused: str = ""
    """Name of the principle that forbids it; empty where it is allowed."""
    reply: str = ""
    """What to say where nothing is done: a refusal, or that nothing was understood."""
    to: str = ""
    """The body that the words name: rover, display or both; empty where they name none."""
    quiet: bool = False
    """To be carried out without a word: another body answers."""


class Reply(Message, frozen=True, kw_only=True):
    """One line that the robot says, aloud or on its display."""

    stamp_ns: int
    text: str
    kind: Literal["answer", "progress", "question", "done", "failed", "refused", "speech"]
    """question: an answer is awaited; done and failed: the end of a program; speech: words it was asked to say."""


class BehaviourState(Message, frozen=True, kw_only=True):
    """What the robot is doing about the commands it was given."""

    stamp_ns: int
    state: Literal["idle", "working", "paused", "asking"]
    program: tuple[str, ...] = ()
    """The steps of the program at hand, in words."""
    step: int = 0
    """Which of them is being carried out; their number once all are done."""
    note: str = ""
    """What about that step, in a few words."""
