"""`launch say`: from a command line to a running robot, and what it says where there is none."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from numpy.random import default_rng

from launch.cli import call
from robot import topics
from robot.messages import CommandText, Reply
from robot.node import Envelope, Inbox, Stamped
from robot.voice.commands import CommandConfig, CommandSource, Said
from robot.voice.mailbox import LONGEST, Mailbox, MailboxError, running, runtime_folder, send


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return runtime_folder()


def said(node: CommandSource, now_s: float) -> list[str]:
    out = node.step(round(now_s * 1e9), Inbox(0, {}, {}))
    return [message.text for topic, message, _ in out.items if isinstance(message, CommandText)]


def test_a_text_reaches_the_robot(folder: Path) -> None:
    node = CommandSource(CommandConfig(listen=True, name="home"), default_rng(0))
    assert call(["say", "go to the kitchen"]) == 0
    assert call(["say", "dann komm zurück 🤖\n"]) == 0
    assert said(node, 0.0) == ["go to the kitchen", "dann komm zurück 🤖\n"]
    assert said(node, 0.1) == []
    node.close()
    assert list(folder.iterdir()) == []


def test_without_a_robot_one_line_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gone-1.words").touch()  # left behind by a robot that was killed
    assert call(["say", "hello"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert running(folder) == []
    assert list(folder.iterdir()) == []


def test_the_run_that_began_last_hears_it(folder: Path) -> None:
    first, second = Mailbox(folder, "a"), Mailbox(folder, "b")
    assert {path.name[0] for path in running(folder)} == {"a", "b"}
    send("hello", second.path)
    assert (first.texts(), second.texts()) == ([], ["hello"])
    first.close()
    second.close()


def test_too_long_a_text_is_refused_by_the_sender(folder: Path) -> None:
    box = Mailbox(folder, "a")
    with pytest.raises(MailboxError, match="bytes"):
        send("x" * (LONGEST + 1), box.path)
    send("x" * LONGEST, box.path)
    assert box.texts() == ["x" * LONGEST]
    box.close()


def test_who_waits_is_told_who_answers_what(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    node = CommandSource(CommandConfig(listen=True, name="home", speaker="rover"), default_rng(0))
    asking = Thread(target=call, args=(["say", "--wait", "1.5", "nod"],))
    asking.start()
    try:
        while said(node, 0.0) != ["nod"]:
            pass
        for k, topic in enumerate((topics.REPLY, topics.DISPLAY_REPLY)):
            reply = Reply(stamp_ns=0, text="I'll nod.", kind="progress")
            stamped = Stamped(Envelope(topic.name, 0, 0, "x"), reply)
            node.step(k, Inbox(k, {topic.name: stamped}, {topic.name: [stamped]}))
    finally:
        asking.join()
    node.step(9, Inbox(9, {topic.name: stamped}, {topic.name: [stamped]}))  # nobody is there any more
    node.close()
    assert capsys.readouterr().out.splitlines() == ["rover: I'll nod.", "display: I'll nod."]
    assert list(folder.iterdir()) == []


def test_a_folder_that_others_can_enter_is_refused(folder: Path) -> None:
    folder.chmod(0o755)
    with pytest.raises(MailboxError, match="nobody else"):
        runtime_folder()


def test_scripted_words_come_at_their_times() -> None:
    node = CommandSource(CommandConfig(script=(Said(2.0, "stop"), Said(1.0, "follow me"))), default_rng(0))
    assert said(node, 0.95) == []
    assert said(node, 1.0) == ["follow me"]
    assert said(node, 3.0) == ["stop"]
    assert topics.COMMAND_TEXT in node.outputs
