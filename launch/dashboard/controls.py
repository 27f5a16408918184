"""The way from the page into the run: a mailbox per side, found by name in a folder that only its user can enter.

The run's node `page` turns requests into messages; the run's pace (pause, step, speed) is asked of whoever drives
it; health of nodes comes back to the page.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from numpy.random import Generator

from robot import topics
from robot.messages import OperatorRequest
from robot.node import Inbox, Node, Outbox, config_class, node_class
from robot.runtime.table import Row
from robot.voice.commands import CommandConfig
from robot.voice.mailbox import SUFFIX, Mailbox, MailboxError, runtime_folder, send

NAVIGATOR = "robot.navigation.navigator_node:NavigatorNode"  # by name: who only serves need not load it
ROLLOUTS = 20  # drawn at a time
OPERATOR, PACE, SERVER, WORDS = "operator", "pace", "server", "words"
NODE = "page"  # name of the row; a board has an "operator" of its own


def run_name() -> str:
    """Return a name for the controls of a run that this process drives."""
    return f"run{os.getpid()}"


def controls_folder() -> Path:
    """Return the folder of the mailboxes, apart from those of `launch say`. Raises MailboxError."""
    folder = runtime_folder() / "controls"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def open_mailbox(run: str, side: str) -> Mailbox:
    """Return the mailbox of one side of a run. Raises MailboxError."""
    return Mailbox(controls_folder(), f"{run}-{side}")


def received(mailbox: Mailbox) -> list[dict[str, Any]]:
    """Return what came, oldest first; what is no JSON object is dropped."""
    found = []
    for text in mailbox.texts():
        try:
            found.append(msgspec.json.decode(text, type=dict[str, Any]))
        except msgspec.DecodeError:
            continue
    return found


def post(run: str, side: str, value: dict[str, Any]) -> bool:
    """Send `value` to one side of a run; return whether somebody is there and took it."""
    text = msgspec.json.encode(value).decode()
    return _deliver(controls_folder(), f"{run}-{side}", text)


def post_words(run: str, text: str) -> bool:
    """Say `text` to the run's robot; return whether it listens to words at all."""
    return _deliver(runtime_folder(), f"{run}-{WORDS}", text)


def _deliver(folder: Path, name: str, text: str) -> bool:
    for path in sorted(folder.glob(f"{name}-*{SUFFIX}")):
        try:
            send(text, path)
        except MailboxError:
            continue
        return True
    return False


@dataclass(frozen=True)
class OperatorConfig:
    """Which run's controls these are."""

    run: str = ""  # empty: nobody is at them


class Operator(Node):
    """Publish what the person at the controls asks."""

    outputs = (topics.OPERATOR,)
    rate_hz = 20
    faces_world = True

    def __init__(self, config: OperatorConfig, rng: Generator) -> None:
        """Open the mailbox. Raises MailboxError where that cannot be."""
        del rng  # nothing here is left to chance
        self._mailbox = open_mailbox(config.run, OPERATOR) if config.run else None

    def step(self, now_ns: int, inbox: Inbox) -> Outbox:
        """Return one message per request that came."""
        out = Outbox()
        for asked in received(self._mailbox) if self._mailbox else ():
            try:
                request = msgspec.convert({"stamp_ns": now_ns, **asked}, OperatorRequest)
            except msgspec.ValidationError:
                continue
            out.put(topics.OPERATOR, request)
        return out

    def close(self) -> None:
        """Close the mailbox."""
        if self._mailbox:
            self._mailbox.close()


def with_operator(rows: Sequence[Row], run: str) -> tuple[Row, ...]:
    """Return the rows of a run with somebody at the controls: one more node, and what the others do for that somebody.

    Words come under the run's own name, and the navigator shows what it considers.
    """
    return (
        *(_attended(row, run) for row in rows),
        Row(NODE, "launch.dashboard.controls:Operator", OperatorConfig(run)),
    )


def _attended(row: Row, run: str) -> Row:
    if isinstance(row.config, CommandConfig) and row.config.listen:
        return replace(row, config=replace(row.config, name=f"{run}-{WORDS}"))
    if row.node == NAVIGATOR:
        config = config_class(node_class(row.node))() if row.config is None else row.config
        return replace(row, config=replace(config, shows=config.shows or ROLLOUTS))
    return row
