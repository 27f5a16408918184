"""The pages say what is: made parts are current, links lead somewhere, commands exist, examples run as written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pages_text import ROOT, anchors, blocks, commands, links, pages
from typer.exceptions import TyperException

from launch.cli import app, call
from tools.pages import pages as made_pages

HOWTOS = sorted((ROOT / "docs" / "howto").glob("*.md"))
WITH_COMMANDS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BRIEF = ["--duration", "1", "--perception", "emulated", "--runner", "lockstep", "--fast", "--no-video", "--port", "0"]
NOT_RUN = {"bench", "track", "hw", "view", "say", "ports", "flash", "calibrate", "teach"}
"""Only their words and options are checked here: they need minutes, a device or a video; others test them."""


def test_what_is_made_from_the_code_is_current() -> None:
    for path, text in made_pages().items():
        assert path.read_text() == text, f"{path.name} is not current; run: python -m tools.pages"


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text()
    for target in links(text):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), f"{page.relative_to(ROOT)} links to {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there.read_text()), f"{page.relative_to(ROOT)} links to {target}"


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_on_a_page_is_one(page: Path) -> None:
    root = typer.main.get_command(app)
    for words in commands(page.read_text()):
        command, arguments, name = root, words[1:], "launch"
        try:
            while arguments and hasattr(command, "commands") and not arguments[0].startswith("-"):
                name, command = f"{name} {arguments[0]}", command.commands[arguments[0]]
                arguments = arguments[1:]
            if not hasattr(command, "commands"):
                command.make_context(name, list(arguments), resilient_parsing=False)
        except (KeyError, TyperException) as error:
            pytest.fail(f"{page.name}: `{' '.join(words)}`: {error}")


@pytest.fixture
def short_folder() -> Iterator[str]:
    """Return a folder for sockets, whose paths must be short."""
    with tempfile.TemporaryDirectory(prefix="hm-") as folder:
        yield folder


def test_the_commands_of_the_readme_run(tmp_path: Path, short_folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", short_folder)
    monkeypatch.setattr(sys, "path", [*sys.path])
    ran = [words for words in commands((ROOT / "README.md").read_text()) if [*words, ""][1] not in NOT_RUN]
    assert len(ran) > 5
    for number, words in enumerate(sorted(ran, key=lambda words: "replay" in words)):
        arguments = [str(tmp_path / "0") if word == "FOLDER" else word for word in words[1:]]
        if arguments[:1] == ["sim"]:
            arguments = [word for word in arguments if word not in ("--dashboard", "--foxglove", "--gui")]
            arguments += [*BRIEF, "--out", str(tmp_path / str(folder_number(tmp_path)))]
        assert call(arguments) in ((0, 1) if "replay" in arguments else (0,)), f"{number}: launch {' '.join(arguments)}"


def folder_number(parent: Path) -> int:
    """Return the first number that no folder is called."""
    return next(number for number in range(100) if not (parent / str(number)).exists())


@pytest.mark.parametrize("page", HOWTOS, ids=lambda path: path.stem)
def test_a_how_to_does_what_it_says_as_written(page: Path, tmp_path: Path) -> None:
    shell = dict(os.environ, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    shell.pop("PYTEST_ADDOPTS", None)
    tried = 0
    for block in blocks(page.read_text()):
        kind, _, name = block.info.partition(" ")
        if kind in ("python", "yaml") and name:
            (tmp_path / name).write_text(block.body)
        elif kind == "sh":
            done = subprocess.run(
                ["bash", "-e", "-c", block.body], cwd=tmp_path, env=shell, capture_output=True, text=True, check=False
            )
            code, _, said = name.removeprefix("exit ").partition(": ")
            output = f"$ {block.body}{done.stdout}{done.stderr}"
            assert done.returncode == int(code or 0), output
            assert said in done.stderr, output
            tried += 1
    assert tried > 0
