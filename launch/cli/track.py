"""`launch track VIDEO`: faces of a video or a camera, and the lock on one of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from launch.errors import CallError

if TYPE_CHECKING:
    from launch.track.sinks import Sink
    from launch.track.source import FrameSource
    from robot.perception.faces.lock import Choice

LINES, FILM = (".jsonl", ".json", ".ndjson"), (".mp4",)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("track")(track)


def track(
    video: Annotated[str, typer.Argument(help="A video or picture file, or the number of a camera.")],
    lock: Annotated[str, typer.Option(help="largest, X,Y (pixels), or words: 'the person on the left'.")] = "largest",
    out: Annotated[list[Path] | None, typer.Option(help="FILE.jsonl or FILE.mp4; may be given twice.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Open a window.")] = False,
) -> int:
    """Faces of a video or a camera: who is where, which way heads point, nods, and a lock on one person."""
    _check_outs(out or [])
    wanted = _choice(lock)
    from launch.track.session import track as run
    from launch.track.source import FrameSource

    with FrameSource(video) as source:
        if wanted.mode == "point" and not (0 <= wanted.x < source.width and 0 <= wanted.y < source.height):
            raise CallError(f"--lock {lock}: is outside the picture, which is {source.width} x {source.height} px")
        tally = run(source, wanted, _sinks(source, video, out or [], show))
    told = f"{tally.frames} frames, faces in {tally.with_faces}, {tally.people} people, {tally.gestures} gestures"
    if tally.with_faces and not tally.locked:
        told += f"; nobody was ever at --lock {lock}"
    if not source.is_camera and tally.frames < 0.9 * source.expected:
        told += f"; the file promises {source.expected} frames and ends after {tally.frames}"
    typer.echo(told, err=True)
    return 0


def _choice(lock: str) -> Choice:
    from robot.perception.faces.lock import Choice, understood

    if lock == "largest":
        return Choice("largest")
    number = r"\s*(\d+(?:\.\d*)?)\s*"
    if point := re.fullmatch(f"{number},{number}", lock):
        return Choice("point", x=float(point[1]), y=float(point[2]))
    if understood(lock):
        return Choice("words", words=lock)
    raise CallError(f"--lock {lock}: must be 'largest', X,Y in pixels (for instance 320,180), or words that say who")


def _check_outs(outs: list[Path]) -> None:
    for path in outs:
        if path.suffix.lower() not in LINES + FILM:
            raise CallError(f"--out {path}: must end in .jsonl (lines) or .mp4 (film)")
        if path.is_dir() or not path.parent.is_dir():
            raise CallError(f"--out {path}: must be a file in a folder that exists")


def _sinks(source: FrameSource, video: str, outs: list[Path], show: bool) -> list[Sink]:
    from launch.track.sinks import Lines, OverlayFilm, Window
    from robot.perception.faces.camera import Intrinsics

    camera = Intrinsics.guess(source.width, source.height)
    sinks: list[Sink] = [Window(f"launch track {video}", camera)] if show else []
    for path in outs:
        try:
            lines = path.suffix.lower() in LINES
            sinks.append(Lines(path) if lines else OverlayFilm(path, source.width, source.height, camera))
        except OSError as error:
            raise CallError(f"--out {path}: cannot be written ({error.strerror})") from error
    return sinks if outs or show else [*sinks, Lines(None)]
