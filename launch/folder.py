"""Where a run's files go: a folder of its own, never one that holds somebody else's."""

from __future__ import annotations

from pathlib import Path

from launch.errors import CallError


def run_folder(out: Path | None, stem: str) -> Path:
    """Return an empty, existing folder: `out`, or the next free `runs/STEM[-N]`.

    Raises:
        CallError: `out` is a file, is not empty, or cannot be made.
    """
    if out is None:
        out = _next_free(Path("runs"), stem)
    if out.is_file():
        raise CallError(f"--out {out}: is a file; name a folder")
    if out.is_dir() and any(out.iterdir()):
        raise CallError(f"--out {out}: is in use (not empty); name another folder or remove it")
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "summary.json").touch()
        (out / "summary.json").unlink()
    except OSError as error:
        raise CallError(f"--out {out}: cannot be written ({error.strerror}); name another folder") from error
    return out


def _next_free(parent: Path, stem: str) -> Path:
    number = 1
    while (folder := parent / (stem if number == 1 else f"{stem}-{number}")).exists():
        number += 1
    return folder
