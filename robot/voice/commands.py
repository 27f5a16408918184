"""The source of words: what `launch say` and the dashboard send to a run, what was heard, and what a scenario says.

Only the mailbox is outside the run. Scripted texts come at their times in every run alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from robot import topics
from robot.clock import NS_PER_S
from robot.messages import CommandText
from robot.node import Inbox, Node, Outbox
from robot.voice.mailbox import Mailbox, runtime_folder


@dataclass(frozen=True)
class Said:
    """One text of a scenario."""

    at_s: float
    text: str


@dataclass(frozen=True)
class CommandConfig:
    """Where words come from."""

    listen: bool = False  # open a mailbox for `launch say`
    name: str = "robot"  # what the mailbox is called, before the process's number
    speaker: str = "robot"  # who says what is on `reply/text`; what is on `display/reply` the display says
    script: tuple[Said, ...] = ()  # in order of time


class CommandSource(Node):
    """Publish every text at the step after it came; tell who sent one what is answered."""

    inputs = (topics.HEARD, topics.REPLY, topics.DISPLAY_REPLY)
    outputs = (topics.COMMAND_TEXT,)
    rate_hz = 20
    faces_world = True

    def __init__(self, config: CommandConfig, rng: Generator) -> None:
        """Open the mailbox where one is wanted. Raises MailboxError where that cannot be."""
        del rng  # nothing here is left to chance
        self._speakers = ((topics.REPLY, config.speaker), (topics.DISPLAY_REPLY, "display"))
        self._script = sorted(config.script, key=lambda said: said.at_s)
        self._mailbox = Mailbox(runtime_folder(), config.name) if config.listen else None

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return what was said by now."""
        out = Outbox()
        while self._script and self._script[0].at_s * NS_PER_S <= now_ns:
            text = self._script.pop(0).text
            out.put(topics.COMMAND_TEXT, CommandText(stamp_ns=now_ns, text=text, source="script"))
        for text in self._mailbox.texts() if self._mailbox else ():
            out.put(topics.COMMAND_TEXT, CommandText(stamp_ns=now_ns, text=text, source="text"))
        for heard in inbox.new(topics.HEARD):
            out.put(topics.COMMAND_TEXT, heard.message)
        self._answer(inbox)
        return out

    def _answer(self, inbox: Inbox) -> None:
        """Tell those who wait what was said."""
        if self._mailbox is None:
            return
        for topic, speaker in self._speakers:
            for stamped in inbox.new(topic):
                self._mailbox.tell(f"{speaker}: {stamped.message.text}")

    def close(self) -> None:
        """Close the mailbox."""
        if self._mailbox:
            self._mailbox.close()
