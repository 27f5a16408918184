"""`launch understand`, `launch teach`, `launch bench voice`: what was asked, phrases of one's own, and how well."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from launch.cli.bench_rows import Baseline, Engine, How, Jobs, Out, Update, run_rows
from launch.errors import CallError, one_of
from launch.spec import PERCEPTIONS

if TYPE_CHECKING:
    from policies.language.listener import Listener

Book = Annotated[Path | None, typer.Option("--phrasebook", help="File of taught phrases; else the user's own.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("understand")(understand)
    app.command("teach")(teach)


def understand(
    text: Annotated[str | None, typer.Argument(help="What was said.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One text a line on stdin.")] = False,
    wav: Annotated[Path | None, typer.Option(help="A recording of what was said.")] = None,
    phrasebook: Book = None,
) -> None:
    """What a sentence asks of the robot: actions, confidence and reply, as one line of JSON per text."""
    if sum((text is not None, jsonl, wav is not None)) != 1:
        raise CallError("give one TEXT, or --jsonl and texts on stdin, or --wav FILE")
    heard = None if wav is None else _heard(wav)
    listener = _listener(phrasebook)
    listener.understand("warm up")
    if heard is not None:
        print(json.dumps(listener.understand_heard(heard).as_json(), ensure_ascii=True), flush=True)
        return
    for line in _lines() if jsonl else [text or ""]:
        print(json.dumps(listener.understand(line).as_json(), ensure_ascii=True), flush=True)


def teach(
    phrase: Annotated[str | None, typer.Argument(help="The phrase, for instance 'party mode'.")] = None,
    means: Annotated[str | None, typer.Option(help="What it stands for, in plain commands.")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Forget the phrase.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Print all phrases.")] = False,
    phrasebook: Book = None,
) -> None:
    """Teach a phrase of your own: launch teach "party mode" --means "turn on the lights then dance"."""
    from policies.language.teach import TeachError

    if sum((listed, forget, means is not None)) != 1 or (phrase is None) is not listed:
        raise CallError("teach wants PHRASE --means TEXT, PHRASE --forget, or --list")
    listener = _listener(phrasebook)
    try:
        if listed:
            for taught in listener.phrasebook.all():
                print(f"{taught.phrase}: {taught.means}")
        elif forget:
            if not listener.phrasebook.forget(phrase or ""):
                raise CallError(f"teach: there is no phrase '{phrase}' to forget (launch teach --list)")
        else:
            taught = listener.teach(phrase or "", means or "")
            print(f"'{taught.phrase}' now means: {taught.means}")
    except TeachError as error:
        raise CallError(f"teach: {error}") from error


def bench(
    suite: Annotated[
        str,
        typer.Argument(help="tasks: in homes; display: on a desk; hearing: said aloud; or a FILE of sentences."),
    ] = "",
    full: Annotated[Path | None, typer.Option("--float", help="The float32 model, to measure beside.")] = None,
    seeds: Annotated[int | None, typer.Option(help="Of the tasks, so many; of hearing, sentences a voice.")] = None,
    first_seed: Annotated[int, typer.Option(help="The first task; the seed of hearing.")] = 0,
    perception: Annotated[str, typer.Option(help="Of the tasks: pixels or emulated.")] = "emulated",
    jobs: Jobs = 2,
    engine: Engine = "local",
    baseline: Baseline = None,
    update_baseline: Update = False,
    out: Out = None,
) -> int:
    """Understanding: ours beside a plain intent classifier and keywords; the constitution; speed and memory."""
    if suite in ("tasks", "display"):
        from launch.bench import voice_display, voice_tasks
        from launch.bench.bars import judge
        from launch.bench.spoken_tasks import BARS

        level = one_of("--perception", perception, PERCEPTIONS)
        summary = {"bench": "voice", "suite": suite, "perception": perception}
        how = How(jobs, engine, baseline, update_baseline, out)
        if suite == "display":
            spoken_to = voice_display.episodes(first_seed, seeds, level)
            return run_rows(voice_display.run_episode, spoken_to, summary, lambda rows: judge(rows, BARS), how)
        chosen = voice_tasks.episodes(first_seed, seeds, level)
        return run_rows(voice_tasks.run_episode, chosen, summary, lambda rows: judge(rows, BARS), how)
    from launch.bench import voice as measure
    from launch.bench.seeds import seed_range
    from launch.folder import run_folder

    if suite == "hearing":
        seed_range(sentences := 20 if seeds is None else seeds, first_seed)
        return _hearing(sentences, first_seed, run_folder(out, "bench-hearing"))
    file = Path(suite) if suite else None
    for path in (file, full):
        if path is not None and not path.is_file():
            raise CallError(f"{path}: there is no such file")
    try:
        spoken = measure.spoken(file)
    except (ValueError, KeyError, TypeError) as error:
        raise CallError(f"{suite}: {error}") from error
    if full is not None:
        try:
            measure.check(full)
        except ValueError as error:
            raise CallError(f"--float {full}: {error}") from error
    measure.run(spoken, full, run_folder(out, "bench-voice"))
    return 0


def _hearing(sentences: int, seed: int, folder: Path) -> int:
    from launch.bench import hearing
    from robot.voice.speaker import SpeechError

    try:
        hearing.run(sentences, seed, folder)
    except SpeechError as error:
        raise CallError(f"bench voice hearing: {error}") from error
    return 0


def _heard(wav: Path) -> tuple[str, ...]:
    from robot.voice.recogniser import Recogniser
    from robot.voice.recording import RecordingError, read_wav

    try:
        return Recogniser().alternatives(read_wav(wav)) or ("",)
    except RecordingError as error:
        raise CallError(str(error)) from error


def _lines() -> list[str]:
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    return [line.rstrip("\r") for line in text.split("\n")[: -1 if text.endswith("\n") else None]] if text else []


def _listener(phrasebook: Path | None) -> Listener:
    from policies.language.listener import Listener
    from policies.language.teach import TeachError, users_own

    try:
        return Listener(phrasebook or users_own())
    except TeachError as error:
        raise CallError(str(error)) from error
