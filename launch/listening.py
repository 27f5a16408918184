"""The rows of a robot that is spoken to: words written, scripted or heard, and what they are understood as."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from launch.errors import CallError
from launch.spec import ProfileRow, RunSpec, both, row
from policies.language.node import LanguageConfig
from policies.language.teach import users_own
from robot.voice.commands import CommandConfig
from robot.voice.microphone import Microphone
from robot.voice.recording import read_wav


def listens(run: RunSpec) -> bool:
    """Whether a display is spoken to."""
    return run.devices.listens


def spoken_to(run: RunSpec) -> bool:
    """Whether somebody speaks aloud: a recording (`--set voice.wav=FILE`) or a microphone (`--set voice.device=0`).

    Raises:
        RecordingError, MicrophoneError: there is no such thing to listen to.
    """
    given = dict(override.split("=", 1) for override in run.overrides if override.startswith("voice."))
    if "voice.wav" in given:
        read_wav(Path(given["voice.wav"]))
    elif given:
        Microphone(given.get("voice.device", "")).close()
    return bool(given)


def mailbox(run: RunSpec) -> CommandConfig:
    """`launch say` reaches it."""
    return CommandConfig(listen=True, name=run.profile.removeprefix("hw_"))


def phrasebook(run: RunSpec) -> LanguageConfig:
    """What the user has taught is understood."""
    return LanguageConfig(phrasebook=str(users_own()))


def checked_listen(profile: str, listen: bool) -> bool:
    """Return whether a display shall be spoken to. Raises CallError where a profile leaves no choice."""
    if profile == "tabletop":
        return listen
    if not listen:
        raise CallError(f"--no-listen: {profile} is as it is; there is: tabletop")
    return False


def where_listening(always: ProfileRow) -> ProfileRow:
    """Return a row that is only there where a display is spoken to."""
    return replace(always, when=both(listens, always.when))


COMMANDS = row("commands", "robot.voice.commands:CommandSource", config=mailbox)
VOICE = row("voice", "robot.voice.voice_source:VoiceSource", when=spoken_to)
LANGUAGE = row("language", "policies.language.node:LanguageNode", config=phrasebook)
