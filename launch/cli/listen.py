"""`launch listen`: hear people through a microphone or a recording, show what was understood, tell a running robot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from launch.errors import CallError

if TYPE_CHECKING:
    from policies.language.model import Understanding
    from robot.voice.recording import Samples


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("listen")(listen)


def listen(
    wav: Annotated[Path | None, typer.Option(help="A recording instead of the microphone.")] = None,
    device: Annotated[str, typer.Option(help="Name or number of the microphone.")] = "",
    wake: Annotated[str, typer.Option(help="What the robot is called; empty: no name is needed.")] = "housemate",
    tell: Annotated[bool, typer.Option("--tell", help="Hand what is heard to the robot that runs.")] = False,
    speak: Annotated[bool, typer.Option("--speak", help="Say replies aloud (espeak-ng or flite).")] = False,
) -> int:
    """Listen: "housemate, go to the kitchen"; "stop" needs no wake word. One line of JSON per phrase."""
    from policies.language.listener import Listener
    from policies.language.teach import users_own
    from robot.voice.ear import Ear, EarConfig
    from robot.voice.mailbox import running, runtime_folder, send
    from robot.voice.pronouncing import pronounced

    known = frozenset(pronounced())
    unknown = [word for word in wake.split() if word not in known]
    if unknown:
        raise CallError(f"listen: I cannot pronounce '{unknown[0]}', so I could not hear it; take another wake word")
    robots = running(runtime_folder()) if tell else []
    if tell and not robots:
        raise CallError("listen: no robot is running that listens. Start one: launch sim home")
    pieces = _pieces(wav, device)
    ear, listener = Ear(EarConfig(wake_word=wake)), Listener(users_own())
    for piece in pieces:
        for heard in ear.hear(piece) if len(piece) else ear.close():
            if heard.kind == "called":
                print(json.dumps({"heard_s": round(heard.end_s, 2), "called": wake}), flush=True)
                continue
            understood = listener.understand_heard(heard.readings)
            if tell:
                send(understood.text, robots[-1])
            print(json.dumps({"heard_s": round(heard.end_s, 2), **understood.as_json()}), flush=True)
            if speak and heard.kind != "stop":
                _say(understood)
    return 0


def _pieces(wav: Path | None, device: str) -> Iterator[Samples]:
    """Return the sound in pieces; an empty one is its end. Raises CallError where there is nothing to listen to."""
    from robot.voice.microphone import Microphone, MicrophoneError
    from robot.voice.recording import RATE_HZ, RecordingError, read_wav

    try:
        if wav is not None:
            sound = read_wav(wav)
            return iter([*(sound[i : i + RATE_HZ] for i in range(0, len(sound), RATE_HZ)), sound[:0]])
        return _live(Microphone(device))
    except (RecordingError, MicrophoneError) as error:
        raise CallError(f"listen: {error}") from error


def _live(microphone: object) -> Iterator[Samples]:
    from robot.voice.microphone import Microphone

    assert isinstance(microphone, Microphone)
    try:
        while True:
            piece = microphone.sound(wait_s=0.5)
            if len(piece):
                yield piece
    finally:
        microphone.close()


def _say(understood: Understanding) -> None:
    """Say the reply aloud where this machine can; it was printed in any case."""
    from robot.voice.speaker import SpeechError, own_voice, play, speech

    voice = own_voice()
    if voice is None:
        raise CallError("listen: to speak, espeak-ng or flite has to be installed (apt-get install espeak-ng)")
    try:
        play(speech(understood.reply, voice))
    except SpeechError as error:
        raise CallError(f"listen: {error}") from error
