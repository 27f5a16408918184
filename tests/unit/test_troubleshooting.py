"""docs/troubleshooting.md quotes what the program really says: by making it say so, or word for word in its source."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pages_text import ROOT

from launch.cli import call

PAGE = ROOT / "docs" / "troubleshooting.md"
QUOTED = re.compile(r"``(.+?)``|`([^`]+)`")
SOURCES = ("launch", "robot", "firmware_bridge", "policies", "sim", "worlds", "tools", "tests")
OF_OTHERS = ("ImportError: libGL.so.1",)  # said by a library's loader
FAST = ["--runner", "lockstep", "--perception", "emulated", "--fast", "--duration", "0.2", "--no-video"]
VARYING = "…"


def quoted() -> list[str]:
    """Return what stands in the page's first column as said."""
    rows = [line.split(" | ")[0] for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [first or second for row in rows for first, second in QUOTED.findall(row)]


@cache
def source() -> str:
    """Return the program's text with joined strings, and a mark where a value is put in."""
    files = [path for room in SOURCES for path in sorted((ROOT / room).rglob("*.py"))]
    files += [ROOT / "Makefile", *sorted((ROOT / "tools").glob("*.sh")), *sorted((ROOT / "launch").rglob("*.js"))]
    text = "\n".join(path.read_text() for path in files if path.name != Path(__file__).name)
    joined = re.sub(r"\"\s*\n?\s*f?\"", "", text)
    return re.sub(r"\{[^{}\n]*\}|%[ds.\d]*|\$\{[^}]*\}", VARYING, joined).replace("\\n", "")


def said_by(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return everything that a call says."""
    call(arguments)
    told = capsys.readouterr()
    return told.err + told.out


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[object]:
    """Return what makes the program say a line of the page, for those that a call can make it say."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = str(taken.getsockname()[1])
    calls = {
        "launch: unknown profile": ["sim", "folow_me"],
        "launch: unknown key in --set": ["sim", "follow_me", *FAST, "--set", "follower.standof_m=1.7"],
        "launch: --out": ["sim", "follow_me", *FAST, "--out", str(tmp_path / "full")],
        "launch: --port … at": ["sim", "follow_me", *FAST, "--dashboard", "--port", port],
        "launch: say:": ["say", "hello"],
        "launch: --port emulated:uno:": ["hw", "tabletop", "--port", "emulated:uno", "--camera", film(tmp_path)],
    }

    def say(line: str) -> str | None:
        if line.startswith("launch: --port emulated"):
            monkeypatch.setattr("firmware_bridge.emulator.library.built.__defaults__", (tmp_path,))
        found = next((arguments for start, arguments in calls.items() if line.startswith(start)), None)
        return None if found is None else said_by(found, capsys)

    yield say
    taken.close()


def film(folder: Path) -> str:
    """Return a picture, which is a video of one frame."""
    import cv2
    import numpy as np

    cv2.imwrite(str(folder / "frame.png"), np.zeros((48, 64, 3), np.uint8))
    return str(folder / "frame.png")


@pytest.mark.parametrize("line", quoted())
def test_it_is_what_the_program_says(line: str, made: Callable[[str], str | None]) -> None:
    if line.startswith(OF_OTHERS):
        return
    said = made(line)
    pattern = ".*".join(re.escape(part) for part in line.strip(f" {VARYING}").split(VARYING))
    if said is None:
        assert re.search(pattern, source()), f"nothing in the program says: {line}"
    else:
        assert re.search(pattern, said), said


def test_the_page_quotes_enough() -> None:
    assert len(quoted()) > 15
